"""Secrets at rest: the simulated cloud keeps a keyed digest of a secret, never the secret.

A digest is enough: the engine sends the secrets that it knows with every request, and a digest tells whether the
simulated cloud still holds the same one. The key lies beside the database, readable by its owner only, so that a
short secret cannot be guessed from the database alone. What the engine does not know (an import) stays unknown
to it, as with the real clouds, which do not give a stored password back either.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Final, TypeAlias

from rehearsal.values import UNKNOWN, Secret, Value, Values, plain
from rehearsal.wire import SIGNATURE, WireArchive, WireAsset, from_signed, to_wire

_SEALED: Final = "$sealed"
Stored: TypeAlias = Values


class Sealer:
    """Turns values into JSON without secrets and back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def beside(cls, database: Path) -> Sealer:
        """Give the sealer of a database, making its key file on first use. Raises OSError if it cannot be written."""
        path = database.with_name(database.name + ".key")
        if not path.exists():
            _write_once(path, secrets.token_bytes(32))
        return cls(path.read_bytes())

    def derive(self, *parts: str) -> bytes:
        """Give 32 bytes that only the holder of the key can compute: what a cloud generates (access keys)."""
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).digest()

    def seal(self, values: Values) -> Stored:
        """Give `values` as JSON data in which every secret is a digest and every asset its hash."""
        return {key: self._sealed(value) for key, value in values.items()}

    def _sealed(self, value: Value) -> Value:
        if isinstance(value, Secret):
            return {_SEALED: self._digest(value.value)}
        if isinstance(value, WireAsset | WireArchive):
            return value.elided()
        if isinstance(value, dict):
            return {key: self._sealed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._sealed(item) for item in value]
        return value

    def unseal(self, stored: Stored, known: Values) -> Values:
        """Give stored values, taking secrets from `known` where the digest agrees; a secret not known is left out."""
        return self._opened_map(stored, known)

    def _opened(self, stored: Value, known: Value) -> Value:
        """Give what is stored; UNKNOWN for a secret that is not among the known values."""
        if isinstance(stored, list):
            return self._opened_list(stored, _bare(known))
        if not isinstance(stored, dict):
            return stored
        digest = stored.get(_SEALED)
        if isinstance(digest, str):
            return self._opened_secret(digest, known)
        if SIGNATURE in stored:
            return _opened_blob(stored, known)
        bare = _bare(known)
        return self._opened_map(stored, bare if isinstance(bare, dict) else {})

    def _opened_map(self, stored: Values, known: Values) -> Values:
        opened = {key: self._opened(item, known.get(key)) for key, item in stored.items()}
        return {key: item for key, item in opened.items() if item is not UNKNOWN}

    def _opened_list(self, stored: list[Value], known: Value) -> list[Value]:
        others = known if isinstance(known, list) else []
        opened = [self._opened(item, others[index] if index < len(others) else None) for index, item in enumerate(stored)]
        return [item for item in opened if item is not UNKNOWN]

    def _opened_secret(self, digest: str, known: Value) -> Value:
        if known is None:
            return UNKNOWN
        value = _bare(known)
        if hmac.compare_digest(self._digest(value), digest):
            return Secret(value)
        # Changed outside the stack: a value that differs from the program's, so that the engine sees the drift.
        return Secret(f"changed outside the stack ({digest[:8]})")

    def _digest(self, value: Value) -> str:
        text = json.dumps(to_wire(plain(value)), sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def _write_once(path: Path, content: bytes) -> None:
    """Write a private file whole or not at all; of two writers the first wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def is_sealed(stored: Value) -> bool:
    """Tell whether a stored value is the digest of a secret."""
    return isinstance(stored, dict) and _SEALED in stored


def _bare(value: Value) -> Value:
    return value.value if isinstance(value, Secret) else value


def _opened_blob(stored: Values, known: Value) -> Value:
    """An asset whose hash the engine knows has its content there; what is stored is the hash alone."""
    blob = from_signed(str(stored[SIGNATURE]), stored)
    return known if known == blob else blob
