"""Every sentence the product can say, in one file, so that a change of words is seen and read before it is kept.

python -m tests.golden.sentences            writes `sentences.txt` anew (`make sentences`)
python -m tests.golden.sentences --check    says what differs, and ends with 1 (part of `make check`)

A sentence is what an error says, the help of an option, and every other text of three words or more; what is filled in
is written {}. SQL, patterns and docstrings are none, and neither is what the simulators say.
"""

from __future__ import annotations

import ast
import re
import sys
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
FILE: Final = Path(__file__).with_name("sentences.txt")
APART: Final = ("adapters/simulators/", "adapters/log/proof/offline_verifier.py", "api/reference/")
_HELP: Final = {"help", "prompt", "title", "detail", "description", "summary", "metavar"}
_SQL: Final = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH|SET|BEGIN|LOCK|PRAGMA|GRANT|REVOKE|DO|CALL|COPY|VACUUM"
    r"|EXPLAIN|NOTIFY|LISTEN|TRUNCATE|ON CONFLICT|WHERE|FROM|ORDER BY|AND|JOIN|VALUES|RETURNING)\b(?-i:[ \n(])"
)
_WORDLESS: Final = (ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
_WORD: Final = re.compile(r"[^\W\d_]{2,}|\{\}|\b[aI]\b")
_PART: Final = re.compile(r"\{\w+\}")
_PATTERN: Final = re.compile(r"\\[sdwbn(]|\(\?|\[\^|\]\{|\]\+|\]\*")


def collected() -> str:
    """The text of the file: a heading for each module, its sentences in order, each once."""
    parts = []
    files = (path for folder in ("domain", "adapters", "api") for path in (ROOT / folder).rglob("*.py"))
    for name in sorted(path.relative_to(ROOT).as_posix() for path in files):
        if not name.startswith(APART):
            found = dict.fromkeys(sentences((ROOT / name).read_text(encoding="utf-8")))
            parts += ["\n".join([f"## {name}", *found])] if found else []
    return "\n\n".join(parts) + "\n"


def sentences(source: str) -> list[str]:
    found: list[str] = []
    _collect(ast.parse(source), found, said=False)
    return [" ".join(text.split()) for text in found]


def _collect(node: ast.AST, found: list[str], *, said: bool) -> None:
    """`said`: inside an error or the help of something, where one word is a sentence too."""
    text = _text(node)
    if text is not None:
        enough = said or len(_WORD.findall(text)) >= 3
        if enough and " " in text.strip() and not _SQL.match(text) and not _PATTERN.search(text):
            found.append(text)
        for part in _parts(node):
            _collect(part, found, said=said)
        return
    if isinstance(node, ast.Expr) and _text(node.value) is not None and not isinstance(node.value, ast.JoinedStr):
        return  # a docstring, or a text beside a constant
    inner = said or isinstance(node, ast.Raise) or (isinstance(node, ast.keyword) and node.arg in _HELP)
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns") or isinstance(node, ast.arg | ast.AnnAssign):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not isinstance(child, _WORDLESS):
                    _collect(child, found, said=inner)


def _parts(node: ast.AST) -> list[ast.expr]:
    """What is filled in."""
    if isinstance(node, ast.Call):
        return [part.value for part in node.keywords]
    values = node.values if isinstance(node, ast.JoinedStr) else []
    return [part.value for part in values if isinstance(part, ast.FormattedValue)]


def _text(node: Any) -> str | None:
    if isinstance(node, ast.Call) and _is_template(node):
        return _PART.sub("{}", str(node.args[0].value))  # type: ignore[attr-defined]
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _is_template(call: ast.Call) -> bool:
    """`say("Personio shows {field} again.", field=…)`: one sentence, whatever its parts are called."""
    said = call.args[0] if call.args else None
    of_say = isinstance(call.func, ast.Attribute) and call.func.attr == "say"
    return of_say and isinstance(said, ast.Constant) and isinstance(said.value, str)


def changed() -> str:
    """What is said now and not on record, and the other way round; empty when both agree."""
    recorded = FILE.read_text(encoding="utf-8")
    lines = unified_diff(recorded.splitlines(), collected().splitlines(), "sentences.txt", "the code", n=0, lineterm="")
    found = "\n".join(lines)
    return f"{found}\nWhat the product says has changed. If it reads as it should: make sentences" if found else ""


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(changed() or 0)
    FILE.write_text(collected(), encoding="utf-8")
