Feature: Compensation
  Personio leads on pay from the compensation start date on, what lies ahead included; nothing from before it is
  touched. Loket keeps wages in chains, so what comes before later wages is rebuilt as one unit.

  @rule:PAY-1
  Rule: PAY-1 Fixed and hourly salary, recurring and one-time compensations are supported

    Source: "Loket integration: Sync compensation data"

    Scenario: A fixed salary reaches a final employee
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And the result shows Sanne as updated under EDIT-1
      And the history shows that her wage from 1 February 2026 was filled with 3,000.00

    Scenario: An hourly salary is sent by the hour
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 25.50 an hour for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 25.50 an hour

    Scenario: A second run with nothing changed writes no pay
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 March 2026
      And Sanne receives "Bonus" of 250.00 once on 10 May 2026
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And nothing was written to Loket

  @rule:PAY-2
  Rule: PAY-2 Each legal entity has a compensation start date and its own choice of compensation types

    Source: "Loket integration: Sync compensation data"

    Scenario: An entity without a compensation start date sends no pay of final employees
      Given Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And Sanne's wages in Loket from 1 January 2020 on are none

    Scenario: An enabled compensation type without a payroll component blocks the run
      Given pay is synced from 1 January 2026
      And the compensation types FIXED_SALARY, RECURRING are enabled
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of 45.50 a month from 1 March 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of COMPENSATION_NOT_MAPPED
      And nothing was written to Loket

    Scenario: A type that is disabled later leaves what is in Loket
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of 45.50 a month from 1 March 2026
      And the sync ran on 15 March 2026
      And the compensation types FIXED_SALARY are enabled
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 March 2026

    Scenario: An earlier start date waits until someone confirms it
      Given pay is synced from 1 March 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And pay is synced from 1 January 2026
      When the sync runs on 16 March 2026
      Then the run is refused because of PAY-2
      And Sanne's wages in Loket from 1 January 2020 on are none

    Scenario: A confirmed earlier start date widens what is sent
      Given pay is synced from 1 March 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And pay is synced from 1 January 2026
      And the sync ran with trouble on 16 March 2026
      When Anna confirms that plan and runs the sync on 16 March 2026
      Then the run is completed
      And Sanne's wages in Loket from 1 January 2020 on are 3,000.00 from 1 February 2026

  @rule:PAY-3
  Rule: PAY-3 From the compensation start date on, Loket is made equal to Personio, future pay included

    Source: "Loket integration: Sync compensation data"

    Scenario: Next month's salary is sent today although next month's street is not
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 1 April 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 April 2026
      And her street in Loket is as it was

    Scenario: A retroactive salary from after the start date is sent with its own date
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 31 December 2025, 3,000.00 from 1 January 2026

    Scenario: A wage that someone added in Loket is told where Personio's salary is from before the start date
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 3,000.00 from 1 January 2025
      And her wage in Loket is 3,900.00 from 1 May 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 January 2025
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And her result names PAY_ONLY_IN_LOKET

    Scenario: A wage in Loket that Personio does not have is left alone where Personio has no salary from the start date on
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And "Bonus" is mapped to payroll component 372 as one-time
      And her value of component 372 in Loket for March 2026 is 99.00
      And Sanne receives "Bonus" of 250.00 once on 10 May 2026
      When the sync runs on 15 March 2026
      Then Sanne's value of component 372 in Loket for March 2026 is 99.00
      And Sanne's value of component 372 in Loket for May 2026 is 250.00
      And her result names PAY_ONLY_IN_LOKET

    Scenario: A wage that someone added before Personio's first salary stays, and is told
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,900.00 from 1 February 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 2,900.00 from 1 February 2026 until 31 March 2026, 3,000.00 from 1 April 2026
      And her result names PAY_ONLY_IN_LOKET

    Scenario: A raise that was withdrawn is not paid
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 1 January 2025
      And Sanne's raise to 3,300.00 a month is planned for 1 April 2026
      And the sync ran on 15 March 2026
      And Sanne's salary disappears from Personio
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025
      And her result names PAY_WITHDRAWN

    Scenario: A raise whose start is corrected to before the start date stays in Loket
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 1 January 2025
      And Sanne's raise to 3,300.00 a month is planned for 1 April 2026
      And the sync ran on 15 March 2026
      And Sanne's salary disappears from Personio
      And Sanne earns 3,300.00 a month for 40 of 40 hours with effect from 15 December 2025
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 31 March 2026, 3,300.00 from 1 April 2026
      And her result names PAY_DIFFERS_AT_START_DATE
      And her result does not name PAY_WITHDRAWN

    Scenario: A raise that is corrected in start and amount is put right in its own place
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 1 January 2025
      And Sanne's raise to 3,300.00 a month is planned for 1 April 2026
      And the sync ran on 15 March 2026
      And Sanne's salary disappears from Personio
      And Sanne earns 3,100.00 a month for 40 of 40 hours with effect from 15 December 2025
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 31 March 2026, 3,100.00 from 1 April 2026
      And her result names PAY_DIFFERS_AT_START_DATE

    Scenario: A raise that someone else typed is not withdrawn by us
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,300.00 from 1 April 2026
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 1 January 2025
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And her result names PAY_ONLY_IN_LOKET
      And her result does not name PAY_WITHDRAWN

    Scenario: Two salaries from one day are a finding, and neither is chosen
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne earns 25.50 an hour for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of PAY_AMBIGUOUS
      And nothing was written to Loket

    Scenario: Two salaries from two days follow one another
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne earns 25.50 an hour for 40 of 40 hours with effect from 2 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 3,000.00
      And Sanne's wage in Loket from 2 February 2026 is 25.50 an hour

    Scenario: Of two salaries of different types that both go on neither is chosen
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne also earns "Thirteenth month" of 250.00 a month from 1 March 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of PAY_AMBIGUOUS
      And nothing was written to Loket

    Scenario: A salary that ends while an earlier one goes on is never the wage
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne also earns "Thirteenth month" of 250.00 a month from 1 March 2026
      And Sanne also earns "Thirteenth month" of 0.00 a month from 1 May 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And her result names SALARY_BESIDE_ANOTHER

    Scenario: Two salaries of a new hire from one day are a finding as well
      Given Daan is in Personio only
      And Daan earns 3,000.00 a month for 40 of 40 hours
      And Daan earns 25.50 an hour for 40 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is blocked because of PAY_AMBIGUOUS
      And Loket has no concept employees

    Scenario: In an employment that began after the start date, the salary starts with the employment
      Given pay is synced from 1 January 2023
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 June 2023
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2020 on are 3,000.00 from 1 January 2024

  @rule:PAY-4
  Rule: PAY-4 Salary records from before the compensation start date stay as they are

    Source: "Loket integration: Sync compensation data"

    Scenario: A salary from the day before the start date is not sent, and a difference is told
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 31 December 2025
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025
      And her result names PAY_DIFFERS_AT_START_DATE

    Scenario: A salary from before the start date that Loket has as well needs no word
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 31 December 2025
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And her result does not name PAY_DIFFERS_AT_START_DATE

    Scenario: A salary from the start date itself is sent
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2020 on are 3,000.00 from 1 January 2026

    Scenario: A salary from the day after the start date is sent
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 2 January 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2020 on are 3,000.00 from 2 January 2026

  @rule:PAY-5
  Rule: PAY-5 Mapped compensation is kept in Personio; the next run overwrites what was edited in Loket

    Source: "Loket integration: Sync compensation data"

    Scenario: A wage typed over in Loket is overwritten by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And the result shows Sanne as updated under EDIT-1

    Scenario: A newer wage added in Loket is deleted where Personio leads the chain
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage in Loket is 3,900.00 from 1 May 2026
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026

  @rule:PAY-6
  Rule: PAY-6 Base salary goes to concept and final employees, other pay to final employees only

    Source: "Manage new joiners"

    Scenario: A concept employee receives the salary and nothing else
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Daan is in Personio only
      And Daan earns 3,200.00 a month for 40 of 40 hours
      And Daan receives "Phone allowance" of 45.50 a month from 1 January 2026
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 3,200.00
      And his result says that pay was withheld

    Scenario: A final employee receives recurring and one-time pay
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of 45.50 a month from 1 March 2026
      And Sanne receives "Bonus" of 250.00 once on 10 May 2026
      When the sync runs on 15 March 2026
      Then Sanne's payments of component 284 in Loket are 45.50 from 1 March 2026
      And Sanne's value of component 372 in Loket for May 2026 is 250.00
      And her result names PAY-6

  @rule:PAY-7
  Rule: PAY-7 Salary is a wage record, recurring pay a benefit or deduction, one-time pay a period value

    Source: "Loket API documentation"

    Scenario: Two one-time payments in one period are added up
      Given pay is synced from 1 January 2026
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And her value of component 380 in Loket for May 2026 is 8.00
      And Sanne receives "Bonus" of 250.00 once on 1 May 2026
      And Sanne receives "Bonus" of 100.25 once on 31 May 2026
      When the sync runs on 15 March 2026
      Then Sanne's value of component 372 in Loket for May 2026 is 350.25
      And Sanne's value of component 372 in Loket for June 2026 is none
      And Sanne's value of component 380 in Loket for May 2026 is 8.00
      And the history keeps that 350.25 is 250.00 and 100.25 added up

    Scenario: A raised allowance closes the earlier record the day before
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 20.00 from 1 June 2025
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And Sanne receives "Phone allowance" of 50.00 a month from 1 July 2026
      When the sync runs on 15 March 2026
      Then Sanne's payments of component 284 in Loket are 20.00 from 1 June 2025 until 31 January 2026, 45.50 from 1 February 2026 until 30 June 2026, 50.00 from 1 July 2026

    Scenario: A negative amount goes to a component for deductions only
      Given pay is synced from 1 January 2026
      And "Lease car" is mapped to payroll component 310 as deduction
      And Sanne is employed in both systems
      And Sanne receives "Lease car" of -120.00 a month from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's payments of component 310 in Loket are 120.00 from 1 February 2026

    Scenario: A negative amount of any other type is a finding
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of -45.50 a month from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_RANGE

  @rule:PAY-8
  Rule: PAY-8 Dated wage records are changed in the ways their chain allows

    Source: "Loket API documentation"

    Scenario: A salary after the newest wage is appended
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2026
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 1 January 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      When the sync runs on 15 March 2026
      Then Loket received one write about Sanne
      And Sanne's wages in Loket from 1 January 2026 on are 2,800.00 from 1 January 2026 until 28 February 2026, 3,000.00 from 1 March 2026

    Scenario: A raise ends nothing else that payroll has entered with the wage
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2026 with employer costs 55.50
      And Sanne earns 2,800.00 a month for 40 of 40 hours with effect from 1 January 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 2,800.00 from 1 January 2026 until 28 February 2026, 3,000.00 from 1 March 2026
      And Sanne's wage of 1 March 2026 in Loket still has employer costs of 55.50

    Scenario: A salary on the first day of a wage changes that wage in place
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 March 2026 with employer costs 55.50
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      When the sync runs on 15 March 2026
      Then Loket received one write about Sanne
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 March 2026
      And Sanne's wage of 1 March 2026 in Loket still has employer costs of 55.50

    Scenario: The plan shows every step of a rebuild
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the plan is made on 15 March 2026
      Then the plan shows 4 writes of pay for Sanne
      And nothing was written to Loket

    @postgres
    Scenario: A salary before later wages rebuilds them as one unit
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the sync runs on 15 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And the history shows the rebuild as one unit of 4 steps, complete

    Scenario: A rebuild that was cut off before step 1 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies before its write number 1
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario: A rebuild that was cut off after step 1 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies after its write number 1
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario: A rebuild that was cut off before step 2 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies before its write number 2
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    @postgres
    Scenario: A rebuild that was cut off after step 2 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies after its write number 2
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario: A rebuild that was cut off before step 3 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies before its write number 3
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario: A rebuild that was cut off after step 3 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies after its write number 3
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario: A rebuild that was cut off before step 4 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies before its write number 4
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario Outline: A rebuild that was cut off is not taken for finished where Loket does not show the wages
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies before its write number 4
      And <trouble>
      And the sync ran with trouble on 16 March 2026
      And Loket shows us every field again
      And Loket shows us everyone again
      When the sync runs on 17 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome

      Examples:
        | trouble                                             |
        | Loket does not show us anyone's wage                |
        | Loket's list of each person's pay is empty for us   |

    Scenario: A rebuild that was cut off after step 4 is finished by the next run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And the sync on 15 March 2026 dies after its write number 4
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And every intended write in the history has one final outcome
      And the history shows that the rebuild was finished in the end

    Scenario: A rebuild that Loket refuses halfway says how far it came, and the next run finishes it
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,800.00 from 1 January 2025
      And her wage in Loket is 3,100.00 from 1 April 2026 with employer costs 55.50
      And her wage in Loket is 3,300.00 from 1 June 2026
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Sanne earns 3,150.00 a month for 40 of 40 hours with effect from 1 April 2026
      And Loket refuses the next write
      And the sync ran with trouble on 15 March 2026
      When the sync runs on 16 March 2026
      Then Sanne's wages in Loket from 1 January 2025 on are 2,800.00 from 1 January 2025 until 28 February 2026, 3,000.00 from 1 March 2026 until 31 March 2026, 3,150.00 from 1 April 2026
      And Sanne's wage of 1 April 2026 in Loket still has employer costs of 55.50
      And the history shows that the first try of the rebuild stopped after 0 of its 4 steps, at the one refused

  @rule:PAY-9
  Rule: PAY-9 Loket's wage is the full-time one, and which amount Personio shows is said, never guessed

    Source: "Loket API documentation"

    Scenario: A part-timer's own salary is sent as the full-time wage, with the hours on record
      Given pay is synced from 1 January 2026
      And amounts in Personio are taken for the part-time ones
      And Personio shows what part-timers earn themselves
      And Sanne is employed in both systems
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And the history keeps the hours used: 20 of 40
      And the history keeps that the amount was taken for the part-time one

    Scenario: A full-time amount is sent as it is, and not scaled a second time
      Given pay is synced from 1 January 2026
      And amounts in Personio are taken for the full-time ones
      And Sanne is employed in both systems
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And the history keeps that the amount was taken for the full-time one

    Scenario: A full-time amount needs no hours
      Given pay is synced from 1 January 2026
      And amounts in Personio are taken for the full-time ones
      And Sanne is employed in both systems
      And Sanne earns 2,400.00 a month for an unknown number of hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00

    Scenario: A full-timer's salary is sent as it is, whatever amounts Personio shows
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 2,400.00 a month for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And the history keeps that the amount was taken for the undecided one

    Scenario: While nobody has said which amount Personio shows, a part-timer's new salary blocks the run
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,300.00 from 1 February 2026
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_BASIS_UNDECIDED
      And nothing was written to Loket

    Scenario: A part-timer without a wage in Loket is undecided as well
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_BASIS_UNDECIDED
      And nothing was written to Loket

    Scenario: A wage that equals the part-timer's own amount, scaled, needs no word and is a vote
      Given pay is synced from 1 January 2026
      And Personio shows what part-timers earn themselves
      And Sanne is employed in both systems
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket
      And the result counts 0 full-time and 1 part-time vote

    Scenario: A wage that equals the full-time amount needs no word and is a vote
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket
      And the result counts 1 full-time and 0 part-time votes

    Scenario: An older wage of the same amount is believed, and no record is added
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,400.00 from 1 January 2025
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket

    Scenario: A raise that would rebuild an undecided wage waits for the word
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And her wage in Loket is 2,400.00 from 1 March 2026
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 March 2026
      And Sanne earns 2,300.00 a month for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_BASIS_UNDECIDED
      And nothing was written to Loket

    Scenario: The plan counts the votes before anything is set
      Given pay is synced from 1 January 2026
      And Personio shows what part-timers earn themselves
      And Sanne is employed in both systems
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the plan is made on 15 March 2026
      Then the plan counts 0 full-time and 1 part-time vote

    Scenario: A concept employee's part-time salary is undecided, for what it holds is our own
      Given Daan is in Personio only
      And Daan earns 1,200.00 a month for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_BASIS_UNDECIDED
      And Loket has no concept employees

    Scenario: A concept employee takes a full-time amount as it is
      Given amounts in Personio are taken for the full-time ones
      And Daan is in Personio only
      And Daan earns 1,200.00 a month for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 2,400.00
      And the history keeps that the amount was taken for the full-time one

    Scenario: A wage that Loket does not scale by hours takes the person's own amount
      Given pay is synced from 1 January 2026
      And amounts in Personio are taken for the part-time ones
      And Personio shows what part-timers earn themselves
      And Sanne is employed in both systems
      And her wage in Loket that is not full-time is 1,100.00 from 1 February 2026
      And Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 1,200.00

    Scenario: Unknown hours are a finding, not a guess
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 1,200.00 a month for an unknown number of hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_NOT_CONVERTIBLE
      And nothing was written to Loket

  @rule:PAY-10
  Rule: PAY-10 Ended pay is closed or removed, and only on the evidence of complete reads

    Source: "Manage compensation"

    Scenario: An allowance that was set to zero is closed on the day before
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne receives "Phone allowance" of 0.00 a month from 11 May 2026
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026 until 10 May 2026

    Scenario: An allowance that vanished from Personio altogether is removed, for it was ours
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are none

    Scenario Outline: An allowance is not removed while pay of a category that nobody documents may be that allowance
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      And Sanne receives "Phone plan" of <amount> a month in a category of its own from <day>
      When the sync runs on 16 March 2026
      Then the run is blocked because of PAY_CATEGORY_UNKNOWN
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026

      Examples: from the same day, or of the same amount
        | amount | day             |
        | 60.00  | 1 February 2026 |
        | 45.50  | 1 December 2025 |

    Scenario: An allowance is removed beside pay of such a category that has neither its day nor its amount
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And Sanne receives "Share plan" of 60.00 a month in a category of its own from 1 December 2025
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are none

    Scenario: An allowance is not removed where HR gave its type another name
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And "Phone allowance" is called "Phone and internet" in Personio
      When the sync runs on 16 March 2026
      Then the run is blocked because of PAY_TYPE_RENAMED
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026

    Scenario: An allowance is removed where somebody else is paid under the old name of its type
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Lotte is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Lotte receives "Phone allowance" of 45.50 a month from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      And Sanne receives "Phone and internet" of 45.50 a month from 1 February 2026
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are none
      And Lotte's payments of component 284 in Loket are 45.50 from 1 February 2026

    Scenario: Another name changes nothing where the type is mapped by its id
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And "Phone allowance" is mapped by its id to payroll component 284 as recurring
      And the sync ran on 15 March 2026
      And "Phone allowance" is called "Phone and internet" in Personio
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026

    Scenario: Pay of a mapped component that was never ours is left alone
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 45.50 from 1 February 2026
      And Sanne receives "Bonus" of 250.00 once on 10 May 2026
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026
      And her result names PAY_ONLY_IN_LOKET

    Scenario: Pay that is missing from one reading only is not removed
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And the first reading of Personio misses that payment
      When the sync runs on 16 March 2026
      Then the run is refused because of RUN-7
      And nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026

    Scenario: An allowance from before the start date is given the last day that Personio tells
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 20.00 from 1 June 2025
      And Sanne receives "Phone allowance" of 25.00 a month from 1 June 2025
      And Sanne receives "Phone allowance" of 0.00 a month from 11 May 2026
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are 20.00 from 1 June 2025 until 10 May 2026
      And her result names PAY_DIFFERS_AT_START_DATE

    Scenario: An allowance from before the start date runs on when the raise that ended it is withdrawn
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 20.00 from 1 June 2025
      And Sanne receives "Phone allowance" of 20.00 a month from 1 June 2025
      And Sanne receives "Phone allowance" of 30.00 a month from 1 April 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      When the sync runs on 16 March 2026
      Then Sanne's payments of component 284 in Loket are 20.00 from 1 June 2025
      And her result names PAY_WITHDRAWN

    Scenario: An allowance whose start is corrected to before the start date is not taken away
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      And Sanne receives "Phone allowance" of 45.50 a month from 15 December 2025
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026
      And her result names PAY_DIFFERS_AT_START_DATE
      And her result does not name PAY_WITHDRAWN

    Scenario: A last day that payroll gave an allowance from before the start date stays, and is told
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 20.00 from 1 June 2025 until 28 February 2026
      And Sanne receives "Phone allowance" of 20.00 a month from 1 June 2025
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And her result names PAY_DIFFERS_AT_START_DATE

    Scenario: An allowance that Personio ended before the start date is told, and left alone
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 20.00 from 1 June 2025
      And Sanne receives "Phone allowance" of 20.00 a month from 1 June 2025
      And Sanne receives "Phone allowance" of 0.00 a month from 1 December 2025
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And her result names PAY_ONLY_IN_LOKET
      And an alert tells of pay that only Loket holds

    Scenario: An allowance that someone typed in Loket for somebody without any is told
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 284 in Loket are 45.50 from 1 February 2026
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And her result names PAY_ONLY_IN_LOKET
      And an alert tells of pay that only Loket holds

    Scenario: Pay on a component that is not mapped is nobody's business
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And her payments of component 300 in Loket are 45.50 from 1 February 2026
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And her result does not name PAY_ONLY_IN_LOKET
      And no alert tells of pay that only Loket holds

    Scenario: A bonus that vanished from Personio is taken out of its period
      Given pay is synced from 1 January 2026
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Bonus" of 250.00 once on 10 May 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      When the sync runs on 16 March 2026
      Then Sanne's value of component 372 in Loket for May 2026 is none

  @rule:PAY-11
  Rule: PAY-11 Amounts are converted to Loket's period in decimal arithmetic and rounded once

    Source: "our decision"

    Scenario: A yearly salary is sent per month, rounded once
      Given pay is synced from 1 January 2026
      And amounts in Personio are taken for the part-time ones
      And Personio shows what part-timers earn themselves
      And Sanne is employed in both systems
      And Sanne earns 40,000.00 a year for 36 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 3,703.70
      And the history keeps how the amount was rounded

    Scenario: A yearly allowance is sent per month
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne receives "Phone allowance" of 100.00 a year from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's payments of component 284 in Loket are 8.33 from 1 February 2026

    Scenario: Pay in another currency is a finding
      Given pay is synced from 1 January 2026
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And Sanne receives "Bonus" of 250.00 USD once on 10 May 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of AMOUNT_RANGE

  @rule:PAY-12
  Rule: PAY-12 Pay for a period already run is sent and marked

    Source: "our decision"

    Scenario: A bonus in a period that was already run is sent and marked
      Given pay is synced from 1 January 2026
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And the payroll of February 2026 has been run
      And Sanne receives "Bonus" of 250.00 once on 10 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's value of component 372 in Loket for February 2026 is 250.00
      And her result names PROCESSED_PERIOD_AFFECTED
      And the history marks payroll period 2026-02 as affected

    Scenario: A bonus in a period that is still open is not marked
      Given pay is synced from 1 January 2026
      And "Bonus" is mapped to payroll component 372 as one-time
      And Sanne is employed in both systems
      And the payroll of February 2026 has been run
      And Sanne receives "Bonus" of 250.00 once on 1 March 2026
      When the sync runs on 15 March 2026
      Then her result does not name PROCESSED_PERIOD_AFFECTED

    Scenario: A salary that reaches back into a period that was run is marked
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And the payroll of January 2026 has been run
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 31 January 2026
      When the sync runs on 15 March 2026
      Then her result names PROCESSED_PERIOD_AFFECTED
      And the history marks payroll period 2026-01 as affected

  @rule:PAY-13
  Rule: PAY-13 Hours are the same on both sides before a wage is changed

    Source: "our decision"

    Background:
      Given pay is synced from 1 January 2026
      And amounts in Personio are taken for the full-time ones
      And Sanne is employed in both systems

    Scenario: The same part-time hours on both sides let the wage pass without a word
      Given Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And her result does not name PART_TIME_FACTOR_DIFFERS
      And her result does not name HOURS_NOT_COMPARED

    Scenario: Other hours in Loket hold the run that would write a wage
      Given Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is blocked because of PART_TIME_FACTOR_DIFFERS
      And nothing was written to Loket

    Scenario: Other hours in Loket are told, and hold nobody, while no wage is to be written
      Given Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket
      And her result names PART_TIME_FACTOR_DIFFERS

    Scenario: Two full weeks of another length are no difference
      Given Sanne earns 2,400.00 a month for 36 of 36 hours with effect from 1 February 2026
      And Loket has her for 40 of 40 hours
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And her result does not name PART_TIME_FACTOR_DIFFERS

    Scenario: A factor that differs by half a hundredth is the same
      Given Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      And Loket has her for 20.2 of 40 hours
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And her result does not name PART_TIME_FACTOR_DIFFERS

    Scenario: A factor that differs by more than half a hundredth is not
      Given Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      And Loket has her for 20.21 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is blocked because of PART_TIME_FACTOR_DIFFERS

    Scenario: What counts are Loket's hours on the day the wage starts
      Given Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 April 2026
      And Loket has her for 20 of 40 hours
      And Loket has her for 24 of 40 hours from 1 April 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 April 2026 is 2,400.00
      And her result does not name PART_TIME_FACTOR_DIFFERS

    Scenario: Hourly wages are not scaled, so their hours do not matter
      Given Sanne earns 25.50 an hour for 24 of 40 hours with effect from 1 February 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 25.50 an hour
      And her result does not name PART_TIME_FACTOR_DIFFERS

    Scenario: Hours that Loket does not show are told, and the wage is written
      Given Sanne earns 1,200.00 a month for 20 of 40 hours with effect from 1 February 2026
      And Loket has no hours of her
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And her result names HOURS_NOT_COMPARED

    Scenario: Hours that Personio does not show are told, and the wage is written
      Given Sanne earns 2,400.00 a month for an unknown number of hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And her result names HOURS_NOT_COMPARED

    Scenario: Whoever ignores hours hears nothing of them
      Given weekly hours are not looked at
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 2,400.00
      And her result does not name PART_TIME_FACTOR_DIFFERS

    Scenario: Hours that changed together with pay go first, in one unit with the wage
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 15 March 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then Loket has her for 24 hours from 15 March 2026
      And Sanne's wage in Loket from 15 March 2026 is 2,400.00
      And the hours were written before the wage
      And the history says that the hours went into a new record, under a day that is ours
      And her result does not name PART_TIME_FACTOR_DIFFERS

    Scenario: Hours that Loket refuses hold back the wage that needs them
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 15 March 2026
      And Loket has her for 20 of 40 hours
      And Loket refuses the next write with "De uren zijn ongeldig"
      When the sync runs on 15 March 2026
      Then the run is completed with errors
      And Loket received one write
      And Sanne's wages in Loket from 1 January 2026 on are none

    Scenario: Hours go first in a chain of wages that is rebuilt
      Given weekly hours are sent
      And her wage in Loket is 2,000.00 from 1 January 2026
      And her wage in Loket is 2,300.00 from 1 April 2026
      And Sanne earns 1,320.00 a month for 24 of 40 hours with effect from 1 March 2026
      And Sanne earns 1,380.00 a month for 24 of 40 hours with effect from 1 April 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then Loket has her for 24 hours from 15 March 2026
      And the history shows the rebuild as one unit of 4 steps, complete
      And the hours were written before the wage
      And her result names PART_TIME_FACTOR_DIFFERS

    Scenario: Hours are sent without any wage, once
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Loket has her for 20 of 40 hours
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then nothing was written to Loket
      And Loket has her for 24 hours from 15 March 2026
      And the report of March 2026 says of her weekly hours that it was first seen on 15 March 2026, effective date not told

    Scenario: Hours of a record that starts on the day or later are changed in place
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Loket has her for 20 of 40 hours from 15 March 2026
      When the sync runs on 15 March 2026
      Then Loket has her for 24 hours from 15 March 2026
      And Loket received one write
      And the history says that the hours went into the newest record, under a day that is ours

    Scenario: Hours of somebody paid by the hour that Loket does not show are not sent, and the result says so
      Given weekly hours are sent
      And Sanne earns 25.50 an hour for 24 of 40 hours with effect from 1 February 2026
      And Loket has no hours of her
      When the sync runs on 15 March 2026
      Then Sanne's wage in Loket from 1 February 2026 is 25.50 an hour
      And her result names NOT_READ_IN_LOKET
      And the run is completed with errors
      And the result counts "workinghours.deviatingHoursPerWeek" as not shown by Loket for 1 person
      When a drift check is made on 15 March 2026
      Then her weekly hours was not compared because of NOT_READ_IN_LOKET

    Scenario: A full week in Personio is sent as such
      Given weekly hours are sent
      And Sanne earns 2,400.00 a month for 40 of 40 hours with effect from 15 March 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then Loket has her for 40 hours from 15 March 2026

    Scenario: Hours are not sent where a full week is not the same on both sides
      Given weekly hours are sent
      And Sanne earns 1,200.00 a month for 18 of 36 hours with effect from 15 March 2026
      And Loket has her for 24 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is blocked because of PART_TIME_FACTOR_DIFFERS
      And nothing was written to Loket

    Scenario: Hours that Loket cannot hold are a finding
      Given weekly hours are sent
      And Sanne earns 7,200.00 a month for 120 of 40 hours with effect from 15 March 2026
      And Loket has her for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then the run is blocked because of HOURS_RANGE

    Scenario: Hours whose answer was lost are found in Loket, and not sent again
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 15 March 2026
      And Loket has her for 20 of 40 hours
      And the sync on 15 March 2026 dies after its write number 1
      When the sync runs on 16 March 2026
      Then Loket has her for 24 hours from 15 March 2026
      And Sanne's wage in Loket from 15 March 2026 is 2,400.00
      And Loket received one write
      And every intended write in the history has one final outcome

    Scenario: Hours that somebody typed over in Loket are drift, and are sent again
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And Loket has her for 20 of 40 hours
      And the sync ran on 15 March 2026
      And Loket has her for 32 of 40 hours from 17 March 2026
      When a drift check is made on 17 March 2026
      Then the check finds that her weekly hours drifted from "24.00" in Personio to "32.00" in Loket
      And the cause of her weekly hours's drift is changed in loket

    Scenario: The plan shows the hours that a run would send
      Given weekly hours are sent
      And Sanne earns 1,440.00 a month for 24 of 40 hours with effect from 1 February 2026
      And her wage in Loket is 2,400.00 from 1 February 2026
      And Loket has her for 20 of 40 hours
      When the plan is made on 15 March 2026
      Then the plan shows that her weekly hours goes from "20.00" to "24.00"

  @rule:PAY-14
  Rule: PAY-14 Pay that vanished with everything else of an Active person is not ended pay

    Source: "our decision"

    Scenario: Somebody of whom Personio shows no pay at all any more keeps everything in Loket
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      When the sync runs on 16 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026
      And the history does not say that Sanne's pay went

    Scenario: Pay that is shown again is simply there
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      And the sync ran with trouble on 16 March 2026
      And Personio shows us all pay again
      When the sync runs on 17 March 2026
      Then the run is completed
      And nothing was written to Loket

    Scenario: A blocked run does not make the hidden pay the new measure
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      And the sync ran with trouble on 16 March 2026
      When the sync runs on 17 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket

    Scenario: Whose pay was seen is not forgotten by a run that had nobody's pay to read
      Given pay is synced from 1 January 2026
      And Sanne and Daan are employed in both systems
      And Sanne and Daan each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's status in Personio is "LEAVE"
      And Daan's status in Personio is "LEAVE"
      And the sync ran on 16 March 2026
      And Sanne's status in Personio is "ACTIVE"
      And Daan's status in Personio is "ACTIVE"
      And Personio shows us no pay of Sanne any more
      When the sync runs on 17 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket

    Scenario: A salary is not forgotten by a run that left the person out while their pay was hidden
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's Consider in NL payroll in Personio becomes "No"
      And Personio shows us no pay of Sanne any more
      And the sync ran on 16 March 2026
      And Sanne's Consider in NL payroll in Personio becomes "Yes"
      When the sync runs on 17 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026
      And the history does not say that Sanne's pay went

    Scenario: Pay that is hidden before the first run is not ended pay either
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And a drift check was made on 14 March 2026
      And Personio shows us no pay of Sanne any more
      When a drift check is made on 15 March 2026
      Then Sanne's wage was not compared because of PAY_NOT_VISIBLE
      And the history does not say that Sanne's pay went

    Scenario: Somebody else may say that all pay of a person was really removed
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      And Anna ran the sync with trouble on 16 March 2026
      When Bram accepts that read and runs the sync on 16 March 2026
      Then the run is completed
      And Sanne's payments of component 284 in Loket are none

    Scenario: Whose run was blocked for hidden pay cannot accept it alone
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      And Anna ran the sync with trouble on 16 March 2026
      When Anna accepts that read and runs the sync on 16 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket

    Scenario: Pay whose loss was accepted is not asked for again
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      And Anna ran the sync with trouble on 16 March 2026
      And Bram accepted that read and ran the sync on 16 March 2026
      When the sync runs on 17 March 2026
      Then the run is completed

    Scenario: One payment of several that vanished is ended pay, as ever
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And that payment disappears from Personio
      When the sync runs on 16 March 2026
      Then the run is completed
      And Sanne's payments of component 284 in Loket are none
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026

    Scenario: Somebody who is Inactive by now has no pay to show
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's status in Personio is "INACTIVE"
      And Personio shows us no pay of Sanne any more
      When the sync runs on 16 March 2026
      Then the run is completed
      And the result shows Sanne as left out under END-3
      And nothing was written to Loket

    Scenario: A salary that vanished beside an allowance that is shown ends no wage
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's salary disappears from Personio
      When the sync runs on 16 March 2026
      Then the run is completed
      And nothing was written to Loket
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And Sanne's result names PAY_ONLY_IN_LOKET

    Scenario: Exactly half of those with a salary are findings, and no doubt about the whole read
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne and Daan any more
      When the sync runs on 16 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket

    Scenario: When more than half of those with a salary show no pay, the read is not believed
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne, Daan and Lotte any more
      When the sync runs on 16 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026

    Scenario: Of three people all without pay is not believed either
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan and Lotte are employed in both systems
      And Sanne, Daan and Lotte each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne, Daan and Lotte any more
      When the sync runs on 16 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket

    Scenario: A credential that is limited to another legal entity ends nobody's pay
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Iris is employed in both systems at Roos Retail
      And Iris earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Personio shows us the pay of Roos Retail only
      When the sync runs on 16 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026

    Scenario: Most people without pay who are Inactive by now are leavers, and no doubt
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan and Lotte are employed in both systems
      And Sanne, Daan and Lotte each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's status in Personio is "INACTIVE"
      And Daan's status in Personio is "INACTIVE"
      And Personio shows us no pay of Sanne and Daan any more
      When the sync runs on 16 March 2026
      Then the run is completed

    Scenario: Somebody who had no salary in the last accepted read may well have none now
      Given pay is synced from 1 January 2026
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan and Lotte each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then the run is completed

    Scenario: A drift check draws no conclusion about pay that it is not shown
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Personio shows us no pay of Sanne any more
      When a drift check is made on 16 March 2026
      Then the check finds no drift
      And Sanne's wage was not compared because of PAY_NOT_VISIBLE

  @rule:PAY-15
  Rule: PAY-15 Pay that is not sent is named

    Source: "our decision"

    Scenario: A new type of pay without a payroll component is named for the person, and counted
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne receives "Bicycle plan" of 45.50 a month from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket
      And her result names PAY_TYPE_NOT_SENT
      And the result counts "Bicycle plan" as not sent for 1 person

    Scenario: A type with a payroll component needs no word
      Given pay is synced from 1 January 2026
      And "Bicycle plan" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne receives "Bicycle plan" of 45.50 a month from 1 February 2026
      When the sync runs on 15 March 2026
      Then her result does not name PAY_TYPE_NOT_SENT
      And the result counts nothing as not sent

    Scenario: A type that the list of sent types leaves out is silent for the person, and counted
      Given pay is synced from 1 January 2026
      And the compensation types FIXED_SALARY are enabled
      And Sanne is employed in both systems
      And Daan is employed in both systems
      And Sanne receives "Bicycle plan" of 45.50 a month from 1 February 2026
      And Daan receives "Bicycle plan" of 30.00 a month from 1 February 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And Sanne's result does not name PAY_TYPE_NOT_SENT
      And the result counts "Bicycle plan" as not sent for 2 people

    Scenario: A listed type without a payroll component blocks the run
      Given pay is synced from 1 January 2026
      And the compensation types FIXED_SALARY, ONE_TIME are enabled
      And Sanne is employed in both systems
      And Sanne receives "Bonus" of 250.00 once on 10 May 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of COMPENSATION_NOT_MAPPED

    Scenario: A payment from before the start date goes nowhere by design, and needs no word
      Given pay is synced from 15 January 2026
      And Sanne is employed in both systems
      And Sanne receives "Bonus" of 250.00 once on 14 January 2026
      When the sync runs on 15 March 2026
      Then her result does not name PAY_TYPE_NOT_SENT

    Scenario: A salary type that is not listed is counted like any other
      Given pay is synced from 1 January 2026
      And the compensation types RECURRING are enabled
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And the result counts 1 type of pay as not sent
