"""Checks a Tweeluik certificate or evidence archive offline.

    python offline_verifier.py FILE [--public-key FILE] [--witness-key FILE]

Stands alone: this one file, Python's standard library and the package `cryptography`. It proves that the event in the
certificate is part of the log whose key signed the checkpoint, exactly as it was stored; of an archive (.zip), that
nothing in it was changed, added or removed since it was signed, and every certificate in it. Exit 0: proven; 1: not; 2:
the file or the key could not be read, or what was found could not be written.

Without --public-key the key inside the certificate is used: then compare the key that is printed with the one you hold.
The file of --public-key holds that key, or its fingerprint: the SHA-256 of the key as text, in hexadecimal.
With --witness-key, a file with one witness's key a line, each of them must have cosigned the checkpoint: then not even
the holder of the log's key can have shown these witnesses another history.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Rejected(Exception):
    """The certificate proves nothing; the text says why."""


class Unreadable(Exception):
    """Nothing was concluded; the text says why."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a Tweeluik certificate offline.")
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--public-key", type=Path, metavar="FILE", help="the log's key, from a source you trust")
    parser.add_argument("--witness-key", type=Path, metavar="FILE", help="keys of witnesses that must have cosigned it")
    options = parser.parse_args(arguments)
    try:
        trusted = text_from(begun_in(options.public_key)).strip() if options.public_key else None
        witnesses = text_from(begun_in(options.witness_key)).split() if options.witness_key else []
        begun = begun_in(options.certificate)
        if begun.startswith(_FILE):
            lines = verified_archive(options.certificate, trusted, witnesses)
        else:
            lines = verified(text_from(begun), trusted, witnesses)
        return written("\n".join(lines), 0)
    except Rejected as error:
        return written(f"NOT PROVEN: {shown(str(error))}", 1)
    except (OSError, Unreadable, MemoryError) as error:
        print(f"cannot be read: {str(error) or 'it is too large for this machine'}", file=sys.stderr)
        return 2


def written(text: str, code: int) -> int:
    """Nobody takes for a verdict what they did not get to see."""
    try:
        if sys.stdout is None:
            raise OSError("there is no output")
        with suppress(AttributeError):
            sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        print(text, flush=True)
    except (OSError, ValueError) as error:
        with suppress(AttributeError, OSError, ValueError):  # else Python tries once more at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"what was found could not be written: {error}", file=sys.stderr)
        return 2
    return code


_LONGEST_TEXT: Final = 4 * 1024 * 1024  # bytes of a certificate or a key


def begun_in(path: Path) -> bytes:
    """All of a text, and of what is longer enough to know it."""
    with path.open("rb") as file:
        return file.read(_LONGEST_TEXT + 1)


def text_from(data: bytes) -> str:
    """Of a certificate or a key. Raises Unreadable."""
    if len(data) > _LONGEST_TEXT:
        raise Unreadable("the file is larger than any certificate")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("the file is neither text nor an evidence archive") from error


def verified(text: str, trusted_key: str | None = None, witnesses: Sequence[str] = ()) -> list[str]:
    """What the certificate proves, a sentence a line. Raises Rejected. `trusted_key` may be its fingerprint."""
    certificate = parsed(text)
    event, key = certificate["event"], certificate["public_key"]
    if trusted_key is not None and not is_key(key, trusted_key):
        raise Rejected("it was signed with another key than the one you trust")
    size, root = checkpoint(certificate["checkpoint"], key)
    proof = [decoded(each) for each in certificate["proof"]]
    if not included(leaf(event), event["position"], size, proof, root):
        raise Rejected("the event is not in the log that was signed, or not as it is shown")
    state = state_of(event)
    lines = [
        *warned(certificate.get("warning"), key),
        f"{verdict(trusted_key)}: event {event['position']}, {shown(event['name'])}, "
        f"is part of the signed log of {size} events.",
        f"stream: {shown(event['stream'])}, version {event['version']}",
        f"recorded at: {shown(state['recorded_at'])}, by {shown(state['actor'])}",
        f"signed with: {shown(key)}" + ("" if trusted_key else "  (the certificate's own word: compare it with yours)"),
        f"fingerprint of that key: {fingerprint(key)}",
        *witnessed(certificate["checkpoint"], witnesses),
    ]
    values = opened(event, state, certificate["field_keys"]) + proven(event, state, certificate.get("openings", []))
    return lines + [f"{shown(place)}: {shown(value)}" for place, value in sorted(values)]


def verdict(trusted_key: str | None) -> str:
    """Anybody can make what fits together with a key of their own."""
    return "PROVEN" if trusted_key else "FITS TOGETHER, BUT WHOSE LOG IT IS WAS NOT CHECKED"


def verified_archive(path: Path, trusted_key: str | None = None, witnesses: Sequence[str] = ()) -> list[str]:
    """What an evidence archive proves, a sentence a line. Raises Rejected, and Unreadable for what is none."""
    with path.open("rb") as file:
        try:
            packed = {one.name: one for one in files_in(file)}
            if not packed.keys() >= _LISTED:
                raise Rejected("the archive lacks its signed list")
            unlisted = ("SHA256SUMS", "SHA256SUMS.note")
            sums = {name: digest_of(file, one) for name, one in packed.items() if name not in unlisted}
            digest = hashlib.sha256("".join(f"{each}  {name}\n" for name, each in sums.items()).encode()).hexdigest()
            if digest_of(file, packed["SHA256SUMS"]) != digest:
                raise Rejected("a file of the archive is not the one on its list")
            head, key = text_of(file, packed["checkpoint.txt"]), text_of(file, packed["public_key.txt"]).strip()
            if trusted_key is not None and not is_key(key, trusted_key):
                raise Rejected("it was signed with another key than the one you trust")
            note = text_of(file, packed["SHA256SUMS.note"])
            if signed_text(note, key) != f"evidence of {key.partition('+')[0]}\n{digest}\n":
                raise Rejected("the list of files is not the one that was signed")
            size, _ = checkpoint(head, key)
            certificates = [one for name, one in packed.items() if name.startswith("certificates/")]
            for one in certificates:
                text = text_of(file, one)
                verified(text, key)
                if one.name != f"certificates/{parsed(text)['event']['position']}.json":
                    raise Rejected(f"{one.name} is about another event")
            warning = text_of(file, packed["WARNING.txt"]).strip() if "WARNING.txt" in packed else ""
        except (struct.error, zlib.error) as error:
            raise Rejected(f"the archive is damaged: {error}") from error
    values = "1 overwritten value is" if len(certificates) == 1 else f"{len(certificates)} overwritten values are"
    return [
        *([f"WARNING: {shown(warning)}"] if warning else []),
        f"{verdict(trusted_key)}: {len(sums)} files are as they were signed, by the log of {size} events.",
        f"{verdict(trusted_key)}: {values} part of the signed log.",
        f"signed with: {shown(key)}" + ("" if trusted_key else "  (the archive's own word: compare it with yours)"),
        *witnessed(head, witnesses),
    ]


_LISTED = {"SHA256SUMS", "SHA256SUMS.note", "checkpoint.txt", "public_key.txt"}


def warned(note: str | None, key: str) -> list[str]:
    """What whoever made the certificate knew of the log, signed like a checkpoint."""
    if note is None:
        return []
    title, _, warning = signed_text(note, key).partition("\n")
    if title != f"warning of {key.partition('+')[0]}":
        raise Rejected("the warning is not one that this key signed")
    return [f"WARNING: {shown(warning.strip())}"]


def parsed(text: str) -> dict[str, Any]:
    found = strict_json(text)
    members = {"format": str, "event": dict, "proof": list, "checkpoint": str, "public_key": str, "field_keys": list}
    optional = {"warning": str, "openings": list}
    there = {name: kind for name, kind in optional.items() if isinstance(found, dict) and name in found}
    certificate = shaped(found, {**members, **there})
    if certificate["format"] != "tweeluik-certificate/1":
        raise Rejected("this is not a certificate that this version can read")
    shaped(certificate["event"], {"position": int, "stream": str, "version": int, "name": str, "state": str})
    for each in certificate["field_keys"]:
        shaped(each, {"key_id": str, "subject": str, "retention": str, "secret": str})
    for each in certificate.get("openings", []):
        shaped(each, {"key_id": str, "retention": str, "plain": str})
    if not all(isinstance(each, str) for each in certificate["proof"]):
        raise Rejected("the proof is not a list of hashes")
    return certificate


def state_of(event: dict[str, Any]) -> dict[str, Any]:
    """What the event says, of which this needs to know three parts."""
    state = strict_json(event["state"])
    kinds: dict[str, type] = {"recorded_at": str, "actor": str, "fact": dict}
    if not isinstance(state, dict) or not all(isinstance(state.get(name), kind) for name, kind in kinds.items()):
        raise Rejected("the event does not say when, by whom and what")
    return state


_DEEPEST: Final = 64  # lists and objects within each other
_LONGEST: Final = 32  # characters of a number


def strict_json(text: str) -> Any:
    """One value, in which nothing can be read in two ways: every reader of the same bytes finds the same."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise Rejected("a name occurs twice in one object")
        return dict(pairs)

    def number(written: str) -> Any:
        if len(written) > _LONGEST:
            raise ValueError("a number is too long")
        return float(written) if {".", "e", "E"} & {*written} else int(written)

    def no_number(written: str) -> Any:
        raise ValueError(f"{written} is no number")

    try:
        found = json.loads(
            text, object_pairs_hook=members, parse_int=number, parse_float=number, parse_constant=no_number
        )
        plain(found)
    except (ValueError, RecursionError) as error:
        raise Rejected(f"not JSON: {error}") from error
    return found


def plain(value: Any, depth: int = 0) -> None:
    """Raises ValueError for half a character, which has no bytes, and for what lies too deep."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict | list):
        if depth == _DEEPEST:
            raise ValueError("it lies too deep")
        for each in value:
            plain(each, depth + 1)
        for each in value.values() if isinstance(value, dict) else ():
            plain(each, depth + 1)


def shown(text: str) -> str:
    """On one line, with nothing in it that a terminal obeys or that could pass for a line of ours."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def shaped(value: Any, members: dict[str, type]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != members.keys():
        raise Rejected("a part of the certificate is missing, or there is one too many")
    for name, kind in members.items():
        if type(value[name]) is not kind:
            raise Rejected(f"{name} is of the wrong kind")
    return value


# --- the archive: a zip file with nothing in it but its files, one behind the other ----------------------------------


class Packed(NamedTuple):
    """A file of the archive: where its content begins, and what it must unpack to."""

    name: str
    deflated: bool
    crc: int
    packed: int
    size: int
    at: int


_FILE: Final = b"PK\x03\x04"
_LARGEST: Final = 2**31 - 1  # bytes of an archive, which may unpack to twice as many
_PIECE: Final = 1024 * 1024


def files_in(file: BinaryIO) -> list[Packed]:
    """Every file, in order. Raises Rejected where there is a byte more than they and their directory need."""
    if file.seek(0, os.SEEK_END) > _LARGEST:
        raise Unreadable("it is no evidence archive: it is larger than 2 GB")
    file.seek(0)
    found, listed = list[Packed](), list[bytes]()
    while (lead := file.read(4)) == _FILE:
        start, head = file.tell() - 4, file.read(26)
        version, flags, method, _, crc, packed, size, length, more = struct.unpack("<HHHLLLLHH", head)
        if flags & 1 or method not in (0, 8):
            raise Unreadable("it is no evidence archive: a file in it is encrypted, or packed in another way")
        name = file.read(length)
        if (version, flags, more, name.isascii()) != (20, 0, 0, True):
            raise Rejected("a file of the archive carries more than its name and its content")
        found.append(Packed(name.decode(), method == 8, crc, packed, size, file.tell()))
        listed.append(head + struct.pack("<HHHLL", 0, 0, 0, 0o600 << 16, start) + name)
        file.seek(packed, os.SEEK_CUR)
    end = file.tell() - len(lead)
    made_on = (lead + file.read(2))[4:]  # the version and the kind of machine, the same for each
    file.seek(end)
    directory = b"".join(b"PK\x01\x02" + made_on + one for one in listed)
    expected = directory + ending(len(listed), len(directory), end)
    if made_on not in (b"\x14\x00", b"\x14\x03") or file.read(len(expected) + 1) != expected:
        raise Rejected("the archive holds more than its files and their directory, or ends before them")
    if len({one.name for one in found}) != len(found):
        raise Rejected("the archive has a file twice")
    if sum(one.size for one in found) > 2 * _LARGEST:
        raise Unreadable("it is no evidence archive: it unpacks to more than 4 GB")
    return found


def ending(count: int, size: int, start: int) -> bytes:
    """What stands behind a directory of so many files; of very many, with a larger record before it."""
    many = b""
    if count > 0xFFFF:
        many = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
        many += struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
    counted = min(count, 0xFFFF)
    return many + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, counted, counted, size, start, 0)


def pieces(file: BinaryIO, one: Packed) -> Iterator[bytes]:
    """The content, never much of it at once. Raises Rejected where it is not exactly what it is said to be."""
    file.seek(one.at)
    unpacking, waiting, left, crc, size = zlib.decompressobj(-zlib.MAX_WBITS), b"", one.packed, 0, 0
    while waiting or left or (one.deflated and not unpacking.eof):
        if not waiting:
            waiting = file.read(min(left, _PIECE))
            left -= len(waiting)
        piece = unpacking.decompress(waiting, _PIECE) if one.deflated else waiting
        waiting = unpacking.unconsumed_tail
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        stuck = not piece and not waiting and not left and not (one.deflated and unpacking.eof)
        if stuck or size > one.size or unpacking.unused_data or (unpacking.eof and left):
            raise Rejected(f"the archive is damaged: {one.name} cannot be unpacked")
        yield piece
    if (crc, size) != (one.crc, one.size):
        raise Rejected(f"the archive is damaged: {one.name} is not what it is said to be")


def digest_of(file: BinaryIO, one: Packed) -> str:
    digest = hashlib.sha256()
    for piece in pieces(file, one):
        digest.update(piece)
    return digest.hexdigest()


def text_of(file: BinaryIO, one: Packed) -> str:
    if one.size > _LONGEST_TEXT:
        raise Rejected(f"{one.name} is longer than any such file")
    try:
        return b"".join(pieces(file, one)).decode()
    except UnicodeDecodeError as error:
        raise Rejected("a file of the archive is not text") from error


# --- the signed checkpoint (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) ------------------------------------------


def checkpoint(note: str, verifier_key: str) -> tuple[int, bytes]:
    """Size and root of the tree that the key's holder signed."""
    text = signed_text(note, verifier_key)
    head = re.fullmatch(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/=]+)\n", text)
    if head is None or head[1] != verifier_key.partition("+")[0]:
        raise Rejected("the checkpoint is not one that this key signed")
    root = decoded(head[3])
    if len(root) != 32:
        raise Rejected("the root of the checkpoint is not a hash")
    return int(head[2]), root


_SPACES: Final = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""Never in the name of whoever signs."""


def signed_text(note: str, verifier_key: str) -> str:
    """The text above the signatures, once the key's own is found good."""
    name, key_id, public = public_key(verifier_key)
    text, blank_line, signatures = note.rpartition("\n\n")
    text += "\n"
    if not blank_line or not signatures.endswith("\n") or any(each < " " and each != "\n" for each in note):
        raise Rejected("the checkpoint is not a signed note")
    signed = False
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch(rf"— ([^{_SPACES}+]+) ([A-Za-z0-9+/=]+)", line)
        if match is None:
            raise Rejected("a signature of the checkpoint cannot be read")
        signature = decoded(match[2])
        if match[1] == name and signature[:4] == key_id:
            try:
                public.verify(signature[4:], text.encode())
            except InvalidSignature as error:
                raise Rejected("the signature does not fit the checkpoint") from error
            signed = True
    if not signed:
        raise Rejected("the checkpoint is not one that this key signed")
    return text


def witnessed(note: str, keys: Sequence[str]) -> list[str]:
    """What these witnesses, who must all have cosigned, say of the checkpoint (c2sp.org/tlog-cosignature)."""
    text, _, signatures = note.rpartition("\n\n")
    lines = [line.split(" ") for line in signatures[:-1].split("\n")]
    boxes = [(name, decoded(box)) for _, name, box in lines]
    if not keys:
        names = " and ".join(shown(name) for name, box in boxes if len(box) == 76)
        return [f"witnessed by: {names}  (not checked: give --witness-key)" if names else "witnessed by: nobody"]
    return [cosigned(f"{text}\n", key, boxes) for key in keys]


def cosigned(text: str, witness_key: str, boxes: list[tuple[str, bytes]]) -> str:
    name, key_id, public = public_key(witness_key, kind=4)
    own = [box for its_name, box in boxes if its_name == name and box[:4] == key_id and len(box) == 76]
    if not own:
        raise Rejected(f"the checkpoint was not cosigned by the witness {name}")
    seconds = int.from_bytes(own[0][4:12], "big")
    try:
        public.verify(own[0][12:], f"cosignature/v1\ntime {seconds}\n{text}".encode())
        at = datetime.fromtimestamp(seconds, UTC)
    except (InvalidSignature, ValueError, OverflowError, OSError) as error:
        raise Rejected(f"the cosignature of {name} does not fit the checkpoint") from error
    return f"PROVEN: the witness {name} saw the log grow to this checkpoint, {at:%Y-%m-%d %H:%M:%S} UTC."


_SMALL: Final = (
    "00" * 32,
    "01" + "00" * 31,
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    *(f"{lowest}{'ff' * 30}7f" for lowest in ("ec", "ed", "ee")),
)


def signs_anything(key: bytes) -> bool:
    """Whether it is one of the points of small order, which no key pair has and one signature fits many texts for."""
    return (key[:31] + bytes([key[31] & 0x7F])).hex() in _SMALL


def is_key(key: str, trusted: str) -> bool:
    """Whether it is the key that somebody trusts, which they give whole or by its fingerprint."""
    return key == trusted or fingerprint(key) == re.sub(r"[ :\t\r\n]", "", trusted).lower()


def fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def public_key(text: str, kind: int = 1) -> tuple[str, bytes, Ed25519PublicKey]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    kind_and_key = decoded(encoded)
    if len(kind_and_key) != 33 or kind_and_key[0] != kind or signs_anything(kind_and_key[1:]):
        raise Rejected("the public key is not an Ed25519 key of the kind that is needed")
    expected = hashlib.sha256(name.encode() + b"\n" + kind_and_key).digest()[:4]
    if expected.hex() != key_id:
        raise Rejected("the public key does not belong to its name")
    return name, expected, Ed25519PublicKey.from_public_bytes(kind_and_key[1:])


# --- the Merkle tree (RFC 6962, RFC 9162 section 2.1.3.2) ------------------------------------------------------------


def leaf(event: dict[str, Any]) -> bytes:
    try:
        stream, name, state = (event[each].encode() for each in ("stream", "name", "state"))
        lengths = len(stream), len(name), len(state)
        header = struct.pack(">9sQQHHH", b"tweeluik1", event["position"], event["version"], *lengths)
    except (struct.error, UnicodeEncodeError) as error:
        raise Rejected("the event holds what no event can hold") from error
    return hashlib.sha256(b"\x00" + header + stream + name + state).digest()


def included(found: bytes, position: int, size: int, proof: list[bytes], root: bytes) -> bool:
    if not 0 <= position < size or any(len(each) != 32 for each in proof):
        return False
    last = size - 1
    for each in proof:
        if last == 0:
            return False
        if position % 2 or position == last:
            found = hashlib.sha256(b"\x01" + each + found).digest()
            while position % 2 == 0 and position:
                position, last = position // 2, last // 2
        else:
            found = hashlib.sha256(b"\x01" + found + each).digest()
        position, last = position // 2, last // 2
    return last == 0 and found == root


# --- the personal values, for those who were given what proves them --------------------------------------------------


def proven(event: dict[str, Any], state: dict[str, Any], openings: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The values of each box that an opening was given for (third format): those that its commitment was made of."""
    boxes = state.get("sealed", [])
    if not isinstance(boxes, list) or not all(isinstance(each, list) and texts(each, 2) for each in boxes):
        raise Rejected("the boxes of the event cannot be read")
    key_ids = [key_id for key_id, _ in boxes]
    values: list[tuple[str, str]] = []
    for opening in openings:
        if key_ids.count(opening["key_id"]) != 1 or openings.count(opening) != 1:
            raise Rejected("an opening was added that opens nothing in this event, or twice the same")
        number = key_ids.index(opening["key_id"])
        places = placed(state["fact"], number)
        values += zip(places, committed(event, state["fact"], places, boxes[number][1], opening), strict=True)
    return values


def committed(
    event: dict[str, Any], fact: dict[str, Any], places: list[str], box: str, opening: dict[str, str]
) -> list[str]:
    """A text for each place: what the box begins with is the hash of them, of a salt, and of all they belong to."""
    subject, salt_and_texts = fact.get("subject"), decoded(opening["plain"])
    wrong = Rejected(f"the opening given for {places[0]} does not open it")
    if not isinstance(subject, str) or len(salt_and_texts) % 16:
        raise wrong
    bound = ["tweeluik/3", event["stream"], event["version"], places, subject, opening["retention"], opening["key_id"]]
    listed = json.dumps(bound, ensure_ascii=False, separators=(",", ":")).encode()
    if hashlib.sha256(listed + salt_and_texts).digest() != decoded(box)[:32]:
        raise wrong
    try:
        found = strict_json(salt_and_texts[16:].decode())
    except UnicodeDecodeError as error:
        raise wrong from error
    if not isinstance(found, list) or not texts(found, len(places)):
        raise wrong
    return found


def placed(fact: Any, number: int) -> list[str]:
    """Where the texts of one box lie, in their order."""
    found = [(text, place) for place, box, text in pointers("", fact) if box == number]
    lies_at = dict(found)
    if not found or lies_at.keys() != {str(at) for at in range(len(found))}:
        raise Rejected("the event does not say where each of its values lies")
    return [lies_at[str(at)] for at in range(len(found))]


def pointers(place: str, value: Any) -> list[tuple[str, int, str]]:
    """(place, box, text) of every value in a box: a list of a number and a string."""
    if isinstance(value, list) and len(value) == 2 and type(value[0]) is int and isinstance(value[1], str):
        return [(place, value[0], value[1])]
    return [found for name, item in inside(place, value) for found in pointers(name, item)]


def texts(value: list[Any], count: int) -> bool:
    return len(value) == count and all(isinstance(each, str) for each in value)


def opened(event: dict[str, Any], state: dict[str, Any], keys: list[dict[str, str]]) -> list[tuple[str, str]]:
    values = []
    for key in keys:
        sealed = [each for each in handles("", state["fact"]) if each[1] == key["key_id"]]
        if not sealed or state["fact"].get("subject") != key["subject"]:
            raise Rejected("a key was added that opens nothing in this event")
        values += [(place, value_of(event, place, box, key)) for place, _, box in sealed]
    return sorted(values)


def handles(place: str, value: Any) -> list[tuple[str, str, str]]:
    """(place, key id, ciphertext) of every sealed value: a list of two strings."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value):
        return [(place, value[0], value[1])]
    return [found for name, item in inside(place, value) for found in handles(name, item)]


def inside(place: str, value: Any) -> list[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    lead = f"{place}." if place else ""
    return [(f"{lead}{name}", item) for name, item in items]


def value_of(event: dict[str, Any], place: str, box: str, key: dict[str, str]) -> str:
    """The text. A value of the second format ("2:") has a key of its event alone; of the first, one of many events."""
    form = "tweeluik/2" if box.startswith("2:") else "tweeluik/1"
    bound = [form, event["stream"], event["version"], place, key["subject"], key["retention"], key["key_id"]]
    sealed = decoded(box.removeprefix("2:"))
    secret = decoded(key["secret"])
    if len(secret) != 32:
        raise Rejected(f"the key given for {place} does not open it")
    try:
        padded = AESGCM(secret).decrypt(
            sealed[:12], sealed[12:], json.dumps(bound, ensure_ascii=False, separators=(",", ":")).encode()
        )
        text, end, padding = padded.rpartition(b"\x80")
        if not end or padding.strip(b"\0") or len(padding) > 15:
            raise ValueError("not padded as a value is")
        return text.decode()
    except (InvalidTag, ValueError) as error:
        raise Rejected(f"the key given for {place} does not open it") from error


def decoded(text: str) -> bytes:
    """Strict base64: one spelling for each value."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Rejected("not canonical base64") from error
    if base64.b64encode(data).decode() != text:
        raise Rejected("not canonical base64")
    return data


if __name__ == "__main__":
    sys.exit(main())
