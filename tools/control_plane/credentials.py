"""What lets the parts of a throw-away control plane trust each other: tokens, a signing key and kubeconfig files, made anew each time."""

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

# The groups that Kubernetes itself has bound to what each part may do. Source: kubernetes.io/docs/reference/access-authn-authz/rbac.
_USERS = {
    "admin": "system:masters",
    "system:kube-controller-manager": "",
    "system:kube-scheduler": "",
    # kwok stands in for every node and its pods.
    "kwok": "system:masters",
}
# An EC private key of P-256 as RFC 5915 writes it, but for its 32 bytes; the public key is optional there, and Go computes it.
_BEFORE_KEY = bytes.fromhex("30310201010420")
_AFTER_KEY = bytes.fromhex("a00a06082a8648ce3d030107")


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """The files of one control plane, in its folder: `tokens` and `signing_key` for the API server, a kubeconfig for each user."""

    folder: Path
    port: int
    users: dict[str, str]

    @property
    def tokens(self) -> Path:
        """Who has which token and is in which group."""
        return self.folder / "tokens.csv"

    @property
    def signing_key(self) -> Path:
        """Signs the tokens of service accounts."""
        return self.folder / "service-accounts.key"

    @property
    def authority(self) -> Path:
        """The certificate that the API server makes for itself when it starts."""
        return self.folder / "apiserver.crt"

    def is_certified(self) -> bool:
        """Whether the API server has written its certificate; the key is the second of the two files."""
        key = self.authority.with_suffix(".key")
        return key.exists() and key.stat().st_size > 0

    def kubeconfig(self, user: str = "admin") -> Path:
        """The kubeconfig of a user: admin, system:kube-controller-manager, system:kube-scheduler or kwok."""
        return self.folder / f"{user.rpartition(':')[2]}.kubeconfig"

    def write_kubeconfigs(self) -> None:
        """Writes every user's kubeconfig; the API server has made its certificate by then."""
        authority = base64.b64encode(self.authority.read_bytes()).decode()
        cluster = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority-data": authority}
        for user, token in self.users.items():
            content = {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "simulated",
                "contexts": [{"name": "simulated", "context": {"cluster": "simulated", "user": user}}],
                "clusters": [{"name": "simulated", "cluster": cluster}],
                "users": [{"name": user, "user": {"token": token}}],
            }
            _write_secret(self.kubeconfig(user), json.dumps(content))


def make(folder: Path, port: int) -> Credentials:
    """Credentials for an API server on this port of 127.0.0.1, with the files that it reads when it starts."""
    made = Credentials(folder=folder, port=port, users={user: secrets.token_urlsafe(32) for user in _USERS})
    lines = [f'{token},{user},{user},"{_USERS[user]}"' for user, token in made.users.items()]
    _write_secret(made.tokens, "\n".join(lines) + "\n")
    _write_secret(made.signing_key, _private_key())
    return made


def _private_key() -> str:
    number = bytearray(secrets.token_bytes(32))
    # Below half of the curve's order, so that any number is a key.
    number[0] &= 0x7F
    content = base64.encodebytes(_BEFORE_KEY + bytes(number) + _AFTER_KEY).decode()
    return f"-----BEGIN EC PRIVATE KEY-----\n{content}-----END EC PRIVATE KEY-----\n"


def _write_secret(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content)
