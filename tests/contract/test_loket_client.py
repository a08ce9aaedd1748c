"""The Loket client against what the API document warns of: rotating tokens, answers that lie, whole objects (11)."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.claimed import CLAIMED
from adapters.loket.client import LoketClient
from adapters.loket.documents import changed, in_concept, in_employee, read
from adapters.loket.people import fields_of
from adapters.loket.tokens import secret_name
from adapters.transport import decode, encode
from domain.attributes import CATALOGUE, CITIZEN_SERVICE_NUMBER
from domain.errors import ClaimLost, IncompleteRead, Misconfigured, SignInNeeded, TweeluikError
from domain.events.loket import WriteKind
from domain.settings import LegalEntity
from domain.snapshots import Answered, Fetched, WriteAnswer, WriteRequest
from domain.values import BLANK, NOT_OBSERVED, FieldPath, LegalEntityId, Observed
from tests.support.kinds import SAMPLES
from tests.support.memory_secrets import MemorySecrets
from tests.support.wholes import KEYS, filled
from tests.support.wire import Asked, FakeTime, Reply, ScriptedServer

NOON = datetime(2026, 3, 15, 11, tzinfo=UTC)
EMPLOYER = "9a7e2b1c-0000-4000-8000-000000000001"
ADMINISTRATION = "54aa2b1c-0000-4000-8000-000000000001"
TULP = LegalEntity(LegalEntityId("170"), "Tulp Logistiek B.V.", EMPLOYER, ADMINISTRATION)
FIRST_TOKEN = "refresh-0"
BSN = "123456782"  # the documents' own invented number


Connect = Callable[..., LoketClient]


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def connect(time: FakeTime, secrets: MemorySecrets) -> Iterator[Connect]:
    opened: list[LoketClient] = []

    def open_client(url: str, token_url: str | None = None, **more: Any) -> LoketClient:
        client = LoketClient(
            url,
            token_url or f"{url}/token",
            "loket-client",
            "loket-secret",
            more.pop("refresh_token", FIRST_TOKEN),
            secrets,
            more.pop("catalogue", CATALOGUE),
            **more,
            sleep=time.sleep,
            monotonic=time.monotonic,
            now=lambda: NOON,
        )
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.close()


def scripted(answer: Callable[[Asked], Reply], tokens: list[dict[str, Any]] | None = None) -> Callable[[Asked], Reply]:
    """A token endpoint that rotates, and this answer to everything else."""
    count = iter(range(1, 1000))

    def script(asked: Asked) -> Reply:
        if asked.path != "/token":
            return answer(asked)
        if tokens is not None:
            tokens.append(dict(pair.split("=") for pair in asked.body.decode().split("&")))
        number = next(count)
        return Reply(
            body={"access_token": f"access-{number}", "expires_in": 3599, "refresh_token": f"refresh-{number}"}
        )

    return script


def write_bsn(client: LoketClient, value: str | None = BSN) -> WriteAnswer:
    values = {CITIZEN_SERVICE_NUMBER: BLANK if value is None else value}
    return client.write(TULP, WriteRequest(WriteKind.BSN, "3f1c", values))


# --- what an answer to a write proves (RUN-6, RUN-8) ---------------------------------------------------------------


def message(kind: str) -> dict[str, Any]:
    return {"code": 83, "id": None, "type": kind, "description": "initials has an invalid length", "properties": []}


@pytest.mark.parametrize(
    ("status", "body", "answered", "texts"),
    [
        (200, {"messages": [], "content": {}}, Answered.ACCEPTED, False),
        (201, {"version": {}, "messages": [], "content": {}}, Answered.ACCEPTED, False),
        (200, {"messages": [message("Warning")], "content": {}}, Answered.ACCEPTED, True),
        (200, {"messages": [message("warning"), message("Information")], "content": {}}, Answered.ACCEPTED, True),
        (200, {"messages": [message("BrokenBusinessRule")], "content": {}}, Answered.UNKNOWN, True),
        (200, {"messages": [message("Warning"), message("Exception")]}, Answered.UNKNOWN, True),
        (200, {"messages": [message("NotFound")]}, Answered.UNKNOWN, True),
        (200, {"messages": [message("SomethingNew")]}, Answered.UNKNOWN, True),
        (200, "<html>One moment please</html>", Answered.UNKNOWN, False),
        (200, "", Answered.UNKNOWN, False),
        (204, "", Answered.UNKNOWN, False),
        (302, "", Answered.UNKNOWN, False),
        (400, {"messages": [message("BrokenBusinessRule")], "content": None}, Answered.REFUSED, True),
        (403, {"message": "no right"}, Answered.REFUSED, True),
        (404, None, Answered.REFUSED, False),
        (408, None, Answered.UNKNOWN, False),
        (409, {"messages": [message("BrokenBusinessRule")]}, Answered.REFUSED, True),
        (412, None, Answered.REFUSED, False),
        (500, {"messages": [message("Exception")]}, Answered.UNKNOWN, True),
        (503, None, Answered.UNKNOWN, False),
    ],
)
def test_an_answer_is_read_and_sent_only_once(
    connect: Connect, status: int, body: Any, answered: Answered, texts: bool
) -> None:
    with ScriptedServer(scripted(lambda _: Reply(status, body, {"location": "/elsewhere"}))) as server:
        answer = write_bsn(connect(server.url))
    assert (answer.answered, answer.status, bool(answer.messages)) == (answered, status, texts)
    assert bool(answer.cause) is (answered is Answered.UNKNOWN)
    assert server.count("PUT", "/citizenservicenumber") == 1


def test_a_plain_text_refusal_is_told_in_its_own_words(connect: Connect) -> None:
    with ScriptedServer(scripted(lambda _: Reply(400, "malformed body", {"content-type": "text/plain"}))) as server:
        assert write_bsn(connect(server.url)).messages == ("malformed body",)


def test_an_answer_cut_off_in_the_middle_is_unknown(connect: Connect) -> None:
    with ScriptedServer(scripted(lambda _: Reply(200, '{"messages": []}', cut=True))) as server:
        answer = write_bsn(connect(server.url))
    assert answer.answered is Answered.UNKNOWN
    assert "middle of the answer" in answer.cause


def test_a_write_to_a_server_that_is_away_was_never_sent(connect: Connect) -> None:
    with socket.socket() as unused, ScriptedServer(scripted(lambda _: Reply())) as signed_in:
        unused.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{unused.getsockname()[1]}"
        answer = write_bsn(connect(away, f"{signed_in.url}/token"))
    assert (answer.answered, answer.cause) == (Answered.NOT_SENT, "no connection")


def test_a_401_renews_the_token_and_sends_the_same_once_more(connect: Connect) -> None:
    def answer(asked: Asked) -> Reply:
        fresh = asked.headers["authorization"] == "Bearer access-2"
        return Reply(200, {"content": {}}) if fresh else Reply(401, {"message": "expired"})

    with ScriptedServer(scripted(answer)) as server:
        assert write_bsn(connect(server.url)).answered is Answered.ACCEPTED
    bodies = [each.body for each in server.asked if each.method == "PUT"]
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_a_second_401_is_a_refusal(connect: Connect) -> None:
    with ScriptedServer(scripted(lambda _: Reply(401, {"message": "blocked"}))) as server:
        answer = write_bsn(connect(server.url))
    assert (answer.answered, answer.status) == (Answered.REFUSED, 401)
    assert server.count("PUT", "/citizenservicenumber") == 2


def test_a_429_is_waited_out_and_a_lasting_one_counts_as_never_sent(connect: Connect, time: FakeTime) -> None:
    replies = [Reply(429, None, {"retry-after": "3"}), Reply(200, {"content": {}})]
    with ScriptedServer(scripted(lambda _: replies.pop(0))) as server:
        assert write_bsn(connect(server.url)).answered is Answered.ACCEPTED
    assert time.slept == [3]
    with ScriptedServer(scripted(lambda _: Reply(429))) as server:
        answer = write_bsn(connect(server.url))
    assert (answer.answered, answer.status) == (Answered.NOT_SENT, 429)
    assert server.count("PUT", "/citizenservicenumber") == 6


@pytest.mark.parametrize("status", [401, 429])
def test_a_write_whose_claim_was_lost_while_it_waited_is_not_sent_again(connect: Connect, status: int) -> None:
    """Another run may have sent it meanwhile. What is read is no harm to anybody."""

    def check() -> None:
        if server.count("PUT", "/citizenservicenumber"):
            raise ClaimLost("this run no longer holds legal entity 170")

    before = CLAIMED.set(check)
    try:
        with ScriptedServer(scripted(lambda _: Reply(status, None, {"retry-after": "3"}))) as server:
            client = connect(server.url)
            with pytest.raises(ClaimLost):
                write_bsn(client)
            assert server.count("PUT", "/citizenservicenumber") == 1
            with pytest.raises(TweeluikError) as read:
                client.read(TULP, numbers=frozenset())
    finally:
        CLAIMED.reset(before)
    assert not isinstance(read.value, ClaimLost)


def test_a_create_without_an_id_in_its_answer_is_unknown(connect: Connect) -> None:
    create = WriteRequest(WriteKind.CONCEPT_CREATED, None, {}, label="Vermeer A.B. (4711)")
    with ScriptedServer(scripted(lambda _: Reply(201, {"messages": [], "content": None}))) as server:
        assert connect(server.url).write(TULP, create).answered is Answered.UNKNOWN


def test_clearing_sends_null_and_never_an_empty_string(connect: Connect) -> None:
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {}}))) as server:
        write_bsn(connect(server.url), None)
    assert json.loads(server.asked[-1].body) == {"citizenServiceNumber": None}


def test_no_write_can_promote_a_concept(connect: Connect) -> None:
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {"id": "x"}}))) as server:
        client = connect(server.url)
        for kind in WriteKind:
            client.write(TULP, WriteRequest(kind, "3f1c", {CITIZEN_SERVICE_NUMBER: BSN}, component=900))
    sent = [each for each in server.asked if each.path != "/token"]
    assert {"GET", "PUT", "POST", "DELETE"} >= {each.method for each in sent} - {"PATCH"}
    assert {each.path.rsplit("/", 1)[1] for each in sent if each.method == "PATCH"} <= {"payrollperioddata"}
    assert not [each for each in sent if "convert" in each.path.lower()]


# --- tokens (Loket API 1) ------------------------------------------------------------------------------------------


def test_the_rotated_token_is_stored_before_the_access_token_is_used(connect: Connect, secrets: MemorySecrets) -> None:
    kept: list[dict[str, str]] = []

    def answer(_: Asked) -> Reply:
        kept.append(dict(secrets.kept))
        return Reply(200, {"content": {}})

    with ScriptedServer(scripted(answer)) as server:
        write_bsn(connect(server.url))
    assert list(kept[0].values()) == ["refresh-1"]


def test_no_token_is_spent_while_the_store_of_the_next_one_is_closed(connect: Connect, secrets: MemorySecrets) -> None:
    secrets.closed = True
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {}}))) as server:
        client = connect(server.url)
        refused = write_bsn(client)
        assert (refused.answered, server.count("POST", "/token")) == (Answered.NOT_SENT, 0)
        assert "Loket was not asked for one: run again" in refused.cause

        secrets.closed = False
        assert write_bsn(client).answered is Answered.ACCEPTED


def test_a_rotated_token_that_could_not_be_stored_is_used_by_this_process_as_soon_as_it_can(
    connect: Connect, secrets: MemorySecrets
) -> None:
    tokens: list[dict[str, Any]] = []
    secrets.broken = True
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {}}), tokens)) as server:
        client = connect(server.url)
        refused = write_bsn(client)
        assert (refused.answered, server.count("PUT", "/citizenservicenumber")) == (Answered.NOT_SENT, 0)
        assert "sign in with `tweeluik login`" in refused.cause

        secrets.broken = False
        assert write_bsn(client).answered is Answered.ACCEPTED
    assert [each["refresh_token"] for each in tokens] == [FIRST_TOKEN, "refresh-1"]
    assert list(secrets.kept.values()) == ["refresh-2"]


@pytest.mark.parametrize("access", [{}, {"access_token": None}, {"access_token": 7}])
def test_the_next_refresh_token_is_kept_also_of_a_grant_without_an_access_token(
    connect: Connect, secrets: MemorySecrets, access: dict[str, Any]
) -> None:
    with (
        ScriptedServer(lambda _: Reply(200, {"refresh_token": "refresh-1", **access})) as server,
        pytest.raises(IncompleteRead, match="no access token"),
    ):
        connect(server.url).fetch(TULP, WriteKind.BSN, "3f1c")

    assert list(secrets.kept.values()) == ["refresh-1"]


def test_the_stored_token_is_used_until_another_first_token_is_configured(connect: Connect) -> None:
    tokens: list[dict[str, Any]] = []
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {}}), tokens)) as server:
        write_bsn(connect(server.url))
        write_bsn(connect(server.url))
        write_bsn(connect(server.url, refresh_token="signed-in-again"))
    assert [each["refresh_token"] for each in tokens] == [FIRST_TOKEN, "refresh-1", "signed-in-again"]


def test_one_refresh_serves_all_threads_and_comes_a_minute_before_the_end(connect: Connect, time: FakeTime) -> None:
    tokens: list[dict[str, Any]] = []
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {}}), tokens)) as server:
        client = connect(server.url)
        threads = [threading.Thread(target=write_bsn, args=(client,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(tokens) == 1
        time.now += 3599 - 59
        write_bsn(client)
        assert len(tokens) == 2


def test_a_refused_refresh_token_asks_for_a_new_sign_in_unless_another_process_was_quicker(
    connect: Connect, secrets: MemorySecrets
) -> None:
    quicker = [False]

    def script(asked: Asked) -> Reply:
        if asked.path != "/token":
            return Reply(200, {"content": {"citizenServiceNumber": None}})
        if b"refresh_token=from-elsewhere" in asked.body:
            return Reply(200, {"access_token": "access", "expires_in": 3599, "refresh_token": "next"})
        if quicker[0]:
            secrets.kept[secret_name("loket-client", FIRST_TOKEN)] = "from-elsewhere"
        return Reply(400, {"error": "invalid_grant"})

    with ScriptedServer(script) as server:
        client = connect(server.url)
        with pytest.raises(SignInNeeded, match="tweeluik login") as raised:
            client.fetch(TULP, WriteKind.BSN, "3f1c")
        assert FIRST_TOKEN not in str(raised.value)
        assert write_bsn(client).answered is Answered.NOT_SENT
        quicker[0] = True
        assert client.fetch(TULP, WriteKind.BSN, "3f1c").fields == {CITIZEN_SERVICE_NUMBER: BLANK}


def test_a_wrong_client_is_a_fault_in_the_configuration(connect: Connect) -> None:
    refusing = ScriptedServer(lambda _: Reply(400, {"error": "invalid_client"}))
    with refusing as server, pytest.raises(Misconfigured, match="invalid_client") as raised:
        connect(server.url).check(TULP)
    assert "loket-secret" not in str(raised.value)


# --- whole objects (Loket API 5 and 6) -----------------------------------------------------------------------------

EMPLOYEE = """{
  "id": "3f1c", "employeeNumber": 4711, "exclusionFromAbsenceStatus": false,
  "personalDetails": {"lastName": "Vermeer", "initials": "A.B.", "firstName": "Anouk", "prefix": null,
    "dateOfBirth": "1990-04-12", "placeOfBirth": null, "gender": {"key": 2, "value": "Vrouw"},
    "howToFormatLastName": {"key": 1, "value": "Eigen naam"}, "formattedName": "Vermeer A.B.", "aowDate": "2057-04-12"},
  "contactInformation": {"emailAddress": "anouk@example.test", "phoneNumber": null},
  "address": {"street": "Main St", "houseNumber": 12, "houseNumberAddition": null, "postalCode": "1234 AB",
    "city": "Utrecht", "country": {"key": 530, "isoCode": "NL", "value": "Nederland"}, "location": "achter",
    "furtherIndication": {"key": 1, "value": "WW"}},
  "deviatingPostalAddress": null, "travel": {"travelDistanceToWork": 1200},
  "statusEmployeeSelfService": {"key": 1, "value": "x"},
  "addedInTheFuture": {"amount": 0.1000000000000000055511151231257}
}"""


EMPLOYEE_KEYS = KEYS[WriteKind.EMPLOYEE]


def replaced(
    connect: Connect, kind: WriteKind, content: str, values: dict[str, Observed], *, removes: str | None = None
) -> tuple[Asked, str]:
    """The PUT, and its body as text, after fetching `content`, filled up with null, and writing these values."""
    held = encode(filled(KEYS[kind], decode(content.encode()))).decode()

    def answer(asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(200, '{"messages": [], "content": ' + held + "}", {"etag": '"7"'})
        return Reply(200, {"content": {}})

    with ScriptedServer(scripted(answer)) as server:
        client = connect(server.url, country_codes={"NL": 530, "BE": 540})
        fetched = client.fetch(TULP, kind, "3f1c")
        wanted = {FieldPath(path): value for path, value in values.items()}
        request = WriteRequest(kind, "3f1c", wanted, fetched, removes=FieldPath(removes) if removes else None)
        assert client.write(TULP, request).answered is Answered.ACCEPTED
    return server.asked[-1], server.asked[-1].body.decode()


def test_a_replacement_sends_everything_back_but_what_only_loket_sets(connect: Connect) -> None:
    put, text = replaced(connect, WriteKind.EMPLOYEE, EMPLOYEE, {"personalDetails.firstName": "Annick"})

    body = json.loads(text)
    assert put.headers["if-match"] == '"7"'
    assert put.headers["accept"] == "application/json;version=2021-03-29"
    details = {
        "lastName": "Vermeer",
        "initials": "A.B.",
        "firstName": "Annick",
        "prefix": None,
        "dateOfBirth": "1990-04-12",
        "placeOfBirth": None,
        "gender": {"key": 2},
        "howToFormatLastName": {"key": 1},
    }
    assert body["personalDetails"] == filled(EMPLOYEE_KEYS, {"personalDetails": details})["personalDetails"]
    assert body["address"]["country"] == {"key": 530}
    assert body["address"]["location"] == "achter"
    assert body["travel"] == {"travelDistanceToWork": 1200}
    assert body.keys() == (EMPLOYEE_KEYS | json.loads(EMPLOYEE).keys()) - {"id", "statusEmployeeSelfService"}
    assert "0.1000000000000000055511151231257" in text  # an amount passes as it was written


def test_values_are_sent_in_the_forms_that_loket_takes(connect: Connect) -> None:
    _, text = replaced(
        connect,
        WriteKind.EMPLOYEE,
        EMPLOYEE,
        {
            "address.houseNumber": "14",
            "address.country": "BE",
            "personalDetails.gender": "1",
            "contactInformation.emailAddress": BLANK,
            "contactInformation.phoneNumber": NOT_OBSERVED,
        },
    )
    body = json.loads(text)
    assert body["address"]["houseNumber"] == 14
    assert body["address"]["country"] == {"key": 540}
    assert body["personalDetails"]["gender"] == {"key": 1}
    assert not any(body["contactInformation"].values())


ADDRESS = ("street", "houseNumber", "houseNumberAddition", "postalCode", "city", "country")


@pytest.mark.parametrize("kind", [WriteKind.EMPLOYEE, WriteKind.CONCEPT])
def test_an_address_that_is_removed_goes_as_a_whole(connect: Connect, kind: WriteKind) -> None:
    whole = EMPLOYEE if kind is WriteKind.EMPLOYEE else '{"id": "3f1c", "employeeData": ' + EMPLOYEE + "}"
    blank = dict.fromkeys([f"address.{part}" for part in ADDRESS], BLANK)
    _, text = replaced(connect, kind, whole, {**blank}, removes="address")
    body = json.loads(text)
    assert (body if kind is WriteKind.EMPLOYEE else body["employeeData"])["address"] is None


def test_no_address_is_removed_that_the_request_does_not_name(connect: Connect) -> None:
    blank = dict.fromkeys([f"address.{part}" for part in ADDRESS], BLANK)
    _, text = replaced(connect, WriteKind.EMPLOYEE, EMPLOYEE, {**blank})
    assert json.loads(text)["address"]["location"] == "achter"


def test_an_address_with_a_part_left_stays(connect: Connect) -> None:
    _, text = replaced(connect, WriteKind.EMPLOYEE, EMPLOYEE, {"address.street": BLANK})
    assert json.loads(text)["address"]["city"] == "Utrecht"


def test_a_first_address_is_built_whole(connect: Connect) -> None:
    nowhere = json.dumps(json.loads(EMPLOYEE) | {"address": None})
    filled = {"address.street": "Central Ave", "address.houseNumber": "1", "address.country": "NL"}
    _, text = replaced(connect, WriteKind.EMPLOYEE, nowhere, {**filled})
    assert json.loads(text)["address"] == {
        "street": "Central Ave",
        "houseNumber": 1,
        "houseNumberAddition": None,
        "postalCode": None,
        "city": None,
        "country": {"key": 530},
        "location": None,
        "furtherIndication": None,
    }


def test_a_concept_keeps_its_blocks_and_the_exact_amount_of_its_wage(connect: Connect) -> None:
    concept = (
        '{"id": "3f1c", "uniqueName": "Vermeer", "creationDate": "2026-03-01T09:00:00", "selfService": {"status": "x"},'
        '"employeeData": {"employeeNumber": 4711, "iban": null, "address": null,'
        '"personalDetails": {"lastName": "Vermeer"}},'
        '"employmentData": null, "fiscalData": {"applyPayrollTaxDeduction": true},'
        '"wageData": {"grossWage": 3200.10, "grossWageType": {"key": 1, "value": "Periodeloon"}}}'
    )
    _, text = replaced(
        connect,
        WriteKind.CONCEPT,
        concept,
        {
            "iban": "NL91ABNA0417164300",
            "startDate": "2026-04-01",
            "incomeRelationshipNumber": "1",
            "address.city": BLANK,
        },
    )
    whole = {
        "uniqueName": "Vermeer",
        "employeeData": {
            "employeeNumber": 4711,
            "iban": "NL91ABNA0417164300",
            "personalDetails": {"lastName": "Vermeer"},
            "address": None,
        },
        "fiscalData": {"applyPayrollTaxDeduction": True},
        "wageData": {"grossWage": 3200.1, "grossWageType": {"key": 1}},
    }
    new = {"employmentData": {"startDate": "2026-04-01", "incomeRelationshipNumber": 1}}
    assert json.loads(text) == filled(KEYS[WriteKind.CONCEPT], whole) | new
    assert '"grossWage":3200.10' in text


def test_an_object_shows_three_values(connect: Connect) -> None:
    def shown(content: str) -> Mapping[FieldPath, Observed]:
        with ScriptedServer(scripted(lambda _: Reply(200, '{"content": ' + content + "}"))) as server:
            return connect(server.url).fetch(TULP, WriteKind.EMPLOYEE, "3f1c").fields

    whole = {str(path): value for path, value in shown(EMPLOYEE).items()}
    assert whole["address.houseNumber"] == "12"
    assert whole["address.country"] == "NL"
    assert whole["personalDetails.gender"] == "2"
    assert whole["contactInformation.phoneNumber"] is BLANK
    assert "contactInformation.mobilePhoneNumber" not in whole  # an older server need not know it

    without = shown(json.dumps(json.loads(EMPLOYEE) | {"address": None}))
    assert [without[FieldPath(f"address.{part}")] for part in ADDRESS] == [BLANK] * len(ADDRESS)


def test_a_value_without_a_loket_key_is_never_sent(connect: Connect) -> None:
    fetched = Fetched({}, filled(EMPLOYEE_KEYS, {}))
    request = WriteRequest(WriteKind.EMPLOYEE, "3f1c", {FieldPath("address.country"): "XX"}, fetched)
    with ScriptedServer(scripted(lambda _: Reply(200, {"content": {}}))) as server:
        assert connect(server.url).write(TULP, request).answered is Answered.UNSENDABLE
    assert server.count("PUT", "3f1c") == 0


@pytest.mark.parametrize("locate", [in_employee, in_concept])
def test_every_field_of_the_catalogue_is_read_as_it_was_written(locate: Callable[[FieldPath], tuple[str, ...]]) -> None:
    known = fields_of(CATALOGUE)
    fields = dict(known.employee if locate is in_employee else known.concept)
    values: dict[FieldPath, Observed] = {path: SAMPLES[kind].typed for path, kind in fields.items()}
    sent = changed({}, values, fields, locate, {"NL": 530})
    assert read(sent, fields.items(), locate, {"NL": 530}) == values


# --- complete reads (Loket API 2 and 4) ----------------------------------------------------------------------------


def pages(*answers: dict[str, Any]) -> Callable[[Asked], Reply]:
    """Employees page by page as given, one after another; every other list is empty, everything else missing."""
    left = list(answers)

    def answer(asked: Asked) -> Reply:
        if asked.path.endswith("/employees"):
            return Reply(200, left.pop(0))
        if asked.path.rpartition("/")[2] in ("conceptemployees", "minimized", "payrolladministrations"):
            return Reply(200, {"totalSize": 0, "totalPages": 0, "currentPage": 1, "_embedded": []})
        return Reply(404)

    return answer


def page(number: int, total: int, size: int, *ids: int) -> dict[str, Any]:
    items = [{"id": f"id-{each}", "employeeNumber": each} for each in ids]
    return {"currentPage": number, "totalPages": total, "totalSize": size, "_embedded": items}


def test_totals_that_do_not_add_up_are_read_once_more(connect: Connect) -> None:
    moved = [page(1, 2, 3, 1, 2), page(2, 2, 4, 4)]
    steady = [page(1, 2, 3, 1, 2), page(2, 2, 3, 3)]
    with ScriptedServer(scripted(pages(*moved, *steady))) as server:
        assert connect(server.url).read(TULP, numbers=frozenset()).employees.keys() == {1, 2, 3}
    assert {each.query["pageSize"] for each in server.asked if each.path.endswith("/employees")} == {"250"}


@pytest.mark.parametrize(
    "swept",
    [
        [page(1, 2, 3, 1, 2), page(2, 2, 3)],  # one is missing
        [page(1, 2, 3, 1, 2), page(2, 3, 3, 3)],  # the number of pages changes
        [page(1, 2, 4, 1, 2), page(2, 2, 4, 2, 3)],  # one slips from page to page
    ],
)
def test_a_list_that_keeps_changing_is_an_incomplete_read(connect: Connect, swept: list[dict[str, Any]]) -> None:
    with (
        ScriptedServer(scripted(pages(*swept, *swept))) as server,
        pytest.raises(IncompleteRead, match="do not add up"),
    ):
        connect(server.url).read(TULP, numbers=frozenset())


def test_the_wrong_page_is_an_incomplete_read(connect: Connect) -> None:
    with ScriptedServer(scripted(pages(page(1, 2, 2, 1), page(1, 2, 2, 1)))) as server, pytest.raises(IncompleteRead):
        connect(server.url).read(TULP, numbers=frozenset())


def test_one_number_for_two_employees_stops_the_read(connect: Connect) -> None:
    twice = page(1, 1, 2, 1)
    twice["_embedded"].append({"id": "another", "employeeNumber": 1})
    with ScriptedServer(scripted(pages(twice))) as server, pytest.raises(Misconfigured, match="number 1"):
        connect(server.url).read(TULP, numbers=frozenset())


def test_a_version_that_will_be_withdrawn_is_noted(connect: Connect) -> None:
    old = page(1, 1, 1, 1) | {"version": {"resourceVersion": "2021-03-29", "obsoleteDate": "2026-09-01"}}
    with ScriptedServer(scripted(pages(old))) as server:
        notes = connect(server.url).read(TULP, numbers=frozenset()).notes
    assert "Loket withdraws version 2021-03-29 of its employees on 2026-09-01" in notes
