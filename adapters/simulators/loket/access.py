"""What the signed-in user may see: the saved filter, the employers, the rights; and the day Loket believes it is."""

from collections.abc import Sequence
from datetime import date

from adapters.simulators.loket.account import STATUSES, UNFILTERED
from adapters.simulators.loket.reading import LoketReading

Day = date | str
_BSN_ACTIVITIES = (
    "GetCitizenServiceNumber",
    "PutCitizenServiceNumber",
    "GetConceptCitizenServiceNumber",
    "PutConceptCitizenServiceNumber",
    "GetCitizenServiceNumbers",
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
