"""`tweeluik witness`: cosigns the heads of other people's logs over HTTP; needs no configuration file."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated, Final

import typer
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.log.proof.cosignatures import Cosigner
from adapters.log.proof.notes import NoteRejected, VerifierKey
from adapters.log.proof.witness import Answer, Witness
from adapters.whole_files import create_file
from api.bootstrap import SystemClock
from api.cli.app import app
from api.cli.output import say
from api.config.serve import ServeSection
from api.http.connections import server
from domain.errors import Misconfigured

_LARGEST: Final = 65_536  # bytes of a request: 63 hashes, a checkpoint and many signatures


@app.command()
def witness(
    logs: Annotated[
        list[str], typer.Option("--log", help="Verifier key of a log to witness; repeatable.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="Name of a new key: an address of yours without https://.")] = "witness",
    key: Annotated[Path, typer.Option(help="The key file; made at first use.")] = Path("witness.key"),
    store: Annotated[Path, typer.Option(help="What was cosigned. Never restore an old copy.")] = Path("witness.db"),
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 picks a free one.")] = 8322,
) -> None:
    """Serves a witness until stopped: it cosigns a log's head only when it has grown from the last one it cosigned.

    Run it where whoever runs the log has no access. `verify --json` of the log prints its verifier key.

    tweeluik witness --log tweeluik/1a2b3c4d+5e6f7a8b+AZ... --name witness.example.org
    """
    signer = load_cosigner(key, name)
    witnessing = Witness(store, signer, [_verifier(each) for each in logs], SystemClock().now)
    with _listening(host, port) as listener:
        say(f"witness {signer.verifier} on http://{host}:{listener.getsockname()[1]}")
        serving = server(witness_app(witnessing), ServeSection(), host=host, port=port)
        serving.run(sockets=[listener])


def witness_app(witness: Witness) -> Starlette:
    """The HTTP interface of c2sp.org/tlog-witness: one prefix for submissions and for monitors."""

    async def add_checkpoint(request: Request) -> Response:
        return _response(await run_in_threadpool(witness.add_checkpoint, await _body(request)))

    async def latest(request: Request) -> Response:
        return _response(await run_in_threadpool(witness.latest, request.path_params["origin"]))

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{origin}/checkpoint", latest, methods=["GET"]),
        ]
    )


def load_cosigner(path: Path, name: str) -> Cosigner:
    """The key of this file, made at first use. Raises Misconfigured."""
    if not path.exists():
        create_file(path, Cosigner.generate(name).private_text().encode())
    try:
        return Cosigner.parse(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Misconfigured(f"the witness's key {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Misconfigured(f"the witness's key {path} is damaged: {error}") from error


def _verifier(text: str) -> VerifierKey:
    try:
        return VerifierKey.parse(text)
    except NoteRejected as error:
        raise typer.BadParameter(f"--log: {error}") from error


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except (OSError, UnicodeError) as error:  # the second for a host that can be none
        said = getattr(error, "strerror", "no name of a host")
        raise Misconfigured(f"cannot listen on {host}:{port}: {said}") from error


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, {"Content-Type": answer.kind})


async def _body(request: Request) -> bytes:
    """Raises 413 for a body that no log sends, before it is held in memory."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > _LARGEST:
            raise HTTPException(413)
    return bytes(found)
