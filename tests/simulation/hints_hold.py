"""What must hold of webhooks: a hint that was answered with 2xx is kept until what it pointed at is in the log."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.personio.webhooks import hint_in
from domain.attributes import CONSIDER
from domain.hints import MOST_WAITING, NOBODY_NAMED
from domain.planning.business_date import business_date
from domain.planning.comparison import tidy
from domain.planning.eligibility import exclusions
from domain.records.loket_record import LoketRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import opened_streams
from domain.streams import loket_stream, person_stream
from domain.values import NOT_OBSERVED, EmployeeNumber, PersonId
from tests.simulation.office import Office
from tests.support.world import TULP


class HintsHold:
    def __init__(self, office: Office) -> None:
        self._office = office
        self.settled: set[str] = set()

    def round(self) -> Iterator[str]:
        """Let the product work hints off once, and look at what it called settled."""
        office = self._office
        before = {one.digest: one for one in office.hints.waiting(MOST_WAITING)}
        deaths = office.fate.deaths
        office.attempted(office.follow_hints)
        after = {one.digest for one in office.hints.waiting(MOST_WAITING)}
        settled = [before[one] for one in before.keys() - after]
        self.settled |= {one.digest for one in settled}
        if office.fate.deaths == deaths:
            everybody = any(one.person == NOBODY_NAMED for one in settled)
            people = {office.id(name) for name in office.here()}
            if everybody:
                people &= office.wired.personio.shown_aside[TULP.personio_id]
            for person in sorted(people if everybody else people & {one.person for one in settled}):
                yield from self._not_recorded(person)

    def at_any_time(self) -> Iterator[str]:
        hints = self._office.hints
        answered = self._office.post.answered
        waiting = {one.digest for one in hints.waiting(MOST_WAITING)}
        for digest in answered.keys() - waiting - self.settled:
            yield f"a hint about {answered[digest] or 'somebody'} was answered for and is gone"
            self.settled.add(digest)

    def at_rest(self) -> Iterator[str]:
        waiting = self._office.hints.how_many_wait()
        if waiting:
            yield f"{waiting} hints wait, though nothing keeps them from being followed"
        digests = [hint_in(one, self._office.clock.now()).digest for one in self._office.post.listed]
        missing = len({*digests} - self._office.hints.known(digests))
        if missing:
            yield f"{missing} events that Personio lists were never heard of"

    def _not_recorded(self, person: PersonId) -> Iterator[str]:
        """What Personio shows of a person now and the log does not have, though a hint about it was settled."""
        office, tools = self._office, self._office.world.tools()
        policy = office.settings.policy(TULP.personio_id)
        today = business_date(office.clock.now())
        number = next(one.number for one in office.world.people.values() if one.person == person)
        streams = [person_stream(person), loket_stream(TULP.personio_id, EmployeeNumber(number))]
        opened = opened_streams(tools, streams)
        record = PersonioRecord.of(opened.get(streams[0], ()))
        ended = LoketRecord.of(opened.get(streams[1], ())).ended_on is not None
        for one in office.wired.hr.people([person], today=today):
            if one.employment is None or one.employment.legal_entity is NOT_OBSERVED:
                continue  # nobody can say whose they are; the next run will
            unclear = CONSIDER not in one.values
            if record.subject is None or unclear or exclusions(one, policy, terminated=ended):
                continue  # only the gates may be kept of them
            for row in policy.catalogue:
                shown, known = tidy(one.value(row.role)), record.values.get(row.field)
                if shown is not NOT_OBSERVED and (known is None or known.value != shown):
                    yield f"a hint about {person} was settled, and {row.role} is not in the log as Personio shows it"
