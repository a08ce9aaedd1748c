"""The tables `[[attribute]]` of the configuration: what a customer adds to the catalogue, or changes in it."""

from __future__ import annotations

from collections.abc import Set

from pydantic import Field

from adapters.loket.documents import CODED, INTEGERS
from api.config.section import Section
from domain.attributes import CATALOGUE, CODED_ROWS, FIRST_CLASS, Kind, Override, Role
from domain.values import FieldPath


class AttributeSection(Section):
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

    def check(self, coded_apart: Set[str]) -> None:
        """Raises ValueError where the row changes nothing or lacks something; `coded_apart` have a table of codes."""
        ours = Role(self.role) in {row.role for row in CATALOGUE}
        coded = Role(self.role) in CODED_ROWS if ours else self.leaf in CODED
        if self.role in FIRST_CLASS and not self.off:
            where = f"; its codes are in [loket.codes.{self.role}]" if coded else ""
            raise ValueError(f"[[attribute]] {self.role} changes nothing{where}")
        if not self.off and not self.loket_path and not ours:
            raise ValueError(f"[[attribute]] {self.role} needs a loket_path")
        if self.codes and not coded:
            field = self.loket_path or self.role
            raise ValueError(f"[[attribute]] {self.role} has codes, but {field} is not a coded field")
        if self.codes and self.role in coded_apart:
            where = f"[[attribute]] and in [loket.codes.{self.role}]"
            raise ValueError(f"the codes of {self.role} are in {where}: keep one of the two")
        if coded and not self.codes and not ours:
            raise ValueError(f"[[attribute]] {self.role} needs codes: Loket's key for each word of Personio's")

    def override(self) -> Override:
        return Override(
            Role(self.role),
            FieldPath(self.loket_path) or None,
            self.max_length,
            self.nullable,
            self.off,
            kind=self.kind,
            in_concept=self.in_concept,
            keys={word: str(key) for word, key in self.codes.items()},
        )
