"""The activities the user may do at an employer, by the names Loket documents: `GetEmployeeByEmployeeId` and the like.

Each operation's description begins with the name of its activity; here every route carries one. Names of operations
that are known by their path only are made after the pattern of the others.
"""

from enum import StrEnum
from uuid import NAMESPACE_OID, uuid5

from adapters.simulators.loket.app import Call, E, Reply, Routes
from adapters.simulators.wire.envelope import Document


class AuthorizationList(StrEnum):
    """How the list is shaped; the dated version of the resource decides between the first two (Loket API 1)."""

    DOCUMENTED = "documented"  # {id, description}, or {name} in version 2018-01-01
    OTHER_CASE = "other case"  # the same, as one operation id differs from its activity in case
    UNKNOWN = "unknown"  # a list of something else
    OTHER_WORDS = "other words"  # the documented shape, with names nobody documented


def authorizations_of(others: Routes) -> Routes:
    routes = Routes()

    @routes.on("GET", f"{E}/{{employerId}}/authorizations", "GetAuthorizationsByEmployerId", "authorizations")
    def authorizations(call: Call) -> Reply:
        call.employer()
        names = sorted({route.activity for route in others.all} - call.state.revoked)
        return Reply(items=[_shown(name, call.version, call.state.switches.authorization_list) for name in names])

    return routes


def _shown(name: str, version: str, shape: str) -> Document:
    if shape == AuthorizationList.UNKNOWN:
        return {"group": name[:3], "allowed": True}
    if shape == AuthorizationList.OTHER_CASE:
        name = name.swapcase()
    if shape == AuthorizationList.OTHER_WORDS:
        name = f"Recht {uuid5(NAMESPACE_OID, name).fields[0]}"
    if version == "2018-01-01":
        return {"name": name}
    return {"id": str(uuid5(NAMESPACE_OID, name)), "description": name}
