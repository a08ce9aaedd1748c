Feature: Who is synced
  Three conditions decide who takes part in a run: the legal entity, the employment status and the answer to
  "Consider in NL payroll". An end date in Loket overrides all three (see leavers). Nobody is left out silently.

  @rule:WHO-1
  Rule: WHO-1 A person is synced when their legal entity is Dutch and has the integration switched on

    Source: "Who is synced?"

    Scenario: Someone of an enabled Dutch legal entity is synced
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the result shows Sanne as updated under EDIT-1

    Scenario: Someone of a legal entity without the integration is not touched
      Given Sanne and Joris are employed in both systems
      And Joris's legal entity in Personio is "Lavendel GmbH"
      And his street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then his street in Loket is "Main St"
      And the result does not show Joris

    Scenario Outline: Someone who belongs to <belongs to> is listed as left out
      Given Joris is employed in both systems
      And his legal entity in Personio is <legal entity>
      When the people are listed on 15 March 2026
      Then the list shows Joris as left out under WHO-1

      Examples:
        | belongs to                              | legal entity    |
        | no legal entity at all                  | blank           |
        | a legal entity without the integration  | "Lavendel GmbH" |
        | another enabled legal entity            | "Roos Retail"   |

    Scenario: A person who moved away appears once more, with a hint to the employment still open in Loket
      Given Sanne and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Joris's legal entity in Personio becomes "Lavendel GmbH"
      And his street in Personio becomes "Central Ave"
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Joris as left out under WHO-1
      And Joris's result names OPEN_EMPLOYMENT_LEFT
      And his street in Loket is "Main St"

    Scenario: The run after that no longer shows the person who moved away
      Given Sanne and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Joris's legal entity in Personio becomes "Lavendel GmbH"
      And the sync ran on 14 March 2026
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then the result does not show Joris

    Scenario: A legal entity that Personio does not show of a known person is a finding, never a way out
      Given Sanne and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us Joris's legal entity
      When the sync runs on 15 March 2026
      Then the result shows Joris as blocked under ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket
      And the history of Joris never says that he left the legal entity

    Scenario: Of somebody unknown whose legal entity Personio does not show nothing is said
      Given Sanne is employed in both systems
      And Joris is in Personio only
      And Personio does not show us Joris's legal entity
      When the sync runs on 15 March 2026
      Then the result does not show Joris
      And Loket has no concept employees

    Scenario: A legal entity that Personio shows of nobody at all is not believed
      Given Sanne and Joris are employed in both systems
      And Personio does not show us anyone's legal entity
      When the sync runs on 15 March 2026
      Then the run is refused because of IMPLAUSIBLE_READ
      And nothing was written to Loket

    Scenario: A person who moved to another enabled legal entity is matched afresh there
      Given Joris is employed in both systems
      And his legal entity in Personio is "Roos Retail"
      When the sync of Roos Retail runs on 15 March 2026
      Then the result shows Joris as concept created under MATCH-3
      And Roos Retail has one concept employee in Loket

    Scenario: An employer that the Loket user cannot see stops the run and calls nobody unknown
      Given Sanne is employed in both systems
      And the Loket user cannot see the employer
      When the sync runs on 15 March 2026
      Then the sync stops with a fault in the setup
      And Loket has no concept employees
      And nothing was written to Loket

    Scenario: A listed legal entity outside the Netherlands is a fault in the setup
      Given Sanne is employed in both systems
      And Personio says that the legal entity is in Germany
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the sync stops with a fault in the setup
      And her street in Loket is "Main St"

    Scenario: A legal entity whose country Personio does not tell is synced
      Given Sanne is employed in both systems
      And Personio does not say in which country the legal entity is
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

  @rule:WHO-2
  Rule: WHO-2 A person is synced while their employment status is Active

    Source: "Who is synced?"

    Scenario: An Active person is synced
      Given Sanne is employed in both systems
      And her status in Personio is "Active"
      And her phone in Personio is "030 555 0101"
      When the sync runs on 15 March 2026
      Then her phone in Loket is "030 555 0101"

    Scenario Outline: Someone whose status is <status> is left out under <reason>
      Given Sanne is employed in both systems
      And her status in Personio is "<status>"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under <reason>
      And her street in Loket is "Main St"

      Examples:
        | status     | reason |
        | Onboarding | JOIN-1 |
        | Leave      | WHO-2  |
        | Inactive   | END-3  |

    Scenario: The employment's status decides, whatever the person's own status says
      Given Sanne is employed in both systems
      And her status in Personio is "Leave"
      And her personal status in Personio is "Active"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-2

    Scenario: Someone on leave is left out with a visible notice, since staff on leave are usually still paid
      Given Sanne is employed in both systems
      And her status in Personio is "Leave"
      When the sync runs on 15 March 2026
      Then Sanne's result names ON_LEAVE_LEFT_OUT
      And the run is completed

    Scenario: A legal entity may decide that people on leave are synced
      Given Sanne is employed in both systems
      And leave counts as Active in this legal entity
      And her status in Personio is "Leave"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And Sanne's result does not name ON_LEAVE_LEFT_OUT

    Scenario Outline: A status that is <status> cannot be decided and blocks the run
      Given Sanne is employed in both systems
      And her status in Personio is "<status>"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under STATUS_UNDECIDABLE
      And nothing was written to Loket

      Examples:
        | status      |
        | Unspecified |
        | Sabbatical  |

    Scenario: A status that Personio does not show cannot be decided and blocks the run
      Given Sanne is employed in both systems
      And Personio does not show us her status
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under STATUS_UNDECIDABLE

  @rule:WHO-3
  Rule: WHO-3 A person is synced when Consider in NL payroll is Yes

    Source: "Who is synced?"

    Scenario Outline: The answer "<answer>" counts as Yes
      Given Sanne is employed in both systems
      And her Consider in NL payroll in Personio is "<answer>"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"

      Examples:
        | answer |
        | Yes    |
        | yes    |
        | Ja     |
        | true   |
        | 1      |

    Scenario Outline: The answer "<answer>" counts as No
      Given Sanne is employed in both systems
      And her Consider in NL payroll in Personio is "<answer>"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3
      And her street in Loket is "Main St"

      Examples:
        | answer |
        | No     |
        | Nee    |
        | false  |
        | 0      |
        | maybe  |

    Scenario: A blank answer counts as No
      Given Sanne is employed in both systems
      And her Consider in NL payroll in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3

    Scenario: An answer that Personio does not show is a finding, not a No
      Given Sanne is employed in both systems
      And Personio does not show us her Consider in NL payroll
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket

    Scenario: When Yes becomes No, everything in Loket stays as it is
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her Consider in NL payroll in Personio becomes "No"
      And her private e-mail in Personio becomes blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3
      And nothing was written to Loket

    Scenario: A customer whose word for Yes is another one can say so
      Given Sanne is employed in both systems
      And the answer "meenemen" counts as Yes for this customer
      And her Consider in NL payroll in Personio is "Meenemen"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1

  @rule:WHO-4
  Rule: WHO-4 A person is synced when all three conditions hold together

    Source: "Who is synced?"

    Scenario: Someone who meets all three conditions is included
      Given Sanne is employed in both systems
      And her legal entity in Personio is "Tulp Logistiek"
      And her status in Personio is "Active"
      And her Consider in NL payroll in Personio is "Yes"
      When the people are listed on 15 March 2026
      Then the list shows Sanne as included

    Scenario Outline: One missing condition, <field>, is enough to be left out
      Given Sanne is employed in both systems
      And her <field> in Personio is "<value>"
      When the people are listed on 15 March 2026
      Then the list shows Sanne as left out under <reason>

      Examples:
        | field                   | value         | reason |
        | legal entity            | Lavendel GmbH | WHO-1  |
        | status                  | Leave         | WHO-2  |
        | Consider in NL payroll  | No            | WHO-3  |

    Scenario: When all three conditions are missing, the legal entity is the reason given
      Given Sanne is employed in both systems
      And her legal entity in Personio is "Lavendel GmbH"
      And her status in Personio is "Inactive"
      And her Consider in NL payroll in Personio is "No"
      When the people are listed on 15 March 2026
      Then the list shows Sanne as left out under WHO-1

    Scenario: Not being considered is reported before not being Active
      Given Sanne is employed in both systems
      And her status in Personio is "Inactive"
      And her Consider in NL payroll in Personio is "No"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3

    Scenario: Not being considered is reported before an end date in Loket
      Given Sanne is employed in both systems
      And her Consider in NL payroll in Personio is "No"
      And her employment in Loket ends on 31 May 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3

    Scenario: A condition that is not met excludes, even when another one cannot be read
      Given Sanne is employed in both systems
      And Personio does not show us her Consider in NL payroll
      And her status in Personio is "Inactive"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under END-3
      And the run is completed

    Scenario: A No excludes, even when the status cannot be decided
      Given Sanne is employed in both systems
      And her status in Personio is "Unspecified"
      And her Consider in NL payroll in Personio is "No"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3
      And the run is completed

    Scenario: Someone employed in two legal entities is synced here by the employment here
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as updated under EDIT-1
      And her street in Loket is "Central Ave"
      And Sanne's result names EMPLOYED_IN_TWO_ENTITIES

    Scenario: Someone employed in two legal entities is synced in the other by the employment there
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      When the sync of Roos Retail runs on 15 March 2026
      Then the result shows Sanne as concept created under MATCH-3
      And Roos Retail has one concept employee in Loket
      And Sanne's result names EMPLOYED_IN_TWO_ENTITIES

    Scenario: An older employment elsewhere that has ended changes nothing
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 January 2020 until 31 December 2022
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And Sanne's result does not name EMPLOYED_IN_TWO_ENTITIES

    Scenario: Nobody belongs to a legal entity where their employment has ended
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 January 2020 until 31 December 2022
      When the sync of Roos Retail runs on 15 March 2026
      Then the result does not show Sanne
      And Roos Retail has no concept employees in Loket

    Scenario: A newer employment in another legal entity takes nobody out of this one
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And Personio employs Sanne at "Roos Retail" too, from 2 March 2026
      And the sync ran on 13 March 2026
      And the sync of Roos Retail ran on 14 March 2026
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And the history of Sanne never says that she left the legal entity

    Scenario: Being on leave from the other employment leaves nobody out here
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And her status in Personio is "Leave"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1

    Scenario: Being on leave from the employment there leaves the person out there
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And her status in Personio is "Leave"
      When the sync of Roos Retail runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-2
      And Sanne's result names EMPLOYED_IN_TWO_ENTITIES

    Scenario: Where the Entry date is that of the other employment, this one's own start stands for it
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And her entry date in Personio is "2026-03-01"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1

    Scenario: An Entry date that is of neither employment is a finding
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And her entry date in Personio is "2026-03-02"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ENTRY_DATE_MISMATCH

    Scenario: Pay that does not show whose it is is not paid by either of two legal entities
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And Personio does not show us which legal entity pays
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under PAY_ENTITY_NOT_SHOWN
      And nothing was written to Loket

    Scenario: Each of two legal entities pays what is shown to be its own
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Personio employs Sanne at "Roos Retail" too, from 1 March 2026
      And Sanne earns 1,800.00 a month for 40 of 40 hours with effect from 1 March 2026
      When the sync runs on 15 March 2026
      Then the run is completed
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026

    Scenario: Somebody employed in one legal entity is paid by it, whether or not the pay says so
      Given pay is synced from 1 January 2026
      And Sanne is employed in both systems
      And Sanne earns 3,000.00 a month for 40 of 40 hours with effect from 1 February 2026
      And Personio does not show us which legal entity pays
      When the sync runs on 15 March 2026
      Then the run is completed
      And Sanne's wages in Loket from 1 January 2026 on are 3,000.00 from 1 February 2026

    Scenario: Another employment that no sync runs for needs no word
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Lavendel GmbH" too, from 1 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And Sanne's result does not name EMPLOYED_IN_TWO_ENTITIES

    Scenario: Where the Entry date is that of an employment that no sync runs for, the result says so
      Given Sanne is employed in both systems
      And Personio employs Sanne at "Lavendel GmbH" too, from 1 March 2026
      And her entry date in Personio is "2026-03-01"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1
      And Sanne's result names EMPLOYED_IN_TWO_ENTITIES

    Scenario: Whose employment here ended when the one in another legal entity began has moved
      Given Joris and Sanne are employed in both systems
      And the sync ran on 1 March 2026
      And her employment in Personio ends on 10 March 2026
      And Personio employs Sanne at "Roos Retail" too, from 11 March 2026
      And the sync ran on 14 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-1
      And Sanne's result names OPEN_EMPLOYMENT_LEFT

  @rule:WHO-5
  Rule: WHO-5 The mandatory Loket attributes say without doubt whom to sync

    Source: "Who is synced?"

    Scenario: With all mandatory attributes filled there is nothing to find
      Given Sanne is employed in both systems
      When the people are validated on 15 March 2026
      Then there are no findings

    Scenario Outline: A missing <field> blocks the run instead of hiding an unpaid person
      Given Sanne is employed in both systems
      And her <field> in Personio is <value>
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under <finding>
      And nothing was written to Loket

      Examples:
        | field           | value | finding                 |
        | employee number | blank | MISSING_EMPLOYEE_NUMBER |
        | employee number | "   " | MISSING_EMPLOYEE_NUMBER |
        | income number   | blank | MISSING_INCOME_NUMBER   |
        | income number   | "   " | MISSING_INCOME_NUMBER   |
        | entry date      | blank | REQUIRED_FIELD_BLANK    |
        | last name       | blank | REQUIRED_FIELD_BLANK    |

    Scenario Outline: A <field> that Personio does not show blocks the run too
      Given Sanne is employed in both systems
      And Personio does not show us her <field>
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE

      Examples:
        | field           |
        | employee number |
        | income number   |
        | entry date      |

    Scenario: A customer can make another attribute mandatory
      Given Sanne is employed in both systems
      And the phone is mandatory for this customer
      And her phone in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under REQUIRED_FIELD_BLANK

    Scenario: What Loket requires of a final employee is not asked of a concept employee
      Given Daan is in Personio only
      And his initials in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Daan as concept created under MATCH-3

  @rule:WHO-6
  Rule: WHO-6 Anyone entitled can list who is included right now, and why the others are not

    Source: "Who is synced?"

    Scenario: The list names everyone, with the rule for each person left out
      Given Sanne, Daan and Fatima are employed in both systems
      And Daan's status in Personio is "Onboarding"
      And Fatima's employment in Loket ends on 31 May 2026
      When the people are listed on 15 March 2026
      Then the list shows Sanne as included
      And the list shows Daan as left out under JOIN-1
      And the list shows Fatima as left out under END-2

    Scenario: Listing people changes nothing in Loket
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the people are listed on 15 March 2026
      Then her street in Loket is "Main St"
      And nothing was written to Loket

    Scenario: Someone with a finding is listed as included, with the finding
      Given Sanne is employed in both systems
      And her income number in Personio is blank
      When the people are listed on 15 March 2026
      Then the list shows Sanne as included
      And the findings for Sanne are MISSING_INCOME_NUMBER
