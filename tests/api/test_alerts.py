"""Alerts reach real servers: by mail and as signed webhooks, at least once, on transitions, with nothing personal."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.alerts.addresses import NotAllowed, reachable
from adapters.alerts.mail_and_chat import MailAndChat
from adapters.alerts.webhook import WebhookChannel
from adapters.outgoing import AnswerTooLarge, Outgoing
from adapters.simulators.company.generate import Colleague, Situation, generate_company
from api.bootstrap import SystemClock, open_store
from api.cli.main import main
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from api.tasks.deliver_alerts import deliverer
from domain.errors import Misconfigured
from domain.services.alerts.deliver import Post
from tests.support.inboxes import SECRET, Mailbox, Receiver, mailbox, receiver
from tests.support.stated import stated
from tests.support.wire import Reply, ScriptedServer

STREET = "address.street"
_SOMETHING = Post("alert-1", "title", "one line", datetime(2026, 3, 15, tzinfo=UTC), {})
SHARES = {Situation.CONCEPT_TO_BE: 1 / 6}


class LaterClock(SystemClock):
    """The machine's clock, moved ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self):  # type: ignore[no-untyped-def]
        return super().now() + self.ahead


@dataclass
class Office:
    """A company of six whose alerts go to a mailbox and a webhook."""

    running: Simulation
    config: Path
    mail: Mailbox
    hook: Receiver
    capture: pytest.CaptureFixture[str]
    clock: LaterClock = field(default_factory=LaterClock)

    def run(self, *arguments: str) -> tuple[int, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", "Marieke", *arguments])
        return code, self.capture.readouterr().out

    def deliver(self) -> int:
        settings = load(self.config)
        with open_store(settings, clock=self.clock) as store:
            return deliverer(settings, store).deliver_due()

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.run("alerts", "list", "--json")[1])["alerts"]
        return found

    @property
    def someone(self) -> Colleague:
        return self.running.company.of(Situation.IN_BOTH)[0]

    def type_street(self, street: str) -> None:
        self.running.loket.edit_employee(self.someone.employee_number, {STREET: street})


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    with ExitStack() as stack:
        mail, hook = stack.enter_context(mailbox()), stack.enter_context(receiver())
        running = stack.enter_context(simulation(generate_company(6, seed=7, shares=SHARES)))
        config = tmp_path / "tweeluik.toml"
        config.write_text(
            "[alerts]\nlink_base = 'https://tweeluik.example.org'\nprivate_hosts = ['127.0.0.1']\n"
            f"[alerts.targets.desk]\nurl = 'mailto://127.0.0.1:{mail.port}?from=tweeluik@example.org&to=desk@example.org'\n"
            f"[alerts.targets.tickets]\nurl = '{hook.url}'\nsecret = '{SECRET}'\n"
            f"kinds = ['drift', 'run_blocked']\n{running.configuration()}"
        )
        office = Office(running, config, mail, hook, capsys)
        hook.now = office.clock.now
        yield office


def test_an_edit_by_hand_is_heard_by_mail_and_webhook_and_so_is_its_end(office: Office) -> None:
    office.run("sync", "--entity", "170")
    office.type_street("Geheimlaan")
    office.run("drift", "--entity", "170")
    assert office.deliver() == 3  # the run's concept employee by mail; the drift both ways
    office.run("sync", "--entity", "170")
    office.deliver()

    subjects = [subject for subject, _ in office.mail.messages]
    assert subjects == [
        "Tweeluik, Tulp Logistiek B.V. (170): 1 concept employee waits to be completed in Loket",
        "Tweeluik, Tulp Logistiek B.V. (170): 1 value in Loket drifted: Street",
        "Tweeluik, Tulp Logistiek B.V. (170): over: drifted values that are equal again (1): Street",
    ]
    begun, over = office.hook.posts
    assert begun[1]["type"] == "tweeluik.alert"
    assert begun[1]["data"]["kinds"]["drift"] == {"opened": 1, "recovered": 0, "happened": 0, "what": [STREET]}
    assert over[1]["data"]["kinds"]["drift"]["recovered"] == 1
    assert begun[1]["data"]["link"] == f"https://tweeluik.example.org/v1/alerts/{begun[1]['data']['alert']}"
    lines = office.mail.messages[2][1].splitlines()
    assert "1 value in Loket was overwritten: Street" in lines
    assert lines[-3:-1] == ["", f"https://tweeluik.example.org/v1/alerts/{over[1]['data']['alert']}"]


def test_a_flapping_value_is_one_alert_and_one_recovery(office: Office) -> None:
    office.run("sync", "--entity", "170")
    street = office.running.loket.employee(office.someone.employee_number)["address"]["street"]
    for _ in range(3):
        office.type_street("Geheimlaan")
        office.run("drift", "--entity", "170")
        office.type_street(street)
        office.run("drift", "--entity", "170")
        office.deliver()

    told = [post["data"]["kinds"]["drift"] for _, post in office.hook.posts]
    assert [(one["opened"], one["recovered"]) for one in told] == [(1, 0), (0, 1)]


def test_nothing_personal_is_ever_in_an_alert(office: Office) -> None:
    office.run("sync", "--entity", "170")
    office.type_street("Geheimlaan")
    office.running.personio.edit(office.someone.person_id, "bsn", "123456789")
    office.run("sync", "--entity", "170")
    office.run("drift", "--entity", "170")
    office.deliver()

    said = repr(office.mail.messages) + repr(office.hook.posts)
    assert "BSN" in said  # the finding is named
    person = office.someone
    for secret in ("Geheimlaan", "123456789", person.last_name, person.first_name):
        assert secret not in said
    assert str(person.employee_number) not in stated(said)


def test_a_target_that_fails_is_tried_again_with_the_same_id_and_given_up_after_three_days(office: Office) -> None:
    office.run("sync", "--entity", "170")
    office.type_street("Geheimlaan")
    office.run("drift", "--entity", "170")
    office.hook.answers = [500, 307, *[503] * 40]  # 307 leads back here: followed, it would be one post more
    office.deliver()
    assert office.deliver() == 0  # not yet again
    assert len(office.hook.posts) == 1
    for _ in range(40):
        office.clock.ahead += timedelta(hours=2)
        office.deliver()

    drift = office.listed()[0]
    ways = {one["target"]: one for one in drift["deliveries"]}
    assert ways["desk"]["state"] == "delivered"
    assert (ways["tickets"]["state"], ways["tickets"]["cause"]) == ("given_up", "HTTP 503")
    assert {body["data"]["alert"] for _, body in office.hook.posts} == {drift["alert"]}
    assert len({sent for sent, _ in office.hook.posts}) == 1
    assert 10 < ways["tickets"]["attempts"] == len(office.hook.posts) < 20


def test_a_target_that_is_down_is_tried_once_a_round_and_holds_up_nobody_else(office: Office) -> None:
    office.run("sync", "--entity", "170")
    for street in ("Geheimlaan", "Geheimstraat", office.someone.street):
        office.type_street(street)
        office.run("drift", "--entity", "170")
    waiting = [one["alert"] for one in reversed(office.listed()) if "drift" in str(one)]
    office.hook.answers = [503]
    office.deliver()
    assert [body["data"]["alert"] for _, body in office.hook.posts] == waiting[:1]
    assert len(office.mail.messages) == len(office.listed())

    office.clock.ahead += timedelta(minutes=2)
    office.deliver()
    assert sorted(body["data"]["alert"] for _, body in office.hook.posts[1:]) == sorted(waiting)


def test_a_crash_between_sending_and_recording_sends_once_more_with_the_same_id(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("sync", "--entity", "170")
    office.type_street("Geheimlaan")
    office.run("drift", "--entity", "170")
    settings = load(office.config)
    with open_store(settings, clock=office.clock) as store:
        monkeypatch.setattr(type(store.log), "append", _died)
        with pytest.raises(KeyboardInterrupt):
            deliverer(settings, store).deliver_due()
        monkeypatch.undo()
    office.deliver()

    ids = [sent for sent, _ in office.hook.posts] + [body.splitlines()[-1] for _, body in office.mail.messages]
    assert max(ids.count(one) for one in ids) == 2


def test_of_two_that_deliver_at_once_one_sends(office: Office) -> None:
    office.run("sync", "--entity", "170")
    office.type_street("Geheimlaan")
    office.run("drift", "--entity", "170")
    sent_by_the_other: list[int] = []

    def while_the_first_one_sends() -> datetime:
        office.hook.now = office.clock.now
        sent_by_the_other.append(office.deliver())
        return office.clock.now()

    office.hook.now = while_the_first_one_sends
    assert office.deliver() == 3

    assert sent_by_the_other == [0]
    assert len(office.hook.posts) == 1
    assert len(office.mail.messages) == 2


def test_a_name_that_leads_elsewhere_when_asked_again_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve(host: str, *rest: Any, **named: Any) -> Any:
        if host != "hook.example.org":
            return real(host, *rest, **named)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **named)

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with receiver() as hook:
        named = hook.url.replace("127.0.0.1", "hook.example.org")
        channel = WebhookChannel(named, SECRET, frozenset({"hook.example.org"}))
        assert channel.send(_SOMETHING, hook.now()) is None

    assert asked == ["hook.example.org"]
    assert len(hook.posts) == 1


def test_a_chat_server_that_names_another_place_is_not_followed_there() -> None:
    with ScriptedServer(lambda _: Reply(307, {}, {"location": "/elsewhere"})) as server:
        url = server.url.replace("http://", "matrix://tweeluik:token@") + "/#desk?redirect=yes"
        told = MailAndChat(url, frozenset({"127.0.0.1"})).send(_SOMETHING, datetime.now(UTC))

    assert told == "the service did not accept it"
    assert server.asked
    assert not [each for each in server.asked if each.path == "/elsewhere"]


def _died(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_the_list_says_what_was_raised_and_whom_it_reached(office: Office) -> None:
    office.run("sync", "--entity", "170")
    _, before = office.run("alerts", "list")
    office.deliver()
    _, after = office.run("alerts", "list")

    assert "1 concept employee waits" in before
    assert "not desk: not sent yet" in before
    assert "desk" in after
    assert "not desk" not in after


def test_a_target_can_be_tried(office: Office) -> None:
    assert office.run("alerts", "test", "tickets")[0] == 0
    assert office.run("alerts", "test", "nobody")[0] == 2
    assert [post["data"] for _, post in office.hook.posts] == [{}]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1",
        "::7f00:1", "::ffff:0:127.0.0.1", "::ffff:0:0", "64:ff9b:1::7f00:1", "64:ff9b::a9fe:a9fe", "fec0::1", "::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2a00:1450::5efe:7f00:1", "192.88.99.1", "198.18.0.1",
        "255.255.255.255", "ff02::1", "100::1", "2130706433", "0x7f.1", "0177.0.0.1", "192.0.0.8", "192.0.0.170",
        "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.31.196.1", "192.52.193.1", "192.175.48.1", "168.63.129.16",
        "3fff::1", "3fff:fff::1", "5f00::1", "100:0:0:1::1", "2001:1::1", "2001:2::1", "2001:4:112::1", "2001:10::1",
        "2001:20::1", "2001:30::1", "2001:1ff:ffff::1", "2620:4f:8000::1",
    ],
)  # fmt: skip
def test_no_alert_goes_into_our_own_network_unasked(host: str) -> None:
    with pytest.raises(NotAllowed, match="private network"):
        reachable(host, 443, frozenset())


@pytest.mark.parametrize(
    "host", ["192.0.1.1", "192.88.98.1", "198.20.0.1", "2001:200::1", "2a00:1450::1", "64:ff9b::808:808"]
)
def test_an_address_beside_a_special_one_is_public(host: str) -> None:
    assert reachable(host, 443, frozenset()) == (host,)


@pytest.mark.parametrize("host", ["a..b", "é..x", "a" * 64 + ".example.org", "é" * 70, "", "\x00"])
def test_a_name_that_cannot_be_one_is_no_host(host: str) -> None:
    with pytest.raises(NotAllowed, match="cannot be resolved"):
        reachable(host, 443, frozenset())


@pytest.mark.parametrize("url", ["https://a..b/hook", "https://é..x/", f"https://{'a' * 64}.nl/"])
def test_a_webhook_to_a_name_that_cannot_be_one_is_a_cause_and_no_traceback(url: str) -> None:
    cause = WebhookChannel(url, SECRET, frozenset()).send(_SOMETHING, datetime.now(UTC))

    assert cause == "the host's name cannot be resolved"


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (httpx.ConnectError(""), "no connection"),
        (httpx.ReadTimeout(""), "read timeout"),
        (httpx.RemoteProtocolError(""), "connection lost in the middle of the answer"),
        (AnswerTooLarge(""), "answer too large"),
    ],
)
def test_why_a_webhook_did_not_arrive_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, cause: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(Outgoing, "send", fail)

    told = WebhookChannel("https://127.0.0.1/x", SECRET, frozenset({"127.0.0.1"})).send(_SOMETHING, datetime.now(UTC))

    assert told == cause


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Misconfigured("SSL_CERT_FILE names nothing"), "SSL_CERT_FILE names nothing"),
        (OverflowError("secret"), "sending it failed: OverflowError"),
    ],
)
def test_whatever_a_target_brings_about_holds_up_nobody_behind_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception, cause: str
) -> None:
    def fail(*_: object) -> None:
        raise fault

    office.run("sync", "--entity", "170")
    office.type_street("Geheimlaan")
    office.run("drift", "--entity", "170")
    monkeypatch.setattr(MailAndChat, "send", fail)  # the first of the two, by name
    assert office.deliver() == 1

    told = [one for each in office.listed() for one in each["deliveries"]]
    assert [one["state"] for one in told if one["target"] == "tickets"] == ["delivered"]
    assert {one["cause"] for one in told if one["target"] == "desk"} == {None, cause}  # it is tried once a round
    assert office.run("alerts", "test", "desk")[0] == 2


def test_the_second_address_is_tried_when_the_first_leads_nowhere(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = socket.getaddrinfo, []

    def two_addresses(host: str, port: int, *more: object, **named: object) -> list[tuple[object, ...]]:
        asked.append(host)
        leads_nowhere = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("100::1", port, 0, 0))
        found = real(host, port, *more, **named)
        return [leads_nowhere, *found] if len(asked) == 1 else found  # later it is asked for the addresses themselves

    monkeypatch.setattr(socket, "getaddrinfo", two_addresses)

    assert office.run("alerts", "test", "tickets")[0] == 0
    assert "100::1" in asked
    assert len(office.hook.posts) == 1


def test_a_host_that_is_named_as_private_may_be_reached() -> None:
    assert set(reachable("localhost", 443, frozenset({"localhost"}))) <= {"127.0.0.1", "::1"}
    assert reachable("8.8.8.8", 443, frozenset()) == ("8.8.8.8",)


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("url = 'http://example.org/hook'\nsecret = 'whsec_c2VjcmV0'", "needs https"),
        ("url = 'https://example.org/hook'", "needs a secret"),
        ("url = 'https://a..b/hook'\nsecret = 'whsec_c2VjcmV0'", "a host or port that cannot be one"),
        ("url = 'https://é..x/'\nsecret = 'whsec_c2VjcmV0'", "a host or port that cannot be one"),
        (f"url = 'https://{'a' * 64}.nl/'\nsecret = 'whsec_c2VjcmV0'", "a host or port that cannot be one"),
        ("url = 'https://example.org:99999/'\nsecret = 'whsec_c2VjcmV0'", "a host or port that cannot be one"),
        ("url = 'https://[::1/'\nsecret = 'whsec_c2VjcmV0'", "a host or port that cannot be one"),
        ("url = 'https:///hook'\nsecret = 'whsec_c2VjcmV0'", "a host or port that cannot be one"),
        ("url = 'json://example.org/hook'", "must begin with https"),
        ("url = 'file:///etc/passwd'", "must begin with https"),
        ("url = 'mailto://example.org'\nkinds = ['weather']", "kinds"),
    ],
)
def test_a_target_that_cannot_be_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, fault: str
) -> None:
    example = Path("docs/tweeluik.example.toml").read_text()
    config = tmp_path / "tweeluik.toml"
    config.write_text(
        example.replace("[alerts]", f"[alerts]\n[alerts.targets.desk]\n{target}\n[alerts2]").split("[alerts2]")[0]
    )

    code = main(["--config", str(config), "alerts", "list"])

    said = capsys.readouterr().err
    assert code == 2
    assert fault in said
    assert said.count("\n") == 1
