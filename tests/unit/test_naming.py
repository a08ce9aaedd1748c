"""Of each kind of event it is known whether it names several people, so that its certificate is not given unasked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final, get_origin, get_type_hints

import pytest

from domain.events.access import Reading, RecordsRead
from domain.events.alert import AlertKind, AlertRaised, Condition, ConditionsNoted
from domain.events.catalogue import STORED_NAMES
from domain.events.custody import PeopleNamed, ValuesUnmasked
from domain.events.drift import WaitingField, WaitingSeen
from domain.events.findings import LookedBy
from domain.events.grounds import EntityJudged, EveryoneJudged
from domain.events.loket_versions import UncountedChange, VersionsDoubted
from domain.events.runs import (
    OutcomeRecorded,
    OutcomesRecorded,
    PayeesSeen,
    PlanStopped,
    RunStarted,
    StoppedPerson,
    Unmoved,
)
from domain.log import Fact
from domain.naming import named_by, people_named
from domain.streams import drift_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId

NOW: Final = datetime(2026, 3, 15, tzinfo=UTC)
TULP: Final = LegalEntityId("170")
TWO: Final = (Condition(AlertKind.CONCEPT_WAITING, "a"), Condition(AlertKind.CONCEPT_WAITING, "b"))


def judged(**more: tuple[int, ...]) -> EveryoneJudged:
    return EveryoneJudged(
        legal_entity=TULP, look=LookedBy.RUN, business_date=NOW.date(), policy="", standing=0, prints="", **more
    )


def unmasked(**more: tuple[int, ...]) -> ValuesUnmasked:
    return ValuesUnmasked(subject="s", what="names", legal_entity=TULP, employee_number=None, reason="why", **more)


def read(*numbers: int | None) -> RecordsRead:
    readings = tuple(Reading(what, TULP, one, 1) for one in numbers for what in ("history", "state"))
    return RecordsRead(role="auditor", credential="", since=NOW, until=NOW, readings=readings)


NAMING: Final[dict[str, Fact]] = {
    "access.records_read.v1 readings": read(1, 2, None),
    "alert.conditions_noted.v1 dropped": ConditionsNoted(legal_entity=TULP, dropped=TWO),
    "alert.conditions_noted.v1 held": ConditionsNoted(legal_entity=TULP, held=TWO),
    "alert.conditions_noted.v1 opened": ConditionsNoted(legal_entity=TULP, opened=TWO),
    "alert.conditions_noted.v1 recovered": ConditionsNoted(legal_entity=TULP, recovered=TWO),
    "alert.raised.v1 opened": AlertRaised(alert="1", legal_entity=TULP, about="run", opened=TWO),
    "alert.raised.v1 recovered": AlertRaised(alert="1", legal_entity=TULP, about="run", recovered=TWO),
    "custody.people_named.v1 people": PeopleNamed(subject="s", people=("a", "b", "a")),
    "custody.values_unmasked.v1 employee_numbers": unmasked(employee_numbers=(1, 2, 1)),
    "drift_check.waiting_seen.v1 fields": WaitingSeen(
        legal_entity=TULP,
        fields=tuple(WaitingField(one, field) for one in (1, 2) for field in ("street", "city")),
    ),
    "grounds.entity_judged.v1 people": EntityJudged(legal_entity=TULP, digest="", people=("a", "b")),
    "grounds.everyone_judged.v1 only": judged(only=(1, 2)),
    "loket_versions.doubted.v1 changes": VersionsDoubted(
        legal_entity=TULP,
        since="run-1",
        version=7,
        changes=tuple(UncountedChange(one, field) for one in (1, 2) for field in ("street", "city")),
        total=4,
    ),
    "sync_run.outcomes_recorded.v1 people": OutcomesRecorded(
        outcome="unchanged", reason="EDIT-1", people=(Unmoved("a", 1), Unmoved("b"))
    ),
    "sync_run.payees_seen.v1 earlier": PayeesSeen(legal_entity=TULP, salaried=("a",), earlier=("a", "b")),
    "sync_run.payees_seen.v1 otherwise": PayeesSeen(legal_entity=TULP, otherwise=("a", "b")),
    "sync_run.payees_seen.v1 salaried": PayeesSeen(legal_entity=TULP, salaried=("a", "b")),
    "sync_run.plan_stopped.v1 people": PlanStopped(people=(StoppedPerson("a", 1), StoppedPerson("b"))),
    "sync_run.started.v1 only": RunStarted(legal_entity=TULP, business_date=date(2026, 3, 15), only=(1, 2)),
}
"""What of which event names people, each with an example that names two."""

NOBODY: Final = frozenset(
    {
        "access.key_created.v1 legal_entities",
        "access.keys_sealed.v1 key_ids",
        "access.signed_in.v1 legal_entities",
        "alert.raised.v1 happened",
        "alert.raised.v1 targets",
        "alert.raised.v1 unlisted",
        "custody.keys_lost.v1 key_ids",
        "custody.webhook_registered.v1 events",
        "drift_check.completed.v1 notes",
        "erasure.completed.v1 keys",
        "erasure.confirmed.v1 keys",
        "erasure.reapplied.v1 key_ids",
        "examination.tenant_examined.v1 results",
        "grounds.decisions_derived.v1 deviating",
        "grounds.everyone_judged.v1 forbidden",
        "grounds.everyone_judged.v1 revisions",
        "grounds.left_out_judged.v1 beside",
        "grounds.person_judged.v1 passing",
        "loket_record.fields_confirmed.v1 fields",
        "loket_record.fields_observed.v1 values",
        "loket_record.pay_converted.v1 parts",
        "loket_record.write_confirmed.v1 warnings",
        "loket_record.write_conflicted.v1 found",
        "loket_record.write_intended.v1 changes",
        "loket_record.write_refused.v1 messages",
        "personio_record.attributes_observed.v1 values",
        "stream.events_overtaken.v1 kept",
        "sync_run.blocked.v1 counts",
        "sync_run.completed.v1 counts",
        "sync_run.outcome_recorded.v1 details",
        "sync_run.outcome_recorded.v1 earlier",
        "sync_run.outcome_recorded.v1 messages",
        "sync_run.outcome_recorded.v1 notices",
        "sync_run.refused.v1 limits",
        "sync_run.refused.v1 sizes",
        "sync_run.sweep_taken.v1 attributes",
        "sync_run.sweep_taken.v1 own",
        "sync_run.systems_read.v1 notes",
        "validation.completed.v1 findings",
        "validation.completed.v1 left_out",
        "validation.completed.v1 notes",
        "validation.completed.v1 notices",
    }
)
"""What holds several of something else: fields, checks, keys, counts."""


def several() -> Iterator[str]:
    """Every field of the catalogue that holds several of something."""
    for name, fact in STORED_NAMES.items():
        for field, hint in get_type_hints(fact).items():
            if get_origin(hint) in (tuple, dict):
                yield f"{name} {field}"


def test_of_everything_that_holds_several_it_is_known_whether_it_names_people() -> None:
    assert sorted(several()) == sorted({*NAMING, *NOBODY})


@pytest.mark.parametrize("fact", NAMING.values(), ids=NAMING)
def test_people_are_counted_once_each(fact: Fact) -> None:
    assert people_named(fact) == 2


def test_an_event_about_one_person_names_one() -> None:
    assert people_named(OutcomeRecorded(person_id="a", employee_number=1, outcome="updated", reason="EDIT-1")) == 1
    assert people_named(read(1, 1, None)) == 1


def test_two_fields_of_one_person_are_one_person() -> None:
    number = EmployeeNumber(4711)
    street, city = (drift_stream(TULP, number, FieldPath(f"address.{one}")) for one in ("street", "city"))
    cases = (Condition(AlertKind.DRIFT, street), Condition(AlertKind.UNEXPLAINED_CHANGE, city))

    assert people_named(AlertRaised(alert="1", legal_entity=TULP, about="check", opened=cases)) == 1


@pytest.mark.parametrize(
    ("kind", "key", "whom"),
    [
        (AlertKind.ABOUT_TO_BE_OVERWRITTEN, "drift:170:4711:address.street", "drift:170:4711"),
        (AlertKind.PAY_ONLY_IN_LOKET, "3007/component Crypto", "3007"),
        (AlertKind.RUN_BLOCKED, "3007/BSN_ELFPROEF", "3007"),
        (AlertKind.RUN_BLOCKED, "run/RUN-7", None),
        (AlertKind.TASK_OPEN_LONG, "3007/BSN_FORMAT bsn", "3007"),
        (AlertKind.TERMINATION_DISAGREEMENT, "ended in Loket/3007", "3007"),
        (AlertKind.DECISION_DEVIATES, "run:1/3007", "3007"),
        (AlertKind.DECISION_DEVIATES, "run:1/everybody", None),
        (AlertKind.IMPLAUSIBLE_READ, "read", None),
        (AlertKind.LOG_INTEGRITY, "log", None),
    ],
)
def test_the_key_of_a_condition_tells_whom_it_names(kind: AlertKind, key: str, whom: str | None) -> None:
    assert named_by(Condition(kind, key)) == whom
