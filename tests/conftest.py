"""Shared by every test: the repository's root, and no network."""

import gc
import socket
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine's other work, and about the first import of an SDK, than about the rule.
settings.register_profile("drydock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("drydock")

# Prices and plans are many objects that live as long as the process: looking through them for garbage was a tenth of the tests' time.
gc.set_threshold(100_000, 20, 100)

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Generator[None]:
    """A test that reaches beyond this machine fails instead of passing by luck."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield
