"""Ten thousand forged proofs, checkpoints and certificates: none is taken for a true one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.log import offline_verifier
from adapters.log.offline_verifier import Rejected, checkpoint, included, witnessed
from adapters.log.proof.certificate import certificate
from adapters.log.proof.cosignatures import Cosigner, cosignatures
from adapters.log.proof.notes import NoteRejected, open_checkpoint
from adapters.log.proof.tree import (
    HASH_SIZE,
    Edge,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf,
    tree_root,
)
from tests.support.forged_archives import FORGED, LISTING, NOT_PROVEN, NOT_READ, UNTOUCHED, archive_of
from tests.support.forgeries import OWN_WORD, PROVEN, Chance, Claim, by_chance, changed_text, said_offline, table
from tests.support.log_site import META
from tests.support.made_certificates import KEY, event, made_certificates
from tests.support.stored_tree import Stored, flipped, leaf_hash

SIZE = 300
WITNESS = Cosigner("witness.example.org", bytes(32))


@pytest.fixture(scope="module")
def tree() -> Stored:
    tree = Stored()
    tree.append(Edge(), [leaf_hash(index) for index in range(SIZE)])
    return tree


def test_3000_forged_proofs_that_an_event_is_in_the_log_are_rejected(tree: Stored) -> None:
    chance, roots = Chance(1), [tree_root(tree, size) for size in range(SIZE + 1)]
    for _ in range(3_000):
        size = chance.randrange(2, SIZE + 1)
        position = chance.randrange(size)
        true = (leaf_hash(position), position, size, inclusion_proof(tree, position, size), roots[size])
        leaf, position, size, proof, root = forged = next(
            claim for claim in forged_inclusions(true, roots, chance) if claim != true
        )

        assert included(*true)
        assert not includes(root, size, position, leaf, proof)
        assert not included(*forged)


def forged_inclusions(true: tuple[Any, ...], roots: Sequence[bytes], chance: Chance) -> Iterator[tuple[Any, ...]]:
    leaf, position, size, proof, root = true
    while True:
        match chance.randrange(5):
            case 0:
                yield (flipped(leaf, chance), position, size, proof, root)
            case 1:
                yield (leaf, chance.randrange(-1, size + 1), size, proof, root)
            case 2:
                yield (leaf, position, size, proof, chance.choice([flipped(root, chance), *chance.sample(roots, 1)]))
            case _:
                yield (leaf, position, size, changed_proof(proof, chance), root)


def test_2000_forged_proofs_that_the_log_has_only_grown_are_rejected(tree: Stored) -> None:
    chance, roots = Chance(2), [tree_root(tree, size) for size in range(SIZE + 1)]
    for _ in range(2_000):
        size = chance.randrange(2, SIZE + 1)
        old = chance.randrange(1, size)
        proof = consistency_proof(tree, old, size)
        true = (roots[old], old, roots[size], size, proof)
        forged = next(claim for claim in forged_growths(true, roots, chance) if claim != true)

        assert extends(*true)
        assert not extends(*forged)


def forged_growths(true: tuple[Any, ...], roots: Sequence[bytes], chance: Chance) -> Iterator[tuple[Any, ...]]:
    old_root, old, root, size, proof = true
    while True:
        match chance.randrange(4):
            case 0:
                yield (chance.choice([flipped(old_root, chance), *chance.sample(roots, 1)]), old, root, size, proof)
            case 1:
                yield (old_root, old, chance.choice([flipped(root, chance), *chance.sample(roots, 1)]), size, proof)
            case _:
                yield (old_root, old, root, size, changed_proof(proof, chance))


def changed_proof(proof: list[bytes], chance: Chance) -> list[bytes]:
    changed, at = list(proof), chance.randrange(len(proof))
    match chance.randrange(6):
        case 0:
            changed[at] = flipped(changed[at], chance)
        case 1:
            del changed[at]
        case 2:
            changed.insert(at, chance.choice([chance.randbytes(HASH_SIZE), changed[at]]))
        case 3:
            changed[at : at + 2] = [b"".join(changed[at : at + 2])]
        case 4:
            changed = changed[::-1]
        case 5:
            changed = []
    return changed


def test_2500_forged_checkpoints_and_cosignatures_are_rejected(tree: Stored) -> None:
    chance = Chance(3)
    head = KEY.sign_checkpoint(SIZE, tree_root(tree, SIZE)).text
    line = WITNESS.cosign(head.partition("\n\n")[0] + "\n", META.recorded_at)
    vouched_for(head + line)
    vouched_for_offline(head + line)

    for _ in range(2_000):
        forged = changed_text(head, chance)
        assert refused(NoteRejected, open_checkpoint, forged, KEY.verifier)
        assert refused(Rejected, checkpoint, forged, str(KEY.verifier))
    for _ in range(500):
        forged = head + changed_text(line, chance)
        assert refused(Rejected, vouched_for_offline, forged)
        assert refused(NoteRejected, vouched_for, forged)


def vouched_for(note: str) -> None:
    open_checkpoint(note, KEY.verifier)
    if not cosignatures(note, [WITNESS.verifier]):
        raise NoteRejected("the witness's line is not there any more")


def vouched_for_offline(note: str) -> None:
    checkpoint(note, str(KEY.verifier))
    witnessed(note, [str(WITNESS.verifier)])


def test_2500_forged_certificates_are_rejected() -> None:
    for claim in by_chance(made_certificates(), 2_500, Chance(4), str(KEY.verifier)):
        assert said_offline(claim) not in (PROVEN, OWN_WORD), claim


@pytest.mark.parametrize("claim", list(table()), ids=lambda claim: claim.what)
def test_each_forgery_of_the_table_is_told_as_it_is(claim: Claim) -> None:
    assert said_offline(claim) == claim.says


@pytest.fixture(scope="module")
def archive() -> bytes:
    """True, of one event."""
    events = [event(position) for position in range(3)]
    log, edge = Stored(), Edge()
    log.append(edge, [leaf(*each) for each in events])
    head = KEY.sign_checkpoint(edge.size, edge.root())
    proof = json.dumps(certificate(events[0], log, head, KEY.verifier), ensure_ascii=False)
    return archive_of(KEY, head.text, proof)


@pytest.mark.parametrize("how", UNTOUCHED)
def test_a_true_archive_is_proven(archive: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str) -> None:
    code, said, err = judged(UNTOUCHED[how](archive), tmp_path, capsys)

    assert (code, said.partition(":")[0], err) == (0, "PROVEN", "")


@pytest.mark.parametrize("what", FORGED)
def test_each_forged_archive_is_refused_in_one_line(
    archive: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    forge, expected = FORGED[what]

    code, said, err = judged(forge(archive), tmp_path, capsys)

    assert (code, (said + err).count("\n")) == (expected, 1), said + err
    assert (said or err).startswith("NOT PROVEN: " if expected == NOT_PROVEN else "cannot be read: ")


def test_3000_archives_changed_by_chance_are_not_proven(
    archive: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the last byte of what is packed some bits say nothing: nobody reads them, and nothing fits in."""
    chance, begins = Chance(5), [at for at in range(len(archive)) if archive[at : at + 4] in (b"PK\x03\x04", LISTING)]
    idle = {at - 1 for at in begins}
    for _ in range(3_000):
        at = chance.choice([each for each in range(len(archive)) if each not in idle])
        changed = chance.choice(
            [
                archive[:at] + bytes([archive[at] ^ 1 << chance.randrange(8)]) + archive[at + 1 :],
                archive[:at] + archive[at + 1 :],
                archive[:at] + chance.randbytes(1) + archive[at:],
                archive[:at],
            ]
        )
        if changed != archive:
            code, said, err = judged(changed, tmp_path, capsys)
            assert (code in (NOT_PROVEN, NOT_READ), (said + err).count("\n")) == (True, 1), (at, said, err)


def judged(content: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """By offline_verifier.py, with the log's key given: how it ends and what it says."""
    path, key = folder / "evidence.zip", folder / "log.pub"
    path.write_bytes(content)
    key.write_text(str(KEY.verifier))
    return offline_verifier.main([str(path), "--public-key", str(key)]), *capsys.readouterr()


def refused(reason: type[Exception], check: Callable[..., object], *claim: object) -> bool:
    try:
        check(*claim)
    except reason:
        return True
    return False
