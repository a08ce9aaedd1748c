"""The days that only the pages tell: somebody is erased, somebody types into Loket, and the brake stops a run."""

from __future__ import annotations

from typing import Final

from adapters.simulators.company.generate import Situation
from api.demo.story import ADMINISTRATOR, Story, cast
from api.tasks.erase import eraser
from domain.services.drift.check import check_drift
from domain.values import Actor, PersonId, RunId

OFFICERS: Final = (Actor("Ruth (privacy)"), Actor("Otto (privacy)"))
_CLEARED: Final = 8  # people whose field an import empties: more than the brake lets pass


def left(story: Story) -> None:
    """Whoever turns out to have left long ago is left out, and what need not be kept of them is erased."""
    leaver = cast(story)[3]
    story.clock.day(21)
    story.simulation.loket.terminate(leaver.employee_number, "2024-01-31")
    story.sync()
    with story.tools() as (store, _tools):
        asks, agrees = (eraser(story.settings, store, officer) for officer in OFFICERS)
        agrees.confirm(asks.request(PersonId(leaver.person_id), "asked for by themselves").id)
        store.views.catch_up()


def typed(story: Story) -> None:
    """A check sees what somebody typed into Loket's screen; the next run will overwrite it, unless somebody decides."""
    one = story.simulation.company.of(Situation.IN_BOTH)[6]
    story.clock.day(22)
    story.simulation.loket.edit_employee(one.employee_number, {"address.street": "Nieuwe Binnenweg"})
    with story.tools() as (_store, tools):
        check_drift(story.settings.policy("170"), tools, actor=ADMINISTRATOR, check_id=RunId("demo-check"))


def braked(story: Story) -> None:
    """An import that empties a field of many people is stopped before anything is written."""
    story.clock.day(23)
    for one in story.simulation.company.of(Situation.IN_BOTH)[7 : 7 + _CLEARED]:
        story.simulation.personio.edit(one.person_id, "personal_email", "")
    story.sync()
