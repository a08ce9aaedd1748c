"""A uvicorn server in a thread, on loopback, whose connections can be dropped from inside the application."""

import asyncio
import socket
import struct
import threading
import time
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Self, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

TRANSPORT = "simulator.transport"
"""Scope key under which the application finds the connection it is answering on."""


class Startable(ABC):
    """Runs between `start` and `stop`, or inside a `with`; may be started again."""

    @abstractmethod
    def start(self) -> Self: ...

    @abstractmethod
    def stop(self) -> None: ...

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class ServerThread(Startable):
    """Serves one ASGI application at `url` until stopped."""

    def __init__(self, app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = app
        self._host = host
        self._port = port
        self._server: _PromptServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port without a trailing slash; the port is known once started."""
        return f"http://{self._host}:{self._port}"

    def start(self) -> Self:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # else asyncio leaves Nagle on
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._host, self._port))
        listener.listen(128)
        self._port = listener.getsockname()[1]  # kept, so that a server started again has the same address
        config = uvicorn.Config(
            self._app,
            http=_DroppableProtocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            access_log=False,
            log_level="critical",
        )
        self._server = _PromptServer(config)
        self._thread = threading.Thread(target=_serve, args=(self._server, listener), name="simulator", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        """Stops at once: answers still being held back are dropped."""
        if self._server is not None and self._thread is not None:
            self._server.leave()
            self._thread.join()
            self._server = self._thread = None


def reset_connection(scope: Scope) -> None:
    """Drops the connection with a TCP reset: the client sees neither an answer nor a clean end."""
    transport = cast(asyncio.Transport, scope[TRANSPORT])
    linger_none = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
    transport.abort()


def close_connection(scope: Scope) -> None:
    """Ends the connection after what was written so far, as a server that dies in the middle of an answer."""
    cast(asyncio.Transport, scope[TRANSPORT]).close()


def _serve(server: "_PromptServer", listener: socket.socket) -> None:
    with listener:
        asyncio.run(server.serve(sockets=[listener]))


class _PromptServer(uvicorn.Server):
    """Leaves when asked; uvicorn itself looks every tenth of a second and then waits another one."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._asked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def leave(self) -> None:
        """From another thread, once started."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._asked.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        await self._asked.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002 (as overridden)
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            cast(H11Protocol, connection).transport.abort()
        await asyncio.sleep(0)


class _DroppableProtocol(H11Protocol):
    """Puts the connection's transport into the scope; uvicorn itself offers no way to drop a connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.app

        async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
            scope[TRANSPORT] = self.transport
            await application(cast(Any, scope), cast(Any, receive), cast(Any, send))

        self.app = cast(Any, with_transport)
