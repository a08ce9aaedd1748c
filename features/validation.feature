Feature: Validation
  Everything that payroll could not use is found before a run, for all included people. One finding holds the whole
  legal entity, and only two things lift it: correcting the data or excluding the person.

  @rule:CHECK-1
  Rule: CHECK-1 All included people are validated before a run

    Source: "Check validation errors"

    Scenario: Clean data gives no findings
      Given Sanne and Daan are employed in both systems
      When the people are validated on 15 March 2026
      Then there are no findings

    Scenario Outline: The <field> "<value>" is <finding>
      Given Sanne is employed in both systems
      And her <field> in Personio is "<value>"
      When the people are validated on 15 March 2026
      Then the findings for Sanne are <finding>

      Examples:
        | field                 | value                      | finding             |
        | BSN                   | 1234567                    | BSN_FORMAT          |
        | BSN                   | 12345678A                  | BSN_FORMAT          |
        | BSN                   | 123456789                  | BSN_ELFPROEF        |
        | BSN                   | 000000000                  | BSN_ELFPROEF        |
        | BSN                   | 042168588                  | BSN_ELFPROEF        |
        | IBAN                  | NL91ABNA041716430          | IBAN_FORMAT         |
        | IBAN                  | NL91ABNA0417164301         | IBAN_CHECKSUM       |
        | IBAN                  | NL91-ABNA-0417164300       | IBAN_FORMAT         |
        | postal code           | 0123 AB                    | POSTCODE_FORMAT     |
        | postal code           | 1234 SS                    | POSTCODE_FORMAT     |
        | postal code           | 1234A                      | POSTCODE_FORMAT     |
        | house number          | 12-A                       | HOUSE_NUMBER_FORMAT |
        | house number          | 0                          | HOUSE_NUMBER_FORMAT |
        | private e-mail        | sanne at example.org       | EMAIL_FORMAT        |
        | private e-mail        | sanne@example              | EMAIL_FORMAT        |
        | date of birth         | 31 February 1990           | DATE_FORMAT         |
        | street                | Burgemeester Jansenslaan B | VALUE_TOO_LONG      |
        | city                  | Sint Annaparochie-Oosteind | VALUE_TOO_LONG      |
        | last name             | Van Wassenaer Obdam Vriend | VALUE_TOO_LONG      |
        | initials              | A.B.C.D                    | VALUE_TOO_LONG      |
        | house number addition | bis-2                      | VALUE_TOO_LONG      |
        | country               | XZ                         | UNKNOWN_CODE_VALUE  |

    Scenario: An invisible character inside a value is named with its place
      Given Sanne is employed in both systems
      And her city in Personio was pasted as "Utrecht" with a zero-width space after 3 letters
      When the people are validated on 15 March 2026
      Then the findings for Sanne are INVISIBLE_CHARACTER

    Scenario: An invisible character at the end of a value is no part of it
      Given Sanne is employed in both systems
      And her city in Personio was pasted as "Utrecht" with a zero-width space after 7 letters
      When the sync runs on 15 March 2026
      Then her city in Loket is "Utrecht"

    Scenario Outline: The <field> "<value>" is good as it is
      Given Sanne is employed in both systems
      And her <field> in Personio is "<value>"
      When the people are validated on 15 March 2026
      Then there are no findings

      Examples:
        | field                 | value                    |
        | BSN                   | 12345672                 |
        | BSN                   | 249566758                |
        | IBAN                  | NL20INGB0001234567       |
        | IBAN                  | DE89370400440532013000   |
        | postal code           | 1011 AB                  |
        | postal code           | 2511AC                   |
        | street                | Burgemeester Jansenslaan |
        | initials              | A.B.C.                   |
        | house number addition | bis2                     |

    Scenario: Every finding of a person is told, not only the first
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And her postal code in Personio is "1234 SS"
      When the people are validated on 15 March 2026
      Then the findings for Sanne are BSN_ELFPROEF, POSTCODE_FORMAT

    Scenario: A value of exactly the length Loket takes, accents included, is not too long
      Given Sanne is employed in both systems
      And her city in Personio is "Súdwest-Fryslân Noardein"
      When the sync runs on 15 March 2026
      Then her city in Loket is "Súdwest-Fryslân Noardein"

    Scenario: A house number with its addition is offered as a split, and never split by itself
      Given Sanne is employed in both systems
      And her house number in Personio is "12 bis"
      When the people are validated on 15 March 2026
      Then the findings for Sanne are HOUSE_NUMBER_FORMAT
      And the finding proposes number 12 and addition bis

    Scenario: A postal code outside the Netherlands is not judged by the Dutch form
      Given Sanne is employed in both systems
      And her country in Personio is "BE"
      And her postal code in Personio is "9000"
      When the people are validated on 15 March 2026
      Then there are no findings

    Scenario Outline: People who are left out by <field> are not validated at all
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And her <field> in Personio is "<value>"
      When the people are validated on 15 March 2026
      Then there are no findings

      Examples:
        | field                  | value    |
        | Consider in NL payroll | No       |
        | status                 | Inactive |
        | status                 | Leave    |

    Scenario: People whom Loket has ended are not validated either
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And her employment in Loket ends on 31 May 2026
      When the people are validated on 15 March 2026
      Then there are no findings

  @rule:CHECK-2
  Rule: CHECK-2 Any unresolved finding holds back the whole run of its legal entity

    Source: "Check validation errors"

    Scenario: One finding among many people means no write for anyone
      Given Sanne is employed in both systems
      And 9 others are employed in both systems, each with a new street in Personio
      And Sanne's BSN in Personio is "123456789"
      When the sync runs on 15 March 2026
      Then the run is blocked
      And nothing was written to Loket
      And the counts of the run add up to 10 people

    Scenario: In a blocked run people without findings are held back by the others
      Given Sanne and Daan are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And Daan's street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under BSN_ELFPROEF
      And the result shows Daan as blocked under CHECK-2
      And Daan's street in Loket is "Main St"

    Scenario: In a blocked run people left out stay left out
      Given Sanne, Daan and Fatima are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And Fatima's status in Personio is "Inactive"
      When the sync runs on 15 March 2026
      Then the result shows Fatima as left out under END-3

    Scenario: In a blocked run no concept employee is created
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And Sanne's BSN in Personio is "123456789"
      When the sync runs on 15 March 2026
      Then Loket has no concept employees

    Scenario: A finding in one legal entity does not hold another
      Given Sanne is employed in both systems
      And Joris is employed in both systems at Roos Retail
      And Joris's BSN in Personio is "123456789"
      And Sanne's street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then Sanne's street in Loket is "Central Ave"
      And the run is completed

    Scenario Outline: A notice, such as <notice>, never blocks
      Given Sanne is employed in both systems
      And her BSN in Personio is <BSN>
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And Sanne's result names <notice>

      Examples:
        | BSN         | notice             |
        | blank       | BSN_BLANK          |
        | "999990019" | BSN_UNUSUAL_PREFIX |

  @rule:CHECK-3
  Rule: CHECK-3 Correcting the data or excluding the person lifts the block

    Source: "Check validation errors"

    Scenario: Corrected data lifts the block
      Given Sanne and Daan are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And Daan's street in Personio is "Central Ave"
      And the sync ran with trouble on 14 March 2026
      And Sanne's BSN in Personio becomes "111222333"
      When the sync runs on 15 March 2026
      Then Daan's street in Loket is "Central Ave"
      And Sanne's BSN in Loket is "111222333"

    Scenario: Excluding the person lifts the block for the others
      Given Sanne and Daan are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And Daan's street in Personio is "Central Ave"
      And the sync ran with trouble on 14 March 2026
      And Sanne's Consider in NL payroll in Personio becomes "No"
      When the sync runs on 15 March 2026
      Then Daan's street in Loket is "Central Ave"
      And the result shows Sanne as left out under WHO-3

    Scenario: Asking again, without either, changes nothing
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of BSN_ELFPROEF
      And nothing was written to Loket

  @rule:CHECK-4
  Rule: CHECK-4 Findings can be listed per legal entity and person

    Source: "Check validation errors"

    Scenario: Findings are listed by person
      Given Sanne, Daan and Fatima are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And Daan's income number in Personio is blank
      When the people are validated on 15 March 2026
      Then the findings for Sanne are BSN_ELFPROEF
      And the findings for Daan are MISSING_INCOME_NUMBER
      And there are no findings for Fatima

    Scenario: The list of one legal entity has no findings of another
      Given Sanne is employed in both systems
      And Joris is employed in both systems at Roos Retail
      And Joris's BSN in Personio is "123456789"
      When the people are validated on 15 March 2026
      Then there are no findings

    Scenario: Looking at the findings writes nothing
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the people are validated on 15 March 2026
      Then her street in Loket is "Main St"
      And nothing was written to Loket

  @rule:CHECK-5
  Rule: CHECK-5 Every check is on record, and a finding is told once: when it is first seen, and how it ends

    Source: our decision

    Scenario: A validation is on record with what it found, and writes nothing
      Given Sanne and Daan are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And Daan's Consider in NL payroll in Personio is "No"
      When the people are validated on 15 March 2026
      Then the history shows a validation of 2 people with 1 left out under WHO-3 and the finding BSN_ELFPROEF
      And Sanne has the task BSN_ELFPROEF for HR since 15 March 2026
      And nothing was written to Loket

    Scenario: Clean data leaves a validation without findings on record
      Given Sanne is employed in both systems
      When the people are validated on 15 March 2026
      Then the history shows a validation of 1 person without findings
      And nobody has a task

    Scenario: A run and a check that see the same finding do not tell it twice
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      And the sync ran with trouble on 15 March 2026
      When the people are validated on 16 March 2026
      Then Sanne has the task BSN_ELFPROEF for HR since 14 March 2026
      And the history tells 1 time that BSN_ELFPROEF was found for Sanne

    Scenario: What a run found first, a drift check sees corrected
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the sync ran with trouble on 14 March 2026
      And her BSN in Personio becomes "249566758"
      When a drift check is made on 15 March 2026
      Then nobody has a task
      And her task BSN_ELFPROEF ended on 15 March 2026 because it is no longer found

    Scenario: A run that writes ends what it does not find any more
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      And her BSN in Personio becomes "249566758"
      When the sync runs on 15 March 2026
      Then her task BSN_ELFPROEF ended on 15 March 2026 because it is no longer found

    Scenario: A finding of somebody who is left out ends by the rule that leaves them out
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      And her Consider in NL payroll in Personio becomes "No"
      When the people are validated on 15 March 2026
      Then her task BSN_ELFPROEF ended on 15 March 2026 because of WHO-3

    Scenario: A finding in an attribute that Personio no longer shows has not ended
      Given Sanne is employed in both systems
      And the sync ran on 13 March 2026
      And her postal code in Personio becomes "1234 SS"
      And the people were validated on 14 March 2026
      And Personio does not show us her postal code
      When the people are validated on 15 March 2026
      Then Sanne has the task POSTCODE_FORMAT for HR since 14 March 2026

    Scenario: A pilot of others says nothing about a finding
      Given Sanne and Daan are employed in both systems
      And Sanne's BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      When a pilot of Daan runs on 15 March 2026
      Then Sanne has the task BSN_ELFPROEF for HR since 14 March 2026

    Scenario: What is found again after it ended is a new task
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 13 March 2026
      And her BSN in Personio becomes "249566758"
      And the people were validated on 14 March 2026
      And her BSN in Personio becomes "123456789"
      When the people are validated on 15 March 2026
      Then Sanne has the task BSN_ELFPROEF for HR since 15 March 2026
      And her task BSN_ELFPROEF ended on 14 March 2026 because it is no longer found

    Scenario: A check that cannot read a system is on record as refused, and ends nothing
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      And Personio cannot be reached
      When the people are validated on 15 March 2026
      Then the history shows a validation refused under RUN-7
      And Sanne has the task BSN_ELFPROEF for HR since 14 March 2026

    Scenario: A complete read that is not believed is on record as refused
      Given Sanne is employed in both systems
      And 30 others are employed in both systems
      And the sync ran on 13 March 2026
      And Loket no longer shows us 25 of the others
      When the people are validated on 15 March 2026
      Then the history shows a validation refused under RUN-12

    Scenario: Who must act is told for each finding
      Given Sanne is employed in both systems
      And her income number in Personio is blank
      When the people are validated on 15 March 2026
      Then Sanne has the task MISSING_INCOME_NUMBER for payroll since 15 March 2026

  @rule:CHECK-6
  Rule: CHECK-6 Whoever takes a task has it until the end of the day

    Source: our decision

    Scenario: Somebody takes a task, and nobody else can
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 15 March 2026
      When Fatima takes her task BSN_ELFPROEF
      Then Fatima sees to her task BSN_ELFPROEF
      And Bas cannot take her task BSN_ELFPROEF

    Scenario: The next day anybody can take it
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      And Fatima took her task BSN_ELFPROEF
      And the people were validated on 15 March 2026
      When Bas takes her task BSN_ELFPROEF
      Then Bas sees to her task BSN_ELFPROEF

    Scenario: Whoever has it can give it back
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 15 March 2026
      And Fatima took her task BSN_ELFPROEF
      When Fatima gives her task BSN_ELFPROEF back
      Then nobody sees to her task BSN_ELFPROEF

    Scenario: Taking a task holds nothing up, and makes nothing good
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 15 March 2026
      And Fatima took her task BSN_ELFPROEF
      When the sync runs on 15 March 2026
      Then the run is blocked because of BSN_ELFPROEF
      And Fatima sees to her task BSN_ELFPROEF

    Scenario: A task that has ended cannot be taken
      Given Sanne is employed in both systems
      And her BSN in Personio is "123456789"
      And the people were validated on 14 March 2026
      And her BSN in Personio becomes "249566758"
      When the people are validated on 15 March 2026
      Then Fatima cannot take her task BSN_ELFPROEF
