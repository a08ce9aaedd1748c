"""What an alert says to a reader: in their language, with the page below each sentence where one acts on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from api.pages.site import pages_app
from api.tasks.alert_wording import PAGES, page_of, say_in
from domain.alerts import EVERYTHING, AlertTarget
from domain.events.alert import AlertKind, AlertRaised, Condition, Happened
from domain.services.alerts.deliver import Wording, post

ORIGIN = "https://tulp.example"
AT = datetime(2026, 3, 15, 9, tzinfo=UTC)
DESK = AlertTarget("desk", language="nl")


def is_run(about: str) -> bool:
    return about.startswith("run-")


def raised(*kinds: AlertKind, about: str = "run-1", entity: str = "170", key: str = "3007") -> AlertRaised:
    """Of one condition a kind, whose key names a person."""
    opened = tuple(Condition(kind, key, "address.street") for kind in kinds)
    return AlertRaised(alert="170-systems-3", legal_entity=entity, about=about, opened=opened)


def with_pages() -> Wording:
    return Wording(page=lambda alert, kind: page_of(ORIGIN, alert, kind, is_run), say=say_in)


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_leads_to_a_page_that_exists(kind: AlertKind) -> None:
    paths = [route.path_regex for route in pages_app(cast(Any, None), cast(Any, None)).state.routes]

    for about in ("run-1", "check-1"):
        page = page_of(ORIGIN, raised(kind, about=about), kind, is_run)
        path = page.url.removeprefix(ORIGIN).partition("?")[0]
        assert any(one.fullmatch(path) for one in paths), page


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_is_told_in_dutch(kind: AlertKind) -> None:
    one, two = (Condition(kind, key) for key in "ab")
    how: dict[str, Any] = {"opened": (one,), "recovered": (one, two)}
    if kind in (AlertKind.OVERWRITTEN, AlertKind.CLEARED, AlertKind.REPORT_MADE):
        how = {"happened": (Happened(kind, 1), Happened(kind, 2))}
    alert = AlertRaised(alert="a", legal_entity="", about="", **how)

    dutch, english = (post(alert, AT, AlertTarget("t", language=one), "Tulp", with_pages()) for one in ("nl", "en"))

    pairs = list(zip(dutch.data["lines"], english.data["lines"], strict=True))
    assert [pair for pair in pairs if pair[0] == pair[1]] == []
    assert dutch.title.startswith("Tweeluik, deze installatie: ")


def test_a_sentence_has_below_it_where_one_acts_and_what_is_over_leads_nowhere() -> None:
    alert = AlertRaised(
        alert="170-systems-3", legal_entity="170", about="run-1",
        opened=(Condition(AlertKind.CONCEPT_WAITING, "3007"), Condition(AlertKind.TERMINATION_DISAGREEMENT, "3008")),
        recovered=(Condition(AlertKind.DRIFT, "drift:170:4711:address.street", "address.street"),),
        happened=(Happened(AlertKind.OVERWRITTEN, 2), Happened(AlertKind.CLEARED, 1)),
    )  # fmt: skip

    assert post(alert, AT, DESK, "Tulp", with_pages()).text == (
        "voorbij: afwijkende waarden die weer gelijk zijn (1): Straat\n"
        "\n"
        "1 conceptmedewerker wacht op afronding in Loket\n"
        "Medewerkers: https://tulp.example/e/170/people?link=concept\n"
        "\n"
        "de systemen verschillen over het einde van 1 dienstverband\n"
        "Uit dienst: https://tulp.example/e/170/leavers\n"
        "\n"
        "2 waarden in Loket zijn overschreven\n"
        "1 waarde in Loket is leeggemaakt\n"
        "De synchronisatie: https://tulp.example/e/170/runs/run-1\n"
        "\n"
        "Melding 170-systems-3"
    )


@pytest.mark.parametrize(
    ("key", "about", "path"),
    [
        ("3007/POSTCODE_FORMAT address.postalCode", "run-1", "/e/170/tasks"),
        ("run/BRAKE", "run-1", "/e/170/runs/run-1"),
        ("run/LOKET_UNREADABLE", "check-1", "/e/170/runs"),
    ],
)
def test_what_holds_a_run_leads_to_the_tasks_or_to_the_run_itself(key: str, about: str, path: str) -> None:
    kind = AlertKind.RUN_BLOCKED

    assert page_of(ORIGIN, raised(kind, about=about, key=key), kind, is_run).url == f"{ORIGIN}{path}"


def test_no_address_holds_anything_of_a_person() -> None:
    alert = raised(*AlertKind, key="3007/4711")

    said = post(alert, AT, DESK, "Tulp", with_pages())

    assert [one for one in ("3007", "4711") if one in said.text + repr(said.data)] == []


def test_a_machine_gets_the_page_of_each_kind() -> None:
    data = post(raised(AlertKind.TASK_OPEN_LONG), AT, EVERYTHING, "Tulp", with_pages()).data

    assert data["kinds"]["task_open_long"]["page"] == "https://tulp.example/e/170/tasks"


def test_an_alert_of_the_installation_leads_to_the_first_page() -> None:
    assert {page_of(ORIGIN, raised(kind, entity=""), kind, is_run).url for kind in PAGES} == {f"{ORIGIN}/"}
