"""Every error of the product, as a tree. Each carries data and says one sentence.

TweeluikError
├── Misconfigured            exit 2: configuration, rights, saved filter, tokens
│   ├── RightMissing
│   ├── SignInNeeded
│   ├── Ambiguous            HTTP 409: the beginning of several ids
│   └── NotDecidable         HTTP 422: a decision about a difference that may not be made
├── ReadFailed               exit 6: no conclusion may be drawn (RUN-7)
│   ├── Unreachable
│   ├── IncompleteRead
│   └── ImplausibleRead      complete, and not believed (RUN-12)
├── RunAlreadyInProgress     exit 5 (RUN-3)
├── ClaimLost                the run was cut off: another one holds the legal entity
├── StreamMoved              another writer appended to the stream first
├── LogDamaged               exit 8: nothing is appended to a damaged log
│   └── LogNotBelieved       a verification found it bad, and none has found it good since
├── ViewsDiffer              exit 8: a view says what no event says
├── LogUnavailable           exit 2: the log's database did not answer
│   ├── QueueUnavailable     nor the one of the queue of many tenants
│   ├── NoCheckpoint         the folder of its checkpoints takes no file
│   └── ViewBehind           one view cannot follow the log; the others answer
├── CannotWrite              exit 2: the file or pipe named for the output takes nothing
├── RowEdited                HTTP 409: somebody wrote to the key store past the product
├── AlreadyTaken             exit 2: somebody else sees to the task today
├── SecondPersonNeeded       exit 2: nobody confirms what they asked for themselves
│   └── TooManyPeople        nor opens more people's values within a day than one person may
├── NamesOthers              exit 2, HTTP 422: a certificate that would tell of more than one person
└── NotFound                 exit 2: an unknown number, run or position
    └── MustBeKept           of a person of whom nothing may be erased now
"""

from __future__ import annotations

from domain.values import so_many


class TweeluikError(Exception):
    """Base of all; `str(error)` is one sentence that says what to do next where that is known."""


class Misconfigured(TweeluikError):
    """The tenant's setup must be changed before anything can be read or written."""


class RightMissing(Misconfigured):
    """The credential or user may not do something that is needed."""


class SignInNeeded(Misconfigured):
    """Loket no longer accepts the stored refresh token; a person must sign in again."""


class Ambiguous(Misconfigured):
    """What was typed stands for several things; the sentence names them."""


class NotDecidable(Misconfigured):
    """This decision about a difference may not be made; the sentence says why and quotes no value (DRIFT-8)."""


class ReadFailed(TweeluikError):
    """A system could not be read completely, so nothing is concluded and nothing is written (RUN-7)."""


class Unreachable(ReadFailed):
    """The system did not answer within the read budget."""


class IncompleteRead(ReadFailed):
    """A sweep failed midway: a failed page, a repeated cursor, an unreadable answer."""


class ImplausibleRead(ReadFailed):
    """A complete read shows so much less than the last accepted one that it is not believed (RUN-12)."""


class RunAlreadyInProgress(TweeluikError):
    """Another run holds the legal entity (RUN-3)."""

    def __init__(self, held_by: str) -> None:
        super().__init__(f"run {held_by} is in progress for this legal entity; wait for it to end")
        self.held_by = held_by


class ClaimLost(TweeluikError):
    """This run no longer holds its legal entity; it must stop without another word."""


class StreamMoved(TweeluikError):
    """Someone else appended to this stream since it was read."""

    def __init__(self, stream: str, expected: int) -> None:
        super().__init__(f"stream {stream} does not end at version {expected - 1} any more")
        self.stream = stream
        self.expected = expected


class LogDamaged(TweeluikError):
    """The log does not agree with itself or with its checkpoints; it is not appended to."""


class ViewsDiffer(TweeluikError):
    """A view does not say what the event says that it points at, so it answers nothing: somebody may have edited it."""

    def __init__(self, view: str, position: int | None = None) -> None:
        place = "" if position is None else f" of event {position}"
        super().__init__(
            f"the view {view} does not say what the log says{place}: see `tweeluik verify`; `tweeluik rebuild` mends it"
        )
        self.view, self.position = view, position


class LogNotBelieved(LogDamaged):
    """The last verification did not say OK: nothing is appended, and nothing written to Loket, until one does."""


class LogUnavailable(TweeluikError):
    """The database of the log or of its keys cannot be reached; nothing was stored."""


class KeysOnDisk(LogUnavailable):
    """Keys were destroyed and nobody can read them from the store, but its files still hold their bytes."""


class QueueUnavailable(LogUnavailable):
    """The database of the queue that tenants share cannot be reached; what is due waits until it can."""


class NoCheckpoint(LogUnavailable):
    """The folder of the checkpoints takes no file: no head can be kept of what was appended, or is to be."""

    def __init__(self, folder: object, why: str) -> None:
        super().__init__(
            f"the checkpoint folder {folder} takes no file: {why}; give the account that runs tweeluik room there and "
            "the right to write"
        )


class ViewBehind(LogUnavailable):
    """This view cannot be brought to the head of the log, so nothing is read from it; the others are not held."""

    def __init__(self, view: str, why: str) -> None:
        super().__init__(f"the view {view} cannot follow the log: {why}; `tweeluik rebuild` makes it anew")
        self.view = view


class CannotWrite(TweeluikError):
    """The output has no place: a missing folder, a full disk, a closed pipe. What was done before it stays done."""


class RowEdited(TweeluikError):
    """A row of the key store is not as it was written; nothing is concluded from it."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"the {kind} in the key store is not as it was written")
        self.kind, self.key = kind, key


class AlreadyTaken(TweeluikError):
    """Somebody else sees to this task today (CHECK-6)."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"{holder} sees to this task today")
        self.holder = holder


class SecondPersonNeeded(TweeluikError):
    """What one person asked for, another one has to confirm."""


class TooManyPeople(SecondPersonNeeded):
    """One person has opened as many people's values within a day as one person may (AUD-8)."""

    def __init__(self, most: int, beyond: int) -> None:
        super().__init__(
            f"that is more than {so_many(most, 'person', 'people')}'s values within a day: ask for more with "
            "`tweeluik more-people ask`, and somebody else agrees"
        )
        self.beyond = beyond  # people whom somebody else has to agree to


class NamesOthers(TweeluikError):
    """A certificate holds its event as stored, and this one names many people: whoever gets it reads of all of them."""


class NotFound(TweeluikError):
    """What was asked for is not in the log."""


class ReportTooLong(TweeluikError):
    """Nobody would read it, or it would not fit; the sentence says what to choose instead."""


class MustBeKept(NotFound):
    """There is nothing of this person that may be erased now; the sentence says what is kept and why."""
