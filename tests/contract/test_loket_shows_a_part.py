"""The Loket client where Loket shows a part: absent is not null, and nothing is concluded from it (RUN-7, AUD-2)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import reduce
from typing import Any, Final

import pytest

from adapters.loket.client import LoketClient
from adapters.loket.writable import COMPARED, Keys
from api.languages import tongue
from domain.attributes import CITIZEN_SERVICE_NUMBER, GROSS_WAGE, PAYMENT_IBAN, WEEKLY_HOURS
from domain.errors import IncompleteRead, NotFound
from domain.events.loket import WriteKind
from domain.planning.pay.targets import benefit_field, value_field, value_target
from domain.settings import LegalEntity
from domain.snapshots import Answered, Fetched, LoketSnapshot, WriteAnswer, WriteRequest
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, LegalEntityId, Observed
from domain.views.sentences.endings import ending
from tests.support.english import english_in
from tests.support.loket_clients import client_at
from tests.support.wholes import KEYS
from tests.support.wire import Asked, Reply, ScriptedServer

NOON: Final = datetime(2026, 3, 15, 11, tzinfo=UTC)
ADMINISTRATION: Final = "54aa2b1c-0000-4000-8000-000000000001"
TULP: Final = LegalEntity(LegalEntityId("170"), "Tulp", "9a7e2b1c-0000-4000-8000-000000000001", ADMINISTRATION)
BSN: Final = "123456782"  # the documents' own invented number
_TOKEN: Final = {"access_token": "t", "expires_in": 3599, "refresh_token": "r"}


@contextmanager
def answering(answer: Callable[[Asked], Reply]) -> Iterator[tuple[LoketClient, ScriptedServer]]:
    """A client of a server that answers so, and gives a token."""
    script = ScriptedServer(lambda one: Reply(body=_TOKEN) if one.path == "/token" else answer(one))
    with script as server, client_at(server.url, NOON) as client:
        yield client, server


def listing(*items: Mapping[str, Any]) -> Reply:
    return Reply(
        200, {"totalSize": len(items), "totalPages": 1, "currentPage": 1, "messages": [], "_embedded": [*items]}
    )


# --- what is replaced whole ----------------------------------------------------------------------------------------


def paths_of(keys: Keys, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """To every key, and to every object that holds some."""
    for key, inner in keys.items():
        yield (*above, key)
        yield from paths_of(inner or {}, (*above, key))


def lived_in(keys: Keys) -> dict[str, Any]:
    """An object without a null object in it."""
    return {key: None if inner is None else lived_in(inner) for key, inner in keys.items()}


WRITTEN: dict[WriteKind, tuple[str, dict[FieldPath, Observed]]] = {
    WriteKind.EMPLOYEE: ("3f1c", {FieldPath("address.city"): "Delft"}),
    WriteKind.BSN: ("3f1c", {CITIZEN_SERVICE_NUMBER: BSN}),
    WriteKind.CONCEPT: ("3f1c", {FieldPath("address.city"): "Delft"}),
    WriteKind.CONCEPT_BSN: ("3f1c", {CITIZEN_SERVICE_NUMBER: BSN}),
    WriteKind.PAYMENT: ("3f1c", {PAYMENT_IBAN: "NL91ABNA0417164300"}),
    WriteKind.WAGE: ("3f1c", {GROSS_WAGE: "3000.00"}),
    WriteKind.BENEFIT: ("3f1c", {benefit_field(284): "50.00"}),
    WriteKind.HOURS: ("3f1c", {WEEKLY_HOURS: "32.00"}),
    WriteKind.PERIOD_DATA: (value_target("71d0", (2026, 4), 284), {value_field(284): "10.00"}),
}
"""What is written of each thing that is sent back whole."""


@pytest.mark.parametrize("kind", KEYS)
def test_nothing_is_sent_that_would_empty_what_loket_does_not_show(kind: WriteKind) -> None:
    """Absent is not null: every key that was shown of somebody, one after another, as a missing right hides it."""
    target, values = WRITTEN[kind]
    whole = lived_in(KEYS[kind])
    whole["id"] = "3f1c"
    one: dict[str, Any] = {"startDate": "2026-01-01", "endDate": None, "payrollComponent": {"key": 284}, "value": 50}
    one["id"] = "3f1c" if kind is WriteKind.CONCEPT else "another"
    period = {"payrollPeriod": {"year": 2026, "periodNumber": 3}, "payrollComponents": []}
    shown = {"content": whole | one, "_embedded": [whole | period], "totalSize": 1, "totalPages": 1, "currentPage": 1}
    with answering(lambda _: Reply(200, shown)) as (client, server):
        somebody_else = value_target("71d1", (2026, 3), 284) if kind is WriteKind.PERIOD_DATA else "another"
        client.fetch(TULP, kind, somebody_else)

        def write(held: dict[str, Any]) -> WriteAnswer:
            return client.write(TULP, WriteRequest(kind, target, values, Fetched({}, held), component=284))

        for path in paths_of(KEYS[kind]):
            hiding = json.loads(json.dumps(whole))
            inside = reduce(dict.__getitem__, path[:-1], hiding)
            del inside[path[-1]]
            answer = write(hiding)
            assert answer.answered is Answered.UNSENDABLE
            assert f"does not show {'.'.join(path)}, which" in answer.cause
        assert not any(each.method != "GET" and each.path != "/token" for each in server.asked)

        assert write(whole).answered is not Answered.UNSENDABLE


@pytest.mark.parametrize(
    ("kind", "all_at_once", "key", "full", "empty"),
    [
        (WriteKind.PAYMENT, "employments/paymentinformationsepa", "description1", "ours", ""),
        (WriteKind.WAGE, "actualwages", "payScale", {"key": "A"}, None),
        (WriteKind.WAGE, "actualwages", "payGrade", {"key": None, "of": {"key": 3}}, {"key": None, "of": {"key": ""}}),
        (WriteKind.WAGE, "actualwages", "applyPayGrade", True, False),
        (WriteKind.WAGE, "actualwages", "employerCosts", 12.5, 0.0),
        (WriteKind.HOURS, "actualworkinghours", "shift", {"shiftNumber": 3}, {"shiftNumber": None}),
    ],
)
@pytest.mark.parametrize(
    ("of", "filled", "answered"),
    [("3F1C", True, Answered.UNSENDABLE), ("3f1c", False, Answered.ACCEPTED), ("another", True, Answered.ACCEPTED)],
)
def test_what_a_list_of_all_shows_of_a_record_must_be_in_that_record(
    kind: WriteKind, all_at_once: str, key: str, full: object, empty: object, of: str, filled: bool, answered: Answered
) -> None:
    """Such a list may show more keys than records do: only a value that it shows of this very one would be lost."""
    value = full if filled else empty
    bare = lived_in(KEYS[kind]) | {"id": "3f1c", "startDate": "2024-01-01", "endDate": None}
    del bare[key]
    listed = {"employmentId": "71d0", "record": [{**bare, "id": of, key: value}]}
    lists = {"/employees": {"id": "3f1c", "employeeNumber": 4711}, "employments/minimized": EMPLOYMENT}
    lists[all_at_once] = listed

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/3f1c"):
            return Reply(200, {"content": bare})
        return listing(*(item for path, item in lists.items() if asked.path.endswith(path)))

    jobs, none, day = frozenset({"71d0"}), frozenset[str](), NOON.date()
    with answering(answer) as (client, server):
        client.read(TULP, numbers=frozenset({EmployeeNumber(4711)}))
        client.pay(TULP, jobs, wages=none, components=none, hours=jobs, mapped=frozenset(), since=day, until=day)
        new = WriteRequest(kind, "3f1c", WRITTEN[kind][1], client.fetch(TULP, kind, "3f1c"))
        assert client.write(TULP, new).answered is answered
        sent = [each for each in server.asked if each.method == "PUT"]
    assert len(sent) == (answered is Answered.ACCEPTED)


@pytest.mark.parametrize(("full", "answered"), [("another", Answered.ACCEPTED), ("3f1c", Answered.UNSENDABLE)])
def test_a_concept_that_is_shown_as_it_was_posted_is_written_beside_a_fuller_one(full: str, answered: Answered) -> None:
    """What another one has says nothing of it; what a list has shown of it does."""
    posted = {"id": "3f1c", "uniqueName": "Vermeer", "employeeData": {"personalDetails": {"lastName": "Vermeer"}}}

    def answer(asked: Asked) -> Reply:
        if asked.path.rpartition("/")[2] == "conceptemployees":
            return listing(lived_in(KEYS[WriteKind.CONCEPT]) | {"id": full})
        return Reply(200, {"content": posted}) if asked.path.endswith("/3f1c") else listing()

    with answering(answer) as (client, _):
        client.read(TULP, numbers=frozenset())
        fetched = client.fetch(TULP, WriteKind.CONCEPT, "3f1c")
        new = WriteRequest(WriteKind.CONCEPT, "3f1c", {FieldPath("address.city"): "Delft"}, fetched)
        assert client.write(TULP, new).answered is answered


def test_a_key_that_loket_shows_of_nobody_stops_no_write() -> None:
    """Documented, and perhaps not in what this Loket answers."""
    held = {"id": "3f1c", **lived_in(COMPARED)}
    with answering(lambda _: Reply(200, {"content": held})) as (client, _):
        fetched = client.fetch(TULP, WriteKind.EMPLOYEE, "3f1c")
        new = WriteRequest(WriteKind.EMPLOYEE, "3f1c", {FieldPath("address.city"): "Delft"}, fetched)
        answer = client.write(TULP, new)
    assert "travel" not in held
    assert answer.answered is not Answered.UNSENDABLE


def test_new_hours_do_not_take_over_what_loket_does_not_show() -> None:
    newest = lived_in(KEYS[WriteKind.HOURS]) | {"id": "h", "startDate": "2026-01-01"}
    del newest["contractCode"]
    new = WriteRequest(WriteKind.HOURS_CREATED, "71d0", {WEEKLY_HOURS: "32.00"}, effective_on=NOON.date())
    before = lived_in(KEYS[WriteKind.HOURS]) | {"id": "g", "startDate": "2025-01-01"}
    with answering(lambda _: listing(before, newest)) as (client, server):
        assert "contractCode" in client.write(TULP, new).cause
    assert not [each for each in server.asked if each.path.endswith("workinghours") and each.method == "POST"]


def test_a_bsn_that_an_answer_does_not_show_is_not_observed() -> None:
    shown: list[Observed] = []
    for content in ({"citizenServiceNumber": BSN}, {"citizenServiceNumber": None}, None, {}):
        with answering(lambda _, content=content: Reply(200, {"content": content})) as (client, _):
            fields = client.fetch(TULP, WriteKind.BSN, "3f1c").fields
            shown.append(fields.get(CITIZEN_SERVICE_NUMBER, NOT_OBSERVED))
    assert shown == [BSN, BLANK, BLANK, NOT_OBSERVED]


@pytest.mark.parametrize("told", [Reply(200, {"content": {}}), Reply(404)], ids=["{}", "404"])
def test_a_concept_without_a_bsn_can_be_given_one(told: Reply) -> None:
    """It may be left out, or be no resource yet; of a concept that is gone there is no BSN to give."""
    exists = True

    def answer(asked: Asked) -> Reply:
        if asked.method == "PUT":
            return Reply(200, {"content": {}})
        if asked.path.endswith("conceptemployees"):
            return listing(DRAFT)
        if "/conceptemployees/" not in asked.path:
            return listing()
        return (told if asked.path.endswith("citizenservicenumber") else Reply(200, {})) if exists else Reply(404)

    with answering(answer) as (client, _):
        (read,) = client.read(TULP, numbers=frozenset({EmployeeNumber(4712)})).concepts
        assert read.fields[CITIZEN_SERVICE_NUMBER] is BLANK
        fetched = client.fetch(TULP, WriteKind.CONCEPT_BSN, "5e02")
        assert fetched.fields == {CITIZEN_SERVICE_NUMBER: BLANK}
        new = WriteRequest(WriteKind.CONCEPT_BSN, "5e02", {CITIZEN_SERVICE_NUMBER: BSN}, fetched)
        assert client.write(TULP, new).answered is Answered.ACCEPTED
        exists = False
        with pytest.raises(NotFound):
            client.fetch(TULP, WriteKind.CONCEPT_BSN, "5e02")


# --- who is meant, and what runs -------------------------------------------------------------------------------------


EMPLOYMENT: dict[str, Any] = {
    "id": "71d0",
    "employee": {"id": "3f1c", "employeeNumber": 4711},
    "payrollAdministration": {"id": ADMINISTRATION},
    "incomeRelationshipNumber": 1,
    "startDate": "2024-01-01",
    "endDate": None,
}
DRAFT: dict[str, Any] = {"id": "5e02", "employeeData": {"employeeNumber": 4712}}


def test_who_is_employed_and_in_no_list_of_employees_is_known_by_the_employment() -> None:
    lists = {"minimized": listing(EMPLOYMENT, EMPLOYMENT | {"id": "71d1", "employee": {"id": "3f1d"}})}
    with answering(lambda asked: lists.get(asked.path.rpartition("/")[2], listing())) as (client, _):
        read = client.read(TULP, numbers=frozenset())

    assert (read.employees, read.unlisted) == ({}, {4711: "3f1c"})  # of the other nothing says which number it is


def with_lists(employment: Mapping[str, Any], *drafts: Mapping[str, Any]) -> LoketSnapshot:
    listed: dict[str, tuple[Mapping[str, Any], ...]] = {
        "employees": ({"id": "3f1c", "employeeNumber": 4711},),
        "minimized": (employment,),
        "conceptemployees": drafts,
    }

    def answer(asked: Asked) -> Reply:
        return listing(*listed.get(asked.path.rpartition("/")[2], ()))

    with answering(answer) as (client, _):
        return client.read(TULP, numbers=frozenset())


@pytest.mark.parametrize("ended", [None, "2026-02-28"])
def test_only_null_says_that_an_employment_runs(ended: str | None) -> None:
    read = with_lists(EMPLOYMENT | {"endDate": ended}, DRAFT)
    assert read.employees[EmployeeNumber(4711)].runs_in(ADMINISTRATION) is (ended is None)
    assert [one.number for one in read.concepts] == [4712]


NOBODY = {"payrollAdministration": None, "incomeRelationshipNumber": None}


UNREADABLE: Final = [
    (key, value)
    for key in (*EMPLOYMENT, "employeeData", "employeeData.employeeNumber")
    for value in (..., "", 7.5, True, {}, [])
    if (key, value) not in (("employeeData", {}), ("employeeData.employeeNumber", ...))
]


@pytest.mark.parametrize(("key", "value"), UNREADABLE, ids=repr)
def test_what_decides_who_is_meant_or_included_is_never_taken_from_what_is_not_shown(key: str, value: object) -> None:
    employment, draft = json.loads(json.dumps(EMPLOYMENT)), json.loads(json.dumps(DRAFT))
    first, _, second = key.partition(".")
    inside = draft["employeeData"] if second else employment if first in EMPLOYMENT else draft
    if value is ...:
        del inside[second or first]
    else:
        inside[second or first] = value
    with pytest.raises(IncompleteRead) as refused:
        with_lists(employment, draft, DRAFT | {"id": "5e03"})
    assert "4711" not in str(refused.value)


def test_a_concept_need_not_show_that_it_has_no_number() -> None:
    alone, other = ({"id": each, "employeeData": {}} for each in ("5e03", "5e04"))
    assert [one.number for one in with_lists(EMPLOYMENT, alone).concepts] == [None]
    assert [one.number for one in with_lists(EMPLOYMENT, DRAFT, alone, other).concepts] == [4712, None, None]
    assert [one.number for one in with_lists(EMPLOYMENT, DRAFT, alone).concepts] == [4712, None]


@pytest.mark.parametrize("number", [..., None, "4711", True, 0, -4711])
def test_an_employee_without_a_number_that_can_be_one_is_an_incomplete_read(number: object) -> None:
    shown = {name: held for name, held in {"id": "3f1c", "employeeNumber": number}.items() if held is not ...}
    with answering(lambda _: listing(shown)) as (client, _), pytest.raises(IncompleteRead, match="without a number"):
        client.read(TULP, numbers=frozenset())


def test_an_employee_without_an_id_is_an_incomplete_read() -> None:
    shown = listing({"employeeNumber": 4711})
    with answering(lambda _: shown) as (client, _), pytest.raises(IncompleteRead, match="without an id"):
        client.read(TULP, numbers=frozenset())


@pytest.mark.parametrize("left_out", [(), *((key,) for key in NOBODY), (*NOBODY,)], ids=str)
def test_an_employment_outside_payroll_is_nobodys(left_out: tuple[str, ...]) -> None:
    """It need not show what it has not, once it shows the administration that it is in."""
    shown = EMPLOYMENT | NOBODY | {"nonPayrollAdministration": {"id": "22c0"} if left_out else None}
    shown = {key: held for key, held in shown.items() if key not in left_out}
    (held,) = with_lists(shown, DRAFT).employees[EmployeeNumber(4711)].employments
    assert (held.payroll_administration, held.income_number) == (None, 0)


def in_fractions(said: Any) -> Any:
    if isinstance(said, dict):
        return {key: in_fractions(held) for key, held in said.items()}
    if isinstance(said, list):
        return [in_fractions(held) for held in said]
    return float(said) if type(said) is int else said


@pytest.mark.parametrize(
    "written",
    [
        lambda said: json.dumps(in_fractions(said)),
        lambda said: "\ufeff" + json.dumps(said),
        lambda said: json.dumps(said).replace(ADMINISTRATION, ADMINISTRATION.upper()),
    ],
    ids=["12.0 for 12", "a byte order mark", "a GUID in capitals"],
)
def test_what_is_written_in_another_way_is_read_as_the_same(written: Callable[[object], str]) -> None:
    address = {"houseNumber": 12, "country": {"key": 528, "isoCode": "NL"}}
    lists = {
        "employees": {
            "id": "3f1c",
            "employeeNumber": 4711,
            "address": address,
            "personalDetails": {"gender": {"key": 1}},
        },
        "minimized": EMPLOYMENT,
        "conceptemployees": DRAFT,
        "payrolladministrations": {"id": ADMINISTRATION, "payrollPeriodType": {"key": 1}},
        "paymentinformationsepa": {"id": "9b", "iban": None, "payrollComponent": {"key": 900}},
        "lastmodifiedversionnumbers": {"id": "71d0", "lastModifiedVersionNumber": 7},
    }

    def read(how: Callable[[object], str]) -> tuple[object, ...]:
        def answer(asked: Asked) -> Reply:
            item = lists.get(asked.path.rpartition("/")[2])
            return Reply(200, how(listing(*([] if item is None else [item])).body))

        with answering(answer) as (client, _):
            snapshot = client.read(TULP, numbers=frozenset({EmployeeNumber(4711)}))
            return snapshot, client.versions(TULP), client.check(TULP)

    plain = read(json.dumps)
    assert None not in plain
    assert read(written) == plain


@pytest.mark.parametrize("kind", [WriteKind.EMPLOYEE, WriteKind.WAGE, WriteKind.HOURS, WriteKind.PERIOD_DATA])
def test_a_whole_number_that_was_read_as_a_fraction_goes_back_as_one(kind: WriteKind) -> None:
    """What Loket takes for a key or a house number has no point in it; and what only Loket sets does not go back."""
    target, values = WRITTEN[kind]
    held = lived_in(KEYS[kind]) | {"id": "x", "startDate": "2026-01-01", "endDate": None}
    numbers = {"employeeNumber": 4711, "grossWageType": {"key": 1}, "deviatingSvDaysPerPeriod": 20}
    numbers |= {"shift": {"shiftNumber": 3, "fullTimeHoursPerWeek": 40}, "contractCode": {"key": 2, "value": "Vast"}}
    numbers |= {"costCenter": {"key": 7, "value": "Kas"}}
    held |= {key: number for key, number in numbers.items() if key in held}
    held |= {"payrollPeriod": {"year": 2026, "periodNumber": 4}} if kind is WriteKind.PERIOD_DATA else {}

    def sent(how: Callable[[object], str]) -> bytes:
        answer = Reply(200, how(listing({**held, "payrollComponents": []}).body | {"content": held}))
        with answering(lambda _: answer) as (client, server):
            new = WriteRequest(kind, target, values, client.fetch(TULP, kind, target))
            assert client.write(TULP, new).answered is Answered.ACCEPTED
            return next(each.body for each in server.asked if each.method in ("PUT", "PATCH"))

    whole = sent(json.dumps)
    assert sent(lambda said: json.dumps(in_fractions(said))) == whole
    assert [word for word in (b"fullTimeHoursPerWeek", b"Vast", b"Kas") if word in whole] == []


RECORDS: dict[WriteKind, dict[str, Any]] = {
    WriteKind.WAGE: {"id": "w", "startDate": "2024-01-01", "endDate": None},
    WriteKind.BENEFIT: {
        "id": "b", "startDate": "2024-01-01", "endDate": None, "payrollComponent": {"key": 284}, "value": 50,
    },
    WriteKind.HOURS: {"id": "h", "startDate": "2024-01-01", "endDate": None, "deviatingHoursPerWeek": None},
}  # fmt: skip


SHOWN_IN_PART: Final = [(kind, key, ...) for kind, record in RECORDS.items() for key in record]
EMPTY: Final = [(kind, key, "") for kind in RECORDS for key in ("startDate", "endDate")]


@pytest.mark.parametrize(("kind", "key", "value"), [*SHOWN_IN_PART, *EMPTY], ids=str)
def test_a_pay_record_that_is_shown_in_part_is_an_incomplete_read(kind: WriteKind, key: str, value: object) -> None:
    def fetch(record: Mapping[str, Any]) -> Fetched:
        with answering(lambda _: Reply(200, {"content": record})) as (client, _):
            return client.fetch(TULP, kind, "x")

    assert fetch(RECORDS[kind]).whole
    part = {name: held for name, held in RECORDS[kind].items() if name != key}
    with pytest.raises(IncompleteRead) as refused:
        fetch(part if value is ... else part | {key: value})
    said = str(refused.value)
    assert english_in(ending(said, tongue("nl"))) <= {key}
    assert value == "" or key.casefold() in said.replace(" ", "").casefold()


def test_hours_that_are_not_shown_of_one_employment_are_read_of_the_others_all_the_same() -> None:
    full = RECORDS[WriteKind.HOURS]
    hiding = {key: held for key, held in full.items() if key != "deviatingHoursPerWeek"}
    chains = {"/71d0/workinghours": listing(full, hiding | {"id": "g"}), "/71d1/workinghours": listing(full)}

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/actualworkinghours"):
            return Reply(404)
        return next((chain for path, chain in chains.items() if asked.path.endswith(path)), listing())

    jobs, none, day = frozenset({"71d0", "71d1"}), frozenset[str](), NOON.date()
    with answering(answer) as (client, _):
        pay = client.pay(TULP, jobs, wages=none, components=none, hours=jobs, mapped=frozenset(), since=day, until=day)
    assert pay.hours.keys() == {"71d1"}


# --- whole lists, and whole answers --------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [..., None, "1", 1.5, True], ids=repr)
@pytest.mark.parametrize("key", ["totalSize", "totalPages"])
def test_a_short_page_is_never_the_end_of_a_list_that_does_not_say_how_long_it_is(key: str, told: object) -> None:
    def answer(_: Asked) -> Reply:
        page = {"currentPage": 1, "totalPages": 1, "totalSize": 1, "_embedded": [EMPLOYMENT["employee"]]}
        return Reply(200, {name: held for name, held in (page | {key: told}).items() if held is not ...})

    with answering(answer) as (client, _), pytest.raises(IncompleteRead, match="without its paging data"):
        client.read(TULP, numbers=frozenset())


@pytest.mark.parametrize(
    ("status", "messages", "whole"),
    [
        (200, [], True),
        (200, None, True),
        (200, {}, True),
        (200, "", True),
        (200, [None, {}, ""], True),
        (200, [None, {"type": "Exception"}], False),
        (200, [{"type": None}], False),
        (200, [{"type": "Warning"}, {"type": "Information"}], True),
        (200, [{"type": "Warning"}, {"type": "Exception"}], False),
        (200, [{"type": "NotFound"}], False),
        (200, [{"type": "BrokenBusinessRule"}], False),
        (200, [{"description": "not all could be read"}], False),
        (200, ["not all could be read"], False),
        (200, "not all could be read", False),
        (200, {"type": "Exception"}, False),
        (200, {"type": "Warning"}, True),
        (200, [{"type": "warning"}, {"type": "INFORMATION"}], True),
        (200, [{"type": "exception"}], False),
        (206, [], False),
        (202, [], False),
    ],
)
def test_an_answer_that_says_it_is_not_all_there_is_an_incomplete_read(
    status: int, messages: object, whole: bool
) -> None:
    """Of a list and of a single object, however consistent what it holds is; one to a write proves nothing then."""
    page = {
        "currentPage": 1,
        "totalPages": 0,
        "totalSize": 0,
        "_embedded": [],
        "content": {"citizenServiceNumber": BSN},
    }
    with answering(lambda _: Reply(status, page | {"messages": messages})) as (client, _):
        outcome: AbstractContextManager[object] = nullcontext() if whole else pytest.raises(IncompleteRead)
        with outcome:
            assert client.read(TULP, numbers=frozenset()).employees == {}
        with outcome:
            assert client.fetch(TULP, WriteKind.BSN, "3f1c").fields
        answer = client.write(TULP, WriteRequest(WriteKind.BSN, *WRITTEN[WriteKind.BSN]))
        taken = whole or status == 202
        assert answer.answered is (Answered.ACCEPTED if taken else Answered.UNKNOWN)


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ({"grossWage": 3000.5}, "3000.5"),
        ({"grossWage": 3000}, "3000"),
        ({"grossWage": "3000.50"}, "3000.50"),
        ({"grossWage": None}, BLANK),
        ({}, NOT_OBSERVED),
        ({"grossWage": "3.000,50"}, NOT_OBSERVED),
        ({"grossWage": "NaN"}, NOT_OBSERVED),
        ({"grossWage": {"amount": 3000}}, NOT_OBSERVED),
        ({"grossWage": True}, NOT_OBSERVED),
    ],
)
def test_a_wage_without_an_amount_that_can_be_read_is_not_observed_and_not_blank(
    told: dict[str, Any], amount: object
) -> None:
    record = {**RECORDS[WriteKind.WAGE], "grossWageType": {"key": 1}, **told}
    with answering(lambda _: Reply(200, {"content": record})) as (client, _):
        fields = client.fetch(TULP, WriteKind.WAGE, "w").fields

    assert fields[GROSS_WAGE] == amount
