"""One of our commands as a host of the trial runs it: under a host's name of its own, by the clock of the trial.

What takes half a minute elsewhere takes a second or some here.
"""

from __future__ import annotations

import ctypes
import faulthandler
import ipaddress
import os
import signal
import socket
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import adapters.claims.holder
import adapters.claims.open
import adapters.jobs.lasting
import adapters.jobs.rescue
import api.bootstrap
import api.cli.commands.schedule
import api.cli.commands.serve
import api.cli.commands.witness
import api.tenants.house
import api.tenants.server
from api.cli.main import main
from api.tenants.server import Keeper
from tests.support.customers import clock_of

LEASE = 6.0  # seconds
GONE_AFTER = 4.0
LOOKS_EVERY = 15.0


def begin(host: str, clock: Path, net: str) -> None:
    """What is a host's own, and everybody's time."""
    now = clock_of(str(clock))
    adapters.claims.holder.this_host = socket.gethostname = lambda: host
    adapters.claims.open.open_claims.__kwdefaults__.update(lease=LEASE, renewed_every=LEASE / 3)
    api.bootstrap.SystemClock.now = lambda _: now()
    vars(api.tenants.server).update(LOOKS_EVERY=LOOKS_EVERY, REFRESHED_EVERY=0.5)
    api.tenants.server.Keeper.follow = looking_when_it_moves(now, api.tenants.server.Keeper.follow)
    api.tenants.house.AGAIN_AFTER = adapters.jobs.lasting.SELDOM = 1.0
    for module in (adapters.jobs.rescue, adapters.jobs.lasting):
        vars(module).update(HEARTBEAT=GONE_AFTER / 3, GONE_AFTER=GONE_AFTER)
    nearby(net)


def looking_when_it_moves(now: Callable[[], datetime], follow: Callable[[Keeper], None]) -> Callable[[Keeper], None]:
    """Nothing new is due until the clock is moved, and then at once: looks in between were nine tenths of the work."""
    seen = now()

    def followed(keeper: Keeper) -> None:
        nonlocal seen
        follow(keeper)
        if (moved := now()) != seen:
            seen = moved
            for name in keeper._kept:
                keeper._looking.modify_job(name, next_run_time=api.tenants.server.now())

    return followed


def nearby(net: str) -> None:
    """The network of the trial is on this machine, as loopback is: no certificate is asked for there."""
    if net:
        ours = ipaddress.ip_network(net)
        ipaddress.IPv4Address.is_loopback = property(lambda self: self in ours or self.packed[0] == 127)


def run(host: str, clock: Path, net: str, namespace: str, log: Path, command: list[str]) -> None:
    """In a process of its own, which was made of one that had loaded everything."""
    with log.open("ab", buffering=0) as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    faulthandler.register(signal.SIGUSR1)
    if namespace:
        enter(namespace)
    begin(host, clock, net)
    sys.argv = ["tweeluik", *command]
    sys.exit(main(command))


def enter(namespace: str) -> None:
    """This process and what it starts are in the network namespace of this name from here on."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path(f"/run/netns/{namespace}").open() as file:
        if libc.setns(file.fileno(), 0):
            raise OSError(ctypes.get_errno(), f"the namespace {namespace} cannot be entered")
