"""The tree against two independent ones: a naive RFC 6962 written from the definition, and pymerkle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from math import ceil, log2

import pytest
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

from adapters.log.proof.tree import (
    EMPTY_ROOT,
    MAX_ENTRY,
    Edge,
    EntryTooLarge,
    consistency_proof,
    entry,
    extends,
    includes,
    inclusion_proof,
    leaf,
    tree_root,
)
from tests.support.stored_tree import Stored, data, leaf_hash

SIZES = range(1, 301)
SHAPES = (*range(1, 66), 100, 127, 128, 129, 200, 254, 255, 256, 257, 258, 299, 300)
"""Every shape of a small tree, and sizes around a power of two and the end of a tile."""


@cache
def naive_root(start: int, stop: int) -> bytes:
    """RFC 6962, 2.1, word for word: MTH(D[start:stop])."""
    if start == stop:
        return sha256(b"").digest()
    if stop - start == 1:
        return leaf_hash(start)
    k = naive_split(stop - start)
    return sha256(b"\x01" + naive_root(start, start + k) + naive_root(start + k, stop)).digest()


def naive_path(m: int, start: int, stop: int) -> list[bytes]:
    """RFC 6962, 2.1.1: PATH(m, D[start:stop])."""
    if stop - start == 1:
        return []
    k = naive_split(stop - start)
    if m < k:
        return [*naive_path(m, start, start + k), naive_root(start + k, stop)]
    return [*naive_path(m - k, start + k, stop), naive_root(start, start + k)]


def naive_subproof(m: int, start: int, stop: int, *, whole: bool) -> list[bytes]:
    """RFC 6962, 2.1.2: SUBPROOF(m, D[start:stop], whole)."""
    if m == stop - start:
        return [] if whole else [naive_root(start, stop)]
    k = naive_split(stop - start)
    if m <= k:
        return [*naive_subproof(m, start, start + k, whole=whole), naive_root(start + k, stop)]
    return [*naive_subproof(m - k, start + k, stop, whole=False), naive_root(start, start + k)]


def naive_split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


@pytest.fixture(scope="module")
def stored() -> Stored:
    tree = Stored()
    tree.append(Edge(), [leaf_hash(index) for index in range(300)])
    return tree


@pytest.fixture(scope="module")
def oracle() -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for index in SIZES:
        tree.append_entry(data(index - 1))
    return tree


def growing() -> Iterator[Edge]:
    edge = Edge()
    for size in SIZES:
        edge.extend([leaf_hash(size - 1)])
        yield edge


def test_roots_equal_both_independent_trees_at_every_size(stored: Stored, oracle: InmemoryTree) -> None:
    assert Edge().root() == EMPTY_ROOT == naive_root(0, 0)

    for size, edge in zip(SIZES, growing(), strict=True):
        assert edge.root() == tree_root(stored, size) == naive_root(0, size) == oracle.get_root(size)


def test_inclusion_proofs_of_every_event_are_those_of_the_rfc_in_every_shape(stored: Stored) -> None:
    for size in SHAPES:
        for position in range(size):
            proof = inclusion_proof(stored, position, size)

            assert proof == naive_path(position, 0, size)
            assert len(proof) <= ceil(log2(size))


def test_consistency_proofs_from_every_size_are_those_of_the_rfc_in_every_shape(stored: Stored) -> None:
    for size in SHAPES:
        assert consistency_proof(stored, 0, size) == []
        for old in range(1, size + 1):
            assert consistency_proof(stored, old, size) == naive_subproof(old, 0, size, whole=True)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 255, 256, 257, 299, 300])
def test_our_proofs_and_those_of_another_library_convince_both(size: int, stored: Stored, oracle: InmemoryTree) -> None:
    root = oracle.get_root(size)
    for position in range(size):
        theirs = oracle.prove_inclusion(position + 1, size)

        assert inclusion_proof(stored, position, size) == list(theirs.path)[1:]
        assert includes(root, size, position, leaf_hash(position), list(theirs.path)[1:])
        verify_inclusion(leaf_hash(position), root, theirs)
    for old in range(1, size):
        verify_consistency(oracle.get_root(old), root, oracle.prove_consistency(old, size))
        assert extends(oracle.get_root(old), old, root, size, consistency_proof(stored, old, size))


def test_an_edge_loaded_from_storage_goes_on_as_the_one_that_wrote_it() -> None:
    chance, written, tree = random.Random(2), Edge(), Stored()
    while written.size < 66_500:  # past the first tile of level 1 becoming full
        count = min(chance.choice([1, 255, 256, 257, 5_000]), 66_500 - written.size)
        tree.append(written, [leaf_hash(written.size + step) for step in range(count)])

        loaded = Edge.load(tree, written.size)

        assert (loaded.size, loaded.last_leaf, loaded.root()) == (written.size, written.last_leaf, written.root())
    assert loaded.root() == tree_root(tree, 66_500) == naive_root(0, 66_500)
    assert {tile.level for tile in tree.tiles.values()} == {0, 1}
    proof = inclusion_proof(tree, 65_536, 66_500)
    assert includes(loaded.root(), 66_500, 65_536, leaf_hash(65_536), proof)


def test_a_full_tile_carries_its_hashes_and_their_root() -> None:
    edge = Edge()

    (tile,) = edge.extend(leaf_hash(index) for index in range(256))

    assert (tile.level, tile.index) == (0, 0)
    assert tile.hashes == b"".join(leaf_hash(index) for index in range(256))
    assert tile.root == edge.root()


def test_extending_a_copy_leaves_the_original_as_it_was() -> None:
    edge = Edge()
    edge.extend(leaf_hash(index) for index in range(255))
    before = edge.root()

    copy = edge.copy()
    copy.extend([leaf_hash(255), leaf_hash(256)])

    assert (edge.size, edge.root()) == (255, before)
    assert (copy.size, copy.last_leaf) == (257, leaf_hash(256))


def test_no_two_events_share_their_bytes() -> None:
    event = (7, "person:1", 2, "name.v1", b"state")
    others = [
        (8, "person:1", 2, "name.v1", b"state"),
        (7, "person:1n", 2, "ame.v1", b"state"),
        (7, "person:", 2, "1name.v1", b"state"),
        (7, "person:1", 3, "name.v1", b"state"),
        (7, "person:1", 2, "name.v1s", b"tate"),
        (7, "person:1", 2, "name.v1", b"statE"),
    ]

    assert len({leaf(*each) for each in [event, *others]}) == 1 + len(others)
    assert leaf(*event) == sha256(b"\x00" + entry(*event)).digest()


def test_an_event_fills_at_most_one_entry() -> None:
    room = MAX_ENTRY - len(entry(0, "s", 0, "n", b""))

    assert len(entry(0, "s", 0, "n", b"x" * room)) == MAX_ENTRY
    with pytest.raises(EntryTooLarge, match="split it"):
        leaf(0, "s", 0, "n", b"x" * (room + 1))


def test_full_tiles_join_by_their_roots_as_if_every_leaf_had_come() -> None:
    leaves = [leaf_hash(index) for index in range(300 * 256)]  # a tile of the second level, and more
    one, other = Edge(), Edge()

    filled = one.extend(leaves)
    above = other.extend_by_tiles([tile.root for tile in filled if tile.level == 0], leaves[-1])

    assert above == [tile for tile in filled if tile.level > 0] != []
    assert (other.size, other.last_leaf, other.root()) == (one.size, one.last_leaf, one.root())


@pytest.mark.parametrize("before", [0, 256, 512, 768, 1024, 1280])
def test_the_root_at_any_size_follows_from_those_of_two_parts_that_meet_where_a_range_begins(before: int) -> None:
    leaves = [leaf_hash(index) for index in range(before + 256)]
    first = Edge()
    first.extend(leaves[:before])

    for size in (1, 2, 100, 255, 256):
        following, whole = Edge(), Edge()
        following.extend(leaves[before : before + size])
        whole.extend(leaves[: before + size])
        assert first.root_with(following.root()) == whole.root()
