"""What happened, in Dutch: every event, of every age, in whole sentences; and what was stored in English, told anew."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args, get_type_hints

import httpx
import msgspec
import pytest

from adapters import outgoing
from adapters.log.proof.verdicts import KeysHeld, ViewDifference, Witnessed
from adapters.personio import pages
from api.languages import tongue
from domain.errors import ReadFailed
from domain.events.alert import AlertNotDelivered
from domain.events.catalogue import STORED_NAMES
from domain.events.loket import FieldOverwritten
from domain.events.runs import OutcomeRecorded
from domain.log import Fact
from domain.personal import Lost, Personal, Sealed
from domain.planning.details import MESSAGES
from domain.planning.eligibility import LEFT_OUT, LeftOut
from domain.services.keep_schedule import _NOT_NOW
from domain.values import BLANK
from domain.views.sentences import ENGLISH, Tongue, sentence
from domain.views.sentences.endings import ENDINGS, ending, message
from domain.views.sentences.reasons import OF_TRANSPORT, OF_WAITING
from domain.views.sentences.retold import retold
from tests.golden.make import example
from tests.pages import catalogue
from tests.support.english import english_in

MARCH_15 = date(2026, 3, 15)
DUTCH = tongue("nl")
SYSTEMS_OWN = {"sample", "Sample"}
"""Words that the examples hold in place of a system's."""


def examples(kind: type[Fact]) -> Iterator[Fact]:
    """With every field filled, with none, and each member of each closed set."""
    whole = example(kind)
    yield whole
    for name, hint in get_type_hints(kind).items():
        options = (hint, *get_args(hint))
        members = [each for one in options if isinstance(one, type) and issubclass(one, enum.Enum) for each in one]
        if bool in options:
            members += [True, False]
        members += [None] if type(None) in options else []
        if name in kind.__struct_fields__:
            yield from (msgspec.structs.replace(whole, **{name: each}) for each in members)


def test_every_sentence_is_in_the_catalogue_whatever_happened() -> None:
    known = {one.id for one in catalogue.translated()}
    asked: set[str] = set()

    def heard(words: str) -> str:
        asked.add(words)
        return words

    for kind in STORED_NAMES.values():
        for fact in examples(kind):
            sentence(fact, on=MARCH_15, first_seen=MARCH_15, t=Tongue(heard))

    assert asked - known - SYSTEMS_OWN == set()


def test_no_word_of_a_dutch_sentence_is_english() -> None:
    told = [
        sentence(fact, on=MARCH_15, first_seen=MARCH_15, t=DUTCH)
        for kind in STORED_NAMES.values()
        for fact in examples(kind)
    ]

    assert {one: found for one in told if (found := english_in(one) - {"sample"})} == {}


ROOT = Path(__file__).parents[2]
TOLD_BY = ("domain/views/sentences/endings.py", "domain/views/sentences/reasons.py")
CODE = (ROOT / "tests" / "golden" / "sentences.txt").read_text().split("## ")
OURS = "\n".join(
    (*(one for one in CODE if not one.startswith(TOLD_BY)),
     (ROOT / "adapters" / "transport.py").read_text(), (ROOT / "domain" / "planning" / "plausible.py").read_text())
)  # fmt: skip


CLASSES = {*OF_TRANSPORT, *OF_WAITING}


@pytest.mark.parametrize("template", [one for one in ENDINGS if one not in CLASSES])
def test_what_is_told_anew_of_an_ending_is_what_the_code_says(template: str) -> None:
    """Part by part: whose answer it was, and how many, is put into it elsewhere."""
    parts = [one.strip(" ().") for one in re.split(r"\{\w+\}|[:;,] | fell from|(?:1 person|people) who", template)]

    assert [one for one in parts if len(one) > 12 and one not in OURS] == []


@pytest.mark.parametrize("template", [*ENDINGS, *MESSAGES])
def test_an_ending_and_what_a_run_said_of_somebody_is_dutch(template: str) -> None:
    samples = {"since": "2026-03-15", "then": "None", "recorded": "NO_BSN, BSN_IS_NO_BSN", "derived": "none",
               "outcome": "left_out", "expected": "concept_created", "reason": "WHO-2", "instead": "MATCH-3",
               "kind": "wages_created", "fields": "address.street, address.city", "names": "W-1 and W-2",
               "stop": "RUN-9", "other": "not stopped", "view": "v_runs_1", "table": "run_7", "clock": "0:12:00",
               "code": "POSTCODE_FORMAT", "chain": "wages", "said": "read timeout", "field": "address.street",
               "day": "2026-03-15", "at": "2026-03-18 09:00:00Z", "who": "Anja", "method": "PATCH", "path": "/v2/x",
               "system": "Personio", "run": "20260318-080000-b02ef4", "plan": "0a1b2c3d", "now": "4e5f6a7b",
               "entity": "170", "trace": "a1b2"}  # fmt: skip
    said = re.sub(r"\{(\w+)\}", lambda place: samples.get(place[1], "7"), template)

    told = ending(said, DUTCH) if template in ENDINGS else message(said, DUTCH)

    assert (told == said, english_in(told)) == (False, set())
    assert ending(said, ENGLISH) == said


def kinds_of(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*map(kinds_of, kind.__subclasses__()))


def test_every_failure_that_is_told_by_its_class_is_told_in_dutch() -> None:
    assert {outgoing.AnswerTooLarge, pages.PageRefused} <= kinds_of(httpx.HTTPError) | kinds_of(ReadFailed)
    kinds = {one for kind in (httpx.HTTPError, *_NOT_NOW) for one in kinds_of(kind)} - {httpx.HTTPError, ReadFailed}
    ours = {one.__name__ for one in kinds if one.__module__.split(".")[0] in MADE_BY}

    assert ours - CLASSES == set()


MADE_BY = {"httpx", "adapters", "domain"}
REASONED = (
    "adapters/alerts/addresses.py", "adapters/alerts/mail_and_chat.py",
    "adapters/log/processes.py", "adapters/log/proof/heads.py", "adapters/log/proof/proven.py",
    "adapters/log/proof/rows.py", "adapters/log/proof/verdicts.py", "adapters/log/proof/verify.py",
    "adapters/log/sealing/key_check.py", "adapters/loket/api.py",
    "adapters/loket/checks.py", "adapters/loket/hours.py", "adapters/loket/people.py", "adapters/loket/reading.py",
    "adapters/loket/tokens.py", "adapters/personio/pages.py", "adapters/personio/tokens.py",
    "adapters/postgres/stored_log.py", "adapters/projections/comparing.py", "adapters/sqlite/stored_log.py",
    "adapters/transport.py", "api/tasks/verify.py", "domain/services/alerts/deliver.py",
    "domain/services/replay/compared.py", "domain/services/replay/gone_on.py", "domain/services/replay/replay.py",
    "adapters/loket/citizen_service_numbers.py", "adapters/loket/countries.py", "adapters/loket/documents.py",
    "adapters/loket/payments.py", "adapters/personio/mapping.py",
    "domain/log.py", "domain/planning/gates.py", "domain/planning/pay/remarks.py", "domain/planning/plausible.py",
    "domain/services/reading/observe.py", "domain/services/reading/unread.py", "domain/services/sync/run.py",
    "domain/services/sync/untold.py",
)  # fmt: skip
"""Where causes and reasons are made that a page shows."""

APART = {
    "{}: {}", "event {}: {}", "write {} ({})", ", and {} is gone", "view {}{}: {}{}", "{}: {}{}",
    "JSON too deep to be read", "{}'s list {}", "Could not decode", "rules were added", "{}HTTP {}",
    "the log's database could not be read to the end: {}", "event {} does not say when it was recorded",
    "the views could not be folded anew to compare them: {}; TMPDIR names a folder for it", ", {}",
    "{}: recorded, and not derived", "{}: recorded from {}, derived {} from {}", "{}: another record in Loket",
    "{}: {} is recorded, and not derived", "{}: {} has another value",
    "write {} ({}): derived, and not sent: {}", "{} does not come to an end", "(trace id {})",
    "citizen service numbers", "hours need their record or employment", "new hours need their first day",
    "nothing was fetched that could be replaced", "Loket refuses to give a token (HTTP {}{}): check client_id and "
    "client_secret in [loket]", "outcome: recorded {}, derived {} {}", "outcome: recorded {}, derived {} writes",
    "outcome: recorded {}, derived 1 write",
    "writing to Loket", "no JSON that can be read", "no word", "no id",
}  # fmt: skip
"""Parts of what is told as a whole, and what no page shows."""


def outline(text: str) -> str:
    return re.sub(r"\{\}(?: ?\{\}| \(Amsterdam\)$)", "{}", re.sub(r"\{\w*\}", "{}", text)).strip("{}; ")


def test_every_cause_and_reason_that_the_code_makes_is_told_in_dutch() -> None:
    said = {one.split("\n", 1)[0]: one.strip().splitlines()[1:] for one in CODE}
    told = {outline(one) for one in ENDINGS}

    left = {file: [one for one in said.get(file, ()) if one not in APART and outline(one) not in told]
            for file in REASONED}  # fmt: skip
    assert {file: found for file, found in left.items() if found} == {}


WHOLE = KeysHeld(7, gone=(("k", 3),), exchanged=(("l", 4),), back=("m",))
WITNESSED = Witnessed(120, ("W-1", "W-2"), datetime(2026, 3, 18, 9, tzinfo=UTC))
VIEWED = ViewDifference("runs", 3, "the row differs in state", "run_rows", (("run", "r-1"),))


@pytest.mark.parametrize(("said", "told"), [
    (f"{WHOLE}",
     "sleutels die het logboek nodig heeft: 7; 1 verdwenen zonder wissing, 1 voor een andere verwisseld, "
     "1 terug na een wissing (`tweeluik erase --reapply` vernietigt ze weer)"),
    (f"the log is sound, but not every view is what it makes: {VIEWED}; mend it with: tweeluik rebuild",
     "het logboek klopt, maar niet elk overzicht is wat eruit volgt: overzicht runs, tabel run_rows: de rij verschilt "
     "in state (run r-1); herstel het met: tweeluik rebuild"),
    (f"two signed histories part between events 5 and 9; {WITNESSED} is of another history than this log",
     "tussen de gebeurtenissen 5 en 9 lopen twee ondertekende geschiedenissen uiteen; de stand van 120 gebeurtenissen "
     "die W-1 en W-2 heeft bevestigd op 2026-03-18 10:00:00 (Amsterdam) hoort bij een andere geschiedenis dan dit "
     "logboek"),
    ("event 7: it is not there; the next row is numbered 9",
     "gebeurtenis 7: zij is er niet; de volgende rij heeft nummer 9"),
    (f"event 7 is {timedelta(days=2, hours=1)} old and no checkpoint covers it",
     "gebeurtenis 7 is 2 dagen en 1:00:00 oud en geen ondertekende stand omvat haar"),
    ("write 0 (wages_created): recorded from 2026-03-01, derived wages from None",
     "schrijfactie 0 (een nieuw loon): vastgelegd vanaf 1 maart 2026, afgeleid het loon vanaf geen dag"),
    ("write -1 (employee): recorded, and not derived",
     "schrijfactie -1 (de medewerker): vastgelegd, en niet afgeleid"),
    ("notices: recorded PAY_ONLY_IN_LOKET wage from 2026-03-01, salary from 2026-04-01, LOKET_FIELD x, derived none",
     "meldingen: vastgelegd PAY_ONLY_IN_LOKET loon vanaf 1 maart 2026, salaris vanaf 1 april 2026, LOKET_FIELD x, "
     "afgeleid geen"),
    ("outcome: recorded updated EDIT-1, derived left_out WHO-2",
     "uitkomst: vastgelegd bijgewerkt EDIT-1, afgeleid doet niet mee WHO-2"),
    ("recorded BRAKE, derived not stopped", "vastgelegd BRAKE, afgeleid niet gestopt"),
])  # fmt: skip
def test_what_was_found_is_told_in_dutch_part_by_part(said: str, told: str) -> None:
    assert ending(said, DUTCH) == told


@pytest.mark.parametrize("cause", ["connect timeout", "ConnectTimeout"])
def test_why_an_alert_did_not_arrive_is_told_in_the_sentence_s_language(cause: str) -> None:
    """Older events have it in the words of a library."""
    fact = AlertNotDelivered(alert="a-1", target="mail", attempt=2, cause=cause, next_at=WITNESSED.at)

    assert (sentence(fact, on=MARCH_15, t=DUTCH), sentence(fact, on=MARCH_15)) == (
        "Melding a-1 bereikte mail niet (poging 2: geen verbinding binnen de tijd); zij wordt opnieuw verstuurd.",
        f"Alert a-1 did not reach mail (attempt 2: {cause}); it is sent again.",
    )


def test_several_things_that_were_said_of_a_run_are_each_told_anew() -> None:
    said = (
        "POSTCODE_FORMAT address.postalCode: 2 people; PAY-9: amounts_are is undecided; of part-timers' wages in Loket "
        "3 equal Personio's amount as the full-time one, 2 as the person's own, 1 neither; the systems were asleep; "
        "RUN-8: written before this run by runs that were cut off, and told with it: run 20260316-a: 3 fields; "
        "run 20260317-b: 1 field"
    )

    first, vote, whole, asleep, earlier, other = ending(said, DUTCH).split("; ")

    assert first == "POSTCODE_FORMAT address.postalCode: 2 medewerkers"
    assert asleep == "the systems were asleep", "nothing of ours: it stays as it was said"
    assert (earlier.endswith("20260316-a: 3 velden"), other.endswith("20260317-b: 1 veld")) == (True, True)
    assert english_in(f"{vote} {whole} {earlier} {other}") == set()


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_why_somebody_is_left_out_is_told_in_dutch(left_out: LeftOut) -> None:
    told = message(f"{left_out.rule} {left_out.label}: {left_out.hint}", DUTCH)

    head, _, hint = told.partition(": ")
    assert (head, hint == left_out.hint, english_in(hint)) == (f"{left_out.rule} {left_out.label}", False, set())


@pytest.mark.parametrize(("after", "said"), [
    (Sealed("key", "box"), "Straat is in Loket overschreven: ••• werd •••; voor het eerst gezien op 14 maart 2026, "
                           "Personio geeft geen ingangsdatum, terugwerkend: onbekend."),
    (BLANK, "Straat is in Loket leeggemaakt; het was •••; voor het eerst gezien op 14 maart 2026, "
            "Personio geeft geen ingangsdatum, terugwerkend: onbekend."),
    (Lost.SHREDDED, "Straat is in Loket overschreven: ••• werd (gewist); voor het eerst gezien op 14 maart 2026, "
                    "Personio geeft geen ingangsdatum, terugwerkend: onbekend."),
])  # fmt: skip
def test_an_overwrite_reads_as_dutch(after: Personal, said: str) -> None:
    fact = FieldOverwritten(
        run_id="r", intent="i", person_id="7", subject="s", field="address.street", before=Sealed("k", "b"), after=after
    )

    assert sentence(fact, on=MARCH_15, first_seen=date(2026, 3, 14), t=DUTCH) == said


@pytest.mark.parametrize(("stored", "told"), [
    ("40 characters, Loket takes 25", "40 tekens, in Loket passen er 25"),
    ("wage from 2026-03-01, salary from 2026-04-01", "loon vanaf 1 maart 2026, salaris vanaf 1 april 2026"),
    ("from 2026-02-31", "vanaf 2026-02-31"),
    ("A, B: may be the wage that is missed from 2026-03-01; C: may be what is missed of component 380 from 2026-03-01",
     "A, B: kan het loon zijn dat vanaf 1 maart 2026 ontbreekt; C: kan zijn wat van looncomponent 380 vanaf 1 maart "
     "2026 ontbreekt"),
    ("Lease car: amount", "Lease car: amount"),
    ("40 characters, Loket takes 25 {most}", "40 characters, Loket takes 25 {most}"),
])  # fmt: skip
def test_a_stored_detail_is_told_anew_where_it_is_ours_as_a_whole(stored: str, told: str) -> None:
    assert retold(stored, DUTCH) == told


def test_a_notice_is_told_anew_and_what_loket_said_is_not() -> None:
    fact = OutcomeRecorded(
        person_id="7", employee_number=4711, outcome="updated", reason="EDIT-1",
        notices=("PAY_ONLY_IN_LOKET: Loket holds pay that Personio does not: it is left alone, correct one of the two "
                 "(wage from 2026-03-01)",),
        messages=("Field is required",),
    )  # fmt: skip

    assert sentence(fact, on=MARCH_15, t=DUTCH) == (
        "Uitkomst van de synchronisatie: velden overschreven (EDIT-1): PAY_ONLY_IN_LOKET: In Loket staat loon dat "
        "Personio niet heeft: het blijft staan, verbeter een van de twee (loon vanaf 1 maart 2026); Field is required."
    )
