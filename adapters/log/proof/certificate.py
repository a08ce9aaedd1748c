"""A certificate: one event as stored, with everything needed to prove offline that the signed log holds it (LOG-3)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final, NamedTuple

from adapters.log.mapper import Placed
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.tree import TreeReader, inclusion_proof
from adapters.log.sealing.boxes import Opening
from domain.log import Checkpoint

FORMAT: Final = "tweeluik-certificate/1"


class FieldKey(NamedTuple):
    """Opens the values of one subject and retention class in one event; given only to those who may read them."""

    key_id: str
    subject: str
    retention: str
    secret: bytes


def certificate(
    event: Placed,
    tree: TreeReader,
    head: Checkpoint,
    key: VerifierKey,
    field_keys: Sequence[FieldKey] = (),
    openings: Sequence[Opening] = (),
) -> dict[str, object]:
    """What `offline_verifier.py` reads, ready for JSON. The head must cover the event."""
    position, stream, version, name, state = event
    proof = inclusion_proof(tree, position, head.size)
    return {
        "format": FORMAT,
        "event": {"position": position, "stream": stream, "version": version, "name": name, "state": state.decode()},
        "proof": [base64.b64encode(each).decode() for each in proof],
        "checkpoint": head.text,
        "public_key": str(key),
        "field_keys": [{**each._asdict(), "secret": base64.b64encode(each.secret).decode()} for each in field_keys],
        **({"openings": [_shown(each) for each in openings]} if openings else {}),
    }


def _shown(opening: Opening) -> dict[str, str]:
    key_id, retention, plain = opening
    return {"key_id": key_id, "retention": retention, "plain": base64.b64encode(plain).decode()}
