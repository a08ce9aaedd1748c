"""The states of pages: nothing yet, nothing by a filter, all well, late, not readable, not sound, no longer signed in.

They are asked as a browser asks, without one: what is looked at is in the words.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from adapters.access.sessions import IDLE
from adapters.log.offline_verifier import verified
from adapters.sqlite.key_store import SqliteKeyStore
from api.config.schedule import ScheduleSection
from api.languages import translations
from api.pages import today
from api.pages.asking import ENDING
from api.tasks.alert_wording import PAGES as LEADS
from domain.access import Role
from domain.errors import KeysOnDisk
from domain.events.alert import AlertKind
from domain.events.setup import LoketSignedIn, PolicyApplied
from domain.grounds.inputs import Everybody
from domain.log import Meta, Pending, StreamAppend
from domain.planning.decide import NO_WRITES, Plan
from domain.planning.eligibility import NOT_CONSIDERED
from domain.schedule import Job, Standing
from domain.settings import Policy
from domain.streams import CUSTODY, loket_stream, policy_stream
from domain.values import Actor, LegalEntityId
from domain.views.handover import Sheet, not_looked_at
from domain.views.matters import Section
from domain.views.runs import LastRuns, RunStatus
from domain.views.schedule import ScheduleRow
from tests.pages.company import Company, company
from tests.pages.test_every_page import PAGES

DAY = date(2026, 3, 18)
JAN, MO, OFFICERS = "/e/170/people/4712", "/e/170/people/4713", ("Petra", "Bram")
OURS = {"Sec-Fetch-Site": "same-origin"}
TAMPERED = 5
KEY = "a" * 32
CHANGED = "Settings and sign-ins that changed"
ACTS = {
    "/e/170/checks": {"idempotency_key": KEY},
    "/e/170/plans": {"idempotency_key": KEY},
    "/e/170/people/4713/values": {"idempotency_key": KEY, "reason": "call of Mo"},
    "/e/170/names": {"idempotency_key": KEY, "reason": "the list of Friday"},
    "/e/170/differences/checks": {"idempotency_key": KEY},
    "/e/170/reports": {"idempotency_key": KEY, "kind": "overwritten"},
}
"""What somebody does on a page."""

BANNER = (
    "The last verification of the log did not say that it is sound. Nothing is written to Loket until this is settled."
)


@dataclass
class Reader:
    """Somebody's browser, as far as it asks."""

    office: Company
    asks: httpx.Client

    def sign_in(self, role: Role = Role.PAYROLL_ADMIN) -> None:
        self.post("/sign-in", key=self.office.key(role), lang="en")

    def get(self, path: str) -> str:
        return self.asks.get(self.office.at(path), follow_redirects=True).text.replace("\N{NO-BREAK SPACE}", " ")

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.asks.post(path, data=fields, headers=OURS)


@pytest.fixture
def reader(office: Company) -> Iterator[Reader]:
    with httpx.Client(base_url=office.url, trust_env=False, headers={"Accept-Language": "en"}) as asks:
        one = Reader(office, asks)
        one.sign_in()
        yield one


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/e/171/tasks", "A first run or check says what there is to do."),
        ("/e/171/people", "A first run reads who there is."),
        ("/e/171/runs", "No run yet."),
        ("/e/171/leavers", "No employment has been seen to end in Loket yet."),
    ],
)
def test_where_nothing_ever_happened_the_page_says_what_would_put_something_there(
    reader: Reader, path: str, says: str
) -> None:
    shown = main_of(reader.get(path))

    assert (says in shown, "<tbody" in shown) == (True, False)


def test_before_a_first_run_today_says_that_nobody_has_looked_and_leads_to_the_plan(reader: Reader) -> None:
    shown = main_of(reader.get("/e/171"))

    assert "No run or check has looked at these people yet." in shown
    assert '<a href="/e/171/plan">1 first run to be made</a>' in shown
    assert "Nothing goes to Loket before a first run." in shown
    assert "say good" not in shown


@pytest.mark.parametrize(
    ("path", "says", "clears"),
    [
        ("/e/170/tasks?who=operator", "0 of 2 tasks.", "/e/170/tasks"),
        ("/e/170/people?outcome=unknown", "0 of 19 people.", "/e/170/people"),
        ("/e/170/runs/{run}?outcome=unknown", "0 of 19 people.", "/e/170/runs/{run}#people"),
    ],
)
def test_where_a_filter_leaves_nothing_a_link_clears_it(reader: Reader, path: str, says: str, clears: str) -> None:
    shown = main_of(reader.get(path))

    assert says in shown
    assert f'href="{reader.office.at(clears)}"' in shown


def test_the_decisions_of_a_run_are_made_again_where_somebody_asks(reader: Reader) -> None:
    before = main_of(reader.get("/e/170/runs/{run}"))
    after = main_of(reader.get("/e/170/runs/{run}?derive=true"))

    assert "Make every decision again from the log" in before
    assert "19 of 19 decisions were made again from the log and agree" in after


def test_a_decision_that_does_not_follow_is_shouted_on_the_page_of_its_run(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(grounds: Everybody, policy: Policy, *, today: date) -> Plan:
        first, *others = (plan := decided(grounds, policy, today=today)).decisions
        return replace(plan, decisions=(replace(first, left_out=NOT_CONSIDERED, writes=NO_WRITES), *others))

    decided = Everybody.decide
    monkeypatch.setattr(Everybody, "decide", otherwise)

    shown = main_of(reader.get("/e/170/runs/{run}?derive=true"))

    assert "One decision does not follow from the rules" in shown
    assert "18 of 19 decisions" in shown


def test_an_erasure_that_meets_a_backup_says_so_until_it_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with company(tmp_path) as one, httpx.Client(base_url=one.url, trust_env=False) as reads:
        one.world.clock.travel(date(2028, 6, 1))
        petra, bram = (one.api.key(Role.PRIVACY_OFFICER, None, holder=who, until=date(2040, 1, 1)) for who in OFFICERS)
        jan = {"person_id": str(one.world.people["Jan"].person), "reason": "Jan asked for it"}
        asked = one.api.post("/v1/erasures", jan, petra, {"Idempotency-Key": "erase-jan"}).json()
        agreed = f"/v1/erasures/{asked['erasure']}/confirmation"
        reads.post("/sign-in", data={"key": one.key(Role.PRIVACY_OFFICER), "lang": "en"}, headers=OURS)
        with monkeypatch.context() as backup:
            backup.setattr(SqliteKeyStore, "wipe", read_by_a_backup)
            first = one.api.post(agreed, {}, bram, {"Idempotency-Key": "agree-jan"}).json()
            meanwhile = reads.get("/erasures").text
        again = one.api.post(agreed, {}, bram, {"Idempotency-Key": "agree-once-more"}).json()
        after = reads.get("/erasures").text

    said = "complete once no backup or other program reads the key store"
    assert [one["state"] for one in (asked, first, again)] == ["requested", "confirmed", "completed"]
    assert (said in meanwhile, said in after) == (True, False)


def read_by_a_backup(_: object) -> None:
    raise KeysOnDisk("the key store is being read")


def test_whose_values_were_erased_is_told_with_the_day_and_what_kind(tmp_path: Path) -> None:
    """Two years after Jan left: his phones and e-mail are gone, what is fiscal is not; the proofs stand."""
    with company(tmp_path) as one, httpx.Client(base_url=one.url, trust_env=False) as asks:
        one.world.clock.travel(date(2028, 6, 1))
        petra, bram = (one.api.key(Role.PRIVACY_OFFICER, None, holder=who, until=date(2040, 1, 1)) for who in OFFICERS)
        jan = {"person_id": str(one.world.people["Jan"].person), "reason": "Jan asked for it"}
        asked = one.api.post("/v1/erasures", jan, petra, {"Idempotency-Key": "erase-jan"}).json()
        done = one.api.post(f"/v1/erasures/{asked['erasure']}/confirmation", {}, bram, {"Idempotency-Key": "agree-jan"})
        assert done.status_code == 200, done.text
        asks.post("/sign-in", data={"key": one.key(Role.PAYROLL_ADMIN), "lang": "nl"}, headers=OURS)
        masked = asks.get(JAN).text
        log, number = one.api.web.store.log, one.world.people["Jan"].number
        places = [place.position for place in log.stream(loket_stream(LegalEntityId("170"), number))]
        proven = [asks.get(f"/proof/{place}/certificate").text for place in places]
        events = [asks.get(f"/proof/{place}").text for place in places]
        listed = asks.get(f"/log?employee_number={number}").text
        told = [page for page in (listed, *events) if "(gewist)" in page]
        asks.post("/me/language", data={"language": "en", "next": "/me"}, headers=OURS)
        english, its_log = asks.get(JAN).text, asks.get(f"/log?employee_number={number}").text
        asks.post("/me/language", data={"language": "nl", "next": "/me"}, headers=OURS)
        fields = {"reason": "what is left of Jan", "idempotency_key": "a" * 32}
        shown = asks.post(f"{JAN}/values", data=fields, headers=OURS, follow_redirects=True).text

    key = str(log.verifier)
    assert places
    assert all("NOT" not in line for each in proven for line in verified(each, key))
    assert (told[0] == listed, len(told) > 1, "(erased)" in its_log) == (True, True, True)
    assert not any("030 555 0199" in page for page in (*events, *proven, listed))
    assert "Values were erased on 1\xa0June\xa02028: contact data" in english
    assert ('<span class="quiet">erased</span>' in english, "(erased)" in english) == (True, True)
    for page in (masked, shown):
        assert "Op 1\xa0juni\xa02028 zijn waarden gewist: contactgegevens" in page
        assert '<span class="quiet">gewist</span>' in page
        assert "(gewist)" in page
        assert "030 555 0199" not in page
    assert ("100000101" in masked, "100000101" in shown) == (False, True)


@pytest.mark.acts
def test_a_showing_is_nobody_elses_and_no_browser_keeps_it(reader: Reader) -> None:
    reader.post(f"{MO}/values", idempotency_key=uuid4().hex, reason="call of Mo")
    shown = reader.asks.get(MO)
    assert ("Dorpsstraat" in shown.text, shown.headers["cache-control"], shown.headers.get("etag")) == (
        True,
        "no-store",
        None,
    )
    given = reader.asks.cookies.get("tweeluik-shown", path=MO)
    assert given

    for role in (Role.PAYROLL_ADMIN, Role.AUDITOR):
        reader.asks.cookies.clear()
        reader.sign_in(role)
        reader.asks.cookies.set("tweeluik-shown", given)
        assert "Dorpsstraat" not in reader.get(MO)


def test_where_all_is_well_one_sentence_says_since_when(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    views, entity = reader.office.api.web.store.views, LegalEntityId("170")
    calm = views.runs.runs(entity, limit=3)[-1]
    assert calm.status is RunStatus.COMPLETED
    look = views.tasks.last_look(entity)
    unseen = not_looked_at(LastRuns(calm, calm, calm, None, calm, (calm,)), look, None)
    quiet = Sheet(entity, DAY, LastRuns(calm, calm, calm, None, calm, (calm,)), look, calm.started_at, (), unseen)
    compared = replace(quiet, unseen=dict.fromkeys(Section, ()))
    shown = []
    for sheet in (compared, quiet):
        monkeypatch.setattr(today, "sheet_of", lambda _asking, _entity, told=sheet: (told, 1))
        shown.append(main_of(reader.get("/e/170")))

    assert re.search(r'class="say good">Nothing to do\.\s+As the \w+ of 18 March 2026 \d\d:\d\d saw it', shown[0])
    assert ("say good" in shown[1], "not everything was looked at" in shown[1]) == (False, True)


def test_a_late_job_is_the_first_page_s_to_tell(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    web = reader.office.api.web
    schedule = ScheduleSection(verify="0 5 * * *")
    monkeypatch.setattr(web, "settings", web.settings.model_copy(update={"schedule": schedule}))
    standing = Standing(timetable="0 5 * * *", since=web.store.clock.now() - timedelta(days=2), done=date(2026, 3, 16))
    rows = {(LegalEntityId(""), Job.VERIFY): ScheduleRow(standing, None, None, "", "")}
    monkeypatch.setattr(web.store.views.schedule, "jobs", lambda: rows, raising=False)
    reader.office.world.clock.travel(DAY, time(12))
    reader.sign_in()

    assert "1 verification of the log is late" in reader.get("/e/170")


@pytest.fixture(scope="module")
def tampered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One byte of an event was changed, past every adapter; then somebody had the log verified on its page."""
    with company(tmp_path_factory.mktemp("tampered")) as one, httpx.Client(base_url=one.url, trust_env=False) as asks:
        asks.post("/sign-in", data={"key": one.key(Role.PAYROLL_ADMIN)}, headers=OURS)
        for role in Role:
            one.key(role)  # a log that is not believed takes no new one
        asks.get("/e/170")
        with closing(sqlite3.connect(Path(str(one.api.web.settings.log.url).removeprefix("sqlite:///")))) as db:
            (state,) = db.execute("SELECT state FROM stored_events WHERE rowid = ?", (TAMPERED + 1,)).fetchone()
            db.execute("DROP TRIGGER stored_events_no_update")
            changed = bytes([*state[:-3], state[-3] ^ 1, *state[-2:]])
            db.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (changed, TAMPERED + 1))
            db.commit()
        asks.post("/proof/verifications", data={"idempotency_key": "b" * 32}, headers=OURS)
        for thread in list(one.api.web.runs):
            thread.join()
        yield one


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_byte_that_was_changed_is_said_on_every_page_and_nobody_acts(tampered: Company, language: str) -> None:
    with httpx.Client(base_url=tampered.url, trust_env=False, headers={"Accept-Language": language}) as asks:
        reader = Reader(tampered, asks)
        reader.post("/sign-in", key=tampered.key(Role.PAYROLL_ADMIN), lang=language)
        say = translations(language).gettext
        wrong = []
        for path in (reader.office.at(row) for row in PAGES):
            page = reader.get(path)
            if 'class="banner stop" role="alert"' not in page or say(BANNER) not in page:
                wrong.append(f"{path} does not say so")
            acts = re.findall(r'<form method="post" action="([^"]*)"', main_of(page))
            wrong += [f"{path} offers {one}" for one in acts if not one.startswith(("/me/", "/proof/verifications"))]
            if 'href="/proof"' not in page.partition('class="banner stop"')[2].partition("</div>")[0]:
                wrong.append(f"{path} does not lead to the proof")
        sound, banner = main_of(reader.get("/proof")), reader.get("/e/170").partition('class="banner stop"')[2]
        refused = {path: reader.post(path, **form) for path, form in ACTS.items()}
        hidden = reader.post("/e/170/people/4713/values/hidden")

    assert wrong == []
    assert f"#{TAMPERED}" in sound
    place = say("the log did not verify: {code} at event {number}, found by {who} at {at}").partition(", ")[0]
    assert place.format(code="TAMPERED", number=TAMPERED) in banner
    said = say("The log is not believed")
    assert {path: (one.status_code, said in one.text) for path, one in refused.items()} == dict.fromkeys(
        ACTS, (503, True)
    )
    assert hidden.status_code == 303, "what is shown may always be hidden"


@pytest.mark.parametrize(
    ("filter", "who", "not_who"),
    [
        ("", "Sanne", ""),
        ("?link=concept", "Olga", "Sanne"),
        ("?outcome=left_out", "Jan", "Sanne"),
        ("?outcome=left_out&reason=END-2", "Jan", "Olga"),
        ("?outcome=left_out&reason=WHO-3", "", "Jan"),
        ("?outcome=blocked&new=true", "Sanne", "Jan"),
        ("?link=none", "", "Olga"),
    ],
)
def test_people_are_found_by_what_became_of_them_on_the_page_in_its_file_and_over_http(
    reader: Reader, filter: str, who: str, not_who: str
) -> None:
    people = reader.office.world.people
    key = {"Authorization": f"Bearer {reader.office.key(Role.PAYROLL_ADMIN)}"}
    listed = httpx.get(f"{reader.office.url}/v1/legal-entities/170/employees{filter}", headers=key, trust_env=False)
    found = [one["employee_number"] for one in listed.json()["items"]]

    page = reader.get(f"/e/170/people{filter}")
    file = reader.asks.get(f"/e/170/people.json{filter}").json()["items"]

    assert found == sorted(found)
    assert [int(one) for one in re.findall(r'<th scope="row"[^>]*><a href="/e/170/people/([0-9]+)"', page)] == found
    assert [one["employee_number"] for one in file] == found
    assert all(one["since"] for one in listed.json()["items"] if one["outcome"])
    marked = 'aria-current="true"' in page.partition('class="facets"')[2].partition("</nav>")[0]
    assert marked == ("WHO-3" not in filter), "what is shown only is marked"
    assert not who or people[who].number in found
    assert not not_who or people[not_who].number not in found


def test_the_first_page_and_the_alert_lead_to_the_concept_employees_alone(reader: Reader) -> None:
    where = LEADS[AlertKind.CONCEPT_WAITING][1]

    assert f'href="/e/170/{where}"' in reader.get("/e/170")
    assert str(reader.office.world.people["Sanne"].number) not in main_of(reader.get(f"/e/170/{where}"))


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("role", "paths", "proof"),
    [
        (Role.PRIVACY_OFFICER, ("/access", "/erasures", "/e/170/people/4713"), True),
        (Role.HR, ("/e/170", "/e/170/tasks", "/e/170/people/4715"), False),
        (Role.OPERATOR, ("/", "/e/170/plan", "/operation"), True),
    ],
)
def test_a_byte_that_was_changed_is_said_to_every_role(
    tampered: Company, language: str, role: Role, paths: tuple[str, ...], proof: bool
) -> None:
    with httpx.Client(base_url=tampered.url, trust_env=False) as asks:
        asks.post("/sign-in", data={"key": tampered.key(role), "lang": language}, headers=OURS)
        pages = {path: asks.get(path).text for path in paths}

    said = translations(language).gettext(BANNER)
    banners = {path: page.partition(said)[2][:600] for path, page in pages.items() if said in page}
    acts = {path: re.findall(r'<form method="post" action="([^"]*)"', main_of(page)) for path, page in pages.items()}
    assert {path: 'href="/proof"' in banner for path, banner in banners.items()} == dict.fromkeys(paths, proof)
    assert {path: found for path, found in acts.items() if found} == {}


@pytest.mark.parametrize(
    ("role", "path", "says"),
    [
        (Role.OPERATOR, "/e/170/people", "You are signed in as operator."),
        (Role.AUDITOR, "/e/170/names", "You are signed in as auditor."),
        (Role.PRIVACY_OFFICER, "/e/170/runs", "You are signed in as privacy officer."),
    ],
)
def test_whoever_may_not_is_told_as_whom_they_ask(reader: Reader, role: Role, path: str, says: str) -> None:
    reader.post("/sign-out")
    reader.sign_in(role)

    page = reader.get(path)

    assert ("Your role does not permit this" in page, says in page) == (True, True)


def test_a_session_says_that_it_ends_before_it_does(reader: Reader) -> None:
    clock = reader.office.world.clock
    clock.travel(DAY, time(9))
    reader.sign_in()
    for _ in range(int((timedelta(hours=8) - ENDING) / (IDLE / 2))):
        assert "Your session ends" not in reader.get("/e/170/people/4713")
        clock.sleep((IDLE / 2) / timedelta(seconds=1))
    clock.sleep(ENDING / timedelta(seconds=1) - 60)

    page = reader.get("/e/170/people/4713")

    assert "Your session ends at 17:00." in page
    assert 'href="/sign-in?again=1&amp;next=/e/170/people/4713"' in page
    assert reader.asks.get("/sign-in?again=1").status_code == 200


def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in(reader: Reader) -> None:
    reader.office.world.clock.sleep(IDLE / timedelta(seconds=1))
    sent = reader.post(
        "/e/170/people/4713/values", idempotency_key="a" * 32, reason='call of "Mo"', next="/e/170/people/4713"
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/kept")
    assert "call" not in sent.headers["location"]

    signed = reader.post("/sign-in", key=reader.office.key(Role.PAYROLL_ADMIN), lang="en", next="/kept")
    page = reader.get(signed.headers["location"])

    assert "Nothing was done. What you typed is still here." in page
    assert 'value="call of &#34;Mo&#34;"' in page
    assert '<form method="post" action="/e/170/people/4713/values"' in page
    assert "a" * 32 not in page

    reader.post("/sign-out")
    reader.sign_in()
    assert "What you typed" not in reader.get("/kept")


@pytest.mark.parametrize(
    ("path", "typed"), [("/e/170/plans", {"only": "4711, 4712"}), ("/e/170/plans/{plan}/confirmed", {"people": "31"})]
)
def test_numbers_that_were_typed_come_back_too(reader: Reader, path: str, typed: dict[str, str]) -> None:
    path = reader.office.at(path)
    reader.office.world.clock.sleep(IDLE / timedelta(seconds=1))
    reader.post(path, idempotency_key="a" * 32, **typed)
    reader.sign_in()

    page = reader.get("/kept")

    assert all(f'name="{name}" value="{said}"' in page for name, said in typed.items())
    assert f'href="{path.rpartition("/")[0]}"' in page, "the page that the form was on is looked at first"


@pytest.mark.parametrize(
    ("path", "page"),
    [("/e/170/checks", "/e/170"), ("/e/170/differences/checks", "/e/170/differences"), ("/e/170/plans", "/e/170")],
)
def test_a_form_with_nothing_typed_leads_back_to_its_page(reader: Reader, path: str, page: str) -> None:
    reader.office.world.clock.sleep(IDLE / timedelta(seconds=1))

    sent = reader.post(path, idempotency_key="a" * 32)

    assert sent.headers["location"] == f"/sign-in?next={page}"


def test_a_long_history_is_paged_to_its_first_event(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(page: str) -> list[int]:
        return [int(one) for one in re.findall(r' id="e([0-9]+)"', page)]

    whole = told(reader.get("/e/170/people/4713"))
    monkeypatch.setattr("api.pages.people._EVENTS", 4)
    path, paged, said = "/e/170/people/4713?as_at=2026-03-18", [], set()
    for _ in whole:
        page = reader.get(path)
        paged += told(page)
        said.add(page.partition('<p class="say')[2].partition("</p>")[0])
        onward = re.search(r'rel="next" href="([^"]*)#happened"', page)
        if onward is None:
            break
        path = onward[1].replace("&amp;", "&")

    assert (sorted(paged), len(paged) // 4 > 1) == (sorted(whole), True)
    assert len(said) == 1, "how it is with the person is no older on an older page"
    assert "later events are not on this page" in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("as_at=0001-01-01", 200),
        ("as_at=9999-12-31&on=9999-12-31", 200),
        ("as_at=&on=", 200),
        ("as_at=15-03-2026&on=+15-3-2026+", 200),
        ("as_at=tomorrow", 422),
        ("as_at=31-02-2026", 422),
    ],
)
def test_any_day_may_be_asked_for(reader: Reader, asked: str, status: int) -> None:
    answer = reader.asks.get(f"/e/170/people/4713?{asked}")

    assert (answer.status_code, "This is not a date" in answer.text) == (status, status == 422)


@pytest.mark.parametrize(("language", "order"), [("nl", "15-03-2026"), ("en", "2026-03-15")])
def test_a_day_stands_in_its_field_in_the_reader_s_own_order(reader: Reader, language: str, order: str) -> None:
    reader.post("/me/language", language=language, next="/me")

    field = re.search(r'<input id="on"[^>]*>', reader.get("/e/170/people/4713?on=2026-03-15"))

    assert field is not None
    assert f'value="{order}"' in field[0]


@pytest.mark.parametrize("cookie", ["", "x", "eyJ.y", "bm8=.0"])
def test_a_kept_form_that_we_did_not_write_is_nothing(reader: Reader, cookie: str) -> None:
    reader.asks.cookies.set("tweeluik-kept", cookie, path="/kept")

    assert reader.asks.get("/kept").headers["location"] == "/"


@pytest.mark.acts
def test_the_runs_tell_where_they_were_judged_by_other_settings(reader: Reader) -> None:
    assert CHANGED not in reader.get("/e/170/runs"), "the first ones on record are no change"
    stream, known = policy_stream(LegalEntityId("170")), reader.office.api.web.store.log
    (first,) = known.stream(stream)
    settings = json.loads(first.fact.policy)  # type: ignore[attr-defined]
    settings["rules"]["mandatory"] = ["<b>bsn</b>"]
    other = PolicyApplied(legal_entity="170", digest="9" * 64, policy=json.dumps(settings), product="9.9")
    append = StreamAppend(stream, first.version + 1, [Pending(other)])
    meta = Meta(recorded_at=reader.office.world.clock.now(), actor=Actor("Bram"), correlation="run-9")

    known.append([append], meta=meta)
    page = main_of(reader.get("/e/170/runs"))

    assert CHANGED in page
    assert "rules.mandatory" in page
    assert "&lt;b&gt;bsn&lt;/b&gt;" in page
    assert "Bram" in page


@pytest.mark.acts
def test_the_runs_tell_who_signed_in_to_loket_between_them(reader: Reader) -> None:
    log = reader.office.api.web.store.log
    signed_in = Pending(LoketSignedIn(client_id="tweeluik", rule="RUN-9"))
    meta = Meta(recorded_at=reader.office.world.clock.now(), actor=Actor("Noor"), correlation="login")
    log.append([StreamAppend(CUSTODY, len(log.stream(CUSTODY)), [signed_in])], meta=meta)

    page = main_of(reader.get("/e/170/runs"))
    bearer = {"Authorization": f"Bearer {reader.office.key(Role.PAYROLL_ADMIN)}"}
    told = httpx.get(f"{reader.office.url}/v1/legal-entities/170/settings", headers=bearer, trust_env=False).json()

    assert CHANGED in page
    assert re.search(r"Signed in to Loket.*Noor", page, re.DOTALL)
    assert [one["actor"] for one in told["sign_ins"]] == ["Noor"]
