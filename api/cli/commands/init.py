"""`tweeluik init`: looks around in both systems and writes a first configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from api.bootstrap import first_loket_client, first_personio_client, open_store
from api.cli.app import app
from api.cli.commands.login import asked, asked_secret
from api.cli.output import printable, say
from api.config.draft import Draft
from api.config.first import configuration_path, load_first
from api.config.settings import checked
from domain.attributes import CODED_ROWS, FIRST_CLASS, GATES, Role
from domain.errors import Misconfigured
from domain.examination import Code, CustomAttribute
from domain.services.setup import propose
from domain.services.setup.propose import AdministrationFound, EntityFound


@app.command()
def init(
    context: typer.Context,
    personio_client_id: Annotated[str, typer.Option(help="Id of the Personio credential.", show_default=False)] = "",
    loket_client_id: Annotated[str, typer.Option(help="Loket's id of your client.", show_default=False)] = "",
    attribute: Annotated[
        list[str] | None, typer.Option(help="ROLE=ATTRIBUTE, where no label tells; repeatable.", show_default=False)
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option(help="LEGAL ENTITY=PAYROLL ADMINISTRATION, by their ids; repeatable.", show_default=False),
    ] = None,
) -> None:
    """Looks around in both systems and writes a first tweeluik.toml; `tweeluik login` comes before it.

    Where a configuration exists nothing is overwritten: what it does not have yet is printed.
    """
    path = configuration_path(context.obj.config)
    first = load_first(path)
    personio_id = personio_client_id or first.personio.client_id or asked("Personio client id")
    personio_secret = first.personio.client_secret.get_secret_value() or asked_secret(
        path, "personio", "client_secret", "Personio client secret"
    )
    loket_id = loket_client_id or first.loket.client_id or asked("Loket client id")
    with (
        open_store(first) as store,
        closing(first_personio_client(first, personio_id, personio_secret)) as personio,
        closing(first_loket_client(first, store, loket_id)) as loket,
    ):
        entities = personio.legal_entities()
        attributes = personio.attributes()
        types = personio.compensation_types()
        administrations = loket.administrations()
        employers = dict.fromkeys(one.employer_id for one in administrations)
        codes = next((found for one in employers if (found := loket.codes(one))), {})  # the same at every employer
    told = _pairs(attribute or [], "--attribute")
    roles = _roles(attributes, told, ask=not path.exists())
    chosen = _links(entities, administrations, _pairs(link or [], "--link"), ask=not path.exists())
    draft = Draft(
        first,
        personio_id,
        loket_id,
        roles,
        chosen,
        unmapped=[role for role in propose.LABELS if role not in roles],
        left_out=[one for one in entities if one.id not in {entity.id for entity, _ in chosen}],
        compensation_types=types,
        codes={
            role: propose.known_codes(known, codes.get(known.list_name.casefold(), ()))
            for role, known in CODED_ROWS.items()
            if role in roles or role in FIRST_CLASS
        },
    )
    if path.exists():
        _print_news(path, draft)
        return
    _write(path, draft.text())
    for role, proposed in draft.codes.items():
        words = CODED_ROWS[Role(role)].known_as
        if len(proposed) < len(words):
            named = " and ".join(word.casefold() for word in words)
            say(f"Loket's words for {named} are not known: check [loket.codes.{role}]")
    for role in draft.unmapped:
        say(f"not found by its label, so not synced: {role}")
    for one in draft.left_out:
        say(f"not synced: legal entity {one.id} {one.name}")
    examples = " ".join(entity.id for entity, _ in chosen[:1])
    print(printable(f"written: {path}; next: tweeluik doctor --entity {examples}"))


def _pairs(words: Iterable[str], option: str) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not (name and sign and value):
            raise Misconfigured(f"{option} is written NAME=VALUE, not {word}")
        pairs[name] = value
    return pairs


def _roles(found: Sequence[CustomAttribute], told: Mapping[str, str], *, ask: bool) -> dict[str, tuple[str, str]]:
    """By role: what was told, else what its label says, else what a person answers for what is needed."""
    labels = {one.id: one.label for one in found}
    unknown = [role for role in told if Role(role) not in propose.LABELS]
    if unknown:
        raise Misconfigured(f"{unknown[0]} is not a role; see: tweeluik attributes")
    roles: dict[str, tuple[str, str]] = {str(role): (one.id, one.label) for role, one in propose.roles(found).items()}
    roles |= {role: (each, labels.get(each, "not in the list of attributes")) for role, each in told.items()}
    for gate in GATES if ask else ():
        if gate not in roles:
            answer = asked(f"No attribute is labelled like {gate}; its attribute id")
            roles[gate] = (answer, labels.get(answer, "as answered"))
    return {role: roles[role] for role in propose.LABELS if role in roles}


def _links(
    entities: Sequence[EntityFound], found: Sequence[AdministrationFound], told: Mapping[str, str], *, ask: bool
) -> list[tuple[EntityFound, AdministrationFound]]:
    by_id = {one.id: one for one in found}
    unseen = [one for one in told.values() if one not in by_id]
    if unseen:
        raise Misconfigured(f"the Loket user does not see payroll administration {unseen[0]}")
    dutch = [one for one in entities if one.may_be_dutch]
    links = propose.administrations(dutch, found) | {entity: by_id[each] for entity, each in told.items()}
    if ask and not links:
        for one in dutch:
            say(f"legal entity {one.id} {one.name}: no payroll administration has its name")
        for each in found:
            say(f"  {each.id} {each.name} ({each.employer_name})")
        raise Misconfigured("say which belongs to which: --link LEGAL_ENTITY=PAYROLL_ADMINISTRATION")
    return [(one, links[one.id]) for one in entities if one.id in links]


def _write(path: Path, text: str) -> None:
    """Only what passes our own validation, and never over a file that came to be meanwhile."""
    checked(tomllib.loads(text), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _print_news(path: Path, draft: Draft) -> None:
    """What the configuration does not have: lines to be added by hand."""
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    mapped = said.get("personio", {}).get("attributes", {})
    listed = {str(one.get("personio_id")) for one in said.get("legal_entity", [])}
    news = [
        f'[personio.attributes] {role} = "{each}" # {label}'
        for role, (each, label) in draft.roles.items()
        if role not in mapped and each not in mapped.values()
    ]
    news += [
        f'[personio.attributes] {role} = "{each}" # {label}; now it is {mapped[role]}'
        for role, (each, label) in draft.roles.items()
        if role in mapped and mapped[role] != each
    ]
    news += [line for role, found in draft.codes.items() for line in _other_keys(role, found, said)]
    news += [
        f'[[legal_entity]] personio_id = "{entity.id}", name = "{entity.name}", loket_employer_id = '
        f'"{one.employer_id}", loket_payroll_administration_id = "{one.id}"'
        for entity, one in draft.links
        if entity.id not in listed
    ]
    told = "is left as it is; what it does not have:" if news else "has everything that was found"
    print(printable(f"{path} {told}"))
    for line in news:
        print(printable(f"  {line}"))


def _other_keys(role: str, found: Mapping[str, Code], said: Mapping[str, Any]) -> list[str]:
    """Words that Loket calls by another key than the configuration gives them; a customer's own words are none."""
    if any(one.get("role") == role and one.get("codes") for one in said.get("attribute", [])):
        return []
    told = said.get("loket", {}).get("codes", {}).get(role, CODED_ROWS[Role(role)].keys)
    return [
        f"[loket.codes.{role}] {word} = {code.key} # {code.word}; now it is {told.get(word, 'missing')}"
        for word, code in found.items()
        if str(told.get(word)) != code.key
    ]
