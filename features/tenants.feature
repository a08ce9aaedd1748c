Feature: Many customers in one server
  A bureau runs Tweeluik for many customers on the same machines. They share nothing else: nobody of one may learn of
  another, and no large one may keep a small one from its work.

  @rule:BUREAU-1
  Rule: BUREAU-1 What is another customer's is answered as what does not exist

    Source: our decision

    Scenario: Somebody reads the log of the customer whose key they have
      Given the customers Tulp, Roos and Lelie are served together
      When somebody with a key of Tulp asks for the events of Tulp
      Then they see the events of Tulp and nothing of Roos

    Scenario: Somebody who asks another customer is told what is told of one that does not exist
      Given the customers Tulp, Roos and Lelie are served together
      When somebody with a key of Tulp asks for the events of Roos
      Then they are told that there is no such thing
      And they are told exactly the same of a customer that does not exist

    Scenario: Somebody without a key is asked for one, whether there is such a customer or not
      Given the customers Tulp, Roos and Lelie are served together
      When somebody without a key asks for the events of Roos
      Then they are asked for a key
      And they are told exactly the same of a customer that does not exist

    Scenario: Two customers that name the same log both stop, and a third one runs on
      Given the customers Tulp, Roos and Lelie are served together
      When the configuration of Roos names the log of Tulp
      Then Tulp and Roos do not run, and the operator is told that they name the same database
      And Lelie runs

    Scenario: A customer whose configuration was cut short goes on as before
      Given the customers Tulp, Roos and Lelie are served together
      When the configuration of Roos cannot be read
      Then Roos runs, and the operator is told why its configuration cannot be used
      And Tulp runs
      And Lelie runs

    Scenario: A customer whose configuration could never be used does not run, and stops nobody
      Given the customers Tulp, Roos and Lelie are served together
      When a customer Eik is added whose configuration cannot be read
      Then Eik does not run, and the operator is told why
      And Tulp runs
      And Lelie runs

    Scenario: A customer that is removed lets nobody in, and its log stays
      Given the customers Tulp, Roos and Lelie are served together
      When Roos is removed
      Then somebody with a key of Roos is told that there is no such thing
      And the log of Roos is still there
      And Tulp runs

  @rule:BUREAU-2
  Rule: BUREAU-2 Work is shared so that no large customer keeps a small one waiting

    Source: our decision

    Scenario: Small customers that come later begin before a large one is through
      Given a large customer has 50 checks waiting, of 70 seconds each
      And 200 small customers have a check of 2 seconds waiting each
      When four places do the work
      Then every small customer's check has begun within six minutes
      And the large customer never held more than two places

    Scenario: A large customer that is alone has all of its work done
      Given a large customer has 50 checks waiting, of 70 seconds each
      When four places do the work
      Then all 50 checks of the large customer are done
      And the large customer never held more than two places

    Scenario: Two large customers leave a place to a small one
      Given two large customers have 20 runs waiting each, of 3000 seconds each
      And a small customer's run of 20 seconds comes after they have begun in four places
      When four places do the work
      Then the small customer's run began at once
      And no large customer ever held more than two places

    Scenario: However many large customers there are, a small one begins at once
      Given 12 large customers have 20 runs waiting each, of 3000 seconds each
      And a small customer's run of 20 seconds comes after they have begun in four places
      When four places do the work
      Then the small customer's run began at once
      And the large customers never held the fourth place

    Scenario: A verification is done although runs of the same customer keep coming
      Given a large customer has had a verification waiting for half an hour
      And a run of the same customer waits since now
      When one place does the work
      Then the verification began before the run

    Scenario: A run that payroll waits for goes before another customer's verification
      Given a large customer has 3 verifications waiting, of 60 seconds each
      And a small customer's run of 20 seconds comes later
      When one place does the work
      Then the small customer's run began before any verification

    Scenario: A verification that has waited for long goes before a run that has just come
      Given a large customer has had a verification waiting for half an hour
      And a small customer that was given much work has a run waiting since now
      When one place does the work
      Then the verification began before the run
