@postgres
Feature: Recovery
  Loket cannot recognise a request that is sent twice. So every write is on record before it leaves, and whatever
  happens to its answer, the end of it is found out by reading, never by sending it again.

  @rule:RUN-8
  Rule: RUN-8 Every write has a durable intent before it is sent, and exactly one final outcome

    Source: our decision

    Scenario: A write that is answered is confirmed once
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And every intended write in the history has one final outcome

    Scenario Outline: A write that Loket <trouble> is confirmed by reading it back
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket <trouble>
      When the sync runs on 15 March 2026
      Then the result shows Sanne as updated under EDIT-1
      And the history shows that her street was overwritten from "Main St" to "Central Ave" by that run under EDIT-1
      And Loket received one write
      And every intended write in the history has one final outcome

      Examples:
        | trouble                                                      |
        | applies the next write without answering                     |
        | applies the next write and answers with a server error       |
        | applies the next write and breaks off in mid-answer          |
        | applies the next write and answers with a web page           |

    Scenario Outline: A write that Loket <trouble> is not an overwrite
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket <trouble>
      When the sync runs on 15 March 2026
      Then her street in Loket is "Main St"
      And the history shows no overwritten field of Sanne
      And the run is completed with errors
      And every intended write in the history has one final outcome

      Examples:
        | trouble                                        |
        | loses the next write without answering         |
        | loses the next write and answers with a server error |

    Scenario: A write that was lost is planned anew by the next run
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket loses the next write without answering
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the result shows Sanne as updated under EDIT-1

    Scenario: A lost write is judged by the rules of the day, not repeated
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket loses the next write without answering
      And the sync ran with trouble on 14 March 2026
      And her street in Personio becomes "Harbour Rd"
      When the sync runs on 15 March 2026
      Then her street in Loket is "Harbour Rd"

    Scenario: A third value found after a lost answer is a conflict that nobody overwrites silently
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket applies the next write without answering, and someone types the street "Hand-typed Ln" over it
      When the sync runs on 15 March 2026
      Then the result shows Sanne as unknown under RUN-8
      And her street in Loket is "Hand-typed Ln"
      And the run is completed with errors

    Scenario: The run after a conflict judges it afresh and keeps what it found
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket applies the next write without answering, and someone types the street "Hand-typed Ln" over it
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the history shows that her street was overwritten from "Hand-typed Ln" to "Central Ave" by that run under EDIT-1

    Scenario: A write for which the token had expired is sent again, once, with a new token
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket no longer accepts the token at the next write
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the run is completed

    Scenario: A write that Loket had no time for is sent again after waiting
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And Loket asks for patience at the next write
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And the run is completed

    Scenario Outline: A sync that died <moment> is finished by the next one
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync on 14 March 2026 died <moment>
      When the sync runs on 15 March 2026
      Then her street in Loket is "Central Ave"
      And every intended write in the history has one final outcome
      And the history shows that the run of 14 March 2026 was cut off

      Examples:
        | moment                                  |
        | just before its first write was sent    |
        | just after its first write was applied  |

    Scenario: What a dead sync had written is confirmed by the next one, not written again
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync on 14 March 2026 died just after its first write was applied
      When the sync runs on 15 March 2026
      Then nothing was written to Loket
      And the history shows that her street was overwritten from "Main St" to "Central Ave" under EDIT-1

    Scenario: What a dead sync had overwritten is told by the next one
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync on 14 March 2026 died just after its first write was applied
      When the sync runs on 15 March 2026
      Then her result lists her street as overwritten from "Main St" to "Central Ave"
      And one alert tells of 1 overwritten value

    Scenario: What was told of a dead sync is not told again
      Given Sanne is employed in both systems
      And her street in Personio is "Central Ave"
      And the sync on 14 March 2026 died just after its first write was applied
      And the sync ran on 15 March 2026
      When the sync runs on 16 March 2026
      Then one alert tells of 1 overwritten value

    Scenario Outline: A concept employee whose creation Loket <trouble> stays unknown and is not sent again
      Given Daan is in Personio only
      And Loket <trouble>
      When the sync runs on 15 March 2026
      Then the result shows Daan as unknown under RUN-8
      And Loket received one write
      And the run is completed with errors

      Examples:
        | trouble                                     |
        | applies the next write without answering    |
        | loses the next write without answering      |

    Scenario: The next run finds the concept employee whose creation was never answered
      Given Daan is in Personio only
      And Loket applies the next write without answering
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And Daan's result carries the confirmation of a concept employee
      And every intended write in the history has one final outcome

    Scenario: The next run creates the concept employee that was truly lost
      Given Daan is in Personio only
      And Loket loses the next write without answering
      And the sync ran with trouble on 14 March 2026
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And the result shows Daan as concept created under MATCH-3
      And every intended write in the history has one final outcome

    Scenario: A concept employee that Loket shows only a moment later is not created twice
      Given Daan is in Personio only
      And Loket applies the next write without answering and shows it only seconds later
      And the sync ran with trouble on 15 March 2026
      When the sync runs on 15 March 2026
      Then Loket has one concept employee

    Scenario: A sync that died while creating a concept employee does not lead to a second one
      Given Daan is in Personio only
      And the sync on 14 March 2026 died just after its first write was applied
      When the sync runs on 15 March 2026
      Then Loket has one concept employee
      And the history shows that the run of 14 March 2026 was cut off
