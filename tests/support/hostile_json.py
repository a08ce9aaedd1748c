"""Bodies that are meant to break whoever reads them: JSON nested without end, however hidden, and nearly JSON."""

from __future__ import annotations

from typing import Final

_MANY: Final = 1500  # more than the interpreter nests, and short enough for every body
_LISTS: Final = b"[" * _MANY + b"]" * _MANY

DEEP: Final = {
    "lists": _LISTS,
    "objects": b'{"a":' * _MANY + b"1" + b"}" * _MANY,
    "brackets in text that would close them": b'{"a":"' + b"]" * _MANY + b'","b":' + _LISTS + b"}",
    "a name that would close them": b'{"' + b"}]" * _MANY + b'":' + _LISTS + b"}",
    "escaped quotes before the brackets": b'{"a":"\\"'
    + b"]" * _MANY
    + b'\\\\","b":'
    + b"[" * _MANY
    + b"]" * _MANY
    + b"}",
    "brackets that close nothing": b"]" * _MANY + b"[" * _MANY,
    "nothing that closes": b"[" * 20 * _MANY,
    "in one member of many": b'{"confirm":' + _LISTS + b',"only":[1]}',
}
"""Nested deeper than anybody reads."""

ODD: Final = {
    "quotes that never end": b'{"a":"' + b'\\"' * 20 * _MANY,
    "nothing but quotes": b'"' * 40 * _MANY,
    "a number without end": b'{"only":[' + b"9" * 6000 + b"]}",
    "a number beyond all measure": b'{"only":[1e999999999]}',
    "no number": b'{"only":[NaN,Infinity,-Infinity]}',
    "half a character": b'{"confirm":"\\ud800"}',
    "half a character in a name": b'{"confirm\\ud800":1,"reason\\udfff":1,"person_id\\ud800":1}',
    "a name given twice": b'{"confirm":"a","confirm":"b"}',
    "bytes that are no text": b'{"confirm":"\xff\xfe"}',
    "a mark of byte order": b'\xef\xbb\xbf{"confirm":"a"}',
    "a null byte": b'{"confirm":"\\u0000"}\x00',
    "UTF-16 without its mark": '{"confirm":"a","confirm":"b"}'.encode("utf-16-le"),
    "a name given twice after a mark of byte order": b'\xef\xbb\xbf{"confirm":"a","confirm":"b"}',
    "a list where an object is": b"[]",
    "null": b"null",
    "a text": b'"confirm"',
}
"""Read by no two readers alike, or by none."""

HOSTILE: Final = DEEP | ODD
