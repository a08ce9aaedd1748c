Feature: Existing employees
  Personio leads. Each run compares the whole supported set with Loket and makes Loket equal; what was typed into
  Loket by hand is overwritten, and a blank clears. An attribute that Personio does not show us is never a blank.

  @rule:EDIT-1
  Rule: EDIT-1 A change to a supported attribute reaches Loket on the next run

    Source: "Manage existing employees"

    Scenario Outline: A new <field> reaches Loket
      Given Sanne is employed in both systems
      And her <field> in Personio is "<new>"
      When the sync runs on 15 March 2026
      Then her <field> in Loket is "<new>"
      And the result shows Sanne as updated under EDIT-1

      Examples:
        | field                 | new                |
        | first name            | Susanne            |
        | last name             | Verhoeven          |
        | initials              | S.M.               |
        | name prefix           | van der            |
        | date of birth         | 13 April 1990      |
        | place of birth        | Gouda              |
        | street                | Central Ave        |
        | house number          | 77                 |
        | house number addition | bis                |
        | postal code           | 2511 AC            |
        | city                  | Den Haag           |
        | private e-mail        | sanne@example.org  |
        | business e-mail       | sanne@tulp.example |
        | phone                 | 030 555 0101       |
        | mobile phone          | 06 55501010        |
        | BSN                   | 111222333          |
        | IBAN                  | NL52ABNA0424968264 |

    Scenario: What Loket already holds is not written again
      Given Sanne is employed in both systems
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And the result shows Sanne as unchanged under EDIT-1

    Scenario: Running again after a run writes nothing
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync ran on 15 March 2026
      When the sync runs on 15 March 2026
      Then nothing was written to Loket

    Scenario: A value typed into Loket by hand is overwritten, and the history keeps it
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Hand-typed Ln"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And the history shows that her street in Loket moved from "Main St" to "Hand-typed Ln" by someone else
      And the history shows that her street was overwritten from "Hand-typed Ln" to "Main St" by that run under EDIT-1

    Scenario: A value typed into Loket that equals the new one in Personio is not an overwrite
      Given Sanne is employed in both systems
      And the sync ran on 1 March 2026
      And her street in Loket becomes "Central Ave"
      And her street in Personio becomes "Central Ave"
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And the history shows no overwritten field of Sanne

    Scenario Outline: The same <field> in another spelling is no difference
      Given Sanne is employed in both systems
      And her <field> in Loket is "<in Loket>"
      And her <field> in Personio is "<in Personio>"
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And her <field> in Loket is "<in Loket>"

      Examples:
        | field          | in Loket           | in Personio            |
        | postal code    | 1234AB             | 1234 ab                |
        | IBAN           | NL91ABNA0417164300 | nl91 abna 0417 1643 00 |
        | private e-mail | Sanne@Example.org  | sanne@example.org      |
        | BSN            | 012345672          | 12345672               |
        | country        | NL                 | nl                     |
        | house number   | 12                 | 012                    |

    Scenario: A name in other capitals is another name
      Given Sanne is employed in both systems
      And her last name in Loket is "de vries"
      And her last name in Personio is "de Vries"
      When the sync runs on 15 March 2026
      Then her last name in Loket is "de Vries"

    Scenario Outline: A new <field> is written in its tidy form
      Given Sanne is employed in both systems
      And her <field> in Personio is "<typed>"
      When the sync runs on 15 March 2026
      Then her <field> in Loket is "<written>"

      Examples:
        | field          | typed                  | written            |
        | postal code    | 2511ac                 | 2511 AC            |
        | IBAN           | nl52 abna 0424 9682 64 | NL52ABNA0424968264 |
        | private e-mail | Sanne.V@Example.org    | Sanne.V@Example.org |
        | BSN            | 12345672               | 012345672          |

    Scenario: Spaces around a value are not sent
      Given Sanne is employed in both systems
      And her city in Personio is "  Den Haag "
      When the sync runs on 15 March 2026
      Then her city in Loket is "Den Haag"

    Scenario: Several changes of one person are all named in the result
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And her phone in Personio is "030 555 0101"
      When the sync runs on 15 March 2026
      Then Sanne's result lists her street as overwritten from "Main St" to "Central Ave"
      And Sanne's result lists her phone as overwritten from "030 555 0199" to "030 555 0101"

    Scenario: An employee without an account in Loket gets one
      Given Sanne is employed in both systems
      And Sanne has no account in Loket
      And her IBAN in Personio is "NL52ABNA0424968264"
      When the sync runs on 15 March 2026
      Then her IBAN in Loket is "NL52ABNA0424968264"

    Scenario: Where Loket names no component for a new account, the rest is written and the IBAN failed
      Given Sanne is employed in both systems
      And Sanne has no account in Loket and Loket suggests no component for one
      And her IBAN in Personio is "NL52ABNA0424968264"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And her IBAN in Loket is blank
      And Sanne's result names IBAN_COMPONENT_UNKNOWN

  @rule:EDIT-2
  Rule: EDIT-2 A blank in Personio clears the field in Loket

    Source: "Manage existing employees"

    Scenario: Removing a private e-mail address clears it in Loket
      Given Sanne is employed in both systems
      And her private e-mail in Loket is "sanne@example.org"
      And her private e-mail in Personio is blank
      When the sync runs on 15 March 2026
      Then her private e-mail in Loket is blank
      And the history shows that her private e-mail was overwritten from "sanne@example.org" to blank by that run under EDIT-2

    Scenario: An e-mail address that Personio did not show is left alone
      Given Sanne is employed in both systems
      And her private e-mail in Loket is "sanne@example.org"
      And Personio does not show us her private e-mail
      When the sync runs on 15 March 2026
      Then her private e-mail in Loket is "sanne@example.org"
      And the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE

    Scenario: An attribute that nobody shows any more clears nobody's field
      Given Sanne, Daan and Fatima are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us anyone's private e-mail
      When the sync runs on 15 March 2026
      Then the run is blocked because of ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket
      And the run's message names the private e-mail and 3 people

    Scenario: An attribute that comes back into view is synced again
      Given Sanne is employed in both systems
      And Personio does not show us her private e-mail
      And the sync ran with trouble on 1 March 2026
      And Personio shows us everything again
      And her private e-mail in Personio becomes "sanne@example.org"
      When the sync runs on 15 March 2026
      Then her private e-mail in Loket is "sanne@example.org"

    Scenario: A customer whose Personio leaves empty attributes out can say that absent means blank
      Given Sanne is employed in both systems
      And this customer's Personio leaves empty attributes out
      And her private e-mail in Personio is blank
      When the sync runs on 15 March 2026
      Then her private e-mail in Loket is blank

    Scenario: Left out for one and shown for another, it is blank: a right is given for all people or for none
      Given Sanne and Daan are employed in both systems
      And Daan's private e-mail in both systems is "daan@example.org"
      And Sanne's private e-mail in Loket is "sanne@example.org"
      And Sanne's private e-mail in Personio is blank
      When the sync runs on 15 March 2026
      Then Sanne's private e-mail in Loket is blank
      And Daan's private e-mail in Loket is "daan@example.org"

    Scenario: Where nobody shows it, what is left out is not blank
      Given Sanne and Daan are employed in both systems
      And Sanne's private e-mail in Loket is "sanne@example.org"
      And Sanne's private e-mail in Personio is blank
      And Daan's private e-mail in Personio is blank
      And nobody else shows a private e-mail in Personio
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE
      And Sanne's private e-mail in Loket is "sanne@example.org"

    Scenario: What is sent as empty is blank, although nobody else shows it
      Given Sanne is employed in both systems
      And Sanne's private e-mail in Loket is "sanne@example.org"
      And Personio sends empty attributes as null
      And Sanne's private e-mail in Personio is blank
      And nobody else shows a private e-mail in Personio
      When the sync runs on 15 March 2026
      Then the run is completed
      And Sanne's private e-mail in Loket is blank

    Scenario: A customer can say that what is left out is never blank
      Given Sanne and Daan are employed in both systems
      And what Personio leaves out is never blank for this customer
      And Sanne's private e-mail in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket

    Scenario: An attribute that nobody has ever shown concerns nobody of whom Loket holds nothing
      Given Sanne and Daan are employed in both systems
      And Sanne's phone in Loket is blank
      And Daan's phone in Loket is blank
      And Personio does not show us anyone's phone
      When the sync runs on 15 March 2026
      Then the run is completed

    Scenario: An attribute that far fewer people show than before is not believed to be blank
      Given Sanne, Daan, Fatima, Emma and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us Sanne's private e-mail
      And Personio does not show us Daan's private e-mail
      And Personio does not show us Fatima's private e-mail
      When the sync runs on 15 March 2026
      Then the run is blocked because of ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket
      And the run's message names the private e-mail and 3 people

    Scenario: Nobody empties a whole profile at once, so what is no longer listed of somebody is not blank
      Given Sanne, Daan and Fatima are employed in both systems
      And the sync ran on 1 March 2026
      And Personio lists no attribute of Sanne's any more
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket
      When every decision on record is derived again
      Then all of them agree

    Scenario: An emptied profile that is read twice is believed no sooner
      Given Sanne, Daan and Fatima are employed in both systems
      And the sync ran on 1 March 2026
      And Personio lists no attribute of Sanne's any more
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under ATTRIBUTE_NOT_READABLE

    Scenario: Consider in NL payroll alone says that the profile is read: then the person is out
      Given Sanne, Daan and Fatima are employed in both systems
      And the sync ran on 1 March 2026
      And Personio lists no attribute of Sanne's but Consider in NL payroll, which is No
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3
      And the run is completed

    Scenario: Who took no part, and of whom nothing is listed any more, takes no part
      Given Sanne, Daan and Fatima are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's Consider in NL payroll in Personio becomes "No"
      And the sync ran on 8 March 2026
      And Personio lists no attribute of Sanne's any more
      When the sync runs on 15 March 2026
      Then the result shows Sanne as left out under WHO-3
      And the run is completed

    Scenario: An attribute that half of the people still show may be blank for the others
      Given Sanne, Daan, Fatima and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's private e-mail in Personio becomes blank
      And Daan's private e-mail in Personio becomes blank
      When the sync runs on 15 March 2026
      Then the run is completed
      And Sanne's private e-mail in Loket is blank

    Scenario: Reading it twice makes a narrowed right no wider
      Given Sanne, Daan, Fatima and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Personio does not show us Sanne's private e-mail
      And Personio does not show us Daan's private e-mail
      And Personio does not show us Fatima's private e-mail
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then the run is blocked because of ATTRIBUTE_NOT_READABLE
      And nothing was written to Loket

    Scenario: Somebody else may say that an attribute was really emptied for many
      Given Sanne, Daan, Fatima and Joris are employed in both systems
      And the sync ran on 1 March 2026
      And Sanne's private e-mail in Personio becomes blank
      And Daan's private e-mail in Personio becomes blank
      And Fatima's private e-mail in Personio becomes blank
      And Anna ran the sync with trouble on 15 March 2026
      When Bram accepts that read and runs the sync on 15 March 2026
      Then the run is completed
      And Fatima's private e-mail in Loket is blank

    Scenario: A text of nothing but spaces is a blank
      Given Sanne is employed in both systems
      And her private e-mail in Loket is "sanne@example.org"
      And her private e-mail in Personio is "   "
      When the sync runs on 15 March 2026
      Then her private e-mail in Loket is blank

    Scenario: A blank where Loket has nothing either is nothing to do
      Given Sanne is employed in both systems
      And her private e-mail in both systems is blank
      When the sync runs on 15 March 2026
      Then nothing was written to Loket

    Scenario Outline: A blank <field> clears it
      Given Sanne is employed in both systems
      And her <field> in Personio is blank
      When the sync runs on 15 March 2026
      Then her <field> in Loket is blank

      Examples:
        | field           |
        | first name      |
        | name prefix     |
        | place of birth  |
        | business e-mail |
        | phone           |
        | mobile phone    |
        | BSN             |

    Scenario Outline: Loket does not accept a blank <field>, so it is a finding and nothing is tried
      Given Sanne is employed in both systems
      And her <field> in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under REQUIRED_FIELD_BLANK
      And nothing was written to Loket

      Examples:
        | field         |
        | initials      |
        | last name     |
        | date of birth |
        | gender        |
        | IBAN          |

    Scenario: A blank IBAN of someone without an account in Loket is nothing to do
      Given Sanne is employed in both systems
      And Sanne has no account in Loket
      And her IBAN in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unchanged under EDIT-1

    Scenario: A blank BSN is cleared with a notice about the anonymous rate
      Given Sanne is employed in both systems
      And her BSN in Personio is blank
      When the sync runs on 15 March 2026
      Then Sanne's result names BSN_BLANK
      And her BSN in Loket is blank

    Scenario: When every part of the address is blank, the whole address is cleared
      Given Sanne is employed in both systems
      And her address note in Loket is "third floor"
      And her whole address in Personio is blank
      When the sync runs on 15 March 2026
      Then her whole address in Loket is blank
      And the history shows that her street was overwritten from "Main St" to blank by that run under EDIT-2
      And the history shows that her address note was overwritten from "third floor" to blank by that run under EDIT-2

    Scenario: What someone adds to an address while the sync is writing goes with it and is on record
      Given Sanne is employed in both systems
      And her house number addition in both systems is blank
      And her whole address in Personio is blank
      And her house number addition in Loket becomes "bis" while the sync is writing
      When the sync runs on 15 March 2026
      Then her whole address in Loket is blank
      And the history shows that her house number addition was overwritten from "bis" to blank by that run under EDIT-2

    Scenario: An address with only some parts blank is a finding
      Given Sanne is employed in both systems
      And her street in Personio is blank
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under REQUIRED_FIELD_BLANK
      And her street in Loket is "Main St"

    Scenario: The addition to a house number can be cleared on its own
      Given Sanne is employed in both systems
      And her house number addition in both systems is "bis"
      And her house number addition in Personio becomes blank
      When the sync runs on 15 March 2026
      Then her house number addition in Loket is blank
      And her street in Loket is "Main St"

    Scenario: An address for someone who had none in Loket is filled whole
      Given Sanne is employed in both systems
      And her whole address in Loket is blank
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And her city in Loket is "Utrecht"

  @rule:EDIT-3
  Rule: EDIT-3 What belongs together travels together: a new IBAN never keeps the old bank's BIC

    Source: our decision

    Scenario Outline: A move from a <old> bank to a <new> one drops the old bank's BIC
      Given Sanne is employed in both systems
      And her IBAN in both systems is "<before>"
      And her account in Loket has the BIC "<bic>"
      And her IBAN in Personio becomes "<after>"
      When the sync runs on 15 March 2026
      Then her IBAN in Loket is "<after>"
      And her account in Loket has no BIC

      Examples:
        | old     | new           | before                 | bic         | after                  |
        | German  | Dutch         | DE89370400440532013000 | COBADEFFXXX | NL91ABNA0417164300     |
        | German  | Belgian       | DE89370400440532013000 | COBADEFFXXX | BE68539007547034       |
        | German  | second German | DE89370400440532013000 | COBADEFFXXX | DE02120300000000202051 |
        | Dutch   | Belgian       | NL91ABNA0417164300     | ABNANL2A    | BE68539007547034       |

    Scenario: A BIC typed in Loket beside the same IBAN is left alone
      Given Sanne is employed in both systems
      And her IBAN in both systems is "DE89370400440532013000"
      And her account in Loket has the BIC "DEUTDEFF"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And her account in Loket has the BIC "DEUTDEFF"

    Scenario: The BIC that went is in the list of what was overwritten
      Given Sanne is employed in both systems
      And her IBAN in both systems is "DE89370400440532013000"
      And her account in Loket has the BIC "COBADEFFXXX"
      And her IBAN in Personio becomes "BE68539007547034"
      When the sync runs on 15 March 2026
      Then her result lists her BIC as overwritten from "COBADEFFXXX" to blank

    Scenario: Where Loket needs a BIC a new foreign IBAN waits
      Given Sanne is employed in both systems
      And this customer's Loket takes no foreign IBAN without its BIC
      And her IBAN in Personio is "BE68539007547034"
      When the sync runs on 15 March 2026
      Then the result shows Sanne as blocked under BIC_MISSING
      And nothing was written to Loket

    Scenario: The addition of the old house number does not stay where additions are not mapped
      Given Sanne is employed in both systems
      And the house number addition is not mapped by this customer
      And her house number addition in Loket is "bis"
      And her house number in Personio is "88"
      When the sync runs on 15 March 2026
      Then her house number in Loket is "88"
      And her house number addition in Loket is blank

    Scenario: The addition stays beside a house number that did not change
      Given Sanne is employed in both systems
      And the house number addition is not mapped by this customer
      And her house number addition in Loket is "bis"
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her house number addition in Loket is "bis"

    Scenario: In a concept employee the old addition does not stay either
      Given Daan is in Personio only
      And the house number addition is not mapped by this customer
      And the sync ran on 1 March 2026
      And his house number addition in Loket is "bis"
      And his house number in Personio is "88"
      When the sync runs on 15 March 2026
      Then his house number in Loket is "88"
      And his house number addition in Loket is blank
