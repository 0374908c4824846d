"""Who reaches a resource of Azure, and who keeps a record of it, as checks ask for it."""

from collections.abc import Iterable
from ipaddress import ip_network

from policies.joins import beside
from policies.view import View

# Modules of the SDK's second version and of its third.
DIAGNOSTICS = ("azure-native:monitor:DiagnosticSetting", "azure-native:insights:DiagnosticSetting")
_PRIVATE_ENDPOINT = "azure-native:network:PrivateEndpoint"
_CONNECTIONS = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")
_CLOSED = ("disabled", "securedbyperimeter")
# What covers every category (Microsoft Learn, "Diagnostic settings in Azure Monitor", category groups).
_ALL_LOGS = ("alllogs",)


def public(view: View, path: str = "publicNetworkAccess") -> bool:
    """Whether the internet may try it; Azure's services are open where nothing is said. Raises Undecided."""
    return view.text(path).lower() not in _CLOSED


def denies(view: View, path: str) -> bool:
    """Whether a firewall, whose default action stands at this path, lets nobody in who is not named; it allows where nothing is said."""
    return view.text(path).lower() == "deny"


def whole_world(address: str) -> bool:
    """Whether an address or a range is everybody's: 0.0.0.0/0, or one so wide that it might as well be."""
    try:
        return ip_network(address.strip(), strict=False).prefixlen < 8
    except ValueError:
        return False


def has_private_endpoint(view: View) -> bool:
    """Whether a private endpoint of the program leads to it."""
    return any(beside(view, [_PRIVATE_ENDPOINT], name) for name in _CONNECTIONS)


def recorded(view: View, categories: Iterable[str] = (), group: str = "") -> list[str]:
    """Which of the log categories no diagnostic setting of the program records for it; without categories, `logs` where none is on.

    group: the category group that covers these categories, beside the one that covers all. Raises Undecided.
    """
    enabled = [log for found in beside(view, DIAGNOSTICS, "resourceUri") for _, log in found.each("logs") if log.flag("enabled")]
    groups = {log.text("categoryGroup").lower() for log in enabled}
    if groups & {*_ALL_LOGS, group} - {""}:
        return []
    named = {log.text("category") for log in enabled} - {""}
    wanted = list(categories)
    return [each for each in wanted if each not in named] if wanted else ([] if named or groups - {""} else ["logs"])
