"""The processes of a Kubernetes control plane on loopback, in a folder of their own."""

import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools.control_plane.api import Api, Refused
from tools.control_plane.building import BUILT
from tools.control_plane.credentials import Credentials, make

START_SECONDS = 90
_LOOK_SECONDS = 0.1
_LOG_LINES = 3
# Relative to the folder in which all of them run: a socket has no port that anybody on this machine could connect to.
_ETCD = "unix://etcd.sock:1"
_PEER = "unix://peer.sock:1"


class NotRunning(Exception):
    """A part that is missing, ended or was not ready in time; the message is one line with what it said last."""


class ControlPlane:
    """etcd, API server, controller manager, scheduler and kwok; `folder` is empty, and private to one control plane."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._credentials = make(folder, _free_port())

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig."""
        return self._credentials.kubeconfig()

    def start(self) -> None:
        """Starts every part and waits until pods can be made. Raises NotRunning."""
        deadline = time.monotonic() + START_SECONDS
        self._start("etcd", _etcd())
        self._start("kube-apiserver", _api_server(self._credentials))
        self._wait(self._credentials.is_certified, "kube-apiserver", "no certificate", deadline)
        self._credentials.write_kubeconfigs()
        api = Api(self.kubeconfig)
        self._wait(lambda: _answers(api, "/readyz"), "kube-apiserver", "not ready", deadline)
        for name, flags in _clients(self._credentials).items():
            self._start(name, flags)
        # The controller manager makes it; without it no pod is admitted.
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        self._wait(lambda: _answers(api, account), "kube-controller-manager", "no service account", deadline)

    def check(self) -> None:
        """Raises NotRunning where a part has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise NotRunning(f"{name}: ended with status {process.returncode}; it said: {self._said(name)}")

    def stop(self) -> None:
        """Ends every part at once: nothing of it is kept, so nothing needs to be put in order."""
        for process in reversed(self._running.values()):
            process.kill()
        for process in self._running.values():
            process.wait()
        self._running.clear()

    def _start(self, name: str, flags: Sequence[str]) -> None:
        program = BUILT / name
        if not program.exists():
            raise NotRunning(f"{name}: not built; run `make control-plane`")
        with (self._folder / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [str(program), *flags], cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, ready: Callable[[], bool], name: str, lacking: str, deadline: float) -> None:
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise NotRunning(f"{name}: {lacking} after {START_SECONDS} s; it said: {self._said(name)}")
            time.sleep(_LOOK_SECONDS)

    def _said(self, name: str) -> str:
        lines = (self._folder / f"{name}.log").read_text(errors="replace").splitlines()[-_LOG_LINES:]
        return " | ".join(lines) or "nothing"


def _etcd() -> list[str]:
    return [
        *("--data-dir", "etcd", "--unsafe-no-fsync", "--log-level", "error"),
        *("--listen-client-urls", _ETCD, "--advertise-client-urls", _ETCD),
        *("--listen-peer-urls", _PEER, "--initial-advertise-peer-urls", "http://127.0.0.1:1"),
        *("--initial-cluster", "default=http://127.0.0.1:1"),
    ]


def _api_server(credentials: Credentials) -> list[str]:
    key = str(credentials.signing_key)
    return [
        *("--etcd-servers", _ETCD, "--cert-dir", str(credentials.folder)),
        *("--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", str(credentials.port)),
        # A loopback address is refused as the address of the service `kubernetes`, which nothing here calls.
        *("--endpoint-reconciler-type", "none", "--service-cluster-ip-range", "10.0.0.0/16"),
        *("--authorization-mode", "RBAC", "--token-auth-file", str(credentials.tokens), "--anonymous-auth=false"),
        *("--service-account-issuer", "https://kubernetes.default.svc"),
        *("--service-account-key-file", key, "--service-account-signing-key-file", key),
        # As the clouds' clusters do: the nodes' drivers and the operators that bring them run privileged.
        "--allow-privileged",
    ]


def _clients(credentials: Credentials) -> Mapping[str, list[str]]:
    def configured(user: str) -> tuple[str, str]:
        return ("--kubeconfig", str(credentials.kubeconfig(user)))

    alone = ("--leader-elect=false", "--secure-port=0")
    return {
        "kube-controller-manager": [
            *configured("system:kube-controller-manager"),
            *alone,
            "--use-service-account-credentials",
            *("--service-account-private-key-file", str(credentials.signing_key), "--root-ca-file", str(credentials.authority)),
        ],
        "kube-scheduler": [*configured("system:kube-scheduler"), *alone],
        "kwok": [*configured("kwok"), "--manage-all-nodes", "--node-lease-duration-seconds=40", "--config", str(BUILT / "stages.yaml")],
    }


def _answers(api: Api, path: str) -> bool:
    try:
        api.ask("GET", path)
    except (OSError, Refused):
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
