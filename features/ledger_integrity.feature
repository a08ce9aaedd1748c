@database
Feature: Ledger integrity
  The log is the only record of what Loket used to hold, so nobody may change it unseen: not its owner, not the
  administrator of its database. Each scenario runs on both databases.

  @rule:LOG-1
  Rule: LOG-1 The log is append-only, with dense positions

    Source: our decision

    Scenario: Runs only ever add events, and their positions have no gap
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then every event of the earlier run is still there, unchanged
      And the positions of the log run from 0 without a gap

    Scenario Outline: The database refuses to <action> an event
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      When someone tries to <action> an event in the database
      Then the database refuses
      And the log verifies

      Examples:
        | action |
        | change |
        | remove |

  @rule:LOG-2
  Rule: LOG-2 A sealed checkpoint covers every event up to its position

    Source: our decision

    Scenario: An untouched log verifies
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      Then the log verifies

    Scenario: One changed bit is told, with its place
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      When one bit of event 3 is changed behind our back
      Then the log is told to be tampered with at position 3

    Scenario: A missing end is told
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      When the last event is removed behind our back
      Then the log is told to be truncated

    Scenario: A log that was tampered with is not written to
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      When the last event is removed behind our back
      Then a sync on 15 March 2026 is refused because the log is damaged

    Scenario: A log in which one event was changed is not built on
      Given Sanne is employed in both systems
      And the sync ran on 14 March 2026
      And Sanne's street in Personio is "Central Ave"
      When one bit of event 3 is changed behind our back
      Then a sync on 15 March 2026 is refused because the log is damaged
      And her street in Loket is "Main St"

  @rule:LOG-3
  Rule: LOG-3 A single event can be proven part of a checkpoint

    Source: our decision

    Scenario: The overwrite of a street is proven with nothing but the checkpoint
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then each event of the history of Sanne is proven part of the last checkpoint

    Scenario: A proof does not fit another event
      Given Sanne is employed in both systems
      When the sync runs on 15 March 2026
      Then the proof of event 1 does not prove event 2

  @rule:LOG-4
  Rule: LOG-4 Every read model can be rebuilt from the log and comes out equal

    Source: our decision

    Scenario: The rebuilt views answer as before
      Given Sanne and Fatima are employed in both systems
      And Eva is in Personio only
      And Sanne's street in Personio is "Central Ave"
      And the sync ran on 14 March 2026
      When every view is rebuilt from the log
      Then every view holds the same rows as before

    Scenario: A sync after a rebuild knows what was done before
      Given Daan is in Personio only
      And the sync ran on 14 March 2026
      And every view is rebuilt from the log
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And nothing was written to Loket

  @rule:LOG-5
  Rule: LOG-5 Dropping a person's key leaves verification intact

    Source: our decision

    Scenario: After an erasure the log still verifies
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 14 March 2026
      When Sanne's keys are destroyed
      Then the log verifies

    Scenario: After an erasure the facts remain and the values are gone
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 14 March 2026
      When Sanne's keys are destroyed
      Then the history still shows that her street was overwritten, but no longer what it was

    Scenario: Nobody else's values are lost by an erasure
      Given Sanne and Daan are employed in both systems
      And Daan's street in Personio is "Central Ave"
      And the sync ran on 14 March 2026
      When Sanne's keys are destroyed
      Then the history shows that Daan's street was overwritten from "Main St" to "Central Ave" under EDIT-1
