"""Who reaches a cluster's API, who administers it, and under which key its secrets lie."""

from ipaddress import IPv4Network

from plan.cluster_request import ClusterRequest
from plan.cluster_rules import ClusterRules
from plan.encryption import KeyRule, asked_key
from plan.model import EncryptionPlan
from plan.ranges import as_range, is_private
from plan.registry import storage_rules

# A range this large is a country's, not an office's: Drydock's own limit.
_LARGEST_PREFIX = 8


def plan_private_api(request: ClusterRequest) -> bool:
    """Whether the API has no public address; faults a public one that nobody in particular may reach, and ranges beside a private one."""
    asked, ranges = request.wish.private_api, request.wish.authorized_ranges
    if asked is None:
        private = not ranges
        reason = (
            "nothing outside the network can try its log-in; run Pulumi and kubectl from inside, or through a VPN"
            if private
            else "authorizedRanges says who may reach a public address"
        )
        request.decide("privateApi", private, reason)
        return private
    if asked and ranges:
        problem = "stand beside privateApi: true, which has no public address that they could open"
        fix = "remove authorizedRanges, or write privateApi: false"
        request.fault("authorizedRanges", list(ranges), problem, allowed="ranges beside privateApi: false", fix=fix)
    if not asked and not ranges:
        problem = "opens the API to everybody: no authorizedRanges say who may reach it"
        fix = "add authorizedRanges, or remove privateApi"
        request.fault("privateApi", asked, problem, allowed="false beside authorizedRanges, or true", fix=fix)
    return asked


def plan_ranges(request: ClusterRequest, rules: ClusterRules) -> tuple[str, ...]:
    """The ranges that may reach a public API, each once; faults those that are none, that let everybody in, or that never come."""
    ranges = request.wish.authorized_ranges or ()
    limits = rules.LIMITS
    for text in ranges:
        _check_range(request, text, rules)
    if len(ranges) > limits.most_ranges:
        problem = f"are more ranges than {limits.service} takes"
        fix = "join neighbouring ranges"
        request.fault(
            "authorizedRanges", len(ranges), problem, allowed=f"{limits.most_ranges} at most", fix=fix, source=limits.range_source
        )
    return tuple(dict.fromkeys(ranges))


def plan_owner_group(request: ClusterRequest, rules: ClusterRules) -> str | None:
    """Who administers the cluster beside whoever deploys it; faults a name that the cloud cannot know."""
    limits = rules.LIMITS
    asked = request.wish.owner_group
    if asked is None:
        request.decide("ownerGroup", "none", "only whoever deploys administers the cluster; name a group to let more people in")
        return None
    if limits.owner_form.fullmatch(asked) is None:
        problem = f"is not whom {limits.service} lets administer a cluster"
        request.fault("ownerGroup", asked, problem, allowed=limits.owner_words, fix="write it in full", source=limits.owner_source)
    return asked


def plan_secrets(request: ClusterRequest, rules: ClusterRules) -> EncryptionPlan:
    """The key of Kubernetes secrets: one of one's own in production, elsewhere the cloud's."""
    wish = request.wish.encryption
    source = rules.LIMITS.secrets_source
    if wish is None and request.stage == "prod":
        request.decide("encryption.customerKey", True, "whoever may not use the key reads no secret, not even from a backup", source)
        return EncryptionPlan(customer_key=True)
    if wish is None:
        request.decide("encryption", "the cloud's own key", "secrets are encrypted either way; a key of your own is billed", source)
        return EncryptionPlan()
    limits = storage_rules(request.cloud).LIMITS
    rule = KeyRule(form=limits.key, form_in_words=limits.key_form, check=lambda key: rules.check_key(request, key))
    return asked_key(request, wish, rule, "a cluster")


def _check_range(request: ClusterRequest, text: str, rules: ClusterRules) -> None:
    network = as_range(text)
    if network is None:
        problem = "is no range of addresses: an octet is above 255 or the length above 32"
        request.fault("authorizedRanges", text, problem, allowed="CIDR notation, such as 203.0.113.0/24", fix="correct the range")
    elif network.prefixlen < _LARGEST_PREFIX:
        problem = "lets half the internet try the API's log-in" if network.prefixlen else "lets everybody try the API's log-in"
        fix = "write the ranges of your offices or VPN"
        request.fault("authorizedRanges", text, problem, allowed=f"ranges of /{_LARGEST_PREFIX} or smaller", fix=fix)
    elif is_private(network) or _is_local(network):
        problem = "never comes to a public address: these addresses exist inside networks only"
        fix = "write the addresses that the internet sees, or privateApi: true"
        request.fault("authorizedRanges", text, problem, allowed="public addresses", fix=fix, source=rules.LIMITS.range_source)
    elif str(network) != text:
        problem = "is no range: it has bits behind its length"
        request.fault("authorizedRanges", text, problem, allowed="the first address of the range", fix=f"write {network}")


def _is_local(network: IPv4Network) -> bool:
    return network.is_loopback or network.is_link_local or network.is_multicast
