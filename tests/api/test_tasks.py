"""People with tasks at the edges: what commands and routes say of them, who may take one, and what stays masked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.log.proof.checkpoints import Copies
from adapters.simulators.company.generate import Situation, generate_company
from api.cli.main import main
from api.demo.simulators import simulation
from domain.access import Role
from domain.errors import NoCheckpoint
from domain.events.findings import FindingEnd as End
from domain.events.findings import FindingOpened, FindingResolved, LookedBy
from domain.log import Checkpoint
from domain.planning.business_date import business_date
from domain.services.journal import Tools
from domain.streams import finding_stream
from domain.values import FieldPath, LegalEntityId, PersonId
from tests.support.http_api import Api, http_api

TASKS = "/v1/legal-entities/170/tasks"
HOUSE = FieldPath("address.houseNumber")


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """Three open tasks of three people, one that has ended, and one of another legal entity."""
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as one:
        store = one.web.store
        tools = Tools(
            clock=one.clock, log=store.log, vault=store.vault, claims=store.claims, views=store.views,
            personio=None, loket=None,
        )  # type: ignore[arg-type]  # fmt: skip
        one.web.tools = lambda: nullcontext(tools)  # type: ignore[method-assign, assignment, return-value]
        opened(one, "1", "BSN_ELFPROEF")
        opened(one, "2", "MISSING_INCOME_NUMBER")
        opened(one, "3", "HOUSE_NUMBER_FORMAT", HOUSE, proposal="7 Kraaiendorp", detail="no number")
        opened(one, "4", "BIC_MISSING")
        about = {"legal_entity": "170", "person_id": "4", "employee_number": 4704, "code": "BIC_MISSING"}
        resolved = FindingResolved(how=End.LEFT_OUT, rule="WHO-3", seen_by=LookedBy.RUN, **about)  # type: ignore[arg-type]
        one.scribe.write(finding_stream(LegalEntityId("170"), PersonId("4"), "BIC_MISSING", None), resolved)
        opened(one, "9", "BSN_ELFPROEF", entity="171")
        yield one


def opened(
    api: Api, person: str, code: str, field: FieldPath | None = None, *, entity: str = "170", **said: str
) -> None:
    fact = FindingOpened(
        legal_entity=entity, person_id=person, employee_number=4700 + int(person), code=code, field=field,
        subject=f"s-{person}", seen_by=LookedBy.VALIDATION, **said,
    )  # type: ignore[arg-type]  # fmt: skip
    api.scribe.write(finding_stream(LegalEntityId(entity), PersonId(person), code, field), fact, at=api.clock.now())


def found(api: Api, **query: Any) -> list[str]:
    return [one["person_id"] for one in api.get(TASKS, **query).json()["items"]]


def test_tasks_are_filtered_by_who_acts_what_it_is_and_whom_it_is_about(api: Api) -> None:
    assert found(api) == ["1", "2", "3"]
    assert found(api, who="payroll") == ["2"]
    assert found(api, code="BSN_ELFPROEF") == ["1"]
    assert found(api, employee_number=4703) == found(api, person_id="3") == ["3"]
    assert found(api, ended=True) == ["4"]
    assert api.get(TASKS, who="nobody").status_code == 422


def test_pages_follow_each_other_and_a_new_task_comes_on_the_next(api: Api) -> None:
    first = api.get(TASKS, limit=2).json()
    opened(api, "5", "BSN_ELFPROEF")
    second = api.get(TASKS, limit=2, cursor=first["next"]).json()

    assert [one["person_id"] for page in (first, second) for one in page["items"]] == ["1", "2", "3", "5"]


def test_a_detail_is_told_and_a_proposal_stays_masked(api: Api) -> None:
    api.clock.instant += timedelta(days=3)

    (told,) = api.get(TASKS, code="HOUSE_NUMBER_FORMAT").json()["items"]

    assert (told["detail"], told["proposal"], told["label"]) == ("no number", "•••", "House number")
    assert (told["who"], told["rule"], told["age_days"]) == ("hr", "CHECK-2", 3)
    assert "Kraaiendorp" not in json.dumps(told)


def test_a_task_that_ended_says_when_and_by_which_rule(api: Api) -> None:
    (told,) = api.get(TASKS, ended=True).json()["items"]

    assert (told["ended_because"], told["ended_under"]) == ("person_left_out", "WHO-3")
    assert api.get(f"{TASKS}/{told['task']}").json() == told


def test_who_takes_a_task_has_it_today_and_a_second_request_takes_nothing_twice(api: Api) -> None:
    fatima, joost = (api.key(Role.PAYROLL_ADMIN, holder=name) for name in ("Fatima", "Joost"))
    path = f"{TASKS}/{api.get(TASKS).json()['items'][0]['task']}"

    def act(what: str, key: str, idempotency: str) -> Any:
        return api.post(f"{path}/{what}", {}, key, {"Idempotency-Key": idempotency})

    taken = act("taken", fatima, "take-task-1")
    size = api.web.store.log.size()
    again, anew = act("taken", fatima, "take-task-1"), act("taken", fatima, "take-task-2")
    other = act("taken", joost, "take-task-3")
    assert api.web.store.log.size() == size
    back = act("given-back", fatima, "take-task-4")
    now_his = act("taken", joost, "take-task-5")

    assert (taken.json()["taken_by"], taken.json()["taken_until"]) == ("Fatima", f"{business_date(api.clock.now())}")
    assert again.json() == anew.json() == taken.json()
    assert (other.status_code, other.json()["type"]) == (409, "urn:tweeluik:problem:already-taken")
    assert (back.json()["taken_by"], now_his.json()["taken_by"]) == (None, "Joost")


def test_what_was_done_although_its_head_found_no_room_is_not_called_undone(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    fatima = api.key(Role.PAYROLL_ADMIN, holder="Fatima")
    path = f"{TASKS}/{api.get(TASKS).json()['items'][0]['task']}"

    def full(copies: Copies, _: Checkpoint) -> None:
        raise NoCheckpoint(copies.folder, "No space left on device")

    monkeypatch.setattr(Copies, "append", full)
    answer = api.post(f"{path}/taken", {}, fatima, {"Idempotency-Key": "take-without-room"})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:tweeluik:problem:no-checkpoint")
    assert "may have been done" in answer.json()["detail"]
    assert "checkpoints" not in answer.text.replace("of the checkpoints", "")  # where the folder is, is no answer
    assert api.get(path).json()["taken_by"] == "Fatima"
    monkeypatch.undo()
    assert api.post(f"{path}/given-back", {}, fatima, {"Idempotency-Key": "back-with-room"}).status_code == 200


def test_taking_needs_who_may_validate_and_a_task_of_their_own(api: Api) -> None:
    admin, auditor, operator = (api.key(role) for role in (Role.PAYROLL_ADMIN, Role.AUDITOR, Role.OPERATOR))
    hr = api.key(Role.HR)
    task = api.get(TASKS).json()["items"][0]["task"]
    foreign = api.get("/v1/legal-entities/171/tasks", api.key(entities=None)).json()["items"][0]["task"]
    ended = api.get(TASKS, ended=True).json()["items"][0]["task"]

    def take(which: int, key: str) -> int:
        return api.post(f"{TASKS}/{which}/taken", {}, key, {"Idempotency-Key": f"take-{which}-x"}).status_code

    assert (take(task, auditor), take(task, operator)) == (403, 403)
    assert take(task, hr) == 200
    assert (take(foreign, admin), take(ended, admin), take(99_999, admin)) == (404, 404, 404)
    assert (api.get(TASKS, operator).status_code, api.get(f"{TASKS}/{foreign}").status_code) == (403, 404)
    assert api.get("/v1/legal-entities/171/tasks").status_code == 404


def test_everyone_is_told_who_they_are_and_which_legal_entities_they_see(api: Api) -> None:
    roles = {role: api.key(role) for role in Role}
    entities = {role: api.get("/v1/legal-entities", key).json()["items"] for role, key in roles.items()}
    me = api.get("/v1/me", roles[Role.OPERATOR]).json()

    assert {role: [one["legal_entity"] for one in items] for role, items in entities.items()} == {
        role: ["170"] for role in Role
    }
    assert entities[Role.OPERATOR][0]["tasks"]["by_who"] == {"hr": 2, "payroll": 1}
    assert entities[Role.PRIVACY_OFFICER][0]["tasks"] is None
    assert len(api.get("/v1/legal-entities", api.key(entities=None)).json()["items"]) == 2
    assert (me["role"], me["legal_entities"]) == ("operator", ["170"])
    assert "read_people" not in me["permissions"]


def test_the_commands_tell_what_is_new_who_acts_and_who_sees_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with simulation(generate_company(4, seed=7)) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())

        def run(*arguments: str, actor: str = "Marieke") -> tuple[int, str, str]:
            capsys.readouterr()
            code = main(["--config", str(config), "--as", actor, *arguments])
            return code, *capsys.readouterr()

        one = running.company.of(Situation.IN_BOTH)[0]
        before = run("tasks")
        first = run("validate")
        running.personio.edit(one.person_id, "postal_code", "0123 AB")
        second = run("validate")
        (task,) = json.loads(run("tasks", "--who", "hr", "--json")[1])["tasks"]
        taken, refused = run("tasks", "take", str(task["task"])), run("tasks", "take", str(task["task"]), actor="Bas")
        listed = run("tasks")
        back = run("tasks", "give-back", str(task["task"]))
        running.personio.edit(one.person_id, "postal_code", "1011 AB")
        third = run("validate")
        ended, (over,) = run("tasks", "--ended"), json.loads(run("tasks", "--ended", "--json")[1])["tasks"]

    assert "No run or check has looked" in before[1]
    assert (first[0], second[0], third[0]) == (0, 3, 0)
    assert "Nobody had looked before." in first[1]
    assert "1 new, 0 changed, 0 ended" in second[1]
    assert (task["code"], task["employee_number"]) == ("POSTCODE_FORMAT", one.employee_number)
    assert f"you see to POSTCODE_FORMAT of employee {one.employee_number} until the end of 20" in taken[1]
    assert (refused[0], refused[2].strip()) == (2, "tweeluik: Marieke sees to this task today")
    assert "Marieke" in listed[1]
    assert "nobody sees to POSTCODE_FORMAT" in back[1]
    assert f"ended: {one.employee_number} POSTCODE_FORMAT address.postalCode (no longer found)" in third[1]
    assert "1 ended, as validation" in ended[1]
    assert over["ended_because"] == "no_longer_found"
