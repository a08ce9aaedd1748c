"""Proofs over HTTP: checked with the code of the verifiers, which trusts nothing that was sent."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from hashlib import sha256

import pytest

from adapters.log.proof.notes import VerifierKey, open_checkpoint
from adapters.log.proof.tree import EMPTY_ROOT, Edge, extends, includes, leaf
from api.http.problems import Refused
from api.http.routes.log import tile_index
from domain.access import Role
from domain.streams import person_stream
from domain.values import PersonId
from tests.support.databases import with_empty_views
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates

EVERYTHING = (Role.AUDITOR, None)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """Over a log to which nobody adds but whoever is given a key."""
    folder = tmp_path_factory.mktemp("proofs")
    on_postgres = request.param == "postgres"
    url = with_empty_views(request.getfixturevalue("postgres_server")) if on_postgres else f"sqlite:///{folder}/log.db"
    with http_api(url, folder) as api:
        stream = person_stream(PersonId("3007"))
        for _ in range(3):
            api.scribe.write(stream, *(gates(number) for number in range(1, 101)))
        yield api


def decoded(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(each) for each in texts]


@pytest.mark.parametrize("position", [0, 41, 255, 256, 299])
def test_a_proof_puts_the_event_as_sent_under_the_signed_head(api: Api, position: int) -> None:
    sent = api.get(f"/v1/log/events/{position}/proof").json()
    head = open_checkpoint(sent["checkpoint"], VerifierKey.parse(sent["public_key"]))
    event = sent["event"]
    hashed = leaf(event["position"], event["stream"], event["version"], event["name"], event["state"].encode())

    assert includes(head.root, head.size, position, hashed, decoded(sent["proof"]))
    assert not includes(head.root, head.size, position, sha256(hashed).digest(), decoded(sent["proof"]))


@pytest.mark.parametrize(("old", "new"), [(0, 300), (1, 2), (100, 300), (255, 257), (300, 300)])
def test_any_size_is_shown_to_be_the_beginning_of_any_later_one(api: Api, old: int, new: int) -> None:
    leaves = [leaf(*row) for row in api.web.store.log.recorder.page(-1, 300)]

    def root(size: int) -> bytes:
        edge = Edge()
        edge.extend(leaves[:size])
        return edge.root() if size else EMPTY_ROOT

    proof = decoded(api.get("/v1/log/consistency", from_size=old, to_size=new).json()["proof"])

    assert extends(root(old), old, root(new), new, proof)


def test_sizes_that_never_were_have_no_proof(api: Api) -> None:
    answers = [api.get("/v1/log/consistency", from_size=old, to_size=new) for old, new in ((5, 4), (0, 1_000))]

    assert [one.status_code for one in answers] == [404, 404]


def test_a_follower_rebuilds_the_head_from_entries_and_tiles(api: Api) -> None:
    api.web.seal()
    key = api.key(*EVERYTHING)
    head = open_checkpoint(api.get("/v1/log/checkpoint", key).text, api.web.store.log.verifier)
    width = head.size - 256
    bundles = [api.get(f"/v1/log/tile/entries/{name}", key).content for name in ("000", f"001.p/{width}")]
    tiles = [api.get(f"/v1/log/tile/0/{name}", key).content for name in ("000", f"001.p/{width}")]

    hashes = [sha256(b"\x00" + entry).digest() for bundle in bundles for entry in entries(bundle)]
    edge = Edge()
    edge.extend(hashes)

    assert edge.root() == head.root
    assert b"".join(tiles) == b"".join(hashes)
    level_1 = api.get("/v1/log/tile/1/000.p/1", key).content
    first = Edge()
    first.extend(hashes[:256])
    assert level_1 == first.root()


def entries(bundle: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(bundle):
        (length,) = struct.unpack_from(">H", bundle, at)
        yield bundle[at + 2 : at + 2 + length]
        at += 2 + length


@pytest.mark.parametrize(
    "name", ["0/002", "0/001", "0/000.p/256", "0/000.p/0", "0/000.p/07", "0/x000/000", "3/000", "1/000"]
)
def test_a_tile_that_is_not_there_or_is_misspelt_is_not_found(api: Api, name: str) -> None:
    api.web.seal()

    assert api.get(f"/v1/log/tile/{name}").status_code == 404


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("000", (0, 256)),
        ("067", (67, 256)),
        ("999.p/1", (999, 1)),
        ("x001/000", (1_000, 256)),
        ("x001/x234/067.p/255", (1_234_067, 255)),
    ],
)
def test_a_large_tile_index_is_spelt_in_groups_of_three(path: str, named: tuple[int, int]) -> None:
    assert tile_index(path) == named


@pytest.mark.parametrize(
    "path", ["67", "0067", "x000/067", "001/000", "x001/x000", "x1/000", "000.p/256", "000.p/", "x"]
)
def test_no_tile_has_two_spellings(path: str) -> None:
    with pytest.raises(Refused):
        tile_index(path)


def test_entries_carry_every_tenant_so_that_a_key_for_one_entity_never_gets_them(api: Api) -> None:
    api.web.seal()
    answers = [
        api.get("/v1/log/tile/entries/000", api.key(role, entities)).status_code
        for role, entities in ((Role.AUDITOR, ("170",)), (Role.PAYROLL_ADMIN, None), (Role.OPERATOR, None))
    ]

    assert answers == [403, 403, 403]
    assert api.get("/v1/log/tile/0/000", api.key(Role.OPERATOR)).status_code == 200
