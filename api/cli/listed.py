"""Every command in the order of help: the module that is loaded when it runs, and the sentence that help lists it with.

Help and the completion of a shell are made of this list alone, so they cost no more than Typer itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Listed(NamedTuple):
    """`module` in `api/cli/commands/`; `help` is the first sentence of the command's own."""

    module: str
    help: str


COMMANDS: Final = {
    "sync": Listed("sync", "One run: read both systems, decide, write to Loket, record everything."),
    "plan": Listed("sync", "What a sync would write, and its fingerprint; nothing is written."),
    "validate": Listed("sync", "Findings of every included person, and what is other than at the last look."),
    "runs": Listed("runs", "Past runs, newest first; or one of them with every outcome."),
    "settings": Listed("runs", "By which settings everybody was judged, newest first, and what each change changed."),
    "replay": Listed(
        "replay",
        "Makes past decisions again from the log alone, and says of each whether it came out as it was recorded.",
    ),
    "what-if": Listed(
        "what_if",
        "What other settings would have made of past runs, from the log alone: side by side with what was done.",
    ),
    "attributes": Listed("people", "Role, Personio attribute, Loket field, limit, and what a blank does."),
    "history": Listed("people", "Everything the log knows of one employee number."),
    "verify": Listed("log", "Checks the log against its checkpoints, and keys and views against the log."),
    "rebuild": Listed("log", "Every view from zero, from the log alone."),
    "demo": Listed("demo", "Plays the whole story on two simulated systems; needs no account and no configuration."),
    "simulate": Listed("demo", "Serves both simulators with a generated company until stopped."),
    "serve": Listed("serve", "Serves the HTTP API, described at /docs, and the pages, until stopped."),
    "access-review": Listed(
        "keys", "Who read what in a month, whose values were shown, and which keys were given or revoked."
    ),
    "overwritten": Listed(
        "audit",
        "Every Loket value that runs replaced or cleared in a period, with the checkpoint the report was made at.",
    ),
    "certificate": Listed(
        "audit",
        "Proof that the log holds one event as stored, to be checked offline with offline_verifier.py or verify.html.",
    ),
    "verify-page": Listed("audit", "The page that checks a certificate in any browser, with the network cut."),
    "evidence": Listed(
        "audit",
        "One signed archive of a period: plans, outcomes, overrides, exclusions, drift, overwritten fields, proofs.",
    ),
    "login": Listed("login", "Signs in to Loket with a browser and keeps the token, encrypted, in the key store."),
    "doctor": Listed(
        "login", "Examines a tenant: reads both systems, writes to neither, and says of every fault what to do."
    ),
    "terminations": Listed(
        "drift",
        "Who is out because Loket ended the employment, since when, who came back, and where the systems disagree.",
    ),
    "pay-mutations": Listed(
        "pay_mutations",
        "Every change of pay of a period: before, after, full-time and own amount, from when, and why.",
    ),
    "handover": Listed(
        "handover",
        "What is to be done by hand in Loket or asked of HR: one sheet for payroll, or the accountant who works there.",
    ),
    "forecast": Listed(
        "drift",
        "What the systems show ahead against the planned runs: pay, starts, last days, end dates; nothing else is "
        "told.",
    ),
    "erase": Listed(
        "erase",
        "Asks to erase a person, or confirms what another person asked for; without either, lists every erasure and "
        "hold.",
    ),
    "init": Listed(
        "init", "Looks around in both systems and writes a first tweeluik.toml; `tweeluik login` comes before it."
    ),
    "backup": Listed(
        "backup",
        "Copies log, keys and checkpoints as they are at one moment into a new folder, while everything goes on.",
    ),
    "restore": Listed(
        "backup", "Puts a backup where the configuration says, if nothing is there yet, and verifies it."
    ),
    "migrate": Listed(
        "migrate",
        "Moves the log from SQLite to PostgreSQL, or an older one there into partitions, with every byte and proof.",
    ),
    "schedule": Listed(
        "schedule", "What is planned, when it comes next, what was last done, and what should have been done by now."
    ),
    "worker": Listed("schedule", "Takes scheduled work until stopped, and finishes what it began."),
    "witness": Listed(
        "witness",
        "Serves a witness until stopped: it cosigns a log's head only when it has grown from the last one it cosigned.",
    ),
    "trust-versions": Listed(
        "sync", "Says that Loket's version numbers can be relied on again, after they were found wrong."
    ),
    "people": Listed("people", "Everyone: included, or left out by which rule; findings and what to do."),
    "tenants": Listed("tenants", "Customers of one server, each with a configuration and a log of its own."),
    "keys": Listed("keys", "Access keys of the HTTP API."),
    "alerts": Listed("alerts", "What people are told, and whether it reached them."),
    "tasks": Listed("tasks", "People with tasks: what holds a legal entity, what is to be done by whom, since when."),
    "drift": Listed("drift", "One drift check: where the two systems differ, and who left the confirmed value."),
    "more-people": Listed("more_people", "Values of more people than one person opens within a day."),
    "webhooks": Listed("webhooks", "Personio's webhooks."),
}
