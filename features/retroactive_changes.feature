Feature: Retroactive changes
  Most Loket fields have no dates. A change with a past date arrives as the present value, the value it replaces is
  gone from Loket, and our history is the only place that still knows it.

  @rule:RETRO-1
  Rule: RETRO-1 A past-dated change is sent as the present value on the next run

    Source: "How the integration handles retroactive changes"

    Scenario Outline: A change with effect from <effective>, entered before a run on 15 March, is sent as the present value
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from <effective>
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

      Examples:
        | effective       |
        | 1 January 2026  |
        | 14 March 2026   |
        | 15 March 2026   |

    Scenario: A change with effect from tomorrow is not retroactive and waits
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 16 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"

    Scenario: A retroactive change after an earlier run reaches Loket on the next run
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the history shows that her street was overwritten from "Main St" to "Central Ave" by that run under EDIT-1

    Scenario: Of two corrections before a run only the final one is written
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      And her street in Personio changes to "Harbour Rd" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Harbour Rd"
      And Loket received one write
      And the history shows that her street in Personio moved from "Main St" to "Harbour Rd"

    Scenario: Two corrections that were seen one after the other both stay in the history
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      And the sync ran on 8 March 2026
      And her street in Personio changes to "Harbour Rd" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then the history shows that her street in Personio moved from "Main St" to "Central Ave"
      And the history shows that her street in Personio moved from "Central Ave" to "Harbour Rd"

    Scenario: A past-dated change that leaves today's value as it was writes nothing
      Given Sanne is employed in both systems
      And her street in Personio changes to "Main St" with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Harbour Rd" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And nothing was written to Loket

  @rule:RETRO-2
  Rule: RETRO-2 A value that Loket loses by an overwrite is kept in our history

    Source: "How the integration handles retroactive changes"

    Scenario: The street that Loket no longer knows is in the history
      Given Sanne is employed in both systems
      And her street in both systems is "Main St"
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And Sanne's result lists her street as overwritten from "Main St" to "Central Ave"
      And the history shows that her street was overwritten from "Main St" to "Central Ave" by that run under EDIT-1

    Scenario: Where Loket already holds the value nothing is lost and nothing is recorded as overwritten
      Given Sanne is employed in both systems
      And her street in both systems is "Central Ave"
      When the sync runs on 15 March 2026
      Then the history shows no overwritten field of Sanne

    Scenario: The value before is what Loket held at that moment, not what we sent last
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Hand-typed Ln"
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then the history shows that her street was overwritten from "Hand-typed Ln" to "Central Ave" by that run under EDIT-1

    Scenario: A field filled for the first time is an overwrite of a blank
      Given Sanne is employed in both systems
      And her phone in Loket is blank
      And her phone in Personio is "030 555 0101"
      When the sync runs on 15 March 2026
      Then the history shows that her phone was overwritten from blank to "030 555 0101" by that run under EDIT-1

    Scenario: The effective date of an address is not invented
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then the history gives no effective date for the change of her street
