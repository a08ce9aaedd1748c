"""How a concept becomes an employee: what is copied, and what the administrator adds on the screen."""

from collections.abc import Mapping
from typing import Any

from adapters.simulators.loket.people import checked_employee
from adapters.simulators.loket.schema import EMPLOYEE
from adapters.simulators.loket.state import LoketState
from adapters.simulators.loket.store import Entity
from adapters.simulators.wire.envelope import Document


def promoted_employee(
    state: LoketState, concept: Entity, *, number: int | None = None, filled_in: Mapping[str, Any] | None = None
) -> Document:
    """The employee this concept would become; raises with the reasons why not.

    `filled_in` are personal details the administrator adds where the concept has none. An empty employee number
    becomes the highest one plus one.
    """
    draft = concept.data["employeeData"]
    details = dict(filled_in or {}) | {
        name: each for name, each in draft["personalDetails"].items() if each is not None
    }
    contact = dict.fromkeys(EMPLOYEE.fields["contactInformation"].fields) | (draft["contactInformation"] or {})
    body = {
        "employeeNumber": number or draft["employeeNumber"] or next_number(state, concept.parent),
        "exclusionFromAbsenceStatus": False,
        "travel": {"travelDistanceToWork": None},
        "personalDetails": details,
        "contactInformation": contact,
        "address": draft["address"],
        "deviatingPostalAddress": draft["deviatingPostalAddress"],
        "identityDocument": draft["identityDocument"],
    }
    return checked_employee(state, body, Entity("", concept.parent, {}))


def next_number(state: LoketState, employer_id: str) -> int:
    return max(state.numbers.get(employer_id, {}), default=0) + 1
