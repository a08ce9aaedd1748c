Feature: New joiners
  HR prepares a joiner in Personio, the first run after the hire date makes a concept employee in Loket, and the
  payroll administrator completes it there. The sync never does that last step.

  @rule:JOIN-1
  Rule: JOIN-1 A joiner is synced from the day they become Active

    Source: "Manage new joiners"

    Scenario: A joiner who is still onboarding waits
      Given Daan is in Personio only
      And his status in Personio is "Onboarding"
      When the sync runs on 15 March 2026
      Then the result shows Daan as left out under JOIN-1
      And Loket has no concept employees

    Scenario: The first run after the joiner became Active makes a concept employee
      Given Daan is in Personio only
      And his status in Personio is "Onboarding"
      And the sync ran on 31 March 2026
      And his status in Personio becomes "Active"
      When the sync runs on 1 April 2026
      Then the result shows Daan as concept created under MATCH-3
      And Loket has one concept employee

    Scenario: An unfinished profile of a joiner who is still onboarding holds nobody back
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And Daan's status in Personio is "Onboarding"
      And his employee number in Personio is blank
      And Sanne's street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then Sanne's street in Loket is "Central Ave"
      And the result shows Daan as left out under JOIN-1

    Scenario: An onboarding joiner whom Loket already knows waits as well
      Given Sanne is employed in both systems
      And her status in Personio is "Onboarding"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"

  @rule:JOIN-2
  Rule: JOIN-2 A concept employee leaves a confirmation in the sync result

    Source: "Manage new joiners"

    Scenario: Creating the concept leaves the confirmation
      Given Daan is in Personio only
      When the sync runs on 15 March 2026
      Then Daan's result carries the confirmation of a concept employee

    Scenario: Updating the concept repeats the confirmation
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And his street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept updated under MATCH-3
      And Daan's result carries the confirmation of a concept employee

    Scenario: A run that finds the concept unchanged repeats it too
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Daan as unchanged under EDIT-1
      And Daan's result carries the confirmation of a concept employee

    Scenario: A final employee's result carries no confirmation
      Given Sanne is employed in both systems
      When the sync runs on 15 March 2026
      Then Sanne's result carries no confirmation of a concept employee

  @rule:JOIN-3
  Rule: JOIN-3 The payroll administrator completes the concept employee inside Loket

    Source: "Manage new joiners"

    Scenario: However often the sync runs, a concept stays a concept until someone completes it
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the sync ran on 8 March 2026
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And Loket has no employees
      And the sync never tried to promote a concept employee

    Scenario: After the payroll administrator completed the concept, the person is a final employee
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      And his street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then his street in Loket is "Central Ave"
      And the result shows Daan as updated under EDIT-1
      And Loket has no concept employees

    Scenario Outline: A concept that payroll gave <another number> is reported and no second one is made
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator gives Daan's concept employee <another number>
      And his street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then Daan's result names CONCEPT_RENUMBERED
      And Loket has one concept employee
      And nothing was written to Loket
      When every decision on record is derived again
      Then all of them agree

      Examples:
        | another number |
        | number 4799    |
        | no number      |

    Scenario: A concept completed under another number is reported and no second one is made
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee under number 4799
      When the sync runs on 15 March 2026
      Then Daan's result names CONCEPT_NUMBER_DIFFERS
      And Loket has no concept employees
      And nothing was written to Loket

    Scenario: The history knows when the concept was found completed
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      When the sync runs on 15 March 2026
      Then the history of Daan says that the concept employee was completed

  @rule:JOIN-4
  Rule: JOIN-4 A concept employee receives employee data and base salary

    Source: "Manage new joiners"

    Scenario: The salary travels with the employee data
      Given Daan is in Personio only
      And Daan earns 3,200.00 a month for 40 of 40 hours
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 3,200.00
      And Daan's last name in Loket is his last name in Personio

    Scenario: A part-time salary travels as the full-time amount
      Given amounts in Personio are taken for the part-time ones
      And Personio shows what part-timers earn themselves
      And Daan is in Personio only
      And Daan earns 1,200.00 a month for 20 of 40 hours
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 2,400.00

    Scenario: A yearly salary travels as the amount of a month
      Given Daan is in Personio only
      And Daan earns 40,000.00 a year for 40 of 40 hours
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 3,333.33

    Scenario: An hourly wage travels as it is
      Given Daan is in Personio only
      And Daan earns 18.50 an hour for 24 of 40 hours
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 18.50

    Scenario: The salary in force on the entry date is the one for someone who starts later
      Given Daan is in Personio only
      And his entry date in Personio is "1 May 2026"
      And Daan earns 3,000.00 a month for 40 of 40 hours
      And Daan earns 3,500.00 a month for 40 of 40 hours with effect from 1 May 2026
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 3,500.00

    Scenario: A raise that begins after the day of the run waits, since a concept has one wage
      Given Daan is in Personio only
      And Daan earns 3,000.00 a month for 40 of 40 hours
      And Daan earns 3,500.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 3,000.00

    Scenario: Recurring and one-time pay stay behind, and the result says so
      Given Daan is in Personio only
      And Daan earns 3,200.00 a month for 40 of 40 hours
      And Daan also receives 150.00 a month and 1,000.00 once
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is 3,200.00
      And Daan's result says that pay was withheld

    Scenario: A part-time salary without hours is a finding, not a guess
      Given Daan is in Personio only
      And Daan earns 1,200.00 a month for an unknown number of hours
      When the sync runs on 15 March 2026
      Then the result shows Daan as blocked under AMOUNT_NOT_CONVERTIBLE
      And Loket has no concept employees

    Scenario Outline: A salary of <salary> is out of Loket's range
      Given Daan is in Personio only
      And Daan earns <salary> a month for 40 of 40 hours
      When the sync runs on 15 March 2026
      Then the result shows Daan as blocked under AMOUNT_RANGE

      Examples:
        | salary       |
        | -1.00        |
        | 1,000,000.01 |

    Scenario: Someone without a salary in Personio becomes a concept without a wage
      Given Daan is in Personio only
      When the sync runs on 15 March 2026
      Then the wage of Daan's concept employee is blank

    Scenario: The business e-mail has no place in a concept and waits for the final employee
      Given Daan is in Personio only
      And his business e-mail in Personio is "daan@tulp.example"
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      When the sync runs on 15 March 2026
      Then his business e-mail in Loket is "daan@tulp.example"

  @rule:JOIN-5
  Rule: JOIN-5 Once completed, the next run also sends recurring and one-time pay

    Source: "Manage new joiners"

    Scenario: The first run after completion brings recurring and one-time pay and says so
      Given pay is synced from 1 January 2024
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And "Bonus" is mapped to payroll component 372 as one-time
      And Daan is in Personio only
      And Daan earns 3,200.00 a month for 40 of 40 hours
      And Daan receives "Phone allowance" of 45.50 a month from 1 February 2026
      And Daan receives "Bonus" of 250.00 once on 10 May 2026
      And the sync ran on 15 March 2026
      And the payroll administrator completes Daan's concept employee
      When the sync runs on 16 March 2026
      Then Daan's payments of component 284 in Loket are 45.50 from 1 February 2026
      And Daan's value of component 372 in Loket for May 2026 is 250.00
      And his result names PAY-6
      And his result carries no confirmation of a concept employee

    Scenario: Before completion the recurring and one-time pay stays behind
      Given pay is synced from 1 January 2024
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Daan is in Personio only
      And Daan earns 3,200.00 a month for 40 of 40 hours
      And Daan receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then his result says that pay was withheld
      And the result shows Daan as unchanged under EDIT-1

  @rule:JOIN-6
  Rule: JOIN-6 The confirmation is gone once the concept employee is completed

    Source: "Manage new joiners"

    Scenario: A concept completed between two runs loses its confirmation with the second
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      When the sync runs on 15 March 2026
      Then Daan's result carries no confirmation of a concept employee

    Scenario: A concept that nobody has completed keeps it
      Given Daan and Eva are in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      When the sync runs on 15 March 2026
      Then Eva's result carries the confirmation of a concept employee

  @rule:JOIN-7
  Rule: JOIN-7 What a new hire entered in Loket stays in a concept employee

    Source: our decision

    Scenario: A phone number that the new hire entered is left, and named
      Given Daan is in Personio only
      And his phone in Personio is blank
      And the sync ran on 1 March 2026
      And his phone in Loket becomes "020 555 0100"
      When the sync runs on 15 March 2026
      Then his phone in Loket is "020 555 0100"
      And Daan's result names FILLED_IN_LOKET
      And Daan's result says "contactInformation.phoneNumber"

    Scenario: What a write of ours put there is cleared when Personio blanks it
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And his phone in Personio becomes blank
      When the sync runs on 15 March 2026
      Then his phone in Loket is blank
      And Daan's result does not name FILLED_IN_LOKET

    Scenario: What someone typed over ours is left when Personio blanks it
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And his phone in Loket becomes "020 555 0100"
      And his phone in Personio becomes blank
      When the sync runs on 15 March 2026
      Then his phone in Loket is "020 555 0100"
      And Daan's result names FILLED_IN_LOKET

    Scenario: A value in Personio is written, as ever
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And his phone in Loket becomes "020 555 0100"
      When the sync runs on 15 March 2026
      Then his phone in Loket is "030 555 0199"

    Scenario: What was left is no drift of the concept employee
      Given Daan is in Personio only
      And his phone in Personio is blank
      And the sync ran on 1 March 2026
      And his phone in Loket becomes "020 555 0100"
      When a drift check is made on 8 March 2026
      Then the check finds no drift

    Scenario: The first run after completion clears it, and its plan names it first
      Given Daan is in Personio only
      And his phone in Personio is blank
      And the sync ran on 1 March 2026
      And his phone in Loket becomes "020 555 0100"
      And the sync ran on 8 March 2026
      And the payroll administrator completes Daan's concept employee
      When the plan is made on 15 March 2026
      Then the first value about to be overwritten is Daan's phone
