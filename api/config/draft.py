"""The first tweeluik.toml, with comments and without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.config.first import FirstSettings
from domain.examination import Code
from domain.services.setup.propose import AdministrationFound, EntityFound


@dataclass(frozen=True, slots=True)
class Draft:
    """What was found and decided. `roles`: role -> (attribute id, label)."""

    first: FirstSettings
    personio_client: str
    loket_client: str
    roles: Mapping[str, tuple[str, str]]
    links: Sequence[tuple[EntityFound, AdministrationFound]]
    unmapped: Sequence[str] = ()
    left_out: Sequence[EntityFound] = ()
    compensation_types: Sequence[tuple[str, str]] = field(default_factory=tuple)
    codes: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)  # by role: Loket's key by Personio's word

    def text(self) -> str:
        first = self.first
        lines = [
            "# Written by `tweeluik init`. Every other setting, with its default: docs/tweeluik.example.toml.",
            "# Secrets are not in here: they are in tweeluik.secrets.toml beside this file, or in the environment.",
            "",
            "[log]",
            'url = "sqlite:///var/tweeluik.db"',
            "",
            "[personio]",
            f"base_url = {_quoted(first.personio.base_url)}",
            f"client_id = {_quoted(self.personio_client)}",
            "",
            "[personio.attributes]",
            *(f"{role} = {_quoted(each)} # {_comment(label)}" for role, (each, label) in self.roles.items()),
            *(f'# {role} = "..." # not found by its label: not synced' for role in self.unmapped),
            "",
            "[loket]",
            f"base_url = {_quoted(first.loket.base_url)}",
            f"token_url = {_quoted(first.loket.token_url)}",
            f"client_id = {_quoted(self.loket_client)}",
            "",
        ]
        for role, codes in self.codes.items():
            if codes:
                lines += [f"[loket.codes.{role}]"]
                lines += [f"{_key(word)} = {code.key} # {_comment(code.word)}" for word, code in codes.items()]
                lines.append("")
        lines += [
            "# Personio does not say whether it shows a part-timer's full-time or own amount: the wrong one pays half",
            "# or double. `tweeluik doctor` holds it against wages in Loket, and says which of the two to put here.",
            "# [pay]",
            '# amounts_are = "full_time" # or "effective", the own amount; until it is set: "undecided"',
            "",
        ]
        if self.compensation_types:
            lines += ["# Pay beside the base salary goes to Loket only when its type is mapped. This tenant has:"]
            lines += ["# [pay.components]"]
            for name, category in self.compensation_types:
                kind = "one_time" if category == "ONE_TIME" else "recurring"
                lines.append(f'# {_quoted(name)} = {{ component = 0, kind = "{kind}" }}')
            lines.append("")
        for entity, found in self.links:
            lines += [
                "[[legal_entity]]",
                f"personio_id = {_quoted(entity.id)}",
                f"name = {_quoted(entity.name)}",
                f"loket_employer_id = {_quoted(found.employer_id)} # {_comment(found.employer_name)}",
                f"loket_payroll_administration_id = {_quoted(found.id)} # {_comment(found.name)}",
                "# compensation_start_date = 2027-01-01 # from this day on Loket's pay is made equal to Personio's",
                "",
            ]
        lines += [f"# not synced: legal entity {one.id} {_comment(one.name)}" for one in self.left_out]
        return "\n".join(lines).rstrip() + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's is one."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(word: str) -> str:
    """Bare where TOML takes it so."""
    return word if re.fullmatch("[A-Za-z0-9_-]+", word) else _quoted(word)


def _comment(text: str) -> str:
    """On one line, whatever was typed into the other system."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
