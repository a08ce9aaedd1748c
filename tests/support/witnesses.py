"""Witnesses over HTTP: in this process or their own, killed between storing and answering, or never answering."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.log.proof.cosignatures import Cosigner
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.witness import Witness
from adapters.log.proof.witnessing import WitnessAddress
from adapters.simulators.wire.server import ServerThread
from api.cli.commands.witness import witness_app

SIGNER = Cosigner("witness.example/w1", bytes(range(64, 96)))
NOW = datetime(2026, 3, 15, 9, 31, tzinfo=UTC)


@contextmanager
def witness_at(folder: Path, *logs: VerifierKey, signer: Cosigner = SIGNER) -> Iterator[WitnessAddress]:
    witness = Witness(folder / "witness.db", signer, logs, lambda: NOW)
    with ServerThread(witness_app(witness)) as server:
        yield WitnessAddress(server.url, signer.verifier)
    witness.close()


@contextmanager
def silent(patience: float) -> Iterator[WitnessAddress]:
    """Takes the connection and says nothing; a client waits for it this many seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield WitnessAddress(f"http://127.0.0.1:{listener.getsockname()[1]}", SIGNER.verifier, timeout=patience)


@dataclass(frozen=True)
class WitnessProcess:
    process: subprocess.Popen[str]
    address: WitnessAddress


@contextmanager
def witness_process(folder: Path, logs: Sequence[VerifierKey], *, deadly: bool = False) -> Iterator[WitnessProcess]:
    """`tweeluik witness` on a free port; a deadly one dies by `kill -9` with its first cosignature stored, not sent."""
    key = folder / "witness.key"
    key.write_text(SIGNER.private_text())
    program = ["-m", "tests.support.witnesses"] if deadly else ["-c", "from api.cli.main import entry; entry()"]
    command = [sys.executable, *program, "witness", "--key", str(key), "--store", str(folder / "witness.db")]
    command += ["--port", "0", *(part for log in logs for part in ("--log", str(log)))]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = next(line for line in process.stderr if line.startswith("witness "))
            found = re.fullmatch(r"witness (\S+) on (\S+)\n", said)
            assert found is not None
            assert found[1] == str(SIGNER.verifier)
            yield WitnessProcess(process, WitnessAddress(found[2], SIGNER.verifier))
        finally:
            process.kill()


def _deadly(app: ASGIApp) -> ASGIApp:
    async def dying(scope: Scope, receive: Receive, send: Send) -> None:
        async def last(message: object) -> None:
            if isinstance(message, dict) and message.get("status") == 200:
                os.kill(os.getpid(), signal.SIGKILL)
            await send(message)  # type: ignore[arg-type]

        await app(scope, receive, last)

    return dying


if __name__ == "__main__":
    from api.cli.commands import witness as commands_witness
    from api.cli.main import entry

    alive = commands_witness.witness_app
    commands_witness.witness_app = lambda witness: _deadly(alive(witness))  # type: ignore[assignment,return-value]
    entry()
