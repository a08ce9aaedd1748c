Feature: Runs
  A run belongs to one legal entity, works on one complete reading of both systems, and says about every person what
  was done. What cannot be read completely proves nothing.

  @rule:RUN-1
  Rule: RUN-1 A run belongs to one legal entity and is started by someone

    Source: "Run your monthly payroll with the Loket integration"

    Scenario: The history knows who started the run, and for which legal entity
      Given Sanne is employed in both systems
      When Anna runs the sync on 15 March 2026
      Then the history shows a run of Tulp Logistiek on 15 March 2026, started by Anna

    Scenario: A run of one legal entity leaves the people of another alone
      Given Sanne is employed in both systems
      And Joris is employed in both systems at Roos Retail
      And Joris's street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then Joris's street in Loket is "Main St"
      And the result does not show Joris

  @rule:RUN-2
  Rule: RUN-2 A run works on one snapshot of both systems

    Source: our decision

    Scenario: What changes in Personio while the run is writing is left to the next run
      Given Sanne is employed in both systems
      And her phone in Personio is "030 555 0101"
      And her street in Personio becomes "Central Ave" while the sync is writing
      When the sync runs on 15 March 2026
      Then her phone in Loket is "030 555 0101"
      And her street in Loket is "Main St"

    Scenario: The next run sends what changed meanwhile
      Given Sanne is employed in both systems
      And her phone in Personio is "030 555 0101"
      And her street in Personio becomes "Central Ave" while the sync is writing
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: What someone types into Loket outside the set while the run is writing is kept
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And her address note in Loket becomes "ring twice" while the sync is writing
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And her address note in Loket is "ring twice"

    Scenario: What someone types into Loket meanwhile is not written again when it is the right value
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And her street in Loket becomes "Central Ave" while the sync is writing
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And the history shows no overwritten field of Sanne

  @rule:RUN-3
  Rule: RUN-3 A legal entity has one run at a time

    Source: our decision

    Scenario: A second run of the same legal entity is refused and names the first
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And another run of Tulp Logistiek is in progress
      When the sync runs on 15 March 2026
      Then the sync is refused because of the run in progress
      And nothing was written to Loket

    Scenario: A run of another legal entity is not in the way
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And another run of Roos Retail is in progress
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: When the other run has ended, the sync runs
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And another run of Tulp Logistiek is in progress
      And the sync ran with trouble on 14 March 2026
      And the other run has ended
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

  @rule:RUN-4
  Rule: RUN-4 Every person of the legal entity appears exactly once in the result

    Source: our decision

    Scenario: Each person has one outcome, and the counts add up to the headcount
      Given Sanne, Daan, Fatima and Noor are employed in both systems
      And Eva is in Personio only
      And Sanne's street in Personio is "Central Ave"
      And Daan's status in Personio is "Leave"
      And Fatima's employment in Loket ends on 31 May 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as updated under EDIT-1
      And the result shows Daan as left out under WHO-2
      And the result shows Fatima as left out under END-2
      And the result shows Noor as unchanged under EDIT-1
      And the result shows Eva as concept created under MATCH-3
      And the counts of the run add up to 5 people

    Scenario: A run in which nobody takes part is recorded, with no writes
      Given Sanne is employed in both systems
      And her Consider in NL payroll in Personio is "No"
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket
      And the counts of the run add up to 1 person

    Scenario: A person with several contracts in Personio still appears once
      Given Sanne is employed in both systems
      And Sanne had an earlier contract in Personio until 31 December 2022
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And the counts of the run add up to 1 person

    Scenario: People of other legal entities are not counted
      Given Sanne is employed in both systems
      And Joris is employed in both systems at Roos Retail
      When the sync runs on 15 March 2026
      Then the counts of the run add up to 1 person

    Scenario: People of whom there is no news share an event, and each history tells only of its own
      Given Sanne, Daan and Noor are employed in both systems
      And the sync ran on 13 March 2026
      When the sync runs on 14 March 2026
      Then the run told of Sanne, Daan and Noor together
      And the history of Sanne tells once that she was unchanged on 14 March 2026
      And the history of Sanne speaks of nobody else

    Scenario: Whoever has news has an event of their own beside them
      Given Sanne, Daan and Noor are employed in both systems
      And the sync ran on 13 March 2026
      And Daan's street in Personio is "Central Ave"
      When the sync runs on 14 March 2026
      Then the run told of Sanne and Noor together
      And the run told of Daan alone
      And the result shows Daan as updated under EDIT-1

    Scenario: Whoever is left out for another reason than before has news
      Given Sanne, Daan and Noor are employed in both systems
      And the sync ran on 13 March 2026
      And Noor's Consider in NL payroll in Personio is "No"
      When the sync runs on 14 March 2026
      Then the run told of Noor alone
      And the run told of Sanne and Daan together

    Scenario: A change in Loket that no rule acts on is news as well
      Given Sanne and Daan are employed in both systems
      And the sync ran on 13 March 2026
      And Sanne's street in Personio is "Central Ave"
      And Sanne's street in Loket is "Central Ave"
      When the sync runs on 14 March 2026
      Then the run told of Sanne alone
      And the result shows Sanne as unchanged under EDIT-1
      And the run told of Daan together

    Scenario: The plan of a run says the same, and writes nothing
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the plan is made on 15 March 2026
      Then the plan shows that her street goes from "Main St" to "Central Ave"
      And her street in Loket is "Main St"

  @rule:RUN-5
  Rule: RUN-5 One person's failure leaves the others' sync undisturbed

    Source: our decision

    Scenario: Loket refuses one person's write and the others are synced
      Given Sanne and Daan are employed in both systems
      And Sanne's street in Personio is "Central Ave"
      And Daan's street in Personio is "Harbour Rd"
      And Loket refuses the next write about Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as failed under RUN-5
      And Daan's street in Loket is "Harbour Rd"
      And the run is completed with errors

    Scenario: When nothing fails the run is simply completed
      Given Sanne and Daan are employed in both systems
      And Sanne's street in Personio is "Central Ave"
      And Daan's street in Personio is "Harbour Rd"
      When the sync runs on 15 March 2026
      Then the run is completed

    Scenario: Running again after a failure writes only what is still missing
      Given Sanne and Daan are employed in both systems
      And Sanne's street in Personio is "Central Ave"
      And Daan's street in Personio is "Harbour Rd"
      And Loket refuses the next write about Sanne
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then Sanne's street in Loket is "Central Ave"
      And Loket received one write
      And the result shows Daan as unchanged under EDIT-1

  @rule:RUN-6
  Rule: RUN-6 Loket's answer is read, whatever its status code

    Source: Loket API documentation

    Scenario: A warning is kept in the result of a write that was accepted
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket warns "the street is not in the postal register" at the next write
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And Sanne's result says "the street is not in the postal register"
      And the result shows Sanne as updated under EDIT-1

    Scenario: A polite answer that says a rule was broken is no confirmation
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket answers politely that the next write broke a rule
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And the history shows no overwritten field of Sanne
      And the run is completed with errors

    Scenario: What Loket says when it refuses is in the result
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket refuses the next write with "the field street is of invalid length"
      When the sync runs on 15 March 2026
      Then Sanne's result says "the field street is of invalid length"
      And the history shows no overwritten field of Sanne

    Scenario: A missing right for one write is a refusal of that write
      Given Sanne and Daan are employed in both systems
      And Sanne's street in Personio is "Central Ave"
      And Daan's street in Personio is "Harbour Rd"
      And Loket forbids the next write about Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as failed under RUN-5
      And Daan's street in Loket is "Harbour Rd"

  @rule:RUN-7
  Rule: RUN-7 Conclusions are drawn from complete reads only

    Source: our decision

    Scenario: With Loket out of reach the run is refused
      Given Daan is in Personio only
      And Loket cannot be reached
      When the sync runs on 15 March 2026
      Then the run is refused
      And Loket has no concept employees

    Scenario Outline: When <list> of Loket cannot be read the run is refused
      Given Daan is in Personio only
      And <list> of Loket cannot be read
      When the sync runs on 15 March 2026
      Then the run is refused
      And Loket has no concept employees

      Examples:
        | list                  |
        | the employees         |
        | the concept employees |
        | the employments       |

    Scenario: With Personio out of reach the run is refused
      Given Sanne is employed in both systems
      And Personio cannot be reached
      When the sync runs on 15 March 2026
      Then the run is refused
      And nothing was written to Loket

    Scenario: A list of people that never ends proves nothing about anyone
      Given Sanne and Daan are employed in both systems
      And Personio's list of people runs in a circle
      When the sync runs on 15 March 2026
      Then the run is refused
      And nothing was written to Loket

    Scenario: Nobody counts as gone because a page of Personio's list failed
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Personio's list of people cannot be read to the end
      And the sync ran with trouble on 8 March 2026
      And Personio can be read again
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And the history of Sanne never says that she left the legal entity

    Scenario: A page without its paging data is not the end of the list
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Personio's pages come without their paging data
      When the sync runs on 15 March 2026
      Then the run is refused because of RUN-7
      And nothing was written to Loket

    Scenario: Who slips between two pages is asked for, and is there
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Personio loses Sanne between two pages
      And Sanne's street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the result shows Sanne as updated under EDIT-1

    Scenario: Who is deleted in Personio is not seen on the first sweep, and left alone
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne is deleted in Personio
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under RUN-7
      And Sanne's result says "not seen in Personio"
      And the counts of the run add up to 2 people
      And the history of Sanne never says that she left the legal entity

    Scenario: Who is deleted in Personio has left once a second sweep says so
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne is deleted in Personio
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-1

    Scenario: Another legal entity that is shown once, and then no more, ends nothing
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's legal entity in Personio becomes "Lavendel GmbH"
      And the sync ran on 8 March 2026
      And Sanne's legal entity in Personio becomes "Tulp Logistiek"
      And the sync ran on 14 March 2026
      And Sanne's legal entity in Personio becomes "Lavendel GmbH"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under RUN-7

    Scenario: Pay that makes no sense is the finding of whoever it belongs to, and ends nothing
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne and Daan are employed in both systems
      And Sanne and Daan each earn 3,000.00 a month with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 1 March 2026
      And that payment in Personio makes no sense
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under PAY_NOT_READABLE
      And the result shows Daan as blocked under CHECK-2
      And nothing was written to Loket
      And Sanne's payments of component 284 in Loket are 45.50 from 1 February 2026
      And the history does not say that Sanne's pay went

    Scenario: Pay that makes sense again is as it was
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Sanne's salary in Personio makes no sense
      And the sync ran with trouble on 8 March 2026
      And Personio's pay makes sense again
      When the sync runs on 15 March 2026
      Then the run is completed
      And nothing was written to Loket

    Scenario: Pay of another legal entity that makes no sense concerns nobody here
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Iris is employed in both systems at Roos Retail
      And Iris earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Iris's salary in Personio makes no sense
      When the sync runs on 15 March 2026
      Then the run is completed

    Scenario: Nobody becomes a concept employee with a salary that makes no sense
      Given Daan is in Personio only
      And Daan earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Daan's salary in Personio makes no sense
      When the sync runs on 15 March 2026
      Then the result shows Daan as blocked under PAY_NOT_READABLE
      And Loket has no concept employees

    Scenario: A drift check draws no conclusion about pay that makes no sense
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Sanne's salary in Personio makes no sense
      When a drift check is made on 15 March 2026
      Then the check finds no drift
      And Sanne's wage was not compared because of PAY_NOT_READABLE

    Scenario: When both systems can be read again the run goes on as if nothing had happened
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket cannot be reached
      And the sync ran with trouble on 14 March 2026
      And Loket can be reached again
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: A short trouble that passes while reading does no harm
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket is unavailable for one reading
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

  @rule:RUN-12
  Rule: RUN-12 A complete read that cannot be true is not believed

    Source: our decision

    Scenario: When nearly half of the people are gone at once, the run is refused
      Given 13 others are employed in both systems
      And the sync ran on 1 March 2026
      And 6 of the others are deleted in Personio
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket
      And the run says that people were 13 and are 7
      And one alert says that a read is not believed

    Scenario: The first sweep has nothing to be held against
      Given 7 others are employed in both systems
      When the sync runs on 15 March 2026
      Then the run is completed

    Scenario: Five of six may be gone
      Given 6 others are employed in both systems
      And the sync ran on 1 March 2026
      And 5 of the others are deleted in Personio
      When the sync runs on 15 March 2026
      Then the run is completed
      And no alert says that a read is not believed

    Scenario: Exactly a fifth may be gone
      Given 30 others are employed in both systems
      And the sync ran on 1 March 2026
      And 6 of the others are deleted in Personio
      When the sync runs on 15 March 2026
      Then the run is completed

    Scenario: The only person of a legal entity is not believed to be gone on one look
      Given 1 others are employed in both systems
      And the sync ran on 1 March 2026
      And everybody is deleted in Personio
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ

    Scenario: The only person of a legal entity may leave without anybody's yes, on two looks
      Given 1 others are employed in both systems
      And the sync ran on 1 March 2026
      And everybody is deleted in Personio
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then the run is completed

    Scenario: A fall is explained when two sweeps say of all who are missing that they are gone
      Given 13 others are employed in both systems
      And the sync ran on 1 March 2026
      And 6 of the others are deleted in Personio
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And the counts of the run add up to 13 people

    Scenario: When nearly half of the employees are hidden in Loket, the run is refused
      Given 13 others are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us 6 of the others
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket
      And the run says that employees were 13 and are 7
      And one alert says that a read is not believed

    Scenario: Five of six employees that Loket hides are told by name, and the read is believed
      Given 6 others are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us 5 of the others
      When the sync runs on 15 March 2026
      Then the run is blocked because of EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And nothing was written to Loket
      And no alert says that a read is not believed

    Scenario: Exactly a fifth of the employees may be hidden in Loket without a doubt about the whole read
      Given 30 others are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us 6 of the others
      When the sync runs on 15 March 2026
      Then the run is blocked because of EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And no alert says that a read is not believed

    Scenario: Loket that shows nobody at all any more is not believed, however few there were
      Given 1 others are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us anyone
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And the run says that employees were 1 and are 0
      And Loket has no concept employees

    Scenario: When nearly half of those with pay show none, the run is refused
      Given pay is synced from 1 January 2026
      And 13 others are employed in both systems
      And the others each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Personio shows us no pay of 6 of the others any more
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket
      And the run says that people with pay were 13 and are 7
      And one alert says that a read is not believed

    Scenario: Five of thirteen without pay are told by name, and the read is believed
      Given pay is synced from 1 January 2026
      And 13 others are employed in both systems
      And the others each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Personio shows us no pay of 5 of the others any more
      When the sync runs on 15 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And nothing was written to Loket
      And no alert says that a read is not believed

    Scenario: Exactly a fifth of those with pay may show none without a doubt about the whole read
      Given pay is synced from 1 January 2026
      And 30 others are employed in both systems
      And the others each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Personio shows us no pay of 6 of the others any more
      When the sync runs on 15 March 2026
      Then the run is blocked because of PAY_NOT_VISIBLE
      And no alert says that a read is not believed

    Scenario: Pay of which a credential that was narrowed shows nothing any more is not believed to be gone
      Given pay is synced from 1 January 2026
      And 1 others are employed in both systems
      And the others each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Personio shows us the pay of Roos Retail only
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And the run says that people with pay were 1 and are 0
      And nothing was written to Loket

    Scenario: Pay that is shown for the first time has nothing to be held against
      Given 7 others are employed in both systems
      And the others each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And pay is synced from 1 January 2026
      And Personio shows us no pay of 6 of the others any more
      When the sync runs on 15 March 2026
      Then the run is completed
      And no alert says that a read is not believed

    Scenario: A status that is shown of nobody any more is not believed, however often it is read
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us anyone's status
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ

    Scenario: Somebody else may look and accept it
      Given 26 others are employed in both systems
      And the sync ran on 1 March 2026
      And 21 of the others are deleted in Personio
      And Anna ran the sync with trouble on 15 March 2026
      When Bram accepts that read and runs the sync on 15 March 2026
      Then the run is completed
      And the log holds that Bram accepted the read

    Scenario: Whose run was refused cannot accept it alone
      Given 26 others are employed in both systems
      And the sync ran on 1 March 2026
      And 21 of the others are deleted in Personio
      And Anna ran the sync with trouble on 15 March 2026
      When Anna accepts that read and runs the sync on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ

    Scenario: An acceptance holds only while the sizes are the same
      Given 26 others are employed in both systems
      And the sync ran on 1 March 2026
      And 21 of the others are deleted in Personio
      And Anna ran the sync with trouble on 15 March 2026
      And 2 of the others are deleted in Personio
      When Bram accepts that read and runs the sync on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ

    Scenario: What was accepted once is not asked again
      Given 26 others are employed in both systems
      And the sync ran on 1 March 2026
      And 21 of the others are deleted in Personio
      And Anna ran the sync with trouble on 15 March 2026
      And Bram accepted that read and ran the sync on 15 March 2026
      When the sync runs on 16 March 2026
      Then the run is completed

    Scenario: A drift check is refused in the same words
      Given 13 others are employed in both systems
      And the sync ran on 1 March 2026
      And 6 of the others are deleted in Personio
      When a drift check is tried on 15 March 2026
      Then the check is not believed, and one alert says so

    Scenario: A plan is refused in the same words
      Given 13 others are employed in both systems
      And the sync ran on 1 March 2026
      And 6 of the others are deleted in Personio
      When the plan is made on 15 March 2026
      Then no plan is made, because the read is not believed
      And no alert says that a read is not believed

  @rule:RUN-9
  Rule: RUN-9 The connection is checked before it is used

    Source: "Set up the Loket integration"

    Scenario: A saved filter that hides people from the Loket user is a fault in the setup
      Given Daan is in Personio only
      And a saved filter hides people from the Loket user
      When the sync runs on 15 March 2026
      Then the sync stops with a fault in the setup
      And Loket has no concept employees

    Scenario: A filter that hides nobody is no fault
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario: Without the right to read BSNs everything else is synced, and the result says so
      Given Sanne is employed in both systems
      And the Loket user may not read BSNs
      And her street in Personio is "Central Ave"
      And her BSN in Personio is "111222333"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And her BSN in Loket is as it was
      And Sanne's result names BSN_NOT_READABLE_IN_LOKET
      And the run is completed with errors

    Scenario: A field that Loket does not show is neither compared nor written, and the result says so
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's city in Personio becomes "Gouda"
      And Loket does not show us anyone's city
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And Sanne's result names NOT_READ_IN_LOKET
      And Daan's result names NOT_READ_IN_LOKET
      And the run is completed with errors
      And the result counts "address.city" as not shown by Loket for 2 people

    Scenario: A field that Loket shows again is compared, and written
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's city in Personio becomes "Gouda"
      And Loket does not show us anyone's city
      And the sync ran with trouble on 14 March 2026
      And Loket shows us every field again
      When the sync runs on 15 March 2026
      Then her city in Loket is "Gouda"
      And Sanne's result does not name NOT_READ_IN_LOKET
      And the run is completed
      When every decision on record is derived again
      Then all of them agree

    Scenario: What is blank in Personio is not missed in Loket
      Given Sanne is employed in both systems
      And her name prefix in Personio is blank
      And Loket does not show us anyone's name prefix
      When the sync runs on 15 March 2026
      Then Sanne's result does not name NOT_READ_IN_LOKET
      And the run is completed

    Scenario: A concept employee of whom Loket does not show a field that has a value in Personio is told of, too
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And Loket does not show us anyone's city
      When the sync runs on 15 March 2026
      Then Daan's result names NOT_READ_IN_LOKET
      And nothing was written to Loket

    Scenario: A raise is not taken for sent where Loket does not show the wage
      Given pay is synced from 1 January 2026
      And Sanne and Daan are employed in both systems
      And Sanne and Daan each earn 3,000.00 a month with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Sanne earns 3,300.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Daan's street in Personio becomes "Central Ave"
      And Loket does not show us anyone's wage
      When the sync runs on 15 March 2026
      Then Sanne's result names NOT_READ_IN_LOKET
      And Sanne's wages in Loket from 1 March 2026 on are none
      And Daan's street in Loket is "Central Ave"
      And the run is completed with errors
      And the history does not say that Sanne's pay went from Loket

    Scenario: A wage that Loket shows again on the same day is read again
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Sanne earns 3,300.00 a month for 40 of 40 hours with effect from 1 March 2026
      And Loket does not show us anyone's wage
      And the sync ran with trouble on 15 March 2026
      And Loket shows us every field again
      When the sync runs on 15 March 2026
      Then her wage in Loket from 1 March 2026 is 3,300.00

    Scenario: A drift check draws no conclusion about a wage that Loket does not show
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Loket does not show us anyone's wage
      When a drift check is made on 15 March 2026
      Then the check finds no drift
      And Sanne's wage was not compared because of NOT_READ_IN_LOKET

    Scenario Outline: Pay that a list of everybody shows and a person's own list lacks is there, and was not read
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Sanne receives "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 1 March 2026
      And <news>
      And Loket's list of each person's pay is empty for us
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And Sanne's result names NOT_READ_IN_LOKET
      And the run is completed with errors
      And the history does not say that Sanne's pay went from Loket
      Given Loket shows us everyone again
      When the sync runs on 16 March 2026
      Then the run is completed
      When every decision on record is derived again
      Then all of them agree

      Examples:
        | news                                                                          |
        | Sanne's street in Personio becomes "Main St"                                  |
        | Sanne earns 3,300.00 a month for 40 of 40 hours with effect from 1 March 2026 |
        | Sanne receives "Phone allowance" of 50.00 a month from 1 March 2026           |

    Scenario: A right that the planned writes need and the Loket user lacks stops the run before its first write
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Daan is in Personio only
      And the Loket user may not edit employees
      When the sync runs on 15 March 2026
      Then the sync stops with a fault in the setup
      And the run's message names the right PutEmployeeByEmployeeId
      And Loket has no concept employees
      And Sanne's street in Loket is as it was

    Scenario: A right that no planned write needs is not missed
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the Loket user may not create concept employees
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the run is completed

    Scenario: A missing right is told as such when the list is spelled in other letters
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the Loket user may not edit employees
      And Loket lists the user's rights in other letters than it documents
      When the sync runs on 15 March 2026
      Then the sync stops with a fault in the setup
      And Sanne's street in Loket is as it was

    Scenario Outline: A list of rights that nobody can read proves nothing, and the write itself will tell
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket lists the user's rights <how>
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the run is completed

      Examples:
        | how                             |
        | in words that nobody documented |
        | in a form that nobody documented |

    Scenario: A short list of authorisations alone refuses nothing
      Given Sanne is employed in both systems
      And Loket tells no authorisations of the user
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the run is completed

  @rule:RUN-10
  Rule: RUN-10 A first roll-out begins with one person

    Source: "Run your monthly payroll with the Loket integration"

    Scenario: A pilot writes for the person it is of, and leaves everybody else out
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Fatima is employed in both systems
      And her street in Personio is "Harbour Rd"
      And Daan is in Personio only
      When a pilot of Sanne runs on 15 March 2026
      Then the result shows Sanne as updated under EDIT-1
      And the result shows Fatima as left out under RUN-10
      And the result shows Daan as left out under RUN-10
      And Sanne's street in Loket is "Central Ave"
      And Fatima's street in Loket is "Main St"
      And Loket has no concept employees
      And the run is completed

    Scenario: A mistake in somebody else's data does not hold a pilot
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Fatima is employed in both systems
      And her postal code in Personio is "0123 AB"
      When a pilot of Sanne runs on 15 March 2026
      Then Sanne's street in Loket is "Central Ave"
      And the run is completed

    Scenario: A mistake in their own data holds a pilot
      Given Sanne is employed in both systems
      And her postal code in Personio is "0123 AB"
      And Fatima is employed in both systems
      When a pilot of Sanne runs on 15 March 2026
      Then the result shows Sanne as blocked under POSTCODE_FORMAT
      And the result shows Fatima as left out under RUN-10
      And nothing was written to Loket

    Scenario: A number that somebody outside the pilot has too holds it
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Daan is in Personio only
      And Daan's employee number in Personio is the same as Sanne's
      When a pilot of Sanne runs on 15 March 2026
      Then the result shows Sanne as blocked under DUPLICATE_EMPLOYEE_NUMBER
      And nothing was written to Loket

    Scenario: Whom another rule leaves out is told that rule, in the pilot or not
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      And Fatima is employed in both systems
      And her status in Personio is "Inactive"
      When a pilot of Sanne runs on 15 March 2026
      Then the result shows Sanne as left out under END-3
      And the result shows Fatima as left out under END-3

    Scenario: The first run of everybody takes up those whom the pilot left out
      Given Sanne is employed in both systems
      And Fatima is employed in both systems
      And her street in Personio is "Harbour Rd"
      And a pilot of Sanne ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then Fatima's street in Loket is "Harbour Rd"
      And the result shows Sanne as unchanged under EDIT-1

    Scenario: A pilot closes no case of somebody else
      Given Sanne is employed in both systems
      And Fatima is employed in both systems
      And the sync ran on 7 March 2026
      And Fatima's street in Loket becomes "Harbour Rd"
      And a drift check was made on 8 March 2026
      When a pilot of Sanne runs on 15 March 2026
      Then the drift of Fatima's street is still an open case

  @rule:RUN-13
  Rule: RUN-13 A run that would clear or create for unusually many people waits for a second person

    Source: our decision

    Scenario: A run that would clear the fields of very many people at once stops and asks
      Given 4 people are employed in both systems, each with a blank private e-mail in Personio
      And 6 more people are employed in both systems
      When Anna runs the sync on 15 March 2026
      Then the run is refused because of BRAKE
      And nothing was written to Loket

    Scenario: A run that clears the fields of three people in ten passes
      Given 3 people are employed in both systems, each with a blank private e-mail in Personio
      And 7 more people are employed in both systems
      When the sync runs on 15 March 2026
      Then the run is completed
      And Loket received 3 writes

    Scenario: Another person may confirm the plan of a run that stopped
      Given 4 people are employed in both systems, each with a blank private e-mail in Personio
      And Anna ran the sync with trouble on 15 March 2026
      When Bram confirms that plan and runs the sync on 15 March 2026
      Then the run is completed
      And Loket received 4 writes

    Scenario: A confirmation lets one run pass, and no other
      Given 11 people are employed in both systems, each with a blank private e-mail in Personio
      And Anna ran the sync with trouble on 15 March 2026
      And Bram confirmed that plan and ran the sync on 15 March 2026
      And everybody's private e-mail in Loket is typed in again
      When Bram uses the same confirmation again on 15 March 2026
      Then the run is refused because of BRAKE
      And nothing was written to Loket

    Scenario: The person whose run stopped cannot confirm it alone
      Given 4 people are employed in both systems, each with a blank private e-mail in Personio
      And Anna ran the sync with trouble on 15 March 2026
      When Anna confirms that plan and runs the sync on 15 March 2026
      Then the run is refused because of BRAKE
      And nothing was written to Loket

    Scenario: Pay that goes on with a newer amount which itself ends is ended pay
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each receive "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne, Daan, Lotte and Joost each receive "Phone allowance" of 50.00 a month from 1 April 2026
      And Sanne, Daan, Lotte and Joost each receive "Phone allowance" of 0.00 a month from 1 June 2026
      When the sync runs on 16 March 2026
      Then the run is refused because of BRAKE
      And nothing was written to Loket

    Scenario: Pay that goes on with a newer amount is not ended
      Given pay is synced from 1 January 2026
      And "Phone allowance" is mapped to payroll component 284 as recurring
      And Sanne, Daan, Lotte and Joost are employed in both systems
      And Sanne, Daan, Lotte and Joost each receive "Phone allowance" of 45.50 a month from 1 February 2026
      And the sync ran on 15 March 2026
      And Sanne, Daan, Lotte and Joost each receive "Phone allowance" of 50.00 a month from 1 April 2026
      When the sync runs on 16 March 2026
      Then the run is completed

    Scenario Outline: <many> new hires at once are <outcome>
      Given 20 more people are employed in both systems
      And the sync ran on 1 March 2026
      And <many> people are in Personio only, in service since 1 March 2026
      When the sync runs on 15 March 2026
      Then the run is <outcome>
      And Loket has <concepts> concept employees

      Examples:
        | many | outcome   | concepts |
        | 5    | completed | 5        |
        | 6    | refused   | no       |

    Scenario: A first run against the wrong employer makes nobody a concept employee
      Given 8 more people are employed in both systems
      And the configuration names the employer of Roos Retail by mistake
      When Anna runs the sync on 15 March 2026
      Then the run is refused because of BRAKE
      And nothing was written to Loket
      And Roos Retail has no concept employees in Loket

    Scenario: A first run with a Loket user who sees nobody makes nobody a concept employee
      Given 8 more people are employed in both systems
      And Loket no longer shows us anyone
      When Anna runs the sync on 15 March 2026
      Then the run is refused because of BRAKE
      And Loket has no concept employees

    Scenario: A company that is new in Loket is confirmed once
      Given 6 people are in Personio only, in service since 1 January 2024
      And Anna ran the sync with trouble on 15 March 2026
      When Bram confirms that plan and runs the sync on 15 March 2026
      Then the run is completed
      And Loket has 6 concept employees

    Scenario: A first run of people who have just begun is not braked
      Given 6 people are in Personio only, in service since 1 March 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And Loket has 6 concept employees

    Scenario: A pilot is braked by the same counts
      Given Sanne, Daan, Mo and Tim are in Personio only
      When a pilot of Sanne, Daan, Mo and Tim runs on 15 March 2026
      Then the run is refused because of BRAKE
      And Loket has no concept employees

    Scenario: Each concept employee for someone long in service says so
      Given Daan is in Personio only
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3
      And Daan's result names CONCEPT_FOR_LONG_EMPLOYED

    Scenario: A concept employee for someone who has just begun does not
      Given Daan is in Personio only
      And Daan's entry date in Personio is "1 March 2026"
      When the sync runs on 15 March 2026
      Then Daan's result does not name CONCEPT_FOR_LONG_EMPLOYED

  @rule:RUN-14
  Rule: RUN-14 A run that was given a plan writes that plan, or nothing

    Source: our decision

    Scenario: The plan that somebody looked at is written
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Anna looked at the plan of 15 March 2026
      When Anna starts that plan on 15 March 2026
      Then the run is completed
      And Sanne's street in Loket is "Central Ave"
      And the history shows which plan was to be written

    Scenario: A plan that has changed in between is not written, and both are told
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Anna looked at the plan of 15 March 2026
      And her street in Personio is "Harbour Rd"
      When Anna starts that plan on 15 March 2026
      Then the run is refused because of RUN-14
      And nothing was written to Loket
      And the history shows both plans

    Scenario: Whoever gave it another plan is told, and nobody is alarmed
      Given Sanne is employed in both systems
      And Anna looked at the plan of 15 March 2026
      And her street in Personio is "Harbour Rd"
      When Anna starts that plan on 15 March 2026
      Then no alert was raised

    Scenario: What changes nothing in the plan is no reason to refuse it
      Given Sanne and Fatima are employed in both systems
      And Sanne's street in Personio is "Central Ave"
      And Fatima's Consider in NL payroll in Personio is "No"
      And Anna looked at the plan of 15 March 2026
      And Fatima's street in Personio is "Harbour Rd"
      When Anna starts that plan on 15 March 2026
      Then the run is completed
      And Loket received one write

    Scenario: Findings that came in between hold everybody, as they always do
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Anna looked at the plan of 15 March 2026
      And her postal code in Personio is "0123 AB"
      When Anna starts that plan on 15 March 2026
      Then the result shows Sanne as blocked under POSTCODE_FORMAT
      And nothing was written to Loket

    Scenario: A plan that was confirmed is not followed by another one that the brake would let pass
      Given 4 people are employed in both systems, each with a blank private e-mail in Personio
      And Sanne is employed in both systems
      And 6 more people are employed in both systems
      And Anna ran the sync with trouble on 15 March 2026
      And everybody's private e-mail in Personio is as it is in Loket
      And Sanne's street in Personio is "Central Ave"
      When Bram confirms and starts that plan only on 15 March 2026
      Then the run is refused because of RUN-14
      And nothing was written to Loket

  @rule:RUN-15
  Rule: RUN-15 Between two full reads Loket's version numbers say whom to read again

    Source: our decision

    Scenario: Of whom nothing moved in Loket, nothing is read again that day
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      When the sync runs at 13:00 on 15 March 2026
      Then nobody was read again in Loket
      And the run says that 2 of 2 people were not read again since 09:00

    Scenario: Whoever moved is read again, and only they
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Sanne's IBAN in Loket is "NL02ABNA0123456789"
      When the sync runs at 13:00 on 15 March 2026
      Then only Sanne was read again in Loket
      And Sanne's IBAN in Loket is as in Personio
      And the history shows one overwritten field of Sanne

    Scenario: Whoever changed in Personio is read again before anything is decided
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Fatima's street in Personio is "Central Ave"
      When the sync runs at 13:00 on 15 March 2026
      Then only Fatima was read again in Loket
      And Fatima's street in Loket is "Central Ave"

    Scenario: A day begins with everybody
      Given Sanne and Fatima are employed in both systems
      And the sync ran at 23:59 on 15 March 2026
      When the sync runs at 00:00 on 16 March 2026
      Then everybody was read again in Loket

    Scenario: Another set of rights is a reason to read everybody
      Given Sanne and Fatima are employed in both systems
      And the Loket user may not create concept employees
      And the sync ran on 15 March 2026
      And the Loket user has every right again
      When the sync runs at 13:00 on 15 March 2026
      Then everybody was read again in Loket

    Scenario: A counter that goes back is not believed
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Loket's version numbers are lower than they were
      When the sync runs at 13:00 on 15 March 2026
      Then everybody was read again in Loket

    Scenario: Somebody without a version number is a reason to read everybody
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Loket no longer shows us Fatima
      When the sync runs at 13:00 on 15 March 2026
      Then everybody was read again in Loket

    Scenario: After a run that did not end well everybody is read
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Sanne's street in Personio is "Central Ave"
      And Loket refuses the next write
      And the sync ran with trouble on 15 March 2026
      When the sync runs at 13:00 on 15 March 2026
      Then everybody was read again in Loket

    Scenario: Without version numbers everybody is read, and the run says so
      Given Sanne and Fatima are employed in both systems
      And Loket does not tell its version numbers
      And the sync ran on 15 March 2026
      When the sync runs at 13:00 on 15 March 2026
      Then everybody was read again in Loket
      And the run notes that Loket does not tell its version numbers

    Scenario: A customer may have everybody read every time
      Given Sanne and Fatima are employed in both systems
      And everybody is to be read every time
      And the sync ran on 15 March 2026
      When the sync runs at 13:00 on 15 March 2026
      Then everybody was read again in Loket

    Scenario: A change that moves no version number is found by the first run of the next day, and ends the saving
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Loket's version numbers stand still from now on
      And Sanne's IBAN in Loket is "NL02ABNA0123456789"
      And the sync ran on 15 March 2026
      And the sync ran on 16 March 2026
      When the sync runs at 13:00 on 16 March 2026
      Then everybody was read again in Loket
      And Sanne's IBAN in Loket is as in Personio
      And one alert tells that Loket's version numbers were wrong about her IBAN

    Scenario: A drift check reads everybody, and finds it as well
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Loket's version numbers stand still from now on
      And Sanne's IBAN in Loket is "NL02ABNA0123456789"
      When a drift check is made on 15 March 2026
      Then everybody was read again in Loket
      And one alert tells that Loket's version numbers were wrong about her IBAN

    Scenario: What is changed while it is read proves nothing
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And someone types "NL02ABNA0123456789" over Sanne's IBAN once the version numbers were asked for
      When the sync runs on 16 March 2026
      Then Sanne's IBAN in Loket is as in Personio
      And no alert tells of Loket's version numbers

    Scenario: Somebody who looked into it has the version numbers trusted again
      Given Sanne and Fatima are employed in both systems
      And the sync ran on 15 March 2026
      And Loket's version numbers stand still from now on
      And Sanne's IBAN in Loket is "NL02ABNA0123456789"
      And the sync ran on 16 March 2026
      And Loket's version numbers move again, and Olga says so
      And the sync ran on 16 March 2026
      When the sync runs at 13:00 on 16 March 2026
      Then nobody was read again in Loket
