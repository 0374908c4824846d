"""The HTTP server of the simulated APIs: refusals as Google's JSON, and a scenario's faults as a network and a busy service show them."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from grpc import StatusCode

from rehearsal.errors import CloudError
from rehearsal.events import StruckError

# Source: googleapis, google/rpc/code.proto, "HTTP Mapping".
_HTTP_OF: Final = {
    StatusCode.INVALID_ARGUMENT: 400,
    StatusCode.FAILED_PRECONDITION: 400,
    StatusCode.NOT_FOUND: 404,
    StatusCode.ALREADY_EXISTS: 409,
    StatusCode.ABORTED: 409,
    StatusCode.RESOURCE_EXHAUSTED: 429,
    StatusCode.UNIMPLEMENTED: 501,
    StatusCode.UNAVAILABLE: 503,
}


@dataclass(frozen=True)
class Request:
    """One call: GET, POST, PATCH or DELETE; the path without its custom method, which is `action` (`deployModel`), else empty."""

    method: str
    path: str
    action: str = ""
    query: dict[str, str] = field(default_factory=dict[str, str])
    body: dict[str, Any] = field(default_factory=dict[str, Any])


class ConnectionLostError(Exception):
    """The answer does not reach the caller."""


class Api(Protocol):
    """An API behind the server."""

    def answer(self, request: Request) -> dict[str, Any]:
        """Give the answer's body. Raises CloudError where it refuses, ConnectionLostError where the caller is not to hear it."""
        ...


@contextmanager
def serve_rest(api: Api) -> Generator[int]:
    """Answer on a port of this machine while the context lasts, and give the port. Raises OSError where there is none."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="rest", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One connection."""

        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the engine's output is what people read."""

        def _answer(self) -> None:
            try:
                self._send(200, api.answer(self._request()))
            except ConnectionLostError:
                self.close_connection = True
            except CloudError as error:
                if isinstance(error, StruckError) and error.fault.kind == "lostConnection":
                    self.close_connection = True
                    return
                self._send(_status(error), _refusal(error))

        def _request(self) -> Request:
            parts = urlsplit(self.path)
            path, _, action = unquote(parts.path).partition(":")
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                body: dict[str, Any] = json.loads(sent or b"{}")
            except ValueError:
                raise CloudError(StatusCode.INVALID_ARGUMENT, "Invalid JSON payload received.") from None
            return Request(self.command, path, action, dict(parse_qsl(parts.query)), body)

        def _send(self, status: int, body: dict[str, Any]) -> None:
            sent = json.dumps(body).encode()
            # The caller may be gone: an engine that was cancelled does not wait.
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer

    return Handler


def _status(error: CloudError) -> int:
    told = error.fault.status if isinstance(error, StruckError) else None
    return told or _HTTP_OF.get(error.code, 500)


def _refusal(error: CloudError) -> dict[str, Any]:
    """The form of every error of Google's APIs. Source: Google Cloud APIs, "Errors", HTTP mapping."""
    return {"error": {"code": _status(error), "message": error.message, "status": error.code.name}}
