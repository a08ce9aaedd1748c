Feature: Employment changes
  A new contract or income relation begins in Loket, where the payroll administrator creates it. HR then copies its
  income number and start date to Personio, and the next run goes on with the new employment.

  @rule:EMPL-1
  Rule: EMPL-1 A new employment of an existing employee is created by the payroll administrator in Loket

    Source: "Manage employment or income relationship changes"

    Scenario: A new income number in Personio creates no employment in Loket
      Given Noor is employed in both systems
      And her income number in Personio is "2"
      And her entry date in Personio is "1 March 2026"
      When the sync runs on 15 March 2026
      Then Noor has one employment in Loket
      And the result shows Noor as blocked under EMPLOYMENT_NOT_FOUND_IN_LOKET

    Scenario: A new income number makes no concept of an employee whom Loket knows
      Given Noor is employed in both systems
      And her income number in Personio is "2"
      When the sync runs on 15 March 2026
      Then Loket has no concept employees
      And nothing was written to Loket

    Scenario: An employment that the payroll administrator has created is found
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her income number in Personio is "2"
      And her entry date in Personio is "1 March 2026"
      When the sync runs on 15 March 2026
      Then Noor has two employments in Loket
      And the result shows Noor as unchanged under EDIT-1

  @rule:EMPL-2
  Rule: EMPL-2 Entry date and income number in Personio match the employment in Loket

    Source: "Manage employment or income relationship changes"

    Scenario: With both correct the employment is linked
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her income number in Personio is "2"
      And her entry date in Personio is "1 March 2026"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: With only the income number changed the dates disagree
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her income number in Personio is "2"
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under ENTRY_DATE_MISMATCH
      And nothing was written to Loket

    Scenario: With only the entry date changed the dates disagree too
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her entry date in Personio is "1 March 2026"
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under ENTRY_DATE_MISMATCH
      And nothing was written to Loket

    Scenario: With neither changed the old employment stays linked
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: Both wrong: no employment has the income number
      Given Noor is employed in both systems
      And her income number in Personio is "7"
      And her entry date in Personio is "2 February 2026"
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under EMPLOYMENT_NOT_FOUND_IN_LOKET

    Scenario: The start date in Loket is never moved
      Given Noor is employed in both systems
      And her entry date in Personio is "2 January 2024"
      When the sync runs on 15 March 2026
      Then her employment 1 in Loket starts on 1 January 2024
      And nothing was written to Loket

    Scenario: An employment in another payroll administration does not count
      Given Noor is employed in both systems
      And Noor has an employment in another payroll administration with income number 2 from 1 March 2026
      And her income number in Personio is "2"
      And her entry date in Personio is "1 March 2026"
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under EMPLOYMENT_NOT_FOUND_IN_LOKET

  @rule:EMPL-3
  Rule: EMPL-3 The next run links to the new employment and keeps it equal

    Source: "Manage employment or income relationship changes"

    Scenario: Once the employment exists and Personio names it, the next run goes on with it
      Given Noor is employed in both systems
      And her income number in Personio is "2"
      And her entry date in Personio is "1 March 2026"
      And the sync ran with trouble on 2 March 2026
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her IBAN in Personio becomes "NL52ABNA0424968264"
      When the sync runs on 15 March 2026
      Then the IBAN of her employment 2 in Loket is "NL52ABNA0424968264"
      And the IBAN of her employment 1 in Loket is as it was

    Scenario: Until Personio names it, the run goes on with the old one
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And her IBAN in Personio is "NL52ABNA0424968264"
      When the sync runs on 15 March 2026
      Then the IBAN of her employment 1 in Loket is "NL52ABNA0424968264"
      And the IBAN of her employment 2 in Loket is as it was

    Scenario: Someone rehired under the old employee number is linked by the new income number
      Given Noor is employed in both systems
      And her employment in Loket ends on 31 December 2025
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      And Noor is rehired in Personio with income number 2 from 1 March 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the result shows Noor's old profile as left out under END-3

    Scenario: Someone rehired under a new employee number becomes a concept employee
      Given Noor is employed in both systems
      And her employment in Loket ends on 31 December 2025
      And Noor is rehired in Personio with employee number 4790 from 1 March 2026
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And the result shows Noor as concept created under MATCH-3

    Scenario: Numbers do not carry over to a rehired person's new profile and must be entered
      Given Noor is employed in both systems
      And her employment in Loket ends on 31 December 2025
      And Noor is rehired in Personio without numbers from 1 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under MISSING_EMPLOYEE_NUMBER
      And Loket has no concept employees

    Scenario: Pay goes to the new employment, and the old one keeps what it has
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's employment in Loket ends on 31 March 2026
      And Sanne has an employment in Loket with income number 2 from 1 April 2026
      And her income number in Personio becomes "2"
      And her entry date in Personio becomes "1 April 2026"
      And Sanne earns 3,500.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the sync runs on 2 April 2026
      Then the result shows Sanne as updated under EDIT-1
      And the wages of her employment 1 in Loket are 3,000.00 from 1 February 2026 until 31 March 2026
      And the wages of her employment 2 in Loket are 3,500.00 from 1 April 2026

    Scenario: Someone whose employment Loket has ended receives no pay any more
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne's employment in Loket ends on 30 June 2026
      And Sanne earns 3,500.00 a month for 40 of 40 hours with effect from 1 April 2026
      When the sync runs on 2 April 2026
      Then the result shows Sanne as left out under END-2
      And nothing was written to Loket
