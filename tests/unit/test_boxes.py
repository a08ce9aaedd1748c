"""A box of sealed values, and what somebody may try: another key, place or event, two meanings, a used salt."""

from __future__ import annotations

import base64
import json
from hashlib import blake2b, sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from adapters.log.offline_verifier import Rejected, proven
from adapters.log.sealing.boxes import Closing, DataKey, OpenBox, event_bound, opened_box
from domain.personal import Box, Lost

KEY = DataKey.of("k1", "subject-1", "fiscal_7y", bytes(range(1, 33)))
OTHER = DataKey.of("k2", "subject-2", "fiscal_7y", bytes(range(2, 34)))
STREAM, VERSION, SALT = "loket:170:4711", 3, bytes(16)
EVENT = event_bound(STREAM, VERSION)
TEXTS = {"before": "Main St", "after": "Lange Gröte"}


def box_of(texts: dict[str, str], key: DataKey = KEY, event: bytes = EVENT, salt: bytes = SALT) -> Box:
    closing = Closing(0, key)
    for place, text in texts.items():
        closing.put(text, place)
    return closing.box(event, salt)


def read(box: Box, key: DataKey = KEY, event: bytes = EVENT, places: tuple[str, ...] = tuple(TEXTS)) -> Any:
    """The texts at these places, or UNREADABLE."""
    found = opened_box(event, key, box, key.subject)
    if isinstance(found, Lost):
        return found
    texts = [found.take(str(number), place) for number, place in enumerate(places)]
    return texts if found.sound() else Lost.UNREADABLE


def opening(box: Box, key: DataKey = KEY) -> dict[str, str]:
    plain = opened_box(EVENT, key, box, key.subject).opening().plain
    return {"key_id": key.key_id, "retention": key.retention, "plain": base64.b64encode(plain).decode()}


def certified(box: Box, given: dict[str, str], *, version: int = VERSION, **fact: Any) -> dict[str, str]:
    """What the offline verifier reads in an event with this box, given an opening."""
    told = {"subject": KEY.subject, "before": [0, "0"], "after": [0, "1"], **fact}
    state = {"fact": told, "sealed": [[box.key_id, box.content]]}
    return dict(proven({"stream": STREAM, "version": version}, state, [given]))


def test_texts_come_out_as_they_went_in_for_whoever_has_the_key_or_the_opening() -> None:
    box = box_of(TEXTS)

    assert read(box) == ["Main St", "Lange Gröte"]
    assert certified(box, opening(box)) == TEXTS


def test_nothing_opens_a_box_with_another_key_whatever_name_it_goes_by() -> None:
    box, renamed = box_of(TEXTS), OTHER._replace(key_id="k1", subject=KEY.subject, bound=KEY.bound)

    assert read(box, OTHER) is Lost.UNREADABLE
    assert read(box, renamed) is Lost.UNREADABLE
    assert opened_box(EVENT, KEY, box, OTHER.subject) is Lost.UNREADABLE
    with pytest.raises(Rejected):
        certified(box, {**opening(box), "key_id": "k2"})
    with pytest.raises(Rejected):
        certified(Box("k2", box.content), {**opening(box), "key_id": "k2"})


def test_a_box_moved_to_another_event_person_or_class_opens_nowhere() -> None:
    box = box_of(TEXTS)
    hr = DataKey.of("k1", "subject-1", "hr_2y", KEY.key)

    for event in (event_bound(STREAM, VERSION + 1), event_bound("loket:170:4712", VERSION)):
        assert read(box, event=event) is Lost.UNREADABLE
    assert read(box, hr) is Lost.UNREADABLE
    for wrong in ({"version": VERSION + 1}, {"subject": "subject-2"}, {"subject": None}):
        with pytest.raises(Rejected):
            certified(box, opening(box), **wrong)
    with pytest.raises(Rejected):
        certified(box, {**opening(box), "retention": "hr_2y"})


def test_a_value_moved_within_its_event_makes_the_whole_box_unreadable() -> None:
    box = box_of(TEXTS)

    for places in (("after", "before"), ("before", "elsewhere"), ("before",)):
        assert read(box, places=places) is Lost.UNREADABLE
    for wrong in ({"before": [0, "1"], "after": [0, "0"]}, {"after": "blank"}, {"after": [0, "0"]}, {"more": [0, "2"]}):
        with pytest.raises(Rejected):
            certified(box, opening(box), **wrong)


def test_the_number_of_a_text_has_one_spelling() -> None:
    found = OpenBox(EVENT, KEY, box_of(TEXTS))

    assert [found.take(text, "before") for text in ("-1", "01", " 1", "+1", "1_0", "²", "2")] == [Lost.UNREADABLE] * 7


def test_a_commitment_cut_short_or_changed_binds_nothing_and_is_refused() -> None:
    box = box_of(TEXTS)
    content = base64.b64decode(box.content)

    for size in (0, 12, 31, len(content) - 1):
        cut = Box("k1", base64.b64encode(content[:size]).decode())
        assert read(cut) is Lost.UNREADABLE
        if size < 32:
            with pytest.raises(Rejected):
                certified(cut, opening(box))
    for at in (0, 11, 12, 31, 32, len(content) - 1):
        changed = Box("k1", base64.b64encode(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]).decode())
        assert read(changed) is Lost.UNREADABLE
        if at < 32:
            with pytest.raises(Rejected):
                certified(changed, opening(box))


def test_an_opening_shows_other_texts_under_no_salt() -> None:
    box = box_of(TEXTS)
    plain = base64.b64decode(opening(box)["plain"])

    for other in (plain.replace(b"Main", b"Elm "), bytes([1]) + plain[1:], plain + b" " * 16, plain[16:]):
        with pytest.raises(Rejected):
            certified(box, {**opening(box), "plain": base64.b64encode(other).decode()})


@pytest.mark.parametrize("texts", [b'["Main St"]', b'["Main St",1]', b'{"0":"Main St"}', b"Main St", b"\xff"])
def test_whoever_seals_something_else_than_a_text_for_each_place_proves_nothing(texts: bytes) -> None:
    plain = SALT + texts.ljust(32)
    bound = b'["tweeluik/3","loket:170:4711",3,["before","after"],"subject-1","fiscal_7y","k1"]'
    commitment = sha256(bound + plain).digest()
    ciphertext = KEY.cipher.encrypt(commitment[:12], plain, EVENT + b'""' + KEY.bound)
    box = Box("k1", base64.b64encode(commitment + ciphertext).decode())

    assert read(box) in (Lost.UNREADABLE, ["Main St", Lost.UNREADABLE])
    given = {"key_id": "k1", "retention": "fiscal_7y", "plain": base64.b64encode(plain).decode()}
    with pytest.raises(Rejected):
        certified(box, given)


def test_a_salt_used_twice_repeats_no_nonce_and_opens_no_other_box() -> None:
    """The nonce is of the commitment, so it differs wherever anything does."""
    elsewhere = event_bound(STREAM, VERSION + 1)
    boxes = [box_of(TEXTS), box_of(TEXTS, event=elsewhere), box_of({**TEXTS, "after": "Elm St"}), box_of(TEXTS, OTHER)]

    assert len({base64.b64decode(box.content)[:12] for box in boxes}) == len(boxes)
    with pytest.raises(Rejected):
        certified(boxes[1], opening(boxes[0]))
    with pytest.raises(Rejected):
        certified(boxes[2], opening(boxes[0]))


def test_the_same_values_sealed_again_look_nothing_alike_and_their_length_tells_little() -> None:
    first, again = box_of({"a": "MALE"}, salt=b"1" * 16), box_of({"a": "MALE"}, salt=b"2" * 16)
    other = box_of({"a": "FEMALE"})

    same = [one == two for one, two in zip(first.content[:-2], again.content[:-2], strict=True)]
    assert sum(same) < len(same) / 4
    assert len(first.content) == len(again.content) == len(other.content)


def test_a_ciphertext_that_two_keys_open_is_believed_of_neither() -> None:
    """AES-GCM does not commit to its key: for any two keys such a ciphertext can be computed, as here."""
    nonce, bounds = bytes(range(12)), [EVENT + b'""' + key.bound for key in (KEY, OTHER)]
    ciphers = [_Gcm(_secret(key), nonce) for key in (KEY, OTHER)]
    ciphertext = _opened_by_both(ciphers, bounds)
    for key, bound in zip((KEY, OTHER), bounds, strict=True):
        assert key.cipher.decrypt(nonce, ciphertext, bound)

    box = Box("k1", base64.b64encode(nonce + bytes(20) + ciphertext).decode())

    for key in (KEY, OTHER):
        assert read(box, key) is Lost.UNREADABLE
        plain = key.cipher.decrypt(nonce, ciphertext, EVENT + b'""' + key.bound)
        with pytest.raises(Rejected, match="does not open it"):
            certified(box, {"key_id": "k1", "retention": "fiscal_7y", "plain": base64.b64encode(plain).decode()})


# --- AES-GCM by hand: its tag is linear in the ciphertext -------------------------------------------------------------


class _Gcm:
    def __init__(self, secret: bytes, nonce: bytes) -> None:
        block = Cipher(algorithms.AES(secret), modes.ECB()).encryptor()
        self.h = int.from_bytes(block.update(bytes(16)), "big")
        self.mask = int.from_bytes(block.update(nonce + b"\0\0\0\1"), "big")

    def tag(self, bound: bytes, ciphertext: bytes) -> int:
        padded = [each.ljust(-(-len(each) // 16) * 16, b"\0") for each in (bound, ciphertext)]
        lengths = (8 * len(bound)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
        total, data = 0, b"".join(padded) + lengths
        for start in range(0, len(data), 16):
            total = _times(total ^ int.from_bytes(data[start : start + 16], "big"), self.h)
        return total ^ self.mask


def _secret(key: DataKey) -> bytes:
    return blake2b(key=key.key, digest_size=32, person=b"tweeluik/3 boxes").digest()


def _opened_by_both(ciphers: list[_Gcm], bounds: list[bytes]) -> bytes:
    """Three blocks and a tag; the last block is solved for: tags of both are then the same."""
    first = bytes(32)
    tags = [cipher.tag(bound, first + bytes(16)) for cipher, bound in zip(ciphers, bounds, strict=True)]
    squares = [_times(cipher.h, cipher.h) for cipher in ciphers]
    block = _times(tags[0] ^ tags[1], _inverse(squares[0] ^ squares[1]))
    ciphertext = first + block.to_bytes(16, "big")
    return ciphertext + ciphers[0].tag(bounds[0], ciphertext).to_bytes(16, "big")


def _times(one: int, other: int) -> int:
    """In GF(2^128), bits as GCM has them."""
    product = 0
    for bit in range(127, -1, -1):
        if other >> bit & 1:
            product ^= one
        one = one >> 1 ^ (0xE1 << 120 if one & 1 else 0)
    return product


def _inverse(one: int) -> int:
    """one ^ (2^128 - 2)"""
    result, square = 1 << 127, one
    for _ in range(127):
        square = _times(square, square)
        result = _times(result, square)
    return result


def test_the_json_that_is_bound_is_the_one_that_the_standard_library_writes() -> None:
    assert json.loads(EVENT + b"[]]") == ["tweeluik/3", STREAM, VERSION, []]
