"""Certificates that were tampered with, for both verifiers: a table of single forgeries, and any number by chance."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

from adapters.log.offline_verifier import Rejected, Unreadable, text_from, verified
from adapters.log.verify_page.page import NAME, verify_page

TABLE: Final = Path(__file__).parents[1] / "golden" / "forgeries.json"
PROVEN, OWN_WORD, NOT_CHECKED = "proven", "own word", "not checked"
Chance = random.Random


@dataclass(frozen=True, slots=True)
class Claim:
    """The bytes of a file, and what somebody who checks it gives beside it."""

    what: str
    content: bytes
    trusted: str = ""
    witnesses: tuple[str, ...] = ()
    says: str = ""  # what both verifiers must say: a verdict, or why not


def table() -> Iterator[Claim]:
    """Of each row: edits of one of the certificates, what is given beside it, and what a verifier must say.

    An edit is what to look for and what to put there; with a number, what to put behind it that many times.
    """
    held = json.loads(TABLE.read_text())
    for row in held["rows"]:
        text = held["certificates"][row["of"]]
        for old, new, *times in row.get("edits", ()):
            assert old in text, (row["what"], old)
            text = text.replace(old, f"{old}{new * times[0]}" if times else new, 1)
        content = bytes.fromhex(row.get("before", "")) + text.encode() + bytes.fromhex(row.get("after", ""))
        given = row.get("trusted", "")
        yield Claim(row["what"], content, held["keys"].get(given, given), tuple(row.get("witnesses", ())), row["says"])


def said_offline(claim: Claim) -> str:
    """By offline_verifier.py: the verdict, or why it proves nothing."""
    try:
        lines = verified(text_from(claim.content), claim.trusted or None, claim.witnesses)
    except Unreadable:
        return NOT_CHECKED
    except Rejected as reason:
        return str(reason).partition(":")[0]
    verdict = next(line for line in lines if not line.startswith("WARNING")).partition(":")[0]
    return {"PROVEN": PROVEN, "FITS TOGETHER, BUT WHOSE LOG IT IS WAS NOT CHECKED": OWN_WORD}[verdict]


SAID_IN_A_BROWSER: Final = """async (claims) => {
  const said = [];
  for (const [content, trusted, witnesses] of claims) {
    const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    try {
      said.push((await check(bytes, trusted, witnesses)).verdict);
    } catch (reason) {
      if (reason instanceof Unable) said.push("not checked");
      else if (reason instanceof Rejected) {
        said.push(reason.message.replace(/[{](\\w+)[}]/g, (_, name) => reason.parts[name]));
      } else throw reason;
    }
  }
  return said;
}"""


def said_in_a_browser(page: Page, claims: Sequence[Claim]) -> list[str]:
    """By the saved page, which is open: all of them in one call."""
    told = [[base64.b64encode(one.content).decode(), one.trusted, one.witnesses] for one in claims]
    found: list[str] = page.evaluate(SAID_IN_A_BROWSER, told)
    return found


SHOWN_ON_THE_SCREEN: Final = """async (claims) => {
  const shown = [];
  for (const [content, trusted, witnesses] of claims) {
    const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    const elements = (await outcomeOf(new File([bytes], "one.json"), trusted, witnesses.join("\\n")))();
    shown.push([elements[0].className, elements[0].textContent]);
  }
  return shown;
}"""


def shown_on_the_screen(page: Page, claims: Sequence[Claim]) -> list[tuple[str, str]]:
    """The verdict of each as the saved page shows it, in its language: how it is painted, and its words."""
    told = [[base64.b64encode(one.content).decode(), one.trusted, one.witnesses] for one in claims]
    return [(painted, words) for painted, words in page.evaluate(SHOWN_ON_THE_SCREEN, told)]


@contextmanager
def saved_page(browser: Browser, folder: Path, **how: Any) -> Iterator[Page]:
    """Opened from a file with the network cut. Fails on whatever it asks for or complains of."""
    path = folder / NAME
    path.write_bytes(verify_page())
    context = browser.new_context(offline=True, **how)
    page, wrong = context.new_page(), list[str]()
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url == path.as_uri() else wrong.append(asked.url))
    page.goto(path.as_uri())
    yield page
    context.close()
    assert wrong == []


def by_chance(certificates: Sequence[str], many: int, chance: Chance, trusted: str) -> Iterator[Claim]:
    """Each other than the certificate that it was made of in more than its spelling."""
    for number in range(many):
        text = certificates[number % len(certificates)]
        while True:
            content = (restructured(text, chance) if chance.random() < 0.3 else changed_text(text, chance)).encode()
            if chance.random() < 0.1:
                content = changed_bytes(content, chance)
            if not same_certificate(text, content):
                break
        yield Claim("by chance", content, trusted if chance.random() < 0.5 else "")


def restructured(text: str, chance: Chance) -> str:
    value: dict[str, Any] = json.loads(text)
    match chance.randrange(9):
        case 0:
            value["event"]["position"] += chance.choice([-1, 1, 2**53, 2**63])
        case 1:
            value["event"]["version"] = chance.choice([True, 1.0, "1", None, -1])
        case 2:
            value["proof"] = value["proof"][::-1] if chance.random() < 0.5 else value["proof"][1:]
        case 3:
            value["proof"].append(value["proof"][0])
        case 4:
            del value[chance.choice([name for name in value if name != "openings"])]  # a true one without shows less
        case 5:
            value["field_keys"].append({"key_id": "k2", "subject": "s", "retention": "id_5y", "secret": "AAAA"})
        case 6:
            added = {"key_id": "k1", "retention": chance.choice(["id_5y", "fiscal_7y"]), "plain": "A" * 64}
            value["openings"] = [*value.get("openings", []), *chance.choice([[added], value.get("openings", [added])])]
        case 7:
            value["event"]["state"] += chance.choice([" ", "\ud800"])
        case _:
            name = chance.choice(list(value))
            return json.dumps(value)[:-1] + f", {json.dumps(name)}: {json.dumps(value[name])}}}"
    return json.dumps(value)


def changed_text(text: str, chance: Chance) -> str:
    """The text with one character flipped, lost, added or moved."""
    while True:
        at = chance.randrange(len(text))
        match chance.randrange(4):
            case 0:
                changed = text[:at] + chr(ord(text[at]) ^ 1 << chance.randrange(7)) + text[at + 1 :]
            case 1:
                changed = text[:at] + text[at + 1 :]
            case 2:
                changed = text[:at] + chance.choice('"\\0A=+,:{}[]é —\n') + text[at:]
            case _:
                changed = text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
        if changed != text:
            return changed


def changed_bytes(content: bytes, chance: Chance) -> bytes:
    """With a byte in it that is no text, a second mark of the byte order, or something behind it."""
    at = chance.randrange(len(content))
    match chance.randrange(3):
        case 0:
            return content[:at] + chance.choice([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\0"]) + content[at:]
        case 1:
            return b"\xef\xbb\xbf\xef\xbb\xbf" + content
        case _:
            return content + chance.choice([b"{}", b"\0", b",", b"\x0b", b"\xc2\xa0"])


def same_certificate(text: str, changed: bytes) -> bool:
    """Whether only spelling differs: JSON has several for one text."""

    def members(pairs: list[tuple[str, Any]]) -> Any:
        return dict(pairs) if len({name for name, _ in pairs}) == len(pairs) else pairs

    try:
        return json.dumps(json.loads(text)) == json.dumps(json.loads(changed.decode(), object_pairs_hook=members))
    except ValueError:
        return False
