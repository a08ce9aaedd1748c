"""The sections `[personio]` and `[loket]` of the configuration: how each is reached, and what they call things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, SecretStr, create_model, field_validator, model_validator

from api.config.section import Section, SecureUrl
from api.config.webhooks import WebhooksSection
from domain.attributes import CODED_ROWS, GATES, Role


def _leads_to_a_person(url: str) -> str:
    """Refuse an address that is the same for everybody; a browser goes there from the pages."""
    if PERSON not in url or not url.startswith("https://"):
        raise ValueError(f"the address must begin with https:// and say {PERSON} where Personio has the person's id")
    return url


PERSON: Final = "{person_id}"
WebAddress = Annotated[str, AfterValidator(_leads_to_a_person)]


class PersonioSection(Section):
    """`web_url` is where a browser finds one person, with PERSON in place of the id."""

    base_url: SecureUrl = "https://api.personio.de"
    client_id: str
    client_secret: SecretStr
    company_id: str = ""
    web_url: WebAddress | None = None
    attributes: dict[str, str]
    webhooks: WebhooksSection = WebhooksSection()

    @model_validator(mode="after")
    def _company_is_known(self) -> PersonioSection:
        if self.webhooks.enabled and not self.company_id:
            raise ValueError("company_id is required for webhooks: each delivery names its company")
        return self

    @field_validator("attributes")
    @classmethod
    def _gates_are_mapped(cls, value: dict[str, str]) -> dict[str, str]:
        for gate in GATES:
            if not value.get(gate):
                raise ValueError(f"the role {gate} must be mapped to this tenant's attribute id")
        return value


class CodesSection(Section):
    """One table for each coded attribute of ours, and the keys of countries by ISO code."""

    country: dict[str, int] = {}

    def keys(self) -> dict[Role, dict[str, str]]:
        return {role: {word: str(key) for word, key in getattr(self, role).items()} for role in CODED_ROWS}


_TABLES: Final[dict[str, Any]] = {
    role: (dict[str, int], {word: int(key) for word, key in codes.keys.items()}) for role, codes in CODED_ROWS.items()
}
if TYPE_CHECKING:
    CodesOfCatalogue = CodesSection
else:
    CodesOfCatalogue = create_model("CodesOfCatalogue", __base__=CodesSection, **_TABLES)


class LoketSection(Section):
    base_url: SecureUrl = "https://api.loket.nl"
    token_url: SecureUrl = "https://oauth.loket.nl/token"  # noqa: S105  an address, not a secret
    client_id: str
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    between_full_reads: bool = True
    codes: CodesOfCatalogue = CodesOfCatalogue()
