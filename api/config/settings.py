"""The configuration file: typed, complete, and wrong in one clear line (exit 2)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.log.proof.cosignatures import WitnessKey
from adapters.log.proof.witnessing import WitnessAddress
from adapters.loket.documents import CODED, INTEGERS
from api.config.alerts import AlertsSection
from api.config.schedule import EntitySchedule, ScheduleSection, planned_for_all
from api.config.secrets import with_secrets
from api.config.webhooks import WebhooksSection
from domain.attributes import CATALOGUE, CODED_ROWS, FIRST_CLASS, GATES, Attribute, Kind, Override, Role, catalogue
from domain.errors import Misconfigured
from domain.schedule import Planned
from domain.settings import (
    AbsentIsBlank,
    AmountBasis,
    Brake,
    ComponentKind,
    LegalEntity,
    PayComponent,
    PaySettings,
    Plausible,
    Policy,
    RuleSettings,
    WeeklyHours,
)
from domain.values import FieldPath, LegalEntityId

DEFAULT_FILE: Final = "tweeluik.toml"
_PREFIX: Final = "TWEELUIK_"
_SQLITE: Final = "sqlite:///"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WitnessSection(_Section):
    url: str
    vkey: str

    @field_validator("vkey")
    @classmethod
    def _is_a_witness_key(cls, value: str) -> str:
        WitnessKey.parse(value)
        return value


class LogSection(_Section):
    url: str
    keys: str = ""
    checkpoints: str = ""
    key_file: Path | None = None
    signing_key_file: Path | None = None
    witnesses: list[WitnessSection] = []
    witness_timeout: float = Field(default=5.0, gt=0)

    def asked_witnesses(self) -> tuple[WitnessAddress, ...]:
        return tuple(
            WitnessAddress(one.url, WitnessKey.parse(one.vkey), self.witness_timeout) for one in self.witnesses
        )


class PersonioSection(_Section):
    base_url: str = "https://api.personio.de"
    client_id: str
    client_secret: SecretStr
    company_id: str = ""
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


class RulesSection(_Section):
    truthy: list[str] = ["yes", "ja", "true", "1"]
    leave_counts_as_active: bool = False
    absent_is_blank: AbsentIsBlank = AbsentIsBlank.IF_SHOWN
    identity_guard: bool = True
    bic_required: bool = False
    mandatory: list[str] = ["employee_number_loket", "income_number", "entry_date_current_period", "last_name"]

    @field_validator("absent_is_blank", mode="before")
    @classmethod
    def _is_one_of_three(cls, value: object) -> object:
        if isinstance(value, bool) or value in ("true", "false"):
            raise ValueError('it takes "if_shown", "never" (once false) or "always" (once true)')
        return value


class PlausibleSection(_Section):
    fall_people: int = Field(default=5, ge=0)
    fall_share: Decimal = Field(default=Decimal("0.20"), ge=0, le=1)


class BrakeSection(_Section):
    clears_people: int = Field(default=10, ge=0)
    clears_share: Decimal = Field(default=Decimal("0.10"), ge=0, le=1)
    creates_people: int = Field(default=5, ge=0)
    creates_share: Decimal = Field(default=Decimal("0.10"), ge=0, le=1)
    writes_share: Decimal | None = Field(default=None, ge=0, le=1)


class CodesSection(_Section):
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


class LoketSection(_Section):
    base_url: str = "https://api.loket.nl"
    token_url: str = "https://oauth.loket.nl/token"  # noqa: S105  an address, not a secret
    client_id: str
    client_secret: SecretStr = SecretStr("")
    refresh_token: SecretStr = SecretStr("")
    codes: CodesOfCatalogue = CodesOfCatalogue()


class LegalEntitySection(_Section):
    personio_id: str
    name: str = ""
    loket_employer_id: str
    loket_payroll_administration_id: str
    compensation_start_date: date | None = None
    compensation_types: list[str] | None = None
    leave_counts_as_active: bool | None = None
    allow_accepted_drift: bool = False
    schedule: EntitySchedule = EntitySchedule()


class ComponentSection(_Section):
    component: int = Field(ge=1)
    kind: ComponentKind


class PaySection(_Section):
    months_ahead: int = Field(default=12, ge=0, le=36)
    amounts_are: AmountBasis = AmountBasis.UNDECIDED
    weekly_hours: WeeklyHours = WeeklyHours.COMPARE
    components: dict[str, ComponentSection] = {}

    @field_validator("components")
    @classmethod
    def _one_type_a_component(cls, value: dict[str, ComponentSection]) -> dict[str, ComponentSection]:
        """Two recurring types on one component would end each other; one-time amounts are added up."""
        running = [one.component for one in value.values() if one.kind is not ComponentKind.ONE_TIME]
        if len(set(running)) < len(running):
            raise ValueError("two recurring types cannot go to one payroll component")
        return value


class ServeSection(_Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8321, ge=0, le=65_535)
    requests_per_minute: int = Field(default=600, ge=1)
    max_body_bytes: int = Field(default=65_536, ge=1)
    cors_origins: list[str] = []


class OidcSection(_Section):
    issuer: str
    audience: str
    jwks_url: str
    algorithms: list[Literal["RS256", "PS256", "ES256", "EdDSA"]] = ["RS256"]
    subject_claim: str = "sub"
    roles_claim: str = "roles"
    entities_claim: str = "legal_entities"


class RetentionSection(_Section):
    fiscal_years: int = Field(default=7, ge=0)
    identity_years: int = Field(default=5, ge=0)
    hr_years: int = Field(default=2, ge=0)


class AttributeSection(_Section):
    role: str
    loket_path: str = ""
    max_length: int | None = Field(default=None, ge=1)
    nullable: bool | None = None
    codes: dict[str, int] = {}
    in_concept: bool = True
    off: bool = False

    @property
    def leaf(self) -> str:
        return self.loket_path.rpartition(".")[2]

    @property
    def kind(self) -> Kind:
        """What a path tells of a field of Loket that the catalogue does not have."""
        return Kind.CODE if self.codes else Kind.INTEGER if self.leaf in INTEGERS else Kind.TEXT


class Settings(BaseSettings):
    """Everything in the file, with TWEELUIK_<SECTION>__<KEY> from the environment on top."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    log: LogSection
    personio: PersonioSection
    loket: LoketSection
    rules: RulesSection = RulesSection()
    brake: BrakeSection = BrakeSection()
    plausible: PlausibleSection = PlausibleSection()
    retention: RetentionSection = RetentionSection()
    pay: PaySection = PaySection()
    serve: ServeSection = ServeSection()
    schedule: ScheduleSection = ScheduleSection()
    alerts: AlertsSection = AlertsSection()
    oidc: OidcSection | None = None
    legal_entity: list[LegalEntitySection] = Field(min_length=1)
    attribute: list[AttributeSection] = []

    @classmethod
    def settings_customise_sources(  # the order: environment over file, nothing else
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @model_validator(mode="after")
    def _roles_are_known(self) -> Settings:
        added = {one.role for one in self.attribute}
        known = {*(row.role for row in CATALOGUE), *GATES, *added} - set(FIRST_CLASS)
        for role in self.personio.attributes:
            if role not in known:
                raise ValueError(f"personio.attributes.{role} is not a known role; add it with [[attribute]]")
        readable = {*self.personio.attributes, *FIRST_CLASS}
        for role in self.rules.mandatory:
            if role not in readable:
                raise ValueError(f"rules.mandatory names {role}, which personio.attributes does not map")
        return self

    @model_validator(mode="after")
    def _attributes_change_something(self) -> Settings:
        for one in self.attribute:
            ours = Role(one.role) in {row.role for row in CATALOGUE}
            coded = Role(one.role) in CODED_ROWS if ours else one.leaf in CODED
            if one.role in FIRST_CLASS and not one.off:
                where = f"; its codes are in [loket.codes.{one.role}]" if coded else ""
                raise ValueError(f"[[attribute]] {one.role} changes nothing{where}")
            if not one.off and not one.loket_path and not ours:
                raise ValueError(f"[[attribute]] {one.role} needs a loket_path")
            if one.codes and not coded:
                field = one.loket_path or one.role
                raise ValueError(f"[[attribute]] {one.role} has codes, but {field} is not a coded field")
            if one.codes and one.role in self.loket.codes.model_fields_set:
                where = f"[[attribute]] and in [loket.codes.{one.role}]"
                raise ValueError(f"the codes of {one.role} are in {where}: keep one of the two")
            if coded and not one.codes and not ours:
                raise ValueError(f"[[attribute]] {one.role} needs codes: Loket's key for each word of Personio's")
        return self

    @model_validator(mode="after")
    def _a_field_of_loket_has_one_role(self) -> Settings:
        roles: dict[FieldPath, Role] = {}
        for row in self.catalogue():
            first = roles.setdefault(row.field, row.role)
            if first != row.role:
                raise ValueError(f"{first} and {row.role} both go to {row.field} in Loket: map one of them")
        return self

    @model_validator(mode="after")
    def _entities_are_one_to_one(self) -> Settings:
        ids = [one.personio_id for one in self.legal_entity]
        administrations = [one.loket_payroll_administration_id for one in self.legal_entity]
        if len(set(ids)) < len(ids) or len(set(administrations)) < len(ids):
            raise ValueError("each [[legal_entity]] has a Personio id and a payroll administration of its own")
        return self

    def policy(self, entity: str) -> Policy:
        """What the decision functions need for one legal entity. Raises Misconfigured for one that is not listed."""
        section = next((one for one in self.legal_entity if one.personio_id == entity), None)
        if section is None:
            listed = ", ".join(one.personio_id for one in self.legal_entity)
            raise Misconfigured(f"legal entity {entity} is not enabled in the configuration; enabled are: {listed}")
        return Policy(
            entity=LegalEntity(
                personio_id=LegalEntityId(section.personio_id),
                name=section.name or section.personio_id,
                loket_employer_id=section.loket_employer_id,
                loket_payroll_administration_id=section.loket_payroll_administration_id,
                compensation_start_date=section.compensation_start_date,
                compensation_types=None
                if section.compensation_types is None
                else frozenset(section.compensation_types),
                leave_counts_as_active=section.leave_counts_as_active,
                allow_accepted_drift=section.allow_accepted_drift,
            ),
            catalogue=self.catalogue(),
            rules=RuleSettings(
                truthy=frozenset(word.casefold() for word in self.rules.truthy),
                leave_counts_as_active=self.rules.leave_counts_as_active,
                absent_is_blank=self.rules.absent_is_blank,
                identity_guard=self.rules.identity_guard,
                bic_required=self.rules.bic_required,
                mandatory=frozenset(Role(role) for role in self.rules.mandatory),
            ),
            brake=Brake(
                self.brake.clears_people,
                self.brake.clears_share,
                self.brake.creates_people,
                self.brake.creates_share,
                self.brake.writes_share,
            ),
            plausible=Plausible(self.plausible.fall_people, self.plausible.fall_share),
            pay=PaySettings(
                {name: PayComponent(one.component, one.kind) for name, one in self.pay.components.items()},
                self.pay.months_ahead,
                self.pay.amounts_are,
                weekly_hours=self.pay.weekly_hours,
            ),
            alert_targets=self.alerts.alert_targets(),
            enabled_beside=frozenset(LegalEntityId(one.personio_id) for one in self.legal_entity if one is not section),
            same_employer=frozenset(
                LegalEntityId(one.personio_id)
                for one in self.legal_entity
                if one.loket_employer_id == section.loket_employer_id and one is not section
            ),
        )

    def planned(self) -> tuple[Planned, ...]:
        """Every planned job, the installation's own first."""
        of_entities = (one.schedule.planned(LegalEntityId(one.personio_id), self.schedule) for one in self.legal_entity)
        return (*planned_for_all(self.schedule), *(each for plan in of_entities for each in plan))

    def entity_names(self) -> dict[str, str]:
        """What people call each legal entity, by its Personio id."""
        return {one.personio_id: one.name for one in self.legal_entity}

    def catalogue(self) -> tuple[Attribute, ...]:
        overrides = [
            Override(
                Role(one.role),
                FieldPath(one.loket_path) or None,
                one.max_length,
                one.nullable,
                one.off,
                kind=one.kind,
                in_concept=one.in_concept,
                keys={word: str(key) for word, key in one.codes.items()},
            )
            for one in self.attribute
        ]
        return catalogue(map(Role, self.personio.attributes), overrides, self.loket.codes.keys())


def load(path: Path | None = None) -> Settings:
    """The settings of `path`, of TWEELUIK_CONFIG, or of ./tweeluik.toml. Raises Misconfigured with one clear line."""
    path = path or Path(os.environ.get("TWEELUIK_CONFIG", DEFAULT_FILE))
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise Misconfigured(f"there is no configuration at {path}; name one with --config or TWEELUIK_CONFIG") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as reason:
        raise Misconfigured(f"{path} cannot be read: {reason}") from reason
    return checked(said, path)


def checked(content: Mapping[str, Any], path: Path) -> Settings:
    """What the configuration at `path` says, with its secrets and the environment. Raises Misconfigured."""
    _refuse_unknown_variables(os.environ)
    try:
        settings = Settings(**with_secrets(content, path))
    except ValidationError as reason:
        raise Misconfigured(f"{path}: {one_line(reason)}") from None
    return settings.model_copy(update={"log": resolved(settings.log, path.resolve().parent)})


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    for name in environment:
        section, _, key = name.removeprefix(_PREFIX).lower().partition("__")
        if name.startswith(_PREFIX) and key and section not in Settings.model_fields:
            raise Misconfigured(f"the environment variable {name} names no section of the configuration")


def one_line(reason: ValidationError) -> str:
    """The first fault, with where it is; never a value, which may be a secret."""
    fault, *others = reason.errors(include_input=False, include_url=False, include_context=False)
    where = ".".join(str(part) for part in fault["loc"])
    what = {"missing": "is missing", "extra_forbidden": "is not a known key"}.get(fault["type"])
    more = f" (and {len(others)} more)" if others else ""
    text = what or fault["msg"].removeprefix("Value error, ")
    return f"{where + ' ' if what else where + ': ' if where else ''}{text}{more}"


def resolved(log: LogSection, folder: Path) -> LogSection:
    """Paths are relative to the configuration file; keys and checkpoints lie beside the log's file when left out."""
    url, keys, checkpoints = _absolute_url(log.url, folder), log.keys, log.checkpoints
    if url.startswith(_SQLITE):
        file = Path(url.removeprefix(_SQLITE))
        keys = keys or f"{_SQLITE}{file.with_name(file.stem + '-keys.db')}"
        checkpoints = checkpoints or str(file.with_name("checkpoints"))
    elif not keys or not checkpoints:
        raise Misconfigured("log.keys and log.checkpoints are required when the log is on PostgreSQL")
    return log.model_copy(
        update={
            "url": url,
            "keys": _absolute_url(keys, folder),
            "checkpoints": str(folder / checkpoints),
            "key_file": folder / log.key_file if log.key_file else None,
            "signing_key_file": folder / log.signing_key_file if log.signing_key_file else None,
        }
    )


def _absolute_url(url: str, folder: Path) -> str:
    return f"{_SQLITE}{folder / url.removeprefix(_SQLITE)}" if url.startswith(_SQLITE) else url
