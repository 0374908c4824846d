"""A price interface on this machine, with the clouds' documented answers and the faults of a bad day."""

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from catalogue.refresh.client import Patience

QUICK = Patience(connect_s=2, read_s=2, attempts=3, backoff_s=0, retry_after_s=1)


@dataclass
class Answer:
    """body; cut: only so many bytes of it are sent though its whole length is announced; reset: the connection is then torn."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    reset: bool = False
    wait: threading.Event | None = None


@dataclass
class Asked:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


Answering = Callable[[Asked], Answer]


@dataclass
class Serving:
    url: str
    asked: list[Asked]


def of(value: Any) -> Answer:
    return Answer(json.dumps(value).encode())


@contextmanager
def serving(answer: Answering) -> Iterator[Serving]:
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # Header and body in one packet: else each answer waits 40 ms for an acknowledgement.

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            one = Asked(address.path, dict(parse_qsl(address.query)), {key.lower(): value for key, value in self.headers.items()})
            asked.append(one)
            self.send(answer(one))

        def send(self, found: Answer) -> None:
            if found.wait:
                found.wait.wait(5)
            self.send_response(found.status)
            for key, value in {"Content-Type": found.kind, "Content-Length": str(len(found.body)), **found.headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(found.body if found.cut is None else found.body[: found.cut])
            self.wfile.flush()
            if found.reset:
                # Closing with a linger of zero sends RST instead of FIN.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if found.reset or found.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # A client that gave up is part of the test.

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Serving(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
