"""The reference pages, written from the code: `python -m api.reference.generate` writes them, `--check` compares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from adapters.log.verify_page.page import sha256_of_page
from api.cli.app import loaded
from api.cli.listed import COMMANDS
from api.presenters.attributes import OUR_LIST
from api.reference.scenarios import features, texts_written, written
from domain.attributes import CATALOGUE
from domain.events.catalogue import STORED_NAMES
from domain.log import Fact
from domain.planning.findings import ACTS, DO, NOTICE_ACTS, NOTICE_TEXT
from domain.rules import RULES

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference"
_HEAD: Final = "<!-- written by `make docs`; do not edit -->\n\n"


def rules() -> Iterator[str]:
    """Every rule the product obeys."""
    yield "# Rules\n\nEvery event, outcome and scenario cites these ids. The statements are in our own words.\n"
    where = features(FOLDER.parents[1] / "features")
    rows = ((one.id, one.statement, one.source, _linked(where.get(one.id))) for one in RULES.values())
    yield from _table(("id", "rule", "source", "scenarios"), rows)


def _linked(feature: str | None) -> str:
    return f"[{feature.replace('_', ' ')}](../../features/{feature}.feature)" if feature else "none: nothing is done"


def attributes() -> Iterator[str]:
    """The attribute catalogue."""
    yield f"# Attributes\n\n{OUR_LIST} Configuration may add entries, change their limits or switch them off.\n"
    rows = (
        (
            one.role,
            one.field,
            one.concept or "no place",
            one.max_length or "",
            "clears the field" if one.nullable else "is a finding",
            one.retention.value,
        )
        for one in CATALOGUE
    )
    yield from _table(("role", "Loket field", "in a concept employee", "limit", "a blank", "kept for"), rows)


def findings() -> Iterator[str]:
    """Findings and notices."""
    yield "# Findings and notices\n\nA finding blocks the whole legal entity until it is fixed or the person is"
    yield "excluded (Consider in NL payroll = No). A notice never blocks. Who acts is HR in Personio,"
    yield "payroll in Loket, or the operator of the connection.\n\n## Findings\n"
    yield from _table(("code", "who", "do"), ((code.value, ACTS[code], text) for code, text in DO.items()))
    yield "\n## Notices\n"
    rows = ((code.value, NOTICE_ACTS[code], text) for code, text in NOTICE_TEXT.items())
    yield from _table(("code", "who", "meaning"), rows)


def events() -> Iterator[str]:
    """The event catalogue."""
    yield "# Events\n\nStored names and versions never change; fields marked * are personal and sealed.\n"
    for name, fact in STORED_NAMES.items():
        yield f"\n## `{name}`\n\n{(fact.__doc__ or fact.__name__).strip().splitlines()[0]}\n"
        own = [field for field in fact.__struct_fields__ if field not in ("rule", "effective_on")]
        marked = [f"`{field}`{'*' if _is_personal(fact, field) else ''}" for field in own]
        yield f"Fields: {', '.join(marked) or 'none of its own'}."


def _is_personal(fact: type[Fact], field: str) -> bool:
    said = str(fact.__annotations__.get(field, ""))
    return any(word in said for word in ("Personal", "FieldValue", "FieldChange"))


def commands() -> Iterator[str]:
    """Every command with its options."""
    yield "# Commands\n\n`tweeluik [--config PATH] [--as NAME] COMMAND`. Data goes to stdout, everything else to"
    yield "stderr; `--json` prints one JSON object. Every command may end with 2 (usage, configuration, rights, tokens)"
    yield "and every command that reads a system with 6 (unreachable, or not completely read).\n"
    for name, command in sorted(_commands({name: loaded(name) for name in COMMANDS})):
        yield f"\n## `tweeluik {name}`\n\n{_paragraph(command.help or '')}\n"
        shown = (one for one in command.params if one.name not in ("help", "install_completion", "show_completion"))
        rows = [(_usage(one), (getattr(one, "help", None) or "").strip()) for one in shown]
        yield from _table(("option", "meaning"), rows) if rows else ()


def _commands(group: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.items():
        if hasattr(command, "commands"):
            yield from _commands(command.commands, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def _usage(parameter: Any) -> str:
    return f"`{parameter.opts[0]}`" if parameter.param_type_name == "option" else f"`{parameter.name.upper()}`"


def _paragraph(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def saved_page() -> Iterator[str]:
    """What verify.html is compared with."""
    yield "# verify.html\n\nThe page that proves a certificate in a browser, offline ([auditing.md](../auditing.md))."
    yield f"Of this version its SHA-256 is\n\n    {sha256_of_page()}\n"
    yield "`sha256sum verify.html` computes it on Linux, `shasum -a 256 verify.html` on macOS, and"
    yield "`certutil -hashfile verify.html SHA256` on Windows. Take the value to compare with from a place that"
    yield "whoever gave you the file cannot write to, such as your own copy of the source at this version."


PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    "rules.md": rules,
    "attributes.md": attributes,
    "findings.md": findings,
    "events.md": events,
    "commands.md": commands,
    "verify-page.md": saved_page,
}


def main(*, check: bool) -> int:
    """Write every page, or say which is not up to date."""
    stale = _scenarios(check=check)
    for name, page in PAGES.items():
        text = _HEAD + "\n".join(page()) + "\n"
        path = FOLDER / name
        if check:
            stale += [name] if not path.exists() or path.read_text(encoding="utf-8") != text else []
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"out of date: {', '.join(stale)}; run make docs", file=sys.stderr)
    return 1 if stale else 0


def _scenarios(*, check: bool) -> list[str]:
    """What the API and the pages tell of the feature files."""
    stale = []
    for name, write in (("scenarios.json", written), ("scenario_texts.json", texts_written)):
        text, path = write(FOLDER.parents[1] / "features"), Path(__file__).with_name(name)
        if not check:
            path.write_text(text, encoding="utf-8")
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    return stale


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
