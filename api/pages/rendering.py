"""Templates to pages: everything is escaped, and a name that is missing is a fault, never a blank."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from api import languages
from api.days import as_typed
from api.languages import tongue, translations
from api.pages import words
from api.presenters.held import held_sentence
from domain.attributes import name_of
from domain.planning.findings import ACTS, DO, NOTICE_TEXT, WRONG
from domain.rules import RULES
from domain.views.matters import ABOUT, WHO
from domain.views.sentences.endings import ending, message
from domain.views.sentences.retold import retold

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"
_TYPES: Final = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def files() -> Mapping[str, tuple[bytes, str]]:
    """Every static file by the name it is served under, which holds its hash: content and type."""
    return {
        f"{path.stem}.{_hash(path.read_bytes())}{path.suffix}": (path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(STATIC.iterdir())
        if path.suffix in _TYPES
    }


@cache
def address_of(name: str) -> str:
    """Where a static file is served."""
    path = STATIC / name
    return f"/static/{path.stem}.{_hash(path.read_bytes())}{path.suffix}"


@cache
def edition() -> str:
    """Changes with every change of a template, a static file or a catalogue: what browsers hold is then old."""
    parts = [path for path in sorted(HERE.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return _hash(b"".join(path.read_bytes() for path in parts))


def render(template: str, language: str, **content: Any) -> str:
    return environment(language).get_template(template).render(content)


@cache
def environment(language: str) -> Environment:
    say = _saying(language)
    found = _Spoken(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.say = say
    found.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    found.policies["ext.i18n.trimmed"] = True
    found.globals["_"] = say
    found.globals |= {
        "language": language, "fresh_key": partial(secrets.token_hex, 16), "address_of": address_of,
        "ACTS": words.ACTS, "LOOKS": words.LOOKS, "ENDS": words.ENDS, "CAUSES": words.CAUSES, "TRAILS": words.TRAILS,
        "AHEAD": words.AHEAD,
        "OUTCOMES": words.OUTCOMES, "STATUSES": words.STATUSES,
        "TONES": words.TONES, "ROLES": words.ROLES, "LINKS": words.LINKS, "LANGUAGES": words.NAMES,
        "SIZES": words.SIZES, "made": partial(words.made, language=language),
        "STANDINGS": words.STANDINGS, "JOBS": words.JOBS, "STEPS": words.STEPS, "RETENTIONS": words.RETENTIONS,
        "SHOWINGS": words.SHOWINGS, "REPORTS": words.REPORTS, "REPORT_STATES": words.REPORT_STATES,
        "FORMATS": words.FORMATS, "DELIVERIES": words.DELIVERIES, "ERASED": words.ERASED, "KEPT": words.KEPT,
        "WHY": words.WHY, "VERDICTS": words.VERDICTS, "WHO": WHO,
        "SETTINGS": words.SETTINGS, "RULES": RULES,
        "WRONG": WRONG, "DO": DO, "ACTS_ON": ACTS, "NOTICE_TEXT": NOTICE_TEXT, "ABOUT": ABOUT,
    }  # fmt: skip
    found.filters |= {
        "field": partial(name_of, say=translations(language).gettext),
        "setting": partial(_in, words.setting, language),
        "explained": _explained,
        "as_typed": partial(_in, as_typed, language),
        "day": partial(_day, language), "moment": partial(_moment, language),
        "clock": partial(_in, languages.clock, language), "number": partial(_in, languages.number, language),
        "detail": partial(retold, t=tongue(language)), "message": partial(message, t=tongue(language)),
        "ending": partial(ending, t=tongue(language)),
        "actor": partial(_in, words.actor, language), "held": partial(_in, held_sentence, language),
        "how_far": partial(_in, words.how_far, language),
    }  # fmt: skip
    return found


class _Spoken(Environment):
    """What a template says the same every time becomes part of its text, in its language, when it is read."""

    say: Callable[[str], Markup]

    def _generate(self, source: nodes.Template, *args: Any, **more: Any) -> str:
        said: str = super()._generate(_Saying(self.say).visit(source), *args, **more)
        return said


class _Saying(NodeTransformer):
    def __init__(self, say: Callable[[str], Markup]) -> None:
        self._say = say

    def visit_Call(self, call: nodes.Call) -> nodes.Node:  # noqa: N802  the visitor's name for it
        self.generic_visit(call)
        match call:
            case nodes.Call(node=nodes.Name(name="_" | "gettext"), args=[nodes.Const(value=text)], kwargs=[]):
                return nodes.Const(self._say(text), lineno=call.lineno)
        return call


def _saying(language: str) -> Callable[..., Markup]:
    """What the extension's own `_` says, each plain text worked out once: a long table says the same in every row."""
    translate = translations(language).gettext

    @lru_cache(maxsize=4096)
    def plain(text: str) -> Markup:
        return Markup(translate(text)) % {}  # noqa: S704  our own words

    def said(text: str, **places: object) -> Markup:
        return Markup(translate(text)) % places if places else plain(text)  # noqa: S704

    return said


def _explained(code: str) -> str:
    """Where a code is told of in words; empty for one that only a later version knows."""
    if code in RULES:
        return f"/rules/{code}"
    return f"/rules#{code}" if code in WRONG or code in NOTICE_TEXT else ""


def _in(function: Any, language: str, value: Any) -> str:
    said: str = function(value, language)
    return said


def _day(language: str, when: Any) -> str:
    """On one line, however narrow the page."""
    return _in(languages.day, language, when).replace(" ", _UNBROKEN)


def _moment(language: str, when: Any) -> str:
    """The day on one line; the time may stand on the next."""
    day, _, clock = _in(languages.moment, language, when).rpartition(" ")
    return f"{day.replace(' ', _UNBROKEN)} {clock}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
