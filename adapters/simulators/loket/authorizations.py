"""The activities the user may do at an employer; their names are ours, since Loket's list is not known."""

from adapters.simulators.loket.app import Call, E, Reply, Routes


def authorizations_of(others: Routes) -> Routes:
    routes = Routes()

    @routes.on("GET", f"{E}/{{employerId}}/authorizations", "GetAuthorizations", "authorizations")
    def authorizations(call: Call) -> Reply:
        call.employer()
        names = sorted({route.activity for route in others.all} - call.state.revoked)
        if call.version == "2018-01-01":
            return Reply(items=[{"name": name} for name in names])
        return Reply(items=[{"id": name, "description": name} for name in names])

    return routes
