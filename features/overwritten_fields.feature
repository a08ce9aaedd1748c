Feature: Overwritten fields
  What a sync replaces or clears in Loket leaves no trace there. The compliance report lists all of it for a legal entity
  and a period, from the log alone, and says under which signed head of the log it was made.

  @rule:AUD-6
  Rule: AUD-6 The compliance report lists overwritten fields per legal entity and period

    Source: our decision

    Scenario: A replaced street and a cleared e-mail address are both listed, with the run and the rule behind them
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And her private e-mail in Personio is blank
      When Anna runs the sync on 15 March 2026
      Then the report of March 2026 lists her street, overwritten by Anna under EDIT-1
      And the report of March 2026 lists her private e-mail, cleared by Anna under EDIT-2
      And the report of March 2026 lists 2 overwritten fields in 1 run

    Scenario: A run that wrote nothing is listed as a run
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then the report of March 2026 lists 0 overwritten fields in 2 runs

    Scenario: What a run outside the period overwrote is not listed
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 1 April 2026
      Then the report of March 2026 lists 0 overwritten fields in 0 runs

    Scenario: The last day of the period is in it
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 31 March 2026
      Then the report of March 2026 lists 1 overwritten field in 1 run

    Scenario: Another legal entity's overwritten fields are not in the report
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the report of March 2026 of Roos Retail lists 0 overwritten fields in 0 runs

    Scenario: The report names the change in Personio, and invents no effective date for it
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then the report of March 2026 says of her street that it was first seen on 15 March 2026, effective date not told

    Scenario: Values are masked, and shown to who gives a reason
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the report of March 2026 nowhere says "Main St" or "Central Ave"
      And the report of March 2026, unmasked by Bram because of "tax audit 2026", says "Main St" and "Central Ave"
      And the log holds that Bram unmasked the report because of "tax audit 2026"
