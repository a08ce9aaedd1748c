"""The description of the API as one page: no script, nothing from another server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code,pre{font:14px/1.4 ui-monospace,monospace}pre{background:#f4f4f4;padding:1rem;overflow:auto}"
    "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:left}"
)


def page(api: Mapping[str, Any]) -> str:
    info, base = api["info"], next((one["url"] for one in api.get("servers", ())), "")
    body = "".join(
        part
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
        for part in _operation(method, base + path, operation)
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(info['title'])}</title>"
        f"<style>{_STYLE}</style><h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>{body}</html>"
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    yield f"<p>{escape(operation.get('description', ''))}</p>"
    parameters = operation.get("parameters", [])
    if parameters:
        yield "<table><tr><th>parameter<th>in<th>needed<th>meaning</tr>"
        for one in parameters:
            needed = "yes" if one.get("required") else ""
            meaning = escape(one.get("description", ""))
            yield f"<tr><td>{escape(one['name'])}<td>{one['in']}<td>{needed}<td>{meaning}</tr>"
        yield "</table>"
    for status, answer in operation.get("responses", {}).items():
        yield f"<p>{status}: {escape(answer.get('description', ''))}</p>"
        for content in answer.get("content", {}).values():
            for name, example in content.get("examples", {}).items():
                if "value" in example:  # a problem that any route may answer with is not repeated
                    shown = json.dumps(example["value"], indent=2, ensure_ascii=False)
                    yield f"<p>For example, {escape(name)}:</p><pre>{escape(shown)}</pre>"
