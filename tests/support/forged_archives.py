"""An archive of evidence that is true, and what somebody who has no key can make of its bytes."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

from adapters.log.proof.notes import SigningKey

LISTING: Final = b"PK\x01\x02"
END: Final = b"PK\x05\x06"
NOT_PROVEN, NOT_READ = 1, 2
"""Exit codes of the offline verifier."""


def archive_of(key: SigningKey, head: str, certificate: str, *, method: int = ZIP_DEFLATED) -> bytes:
    """Written as the product writes one."""
    contents = {
        "README.txt": "what lies here\n" * 20,
        "certificates/0.json": certificate,
        "checkpoint.txt": head,
        "public_key.txt": f"{key.verifier}\n",
    }
    sums = "".join(f"{sha256(text.encode()).hexdigest()}  {name}\n" for name, text in contents.items())
    note = key.sign(f"evidence of {key.verifier.name}\n{sha256(sums.encode()).hexdigest()}\n")
    return zipped({**contents, "SHA256SUMS": sums, "SHA256SUMS.note": note}, method)


def zipped(contents: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in contents.items():
            archive.writestr(ZipInfo(name, (2026, 3, 20, 9, 0, 0)), content, method)
    return out.getvalue()


def packed_anew(true: bytes, method: int) -> bytes:
    with ZipFile(io.BytesIO(true)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, method)


def _ended(true: bytes, *, comment: bytes) -> bytes:
    return true[:-2] + struct.pack("<H", len(comment)) + comment


def _moved(true: bytes, put: bytes, at: int) -> bytes:
    """With bytes put in before the directory, and every place that is told moved along: most readers see none."""
    start = struct.unpack("<L", true[-6:-2])[0]
    directory, moved, place = true[start:-22], b"", 0
    while place < len(directory):
        (length,) = struct.unpack("<H", directory[place + 28 : place + 30])
        (offset,) = struct.unpack("<L", directory[place + 42 : place + 46])
        offset += len(put) if offset >= at else 0
        moved += directory[place : place + 42] + struct.pack("<L", offset) + directory[place + 46 : place + 46 + length]
        place += 46 + length
    end = true[-22:-6] + struct.pack("<L", start + len(put)) + true[-2:]
    return true[:at] + put + true[at:start] + moved + end


def _second(true: bytes) -> int:
    """Where the second file begins."""
    return true.index(b"PK\x03\x04", 4)


def _in_first(true: bytes, at: int, put: bytes, *, listed: int) -> bytes:
    """With these bytes at this place of the first file's head, and of its line in the directory."""
    line = true.index(LISTING) + listed
    changed = bytearray(true)
    changed[at : at + len(put)] = put
    changed[line : line + len(put)] = put
    return bytes(changed)


def _listed_as(true: bytes, at: int, put: bytes) -> bytes:
    line = true.index(LISTING) + at
    return true[:line] + put + true[line + len(put) :]


def _twice(true: bytes) -> bytes:
    """Another README.txt before the true one: some tools show the one, some the other."""
    with ZipFile(io.BytesIO(true)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    return zipped({"README.tx_": b"another", **contents}).replace(b"README.tx_", b"README.txt")


def _behind_a_file(true: bytes) -> bytes:
    """Bytes within what is said to be packed, behind its end: no unpacker shows them."""
    size = struct.unpack("<L", true[18:22])[0]
    at = _second(true)
    longer = struct.pack("<L", size + 6)
    return _in_first(_moved(true, b"hidden", at), 18, longer, listed=20)


def _longer(true: bytes, by: int) -> bytes:
    """It says of the first file that it is so much longer than it is."""
    size = struct.unpack("<L", true[22:26])[0]
    return _in_first(true, 22, struct.pack("<L", size + by), listed=24)


FORGED: Final[Mapping[str, tuple[Callable[[bytes], bytes], int]]] = {
    "text before it": (lambda true: b"REVOKED\n" + true, NOT_READ),
    "a file's head before it": (lambda true: b"PK\x03\x04" + true, NOT_READ),
    "bytes before its first file": (lambda true: _moved(true, zipped({"x": "y"})[:32], 0), NOT_PROVEN),
    "bytes between two files": (lambda true: _moved(true, b"hidden", _second(true)), NOT_PROVEN),
    "bytes behind its last file": (lambda true: _moved(true, b"hidden", true.index(LISTING)), NOT_PROVEN),
    "a file that no directory lists": (
        lambda true: _moved(true, zipped({"hidden.txt": "hidden"})[: 30 + 10 + 8], _second(true)), NOT_PROVEN,
    ),
    "bytes behind it": (lambda true: true + b"hidden", NOT_PROVEN),
    "itself behind it": (lambda true: true + true, NOT_PROVEN),
    "a second end": (lambda true: true + true[-22:], NOT_PROVEN),
    "a comment": (lambda true: _ended(true, comment=b"REVOKED"), NOT_PROVEN),
    "a comment that is another end": (lambda true: _ended(true, comment=true[-22:]), NOT_PROVEN),
    "bytes behind what is unpacked": (_behind_a_file, NOT_PROVEN),
    "an extra field, shorter name": (
        lambda true: _in_first(true, 26, struct.pack("<HH", 6, 4), listed=28), NOT_PROVEN,
    ),
    "a comment on a file": (lambda true: _listed_as(true, 28, struct.pack("<HHH", 6, 0, 4)), NOT_PROVEN),
    "a file that is a link": (lambda true: _listed_as(true, 38, struct.pack("<L", 0o120777 << 16)), NOT_PROVEN),
    "a flag that nobody sets": (lambda true: _in_first(true, 6, struct.pack("<H", 8), listed=8), NOT_PROVEN),
    "another day in the directory": (lambda true: _listed_as(true, 14, b"\0\0"), NOT_PROVEN),
    "another name in the directory": (lambda true: _listed_as(true, 46, b"readme"), NOT_PROVEN),
    "a file twice": (_twice, NOT_PROVEN),
    "a file longer than it is": (lambda true: _longer(true, 1), NOT_PROVEN),
    "a file shorter than it is": (lambda true: _longer(true, -1), NOT_PROVEN),
    "a file of 4 GB, it says": (lambda true: _longer(true, 2**32 - 1000), NOT_READ),
    "an encrypted file": (lambda true: _in_first(true, 6, struct.pack("<H", 1), listed=8), NOT_READ),
    "packed in a way that does not exist": (lambda true: _in_first(true, 8, b"\x63", listed=10), NOT_READ),
    "packed by LZMA": (lambda true: packed_anew(true, ZIP_LZMA), NOT_READ),
    "packed by bzip2": (lambda true: packed_anew(true, ZIP_BZIP2), NOT_READ),
    "an archive of nothing": (lambda _: zipped({}), NOT_PROVEN),
    "an archive of something else": (lambda _: zipped({"a": "b"}), NOT_PROVEN),
    "ends after its first bytes": (lambda true: true[:20], NOT_PROVEN),
}  # fmt: skip
"""What is done to it, and how the offline verifier ends."""

UNTOUCHED: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "as it was written": lambda true: true,
    "not packed": lambda true: packed_anew(true, ZIP_STORED),
}
