"""What both systems show of themselves: narrowed and widened as roles, credentials and pages do it; the truth stays.

Every narrowing is one that really happens: a complete answer that shows a part. The seed chooses which, of whom, and
whether it begins and ends between two steps or between two looks of one run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Final

from domain.attributes import CONSIDER, EMPLOYEE_NUMBER, FIRST_CLASS, Role
from domain.errors import NotFound, RunAlreadyInProgress
from domain.events.loket import WriteKind
from domain.services.journal import Journal
from domain.services.reading.versions_believed import trust_versions
from domain.values import BLANK, Actor
from tests.simulation.office import Office
from tests.simulation.settings import EDITED
from tests.support.world import LAVENDEL, TULP, TULP_SHOPS

_ATTRIBUTES: Final = (*EDITED, CONSIDER, EMPLOYEE_NUMBER, *map(Role, ("iban", "bsn", "postal_code")))
_OWN_KEYS: Final = ("legal_entity", "status", "employment_start_date", *sorted(FIRST_CLASS))
_RIGHTS: Final = (WriteKind.EMPLOYEE, WriteKind.CONCEPT_CREATED, WriteKind.WAGE_CREATED, WriteKind.BENEFIT_CREATED)


class Sights:
    """Of one office. `whole` while both systems show everything; `changes` counts how often that changed."""

    def __init__(self, office: Office, random: Random) -> None:
        self._office, self._hr, self._payroll = office, office.wired.hr, office.wired.payroll
        self.random = random
        self.whole = True
        self.changes = 0
        self.met: Counter[str] = Counter()

    def narrow(self) -> None:
        """One thing less is shown, beside what is hidden already."""
        act = self.random.choice(self._ways)
        act()
        self.whole = False
        self.changes += 1
        self.met[act.__name__.strip("_").replace("_", " ")] += 1

    def widen(self) -> None:
        """Everything is shown again."""
        self._hr.reveal()
        self._hr.slip_all(())
        self._hr.limit_pay_to(None)
        self._hr.hide_pay_of(())
        self._payroll.show_everything()
        self._trusts_versions()
        self.changes += not self.whole
        self.whole = True

    # --- Loket: roles, rights and the user's settings ---

    def _a_role_hides_an_employee(self) -> None:
        self._hide_employees(1)

    def _a_role_hides_some_employees(self) -> None:
        self._hide_employees(self.random.randint(1, max(1, len(self._office.known))))

    def _a_role_hides_all_employees(self) -> None:
        self._hide_employees(len(self._office.known))

    def _a_role_hides_the_employer(self) -> None:
        self._payroll.hide_employer()

    def _a_right_to_write_lapses(self) -> None:
        self._payroll.show_rights()
        self._payroll.forbid(self.random.choice(_RIGHTS))

    def _no_right_is_told(self) -> None:
        self._payroll.withhold_authorizations()

    def _the_right_to_a_bsn_lapses(self) -> None:
        self._payroll.forbid_bsn()

    def _version_numbers_are_not_told(self) -> None:
        self._payroll.hide_versions()

    def _version_numbers_go_back(self) -> None:
        self._payroll.turn_back_versions()

    def _version_numbers_stand_still(self) -> None:
        self._payroll.stop_versions(stand_still=True)

    def _trusts_versions(self) -> None:
        """Somebody who has heard that they were wrong; not while a run holds the entity, or a process is to die."""
        world = self._office.world
        if self._office.fate.left is not None:
            return
        for entity in (TULP, TULP_SHOPS):
            journal = Journal(tools=world.tools(), actor=Actor("Olga"), correlation="versions")
            with suppress(NotFound, RunAlreadyInProgress):
                trust_versions(self._office.settings.policy(entity.personio_id), journal, reason="mended")
                self.met["version numbers are trusted again"] += 1

    def _hide_employees(self, count: int) -> None:
        """Of whom the log may know that they are employees: of nobody else it can tell (MATCH-5)."""
        numbers = sorted(self._office.known.intersection(self._payroll.numbers(TULP)))
        for number in self.random.sample(numbers, min(count, len(numbers))):
            self._payroll.hide_employee(TULP, number)

    # --- Personio: credentials, and pages that show a part ---

    def _an_attribute_is_shown_of_nobody(self) -> None:
        self._hr.hide(self.random.choice(_ATTRIBUTES), None)

    def _an_attribute_is_shown_of_few(self) -> None:
        """Of fewer than half of those whose value was believed last: a half is taken for the truth (EDIT-2).

        And of fewer than half of those who show one now: a run under way may have it believed a moment later.
        """
        role = self.random.choice(_ATTRIBUTES)
        accepted = self._office.accepted.get(TULP.personio_id)
        before = accepted.valued.get(role, 0) if accepted else 0
        few = [name for name in self._office.here() if self._office.world.people[name].values[role] is not BLANK]
        most = (min(before, len(few)) - 1) // 2
        if most >= 0:
            self._hr.show_only(role, [self._office.id(name) for name in few[: self.random.randint(0, most)]])

    def _a_key_is_shown_of_nobody(self) -> None:
        """A credential that was made before a fix of Personio's."""
        self._hr.hide_key(self.random.choice(_OWN_KEYS), None)

    def _a_legal_entity_is_not_shown(self) -> None:
        for name in self._some():
            self._hr.hide_key("legal_entity", self._office.id(name))

    def _somebody_slips_between_two_pages(self) -> None:
        self._hr.slip_all([self._office.id(self.random.choice(self._office.here()))])

    def _several_slip_between_two_pages(self) -> None:
        self._hr.slip_all([self._office.id(name) for name in self._some()])

    def _a_page_is_empty(self) -> None:
        """The first one, which says that none follows."""
        self._hr.slip_all([self._office.id(name) for name in self._office.here()])

    def _pay_is_limited_to_another_entity(self) -> None:
        self._hr.limit_pay_to(self.random.choice([LAVENDEL, TULP_SHOPS.personio_id]))

    def _pay_of_some_is_not_shown(self) -> None:
        self._hr.hide_pay_of([self._office.id(name) for name in self._some()])

    def _some(self) -> list[str]:
        here = self._office.here()
        return self.random.sample(here, self.random.randint(1, len(here)))

    @property
    def _ways(self) -> tuple[Callable[[], None], ...]:
        return (
            *[self._a_role_hides_an_employee] * 2, *[self._a_role_hides_some_employees] * 2,
            self._a_role_hides_all_employees, self._a_role_hides_the_employer, self._a_right_to_write_lapses,
            self._no_right_is_told, self._the_right_to_a_bsn_lapses,
            self._version_numbers_are_not_told, self._version_numbers_go_back, self._version_numbers_stand_still,
            *[self._an_attribute_is_shown_of_nobody] * 2, *[self._an_attribute_is_shown_of_few] * 2,
            self._a_key_is_shown_of_nobody, self._a_legal_entity_is_not_shown,
            self._somebody_slips_between_two_pages, self._several_slip_between_two_pages, self._a_page_is_empty,
            *[self._pay_is_limited_to_another_entity] * 2, *[self._pay_of_some_is_not_shown] * 2,
        )  # fmt: skip
