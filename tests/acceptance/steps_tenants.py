"""Steps of many customers in one server: real configurations and logs, and made-up hours of work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pytest_bdd import given, parsers, then, when

from api.config.tenants import Folder
from api.tasks.tenants import removed
from api.tenants.server import faults
from domain.fairness import Had
from domain.schedule import Job
from domain.values import Actor
from tests.support.bureau import Bureau, bureau, configuration, told
from tests.support.shop import Shop

EVENTS = "/v1/events"


@dataclass
class Asked:
    """What somebody asked a customer, and with what."""

    house: Bureau
    name: str
    shown: dict[str, str]
    answer: httpx.Response


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Bureau]:
    with bureau(tmp_path / "customers", "tulp", "roos", "lelie") as one:
        yield one


@pytest.fixture
def shop() -> Shop:
    return Shop()


@given("the customers Tulp, Roos and Lelie are served together")
def served_together(house: Bureau) -> None:
    assert house.serving.house.names == ("lelie", "roos", "tulp")


def ask(house: Bureau, name: str, key_of: str | None) -> Asked:
    shown = {} if key_of is None else {"Authorization": f"Bearer {house.key(key_of)}"}
    return Asked(house, name, shown, house.ask("GET", f"/t/{name}{EVENTS}", shown))


@when(parsers.parse("somebody with a key of Tulp asks for the events of {name}"), target_fixture="asked")
def asks_with_a_key(house: Bureau, name: str) -> Asked:
    return ask(house, name.lower(), "tulp")


@when("somebody without a key asks for the events of Roos", target_fixture="asked")
def asks_without_a_key(house: Bureau) -> Asked:
    return ask(house, "roos", None)


@when("the configuration of Roos names the log of Tulp")
def names_the_log_of_another(house: Bureau) -> None:
    rewritten(house, "sqlite:///roos/log.db", "sqlite:///tulp/log.db")


@when("the configuration of Roos cannot be read")
def cannot_be_read(house: Bureau) -> None:
    rewritten(house, "[rules]", "[rules")


@when("a customer Eik is added whose configuration cannot be read")
def is_added(house: Bureau) -> None:
    (house.folder / "eik.toml").write_text(configuration("eik", 9).replace("[rules]", "[rules"))
    house.serving.house.refresh()


def rewritten(house: Bureau, old: str, new: str) -> None:
    for name in house.serving.house.names:
        assert house.key(name)
    path = house.folder / "roos.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    house.serving.house.refresh()


@when("Roos is removed")
def is_removed(house: Bureau) -> None:
    for name in house.serving.house.names:
        assert house.key(name)
    removed(Folder(house.folder), "roos", Actor("Petra"))


@then("they see the events of Tulp and nothing of Roos")
def sees_their_own(asked: Asked) -> None:
    assert asked.answer.status_code == 200
    assert [one["employee_number"] for one in asked.answer.json()["items"]][:1] == [4711]
    assert "roos" not in asked.answer.text


@then("they are told that there is no such thing")
def told_nothing(asked: Asked) -> None:
    assert asked.answer.status_code == 404


@then("they are asked for a key")
def asked_for_a_key(asked: Asked) -> None:
    assert asked.answer.status_code == 401


@then("they are told exactly the same of a customer that does not exist")
def told_the_same(asked: Asked) -> None:
    nowhere = asked.house.ask("GET", f"/t/eik{EVENTS}", asked.shown)

    assert told(asked.answer, asked.name) == told(nowhere, "eik")


@then("Tulp and Roos do not run, and the operator is told that they name the same database")
def two_do_not_run(house: Bureau) -> None:
    troubles = house.serving.house.troubles

    assert troubles.keys() == {"tulp", "roos"}
    assert all("roos and tulp name the same database" in why for why in troubles.values())
    assert {house.ask("GET", f"/t/{name}{EVENTS}", key_to(house, name)).status_code for name in troubles} == {404}


@then("Roos runs, and the operator is told why its configuration cannot be used")
def one_goes_on(house: Bureau) -> None:
    said = faults(house.serving.house)["roos"]

    assert said.startswith("goes on as before")
    assert "roos.toml cannot be read" in said
    assert house.ask("GET", f"/t/roos{EVENTS}", key_to(house, "roos")).status_code == 200


@then("Eik does not run, and the operator is told why")
def one_does_not_run(house: Bureau) -> None:
    said = faults(house.serving.house)["eik"]

    assert said.startswith("has stopped")
    assert "eik.toml cannot be read" in said
    assert house.ask("GET", f"/t/eik{EVENTS}", key_to(house, "tulp")).status_code == 404


@then(parsers.re("(?P<name>Tulp|Lelie) runs"))
def one_runs(house: Bureau, name: str) -> None:
    assert house.ask("GET", f"/t/{name.lower()}{EVENTS}", key_to(house, name.lower())).status_code == 200


@then("somebody with a key of Roos is told that there is no such thing")
def removed_lets_nobody_in(house: Bureau) -> None:
    before = house.ask("GET", f"/t/roos{EVENTS}", key_to(house, "roos")).status_code
    house.serving.house.refresh()

    assert (before, house.ask("GET", f"/t/roos{EVENTS}", key_to(house, "roos")).status_code) == (404, 404)


@then("the log of Roos is still there")
def log_stays(house: Bureau) -> None:
    assert (house.folder / "roos" / "log.db").stat().st_size > 0


def key_to(house: Bureau, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {house.key(name)}"}


@given(parsers.parse("a large customer has {count:d} checks waiting, of {seconds:d} seconds each"))
def checks_wait(shop: Shop, count: int, seconds: int) -> None:
    for entity in range(count):
        shop.defer("large", str(entity), Job.DRIFT_CHECK, float(seconds))


@given(parsers.parse("{count:d} small customers have a check of {seconds:d} seconds waiting each"))
def small_checks_wait(shop: Shop, count: int, seconds: int) -> None:
    for number in range(count):
        shop.defer(f"small-{number}", "1", Job.DRIFT_CHECK, float(seconds))


@given(parsers.parse("two large customers have {count:d} runs waiting each, of {seconds:d} seconds each"))
def runs_of_two_wait(shop: Shop, count: int, seconds: int) -> None:
    for entity in range(count):
        for large in ("large", "larger"):
            shop.defer(large, str(entity), Job.SYNC, float(seconds))


@given(parsers.parse("{many:d} large customers have {count:d} runs waiting each, of {seconds:d} seconds each"))
def runs_of_many_wait(shop: Shop, many: int, count: int, seconds: int) -> None:
    for number in range(many):
        for entity in range(count):
            shop.defer(f"large-{number}", str(entity), Job.SYNC, float(seconds))


@given(parsers.parse("a small customer's run of {seconds:d} seconds comes after they have begun in four places"))
def run_comes_after_they_began(shop: Shop, seconds: int) -> None:
    shop.places = 4
    shop.fill()
    run_comes_later(shop, seconds)


@given("a run of the same customer waits since now")
def run_of_the_same(shop: Shop) -> None:
    shop.defer("large", "170", Job.SYNC, 20.0)


@then("the small customer's run began at once")
def small_run_at_once(shop: Shop) -> None:
    assert [one.waited for one in shop.begun if one.tenant == "small"] == [0.0]


@then("the large customers never held the fourth place")
def one_place_was_left(shop: Shop) -> None:
    assert shop.most_long == 3


@then("no large customer ever held more than two places")
def both_held_two(shop: Shop) -> None:
    assert max(shop.most["large"], shop.most["larger"]) == 2


@given(parsers.parse("a large customer has {count:d} verifications waiting, of {seconds:d} seconds each"))
def verifications_wait(shop: Shop, count: int, seconds: int) -> None:
    for entity in range(count):
        shop.defer("large", str(entity), Job.VERIFY, float(seconds))


@given(parsers.parse("a small customer's run of {seconds:d} seconds comes later"))
def run_comes_later(shop: Shop, seconds: int) -> None:
    shop.now += 1
    shop.defer("small", "1", Job.SYNC, float(seconds))


@given("a large customer has had a verification waiting for half an hour")
def verification_waits_long(shop: Shop) -> None:
    shop.defer("large", "", Job.VERIFY, 60.0)
    shop.now += 1800


@given("a small customer that was given much work has a run waiting since now")
def small_run_comes_now(shop: Shop) -> None:
    shop.had["small"] = Had(shop.now, 500.0, 20.0)
    shop.defer("small", "1", Job.SYNC, 20.0)


@when(parsers.re("(?P<word>one|four) places? (do|does) the work"))
def places_work(shop: Shop, word: str) -> None:
    shop.places = {"one": 1, "four": 4}[word]
    shop.work()


@then("every small customer's check has begun within six minutes")
def small_ones_begin(shop: Shop) -> None:
    begun = [one.at for one in shop.begun if one.tenant.startswith("small")]

    assert len(begun) == 200
    assert max(begun) <= 360


@then("the large customer never held more than two places")
def large_held_two(shop: Shop) -> None:
    assert shop.most["large"] == 2


@then(parsers.parse("all {count:d} checks of the large customer are done"))
def all_done(shop: Shop, count: int) -> None:
    assert sum(one.tenant == "large" for one in shop.begun) == count
    assert not shop.waiting
    assert not shop.running


@then("the small customer's run began before any verification")
def run_first(shop: Shop) -> None:
    assert [one.what for one in shop.begun] == [Job.SYNC, *[Job.VERIFY] * 3]


@then("the verification began before the run")
def verification_first(shop: Shop) -> None:
    assert [one.what for one in shop.begun] == [Job.VERIFY, Job.SYNC]
