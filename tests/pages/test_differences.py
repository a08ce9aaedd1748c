"""Differences between the systems in a browser: what the next run overwrites, and what somebody decides about it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, time

import pytest

from domain.access import Role
from domain.attributes import Role as Attribute
from domain.errors import ReadFailed
from domain.values import FieldPath
from tests.pages.company import Company, company, order, run
from tests.pages.conftest import CROSSED, NARROW, SCRIPT_OR_NOT, Visit
from tests.support.world import TULP

STREET, CITY, POSTAL = (FieldPath(f"address.{part}") for part in ("street", "city", "postalCode"))
DIFFERENCES = "/e/170/differences"
pytestmark = pytest.mark.acts
TYPED = {STREET: "Achterom", CITY: "Weesp"}


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Two people in both systems; Sanne's street and city are typed over in Loket, Mo moved in Personio."""
    with company(tmp_path_factory.mktemp("differences"), played=False, allow_accepted_drift=True) as one:
        for name in ("Sanne", "Mo"):
            one.world.employ(name)
        run(one, date(2026, 3, 15))
        yield one


def number(office: Company) -> int:
    return office.world.people["Sanne"].number


def held(office: Company) -> dict[FieldPath, object]:
    return {field: office.world.payroll.field(TULP, number(office), field) for field in TYPED}


def typed_over(office: Company, day: date) -> None:
    """Somebody types in Loket, Mo moves in Personio, and a check looks."""
    for field, text in TYPED.items():
        office.world.payroll.set_field(TULP, number(office), field, text)
    office.world.edit("Mo", Attribute("street"), "Kade")
    order(office, "drift-checks", day, time(6, 30))


def decide(visit: Visit, word: str, reason: str = "verhuist twee keer", **filled: str) -> None:
    visit.press(f"main >> text={word} >> nth=0")
    visit.page.fill("#reason", reason)
    for name, text in filled.items():
        visit.page.fill(f"#{name}", text)
    visit.press("main form button")


WORDS = {
    "nl": ("2 waarden in Loket zijn anders dan in Personio", "Laten staan tot …", "Laatste dag", "Verlengen"),
    "en": ("2 values in Loket are not Personio's", "Leave as it is until …", "Last day", "Extend"),
}


@SCRIPT_OR_NOT
def test_the_next_run_obeys_what_was_decided_and_the_end_of_it(visit: Visit, office: Company) -> None:
    first = date(2026, 3, 16)
    typed_over(office, first)
    sentence, leave, last_day, longer = WORDS[visit.language]
    visit.sign_in()
    visit.go("/e/170/differences")
    assert sentence in visit.text
    wrong = visit.wrong()

    decide(visit, leave, until=first.replace(day=20).isoformat())
    assert visit.page.locator("#left + table tbody tr").count() == 1
    assert last_day in visit.page.inner_html("#left + table")
    wrong += visit.wrong()
    run(office, first.replace(day=17))
    assert held(office) == {STREET: "Main St", CITY: "Weesp"}

    visit.sign_in()  # a session ends within the day
    visit.go("/e/170/differences")
    decide(visit, longer, reason="", until=first.replace(day=24).isoformat())
    run(office, first.replace(day=24))
    assert held(office)[CITY] == "Weesp"

    run(office, first.replace(day=25))
    assert held(office)[CITY] == "Utrecht"
    visit.sign_in()
    visit.go("/e/170/differences")
    assert visit.page.locator("main table").count() == 0
    assert wrong == []


@CROSSED
def test_what_was_seen_is_overwritten_and_whoever_is_held_out_is_left_alone(visit: Visit, office: Company) -> None:
    first = date(2026, 9, 7)
    typed_over(office, first)
    visit.sign_in()
    visit.go(f"/e/170/people/{number(office)}")
    visit.press(f"text={visit.say('Hold out of the next run')}")
    visit.page.fill("#reason", "salarisrun wordt gesloten")
    visit.press("main form button")
    assert str(number(office)) in visit.page.inner_text("#held-out + table")
    assert visit.say("Held out of the next run") in visit.text
    wrong = visit.wrong()
    run(office, first.replace(day=8))
    assert held(office) == TYPED

    visit.sign_in()
    visit.go("/e/170/differences")
    assert visit.page.locator("#held-out").count() == 0
    decide(visit, visit.say("Seen: may be overwritten"))
    assert visit.page.locator("#standing ~ table >> nth=0 >> .stamp.good").count() == 1
    assert visit.say("seen: may be overwritten") in visit.page.inner_text("#standing ~ table >> nth=0 >> .stamp.good")
    wrong += visit.wrong()
    run(office, first.replace(day=9))
    assert (held(office), wrong) == ({STREET: "Main St", CITY: "Utrecht"}, [])


def test_both_values_can_be_seen_where_one_decides_once_a_reason_is_on_record(visit: Visit, office: Company) -> None:
    typed_over(office, date(2026, 9, 14))
    visit.sign_in()
    visit.go(DIFFERENCES)
    told = visit.page.inner_text("main dl")
    assert "zet de waarde van Personio in Loket" in told
    assert "HR enters Loket's value in Personio." in office.in_english(DIFFERENCES)
    visit.press("text=Gezien: mag overschreven worden >> nth=0")
    values = {TYPED[STREET], "Main St"}
    assert not [one for one in values if one in visit.page.content()]
    before = visit.page.url

    visit.page.fill("#why", "beslissen over haar adres")
    visit.press("#values button")

    assert visit.page.url == before
    assert [one for one in values if one not in visit.page.inner_text("fieldset")] == []
    assert "beslissen over haar adres" in visit.page.inner_text(".banner.wait")
    answer = visit.page.reload()
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    assert (visit.violations(), visit.sideways(NARROW)) == ([], 0)
    visit.press("text=Waarden verbergen")
    assert not [one for one in values if one in visit.page.content()]


@CROSSED
def test_what_is_right_in_loket_waits_to_be_entered_until_personio_shows_it(visit: Visit, office: Company) -> None:
    first = date(2026, 5, 4)
    typed_over(office, first)
    visit.sign_in()
    visit.go("/e/170/differences")
    visit.press(f"main a >> text={visit.say('Loket is right')} >> nth=0")
    for box in visit.page.locator("fieldset input").all():
        box.check()
    visit.page.fill("#reason", "haar nieuwe adres")
    wrong = visit.wrong()
    visit.press("main form button")
    assert visit.page.locator("#to-enter + table tbody tr").count() == 2
    assert (
        visit.say("Somebody said that Loket is right: HR enters it in Personio, and a check sees that it is done")
        in visit.text
    )
    wrong += visit.wrong()

    office.world.edit("Sanne", Attribute("street"), TYPED[STREET])
    order(office, "drift-checks", first.replace(day=5))
    visit.sign_in()
    visit.go("/e/170/differences")
    (left,) = visit.page.locator("#to-enter + table tbody tr").all_inner_texts()
    assert ("Plaats" if visit.dutch else "City") in left

    visit.press(f"#to-enter + table >> text={visit.say('Take back')}")
    visit.page.fill("#reason", "toch niet")
    visit.press("main form button")
    assert visit.page.locator("#to-enter + table").count() == 0
    assert wrong == []


def test_a_decision_without_a_reason_or_for_a_day_that_has_passed_is_asked_again(visit: Visit, office: Company) -> None:
    typed_over(office, date(2026, 6, 2))
    visit.sign_in()
    visit.go("/e/170/differences")
    size = office.api.web.store.log.size()

    decide(visit, "Laten staan tot …", reason=" ", until="2026-06-20")
    assert "Er is niets besloten: geef een reden." in visit.page.inner_text("[role=alert]")
    assert visit.page.input_value("#until") == "20-06-2026"
    visit.page.evaluate("document.querySelector('#until').removeAttribute('min')")
    visit.page.fill("#reason", "te laat")
    visit.page.fill("#until", "01-06-2026")
    visit.press("main form button")

    assert "kies een laatste dag" in visit.page.inner_text("[role=alert]")
    assert visit.violations() == []
    assert not [one for one in office.api.web.store.log.page(size - 1, 50) if one.stream.startswith("drift:")]


@CROSSED
def test_what_loket_did_not_answer_is_told_with_its_age_and_what_was_known_stays(
    visit: Visit, office: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = date(2026, 7, 1)
    typed_over(office, first)
    monkeypatch.setattr(type(office.world.payroll), "read", unreadable)
    office.world.clock.travel(first, time(9))
    visit.sign_in()
    visit.go("/e/170/differences")

    visit.press("form.act button")
    visit.settle()
    visit.page.reload()  # this page follows nothing: whoever came too early looks again
    unread = "Personio or Loket could not be read. Nothing was concluded: the differences are as they were."
    assert visit.say(unread) in visit.page.inner_text("[role=alert]")
    wrong = visit.wrong()
    visit.press("main a.button")

    said, day = visit.page.inner_text("[role=alert]"), "1\xa0juli\xa02026" if visit.dutch else "1\xa0July\xa02026"
    failed = f"{day} 09:00 " + ("kon niet beide systemen lezen" if visit.dutch else "could not read both systems")
    assert (failed in said, f"{day} 06:30" in said) == (True, True)
    assert visit.page.locator("#standing ~ table >> nth=0 >> tbody tr").count() == 2
    assert [*wrong, *visit.wrong()] == []


def unreadable(*_: object, **__: object) -> None:
    raise ReadFailed("Loket does not answer")


def test_hr_sees_the_same_list_as_a_file_and_decides_nothing(visit: Visit, office: Company) -> None:
    typed_over(office, date(2026, 12, 21))
    visit.sign_in(Role.HR)
    visit.go("/e/170/differences")
    assert visit.page.locator("main a >> text=Gezien").count() == 0
    assert visit.go(f"/e/170/differences/{number(office)}/keep?field={STREET}") == 403

    visit.go("/e/170/differences")
    with visit.page.expect_download() as download:
        visit.page.click("text=CSV")
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["section"], row["employee_number"], row["field"], row["loket"]) for row in rows] == [
        ("next_run_overwrites", str(number(office)), CITY, "•••"),
        ("next_run_overwrites", str(number(office)), STREET, "•••"),
        ("waits_in_personio", str(office.world.people["Mo"].number), STREET, ""),
    ]
    with visit.page.expect_download() as download:
        visit.page.click("text=JSON")
    told = json.loads(download.value.path().read_text())
    assert [one["field"] for one in told["items"]] == [row["field"] for row in rows]
