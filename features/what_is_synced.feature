Feature: What is synced
  The values in force on the day of the run travel to Loket; a change scheduled for later waits. Only supported
  attributes travel, everything else in Loket stays as it is.

  @rule:WHAT-1
  Rule: WHAT-1 The value effective on the day of the run is sent

    Source: "What is synced?"

    Scenario: The address in force today is sent
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 10 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: An address that is no longer in force is not sent
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 1 March 2026
      And her street in Personio changes to "Harbour Rd" with effect from 10 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Harbour Rd"

    Scenario: A run belongs to the day it is in Amsterdam, also while it is still yesterday in Greenwich
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs at 00:30 on 20 March 2026
      Then the business date of the run is 20 March 2026

    Scenario: A run just before midnight belongs to the day that ends
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs at 23:30 on 19 March 2026
      Then the business date of the run is 19 March 2026
      And her street in Loket is "Main St"

    Scenario: A run that crosses midnight keeps the date it started on
      Given Sanne is employed in both systems
      And the sync takes until after midnight
      When the sync runs at 23:59 on 14 March 2026
      Then the business date of the run is 14 March 2026
      And the run is completed

    Scenario: On the night the clocks go forward the day is still the one in Amsterdam
      Given Sanne is employed in both systems
      When the sync runs at 00:30 on 30 March 2026
      Then the business date of the run is 30 March 2026

    Scenario: A run in the night, before Personio shows the changes of the new day, sends what it reads
      Given Sanne is employed in both systems
      And Personio shows the changes of a day from 03:00
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs at 01:00 on 20 March 2026
      Then the business date of the run is 20 March 2026
      And her street in Loket is "Main St"

    Scenario: The first run after Personio shows them sends the changes of the day
      Given Sanne is employed in both systems
      And Personio shows the changes of a day from 03:00
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs at 03:00 on 20 March 2026
      Then her street in Loket is "Central Ave"

  @rule:WHAT-2
  Rule: WHAT-2 A future-dated change waits for its day

    Source: "What is synced?"

    Scenario: A run on 15 March still sends the old address
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And nothing was written to Loket

    Scenario: A run the day before still sends the old address
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs on 19 March 2026
      Then her street in Loket is "Main St"

    Scenario: A run on the day itself sends the new address
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs on 20 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: A run the day after sends the new address
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      When the sync runs on 21 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: A change that waited is sent by the first run on or after its day
      Given Sanne is employed in both systems
      And her street in Personio changes to "Central Ave" with effect from 20 March 2026
      And the sync ran on 15 March 2026
      When the sync runs on 20 March 2026
      Then her street in Loket is "Central Ave"
      And the history shows that her street was overwritten from "Main St" to "Central Ave" by that run under EDIT-1

    Scenario: A temporary change is two ordinary changes, there and back
      Given Sanne is employed in both systems
      And her street in Personio changes to "Harbour Rd" with effect from 1 April 2026
      And her street in Personio changes to "Main St" with effect from 1 May 2026
      And the sync ran on 2 April 2026
      When the sync runs on 2 May 2026
      Then her street in Loket is "Main St"
      And the history shows that her street was overwritten from "Harbour Rd" to "Main St" by that run under EDIT-1

  @rule:WHAT-3
  Rule: WHAT-3 Supported attributes travel, and nothing else

    Source: "What is synced?"

    Scenario: Fields of Loket that are outside the set survive a write
      Given Sanne is employed in both systems
      And her name usage in Loket is "3"
      And her address note in Loket is "third floor"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And her name usage in Loket is "3"
      And her address note in Loket is "third floor"

    Scenario: A difference outside the set is no reason to write
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her address note in Loket becomes "ring twice"
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And the result shows Sanne as unchanged under EDIT-1

    Scenario: An attribute that the customer has not mapped never travels
      Given Sanne is employed in both systems
      And the place of birth is not mapped by this customer
      And her place of birth in Personio is "Gouda"
      And her place of birth in Loket is "Delft"
      When the sync runs on 15 March 2026
      Then her place of birth in Loket is "Delft"

    Scenario: A gender is written as Loket's own code
      Given Sanne is employed in both systems
      And her gender in Personio is "Female"
      And her gender in Loket is "Man"
      When the sync runs on 15 March 2026
      Then her gender in Loket is "Woman"

    Scenario Outline: The gender <gender> has no Loket code until the customer maps it
      Given Sanne is employed in both systems
      And her gender in Personio is "<gender>"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under UNKNOWN_CODE_VALUE
      And nothing was written to Loket

      Examples:
        | gender    |
        | Diverse   |
        | Undefined |

    Scenario: A gender that the customer has mapped travels
      Given Sanne is employed in both systems
      And this customer maps the gender "Diverse" to Loket's "Woman"
      And her gender in Personio is "Diverse"
      And her gender in Loket is "Man"
      When the sync runs on 15 March 2026
      Then her gender in Loket is "Woman"

    Scenario: A country is written as the one Loket knows by that code
      Given Sanne is employed in both systems
      And her country in Personio is "be"
      And her postal code in Personio is "9000"
      When the sync runs on 15 March 2026
      Then her country in Loket is "BE"

    Scenario: A country that Loket does not know is a finding
      Given Sanne is employed in both systems
      And her country in Personio is "XZ"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under UNKNOWN_CODE_VALUE
