"""Certificates of made-up events, in every format that a log may hold."""

from __future__ import annotations

import json
import os
from typing import Any

from adapters.log.mapper import Placed
from adapters.log.proof.certificate import FieldKey, certificate
from adapters.log.proof.notes import SigningKey
from adapters.log.proof.tree import Edge, leaf
from adapters.log.sealing.boxes import Closing, DataKey, OpenBox, Opening, event_bound
from adapters.log.sealing.old_boxes import OldEvent
from domain.personal import Box, Sealed
from tests.support.old_seals import sealed
from tests.support.stored_tree import Stored

KEY = SigningKey("tweeluik/test", bytes(range(32)))
DATA_KEY = DataKey.of("k1", "subject-1", "fiscal_7y", bytes(range(1, 33)))


def event(position: int) -> Placed:
    """In the second format at an even position, in the third at an odd one."""
    stream, version = "loket:170:4711", position
    texts = {"changes.0.before": "Main St", "changes.0.after": "Lange Gröte"}
    if position % 2:
        before, after = [0, "0"], [0, "1"]
        box = box_of(stream, version, texts)
        boxes: dict[str, Any] = {"sealed": [[box.key_id, box.content]]}
    else:
        before, after = (_parts(sealed(DATA_KEY, stream, version, text, place)) for place, text in texts.items())
        boxes = {}
    state: dict[str, Any] = {
        "recorded_at": "2026-03-15T09:30:00Z",
        "actor": "system",
        "correlation": "run-1",
        "fact": {
            "subject": DATA_KEY.subject,
            "changes": [
                {
                    "field": "address.street",
                    "before": before,
                    "after": after,
                }
            ],
        },
        **boxes,
    }
    return Placed(position, stream, version, "loket_record.write_intended.v1", json.dumps(state).encode())


def box_of(stream: str, version: int, texts: dict[str, str]) -> Box:
    closing = Closing(0, DATA_KEY)
    for place, text in texts.items():
        closing.put(text, place)
    return closing.box(event_bound(stream, version), os.urandom(16))


def given(event: Placed) -> tuple[list[FieldKey], list[Opening]]:
    """What opens the values of the event, in whichever format they are."""
    if event.position % 2 == 0:
        secret = OldEvent(event.stream, event.version).key(DATA_KEY)
        return [FieldKey(DATA_KEY.key_id, DATA_KEY.subject, DATA_KEY.retention, secret)], []
    boxes = json.loads(event.state)["sealed"]
    return [], [OpenBox(event_bound(event.stream, event.version), DATA_KEY, Box(*box)).opening() for box in boxes]


def _parts(sealed: Sealed) -> tuple[str, str]:
    return str(sealed.key_id), sealed.box


def made_certificates() -> list[str]:
    """One for each of a few positions, of two formats; every other one opens its values."""
    events, tree, edge = [event(position) for position in range(300)], Stored(), Edge()
    tree.append(edge, [leaf(*each) for each in events])
    head = KEY.sign_checkpoint(edge.size, edge.root())
    return [
        json.dumps(
            certificate(events[position], tree, head, KEY.verifier, *(given(events[position]) if number % 2 else ())),
            ensure_ascii=False,
        )
        for number, position in enumerate((0, 1, 255, 256, 298, 299))
    ]
