"""Many customers in one folder: a configuration file each, and what is the operator's in `operator.toml`."""

from __future__ import annotations

import os
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping
from configparser import ConfigParser
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from adapters.log.sealing.keys import KEY_VARIABLE
from adapters.log.where import beside_keys, signing_key_beside, sqlite_path
from api.config.alerts import AlertsSection
from api.config.hosts import canonical, host_of
from api.config.log import LogSection, resolved
from api.config.secrets import read_toml, with_secrets
from api.config.section import PREFIX, Section, in_words
from api.config.serve import PagesSection, ServeSection
from api.config.settings import Settings, checked, one_line
from domain.errors import Misconfigured, NotFound, TweeluikError

OPERATOR: Final = "operator"
_SERVERS: Final = ("host", "port", "requests_per_minute", "max_connections_per_address")
"""What of `[serve]` concerns the server alone and no tenant."""

BELOW: Final = "/t/"
"""Begins the path of every tenant that has no host of its own."""

REMOVED: Final = "removed"
"""The folder in which the configurations of removed tenants are kept."""

_LEAST, _MOST = 0.001, 1_000_000.0  # of a share, or of a limit

_NAME: Final = re.compile(r"(?=.{1,40}$)[a-z0-9]+(-[a-z0-9]+)*")
_NAMES: Final = "a tenant's name is of small letters, digits and single dashes, at most 40 of them"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1", ""})
_HOST: Final = re.compile(r"(?i)[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_SHORTEST: Final = 16  # characters of the operator's token


class QueueSection(Section):
    """The queue that all workers share: a PostgreSQL database of the operator's, which holds nothing about people."""

    url: SecretStr


class OperatorSettings(BaseModel):
    """What holds for the whole server. No variable of the environment changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_url: str = ""
    hosts: list[str] = []
    token: SecretStr = SecretStr("")
    serve: ServeSection = ServeSection()
    alerts: AlertsSection = AlertsSection()
    queue: QueueSection | None = None
    shares: dict[str, float] = {}
    requests_per_second: dict[str, float] = Field(default_factory=dict)

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if value and PagesSection(public_url=value).base:
            raise ValueError("the operator's address ends with the host and its port: https://bureau.example.org")
        return value and PagesSection(public_url=value).origin

    @field_validator("token")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < _SHORTEST:
            raise ValueError(f"the token has {_SHORTEST} characters or more, such as: openssl rand -hex 32")
        return value

    @field_validator("hosts")
    @classmethod
    def _are_names(cls, value: list[str]) -> list[str]:
        if wrong := next((each for each in value if not canonical(each)), None):
            raise ValueError(f"{wrong} is no host: write its name alone, such as tweeluik.internal")
        return [canonical(each) for each in value]

    @field_validator("shares", "requests_per_second")
    @classmethod
    def _are_more_than_nothing(cls, value: dict[str, float]) -> dict[str, float]:
        if not all(_LEAST <= each <= _MOST for each in value.values()):
            raise ValueError("a share or a limit is a number from 0.001 to 1000000")
        return value

    @field_validator("requests_per_second")
    @classmethod
    def _are_hosts(cls, value: dict[str, float]) -> dict[str, float]:
        for host in value:
            if not _HOST.fullmatch(host):
                raise ValueError(
                    f"{host} is no host: write its name alone, such as api.loket.nl, without https:// or a port"
                )
        return value

    @property
    def origin(self) -> str:
        return self.public_url or f"http://127.0.0.1:{self.serve.port}"

    @property
    def own_hosts(self) -> frozenset[str]:
        """Where `/t/NAME` is found, canonical; this machine is always called by its own names, too."""
        return frozenset({host_of(self.origin), *self.hosts})


@dataclass(frozen=True, slots=True)
class File:
    """What a tenant's file says: settings, or in one line why it cannot be used; neither where it is unfinished.

    One without a legal entity is unfinished: it does not run, and nobody has to hear of it. `places` is everything
    that no two tenants may share, `host` is canonical and empty where it names none; both also of what cannot be used.
    """

    settings: Settings | None = None
    why: str = ""
    places: frozenset[str] = frozenset()
    host: str = ""


@dataclass(frozen=True, slots=True)
class Tenants:
    """Every tenant of a folder: the settings of those that may run, and in one line each why the others may not.

    `behind` says of some that run why they go on as their file said before; `hosts` is also of those that do not run.
    """

    operator: OperatorSettings
    settings: Mapping[str, Settings]
    broken: Mapping[str, str]
    unfinished: tuple[str, ...] = ()
    behind: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)

    def without(self, broken: Mapping[str, str]) -> Tenants:
        """With these, too, not running."""
        settings = {name: one for name, one in self.settings.items() if name not in broken}
        return replace(self, settings=settings, broken={**self.broken, **broken})


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the tenants are. A tenant's name is the name of its file, and `operator.toml` is no tenant."""

    path: Path

    def names(self) -> tuple[str, ...]:
        """Every file that is there, also one whose name cannot be a tenant's."""
        if not self.path.is_dir():
            raise Misconfigured(f"there is no folder of tenants at {self.path}")
        found = (one.stem for one in self._all() if not one.stem.endswith(".secrets"))
        return tuple(sorted(name for name in found if name != OPERATOR))

    def _all(self) -> tuple[Path, ...]:
        """Raises Misconfigured for a folder that cannot be read, which is no empty one."""
        try:
            return tuple(one for one in self.path.iterdir() if one.suffix == ".toml" and one.is_file())
        except OSError as reason:
            raise Misconfigured(f"the folder of tenants at {self.path} cannot be read: {in_words(reason)}") from reason

    def were_put_away(self, names: Collection[str]) -> bool:
        """Whether each of them was removed, and has not just gone."""
        kept = {one.name.partition("-")[2] for one in (self.path / REMOVED).glob("*.toml")}
        return all(f"{name}.toml" in kept for name in names)

    def file(self, name: str) -> Path:
        """Raises NotFound for what is no tenant here, whatever else it may name."""
        if not _NAME.fullmatch(name) or name == OPERATOR or not (self.path / f"{name}.toml").is_file():
            raise NotFound("there is no such tenant")
        return self.path / f"{name}.toml"

    def free(self, name: str) -> Path:
        """Where the file of a new tenant is to be. Raises Misconfigured for a name that no tenant can have."""
        if not _NAME.fullmatch(name) or name == OPERATOR:
            raise Misconfigured(_NAMES)
        if not self.path.is_dir():
            raise Misconfigured(f"there is no folder of tenants at {self.path}")
        return self.path / f"{name}.toml"

    def operator(self) -> OperatorSettings:
        """Raises Misconfigured."""
        path = self.path / f"{OPERATOR}.toml"
        try:
            return OperatorSettings(**with_secrets(_content(path) if path.exists() else {}, path))
        except ValidationError as reason:
            raise Misconfigured(f"{path}: {one_line(reason)}") from None

    def one(self, name: str) -> Settings:
        """The settings of one tenant, which shares nothing with another one. Raises Misconfigured or NotFound."""
        found = self._settings(self.file(name), self.operator())
        places = {each: self._said(each) for each in self.names()}
        if (reason := sharing({each: one.places for each, one in places.items()}).get(name)) is not None:
            raise Misconfigured(reason)
        return found

    def read(self) -> Tenants:
        """As every file says at this moment. Raises Misconfigured only for what is the operator's."""
        operator = self.operator()
        return self.tenants(operator, self.files(operator))

    def files(self, operator: OperatorSettings) -> dict[str, File]:
        """Every file, whatever is wrong with it."""
        return {name: self._file(name, operator) for name in self.names()}

    def tenants(self, operator: OperatorSettings, files: Mapping[str, File]) -> Tenants:
        """Who may run by these files: two that name the same place may not, for nobody can tell whose it is."""
        shared = sharing({name: one.places for name, one in files.items()})
        broken = {name: one.why for name, one in files.items() if one.why and one.settings is None}
        return Tenants(
            operator,
            {name: one.settings for name, one in files.items() if one.settings is not None and name not in shared},
            broken | shared,
            tuple(name for name, one in files.items() if one == File(places=one.places, host=one.host)),
            {name: one.why for name, one in files.items() if one.why and one.settings and name not in shared},
            {one.host: name for name, one in files.items() if one.host},
        )

    def state(self) -> dict[str, tuple[int, ...]]:
        """By file that is there, what changes whenever it does."""
        return {one.name: _state(one) for one in self._all()}

    def _file(self, name: str, operator: OperatorSettings) -> File:
        """Whatever is wrong with one file is the trouble of one tenant."""
        try:
            path = self.file(name)
        except NotFound:
            return File(why=_NAMES)
        said = self._said(name)
        try:
            if "legal_entity" not in _content(path):
                return said
            return replace(said, settings=self._settings(path, operator))
        except Misconfigured as reason:
            return replace(said, why=str(reason))

    def _settings(self, path: Path, operator: OperatorSettings) -> Settings:
        """Raises Misconfigured."""
        try:
            found = _settings(path, operator)
            deque(_places(path), maxlen=0)
        except TweeluikError:
            raise
        except Exception as reason:  # noqa: BLE001  a library's text may quote a secret
            raise Misconfigured(f"{path} cannot be understood: {type(reason).__name__}") from None
        return found

    def _said(self, name: str) -> File:
        """Its places and its host alone, as far as they can be read."""
        found, host = list[str](), ""
        with suppress(Exception):  # of whatever kind: one tenant's file is no other's trouble, and says so itself
            path = self.file(name)
            host = _own_host(_content(path))
            found.extend(_places(path))
        return File(places=frozenset(found), host=host)


def sharing(places: Mapping[str, Collection[str]]) -> dict[str, str]:
    """By name of the tenant, what it shares with which others."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for name, own in places.items():
        for place in own:
            named[place].add(name)
    shared = dict[str, str]()
    for place, names in sorted(named.items()):
        for one in names if len(names) > 1 else ():
            shared.setdefault(one, f"{' and '.join(sorted(names))} name the same {place}")
    return shared


def refuse_variables_for_all() -> None:
    """What the environment says would hold for every tenant: one key for all of them, or one log."""
    for name in os.environ:
        if name == KEY_VARIABLE or (name.startswith(PREFIX) and "__" in name):
            raise Misconfigured(f"the environment variable {name} would hold for every tenant: put it into their files")


def _settings(path: Path, operator: OperatorSettings) -> Settings:
    """As the file says, in what is the operator's. Raises Misconfigured."""
    refuse_variables_for_all()
    return as_tenant(checked(_content(path), path), path, operator)


def as_tenant(found: Settings, path: Path, operator: OperatorSettings) -> Settings:
    """With its address and with what is the operator's. Raises Misconfigured."""
    if "serve" in found.model_fields_set:
        raise Misconfigured(f"{path}: [serve] is the operator's: put it into {OPERATOR}.toml")
    own = operator.origin + BELOW + path.stem
    pages = found.pages or PagesSection(public_url=own)
    if pages.base and pages.public_url != own:
        raise Misconfigured(f"{path}: pages.public_url is a host of its own, or {own}")
    if not pages.base and host_of(pages.public_url) in operator.own_hosts:
        raise Misconfigured(f"{path}: pages.public_url is the operator's own address")
    most = max(1, operator.serve.max_connections // 2)  # so that no tenant's requests are all that is answered
    servers = {name: ServeSection.model_fields[name].default for name in _SERVERS}  # a change opens no tenant anew
    serve = operator.serve.model_copy(update={**servers, "max_connections": most})
    return found.model_copy(update={"pages": pages, "serve": serve})


def _content(path: Path) -> dict[str, Any]:
    """Raises Misconfigured."""
    try:
        return _parsed(path, _state(path))
    except (OSError, ValueError, RecursionError) as reason:
        raise Misconfigured(f"{path} cannot be read: {in_words(reason)}") from reason


def _state(path: Path) -> tuple[int, ...]:
    """What changes whenever the file does, also where a tool sets its time back and its length stays the same."""
    found = path.stat()
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=4096)
def _parsed(path: Path, _state: tuple[int, ...]) -> dict[str, Any]:
    """A file is parsed once, as long as it stays as it is: of many, one is changed."""
    return read_toml(path)


def _places(file: Path) -> Iterator[str]:
    """Everything that two tenants must not share, in words that hold no secret."""
    content = with_secrets(_content(file), file)
    log = resolved(LogSection(**content.get("log", {})), file.resolve().parent)
    for database in sorted({*_databases(log.url), *_databases(log.keys)}):
        yield f"database {database}"
    checkpoints = Path(log.checkpoints)
    yield f"checkpoint folder {_real(checkpoints)}"
    beside = beside_keys(log.keys, checkpoints)
    yield f"key file {_real(log.key_file or beside.with_name(f'{beside.name}.key'))}"
    yield f"signing key {_real(log.signing_key_file or signing_key_beside(beside))}"
    if host := _own_host(content):
        yield f"host {host}"
    for one in content.get("legal_entity", []):
        if administration := one.get("loket_payroll_administration_id"):
            yield f"payroll administration {str(administration).strip().lower()}"


def _own_host(content: Mapping[str, Any]) -> str:
    """Canonical; empty for a tenant that is found below a path."""
    address = str(content.get("pages", {}).get("public_url", ""))
    return "" if urlsplit(address).path.rstrip("/") else host_of(address)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _databases(url: str) -> Iterator[str]:
    """The file, or the database at each host that the address names; never the password. Raises Misconfigured."""
    path = sqlite_path(url)
    if path is not None:
        yield str(_real(path))
        return
    try:
        given = conninfo_to_dict(url)
    except (psycopg.Error, UnicodeError):
        raise Misconfigured("a database's address is not one: postgresql://user@host/database") from None
    told = {**_told_by_environment(), **_told_by_service(str(given.get("service") or "")), **given}
    hosts = str(told.get("hostaddr") or told.get("host") or "").split(",")
    ports = str(told.get("port") or "").split(",")
    name = told.get("dbname") or told.get("user")
    for host, port in zip(hosts, ports * len(hosts) if len(ports) == 1 else ports, strict=False):
        near = host.startswith(("/", "@")) or host in _HERE
        yield f"{name} on {'localhost' if near else host.lower().rstrip('.')}:{port or 5432}"


def _told_by_service(name: str) -> dict[str, str]:
    """What the connection service file says under this name, as libpq looks for it; nothing where there is none."""
    files = (
        os.environ.get("PGSERVICEFILE") or os.path.expanduser("~/.pg_service.conf"),
        str(Path(os.environ.get("PGSYSCONFDIR", "/etc/postgresql-common")) / "pg_service.conf"),
    )
    for file in files if name else ():
        services = ConfigParser(interpolation=None, delimiters=("=",), strict=False)
        services.read(file)
        if services.has_section(name):
            return dict(services[name])
    return {}


def _told_by_environment() -> dict[str, str]:
    """What an address leaves out, as a connection fills it in."""
    return {
        one.keyword.decode(): one.val.decode()
        for one in pq.Conninfo.get_defaults()
        if one.val is not None and one.keyword in {b"host", b"port", b"dbname", b"user"}
    }
