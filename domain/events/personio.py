"""What was seen of a person in Personio: stream person:<person id>."""

from __future__ import annotations

from datetime import datetime

from domain.events.values import FieldValue
from domain.log import Fact
from domain.personal import Personal


class GatesObserved(Fact, frozen=True, kw_only=True):
    """What decides whether a person is synced; recorded at first sight and at every change (WHO-1 to WHO-5)."""

    legal_entity: str
    status: str | None  # employment status as Personio says it; None when not observed
    considered: str  # yes, no, undecidable
    employee_number: int | None
    income_number: int | None


class AttributesObserved(Fact, frozen=True, kw_only=True):
    """An included person's attributes at first sight."""

    subject: str
    values: tuple[FieldValue, ...]


class AttributeChanged(Fact, frozen=True, kw_only=True):
    """An attribute differs from the previous observation; nobody claims who changed it or when (AUD-5)."""

    subject: str
    field: str
    before: Personal
    after: Personal
    previously_observed_at: datetime


class AttributeVisibilityChanged(Fact, frozen=True, kw_only=True):
    """Personio began or ceased to show us an attribute. It is not a change of its value (EDIT-2)."""

    field: str
    visible: bool


class PersonNotSeen(Fact, frozen=True, kw_only=True):
    """A complete sweep no longer shows the person in the legal entity: the first look, which ends nothing (RUN-7)."""

    legal_entity: str
    answer: str  # gone: asked for by id, Personio answered 404; elsewhere: shown outside; unclear: neither
    shown_in: str | None = None  # the legal entity that was shown


class PersonSeenAgain(Fact, frozen=True, kw_only=True):
    """The person is in the legal entity after all: whatever was not seen says nothing any more (RUN-7)."""

    legal_entity: str


class PersonLeftEntity(Fact, frozen=True, kw_only=True):
    """Complete sweeps no longer assign the person to the legal entity; since RUN-7 asks for it, two of them."""

    legal_entity: str
    moved_to: str | None = None
