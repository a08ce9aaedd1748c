Feature: Drift
  Between two runs people edit Loket by hand and Personio moves on. A drift check looks at both systems as a run would,
  says for every difference who left the value that was last confirmed, and writes nothing to Loket.

  @rule:DRIFT-1
  Rule: DRIFT-1 Drift is a difference in a supported field of an included, linked person

    Source: our decision

    Scenario: A street typed into Loket by hand is drift
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the check finds that her street drifted from "Main St" in Personio to "Harbour Rd" in Loket
      And nothing was written to Loket

    Scenario: Equal people do not drift
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And the check compared 2 people

    Scenario: A field outside the supported set never drifts
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her address note in Loket becomes "back door"
      When a drift check is made on 8 March 2026
      Then the check finds no drift

    Scenario: An attribute that Personio no longer shows is not compared, and not cleared
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her private e-mail in Loket becomes "s.visser@example.org"
      And Personio does not show us anyone's private e-mail
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And her private e-mail was not compared because of ATTRIBUTE_NOT_READABLE
      And her private e-mail in Loket is "s.visser@example.org"

    Scenario: A BSN that Loket does not show us is not compared
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And the Loket user may not read BSNs
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And her BSN was not compared because of BSN_NOT_READABLE_IN_LOKET

    Scenario: A field with a finding is not compared, the person's other fields are
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her postal code in Personio becomes "99"
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the check finds that her street drifted from "Main St" in Personio to "Harbour Rd" in Loket
      And her postal code was not compared because of POSTCODE_FORMAT

    Scenario: Someone whom Loket does not know yet is not compared
      Given Sanne is in Personio only
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And the check compared 0 people
      And Sanne was not compared because of MATCH-3

    Scenario: A concept employee is compared on what a concept employee can hold
      Given Sanne is in Personio only
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the check finds that her street drifted from "Main St" in Personio to "Harbour Rd" in Loket

    Scenario: A wage typed over in Loket is drift, and a later check of the same is no news
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      When a drift check is made on 17 March 2026
      Then the check finds that her wage drifted from "3000.00" in Personio to "3500.00" in Loket
      And the cause of her wage's drift is changed in loket
      And the case of her wage is open since 16 March 2026
      And nothing was written to Loket

    Scenario: A wage of a coming month that was added in Loket is drift, for the next run will delete it
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage in Loket is 3,900.00 from 1 May 2026
      When a drift check is made on 16 March 2026
      Then the check finds that her wage drifted from "3000.00" in Personio to "3900.00" in Loket

    Scenario: Pay that is equal on both sides does not drift, also where no run ever had to write it
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne's wage in Loket is 3,000.00 from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      When a drift check is made on 16 March 2026
      Then the cause of her wage's drift is changed in loket

    Scenario: Pay that cannot be converted is not compared
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne earns 3,100.00 a month for an unknown number of hours with effect from 1 April 2026
      When a drift check is made on 16 March 2026
      Then the check finds no drift
      And her wage was not compared because of AMOUNT_NOT_CONVERTIBLE

  @rule:DRIFT-2
  Rule: DRIFT-2 Values are compared after normalisation

    Source: our decision

    Scenario Outline: The same <label> in another spelling is neither drift nor a write
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her <label> in Loket becomes <spelling>
      When a drift check is made on 8 March 2026
      Then the check finds no drift

      Examples:
        | label          | spelling               |
        | postal code    | "3511ab"               |
        | private e-mail | "SANNE@example.net"    |

    Scenario: A name in other letters is drift
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "main st"
      When a drift check is made on 8 March 2026
      Then the check finds that her street drifted from "Main St" in Personio to "main st" in Loket

  @rule:DRIFT-3
  Rule: DRIFT-3 Every difference has one cause, and a change waiting in Personio is no alarm

    Source: our decision

    Scenario: Only Loket left the confirmed value
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the cause of her street's drift is changed in loket

    Scenario: Only Personio moved: listed, and no drift
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And her street is pending

    Scenario: Completing a concept employee is no drift, for the next run sends the rest
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      When a drift check is made on 8 March 2026
      Then the check finds no drift

    Scenario: What someone types over after completion is drift
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator completes Daan's concept employee
      And his street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the cause of his street's drift is changed in loket

    Scenario: Both left it, each for another value
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the cause of her street's drift is both changed

    Scenario: Both left it for the same value: nothing differs
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And her street in Loket becomes "Central Ave"
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And nothing is pending

    Scenario: A raise in Personio that no run has sent yet is pending
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne earns 3,200.00 a month for 40 of 40 hours with effect from 1 March 2026
      When a drift check is made on 16 March 2026
      Then the check finds no drift
      And her wage is pending

    Scenario: A raise in Personio beside a wage typed over in Loket: both moved
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And Sanne earns 3,200.00 a month for 40 of 40 hours with effect from 1 February 2026
      When a drift check is made on 16 March 2026
      Then the cause of her wage's drift is both changed

    Scenario: A write that Loket refused has not landed
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And Loket refuses the next write
      And the sync ran with trouble on 8 March 2026
      When a drift check is made on 9 March 2026
      Then the cause of her street's drift is write not landed

    Scenario: A raise that Loket refused has not landed
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne earns 3,200.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Loket refuses the next write
      And the sync ran with trouble on 16 March 2026
      When a drift check is made on 17 March 2026
      Then the cause of her wage's drift is write not landed

    Scenario: A write that was lost without an answer has not landed
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And Loket loses the next write without answering
      And the sync ran with trouble on 8 March 2026
      When a drift check is made on 9 March 2026
      Then the cause of her street's drift is write not landed

    Scenario: Before any run nothing is confirmed
      Given Sanne is employed in both systems
      And her street in Loket is "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the cause of her street's drift is never synced

    Scenario: A blocked run confirms nothing that differs
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's street in Loket becomes "Harbour Rd"
      And Daan's BSN in Personio becomes "123456789"
      And the sync ran with trouble on 8 March 2026
      When a drift check is made on 9 March 2026
      Then the cause of Sanne's street's drift is changed in loket

    Scenario: A change with a future date is compared from its day on
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 April 2026
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And nothing is pending

  @rule:DRIFT-4
  Rule: DRIFT-4 Drift ends by a run, by Loket or by Personio

    Source: our decision

    Scenario: A run overwrites the edit by hand, and the case closes by itself
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And the history shows that her street was overwritten from "Harbour Rd" to "Main St" by that run under EDIT-1
      And the case of her street was resolved as overwritten by run

    Scenario: Put back in Loket by hand
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And her street in Loket becomes "Main St"
      When a drift check is made on 9 March 2026
      Then the check finds no drift
      And the case of her street was resolved as put back in loket

    Scenario: A wage put back in Loket by hand
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,000.00
      When a drift check is made on 17 March 2026
      Then the check finds no drift
      And the case of her wage was resolved as put back in loket

    Scenario: A wage typed over in Loket is overwritten by the next run, and the case closes by itself
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      When the sync runs on 17 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026
      And the case of her wage was resolved as overwritten by run

    Scenario: The plan names a wage typed over in Loket that a sync would erase
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      When the plan is made on 17 March 2026
      Then the plan warns that her wage "3500.00" is about to be overwritten, known since 16 March 2026

    Scenario: Personio moved to Loket's value
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And her street in Personio becomes "Harbour Rd"
      When a drift check is made on 9 March 2026
      Then the case of her street was resolved as moved in personio

    Scenario: The person is left out
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And her consider in NL payroll in Personio becomes "No"
      When a drift check is made on 9 March 2026
      Then the case of her street was resolved as person left out

    Scenario: The plan names first what a sync would erase of the edits by hand
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And her city in Personio becomes "Delft"
      And a drift check was made on 8 March 2026
      When the plan is made on 9 March 2026
      Then the plan warns that her street "Harbour Rd" is about to be overwritten, known since 8 March 2026
      And nothing was written to Loket

    Scenario: The plan names who typed the value into Loket, where its audit trail tells
      Given Sanne and Daan are employed in both systems
      And Daan's street in Personio is "Central Ave"
      And the sync ran on 1 March 2026
      And Sanne's street in Loket becomes "Harbour Rd"
      When the plan is made on 9 March 2026
      Then the plan names who typed Sanne's street "Harbour Rd" into Loket

    Scenario: A value of Loket that is kept stays to be entered in Personio, also when a run has overwritten it
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima keeps her street of Loket on 8 March 2026 because "she has moved"
      When the sync runs on 9 March 2026
      Then her street in Loket is "Main St"
      And her street "Harbour Rd" is to be entered in Personio

    Scenario: A kept value is done when Personio shows it
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima keeps her street of Loket on 8 March 2026 because "she has moved"
      And the sync ran on 9 March 2026
      And her street in Personio becomes "Harbour Rd"
      When the sync runs on 10 March 2026
      Then her street in Loket is "Harbour Rd"
      And nothing is to be entered in Personio

    Scenario: A kept value is not done while its person is left out
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima keeps her street of Loket on 8 March 2026 because "she has moved"
      And the sync ran on 9 March 2026
      And her street in Personio becomes "Harbour Rd"
      And her consider in NL payroll in Personio becomes "No"
      When a drift check is made on 10 March 2026
      Then her street "Harbour Rd" is to be entered in Personio

    Scenario: A wage of Loket that is kept stays to be entered while Personio pays another
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      And Fatima keeps her wage of Loket on 16 March 2026 because "as agreed"
      When a drift check is made on 17 March 2026
      Then her wage "3500.00" is to be entered in Personio

    Scenario: A wage of Loket that is kept is done when Personio pays it
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      And Fatima keeps her wage of Loket on 16 March 2026 because "as agreed"
      And a drift check was made on 17 March 2026
      And Sanne earns 3,500.00 a month for 40 of 40 hours with effect from 1 February 2026
      When the sync runs on 18 March 2026
      Then nothing is to be entered in Personio

    Scenario: A field that is not synced any more has no open case
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And the street is not mapped by this customer
      When a drift check is made on 9 March 2026
      Then the check finds no drift
      And the case of her street was resolved as person left out

    Scenario: A change in Personio alone erases no edit by hand
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her city in Personio becomes "Delft"
      When the plan is made on 9 March 2026
      Then the plan warns of nothing

    Scenario: A blocked run overwrites nothing, and the case stays open
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And her BSN in Personio becomes "123456789"
      When the sync runs on 15 March 2026
      Then the run is blocked
      And the case of her street is open since 8 March 2026

  @rule:DRIFT-5
  Rule: DRIFT-5 Differences of people left out are listed apart and never alerted

    Source: our decision

    Scenario: Someone whom Loket has ended is on the list of people left out
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And her employment in Loket ends on 31 May 2026
      When a drift check is made on 8 March 2026
      Then the check finds no drift
      And the check lists Sanne as left out under END-2

    Scenario: Someone included is not on that list
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      When a drift check is made on 8 March 2026
      Then the check lists nobody as left out

    Scenario: Reinstated in Loket, the difference is drift again
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 2 March 2026
      And her employment in Loket ends on 31 May 2026
      And a drift check was made on 8 March 2026
      And her employment in Loket is reinstated
      When a drift check is made on 9 March 2026
      Then the check finds that her street drifted from "Main St" in Personio to "Harbour Rd" in Loket
      And the case of her street is open since 9 March 2026

  @rule:DRIFT-6
  Rule: DRIFT-6 The same drift is reported once

    Source: our decision

    Scenario: Seen again, nothing is added
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      When a drift check is made on 9 March 2026
      Then the case of her street is open since 8 March 2026
      And the history tells 1 fact about that case

    Scenario: Acknowledged once, it is not asked again while nothing moves
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima acknowledges the drift of her street on 8 March 2026 because "will be overwritten"
      When a drift check is made on 9 March 2026
      Then the case of her street is acknowledged since 8 March 2026

    Scenario: A new value opens an acknowledged case again
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima acknowledges the drift of her street on 8 March 2026 because "will be overwritten"
      And her street in Loket becomes "Station Sq"
      When a drift check is made on 9 March 2026
      Then the case of her street is open since 9 March 2026

    Scenario: A new value is told of in the case that is open
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And her street in Loket becomes "Station Sq"
      When a drift check is made on 9 March 2026
      Then the case of her street is open since 8 March 2026
      And the history tells 2 facts about that case

    Scenario: A difference that comes back is the same case again
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And the sync ran on 9 March 2026
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 10 March 2026
      Then the case of her street is open since 10 March 2026
      And the history tells 3 facts about that case

    Scenario: A check that cannot read everything concludes nothing
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And the employments of Loket cannot be read
      When a drift check is tried on 9 March 2026
      Then the check was refused because of RUN-7
      And the case of her street is open since 8 March 2026

  @rule:DRIFT-7
  Rule: DRIFT-7 Loket's own record of who changed a value is kept as evidence

    Source: Loket API documentation

    Scenario: Once a write of ours has taught its caption, an edit by hand is attributed to someone else
      Given Sanne and Daan are employed in both systems
      And Daan's street in Personio is "Central Ave"
      And the sync ran on 1 March 2026
      And Sanne's street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then Loket's audit trail attributes Sanne's street's drift to someone else
      And it names who did it, in the history too

    Scenario: A caption that no write of ours has taught attributes nothing and alarms nobody
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then Loket's audit trail attributes her street's drift to not attributable

    Scenario: Our own writes are found in Loket's audit trail
      Given Sanne and Daan are employed in both systems
      And Daan's street in Personio is "Central Ave"
      And the sync ran on 1 March 2026
      And Sanne's street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then Loket's audit trail knows 1 write of ours and misses 0

    Scenario: A change that neither record knows of is told apart
      Given Sanne and Daan are employed in both systems
      And Daan's street in Personio is "Central Ave"
      And the sync ran on 1 March 2026
      And from then on changes in Loket leave no trace in its audit trail
      And Sanne's street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then Loket's audit trail attributes Sanne's street's drift to no entry

    Scenario: A write of ours that Loket's audit trail does not know is missed there
      Given Sanne and Daan are employed in both systems
      And Daan's street in Personio is "Central Ave"
      And the sync ran on 1 March 2026
      And from then on changes in Loket leave no trace in its audit trail
      And Sanne's street in Personio is "Central Ave"
      And the sync ran on 2 March 2026
      And Sanne's street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then Loket's audit trail knows 1 write of ours and misses 1

    Scenario: Without the right to read it everything works, and the check says so
      Given Sanne is employed in both systems
      And the Loket user may not read the audit trail
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      When a drift check is made on 8 March 2026
      Then the cause of her street's drift is changed in loket
      And the check says that the audit trail could not be read

  @rule:DRIFT-8
  Rule: DRIFT-8 A difference may be accepted, and a person held out of a run, for a time and with a reason

    Source: our decision

    Scenario: An accepted field is neither written nor drift, and each run names it
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Harbour Rd"
      And Sanne's result names DRIFT-8
      And the next check on 16 March 2026 finds no drift

    Scenario: The person's other fields are written all the same
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      And her city in Personio becomes "Delft"
      When the sync runs on 15 March 2026
      Then her city in Loket is "Delft"
      And her street in Loket is "Harbour Rd"

    Scenario: An acceptance that is withdrawn holds no more
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      And Joost withdraws what was decided about her street on 9 March 2026 because "she stays"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"

    Scenario: An acceptance that is extended holds until its new last day
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      And Joost extends the acceptance of her street until 30 April 2026
      When the sync runs on 30 April 2026
      Then her street in Loket is "Harbour Rd"

    Scenario: Where the entity does not allow it nothing can be accepted
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima may not accept the drift of her street on 8 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"

    Scenario: A difference in pay cannot be accepted
      Given this legal entity allows differences to be accepted
      And pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne's wage of 1 February 2026 in Loket becomes 3,500.00
      And a drift check was made on 16 March 2026
      And Fatima may not accept the drift of her wage on 16 March 2026
      When the sync runs on 17 March 2026
      Then Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026

    Scenario: On its last day the acceptance still holds
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      When the sync runs on 7 April 2026
      Then her street in Loket is "Harbour Rd"

    Scenario: The day after, the field is written again
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      When the sync runs on 8 April 2026
      Then her street in Loket is "Main St"

    Scenario: The last day passes although nothing of the person can be compared
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      And her Income number in Personio becomes "9"
      When a drift check is made on 8 April 2026
      Then the case of her street is open since 8 March 2026

    Scenario: A change in Personio ends the acceptance
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: Whoever accepts a part of an address that is gone in Personio keeps the whole of it in Loket
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And her whole address in Personio is blank
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And her city in Loket is "Utrecht"
      And the result shows Sanne as unchanged under EDIT-1
      And the next check on 16 March 2026 finds no drift

    Scenario: Whoever accepts that a part of an address is gone in Loket leaves it without any
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her whole address in Loket is blank
      And a drift check was made on 8 March 2026
      And Fatima accepts the drift of her street on 8 March 2026 because "moving twice"
      When the sync runs on 15 March 2026
      Then her whole address in Loket is blank
      And the result shows Sanne as unchanged under EDIT-1

    Scenario: Someone held out of a run is left out of that run only
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And Fatima holds Sanne out of the next run because "payroll is closing"
      And the sync ran on 15 March 2026
      And her street in Loket is "Harbour Rd"
      When the sync runs on 16 March 2026
      Then her street in Loket is "Main St"

    Scenario: The result shows who was held out
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And Fatima holds Sanne out of the next run because "payroll is closing"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under DRIFT-8
      And her street in Loket is "Harbour Rd"

    Scenario: Someone whose hold-out is withdrawn takes part after all
      Given this legal entity allows differences to be accepted
      And Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Harbour Rd"
      And Fatima holds Sanne out of the next run because "payroll is closing"
      And Joost lets Sanne take part in the next run because "it is closed"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"

    Scenario: The findings of someone held out hold everybody all the same
      Given this legal entity allows differences to be accepted
      And Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's BSN in Personio becomes "123456789"
      And Daan's street in Personio becomes "Central Ave"
      And Fatima holds Sanne out of the next run because "payroll is closing"
      When the sync runs on 15 March 2026
      Then the run is blocked
      And the result shows Sanne as left out under DRIFT-8
      And Daan's street in Loket is "Main St"
