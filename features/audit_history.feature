Feature: Audit history
  Whatever was seen in Personio, found before a run or written to Loket is an event that nobody edits afterwards. The
  history says what is known and no more, and it shows personal values only to someone who gives a reason.

  @rule:AUD-1
  Rule: AUD-1 Every observed Personio change, every finding and every Loket write is an event

    Source: our decision

    Scenario: A change in Personio, and the write it led to, are both in the history
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then the history shows that her street in Personio moved from "Main St" to "Central Ave"
      And the history shows that her street was overwritten from "Main St" to "Central Ave" by that run under EDIT-1
      And the history shows that the overwrite of her street was caused by that change in Personio

    Scenario: A finding is in the history
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      When the sync runs on 15 March 2026
      Then the history of Sanne tells the finding BSN_ELFPROEF

    Scenario: A run that found nothing new tells of no change and no write
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      When the sync runs on 15 March 2026
      Then that run added no change and no write to the history of Sanne

  @rule:AUD-2
  Rule: AUD-2 Loket is read before it is written; the values before and after are kept

    Source: "How the integration handles retroactive changes"

    Scenario: The value before a write was on record before the write was sent
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync on 14 March 2026 died just before its first write was sent
      Then the history of Sanne already holds the intention to write "Central Ave" over "Main St"
      And nothing was written to Loket

    Scenario: A value typed into Loket in the last moment is the one that is kept
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And her street in Loket becomes "Hand-typed Ln" while the sync is writing
      When the sync runs on 15 March 2026
      Then the history shows that her street was overwritten from "Hand-typed Ln" to "Central Ave" by that run under EDIT-1

  @rule:AUD-3
  Rule: AUD-3 An overwrite names field, before, after, actor, run, rule and, where told, effective date

    Source: our decision

    Scenario: Who ran the sync stands beside the overwrite
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When Anna runs the sync on 15 March 2026
      Then the history shows that her street was overwritten from "Main St" to "Central Ave" by that run under EDIT-1
      And the history names Anna for the overwrite of her street

    Scenario: The effective date of an address is told as unknown, with the day it was first seen
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio changes to "Central Ave" with effect from 1 January 2026
      When the sync runs on 15 March 2026
      Then the history says of her street "first seen on 15 March 2026, effective date not told by Personio"

    Scenario: What was equal already is not told as overwritten
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the history shows one overwritten field of Sanne

    Scenario: Each raise is told with the wage it takes the place of
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And the sync ran on 1 March 2026
      And Sanne's raise to 3,200.00 a month is planned for 1 April 2026
      And Sanne's raise to 3,400.00 a month is planned for 1 May 2026
      When the sync runs on 15 March 2026
      Then the history shows that her wage was overwritten from "3000.00" to "3200.00" by that run under PAY-3
      And the history shows that her wage was overwritten from "3200.00" to "3400.00" by that run under PAY-3

  @rule:AUD-4
  Rule: AUD-4 Every fact has two clocks: recorded at and effective on

    Source: our decision

    Scenario: A future end date in Loket has the day it holds and the day it was seen
      Given Sanne is employed in both systems
      And her employment in Loket ends on 31 May 2026
      When the sync runs on 15 March 2026
      Then the end date in the history of Sanne was recorded on 15 March 2026 and holds from 31 May 2026

    Scenario: A fact without a known effective date has only the day it was recorded
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then the history gives no effective date for the change of her street

  @rule:AUD-5
  Rule: AUD-5 A Personio change is an observation that claims neither who made it nor when

    Source: our decision

    Scenario: Several edits between two readings are one observation
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And her street in Personio becomes "Harbour Rd"
      When the sync runs on 15 March 2026
      Then the history shows one change of her street in Personio, from "Main St" to "Harbour Rd"

    Scenario: An edit that was taken back between two readings was never seen
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And her street in Personio becomes "Main St"
      When the sync runs on 15 March 2026
      Then the history shows no change of her street in Personio

  @rule:AUD-8
  Rule: AUD-8 Personal values are masked until someone unmasks them with a reason

    Source: our decision

    Scenario: The history as anyone may read it shows no personal value
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the history of Sanne, as it is shown, nowhere says "Main St" or "Central Ave"

    Scenario: Who unmasks a history is on record with the reason, before the values are shown
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 15 March 2026
      When Bram unmasks the history of Sanne because of "tax audit 2026"
      Then the history of Sanne, unmasked, says "Main St" and "Central Ave"
      And the log holds that Bram unmasked Sanne because of "tax audit 2026"

    Scenario: Whoever opens more people's values within a day than one person may needs somebody else
      Given Sanne is employed in both systems
      And Jan is employed in both systems
      And the sync ran on 15 March 2026
      When Bram unmasks the history of Sanne because of "tax audit 2026"
      Then the values of Jan are not shown to Bram, who opens 1 person's values a day
      And the values of Sanne are shown to Bram, who opens 1 person's values a day
      And the values of Jan are shown to Anja, who opens 1 person's values a day

    Scenario: Once somebody else has agreed, so many people's values more are shown
      Given Sanne is employed in both systems
      And Jan is employed in both systems
      And the sync ran on 15 March 2026
      When Bram unmasks the history of Sanne because of "tax audit 2026"
      And Bram asks to open 1 person's values more because of "a survey", and Anja agrees
      Then the values of Jan are shown to Bram, who opens 1 person's values a day

  @rule:AUD-9
  Rule: AUD-9 Erasure removes a person's values and keeps the facts

    Source: our decision

    Scenario: A person deleted in Personio is out of scope, and the events are kept
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne is deleted in Personio
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-1
      And her street in Loket is "Main St"
      And every event of the earlier run is still there, unchanged

    @database
    Scenario: Once the keys are destroyed, the history keeps that something was overwritten and by which run
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 15 March 2026
      When Sanne's keys are destroyed
      Then the history still shows that her street was overwritten, but no longer what it was

    Scenario: What no period keeps is erased once a second person confirms, and what one keeps is restricted
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And her private e-mail in Personio is "new@example.org"
      And the sync ran on 15 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 1 June 2026
      And Petra asked to erase Sanne on 1 June 2028
      When Bram confirms the erasure of Sanne
      Then the erasure of Sanne is completed
      And the history no longer says what her private e-mail was before it was overwritten
      And the history still says that her street was "Main St" before it was overwritten
      And her fiscal values are restricted until 1 January 2034

    Scenario: Nobody confirms an erasure that they asked for themselves
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 15 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 1 June 2026
      And Petra asked to erase Sanne on 1 January 2034
      When Petra confirms the erasure of Sanne
      Then the erasure of Sanne is still waiting
      And the history still says that her street was "Main St" before it was overwritten

    Scenario: Nothing of someone who is employed is erased
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 15 March 2026
      And Petra asked to erase Sanne on 1 January 2036
      When Bram confirms the erasure of Sanne
      Then the erasure of Sanne is still waiting
      And nothing of her may be erased, because she is employed

    Scenario: A hold stops an erasure whatever the periods say
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 15 March 2026
      And her employment in Loket ends on 31 May 2026
      And the sync ran on 1 June 2026
      And Anna placed a hold on Sanne
      And Petra asked to erase Sanne on 1 January 2034
      When Bram confirms the erasure of Sanne
      Then the erasure of Sanne is still waiting
      And nothing of her may be erased, because a hold stands

  @rule:AUD-10
  Rule: AUD-10 Every run, check and validation names the settings it judged by, which are on record

    Source: our decision

    Scenario: Whatever judges by the same settings names the same ones, and they are recorded once
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And a drift check was made on 2 March 2026
      And the people were validated on 3 March 2026
      When the sync runs on 15 March 2026
      Then all of these name the same settings, which were recorded once, before the first of them
      And a plan of 16 March 2026 names them too, and records nothing

    Scenario: A change of settings is recorded before the first run that judges by it
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And leave counts as Active in this legal entity
      When the sync runs on 15 March 2026
      Then the last run names other settings than the one before, and they differ in "leave_counts_as_active"

    Scenario: A pilot judges by the settings of everybody else
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      When a pilot of Daan runs on 15 March 2026
      Then all of these name the same settings, which were recorded once, before the first of them

  @rule:AUD-11
  Rule: AUD-11 Every decision can be derived again from the log, and one that does not follow is told

    Source: our decision

    Scenario: A run, a check and a validation are derived again, and agree
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And her street in Personio becomes "Central Ave"
      And a drift check was made on 2 March 2026
      And the people were validated on 3 March 2026
      And the sync ran on 4 March 2026
      When every decision on record is derived again
      Then all of them agree

    Scenario: What was decided otherwise than the rules say is told, with the person and what differs
      Given Sanne and Daan are employed in both systems
      And her street in Personio becomes "Central Ave"
      And a run on 1 March 2026 decided about Sanne as if she were not considered
      When every decision on record is derived again
      Then the decision about Sanne does not follow from the rules
      And the decision about Daan agrees

    Scenario: A run that went on although the brake should have stopped it is told
      Given 4 people are employed in both systems, each with a blank private e-mail in Personio
      And a run on 15 March 2026 went on although the brake should have stopped it
      When every decision on record is derived again
      Then it is told that the brake should have stopped that run

    Scenario: That the brake stopped a run, and that another person let it pass, is derived again and agrees
      Given 4 people are employed in both systems, each with a blank private e-mail in Personio
      And Anna ran the sync with trouble on 15 March 2026
      And Bram confirmed that plan and ran the sync on 15 March 2026
      When every decision on record is derived again
      Then all of them agree

    Scenario: A rule that has another meaning since then explains the difference
      Given Sanne and Daan are employed in both systems
      And a run on 1 March 2026 decided about Sanne as if she were not considered
      And the meaning of WHO-3 has changed since
      When every decision on record is derived again
      Then the decision about Sanne is other because WHO-3 has changed
      And the decision about Daan agrees

    Scenario: Of a person who was erased nothing can be derived again, and that is counted
      Given Sanne and Daan are employed in both systems
      And the sync ran on 15 March 2026
      And Sanne's employment in Loket ends on 31 May 2026
      And the sync ran on 1 June 2026
      And Petra asked to erase Sanne on 1 January 2034
      And Bram confirmed the erasure of Sanne
      When every decision on record is derived again
      Then the first decision about Sanne cannot be derived again, because she was erased
      And the decision about Daan agrees

  @rule:AUD-12
  Rule: AUD-12 What other settings would have made of past runs can be asked; nothing is written

    Source: our decision

    Scenario: Somebody on leave would have taken part had leave counted as Active, and no more is known of them
      Given Sanne and Daan are employed in both systems
      And Sanne's status in Personio is "LEAVE"
      And the sync ran on 1 March 2026
      When it is asked what "rules.leave_counts_as_active=true" would have made of the last run
      Then Sanne would have taken part, and nobody knows what would have been written
      And nothing else would have become of Daan

    Scenario: An attribute that is not mapped would not have been written
      Given Sanne and Daan are employed in both systems
      And Sanne's private e-mail in Personio is "new@example.org"
      And the sync ran on 1 March 2026
      When it is asked what a mapping without the private e-mail would have made of the last run
      Then Sanne's private e-mail would not have been written
      And nothing else would have become of Daan

    Scenario: An attribute that is left out of an answer would never have been a blank
      Given Sanne, Daan, Fatima and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us Sanne's private e-mail
      And the sync ran on 2 March 2026
      When it is asked what "rules.absent_is_blank=never" would have made of the last run
      Then Sanne would have been held by ATTRIBUTE_NOT_READABLE
      And the whole legal entity would have been held

    Scenario: An attribute that is left out of an answer is a blank in both other readings
      Given Sanne, Daan, Fatima and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us Sanne's private e-mail
      And the sync ran on 2 March 2026
      When it is asked what "rules.absent_is_blank=always" would have made of the last run
      Then nothing else would have become of Sanne
      And nothing else would have become of Daan

    Scenario: A salary that is corrected back to January and seen in March was wrong in the payroll periods between
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 January 2026
      And the sync ran on 15 January 2026
      And the sync ran on 15 February 2026
      And Sanne earns 3,200.00 a month for 40 of 40 hours with effect from 1 January 2026
      And the sync ran on 15 March 2026
      When it is asked what would have come of it had her present data been known from 1 January 2026
      Then her wage in Loket was 3,000.00 instead of 3,200.00 in the payroll periods 2026-01 and 2026-02

    Scenario: Asking writes nothing to Loket and adds nothing to the log
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      When it is asked what "rules.leave_counts_as_active=true" would have made of the last run
      Then nothing else would have become of Sanne
      And the log is as it was before it was asked
