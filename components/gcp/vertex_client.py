"""Vertex AI through Google's own client: where it answers, as whom it is asked, and how long an operation may take."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import urlsplit

# The variable of Google's own provider, whose value ends in the API's version. Source: Google provider reference, "Custom endpoints".
ADDRESS_VARIABLE: Final = "GOOGLE_VERTEX_AI_CUSTOM_ENDPOINT"
_SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

# The client waits up to 2, 4, 8 … seconds before each: two minutes together, longer than a quota per minute lasts.
RETRIES: Final = 6
_NOT_FOUND: Final = 404
_LOCAL_SECONDS: Final = 60
BUSY_SECONDS: Final = 5
_REFUSED: Final = (400, 404, 409)
_FIRST_POLL_SECONDS: Final = 0.2
_LONGEST_POLL_SECONDS: Final = 10.0

Answer = dict[str, Any]


class VertexError(Exception):
    """What Vertex AI did not do; the message is one line. status: HTTP's, None where there was no answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class VertexClient:
    """The API in one region. Credentials are the Application Default Credentials of whoever runs the program, found when it is asked."""

    def __init__(self, region: str) -> None:
        """Name the region; nothing is read or sent yet."""
        self._address = api_address(region)

    @property
    def models(self) -> Any:
        """The client's methods of models."""
        return _service(self._address).projects().locations().models()

    @property
    def endpoints(self) -> Any:
        """The client's methods of endpoints."""
        return _service(self._address).projects().locations().endpoints()

    def ask(self, request: Any) -> Answer:
        """Send a request, again where the service is busy or unreachable. Raises VertexError with what Google said."""
        found = self.find(request)
        if found is None:
            raise VertexError(
                f"Vertex AI: {request.uri.partition('?')[0]}: not found; create it first, or run `pulumi refresh`", _NOT_FOUND
            )
        return found

    def find(self, request: Any) -> Answer | None:
        """Send a request as `ask` does, and give None where what it is about is not there."""
        from google.auth.exceptions import GoogleAuthError
        from googleapiclient.errors import HttpError
        from httplib2 import HttpLib2Error

        try:
            return request.execute(http=_transport(self._address), num_retries=RETRIES)
        except HttpError as error:
            refused: Any = error
            if refused.status_code == _NOT_FOUND:
                return None
            reason = " ".join(str(refused.reason).split())
            raise VertexError(f"Vertex AI: {request.methodId}: {refused.status_code} {reason}", refused.status_code) from error
        except (OSError, HttpLib2Error, GoogleAuthError) as error:
            raise VertexError(f"Vertex AI: {request.methodId}: no answer from {self._address} ({error}); try again") from error

    def finish(self, operation: Answer, within_seconds: float) -> Answer:
        """Wait for a long-running operation and give its result. Raises VertexError where it failed or takes longer."""
        name, deadline, pause = str(operation["name"]), time.monotonic() + within_seconds, _FIRST_POLL_SECONDS
        while not operation.get("done"):
            if time.monotonic() >= deadline:
                raise VertexError(
                    f"Vertex AI: {name}: still going on after {within_seconds:.0f} s; a later `pulumi up` takes its result over"
                )
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_POLL_SECONDS)
            operation = self.ask(self._operations(name).get(name=name))
        if "error" in operation:
            raise VertexError(f"Vertex AI: {name}: {' '.join(str(operation['error'].get('message')).split())}")
        return operation.get("response", {})

    def persist(self, request: Callable[[], Any], within_seconds: float, *, of: str, is_done: Callable[[], bool]) -> None:
        """Send a request and wait for its operation; refused while `of` is busy with another, again once that may be over.

        of: full name of the model or endpoint. is_done: whether what is asked for is there already: an earlier try was interrupted, or
        its answer lost, and went on. Raises VertexError where Google refuses for good or the time is over.
        """
        ends = time.monotonic() + within_seconds
        while True:
            try:
                self.finish(self.ask(request()), within_seconds)
                return
            except VertexError as error:
                if error.status not in _REFUSED:
                    raise
                # Asked in this order: what ends between the two questions is seen by the second.
                busy = self._is_busy(of)
                if is_done():
                    return
                if not busy or time.monotonic() >= ends:
                    raise
            time.sleep(BUSY_SECONDS)

    def _is_busy(self, name: str) -> bool:
        """Whether an operation of a model or endpoint goes on; one that is not there yet may be being made."""
        operations = self.find(self._operations(name).list(name=name)) or {}
        return any(not each.get("done") for each in operations.get("operations", ()))

    def _operations(self, name: str) -> Any:
        """The methods for operations of what this name begins with, which each kind has of its own."""
        kind = name.split("/")[4]
        of = {"models": self.models, "endpoints": self.endpoints}.get(kind)
        return (of or _service(self._address).projects().locations()).operations()


def api_address(region: str) -> str:
    """Where the API of a region answers. Raises VertexError for an address that would show credentials to whoever listens."""
    address = os.environ.get(ADDRESS_VARIABLE) or f"https://{region}-aiplatform.googleapis.com/"
    address = address.rstrip("/").removesuffix("/v1").removesuffix("/v1beta1")
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return address
    raise VertexError(f"{ADDRESS_VARIABLE}: {address!r}: needs https://, or http:// on this machine; correct or unset it")


def last_part(name: str) -> str:
    """The id at the end of a resource's full name; Google writes the project in it by number, whoever asks by name."""
    return name.rpartition("/")[2]


def digest(*parts: object) -> str:
    """A digest of what must not change, equal in every run: names made of it are found again after an interruption."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def numeric_id(*parts: object) -> str:
    """Ten digits that stand for what must not change, as Vertex AI wants ids of endpoints and of what is deployed there."""
    return str(10**9 + int(digest(*parts), 16) % (9 * 10**9))


def changed(olds: Mapping[str, Any], news: Mapping[str, Any], keys: tuple[str, ...]) -> list[str]:
    """Which of the properties differ between what is there and what is asked for; one that is left out is as good as None."""
    return [key for key in keys if olds.get(key) != news.get(key)]


@functools.cache
def _service(address: str) -> Any:
    with warnings.catch_warnings():
        # A reminder of the year in which this Python version ends, on every run.
        warnings.simplefilter("ignore", FutureWarning)
        from googleapiclient import discovery
    client: Any = discovery
    return client.build(
        "aiplatform",
        "v1",
        static_discovery=True,
        cache_discovery=False,
        http=_transport(address),
        client_options={"api_endpoint": f"{address}/"},
    )


def _transport(address: str) -> Any:
    """A connection for one thread. Only a simulated service, on this machine and unencrypted, is asked without credentials."""
    import google.auth
    from google.auth.credentials import AnonymousCredentials
    from google.auth.exceptions import DefaultCredentialsError
    from google_auth_httplib2 import AuthorizedHttp
    from googleapiclient.http import build_http
    from httplib2 import Http

    if urlsplit(address).scheme == "http":
        return AuthorizedHttp(AnonymousCredentials(), http=Http(proxy_info=None, timeout=_LOCAL_SECONDS))
    try:
        credentials = cast(Any, google.auth.default(scopes=[_SCOPE]))[0]  # pyright: ignore[reportUnknownMemberType]
    except DefaultCredentialsError as error:
        raise VertexError(f"Vertex AI: {error}; run `gcloud auth application-default login`") from error
    return AuthorizedHttp(credentials, http=build_http())
