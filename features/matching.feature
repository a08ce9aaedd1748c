Feature: Matching
  The Loket employee number, kept in Personio, decides who a person is in Loket. A known number is kept equal, an
  unknown one becomes a concept employee, and the income number tells several employments apart.

  @rule:MATCH-1
  Rule: MATCH-1 The Loket employee number decides whom a person is in Loket

    Source: "How are employees matched?"

    Scenario: The number links the person, whatever else differs
      Given Sanne is employed in both systems
      And her last name in Personio is "Verhoeven"
      When the sync runs on 15 March 2026
      Then her last name in Loket is "Verhoeven"
      And Loket has no concept employees

    Scenario Outline: The number written as "<written>" is the number 4711
      Given Sanne is employed in both systems with number 4711
      And her employee number in Personio is "<written>"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

      Examples:
        | written   |
        | 04711     |
        | 00004711  |

    Scenario: Spaces around the number do not matter
      Given Sanne is employed in both systems with number 4711
      And her employee number in Personio is " 4711 "
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

    Scenario Outline: "<written>" is not an employee number
      Given Sanne is employed in both systems
      And her employee number in Personio is "<written>"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NUMBER_FORMAT
      And Loket has no concept employees

      Examples:
        | written    |
        | A4711      |
        | 47 11      |
        | 0          |
        | -1         |
        | 2147483648 |

    Scenario: The highest number Loket can hold is a number
      Given Daan is in Personio only
      And his employee number in Personio is "2147483647"
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3

    Scenario Outline: A person in Loket with the same <field> but another number is someone else
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And Daan's <field> in Personio is "<value>"
      And Sanne's <field> in both systems is "<value>"
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3
      And Sanne's employee number in Loket is still her own

      Examples:
        | field          | value              |
        | private e-mail | family@example.org |
        | last name      | de Vries           |

    Scenario: Two included people with one number are both held back
      Given Sanne and Daan are employed in both systems
      And Daan's employee number in Personio is the same as Sanne's
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under DUPLICATE_EMPLOYEE_NUMBER
      And the result shows Daan as blocked under DUPLICATE_EMPLOYEE_NUMBER
      And nothing was written to Loket

    Scenario: A number written with a leading zero is still the same number as another person's
      Given Sanne is employed in both systems with number 156
      And Daan is in Personio only
      And Daan's employee number in Personio is "0156"
      When the sync runs on 15 March 2026
      Then the result shows Daan as blocked under DUPLICATE_EMPLOYEE_NUMBER

    Scenario: The number of someone left out is free to use
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And Daan's employee number in Personio is the same as Sanne's
      And Daan's Consider in NL payroll in Personio is "No"
      And Sanne's street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then Sanne's street in Loket is "Central Ave"

    Scenario Outline: A number that leads to someone with another <first> and <second> is held back
      Given Sanne is employed in both systems
      And her <first> in Loket is "<first value>"
      And her <second> in Loket is "<second value>"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under IDENTITY_MISMATCH
      And nothing was written to Loket

      Examples:
        | first         | first value  | second        | second value |
        | BSN           | 249566758    | date of birth | 3 May 1971   |
        | BSN           | 249566758    | last name     | Mulder       |
        | date of birth | 3 May 1971   | last name     | Mulder       |

    Scenario Outline: One difference alone, the <field>, is an ordinary correction
      Given Sanne is employed in both systems
      And her <field> in Loket is "<other>"
      And her <field> in Personio is "<right>"
      When the sync runs on 15 March 2026
      Then her <field> in Loket is "<right>"

      Examples:
        | field         | other      | right         |
        | BSN           | 249566758  | 111222333     |
        | date of birth | 3 May 1971 | 12 April 1990 |
        | last name     | Mulder     | Verhoeven     |

    Scenario: A birth date that Loket does not hold is no proof of another person
      Given Sanne is employed in both systems
      And her BSN in Loket is blank
      And her last name in Loket is "Mulder"
      And her last name in Personio is "Verhoeven"
      When the sync runs on 15 March 2026
      Then her last name in Loket is "Verhoeven"

    Scenario: Twins whose numbers were swapped are held back by their BSNs alone
      Given Sanne and Fleur are employed in both systems
      And the BSNs of Sanne and Fleur are swapped in Loket
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under IDENTITY_MISMATCH
      And the result shows Fleur as blocked under IDENTITY_MISMATCH
      And nothing was written to Loket

    Scenario: A BSN that nobody else has in Loket is an ordinary correction
      Given Sanne and Fleur are employed in both systems
      And Sanne's BSN in Personio is "111222333"
      When the sync runs on 15 March 2026
      Then her BSN in Loket is "111222333"

    Scenario: Beside a blank in Loket the BSN of someone still employed is another person's
      Given Sanne and Fleur are employed in both systems
      And Fleur's BSN in Loket is blank
      And Fleur's BSN in Personio is the same as Sanne's
      And Fleur's income number in Personio is "2"
      When the sync runs on 15 March 2026
      Then the result shows Fleur as blocked under IDENTITY_MISMATCH

    Scenario: Someone hired again under a new number keeps their BSN
      Given Sanne is employed in both systems
      And Fleur is employed in both systems
      And Sanne's employment in Loket ends on 31 January 2026
      And Fleur's BSN in Loket is blank
      And Fleur's BSN in Personio is the same as Sanne's
      When the sync runs on 15 March 2026
      Then the result shows Fleur as updated under EDIT-1

    Scenario: The identity is checked before an employment is looked for
      Given Sanne and Daan are employed in both systems
      And Sanne's BSN in Personio is the same as Daan's
      And her income number in Personio is "7"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under IDENTITY_MISMATCH

    Scenario: A customer who matches on the number alone can switch the identity check off
      Given Sanne is employed in both systems
      And the identity check is switched off for this customer
      And her BSN in Loket is "249566758"
      And her last name in Loket is "Mulder"
      And her last name in Personio is "Verhoeven"
      When the sync runs on 15 March 2026
      Then her last name in Loket is "Verhoeven"

  @rule:MATCH-2
  Rule: MATCH-2 A known number leads to that Loket employee, who is kept equal to Personio

    Source: "How are employees matched?"

    Scenario: The employee with the number gets the person's data
      Given Sanne is employed in both systems
      And her city in Personio is "Utrecht"
      And her city in Loket is "Zeist"
      When the sync runs on 15 March 2026
      Then her city in Loket is "Utrecht"
      And the result shows Sanne as updated under EDIT-1

    Scenario: An employee of Loket whom nobody in Personio names is left alone
      Given Sanne is employed in both systems
      And Willem is in Loket only
      When the sync runs on 15 March 2026
      Then Loket received no writes about Willem
      And the result does not show Willem

    Scenario: When a concept and a final employee share the number, the final one wins
      Given Sanne is employed in both systems
      And a concept employee with Sanne's number is left over in Loket
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And Sanne's result names CONCEPT_LEFTOVER
      And Loket has one concept employee

    Scenario: Two concepts with one number are for a person to sort out
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And a concept employee with Daan's number is left over in Loket
      When the sync runs on 15 March 2026
      Then the result shows Daan as blocked under CONCEPT_AMBIGUOUS
      And nothing was written to Loket
      And Loket has two concept employees

  @rule:MATCH-3
  Rule: MATCH-3 An unknown number leads to one concept employee

    Source: "How are employees matched?"

    Scenario: Someone whose number Loket does not know becomes a concept employee
      Given Daan is in Personio only
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And Daan's last name in Loket is his last name in Personio
      And the result shows Daan as concept created under MATCH-3

    Scenario: Someone whose number Loket knows does not
      Given Sanne is employed in both systems
      When the sync runs on 15 March 2026
      Then Loket has no concept employees

    Scenario: A second run while still a concept updates the same concept
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And his street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And his street in Loket is "Central Ave"
      And the result shows Daan as concept updated under MATCH-3

    Scenario: A second run with nothing new leaves the concept as it is
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And nothing was written to Loket
      And the result shows Daan as unchanged under EDIT-1

    Scenario: A blank clears a field of a concept too
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And his private e-mail in Personio becomes blank
      When the sync runs on 15 March 2026
      Then his private e-mail in Loket is blank

    Scenario: A concept that was deleted in Loket is made anew, and the result says so
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator deletes Daan's concept employee
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And the result shows Daan as concept created under MATCH-3
      And Daan's result names CONCEPT_GONE

    Scenario: Whose number was corrected has a second concept, and payroll is told to delete the first for as long as it waits
      Given Daan is in Personio only
      And his employee number in Personio is "4710"
      And the sync ran on 1 March 2026
      And his employee number in Personio becomes "4999"
      When the sync runs on 15 March 2026
      Then Loket has two concept employees
      And the result shows Daan as concept created under MATCH-3
      And Daan's result names CONCEPT_UNDER_EARLIER_NUMBER
      When every decision on record is derived again
      Then all of them agree

    Scenario: Whose number was changed in Personio alone becomes a concept, and payroll is told of the employment that runs
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employee number in Personio becomes "4999"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as concept created under MATCH-3
      And Sanne's result names EMPLOYED_UNDER_EARLIER_NUMBER
      When every decision on record is derived again
      Then all of them agree

    Scenario: An employment that has ended under an earlier number pays nobody twice
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Loket ends on 28 February 2026
      And her employee number in Personio becomes "4999"
      When the sync runs on 15 March 2026
      Then Sanne's result does not name EMPLOYED_UNDER_EARLIER_NUMBER

    Scenario: Whose number was corrected is told of no longer once payroll has deleted the first concept
      Given Daan is in Personio only
      And his employee number in Personio is "4710"
      And the sync ran on 1 March 2026
      And his employee number in Personio becomes "4999"
      And the sync ran on 14 March 2026
      And the payroll administrator deletes Daan's concept employee under number 4710
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And Daan's result does not name CONCEPT_UNDER_EARLIER_NUMBER

    Scenario: A number that somebody else has by now is nobody's earlier number
      Given Daan is in Personio only
      And his employee number in Personio is "4710"
      And the sync ran on 1 March 2026
      And his employee number in Personio becomes "4999"
      And Noor is in Personio only
      And her employee number in Personio is "4710"
      When the sync runs on 15 March 2026
      Then Daan's result does not name CONCEPT_UNDER_EARLIER_NUMBER

    Scenario: Someone who has left out the number is not taken for a new employee
      Given Daan is in Personio only
      And his employee number in Personio is blank
      When the sync runs on 15 March 2026
      Then Loket has no concept employees

    Scenario: While Loket cannot be read nobody is taken for unknown
      Given Daan is in Personio only
      And the concept employees of Loket cannot be read
      When the sync runs on 15 March 2026
      Then the run is refused
      And Loket has no concept employees

    Scenario: A concept whose creation was never answered exists exactly once afterwards
      Given Daan is in Personio only
      And Loket applies the next write without answering
      And the sync ran with trouble on 1 March 2026
      When the sync runs on 2 March 2026
      Then Loket has one concept employee

  @rule:MATCH-5
  Rule: MATCH-5 An employee who was seen in Loket and is not shown any more is no new hire

    Source: our decision

    Scenario: Someone whom Loket showed before and hides now is held back, not hired a second time
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And the run is blocked
      And nothing was written to Loket
      And Loket has no concept employees

    Scenario: Someone whom Loket never showed is a new hire
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And Daan is in Personio only
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3

    Scenario: A drift check that sees the employee is remembered as well as a run
      Given Sanne is employed in both systems
      And a drift check was made on 1 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET

    Scenario: Someone seen before any employment of theirs could be linked is no new hire either
      Given Sanne is employed in both systems
      And her income number in Personio is "2"
      And the sync ran with trouble on 1 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And Loket has no concept employees

    Scenario: Someone seen while left out of a pilot is no new hire either
      Given Sanne and Daan are employed in both systems
      And a pilot of Daan ran on 1 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET

    Scenario: Someone whose employment Loket had ended is no new hire either
      Given Daan and Sanne are employed in both systems
      And her employment in Loket ends on 31 March 2026
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET

    Scenario: The employee of another payroll administration of the same employer is known there too
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's legal entity in Personio becomes "Tulp Winkels"
      And Loket no longer shows us Sanne
      When the sync of Tulp Winkels runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And Loket has no concept employees

    Scenario Outline: Someone finalised on the way to another legal entity is known there, whichever sync saw it
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And the sync ran on 1 March 2026
      And Daan's legal entity in Personio becomes "Lavendel GmbH"
      And the sync ran on 2 March 2026
      And the sync ran on 3 March 2026
      And the payroll administrator completes Daan's concept employee
      And the sync of <entity> ran on 4 March 2026
      And Daan's legal entity in Personio becomes "Tulp Winkels"
      And Loket no longer shows us Daan
      When the sync of Tulp Winkels runs on 15 March 2026
      Then the result shows Daan as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And Loket has no concept employees

      Examples:
        | entity         |
        | Tulp Logistiek |
        | Tulp Winkels   |

    Scenario: Someone whose concept employee payroll deleted on the way is a new hire in the other legal entity
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And the sync ran on 1 March 2026
      And Daan's legal entity in Personio becomes "Tulp Winkels"
      And the payroll administrator deletes Daan's concept employee
      And the sync ran on 2 March 2026
      When the sync of Tulp Winkels runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3

    Scenario: A leftover concept employee with the number does not help
      Given Daan and Sanne are employed in both systems
      And a concept employee with Sanne's number is left over in Loket
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And nothing was written to Loket

    Scenario: Someone seen as a concept employee only becomes a concept employee again
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And the payroll administrator deletes Daan's concept employee
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3
      And Daan's result names CONCEPT_GONE

    Scenario: A concept employee that is in no list, and is there, is not created a second time
      Given Sanne is employed in both systems
      And Daan is in Personio only
      And the sync ran on 1 March 2026
      And Loket's list of concept employees is empty for us
      When the sync runs on 15 March 2026
      Then the result shows Daan as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And Daan's result says "a concept employee that is in no list of Loket's, and is not gone"
      And nothing was written to Loket
      And Loket has one concept employee

    Scenario: A concept employee that was hidden and is listed again is synced again
      Given Daan is in Personio only
      And the sync ran on 1 March 2026
      And Loket's list of concept employees is empty for us
      And the sync ran with trouble on 8 March 2026
      And Loket shows us everyone again
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And the result shows Daan as unchanged under EDIT-1

    Scenario: A new number of the same employee in Loket is named
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her number in Loket becomes 9001
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And Sanne's result says "Loket shows this employee under number 9001: enter it in Personio"

    Scenario: Seen again, the person is synced again
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      And the sync ran with trouble on 8 March 2026
      And Loket shows us everyone again
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as updated under EDIT-1

    Scenario: Excluding the person lifts the block
      Given Sanne and Daan are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      And Sanne's Consider in NL payroll in Personio is "No"
      When the sync runs on 15 March 2026
      Then the run is completed
      And the result shows Sanne as left out under WHO-3

    Scenario: A second person says that Loket removed the employee, and the number is unknown again
      Given Daan and Sanne are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      And Anna ran the sync with trouble on 8 March 2026
      And Fatima says that Loket removed Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as concept created under MATCH-3

    Scenario: Whoever ran into the missing employee does not release the number alone
      Given Daan and Sanne are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      And Anna ran the sync with trouble on 8 March 2026
      When Anna wants to say that Loket removed Sanne
      Then that is left to somebody else

    Scenario: Nobody releases an employee whom Loket shows
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      When Fatima wants to say that Loket removed Sanne
      Then that is left to a reading that misses the employee

    Scenario: Shown again after a release, the employee is known again and the release is over
      Given Daan and Sanne are employed in both systems
      And the sync ran on 1 March 2026
      And Loket no longer shows us Sanne
      And Anna ran the sync with trouble on 8 March 2026
      And Fatima says that Loket removed Sanne
      And Loket shows us everyone again
      And the sync ran on 10 March 2026
      And Loket no longer shows us Sanne
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under EMPLOYEE_NOT_VISIBLE_IN_LOKET
      And Loket has no concept employees

  @rule:MATCH-4
  Rule: MATCH-4 The income number tells several employments of one employee apart

    Source: "How are employees matched?"

    Scenario: Pay goes to the account of the employment with the income number
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 September 2025
      And her income number in Personio is "2"
      And her entry date in Personio is "1 September 2025"
      And her IBAN in Personio is "NL52ABNA0424968264"
      When the sync runs on 15 March 2026
      Then the IBAN of her employment 2 in Loket is "NL52ABNA0424968264"
      And the IBAN of her employment 1 in Loket is as it was

    Scenario Outline: "<written>" cannot be an income number
      Given Noor is employed in both systems
      And her income number in Personio is "<written>"
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under INCOME_NUMBER_RANGE

      Examples:
        | written |
        | 0       |
        | 10000   |
        | 1a      |

    Scenario: The highest income number there is
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 9999 from 1 September 2025
      And her income number in Personio is "9999"
      And her entry date in Personio is "1 September 2025"
      When the sync runs on 15 March 2026
      Then the result shows Noor as unchanged under EDIT-1

    Scenario: Two employments with one income number are told apart by their entry date
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 1 from 1 September 2025
      And her entry date in Personio is "1 September 2025"
      When the sync runs on 15 March 2026
      Then the result shows Noor as unchanged under EDIT-1

    Scenario: Two employments with one income number and one entry date are for people to sort out
      Given Noor is employed in both systems
      And Noor has a second employment in Loket with income number 1 from 1 January 2024
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under DUPLICATE_INCOME_RELATION

    Scenario: Two people cannot share a BSN and an income number
      Given Noor and Willem are employed in both systems
      And Willem's BSN in both systems is the same as Noor's
      When the sync runs on 15 March 2026
      Then the result shows Noor as blocked under DUPLICATE_INCOME_RELATION
      And the result shows Willem as blocked under DUPLICATE_INCOME_RELATION

    Scenario: One person with two profiles has a different income number in each
      Given Noor and Willem are employed in both systems
      And Noor has a second employment in Loket with income number 2 from 1 September 2025
      And Noor's income number in Personio is "2"
      And Noor's entry date in Personio is "1 September 2025"
      And Willem's BSN in both systems is the same as Noor's
      When the sync runs on 15 March 2026
      Then the result shows Noor as unchanged under EDIT-1
