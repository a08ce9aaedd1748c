"""Erasing a person on both databases: two people agree, keys are destroyed whatever happens, facts and proofs stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters.log.event_log import EventLog
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verify import verify
from adapters.log.sealing.keys import KeyStore, WrappedKey
from adapters.log.stored import checkpoint_key, open_stored
from adapters.postgres.key_store import PostgresKeyStore
from adapters.projections.open import OpenViews, open_views
from adapters.projections.register import PROJECTIONS
from adapters.sqlite.key_store import SqliteKeyStore
from api.bootstrap import open_store
from domain.erasure import KeptClass, WhyKept
from domain.errors import KeysOnDisk, Misconfigured, MustBeKept, NotFound, SecondPersonNeeded
from domain.events.erasure import ErasureCompleted, ErasuresReapplied
from domain.events.loket import FieldOverwritten, LinkObserved, LinkState, TerminationObserved, TerminationReversed
from domain.events.personio import AttributesObserved, GatesObserved, PersonLeftEntity
from domain.events.runs import OutcomesRecorded, RunStarted, Unmoved
from domain.events.values import FieldValue
from domain.log import Fact, Recorded
from domain.personal import Lost, Retention
from domain.records.erasure_book import ErasureState
from domain.services.erase import Eraser
from domain.services.reports.unmask import Unmasking, record_unmasking
from domain.streams import CUSTODY, ERASURES, loket_stream, person_stream, run_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, RunId, SubjectRef
from domain.views.history import lines
from tests.support.log_site import LogSite
from tests.support.raw_sql import bytes_of_keys, execute
from tests.support.scribe import Scribe

TULP, SANNE, DAAN = LegalEntityId("170"), PersonId("3007"), PersonId("3008")
NUMBER = {SANNE: EmployeeNumber(4711), DAAN: EmployeeNumber(4712)}
STREET, EMAIL = "address.street", "contactInformation.emailAddress"


@dataclass
class Calendar:
    """A clock that shows the day it was told."""

    day: date = date(2026, 3, 15)

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 10, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


@dataclass
class Archive:
    site: LogSite
    log: EventLog
    views: OpenViews
    clock: Calendar = field(default_factory=Calendar)

    def eraser(self, actor: str = "Petra", keys: Any = None) -> Eraser:
        return Eraser(self.log, keys or self.log.vault, self.views, self.clock, Actor(actor))

    def employ(self, person: PersonId, *, left_on: date | None) -> None:
        """Someone of whom a street and an e-mail address were seen and overwritten, and who left or did not."""
        scribe, stream, subject = Scribe(self.log), loket_stream(TULP, NUMBER[person]), f"s-{person}"
        gates = GatesObserved(
            legal_entity=TULP, status="ACTIVE", considered="yes", employee_number=NUMBER[person], income_number=1
        )
        values = (FieldValue(STREET, f"{person} Main St"), FieldValue(EMAIL, f"{person}@example.org"))
        scribe.write(person_stream(person), gates, AttributesObserved(subject=subject, values=values))
        end = [TerminationObserved(employment_id="g", income_number=1, effective_on=left_on)] if left_on else []
        overwrites = (overwrite(person, name, f"old {person}", f"new {person}") for name in (STREET, EMAIL))
        scribe.write(stream, LinkObserved(state=LinkState.FINAL, person_id=person), *overwrites, *end)

    def opened(self, person: PersonId) -> tuple[Recorded, ...]:
        self.views.catch_up()
        return self.log.vault.opened(self.log.at(self.views.history.positions(TULP, NUMBER[person])))

    def before(self, person: PersonId, name: str) -> object:
        """What the log still says the field was before it was overwritten."""
        (fact,) = (
            one.fact for one in self.opened(person)
            if isinstance(one.fact, FieldOverwritten) and one.fact.field == name
        )  # fmt: skip
        return fact.before


def overwrite(person: str, name: str, before: str, after: str) -> Fact:
    return FieldOverwritten(
        run_id="run-1", intent="i-1", person_id=person, subject=f"s-{person}", field=name, before=before, after=after,
        rule="EDIT-1",
    )  # fmt: skip


@pytest.fixture
def archive(log_url: str, tmp_path: Path) -> Iterator[Archive]:
    site = LogSite.at(log_url, tmp_path)
    with site.open() as log, closing(open_views(log_url, log)) as views:
        archive = Archive(site, log, views)
        archive.employ(SANNE, left_on=date(2026, 5, 31))
        archive.employ(DAAN, left_on=None)
        yield archive


def key_store(site: LogSite) -> SqliteKeyStore | PostgresKeyStore:
    if site.is_sqlite:
        return SqliteKeyStore(Path(site.keys_url.removeprefix("sqlite:///")))
    return PostgresKeyStore(site.keys_url)


def test_what_a_legal_period_keeps_is_refused_with_its_day_and_the_rest_goes(archive: Archive) -> None:
    archive.clock.day = date(2028, 6, 1)

    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    done = archive.eraser("Bram").confirm(asked.id)

    assert asked.state is ErasureState.REQUESTED
    assert done.state is ErasureState.COMPLETED
    assert done.kept == (KeptClass(Retention.FISCAL_7Y, WhyKept.LEGAL_PERIOD, date(2034, 1, 1)),)
    assert [key.retention for key in done.keys] == [Retention.HR_2Y]
    assert archive.before(SANNE, EMAIL) is Lost.SHREDDED
    assert archive.before(SANNE, STREET) == f"old {SANNE}"
    assert archive.before(DAAN, EMAIL) == f"old {DAAN}"


def test_once_every_period_is_over_nothing_of_her_can_be_read_and_the_log_is_sound(archive: Archive) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, f"{SANNE}@example.org asked for it")
    archive.eraser("Bram").confirm(asked.id)

    told = "\n".join(line.sentence for line in lines(archive.opened(SANNE)))
    copies = Copies(archive.site.folder / "checkpoints")
    key = checkpoint_key(archive.site.keys_url, copies.folder, None)
    with open_stored(archive.site.url) as stored:
        verdict = verify(stored, copies, key, now=archive.clock.now())

    assert "(erased) became (erased)" in told
    assert "example.org" not in told  # the reason went with her
    assert "Values were erased: class fiscal_7y, class hr_2y." in told
    assert verdict.ok, verdict
    before = archive.views.history.positions(TULP, NUMBER[SANNE])
    archive.views.rebuild()
    assert archive.views.history.positions(TULP, NUMBER[SANNE]) == before


def test_a_masked_history_tells_what_is_erased_from_what_is_only_masked(archive: Archive) -> None:
    archive.clock.day = date(2028, 6, 1)
    archive.eraser("Bram").confirm(archive.eraser("Petra").request(SANNE, "she asked for it").id)

    sealed = archive.log.at(archive.views.history.positions(TULP, NUMBER[SANNE]))
    told = [line.sentence for line in lines(archive.log.vault.marked(sealed)) if "was overwritten" in line.sentence]

    assert "Street was overwritten in Loket: ••• became •••" in told[0]
    assert "Private e-mail was overwritten in Loket: (erased) became (erased)" in told[1]


def test_nobody_confirms_what_they_asked_for_themselves(archive: Archive) -> None:
    archive.clock.day = date(2028, 6, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")

    with pytest.raises(SecondPersonNeeded, match="somebody else"):
        archive.eraser("Petra").confirm(asked.id)

    assert archive.before(SANNE, EMAIL) == f"old {SANNE}"


def test_of_someone_employed_nothing_may_go(archive: Archive) -> None:
    asked = archive.eraser("Petra").request(DAAN, "he asked for it")

    with pytest.raises(NotFound, match=r"hr_2y is kept \(employed\)"):
        archive.eraser("Bram").confirm(asked.id)

    assert {one.why for one in asked.kept} == {WhyKept.EMPLOYED}


def test_a_reinstated_person_has_not_left(archive: Archive) -> None:
    stream = loket_stream(TULP, NUMBER[SANNE])
    scribe = Scribe(archive.log)
    scribe._next[stream] = len(archive.log.stream(stream))
    scribe.write(stream, TerminationReversed(employment_id="g", income_number=1))
    archive.clock.day = date(2028, 6, 1)

    asked = archive.eraser("Petra").request(SANNE, "she asked for it")

    assert WhyKept.EMPLOYED in {one.why for one in asked.kept}


def test_a_hold_placed_after_the_request_still_stops_the_erasure_until_it_is_released(archive: Archive) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    archive.eraser("Anna").hold(SANNE, "lawsuit")

    with pytest.raises(NotFound, match="hold"):
        archive.eraser("Bram").confirm(asked.id)
    archive.eraser("Anna").release(SANNE, "settled")

    assert archive.eraser("Bram").confirm(asked.id).state is ErasureState.COMPLETED


def test_a_reason_is_needed_and_someone_unknown_cannot_be_erased(archive: Archive) -> None:
    with pytest.raises(Misconfigured, match="--reason"):
        archive.eraser().request(SANNE, " ")
    with pytest.raises(NotFound, match="no personal value of person 9999"):
        archive.eraser().request(PersonId("9999"), "a mistake")


def test_of_whom_one_value_was_ever_seen_can_be_erased(archive: Archive) -> None:
    seen = AttributesObserved(subject="s-3010", values=(FieldValue(EMAIL, "3010@example.org"),))
    Scribe(archive.log).write(person_stream(PersonId("3010")), seen)

    assert archive.eraser().request(PersonId("3010"), "she asked for it").state is ErasureState.REQUESTED


def test_asking_twice_is_one_request_and_nobody_confirms_it_twice(archive: Archive) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")

    assert archive.eraser("Anna").request(SANNE, "again").id == asked.id
    archive.eraser("Bram").confirm(asked.id)

    with pytest.raises(NotFound, match=f"no open request {asked.id}"):
        archive.eraser("Anna").confirm(asked.id)
    with pytest.raises(NotFound, match="no open request erasure-99"):
        archive.eraser("Anna").confirm("erasure-99")


def test_a_refusal_names_the_day_from_which_a_class_may_go(archive: Archive) -> None:
    archive.clock.day = date(2026, 6, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")

    with pytest.raises(NotFound, match=r"hr_2y is kept \(legal period\) until 2028-05-31"):
        archive.eraser("Bram").confirm(asked.id)


def test_only_what_is_held_can_be_released(archive: Archive) -> None:
    with pytest.raises(NotFound, match="is not held"):
        archive.eraser().release(SANNE, "a mistake")


def test_an_erasure_reaches_every_entity_a_person_was_seen_in(archive: Archive) -> None:
    scribe, stream = Scribe(archive.log), person_stream(SANNE)
    scribe._next[stream] = len(archive.log.stream(stream))
    scribe.write(stream, gates("180"))

    assert archive.eraser().entities(SANNE) == {"170", "180"}
    assert archive.eraser().entities(PersonId("9999")) == frozenset()


def test_someone_without_an_end_in_loket_left_when_personio_no_longer_had_them_until_they_are_back(
    archive: Archive,
) -> None:
    scribe, stream, other = Scribe(archive.log), person_stream(DAAN), person_stream(SANNE)
    for one in (stream, other):
        scribe._next[one] = len(archive.log.stream(one))
    scribe.write(stream, PersonLeftEntity(legal_entity=TULP), at=datetime(2026, 4, 30, 9, tzinfo=UTC))
    scribe.write(other, gates("170"))  # that somebody else is seen changes nothing of it
    archive.clock.day = date(2028, 6, 1)

    gone = archive.eraser("Petra").request(DAAN, "he asked for it")
    scribe.write(stream, gates("170"))

    assert {one.why for one in gone.kept} == {WhyKept.LEGAL_PERIOD}
    with pytest.raises(NotFound, match=r"hr_2y is kept \(employed\)"):
        archive.eraser("Bram").confirm(gone.id)


def test_whoever_has_her_number_now_keeps_what_is_theirs(archive: Archive) -> None:
    """One history of a number holds two people, each with a key of their own, and the end of one is not the other's."""
    scribe, stream = Scribe(archive.log), loket_stream(TULP, NUMBER[SANNE])
    scribe._next[stream] = len(archive.log.stream(stream))
    scribe.write(stream, LinkObserved(state=LinkState.FINAL, person_id=DAAN), overwrite(DAAN, EMAIL, "his old", "new"))
    archive.clock.day = date(2034, 1, 1)

    archive.eraser("Bram").confirm(archive.eraser("Petra").request(SANNE, "she asked for it").id)

    told = {one.fact.before for one in archive.opened(SANNE) if isinstance(one.fact, FieldOverwritten)}
    assert told == {Lost.SHREDDED, "his old"}


def test_what_runs_say_of_whoever_has_her_number_now_keeps_nothing_of_hers(archive: Archive) -> None:
    """And that she was left out is no news of her, while a run that judged her is (AUD-9)."""
    scribe, stream = Scribe(archive.log), person_stream(DAAN)
    scribe._next[stream] = len(archive.log.stream(stream))
    last_year = datetime(2033, 6, 1, 9, tzinfo=UTC)
    moved = msgspec.structs.replace(gates(TULP), employee_number=NUMBER[SANNE])
    scribe.write(stream, moved, at=last_year)

    def told(outcome: str, *people: Unmoved) -> None:
        fact = OutcomesRecorded(outcome=outcome, reason="EDIT-1", people=people)
        scribe.write(run_stream(RunId("run-9")), fact, at=last_year)

    scribe.write(run_stream(RunId("run-9")), RunStarted(legal_entity=TULP, business_date=last_year.date()))
    told("unchanged", Unmoved(DAAN, NUMBER[SANNE]), Unmoved("3009", 4713))
    told("left_out", Unmoved(SANNE, NUMBER[SANNE]))
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    told("unchanged", Unmoved(SANNE, NUMBER[SANNE]))

    assert asked.kept == ()
    done = archive.eraser("Bram").confirm(asked.id)
    assert done.kept == (KeptClass(Retention.FISCAL_7Y, WhyKept.LEGAL_PERIOD, date(2041, 1, 1)),)


def test_what_was_sealed_under_an_earlier_subject_of_hers_goes_with_the_rest(archive: Archive) -> None:
    scribe, stream = Scribe(archive.log), loket_stream(TULP, NUMBER[SANNE])
    scribe._next[stream] = len(archive.log.stream(stream))
    earlier = msgspec.structs.replace(overwrite(SANNE, EMAIL, "her old", "her new"), subject="s-earlier")
    scribe.write(stream, earlier)
    archive.clock.day = date(2034, 1, 1)

    archive.eraser("Bram").confirm(archive.eraser("Petra").request(SANNE, "she asked for it").id)

    assert {one.fact.before for one in archive.opened(SANNE) if isinstance(one.fact, FieldOverwritten)} == {
        Lost.SHREDDED
    }


def test_retention_passes_by_whom_the_log_holds_no_value_of(archive: Archive) -> None:
    Scribe(archive.log).write(person_stream(PersonId("3010")), gates("170"))
    archive.clock.day = date(2028, 6, 1)

    assert [one.person for one in archive.eraser("schedule:retention").apply_retention()] == [SANNE]


def gates(entity: str) -> GatesObserved:
    return GatesObserved(legal_entity=entity, status="ACTIVE", considered="yes", employee_number=None, income_number=1)


class PowerCut(BaseException):
    """The machine is gone."""


@dataclass
class Failing:
    """Key custody that dies once it has destroyed so many keys."""

    real: Any
    left: int = 1

    def held(self, subject: SubjectRef) -> Any:
        return self.real.held(subject)

    def present(self, key_ids: Any) -> Any:
        return self.real.present(key_ids)

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        if not self.left:
            raise PowerCut
        self.left -= 1
        self.real.destroy(subject, retention)

    def wipe(self) -> None:
        raise PowerCut


@pytest.mark.parametrize("destroyed_before", [0, 1])
def test_a_crash_after_the_confirmation_is_finished_at_the_next_start(archive: Archive, destroyed_before: int) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    with pytest.raises(PowerCut):
        archive.eraser("Bram", Failing(archive.log.vault, destroyed_before)).confirm(asked.id)

    (finished,) = archive.eraser("system").finish()

    assert finished.id == asked.id
    assert archive.eraser().book().erasures[asked.id].state is ErasureState.COMPLETED
    assert archive.before(SANNE, STREET) is Lost.SHREDDED
    assert archive.before(SANNE, EMAIL) is Lost.SHREDDED
    assert archive.eraser("system").finish() == ()
    assert sum(isinstance(one.fact, ErasureCompleted) for one in archive.log.stream(ERASURES)) == 1


def test_who_came_back_before_an_erasure_was_finished_keeps_what_is_new(archive: Archive) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    with pytest.raises(PowerCut):
        archive.eraser("Bram", Failing(archive.log.vault, 2)).confirm(asked.id)
    scribe, stream = Scribe(archive.log), person_stream(SANNE)
    scribe._next[stream] = len(archive.log.stream(stream))
    scribe.write(stream, AttributesObserved(subject=f"s-{SANNE}", values=(FieldValue(EMAIL, "back@example.org"),)))

    (finished,) = archive.eraser("system").finish()

    (back,) = archive.log.vault.opened(archive.log.stream(stream)[-1:])
    assert finished.id == asked.id
    assert "back@example.org" in str(back.fact)
    assert archive.before(SANNE, EMAIL) is Lost.SHREDDED


def test_a_crash_right_after_a_key_was_deleted_leaves_nothing_of_it_on_disk_once_it_is_finished(
    archive: Archive,
) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    with closing(key_store(archive.site)) as store:
        wrapped = [key.wrapped for key in store.of_subjects([f"s-{SANNE}"])]
    with pytest.raises(PowerCut):
        archive.eraser("Bram", Failing(archive.log.vault, 0)).confirm(asked.id)
    execute(archive.site.keys_url, f"DELETE FROM data_keys WHERE subject = 's-{SANNE}'")
    left = bytes_of_keys(archive.site.keys_url)

    archive.eraser("system").finish()

    kept = bytes_of_keys(archive.site.keys_url)
    assert len(wrapped) == 2
    assert all(one in left for one in wrapped)
    assert not any(one in kept for one in wrapped)


def test_while_somebody_reads_the_keys_all_that_were_to_go_are_gone_and_work_goes_on(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup may take hours; their bytes go from the disk after it."""
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    section = SimpleNamespace(
        url=archive.site.url, keys=archive.site.keys_url, checkpoints=archive.site.folder / "checkpoints",
        key_file=None, signing_key_file=None, asked_witnesses=lambda: (),
    )  # fmt: skip
    with monkeypatch.context() as read:
        for kind in (SqliteKeyStore, PostgresKeyStore):
            read.setattr(kind, "wipe", read_by_a_backup)
        assert archive.eraser("Bram").confirm(asked.id).state is ErasureState.CONFIRMED
        with pytest.raises(KeysOnDisk):
            archive.eraser("system").finish()
        with closing(key_store(archive.site)) as store:
            assert not store.of_subjects([f"s-{SANNE}"])
        with capture_logs() as said, open_store(cast(Any, SimpleNamespace(log=section))) as started:
            assert started.log.size() == archive.log.size()

    with open_store(cast(Any, SimpleNamespace(log=section))):
        assert archive.eraser().book().erasures[asked.id].state is ErasureState.COMPLETED
    assert [(one["log_level"], one["event"]) for one in said] == [
        ("warning", "an erasure is not complete: the next start tries again")
    ]


def read_by_a_backup(_: object) -> None:
    raise KeysOnDisk("the key store keeps deleted keys while somebody reads it, such as a backup")


def destroyed_and_back(archive: Archive, store: KeyStore) -> Sequence[WrappedKey]:
    """Sanne's keys: erased, and put back from a backup."""
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    backup = store.of_subjects([f"s-{SANNE}"])
    archive.eraser("Bram").confirm(asked.id)
    store.add(backup)
    return backup


def test_what_came_back_and_is_destroyed_again_during_a_backup_is_wiped_when_it_is_asked_for_once_more(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(key_store(archive.site)) as store:
        backup = destroyed_and_back(archive, store)
        with monkeypatch.context() as read:
            read.setattr(type(store), "wipe", read_by_a_backup)
            with pytest.raises(KeysOnDisk):
                archive.eraser("Petra").reapply()
        again = archive.eraser("Petra").reapply()

    left = bytes_of_keys(archive.site.keys_url)
    assert again == ()
    assert not any(one.wrapped in left for one in backup)
    told = [one.fact.key_ids for one in archive.log.stream(ERASURES) if isinstance(one.fact, ErasuresReapplied)]
    assert [set(each) for each in told] == [{one.key_id for one in backup}]


def test_keys_that_a_backup_brings_back_are_noticed_and_destroyed_again_and_a_new_key_is_not(archive: Archive) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    with closing(key_store(archive.site)) as store:
        backup = store.of_subjects([f"s-{SANNE}"])
        archive.eraser("Bram").confirm(asked.id)
        assert archive.eraser().returned() == ()
        store.add([key for key in backup if key.retention == Retention.HR_2Y.value])

        back = archive.eraser().returned()
        again = archive.eraser("Petra").reapply()

        assert [key.retention for key in back] == [Retention.HR_2Y]
        assert again == back
        assert archive.eraser().returned() == ()
        assert store.of_subjects([f"s-{SANNE}"]) == []
        Scribe(archive.log).write(person_stream(PersonId("new")), AttributesObserved(
            subject=f"s-{SANNE}", values=(FieldValue(EMAIL, "back@example.org"),)
        ))  # fmt: skip
        assert archive.eraser().reapply() == ()
        told = [one.fact.key_ids for one in archive.log.stream(ERASURES) if isinstance(one.fact, ErasuresReapplied)]
        assert told == [(back[0].key_id,)]
        assert len(store.of_subjects([f"s-{SANNE}"])) == 1


def test_keys_that_come_back_under_a_log_that_is_open_open_and_seal_nothing(archive: Archive) -> None:
    with closing(key_store(archive.site)) as store:
        destroyed_and_back(archive, store)

    stream, values = person_stream(SANNE), (FieldValue(EMAIL, "back@example.org"),)
    (seen,) = (one for one in archive.log.stream(stream) if isinstance(one.fact, AttributesObserved))

    for opened in (archive.log.vault.opened([seen]), archive.log.vault.marked([seen])):
        assert {one.value for one in opened[0].fact.values} == {Lost.SHREDDED}  # type: ignore[attr-defined]
    assert archive.log.vault.openings(seen) == ()
    anew = (person_stream(PersonId("new")), AttributesObserved(subject=f"s-{SANNE}", values=values))
    with pytest.raises(Misconfigured, match="erase --reapply"):
        Scribe(archive.log).write(*anew)
    archive.eraser("Petra").reapply()
    Scribe(archive.log).write(*anew)


def shown_together(archive: Archive, *people: PersonId) -> Recorded:
    """Values of several people were shown for one reason, which may quote any of them."""
    unmasking = Unmasking(Actor("Anja"), "run", f"{SANNE}@example.org and others asked")
    named = [f"s-{one}" for one in people]
    record_unmasking(archive.log, archive.log.vault, archive.clock, unmasking=unmasking, entity=TULP, people=named)
    return archive.log.stream(CUSTODY)[-1]


def reason_of(archive: Archive, shown: Recorded) -> Any:
    return archive.log.vault.opened([shown])[0].fact.reason  # type: ignore[attr-defined]


def test_an_erasure_takes_along_the_reasons_that_may_name_her_and_no_other(archive: Archive) -> None:
    both, other = shown_together(archive, SANNE, DAAN), shown_together(archive, DAAN, PersonId("3009"))
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    before = reason_of(archive, both)

    archive.eraser("Bram").confirm(asked.id)

    assert before == f"{SANNE}@example.org and others asked"
    assert reason_of(archive, both) is Lost.SHREDDED
    assert reason_of(archive, other) == before
    assert archive.eraser().returned() == ()


def test_while_her_fiscal_values_are_kept_so_is_the_reason(archive: Archive) -> None:
    both = shown_together(archive, SANNE, DAAN)
    archive.clock.day = date(2028, 6, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    archive.eraser("Bram").confirm(asked.id)

    assert reason_of(archive, both) == f"{SANNE}@example.org and others asked"


def test_a_reason_of_several_people_expires_seven_years_after_its_year_and_one_of_a_person_does_not(
    archive: Archive,
) -> None:
    several = shown_together(archive, DAAN, PersonId("3009"))
    alone = Unmasking(Actor("Anja"), "history", "he asked")
    vault = archive.log.vault
    record_unmasking(archive.log, vault, archive.clock, unmasking=alone, entity=TULP, number=NUMBER[DAAN])
    single = archive.log.stream(CUSTODY)[-1]

    archive.clock.day = date(2033, 12, 31)
    archive.eraser("schedule:retention").apply_retention()
    kept = reason_of(archive, several)
    archive.clock.day = date(2034, 1, 1)
    archive.eraser("schedule:retention").apply_retention()

    assert kept == f"{SANNE}@example.org and others asked"
    assert reason_of(archive, several) is Lost.SHREDDED
    assert reason_of(archive, single) == "he asked"
    assert archive.eraser("schedule:retention").apply_retention() == ()


def test_retention_erases_whoever_is_past_their_period_without_a_request_but_nobody_held(archive: Archive) -> None:
    archive.clock.day = date(2028, 6, 1)

    (done,) = archive.eraser("schedule:retention").apply_retention()

    assert (done.person, [key.retention for key in done.keys]) == (SANNE, [Retention.HR_2Y])
    assert archive.eraser("schedule:retention").apply_retention() == ()
    archive.clock.day = date(2034, 1, 1)
    archive.eraser("Anna").hold(SANNE, "lawsuit")
    assert archive.eraser("schedule:retention").apply_retention() == ()


def test_retention_erases_somebody_once_a_day_and_leaves_nothing_for_a_request_that_waited(archive: Archive) -> None:
    archive.clock.day = date(2034, 1, 1)
    asked = archive.eraser("Petra").request(SANNE, "she asked for it")
    scribe, stream = Scribe(archive.log), person_stream(SANNE)
    scribe._next[stream] = len(archive.log.stream(stream))

    def retention() -> list[str]:
        return [one.id for one in archive.eraser("schedule:retention").apply_retention()]

    first = retention()
    with pytest.raises(MustBeKept, match="no key of this person is left"):
        archive.eraser("Bram").confirm(asked.id)
    scribe.write(stream, AttributesObserved(subject=f"s-{SANNE}", values=(FieldValue(EMAIL, "late@example.org"),)))
    again = retention()
    archive.clock.day = date(2034, 1, 2)

    assert (first, again) == ([f"retention-2034-01-01-{SANNE}"], [])
    assert retention() == [f"retention-2034-01-02-{SANNE}"]


def test_no_value_was_ever_in_a_view_so_that_there_is_nothing_to_purge_there(archive: Archive) -> None:
    archive.views.catch_up()
    tables = [table.name for projection in PROJECTIONS for table in projection.tables]

    held = "".join(str(execute(archive.site.url, f"SELECT * FROM {table}")) for table in tables)

    assert EMAIL in held
    assert not any(value in held for value in ("Main St", "example.org", f"old {SANNE}", f"new {SANNE}"))
