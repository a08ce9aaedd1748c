"""Personio API 4.4: legal entities."""

import httpx

from adapters.simulators.personio.simulator import PersonioSimulator


def test_legal_entities_come_newest_first(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 4.4: filters id and country; an empty list if none."""
    personio.add_legal_entity("172", "Nergens", country=None)
    assert [each["id"] for each in api.get("/v2/legal-entities").json()["_data"]] == ["172", "171", "170"]
    assert api.get("/v2/legal-entities?id=170,171&country=NL").json()["_data"] == [
        {"id": "170", "name": "Tulp Logistiek B.V.", "country": "NL"}
    ]
    assert api.get("/v2/legal-entities?country=FR").json()["_data"] == []
    assert api.get("/v2/legal-entities/172").json() == {"id": "172", "name": "Nergens"}
    assert api.get("/v2/legal-entities/9170").status_code == 404
