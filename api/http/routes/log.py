"""The log's own proofs: signed heads, inclusion, consistency, and its tiles as tools read them (C2SP tlog-tiles)."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Response

from adapters.log.proof.certifying import certify
from adapters.log.proof.tree import HASH_SIZE, TILE_WIDTH, consistency_proof, entry, inclusion_proof, leaf
from api.http.dependencies import Asking, Requires
from api.http.problems import Refused, not_found
from api.http.routes.parameters import DIGITS
from api.http.schemas.answers import Consistency, Head, Proof
from domain.access import Permission
from domain.log import Checkpoint

router = APIRouter(prefix="/log", tags=["log"])
Follower = Annotated[Asking, Depends(Requires(Permission.READ_LOG))]
Prover = Annotated[Asking, Depends(Requires(Permission.PROVE))]
Copier = Annotated[Asking, Depends(Requires(Permission.READ_ENTRIES))]
_MOST: Final = 2**53
_INDEX: Final = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")
_FOREVER: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_AS_NOW: Final = {"Cache-Control": "no-store"}  # a later head proves it as well
_TEXT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "A signed note"}
}
_BYTES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
          "description": "Hashes or entries, joined"}
}  # fmt: skip
TilePath = Annotated[str, Path(pattern=r"^(x[0-9]{3}/){0,6}[0-9]{3}(\.p/[0-9]{1,3})?$", max_length=40)]


@router.get("/head")
def head(asking: Follower) -> Head:
    """The newest signed head, with the key to check it."""
    signed = _signed(asking)
    return Head(
        size=signed.size,
        root=_encoded(signed.root),
        checkpoint=signed.text,
        public_key=str(asking.web.store.log.verifier),
    )


@router.get("/checkpoint", response_class=Response, responses=_TEXT)
def checkpoint(asking: Follower) -> Response:
    """The newest signed head as a C2SP checkpoint."""
    return Response(_signed(asking).text, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@router.get("/events/{position}/proof")
def proof(asking: Prover, position: Annotated[int, Path(ge=0, le=_MOST), DIGITS]) -> Proof:
    """One event as stored, and the hashes that prove the signed head holds it (LOG-3)."""
    asking.reads("proof")
    store = asking.web.store
    known = store.views.recorded.entry(position)
    if known is None or not asking.caller.sees(known.legal_entity):
        raise not_found()
    signed = _signed(asking, covering=position + 1)
    (stored,) = store.log.recorder.at([position])
    _, stream, version, name, state = stored
    with store.log.recorder.tree() as tree:
        path = inclusion_proof(tree, position, signed.size)
    return Proof(
        position=position,
        size=signed.size,
        leaf=_encoded(leaf(*stored)),
        proof=[_encoded(each) for each in path],
        checkpoint=signed.text,
        public_key=str(store.log.verifier),
        event={
            "position": position,
            "stream": stream,
            "version": version,
            "name": name,
            "state": bytes(state).decode(),
        },
    )


@router.get(
    "/events/{position}/certificate",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "A certificate"}},
)
def event_certificate(
    asking: Prover,
    position: Annotated[int, Path(ge=0, le=_MOST), DIGITS],
    with_others: Annotated[bool, Query(description="Also of an event that names several people")] = False,
) -> Response:
    """One event as a file that proves offline that the signed log holds it as stored; it opens no value (LOG-3).

    The same as `tweeluik certificate`, for `offline_verifier.py`. An event that names several people is a 422 unless
    they are asked for too: whoever gets the file reads of all of them.
    """
    asking.reads("certificate")
    store = asking.web.store
    known = store.views.recorded.entry(position)
    if known is None or not asking.caller.sees(known.legal_entity):
        raise not_found()
    proof = certify(store.log, position, with_keys=False, with_others=with_others)
    made = json.dumps(proof, ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{position}.certificate.json"', **_AS_NOW}
    return Response(made, headers=headers, media_type="application/json")


@router.get("/consistency")
def consistency(
    asking: Follower,
    from_size: Annotated[int, Query(ge=0, le=_MOST), DIGITS],
    to_size: Annotated[int, Query(ge=0, le=_MOST), DIGITS],
) -> Consistency:
    """The hashes that show the log of the one size to be the beginning of the log of the other."""
    if not from_size <= to_size <= asking.web.store.log.size():
        raise Refused(404, "unknown-sizes", "the log never had these sizes in this order")
    with asking.web.store.log.recorder.tree() as tree:
        path = consistency_proof(tree, from_size, to_size)
    return Consistency(from_size=from_size, to_size=to_size, proof=[_encoded(each) for each in path])


@router.get("/tile/entries/{index:path}", response_class=Response, responses=_BYTES)
def entries(asking: Copier, index: TilePath) -> Response:
    """Entries of 256 positions as hashed. They are every legal entity's, so only for roles that see all of them."""
    asking.reads("entries")
    number, width = tile_index(index)
    start = number * TILE_WIDTH
    if start + width > _published(asking):
        raise not_found()
    rows = asking.web.store.log.recorder.page(start - 1, width)
    bundle = b"".join(struct.pack(">H", len(one)) + one for one in (entry(*row) for row in rows))
    return Response(bundle, media_type="application/octet-stream", headers=_FOREVER)


@router.get("/tile/{level}/{index:path}", response_class=Response, responses=_BYTES)
def tile(asking: Follower, level: Annotated[int, Path(ge=0, le=7), DIGITS], index: TilePath) -> Response:
    """Hashes of a tile of the tree: of 256 leaves, or of 256 tiles of the level below."""
    number, width = tile_index(index)
    start = number * TILE_WIDTH
    if start + width > _published(asking) >> 8 * level:
        raise not_found()
    with asking.web.store.log.recorder.tree() as tree:
        hashes: Sequence[bytes]
        if width == TILE_WIDTH:
            hashes = (tree.tile(level, number),)
        elif level:
            hashes = tree.tile_roots(level - 1, start, start + width)
        else:
            hashes = tree.leaf_hashes(start, start + width)
        joined = b"".join(bytes(each) for each in hashes)
    assert len(joined) == width * HASH_SIZE
    return Response(joined, media_type="application/octet-stream", headers=_FOREVER)


def tile_index(path: str) -> tuple[int, int]:
    """The tile's number, and how many hashes of it are wanted. Only the one canonical spelling names a tile."""
    match = _INDEX.fullmatch(path)
    if match is None:
        raise not_found()
    parts = match[1].replace("x", "").split("/")
    width = int(match[2]) if match[2] else TILE_WIDTH
    canonical = (len(parts) == 1 or parts[0] != "000") and (match[2] is None or match[2] == str(width))
    if not canonical or not 0 < width <= TILE_WIDTH or (match[2] and width == TILE_WIDTH):
        raise not_found()
    return int("".join(parts)), width


def _published(asking: Asking) -> int:
    signed = asking.web.checkpoint()
    return signed.size if signed else 0


def _signed(asking: Asking, covering: int = 1) -> Checkpoint:
    """The newest signed head, or a new one where it does not cover what was asked for."""
    signed = asking.web.checkpoint()
    if signed is None or signed.size < covering:
        signed = asking.web.sign()
    if signed is None or signed.size < covering:
        raise not_found()
    return signed


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
