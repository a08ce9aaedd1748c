"""`tweeluik serve` in a process of its own with webhooks on, both simulators behind it, and a flood to pour over it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from adapters.simulators.company.generate import generate_company
from api.config.webhooks import PATH
from api.demo.simulators import Simulation, simulation
from tests.support.ports import free_port
from tests.support.waiting import until

TOKEN: Final = "a-token-for-webhooks-of-tests"
COMMAND: Final = str(Path(sys.executable).with_name("tweeluik"))


@dataclass
class Served:
    """A server that can be killed and started again at the same address."""

    running: Simulation
    config: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWEELUIK_")}
        self.process = subprocess.Popen([COMMAND, "--config", str(self.config), "serve"], env=clean)
        until(self._answers, "the start of the server", every=0.1)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the server ended"
        try:
            httpx.get(f"{self.url}/healthz", trust_env=False)
        except httpx.TransportError:
            return False
        return True

    def kill(self) -> None:
        """As kill -9: nothing is finished."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def deliver(self, body: bytes, token: str = TOKEN) -> httpx.Response:
        return httpx.post(self.url + PATH, content=body, headers={"authorization": token}, trust_env=False)

    @property
    def peak_mib(self) -> int:
        """The most memory the server ever had."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024

    def reads(self) -> int:
        """Of people, answered by the simulated Personio."""
        return self.running.personio.count("GET", "/v2/persons*", status=200)

    def waits_until_read(self, person: str) -> None:
        employments = f"/v2/persons/{person}/employments"
        until(lambda: self.running.personio.count("GET", employments, status=200), "the read that was hinted at")


@contextmanager
def served(folder: Path, people: int = 4) -> Iterator[Served]:
    """Configured, not started."""
    port = free_port()
    with simulation(generate_company(people, seed=7)) as running:
        config = folder / "tweeluik.toml"
        config.write_text(
            f"{running.configuration()}\n[serve]\nport = {port}\nrequests_per_minute = 1000000\n\n"
            f'[personio.webhooks]\nenabled = true\npublic_url = "http://127.0.0.1:{port}"\ntoken = "{TOKEN}"\n'
        )
        one = Served(running, config, port)
        try:
            yield one
        finally:
            one.kill()


@dataclass
class Poured:
    """What became of a flood; seconds are counted from when a request should have been sent, not from when it was."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def pour(
    port: int, bodies: Sequence[bytes], *, a_second: int, seconds: float, connections: int = 25, path: str = PATH
) -> Poured:
    """Deliveries at an even pace whatever the server does, the bodies in turn."""
    return asyncio.run(_pour(port, [_request(path, body) for body in bodies], a_second, seconds, connections))


async def _pour(port: int, requests: Sequence[bytes], a_second: int, seconds: float, connections: int) -> Poured:
    poured, loop = Poured(), asyncio.get_running_loop()
    begin, total = loop.time() + 0.2, int(a_second * seconds)

    async def one(place: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(place, total, connections):
            due = begin + number / a_second
            await asyncio.sleep(max(0.0, due - loop.time()))
            writer.write(requests[number % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            await reader.readexactly(int(lengths[0].split(b":")[1]) if lengths else 0)
            poured.statuses[int(head.split(b" ")[1])] += 1
            poured.seconds.append(loop.time() - due)
        writer.close()

    await asyncio.gather(*(one(place) for place in range(connections)))
    return poured


def _request(path: str, body: bytes) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {TOKEN}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def envelope(
    person: str, *, kind: str = "person.updated", at: str = "2026-03-15T09:12:44Z", company: str = "42"
) -> bytes:
    """As in the document of Personio's API, section 4.8."""
    return (
        f'{{"company_id":"{company}","event_name":"{kind}","occurred_at":"{at}",'
        f'"payload":{{"person_id":"{person}"}},"meta":{{}}}}'
    ).encode()
