"""What Personio's help article says, sentence by sentence in our own words, and the rules that each sentence led to.

The article is "Loket integration: Sync employee data". Every rule whose source is one of its sections is led to by a
sentence of that section; what the article does not say is a decision of ours, another page's, or Loket's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing the article says, and the rules it led to."""

    text: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the article by its own title."""

    title: str
    sentences: tuple[Sentence, ...]


ARTICLE: Final = (
    Section(
        "Who is synced?",
        (
            Sentence(
                "Only people of a Dutch legal entity that has the Loket integration switched on take part.", ("WHO-1",)
            ),
            Sentence("Their status has to be Active.", ("WHO-2",)),
            Sentence("The attribute Consider in NL payroll has to be Yes.", ("WHO-3",)),
            Sentence("All three have to hold at once; where one is missing, the person is left out.", ("WHO-4",)),
            Sentence(
                "The attributes that Loket cannot do without, such as the employee number and the income number, have "
                "to be filled in.",
                ("WHO-5",),
            ),
            Sentence("A filter on the list of people shows who takes part.", ("WHO-6",)),
        ),
    ),
    Section(
        "What is synced?",
        (
            Sentence("What holds at the moment of the run is sent.", ("WHAT-1",)),
            Sentence("A change with a date in the future is sent by the first run on or after that date.", ("WHAT-2",)),
            Sentence("The article lists the attributes that are supported.", ("WHAT-3",)),
        ),
    ),
    Section(
        "How the integration handles retroactive changes",
        (
            Sentence(
                "A change with a date in the past is sent by the next run as what holds now; Loket is not dated back.",
                ("RETRO-1",),
            ),
            Sentence(
                "Where Loket keeps no dates, the earlier value is lost there when it is overwritten.",
                ("RETRO-2", "AUD-2"),
            ),
        ),
    ),
    Section(
        "How are employees matched?",
        (
            Sentence("The employee number of Loket says who is who.", ("MATCH-1",)),
            Sentence("If Loket knows the number, that employee is brought up to date.", ("MATCH-2",)),
            Sentence("If it does not, a concept employee is created.", ("MATCH-3",)),
            Sentence("The income number tells the employments of one employee apart.", ("MATCH-4",)),
        ),
    ),
    Section(
        "Manage new joiners",
        (
            Sentence(
                "HR adds the joiner, sets Consider in NL payroll, gives the number and completes the profile; the "
                "joiner is synced once Active.",
                ("JOIN-1",),
            ),
            Sentence("The result of the sync then says that a concept employee was created.", ("JOIN-2",)),
            Sentence(
                "Told by HR, the payroll administrator opens the concept employee in Loket, fills in the rest and "
                "finalises it.",
                ("JOIN-3",),
            ),
            Sentence("Until then only employee data and the base salary are sent.", ("JOIN-4", "PAY-6")),
            Sentence("After that the next run sends recurring and one-time pay too.", ("JOIN-5", "PAY-6")),
            Sentence("The message about the concept employee is then gone.", ("JOIN-6",)),
        ),
    ),
    Section(
        "Manage existing employees",
        (
            Sentence("A change of a supported attribute in Personio reaches Loket with the next run.", ("EDIT-1",)),
            Sentence("What is made blank in Personio is made blank in Loket.", ("EDIT-2",)),
        ),
    ),
    Section(
        "Manage employment or income relationship changes",
        (
            Sentence("The payroll administrator creates a new employment in Loket; the sync never does.", ("EMPL-1",)),
            Sentence("HR enters its income number and start date in Personio, exactly as Loket has them.", ("EMPL-2",)),
            Sentence("The next run then follows the new employment.", ("EMPL-3",)),
        ),
    ),
    Section(
        "Manage terminations",
        (
            Sentence("Somebody who is leaving takes part for as long as the three conditions hold.", ("END-1",)),
            Sentence("As soon as Loket has an end date, even one to come, the person is no longer synced.", ("END-2",)),
            Sentence("Somebody Inactive is no longer synced, and is ended by hand in both systems.", ("END-3",)),
            Sentence(
                "The sync ends no employment; what else leaving asks for is done in Loket, by people who agree on it.",
                ("END-4",),
            ),
        ),
    ),
    Section(
        "Check validation errors",
        (
            Sentence("Everyone who takes part is validated before data is sent.", ("CHECK-1",)),
            Sentence("As long as there is an error, the sync of the legal entity does not go through.", ("CHECK-2",)),
            Sentence("The data is corrected, or the person is taken out of Dutch payroll.", ("CHECK-3",)),
            Sentence("The people with open tasks are listed for each legal entity.", ("CHECK-4",)),
        ),
    ),
)

TEXTS: Final = tuple(text for section in ARTICLE for text in (section.title, *(one.text for one in section.sentences)))
"""To be translated."""
