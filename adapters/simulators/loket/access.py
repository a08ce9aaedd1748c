"""What the signed-in user may see: the saved filter, the employers, the rights; and the day Loket believes it is."""

from collections.abc import Sequence
from datetime import date

from adapters.simulators.loket.account import STATUSES, UNFILTERED
from adapters.simulators.loket.reading import LoketReading

Day = date | str
_BSN_ACTIVITIES = (
    "GetCitizenServiceNumberByEmployeeId",
    "PutCitizenServiceNumberByEmployeeId",
    "GetCitizenServiceNumberByConceptEmployeeId",
    "PutCitizenServiceNumberByConceptEmployeeId",
    "GetCitizenServiceNumbersByEmployerId",
)


class LoketAccess(LoketReading):
    """Set by whoever manages users at the employer or the accountant."""

    def set_today(self, day: Day | None) -> None:
        """The day Loket believes it is; None follows the clock again."""
        self.state.today_override = date.fromisoformat(str(day)) if day else None

    def set_saved_filter(
        self,
        status: str = "AllEmployments",
        *,
        departments: Sequence[str] = (),
        administrations: Sequence[str] = (),
        on_call: bool | None = None,
        employer_id: str | None = None,
    ) -> None:
        """The signed-in user's saved filter, which hides employments from employer-wide lists."""
        if status not in STATUSES:
            raise ValueError(f"status is one of {', '.join(STATUSES)}")
        self.state.filters[employer_id or self.employer_id] = {
            "employmentFilter": UNFILTERED["employmentFilter"]
            | {
                "filterOnEmployedStatus": status,
                "filterOnDepartments": [{"key": each} for each in departments],
                "filterOnAdministrations": [{"key": each} for each in administrations],
                "filterOnOnCallEmployment": on_call,
            }
        }

    def hide_employer(self, employer_id: str | None = None, *, hidden: bool = True) -> None:
        """Takes the user's access to an employer away, or gives it back."""
        (self.state.hidden.add if hidden else self.state.hidden.discard)(employer_id or self.employer_id)

    def hide_employees(self, *numbers: int, employer_id: str | None = None) -> None:
        """A role that keeps people from the user's sight: every answer stays a complete 200 without them.

        As for a department manager, or after a right was narrowed (Loket API 3.3); asked for by id, they are a 403.
        """
        with self.state.lock:
            self.state.out_of_role.update(self._employee(each, employer_id).id for each in numbers)

    def show_all_employees(self) -> None:
        self.state.out_of_role.clear()

    def withhold(self, *keys: str) -> None:
        """These are left out of everything that the user reads, as `city` or `grossWage`; of nothing, all are shown."""
        self.state.withheld = set(keys)

    def revoke_right(self, *activities: str) -> None:
        """Calls of these activities answer 403; their names are listed by the authorizations call."""
        self.state.revoked.update(activities)

    def grant_right(self, *activities: str) -> None:
        self.state.revoked.difference_update(activities)

    def silence_audit_trail(self, *, silent: bool = True) -> None:
        """Changes leave no entry from now on, as when somebody works past the application."""
        self.state.audit.silent = silent

    def revoke_bsn_right(self) -> None:
        self.revoke_right(*_BSN_ACTIVITIES)

    def grant_bsn_right(self) -> None:
        self.grant_right(*_BSN_ACTIVITIES)
