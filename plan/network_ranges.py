"""The ranges of a network, of its pods and of its Services."""

from dataclasses import dataclass
from ipaddress import IPv4Network

from plan.network_request import NetworkRequest
from plan.network_rules import NetworkRules
from plan.ranges import PRIVATE_SOURCE, as_range, first_free, is_private

_CIDRS = ("10.40.0.0/16", "10.168.0.0/16", "192.168.0.0/16")
# Behind the network's: 1024 nodes in a /14, 8192 in the largest.
_PODS = ("10.64.0.0", "10.128.0.0", "100.64.0.0")
_SERVICES = ("172.20.0.0/20", "10.100.0.0/20", "192.168.240.0/20")
_PODS_PREFIX, _LARGEST_PODS_PREFIX = 14, 11
_NODE_PREFIX = 24


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """What is asked for or chosen; None where it was faulty, or where the cloud has no such range."""

    cidr: IPv4Network | None
    pods: IPv4Network | None
    services: IPv4Network | None


def plan_ranges(request: NetworkRequest, rules: NetworkRules) -> Ranges:
    """The ranges; faults those that are none, overlap each other, or have no room for the nodes that the pools may have."""
    wish = request.wish
    asked = {
        "cidr": _asked(request, "cidr", wish.cidr),
        "podCidr": _asked(request, "podCidr", wish.pod_cidr),
        "serviceCidr": _asked(request, "serviceCidr", wish.service_cidr),
    }
    cidr = asked["cidr"] if wish.cidr else _default_cidr(request, [each for each in asked.values() if each])
    _check_prefix(request, "cidr", asked["cidr"], rules.LIMITS.prefixes, rules.LIMITS.prefix_source)
    pods = plan_pods(request, rules, asked["podCidr"], [each for each in (cidr, asked["serviceCidr"]) if each])
    services = plan_services(request, rules, asked["serviceCidr"], [each for each in (cidr, pods) if each])
    _check_overlaps(request, {"cidr": cidr, "podCidr": pods, "serviceCidr": services}, rules)
    return Ranges(cidr=cidr, pods=pods, services=services)


def plan_pods(
    request: NetworkRequest, rules: NetworkRules, asked: IPv4Network | None, taken: list[IPv4Network], *, existing: bool = False
) -> IPv4Network | None:
    """The range of pods, None where they take addresses of the nodes' subnets, or where nobody needs one."""
    limits = rules.LIMITS
    if limits.pods_in_subnets:
        _check_no_pod_range(request, rules)
        return None
    if request.wish.pod_cidr is not None:
        if asked is not None:
            _check_pods(request, rules, asked)
        return asked
    prefix = _pods_prefix(request.most_nodes)
    found = first_free([f"{start}/{prefix}" for start in _PODS], taken)
    if found is None:
        problem = f"leaves no room for a /{prefix} of pods among the ranges that are tried ({', '.join(_PODS)})"
        request.fault("podCidr", None, problem, allowed="a range of your own", fix="write podCidr", source=limits.pod_source)
        return None
    nodes = 2 ** (_NODE_PREFIX - prefix)
    reason = f"room for {nodes} nodes, each of which takes a /24 for its 110 pods"
    request.decide("podCidr", found, f"{reason}; it must be free in the existing network" if existing else reason, limits.pod_source)
    _check_pods(request, rules, found)
    return found


def plan_services(request: NetworkRequest, rules: NetworkRules, asked: IPv4Network | None, taken: list[IPv4Network]) -> IPv4Network | None:
    """The range of Services."""
    if request.wish.service_cidr is not None:
        _check_prefix(request, "serviceCidr", asked, rules.LIMITS.service_prefixes, rules.LIMITS.service_source)
        return asked
    found = first_free(_SERVICES, taken)
    if found is None:
        problem = f"overlaps the other ranges wherever it is tried ({', '.join(_SERVICES)})"
        request.fault(
            "serviceCidr", None, problem, allowed="a range of your own", fix="write serviceCidr", source=rules.LIMITS.service_source
        )
        return None
    request.decide("serviceCidr", found, "4096 Services, in a range that neither nodes nor pods use", rules.LIMITS.service_source)
    return found


def asked_range(request: NetworkRequest, field: str, text: str | None) -> IPv4Network | None:
    """The range that a field asks for; None and a fault where it is no private range, None without one where nothing is asked."""
    return _asked(request, field, text)


def _asked(request: NetworkRequest, field: str, text: str | None) -> IPv4Network | None:
    if text is None:
        return None
    network = as_range(text)
    if network is None:
        problem = "is no range of addresses: an octet is above 255 or the length above 32"
        request.fault(field, text, problem, allowed="CIDR notation, such as 10.40.0.0/16", fix=f"correct {field}")
        return None
    if str(network) != text:
        problem = "is no range: it has bits behind its length"
        request.fault(field, text, problem, allowed="the first address of the range", fix=f"write {network}")
    elif not is_private(network):
        problem = "holds addresses that others have on the internet, which then cannot be reached"
        allowed = "ranges in 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12 or 192.168.0.0/16"
        request.fault(field, text, problem, allowed=allowed, fix="write a private range", source=PRIVATE_SOURCE)
        return None
    return network


def _default_cidr(request: NetworkRequest, taken: list[IPv4Network]) -> IPv4Network | None:
    found = first_free(_CIDRS, taken)
    if found is None:
        problem = f"overlaps the other ranges wherever it is tried ({', '.join(_CIDRS)})"
        request.fault("cidr", None, problem, allowed="a range of your own", fix="write cidr")
        return None
    request.decide("cidr", found, "65,536 private addresses, away from the ranges that clouds and Docker use by default")
    return found


def _check_prefix(request: NetworkRequest, field: str, network: IPv4Network | None, allowed: range, source: str) -> None:
    if network is None or network.prefixlen in allowed:
        return
    nearest = allowed.start if network.prefixlen < allowed.start else allowed.stop - 1
    size = "large" if network.prefixlen < allowed.start else "small"
    words = f"/{allowed.start} to /{allowed.stop - 1}"
    request.fault(
        field, str(network), f"is too {size} a range for {request.cloud}", allowed=words, fix=f"write a /{nearest}", source=source
    )


def _check_no_pod_range(request: NetworkRequest, rules: NetworkRules) -> None:
    if request.wish.pod_cidr is not None:
        problem = f"has no effect: on {request.cloud} pods take addresses of the nodes' subnets"
        request.fault("podCidr", request.wish.pod_cidr, problem, allowed="left out", fix="remove podCidr", source=rules.LIMITS.pod_source)


def _pods_prefix(nodes: int) -> int:
    """The length of a range that has a /24 for each of so many nodes, the usual one where that is enough."""
    needed = _NODE_PREFIX - max(nodes - 1, 0).bit_length()
    return max(min(needed, _PODS_PREFIX), _LARGEST_PODS_PREFIX)


def _check_pods(request: NetworkRequest, rules: NetworkRules, pods: IPv4Network) -> None:
    room = 2 ** (_NODE_PREFIX - pods.prefixlen) if pods.prefixlen <= _NODE_PREFIX else 0
    needed = request.most_nodes
    if room >= needed:
        return
    prefix = _NODE_PREFIX - max(needed - 1, 0).bit_length()
    problem = f"has room for the pods of {room} nodes, and the pools may have {needed} with the surge of upgrades"
    fix = f"write a /{prefix} or larger, or fewer nodes"
    request.fault("podCidr", str(pods), problem, allowed="a /24 for each node", fix=fix, source=rules.LIMITS.pod_source)


def _check_overlaps(request: NetworkRequest, found: dict[str, IPv4Network | None], rules: NetworkRules) -> None:
    limits = rules.LIMITS
    seen: dict[str, IPv4Network] = {}
    for field, network in found.items():
        if network is None:
            continue
        for other, taken in seen.items():
            if network.overlaps(taken):
                problem = f"overlaps {other}, {taken}: an address would mean two things"
                request.fault(field, str(network), problem, allowed="ranges apart from each other", fix=f"move {field} or {other}")
        for reserved in limits.reserved_ranges:
            if network.overlaps(reserved):
                problem = f"overlaps {reserved}, which {request.cloud} keeps to itself"
                request.fault(
                    field, str(network), problem, allowed=f"ranges outside {reserved}", fix=f"move {field}", source=limits.reserved_source
                )
        seen[field] = network
