"""Why: what verifications and derivations found, why an alert or a read came to nothing. Made, and stored, in English.

A reason stands in another: "event 7: it was not stored by Tweeluik" is two of these.
"""

from __future__ import annotations

from typing import Final

OF_EVENTS: Final = (
    "event {number}: {said}",
    "the database breaks off there: {who}",
    "it was not stored by Tweeluik",
    "it is not there; the next row is numbered {who}",
    "it holds what no event can hold",
    "it is not what its hash was made of",
    "it is not what the tree holds",
    "it and its leaf are not what the tree was built of",
    "the tile of the tree over it was changed",
    "version {number} of its stream is missing before it",
    "version {number} of its stream was there before it",
    "version {number} of {path} is missing",
    "events {first} to {last} are not what their tile says",
)
OF_A_LOG: Final = (
    "the log cannot be read: {said}",
    "event {number} does not say when it was recorded",
    "no event was signed yet",
    "no signed checkpoint covers any event",
    "event {number} is {clock} old and no checkpoint covers it",
    "event {number} is 1 day, {clock} old and no checkpoint covers it",
    "event {number} is {days} days, {clock} old and no checkpoint covers it",
    "two signed histories part between events {first} and {last}",
    "of events {first} to {last} at least one was rewritten together with its hashes",
    "{said} is of another history than this log",
    "the head of {size} events that {names} witnessed at {at}",
    "the log ends after {size} events; {number} were signed",
    "the log ends after {size} events; {number} were signed, and {said} is gone",
    "the log ends after {size} events; it once held {number}",
    "the log ends after {size} events; its tree goes further",
    "the log has {number} rows and ends at event {last}",
    "{size} events, the first {number} of them covered by a signed checkpoint",
    "events before {number}, and their keys, were looked at in whole at {at}",
    "SQLite finds its file damaged: PRAGMA integrity_check tells where",
    "events before {number} were changed while they were verified; verify again",
    "a process of the verification ended before it was done: no verdict; verify again",
)
OF_HEADS: Final = (
    "1 checkpoint in the database is not signed by this log's key",
    "{number} checkpoints in the database are not signed by this log's key",
    "no copy of a checkpoint outside the database was found",
    "1 checkpoint of {who} is missing from the copies outside the database",
    "{number} checkpoints of {who} are missing from the copies outside the database",
    "1 checkpoint of {who} is missing from the database",
    "{number} checkpoints of {who} are missing from the database",
)
OF_KEYS: Final = (
    "keys that the log needs: {number}",
    "{number} gone without an erasure",
    "{number} gone without an erasure, {said}",
    "{number} exchanged for another",
    "{number} exchanged for another, {said}",
    "{number} back after an erasure (`tweeluik erase --reapply` destroys it again)",
)
OF_VIEWS: Final = (
    "the views cannot be read: {who}",
    "every view is what they make",
    "the log is sound, but not every view is what it makes: {said}; mend it with: tweeluik rebuild",
    "view {view}: {said}",
    "view {view}, table {table}: {said}",
    "it stands at event {now} in version {version}, where there is none",
    "the table is gone, or another one",
    "a row was made by no event",
    "a row cannot be read",
    "the row is missing",
    "the row is missing ({who})",
    "the row differs in {who}",
)
OF_DERIVING: Final = (
    "nothing is derived about this person",
    "another decision than the recorded one",
    "findings: recorded {recorded}, derived {derived}",
    "notices: recorded {recorded}, derived {derived}",
    "outcome: recorded {outcome} {reason}, derived 1 write",
    "outcome: recorded {outcome} {reason}, derived {number} writes",
    "outcome: recorded {outcome} {reason}, derived {expected} {instead}",
    "write {now} ({kind}): {said}",
    "recorded, and not derived",
    "recorded from {since}, derived {kind} from {then}",
    "another record in Loket",
    "{field} is recorded, and not derived",
    "{field} has another value",
    "derived, and not sent: {fields}",
    "the brake was released, and that does not follow",
    "the brake was released, and would not have stopped it",
    "it was stopped, and wrote",
    "it was stopped with another plan than the derived one",
    "it ended more than once",
    "recorded {stop}, derived {other}",
)
NOT_STOPPED: Final = "not stopped"
OF_ALERTS: Final = (
    "no such target is configured any more",
    "the host's name cannot be resolved",
    "the host is in a private network: name it in alerts.private_hosts if it is meant",
    "apprise cannot read the target's url",
    "the service did not come to an end",
    "the service did not accept it",
    "sending it failed: {said}",
)
OF_TRANSPORT: Final = (
    "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "TimeoutException",
    "ConnectError", "ReadError", "WriteError", "CloseError", "NetworkError",
    "LocalProtocolError", "RemoteProtocolError", "ProtocolError", "ProxyError", "UnsupportedProtocol",
    "DecodingError", "AnswerTooLarge", "TooManyRedirects", "HTTPStatusError", "TransportError", "RequestError",
)  # fmt: skip
"""What a webhook gave as the reason before it had words: what its library calls the failure."""

OF_WAITING: Final = (
    "Unreachable", "IncompleteRead", "PageRefused", "ImplausibleRead", "RightMissing", "SignInNeeded", "Ambiguous",
    "NotDecidable", "Misconfigured", "RunAlreadyInProgress",
)  # fmt: skip
"""Why something planned is put off: which of our own errors it was."""

OF_LISTS: Final = (
    "{system} answered {method} {path} with more than a page can be",
    "{system}'s list {path} does not come to an end",
    "Loket has no {path}",
    "Loket's answer to {path} is not an object",
    "Personio's answer to {path} is not an object",
    "Loket did not answer with page {number} of {path}",
    "Loket gave a page of {path} without its paging data",
    "Loket's answer to {path} holds a message that is more than a warning",
    "Loket gave an invalid date",
    "Loket's {who} cannot be read: {clock}",
    "Loket shows a pay record with a value that is not in the documented form",
    "Loket listed an employee without a number",
    "Loket listed an employment without a start date",
    "Loket shows no readable {path} of an employment",
    "Loket shows no readable {path} of a concept employee",
    "Loket shows no readable {path} of a pay record",
    "Loket shows no readable {path} of working hours",
    "Loket listed something without an id",
    "Loket listed a payment record without an id",
    "Loket listed a pay record without an id",
    "Loket listed working hours without an id",
    "Loket listed a benefit or deduction without a payroll component",
    "Loket has two employees with number {number}: have payroll correct one of them",
    "Personio listed something without an id in {path}",
    "Personio listed a compensation without a person",
    "Personio lists something twice in {path}, and not the same",
    "Personio lists the same compensation in two months, and not the same",
    "Personio repeats a page of {path}",
    "Personio forgot the filter on a later page of {path}",
    "Personio gave a page of {path} without its paging data",
    "Personio names a next page of {path} without a cursor",
)
OF_WRITES: Final = (
    "Loket holds no working hours that new ones could follow",
    "a value does not have the form that Loket accepts",
    "Loket has no key for the country",
    "Loket does not show {said}, which this write would empty: look at the rights of the Loket user",
    "a message of an unknown type",
)
"""Why something was not sent, or not taken."""

OF_RIGHTS: Final = (
    "Loket employer {run} is not visible to the Loket user: give the user access, or correct loket_employer_id of "
    "legal entity {entity}",
    "payroll administration {run} is not visible in Loket employer {now}: give the user access, or correct it in legal "
    "entity {entity}",
    "Personio does not show legal entity {entity} (HTTP {number})",
    "Personio does not tell the country of legal entity {entity}",
    "legal entity {entity} is in {clock} according to Personio, and only Dutch ones can be synced: take it out of the "
    "configuration",
    "Loket refuses to give a token (HTTP {who}): check client_id and client_secret in [loket]",
    "Loket's token endpoint gave no access token",
    "Personio's token endpoint gave no access token",
    "{who}; it has to keep Loket's next refresh token, so Loket was not asked for one: run again",
    "{who}, after Loket gave a new refresh token: if runs are refused now, sign in with `tweeluik login`",
)
OF_NOTES: Final = (
    "the Loket user or client may not read BSNs",
    "employee {number} has no employment that the Loket user can see",
    "an employment has several payment records and Loket does not tell which carries the net wage",
    "Loket does not list the user's authorizations (HTTP {number})",
    "Loket's list of the user's authorizations cannot be read",
    "Loket lists 1 authorization of the user",
    "Loket lists {number} authorizations of the user",
    "Loket shows no list of countries: only those of addresses already in Loket are known",
    "Loket does not offer the {who} of all employees at once: they are read one by one",
    "Loket withdraws version {clock} of its {path} on {who}",
)
REASONS: Final = (
    *OF_EVENTS,
    *OF_A_LOG,
    *OF_HEADS,
    *OF_KEYS,
    *OF_VIEWS,
    *OF_DERIVING,
    *OF_ALERTS,
    *OF_TRANSPORT,
    *OF_WAITING,
    *OF_LISTS,
    *OF_WRITES,
    *OF_RIGHTS,
    *OF_NOTES,
)
