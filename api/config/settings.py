"""The configuration file: typed, complete, and wrong in one clear line (exit 2)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from api.config.access import AccessSection
from api.config.alerts import AlertsSection
from api.config.attribute import AttributeSection
from api.config.legal_entity import LegalEntitySection
from api.config.log import LogSection, RetentionSection, resolved
from api.config.rules import BrakeSection, PaySection, PlausibleSection, RulesSection
from api.config.schedule import ScheduleSection, planned_for_all
from api.config.secrets import read_toml, with_secrets
from api.config.section import PREFIX, FileAndEnvironment, in_words
from api.config.serve import OidcSection, PagesSection, ServeSection
from api.config.systems import LoketSection, PersonioSection
from domain.attributes import CATALOGUE, FIRST_CLASS, GATES, Attribute, Role, catalogue
from domain.errors import Misconfigured
from domain.schedule import Planned, Plans
from domain.settings import Policy
from domain.values import FieldPath, LegalEntityId

DEFAULT_FILE: Final = "tweeluik.toml"
_product: Final = cache(partial(version, "tweeluik"))


class Settings(FileAndEnvironment):
    """Everything in the file, with TWEELUIK_<SECTION>__<KEY> from the environment on top."""

    model_config = SettingsConfigDict(extra="forbid")

    log: LogSection
    personio: PersonioSection
    loket: LoketSection
    rules: RulesSection = RulesSection()
    brake: BrakeSection = BrakeSection()
    plausible: PlausibleSection = PlausibleSection()
    retention: RetentionSection = RetentionSection()
    pay: PaySection = PaySection()
    access: AccessSection = AccessSection()
    serve: ServeSection = ServeSection()
    schedule: ScheduleSection = ScheduleSection()
    alerts: AlertsSection = AlertsSection()
    pages: PagesSection | None = None
    oidc: OidcSection | None = None
    legal_entity: list[LegalEntitySection] = Field(min_length=1)
    attribute: list[AttributeSection] = []

    @model_validator(mode="after")
    def _roles_are_known(self) -> Settings:
        added = {one.role for one in self.attribute}
        known = {*(row.role for row in CATALOGUE), *GATES, *added} - set(FIRST_CLASS)
        for role in self.personio.attributes:
            if role not in known:
                meant = likely(role, known)
                raise ValueError(f"personio.attributes.{role} is not a known role{meant}; add it with [[attribute]]")
        readable = {*self.personio.attributes, *FIRST_CLASS}
        for role in self.rules.mandatory:
            if role not in readable:
                raise ValueError(f"rules.mandatory names {role}, which personio.attributes does not map")
        return self

    @model_validator(mode="after")
    def _attributes_change_something(self) -> Settings:
        for one in self.attribute:
            one.check(self.loket.codes.model_fields_set)
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
            entity=section.settings(),
            catalogue=self.catalogue(),
            rules=self.rules.settings(),
            brake=self.brake.settings(),
            plausible=self.plausible.settings(),
            pay=self.pay.settings(),
            alert_targets=self.alerts.alert_targets(),
            tasks_open_days=self.alerts.tasks_open_days,
            between_full_reads=self.loket.between_full_reads,
            read_from=self.personio.attributes,
            product=_product(),
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

    def plans(self) -> Plans:
        return Plans(self.planned(), self.schedule.grace)

    def entity_names(self) -> dict[str, str]:
        """What people call each legal entity, by its Personio id."""
        return {one.personio_id: one.name for one in self.legal_entity}

    def catalogue(self) -> tuple[Attribute, ...]:
        overrides = [one.override() for one in self.attribute]
        return catalogue(map(Role, self.personio.attributes), overrides, self.loket.codes.keys())


def load(path: Path | None = None) -> Settings:
    """The settings of `path`, of TWEELUIK_CONFIG, or of ./tweeluik.toml. Raises Misconfigured with one clear line."""
    path = path or Path(os.environ.get("TWEELUIK_CONFIG") or DEFAULT_FILE)
    try:
        content = read_toml(path)
    except FileNotFoundError:
        raise Misconfigured(f"there is no configuration at {path}; name one with --config or TWEELUIK_CONFIG") from None
    except (OSError, ValueError) as reason:
        raise Misconfigured(f"{path} cannot be read: {in_words(reason)}") from reason
    return checked(content, path)


def checked(content: Mapping[str, Any], path: Path) -> Settings:
    """What the configuration at `path` says, with its secrets and the environment. Raises Misconfigured."""
    _refuse_unknown_variables(os.environ)
    try:
        settings = Settings(**with_secrets(content, path))
    except ValidationError as reason:
        raise Misconfigured(f"{path}: {one_line(reason)}") from None
    return settings.model_copy(update={"log": resolved(settings.log, path.resolve().parent)})


def likely(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, to end a sentence with; empty when none is near."""
    near = get_close_matches(word.lower(), list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _meant(loc: tuple[int | str, ...]) -> str:
    """Which key was probably meant at this place."""
    kind: Any = Settings
    for part in loc[:-1]:
        models = [one for one in _parts(kind) if isinstance(one, type) and issubclass(one, BaseModel)]
        fields = {name: field for model in models for name, field in model.model_fields.items()}
        kind = fields[part].annotation if part in fields else kind
    models = [one for one in _parts(kind) if isinstance(one, type) and issubclass(one, BaseModel)]
    return likely(str(loc[-1]), (name for model in models for name in model.model_fields))


def _parts(annotation: Any) -> Iterator[Any]:
    """A type and whatever it is made of: of `list[X] | None` also X."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    for name in environment:
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        if name.startswith(PREFIX) and key and section not in Settings.model_fields:
            meant = likely(section, Settings.model_fields)
            raise Misconfigured(f"the environment variable {name} names no section of the configuration{meant}")


def one_line(reason: ValidationError) -> str:
    """The first fault, with where it is; never a value, which may be a secret.

    What is misspelt comes first: that a key is missing often follows from it.
    """
    faults = reason.errors(include_input=False, include_url=False, include_context=False)
    fault, *others = sorted(faults, key=lambda one: one["type"] != "extra_forbidden")
    where = ".".join(str(part) for part in fault["loc"])
    what = {"missing": "is missing", "extra_forbidden": "is not a known key"}.get(fault["type"])
    what = what and what + (_meant(fault["loc"]) if fault["type"] == "extra_forbidden" else "")
    more = f" (and {len(others)} more)" if others else ""
    text = what or fault["msg"].removeprefix("Value error, ")
    return f"{where + ' ' if what else where + ': ' if where else ''}{text}{more}"
