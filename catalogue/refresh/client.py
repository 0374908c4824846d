"""Patient HTTP: repeats what may pass, gives up with one clear line, never shows a key."""

import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from catalogue.refresh.model import CannotFetch, Watch

_PASSING = (429, 500, 502, 503, 504)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_BROKEN = (requests.RequestException, HTTPError, OSError, ValueError, EOFError)
_Result = TypeVar("_Result")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait, in seconds, and how often to try. retry_after_s: the longest pause that a server may ask for."""

    connect_s: float = 10
    read_s: float = 60
    attempts: int = 5
    backoff_s: float = 1
    retry_after_s: int = 120


class Client:
    """Reads from one host only: links in its answers are followed by their path and query."""

    def __init__(self, endpoint: str, *, patience: Patience, watch: Watch, headers: Mapping[str, str] | None = None) -> None:
        """endpoint: scheme and host, such as https://prices.azure.com. headers: sent with each request, a key among them."""
        address = urlsplit(endpoint)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise CannotFetch("the endpoint must begin with https:// and name a host, such as https://prices.azure.com")
        if headers and address.scheme == "http" and address.hostname not in _THIS_MACHINE:
            raise CannotFetch("the endpoint must begin with https://, since a key goes there")
        self._endpoint = f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path.rstrip('/')}"
        self._patience = patience
        self._watch = watch
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": "drydock", **(headers or {})})
        self._session.mount(self._endpoint, HTTPAdapter(max_retries=_retry(patience)))

    def json(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object at this path; its fractions are exact decimals. Raises CannotFetch."""

        def read(response: requests.Response) -> dict[str, Any]:
            found = json.loads(response.content, parse_float=Decimal, parse_constant=_no_constant)
            if not isinstance(found, dict):
                raise ValueError("no JSON object")
            self._watch(path, len(response.content))
            return cast(dict[str, Any], found)

        return self._whole(path, query, read)

    def lines(self, path: str, consume: Callable[[Iterator[str]], _Result]) -> _Result:
        """What `consume` makes of the lines, which are never held together. It is called anew for each attempt. Raises CannotFetch."""

        def read(response: requests.Response) -> _Result:
            response.raw.decode_content = True
            response.raw.auto_close = False
            with io.TextIOWrapper(cast(io.BufferedReader, response.raw), encoding="utf-8", newline="") as text:
                return consume(self._watched(path, text))

        return self._whole(path, None, read)

    def _watched(self, path: str, text: Iterator[str]) -> Iterator[str]:
        pending = 0
        for line in text:
            pending += len(line)
            if pending > 1_000_000:
                self._watch(path, pending)
                pending = 0
            yield line
        self._watch(path, pending)

    def _whole(self, path: str, query: Mapping[str, str] | None, read: Callable[[requests.Response], _Result]) -> _Result:
        """The retries of urllib3 end where the body begins; a body that breaks off is asked for again here."""
        failure = ""
        for attempt in range(self._patience.attempts):
            if attempt:
                time.sleep(self._patience.backoff_s * 2 ** (attempt - 1))
            with self._opened(path, query) as response:
                try:
                    return read(response)
                except _BROKEN as broken:
                    failure = _what(broken)
        raise CannotFetch(f"{self._shown(path)}: {failure}, {self._patience.attempts} times")

    def _opened(self, path: str, query: Mapping[str, str] | None) -> requests.Response:
        waits = (self._patience.connect_s, self._patience.read_s)
        try:
            # No redirect is followed: it would carry the key to another host.
            response = self._session.get(f"{self._endpoint}{path}", params=query, stream=True, timeout=waits, allow_redirects=False)
        except _BROKEN as broken:
            # From None: the cause's text holds the whole address.
            raise CannotFetch(f"{self._shown(path)}: {_what(broken)}") from None
        if response.status_code != 200:
            response.close()
            raise CannotFetch(f"{self._shown(path)}: answered with status {response.status_code}{_hint(response.status_code)}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind in ("text/html", "application/xhtml+xml"):
            response.close()
            raise CannotFetch(f"{self._shown(path)}: a web page ({kind}) instead of prices; is a proxy or a login in between?")
        return response

    def _shown(self, path: str) -> str:
        return f"{self._endpoint}{path}"


def _retry(patience: Patience) -> Retry:
    return Retry(
        total=patience.attempts - 1,
        status_forcelist=_PASSING,
        allowed_methods={"GET"},
        backoff_factor=patience.backoff_s,
        raise_on_status=False,
        retry_after_max=patience.retry_after_s,
    )


def _what(broken: Exception) -> str:
    """Which kind of failure, in words without any address."""
    if isinstance(broken, json.JSONDecodeError):
        return f"the answer is cut off or no JSON (character {broken.pos})"
    if isinstance(broken, UnicodeDecodeError):
        return "the answer is no UTF-8 text"
    named = f"{type(broken).__name__} {broken}"
    for word, meaning in _MEANINGS.items():
        if word in named:
            return meaning
    if type(broken) is ValueError:
        return f"the answer is not what was expected ({broken})"
    return f"the connection failed ({type(broken).__name__})"


_MEANINGS = {
    "ConnectTimeout": "no connection within the time-out",
    "Name or service not known": "its host name is not known",
    "NameResolutionError": "its host name is not known",
    "Read timed out": "no answer within the time-out",
    "ReadTimeout": "no answer within the time-out",
    "IncompleteRead": "the answer breaks off",
    "ChunkedEncodingError": "the answer breaks off",
    "ProtocolError": "the answer breaks off",
    "CERTIFICATE_VERIFY_FAILED": "its certificate is not trusted",
    "Connection refused": "the connection is refused",
    "Connection reset": "the connection is reset",
}


def _hint(status: int) -> str:
    if status in (400, 401, 403):
        return " (is the key right, and is the price interface enabled for it?)"
    if status == 429:
        return " (too many requests; try again later)"
    return ""


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
