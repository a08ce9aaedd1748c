"""Many customers in one server: what is another's is as if it did not exist, and a single fault stops one alone."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import httpx
import pytest
import structlog
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from structlog.testing import capture_logs

from adapters.log.offline_verifier import main
from api.config.alerts import AlertsSection
from api.config.tenants import Folder
from api.jobs.fair_lanes import FairLanes
from api.jobs.scheduler import Scheduler
from api.tasks.tenants import removed
from api.tenants import broken, dispatcher, failing
from api.tenants.broken import Teller
from api.tenants.house import House, Room
from api.tenants.server import Keeper, faults, keeping, open_tenants
from api.tenants.workers import Here
from domain.access import Role
from domain.errors import LogNotBelieved, Misconfigured
from domain.log import StreamId
from domain.values import Actor
from tests.support.bureau import (
    HOOKED,
    HOST,
    LELIE,
    MINE,
    NOT_THERE,
    OPERATOR,
    OTHER,
    OURS,
    OWN,
    TOKEN,
    Bureau,
    Listening,
    bureau,
    configuration,
    placed,
    routes,
    told,
)
from tests.support.credentials import FAULTY, QUERIES
from tests.support.log_site import gates
from tests.support.scribe import Scribe
from tests.support.waiting import PATIENCE, let_pass, until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    """Tulp and roos below a path, roos with a provider and lelie at a host of its own; an eik there is not."""
    folder = tmp_path_factory.mktemp("bureau")
    with bureau(folder, MINE, OTHER, "lelie", more={OTHER: HOOKED, "lelie": LELIE}) as one:
        yield one


def asked(house: Bureau, name: str, method: str, path: str, route: str, credential: dict[str, str]) -> httpx.Response:
    headers = {**OURS, **credential}
    more: dict[str, Any] = {"json": {}} if method == "POST" else {"params": QUERIES.get(route)}
    if method == "POST":
        headers["Idempotency-Key"] = "12345678"
    return house.ask(method, f"/t/{name}{placed(path)}", headers, **more)


def credentials(house: Bureau, role: Role) -> dict[str, dict[str, str]]:
    """What somebody of tulp could show elsewhere, in its own shape and in that of whom it is shown to."""
    cookie, secret = house.session(MINE, role).split("=", 1)
    return {
        "nothing": {},
        "a key": {"Authorization": f"Bearer {house.key(MINE, role)}"},
        "a session": {"Cookie": f"{cookie}={secret}"},
        "a session under any name": {
            "Cookie": "; ".join(f"{cookie.replace(MINE, one)}={secret}" for one in (OTHER, NOT_THERE))
        },
        "a key and a session": {"Authorization": f"Bearer {house.key(MINE, role)}", "Cookie": f"{cookie}={secret}"},
    }


@pytest.mark.parametrize("role", Role)
def test_what_is_anothers_is_answered_as_what_does_not_exist_at_every_route_to_every_role(
    house: Bureau, role: Role
) -> None:
    shown, different, statuses = credentials(house, role), [], set()
    if role is not Role.AUDITOR:
        del shown["nothing"]  # which is the same whoever shows it
    for method, path, name in routes(house):
        for kind, credential in shown.items():
            anothers = told(asked(house, OTHER, method, path, name, credential), OTHER)
            nowhere = told(asked(house, NOT_THERE, method, path, name, credential), NOT_THERE)
            if anothers != nowhere:
                different.append((method, path, kind, anothers[0], nowhere[0]))
            if path.startswith("/v1/"):
                statuses.add((kind.partition(" under")[0], anothers[0]))

    assert different == []
    keyed = {status for kind, status in statuses if "key" in kind}
    assert (keyed, {status for kind, status in statuses if "key" not in kind}) == ({404}, {401})


def test_the_same_key_and_session_are_good_at_home(house: Bureau) -> None:
    shown = credentials(house, Role.AUDITOR)

    assert asked(house, MINE, "GET", "/v1/rules", "rules", shown["a key"]).status_code == 200
    assert asked(house, MINE, "GET", "/me", "me", shown["a session"]).status_code == 200
    assert asked(house, MINE, "GET", "/me", "me", shown["a session under any name"]).status_code == 303


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_token_learns_nothing_either(house: Bureau, fault: str) -> None:
    shown = {} if FAULTY[fault] is None else {"Authorization": f"Bearer {FAULTY[fault]}"}
    answers = {name: asked(house, name, "GET", "/v1/events", "events", shown) for name in (MINE, OTHER, NOT_THERE)}

    assert len({told(answer, name)[0::2] for name, answer in answers.items()}) == 1
    assert answers[MINE].status_code == (404 if shown else 401)


@pytest.mark.parametrize(
    "path",
    ["/t/roos/%2e%2e/tulp/v1/rules", "/t//tulp/v1/rules", "/t/TULP/v1/rules", "/t/tulp%2f..%2froos/v1/rules",
     "/t/tulpen/v1/rules", "/t/lelie/v1/rules", "/t/operator/v1/rules", "/t/tulp.secrets/v1/rules",
     "/v1/rules", "/t/roos/t/tulp/v1/rules"],
)  # fmt: skip
def test_a_tenant_has_one_address(house: Bureau, path: str) -> None:
    shown = {"Authorization": f"Bearer {house.key(MINE)}"}

    assert house.ask("GET", path, shown).status_code == 404


def test_a_tenant_with_a_host_is_found_there_and_nobody_else_is(house: Bureau) -> None:
    theirs = {"Authorization": f"Bearer {house.key('lelie')}"}
    mine = {"Authorization": f"Bearer {house.key(MINE)}"}

    assert house.ask("GET", "/v1/rules", theirs, host=OWN).status_code == 200
    assert house.ask("GET", "/v1/rules", mine, host=OWN).status_code == 404
    assert house.ask("GET", "/t/tulp/v1/rules", mine, host=OWN).status_code == 404
    assert house.ask("GET", "/t/lelie/v1/rules", theirs).status_code == 404
    assert house.session("lelie", base="", host=OWN).startswith("__Host-tweeluik=")


def test_a_name_cannot_put_anything_into_a_page(house: Bureau) -> None:
    for name in ('"><script>x</script>', "a%22%20onload=x", "a%0d%0aX-Evil: 1", "x" * 41):
        answer = house.ask("GET", f"/t/{name}/sign-in")

        assert answer.status_code == 404
        assert "script" not in answer.text
        assert "x-evil" not in answer.headers


ADDRESS = re.compile(r'\s([a-z-]+)="(/[^"]*)"')


def test_every_address_on_every_page_leads_to_the_same_tenant(house: Bureau) -> None:
    cookie = {"Cookie": house.session(MINE, Role.PAYROLL_ADMIN), **OURS}
    waiting, seen, elsewhere = ["/t/tulp/"], set[str](), []
    while waiting and len(seen) < 150:
        path = waiting.pop(0)
        if path.partition("?")[0] in seen:
            continue
        seen.add(path.partition("?")[0])
        answer = house.ask("GET", path, cookie)
        for attribute, address in ADDRESS.findall(answer.text):
            if attribute == "value":
                continue  # where a form goes on to, below the tenant's own path
            if not address.startswith("/t/tulp/"):
                elsewhere.append((path, attribute, address))
            elif attribute == "href" and "#" not in address:
                waiting.append(address.replace("&amp;", "&"))
        onward = answer.headers.get("location", "/t/tulp/")
        assert onward.startswith("/t/tulp/")
        waiting.append(onward)

    assert elsewhere == []
    assert {"/t/tulp/e/170", "/t/tulp/rules", "/t/tulp/me", "/t/tulp/log"} <= seen


def test_the_page_that_proves_certificates_is_the_same_bytes_everywhere(house: Bureau) -> None:
    pages = {house.ask("GET", f"/t/{name}/verify.html").content for name in (MINE, OTHER, NOT_THERE)}

    assert len(pages) == 1


def test_signing_in_and_out_keeps_to_the_tenants_path(house: Bureau) -> None:
    answer = house.ask("POST", "/t/tulp/sign-in", OURS, data={"key": house.key(MINE), "next": "/e/170/people"})
    cookie = answer.headers["set-cookie"]
    out = house.ask("POST", "/t/tulp/sign-out", {**OURS, "Cookie": cookie.partition(";")[0]})

    assert answer.headers["location"] == "/t/tulp/e/170/people"
    assert cookie.startswith("tweeluik.t.tulp=")
    assert "path=/t/tulp;" in cookie.lower()
    assert out.headers["location"] == "/t/tulp/sign-in"
    assert {"path=/t/tulp", "path=/t/tulp/kept"} == {
        part.strip().lower()
        for each in out.headers.get_list("set-cookie")
        for part in each.split(";")
        if "path=" in part.lower()
    }


def test_a_form_from_elsewhere_is_refused_as_it_is_for_one(house: Bureau) -> None:
    cookie = {"Cookie": house.session(MINE)}

    assert house.ask("POST", "/t/tulp/sign-out", cookie).status_code == 403
    assert house.ask("POST", "/t/tulp/sign-out", {**cookie, "Sec-Fetch-Site": "same-site"}).status_code == 403
    assert house.ask("GET", "/t/tulp/me", cookie).status_code == 200


def test_what_a_request_is_answered_to_is_below_the_tenant_too(house: Bureau) -> None:
    shown = {"Authorization": f"Bearer {house.key(MINE)}", "Idempotency-Key": "a-verification"}
    answer = house.ask("POST", "/t/tulp/v1/log/verifications", shown, json={})

    assert answer.status_code == 202
    assert answer.json()["status_url"].startswith("/t/tulp/v1/log/verifications/")
    assert answer.headers["location"] == answer.json()["status_url"]
    assert house.ask("GET", answer.json()["status_url"], shown).status_code == 200


def test_health_is_the_servers_and_metrics_and_the_queue_are_the_operators(house: Bureau) -> None:
    house.ask("GET", "/t/tulp/v1/rules", {"Authorization": f"Bearer {house.key(MINE)}"})
    mine, token = {"Authorization": f"Bearer {house.key(MINE, Role.OPERATOR)}"}, {"Authorization": f"Bearer {TOKEN}"}

    assert [house.ask("GET", path).status_code for path in ("/healthz", "/readyz", "/metrics", "/queue")] == [
        200,
        200,
        404,
        404,
    ]
    assert [house.ask("GET", f"/t/tulp{path}", mine).status_code for path in ("/healthz", "/readyz", "/metrics")] == [
        404
    ] * 3
    assert house.ask("GET", "/metrics", mine).status_code == 404
    metrics = house.ask("GET", "/metrics", token).text
    assert re.search(r'requests_total\{method="GET",route="/v1/rules",status="200",tenant="tulp"\} [1-9]', metrics)
    assert 'tweeluik_tenants{state="open"} 3' in metrics
    assert re.search(r'tweeluik_log_events\{tenant="roos"\} [1-9]', metrics)
    assert house.ask("GET", "/queue", token).json()["broken"] == {}


def test_one_callers_haste_is_counted_apart_and_guesses_together(tmp_path: Path) -> None:
    slow = OPERATOR.replace("1000000", "40")
    with bureau(tmp_path, MINE, OTHER, operator=slow) as house:
        shown = {name: {"Authorization": f"Bearer {house.key(name)}"} for name in (MINE, OTHER)}
        hasty = [house.ask("GET", "/t/tulp/v1/rules", shown[MINE]).status_code for _ in range(50)]
        guesses = [house.ask("GET", f"/t/eik-{number % 7}/v1/rules").status_code for number in range(50)]

        assert 429 in hasty
        assert 429 in guesses
        assert house.ask("GET", "/t/roos/v1/rules").status_code == 429  # a guess at whom there is costs the same
        assert house.ask("GET", "/t/eik/v1/rules").status_code == 429


def test_a_changed_setting_holds_from_the_next_look_on_and_others_stay_open(tmp_path: Path) -> None:
    with bureau(tmp_path, MINE, OTHER) as house:
        before = house.web(MINE), house.web(OTHER)
        text = (tmp_path / "roos.toml").read_text()
        (tmp_path / "roos.toml").write_text(text.replace("people_a_day = 25", "people_a_day = 3"))
        house.serving.house.refresh()

        assert house.web(MINE) is before[0]
        assert house.web(OTHER) is not before[1]
        assert house.web(OTHER).settings.access.people_a_day == 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("roos/log.db", "tulp/log.db", "roos and tulp name the same database"),
        ("roos/keys.db", "./roos/../tulp/keys.db", "roos and tulp name the same database"),
        ('"roos/checkpoints"', '"tulp/checkpoints"', "roos and tulp name the same checkpoint folder"),
        ('# key_file = "secrets/tweeluik.key"', 'key_file = "tulp/keys.key"', "roos and tulp name the same key file"),
        ("sqlite:///roos/log.db", "sqlite:///roos/../tulp/keys.db", "roos and tulp name the same database"),
        ("000000000002", "000000000001", "roos and tulp name the same payroll administration"),
    ],
)  # fmt: skip
def test_two_tenants_that_share_a_place_are_both_refused_by_name(tmp_path: Path, old: str, new: str, said: str) -> None:
    with bureau(tmp_path, MINE, OTHER, "lelie", more={"lelie": LELIE}) as house:
        text = (tmp_path / "roos.toml").read_text()
        assert old in text
        (tmp_path / "roos.toml").write_text(text.replace(old, new))
        house.serving.house.refresh()

        troubles = house.serving.house.troubles
        assert troubles.keys() == {MINE, OTHER}
        assert all(said in why for why in troubles.values())
        assert (
            house.ask("GET", "/v1/rules", {"Authorization": f"Bearer {house.key('lelie')}"}, host=OWN).status_code
            == 200
        )


def test_the_log_of_one_says_nothing_of_another(house: Bureau) -> None:
    events = {
        name: house.ask("GET", f"/t/{name}/v1/events", {"Authorization": f"Bearer {house.key(name)}"}).json()
        for name in (MINE, OTHER)
    }

    assert "roos" not in str(events[MINE])
    assert "tulp" not in str(events[OTHER])
    roots = {house.web(name).store.log.newest_head().root for name in (MINE, OTHER)}  # type: ignore[union-attr]
    assert len(roots) == 2


def test_a_certificate_of_one_proves_nothing_of_another(house: Bureau, tmp_path: Path) -> None:
    shown = {"Authorization": f"Bearer {house.key(MINE)}"}
    certificate = house.ask("GET", "/t/tulp/v1/log/events/0/certificate", shown)
    (tmp_path / "one.json").write_bytes(certificate.content)
    codes = {}
    for name in (MINE, OTHER):
        (tmp_path / f"{name}.pub").write_text(str(house.web(name).store.log.verifier))
        codes[name] = main([str(tmp_path / "one.json"), "--public-key", str(tmp_path / f"{name}.pub")])

    assert certificate.status_code == 200
    assert codes == {MINE: 0, OTHER: 1}


def test_the_operator_hears_once_that_a_tenant_has_stopped_and_once_that_it_runs_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, at = Listening(answers="refused"), datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(broken, "alert_channels", lambda _: {"desk": (None, target)})
    section, why = AlertsSection(), {"roos": broken.stopped("rulez is not a known key")}

    Teller(tmp_path).tell(why, section, at)
    target.answers = None
    for minutes in (0, 11, 30):
        Teller(tmp_path).tell(why, section, at + timedelta(minutes=minutes))
    for minutes in (40, 60):
        Teller(tmp_path).tell({}, section, at + timedelta(minutes=minutes), {"roos"})

    assert [one.data["faults"] for one in target.posts] == [why, why, {}]
    assert [one.data["well_again"] for one in target.posts] == [[], [], ["roos"]]
    assert "roos has stopped: rulez is not a known key" in target.posts[1].text


def test_a_target_that_does_not_answer_is_left_alone_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, at = Listening(answers="refused"), datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(broken, "alert_channels", lambda _: {"desk": (None, target)})
    teller = Teller(tmp_path)

    for minutes in (0, 1, 9, 11):
        teller.tell({"roos": "gone"}, AlertsSection(), at + timedelta(minutes=minutes))

    assert len(target.posts) == 2


def test_one_that_cannot_be_opened_stops_alone_and_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "roos").mkdir(mode=0o700)
    (tmp_path / "roos" / "log.db").write_bytes(b"this is no database" * 100)
    folder = tmp_path
    (folder / "operator.toml").write_text(OPERATOR)
    for number, name in enumerate((MINE, OTHER), start=1):
        (folder / f"{name}.toml").write_text(configuration(name, number))
    with open_tenants(folder) as serving:
        assert serving.house.enter(OTHER) is None
        assert "cannot be opened" in serving.house.troubles[OTHER]
        with serving.house.inside(MINE) as working:
            assert working.store.log.size() == 0


def test_what_the_environment_says_holds_for_no_tenant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))
    for name in ("TWEELUIK_KEY", "TWEELUIK_LOG__URL", "TWEELUIK_LOKET__CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
        assert name in Folder(tmp_path).read().broken["tulp"]
        monkeypatch.delenv(name)

    assert Folder(tmp_path).read().broken == {}


def test_what_is_the_operators_is_refused_in_a_tenants_file(tmp_path: Path) -> None:
    texts = {
        "a": configuration("a", 1, "[serve]\nport = 9000\n"),
        "b": configuration("b", 2, '[pages]\npublic_url = "http://127.0.0.1:8321/t/c"\n'),
        "c": configuration("c", 3, '[pages]\npublic_url = "http://127.0.0.1:8321"\n'),
        "d--e": configuration("d", 4),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text)
    broken = Folder(tmp_path).read().broken

    assert "[serve] is the operator's" in broken["a"]
    assert "a host of its own, or http://127.0.0.1:8321/t/b" in broken["b"]
    assert "the operator's own address" in broken["c"]
    assert "single dashes" in broken["d--e"]


def test_a_link_to_anothers_log_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))
    (tmp_path / "roos.toml").write_text(configuration("roos", 2))
    (tmp_path / "tulp").mkdir()
    (tmp_path / "roos").symlink_to(tmp_path / "tulp")

    assert Folder(tmp_path).read().broken.keys() == {"tulp", "roos"}


@pytest.mark.parametrize(
    ("mine", "theirs", "shared"),
    [
        ("postgresql://a:x@db/one", "postgresql://b:y@db:5432/one?sslmode=require", True),
        ("postgresql://a:x@localhost/one", "postgresql://a:x@127.0.0.1/one", True),
        ("postgresql://a:x@db/one", "postgresql://a:x@db/two", False),
        ("postgresql://a:x@db/one", "postgresql://a:x@db:5433/one", False),
        ("postgresql://a:x@db/one", "postgresql:///one?host=db", True),
        ("postgresql://a:x@db/one", "postgresql://a:x@DB./?dbname=one", True),
        ("postgresql://a:x@db/one", "postgresql://a:x@db/%6fne", True),
        ("postgresql://a:x@db/one", "postgresql://a:x@other:5433,db:5432/one", True),
        ("postgresql:///one?host=db", "postgresql:///one?host=other", False),
        ("postgresql://a:x@db/one", "postgresql:///?service=first", True),
        ("postgresql://a:x@db/two", "postgresql://a:x@/two?service=first", True),
        ("postgresql://a:x@db/one", "postgresql:///?service=nowhere", False),
        ("postgresql:///?service=nowhere", "postgresql:///?service=nowhere", True),
        ("postgresql://a:x@10.0.0.5/one", "postgresql://a:x@db/one?hostaddr=10.0.0.5", True),
        ("postgresql://a:x@localhost/one", "postgresql:///one?host=/var/run/postgresql", True),
        ("postgresql:///one?host=@tweeluik", "postgresql:///one?host=/var/run/postgresql", True),
    ],
)  # fmt: skip
def test_a_database_is_the_same_whoever_asks_for_it_and_however(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mine: str, theirs: str, *, shared: bool
) -> None:
    (tmp_path / "services").write_text("# of this machine\n[first]\nhost=db\nport=5432\ndbname=one\n")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    for number, (name, url) in enumerate((("tulp", mine), ("roos", theirs)), start=1):
        text = configuration(name, number).replace(f"sqlite:///{name}/log.db", url)
        (tmp_path / f"{name}.toml").write_text(text)
    found = Folder(tmp_path).read().broken

    assert bool(found) is shared
    assert "x@" not in str(found)
    assert "y@" not in str(found)


@pytest.mark.parametrize(
    "url",
    ["postgresql://[h", "postgresql://h1:5432,h2:5432/db", "postgresql://h1:99999/db", "sqlite:///x\\u0000/log.db",
     "postgresql://a:x@h/%zz"],
)  # fmt: skip
def test_a_strange_address_stops_at_most_its_own_tenant(tmp_path: Path, url: str) -> None:
    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))
    (tmp_path / "roos.toml").write_text(configuration("roos", 2).replace("sqlite:///roos/log.db", url))
    read = Folder(tmp_path).read()

    assert "tulp" in read.settings
    assert read.broken.keys() | read.settings.keys() == {"tulp", "roos"}
    assert "x@" not in str(read.broken)


@pytest.mark.parametrize(
    "line", [f"zz = {'9' * 5000}", f"zz = {'[' * 3000}{']' * 3000}", "zz = '\\ud800'", "legal_entity = [5]"]
)
def test_a_strange_value_stops_its_own_tenant_alone(tmp_path: Path, line: str) -> None:
    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))
    (tmp_path / "roos.toml").write_text(f"{line}\n{configuration('roos', 2)}")
    read = Folder(tmp_path).read()

    assert (set(read.settings), set(read.broken)) == ({"tulp"}, {"roos"})


def test_whatever_goes_wrong_with_the_folder_the_operator_still_hears_and_it_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = list[str]()
    with bureau(tmp_path, MINE) as house, capture_logs() as logged:

        def breaks(_: Folder) -> None:
            raise OSError("gone")

        monkeypatch.setattr(Folder, "state", breaks)
        keeper = Keeper(house.serving.house, BackgroundScheduler(timezone=UTC), lambda: heard.append("told"))
        keeper.follow()
        keeper.follow()

    assert len(heard) == 2
    assert len([one for one in logged if "cannot be followed" in one["event"]]) == 1


def test_a_look_that_fails_names_its_tenant_and_is_told_when_it_has_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failing, "FOR_LONG", 0.0)
    with bureau(tmp_path, MINE, OTHER) as house:
        keeper = Keeper(house.serving.house, BackgroundScheduler(timezone=UTC), lambda: None)
        monkeypatch.setattr(Scheduler, "look", raises(LogNotBelieved("the log did not verify")))
        with capture_logs([structlog.contextvars.merge_contextvars]) as logged:
            keeper._look(MINE)
            keeper._look(MINE)
        known = faults(house.serving.house)
        monkeypatch.undo()
        keeper._look(MINE)

        assert [(one["tenant"], one["cause"]) for one in logged] == [(MINE, "the log did not verify")]
        assert known == {MINE: "runs, but nothing that is due of it is begun: the log did not verify"}
        assert faults(house.serving.house) == {}


def test_a_look_that_breaks_ends_no_other_and_rests_like_one_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bureau(tmp_path, MINE) as house, capture_logs() as logged:
        keeper = Keeper(house.serving.house, BackgroundScheduler(timezone=UTC), lambda: None)
        monkeypatch.setattr(Scheduler, "look", raises(ValueError("Main St 1")))
        for _ in range(3):
            keeper._look(MINE)

        assert house.serving.house.failing.rests(MINE)
    assert [(one["event"], one["kind"]) for one in logged if "kind" in one] == [
        ("nothing could be scheduled", "ValueError")
    ]
    assert "Main St" not in str(logged)


def raises(reason: Exception) -> Callable[..., NoReturn]:
    def call(*_: object) -> NoReturn:
        raise reason

    return call


def test_a_folder_from_which_all_have_gone_at_once_ends_nobody(tmp_path: Path) -> None:
    """As from a disk that is not mounted, or that nobody may read any more."""
    with bureau(tmp_path, MINE, OTHER) as house:
        shown = {"Authorization": f"Bearer {house.key(MINE)}"}
        elsewhere = tmp_path.with_name("elsewhere")
        elsewhere.mkdir()
        files = [*tmp_path.glob("*.toml")]
        for file in files:
            file.rename(elsewhere / file.name)
        with pytest.raises(Misconfigured, match="of all tenants have gone"):
            house.serving.house.refresh()
        assert set(house.serving.house.names) == {MINE, OTHER}
        assert house.ask("GET", "/t/tulp/v1/rules", shown).status_code == 200
        for file in files:
            (elsewhere / file.name).rename(file)
        house.serving.house.refresh()
        assert set(house.serving.house.names) == {MINE, OTHER}


def test_whoever_puts_all_away_ends_all(tmp_path: Path) -> None:
    with bureau(tmp_path, MINE, OTHER) as house, capture_logs() as logged:
        for name in (MINE, OTHER):
            removed(Folder(tmp_path), name, Actor("Bram"))
        house.serving.house.refresh()

        assert house.serving.house.names == ()
        assert {one["tenant"] for one in logged if "file is gone" in one["event"]} == {MINE, OTHER}


def changed(folder: Path, name: str) -> None:
    text = (folder / f"{name}.toml").read_text()
    (folder / f"{name}.toml").write_text(text.replace("people_a_day = 25", "people_a_day = 3"))


def test_a_job_that_is_at_work_when_its_tenants_file_changes_can_record_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Room.close, "__defaults__", (0.1,))
    with bureau(tmp_path, MINE) as house:
        shown = {"Authorization": f"Bearer {house.key(MINE)}"}
        with house.serving.house.inside(MINE) as working:
            changed(tmp_path, MINE)
            house.serving.house.refresh()

            assert house.ask("GET", "/t/tulp/v1/rules", shown).status_code == 200
            assert house.web(MINE).settings.access.people_a_day == 3
            let_pass(0.3)  # longer than anybody who is being answered has
            Scribe(working.store.log).write(StreamId("person:3008"), gates(4712))
        assert len(house.web(MINE).store.log.stream(StreamId("person:3008"))) == 1


def test_so_can_a_job_of_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room.close, "__defaults__", (0.1,))
    went_on, is_open, said = threading.Event(), [True], []

    def do(*job: str) -> None:
        went_on.wait(PATIENCE)
        said.append((job, is_open[0]))

    @contextmanager
    def open_one(*_: object) -> Iterator[Any]:
        yield SimpleNamespace(work=SimpleNamespace(do=do))
        is_open[0] = False

    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))
    house = House(Folder(tmp_path), FairLanes(print), open_one, settles_after=0.0)
    house.refresh()
    working = threading.Thread(target=Here(house, FairLanes(print)).do, args=(MINE, "170", "sync"))
    working.start()
    room = house.room(MINE)
    assert room is not None
    until(lambda: room.doing > 0)
    changed(tmp_path, MINE)
    house.refresh()
    let_pass(0.3)  # longer than anybody who is being answered has
    went_on.set()
    working.join()
    house.close()

    assert (said, is_open) == ([(("170", "sync"), True)], [False])


def test_a_run_that_is_at_work_holds_up_no_change_of_any_tenant(tmp_path: Path) -> None:
    ended = threading.Event()
    with bureau(tmp_path, MINE, OTHER) as house:
        shown = {"Authorization": f"Bearer {house.key(MINE)}"}
        web = house.web(MINE)
        web.runs.append(threading.Thread(target=ended.wait, args=(30,)))
        web.runs[-1].start()
        changed(tmp_path, MINE)
        house.serving.house.refresh()
        changed(tmp_path, OTHER)
        house.serving.house.refresh()

        assert not ended.is_set()
        assert web.runs[-1].is_alive()
        assert web.store.log.size()
        assert house.ask("GET", "/t/tulp/v1/rules", shown).status_code == 200
        assert {house.web(name).settings.access.people_a_day for name in (MINE, OTHER)} == {3}
        ended.set()


def test_what_concerns_the_server_alone_opens_no_tenant_anew(tmp_path: Path) -> None:
    with bureau(tmp_path, MINE) as house:
        before = house.web(MINE)
        (tmp_path / "operator.toml").write_text(OPERATOR + "max_connections_per_address = 7\n")

        assert house.serving.house.refresh()
        assert house.web(MINE) is before


def test_who_meets_the_exchange_of_a_tenant_is_let_into_the_new_one(tmp_path: Path) -> None:
    with bureau(tmp_path, MINE) as house:
        rooms = house.serving.house
        old = rooms.room(MINE)
        assert old is not None
        changed(tmp_path, MINE)
        rooms.refresh()
        seen = iter((old, rooms.room(MINE)))
        until(lambda: old.leaving)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(rooms, "room", lambda _: next(seen))
            found = rooms.enter(MINE)

        assert found is not None
        assert found[0] is not old
        found[0].leave()


def test_a_tenant_runs_again_only_when_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, at = Listening(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(broken, "alert_channels", lambda _: {"desk": (None, target)})
    teller, why = Teller(tmp_path), {"roos": "it cannot be opened"}

    teller.tell(why, AlertsSection(), at)
    teller.tell({}, AlertsSection(), at)  # its file was changed, and nobody has tried it yet
    teller.tell(why, AlertsSection(), at)
    teller.tell({"tulp": "gone"}, AlertsSection(), at)
    teller.tell({}, AlertsSection(), at, {"roos", "tulp"})

    assert [one.data["faults"] for one in target.posts] == [why, {"tulp": "gone"}, {}]
    assert [sorted(one.data["well_again"]) for one in target.posts] == [[], [], ["roos", "tulp"]]


def test_what_cannot_be_written_down_is_told_once_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    target, at = Listening(), datetime(2026, 3, 2, 9, tzinfo=UTC)
    monkeypatch.setattr(broken, "alert_channels", lambda _: {"desk": (None, target)})
    monkeypatch.setattr(broken, "replace_file", read_only)
    (tmp_path / broken.TOLD).write_text('{"desk": ["roos"]}')
    teller = Teller(tmp_path)
    for minutes in range(30):
        with suppress(OSError):
            teller.tell({"roos": "gone"}, AlertsSection(), at + timedelta(minutes=minutes))

    assert len(target.posts) == 1


def test_a_tenant_whose_database_hangs_keeps_no_page_of_another_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging, tries = threading.Event(), list[str]()
    monkeypatch.setattr(dispatcher, "PATIENCE", 0.2)
    with bureau(tmp_path, MINE, OTHER) as house:
        opened = Room._open

        def hangs(room: Room, *more: Any) -> None:
            if room.name != OTHER:
                opened(room, *more)
                return
            tries.append(room.name)
            hanging.wait(PATIENCE)
            room.tried_at = float("inf")

        monkeypatch.setattr(Room, "_open", hangs)
        changed(tmp_path, OTHER)
        house.serving.house.refresh()

        async def all_at_once() -> tuple[list[int], int]:
            def get(name: str) -> Any:
                return house.client.get(f"http://{HOST}/t/{name}/sign-in")

            first = asyncio.create_task(get(OTHER))
            answers = await asyncio.gather(*(get(OTHER) for _ in range(45)))
            mine = await asyncio.wait_for(get(MINE), PATIENCE / 2)
            hanging.set()
            await first
            assert {one.headers.get("retry-after") for one in answers} == {"5"}
            return [one.status_code for one in answers], mine.status_code

        assert house.loop.run(all_at_once()) == ([503] * 45, 200)
        assert len(tries) == 1


def test_who_waited_for_a_tenant_that_could_not_be_opened_does_not_try_it_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = list[str]()

    def times_out(name: str, *_: object) -> Any:
        tries.append(name)
        let_pass(0.2)  # longer than until it may be tried again
        raise OSError("timed out")

    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))
    with open_tenants(tmp_path) as serving:
        monkeypatch.setattr("api.tenants.house.AGAIN_AFTER", 0.15)
        monkeypatch.setattr(serving.house, "_open", times_out)

        assert [serving.house.enter(MINE), serving.house.enter(MINE)] == [None, None]
    assert tries == [MINE]


def test_the_end_waits_for_no_look_that_plans_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping, looking = threading.Event(), threading.Event()
    shutdown = BackgroundScheduler.shutdown

    def stops(scheduler: BackgroundScheduler, **how: bool) -> None:
        stopping.set()
        shutdown(scheduler, **how)

    class OfOne:
        names = (MINE,)

        def refresh(self) -> bool:
            looking.set()
            stopping.wait(PATIENCE)
            let_pass(0.1)  # until the scheduler has taken its locks
            return True

    monkeypatch.setattr(BackgroundScheduler, "shutdown", stops)
    house: Any = OfOne()
    with keeping(house, lambda: None):
        looking.wait(PATIENCE)
    assert stopping.is_set()
