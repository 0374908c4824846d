"""A small client of a Kubernetes API: objects as the dictionaries that YAML gives."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import requests
import yaml

Found = TypeVar("Found")
Object = dict[str, Any]
_TIMEOUT_SECONDS = 30
_LOOK_SECONDS = 0.1
_MANAGER = "drydock-tests"
_STRICT = {"fieldValidation": "Strict"}


class Refused(Exception):
    """The API server's answer to a request that it does not carry out: its own message, status code and reason."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class Api:
    """The API server that a kubeconfig names. Unknown and misspelt fields are refused, as `--validate=strict` does."""

    def __init__(self, kubeconfig: Path) -> None:
        content = yaml.safe_load(kubeconfig.read_text())
        cluster = content["clusters"][0]["cluster"]
        self._server = cluster["server"]
        self._session = requests.Session()
        # Proxies and the machine's own certificates have no say on loopback.
        self._session.trust_env = False
        self._session.verify = str(_authority(kubeconfig, cluster["certificate-authority-data"]))
        self._session.headers["Authorization"] = f"Bearer {content['users'][0]['user']['token']}"
        self._kinds: dict[str, dict[str, Object]] = {}

    def ask(
        self, method: str, path: str, body: Object | None = None, query: Mapping[str, str] | None = None, content: str = "application/json"
    ) -> Object:
        """The answer to one request. Raises Refused, and requests.RequestException (an OSError) where nothing answers."""
        answer = self._session.request(
            method,
            self._server + path,
            params=query,
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": content},
            timeout=_TIMEOUT_SECONDS,
        )
        told: object = answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else {"message": answer.text}
        found = cast(Object, told)
        if not answer.ok:
            raise Refused(answer.status_code, found.get("reason", ""), found.get("message", ""))
        return found

    def create(self, thing: Object) -> Object:
        """Makes an object and gives it as it is stored. Raises Refused."""
        return self.ask("POST", self._path(thing, named=False), thing, _STRICT)

    def apply(self, thing: Object) -> Object:
        """Makes or changes an object (server-side apply) and gives it as it is stored. Raises Refused."""
        query = {**_STRICT, "fieldManager": _MANAGER, "force": "true"}
        return self.ask("PATCH", self._path(thing), thing, query, "application/apply-patch+yaml")

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Object:
        """An object by its name. Raises Refused (status 404) where there is none."""
        return self.ask("GET", self._path(_reference(api_version, kind, name, namespace)))

    def list(self, api_version: str, kind: str, namespace: str | None = None, **query: str) -> list[Object]:
        """The objects of a kind, of all namespaces where none is given. `labelSelector` and `fieldSelector` are queries."""
        return self.ask("GET", self._path(_reference(api_version, kind, "", namespace), named=False), query=query)["items"]

    def delete(self, api_version: str, kind: str, name: str, namespace: str | None = None, grace_seconds: int = 0) -> None:
        """Deletes an object and, in the background, what it owns; one that is not there is no error."""
        body = {"gracePeriodSeconds": grace_seconds, "propagationPolicy": "Background"}
        try:
            self.ask("DELETE", self._path(_reference(api_version, kind, name, namespace)), body)
        except Refused as refused:
            if refused.status != requests.codes.not_found:
                raise

    def _path(self, thing: Object, *, named: bool = True) -> str:
        version, metadata = thing["apiVersion"], thing.get("metadata", {})
        kind = self._kind(version, thing["kind"])
        path = _root(version)
        if kind["namespaced"] and (metadata.get("namespace") or named or metadata.get("name")):
            path += f"/namespaces/{metadata.get('namespace') or 'default'}"
        return f"{path}/{kind['name']}" + (f"/{metadata['name']}" if named else "")

    def _kind(self, version: str, kind: str) -> Object:
        # Definitions are installed while tests run, so what is not known yet is asked for again.
        if kind not in self._kinds.get(version, {}):
            listed = self.ask("GET", _root(version))["resources"]
            self._kinds[version] = {each["kind"]: each for each in listed if "/" not in each["name"]}
        try:
            return self._kinds[version][kind]
        except KeyError:
            raise Refused(404, "NotFound", f"{version}: has no kind {kind}; there are {', '.join(sorted(self._kinds[version]))}") from None


def wait_until(look: Callable[[], Found], what: str, seconds: float = 30) -> Found:
    """The first true answer of `look`. Raises TimeoutError with `what` was waited for and the last answer."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s, last seen: {found!r}")
        time.sleep(_LOOK_SECONDS)
    return found


def _reference(api_version: str, kind: str, name: str, namespace: str | None) -> Object:
    metadata: Mapping[str, str] = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def _root(version: str) -> str:
    return f"/apis/{version}" if "/" in version else f"/api/{version}"


def _authority(kubeconfig: Path, content: str) -> Path:
    path = kubeconfig.with_suffix(".authority")
    path.write_bytes(base64.b64decode(content))
    return path
