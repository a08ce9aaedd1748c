Feature: Leavers
  A termination is handled by people, in Personio and in Loket. Personio's side counts from the day after the last
  one; Loket's side counts from the moment it is entered, whatever its date.

  @rule:END-1
  Rule: END-1 Someone leaving stays included while the conditions hold

    Source: "Manage terminations"

    Scenario: A termination in Personio alone removes nobody
      Given Sanne is employed in both systems
      And her employment in Personio ends on 31 March 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: On the last day the person is still in
      Given Sanne is employed in both systems
      And her employment in Personio ends on 31 March 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 31 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: In the first run after the last day the person is out
      Given Sanne is employed in both systems
      And her employment in Personio ends on 31 March 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 1 April 2026
      Then the result shows Sanne as left out under END-3
      And her street in Loket is "Main St"

    Scenario: In the first hour after the last day Personio still says Active, and that counts
      Given Sanne is employed in both systems
      And her employment in Personio ends on 31 March 2026
      When the sync runs at 00:30 on 1 April 2026
      Then the result shows Sanne as unchanged under EDIT-1

    Scenario: The end of a contract does not make anyone Inactive
      Given Sanne is employed in both systems
      And her contract in Personio ends on 28 February 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

  @rule:END-2
  Rule: END-2 An end date in Loket, even a future one, leaves the person out at once

    Source: "Manage terminations"

    Scenario Outline: An end date of <end> leaves an Active person out of a run on 15 March
      Given Sanne is employed in both systems
      And her employment in Loket ends on <end>
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under END-2
      And her street in Loket is "Main St"

      Examples:
        | end              |
        | 31 May 2026      |
        | 16 March 2026    |
        | 15 March 2026    |
        | 14 March 2026    |
        | 31 December 2025 |

    Scenario: Without an end date the person is in
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: An end date that is gone again brings the person back
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 1 March 2026
      And her employment in Loket is reinstated
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: The history keeps when the end date was seen and when it was gone
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 8 March 2026
      And her employment in Loket is reinstated
      When the sync runs on 15 March 2026
      Then the history of Sanne shows the end date 31 May 2026, observed and reversed

    Scenario: An end date that moves is kept with both dates
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 30 June 2026
      When the sync runs on 15 March 2026
      Then the history of Sanne shows the end dates 31 May 2026 and 30 June 2026

    Scenario: An old ended employment beside the running one does not exclude
      Given Noor is employed in both systems
      And Noor had an employment in Loket with income number 2 from 1 January 2020 until 31 December 2022
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: The ended employment excludes while a newer one runs that Personio does not name
      Given Noor is employed in both systems
      And her employment in Loket ends on 28 February 2026
      And Noor has a second employment in Loket with income number 2 from 1 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Noor as left out under END-2
      And Noor's result names EMPL-2

    Scenario: Someone hired again under the number of an employment that Loket has ended is told to have a new one made
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 December 2025
      And her entry date in Personio is "1 March 2026"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under END-2
      And Sanne's result names EMPL-2
      And nothing was written to Loket

    Scenario: A fixed term that will end is not a termination
      Given Sanne is employed in both systems
      And her appointment in Loket is until 31 May 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: What Personio changes after that is work for a person, and the result says so
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 31 May 2026
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then Sanne's result names MANUAL_FOLLOW_UP
      And nothing was written to Loket

    Scenario: Nobody is told to enter a new employee's data in the ended employment of another under the same number
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 December 2025
      And her last name in Personio is "Visser"
      And her date of birth in Personio is "30 April 1999"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under END-2
      And Sanne's result does not name MANUAL_FOLLOW_UP

    Scenario: Someone whom Loket has ended never holds up the others
      Given Sanne and Daan are employed in both systems
      And Sanne's employment in Loket ends on 31 May 2026
      And her BSN in Personio is "123456789"
      And Daan's street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then Daan's street in Loket is "Central Ave"
      And the run is completed

    Scenario: Without both numbers nobody can tell that Loket has ended the employment
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 May 2026
      And her income number in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under MISSING_INCOME_NUMBER

    Scenario: The list of terminations shows who is out, since when and what is left to do by hand
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 8 March 2026
      And her street in Personio becomes "Central Ave"
      When the terminations are listed on 15 March 2026
      Then Sanne is listed as out with end date 31 May 2026 since 8 March 2026
      And her street is listed as work by hand in Loket

    Scenario: Nobody is on that list without an end date in Loket
      Given Sanne is employed in both systems
      And her employment in Personio ends on 31 March 2026
      And the sync ran on 1 March 2026
      When the terminations are listed on 15 March 2026
      Then nobody is listed as out

    Scenario: An old ended employment beside the running one puts nobody on that list
      Given Noor is employed in both systems
      And Noor had an employment in Loket with income number 2 from 1 January 2020 until 31 December 2022
      When the terminations are listed on 15 March 2026
      Then nobody is listed as out

  @rule:END-3
  Rule: END-3 An Inactive person is out; ending the employment is manual work in both systems

    Source: "Manage terminations"

    Scenario: An Inactive person is left out and the employment in Loket stays open
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under END-3
      And her employment 1 in Loket has no end date

    Scenario: An Inactive person's blanks clear nothing
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      And her private e-mail in Personio is blank
      When the sync runs on 15 March 2026
      Then her private e-mail in Loket is "sanne@example.net"

    Scenario: The list of terminations shows an employment that is still open in Loket
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      When the terminations are listed on 15 March 2026
      Then Sanne is listed as open in Loket

    Scenario: An employment that both systems have ended is not on that list
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      And her employment in Loket ends on 28 February 2026
      When the terminations are listed on 15 March 2026
      Then nobody is listed as open in Loket

    Scenario: Someone who is Active again is back in
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      And the sync ran on 1 March 2026
      And her status in Personio becomes "Active"
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

  @rule:END-4
  Rule: END-4 The sync leaves every termination to people

    Source: "Manage terminations"

    Scenario: A termination in Personio ends nothing in Loket
      Given Sanne is employed in both systems
      And her employment in Personio ends on 28 February 2026
      When the sync runs on 15 March 2026
      Then her employment 1 in Loket has no end date
      And nothing was written to Loket

    Scenario: A termination taken back in Personio reinstates nothing in Loket
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 May 2026
      And her status in Personio is "Inactive"
      And the sync ran on 1 March 2026
      And her status in Personio becomes "Active"
      When the sync runs on 15 March 2026
      Then her employment 1 in Loket ends on 31 May 2026

  @rule:AUD-7
  Rule: AUD-7 Terminations are kept as intervals

    Source: our decision

    Scenario: An interval runs from the first sight of the end date to the reinstatement
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 8 March 2026
      And her employment in Loket ends on 30 June 2026
      And the sync ran on 9 March 2026
      And her employment in Loket is reinstated
      And the sync ran on 15 March 2026
      When the terminations are listed on 16 March 2026
      Then nobody is listed as out
      And Sanne was out from 8 March 2026 until 15 March 2026 and was reinstated

    Scenario: An interval that still runs has no end
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 8 March 2026
      When the terminations are listed on 16 March 2026
      Then Sanne is out from 8 March 2026 on

    Scenario: Someone who goes on in another employment was not reinstated
      Given Noor is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 31 March 2026
      And the sync ran on 8 March 2026
      And Noor has a second employment in Loket with income number 2 from 1 April 2026
      And her income number in Personio is "2"
      And her entry date in Personio is "1 April 2026"
      And the sync ran on 1 April 2026
      When the terminations are listed on 2 April 2026
      Then Noor was out from 8 March 2026 until 1 April 2026 and went on in another employment
