"""Which Kubernetes version a cluster runs, and how it is upgraded."""

from datetime import date

from catalogue.kubernetes_versions import KubernetesVersion, kubernetes_versions
from plan.cluster_request import ClusterRequest
from plan.cluster_rules import ClusterRules

_SOURCE = "catalogue/data/kubernetes_versions.csv"
EXTENDED = "extended"


def today() -> date:
    """The day by which support is judged: a plan of tomorrow may refuse what the cloud will refuse tomorrow."""
    return date.today()


def plan_version(request: ClusterRequest, rules: ClusterRules) -> str:
    """The minor version; faults one that the cloud does not have, or no longer supports as the file asks for it."""
    known = kubernetes_versions(request.cloud)
    day = today().isoformat()
    supported = [each for each in known if each.released <= day < _end(each)]
    asked = request.wish.version
    if asked is None:
        return _default(request, known, supported)
    found = next((each for each in known if each.version == asked), None)
    if found is None or found.released > day:
        when = f"is offered from {found.released} on" if found else "is none that is on record"
        listed = ", ".join(each.version for each in supported)
        source = found.source if found else _SOURCE
        fix = "write one of them, or remove version"
        request.fault("version", asked, f"{when} for {rules.LIMITS.service}", allowed=listed, fix=fix, source=source)
    else:
        _check_support(request, rules, found, supported, day)
    return asked


def plan_channel(request: ClusterRequest, rules: ClusterRules) -> str:
    """The upgrade channel in the cloud's word; faults one that the cloud does not have."""
    limits = rules.LIMITS
    asked = request.wish.upgrade_channel
    if asked is None:
        chosen = limits.channels.get(limits.default_channel, limits.silent_channel)
        request.decide("upgradeChannel", limits.default_channel or chosen, limits.channel_reason, limits.channel_source)
        rules.check_channel(request, None)
        return chosen
    if asked not in limits.channels:
        problem = f"is no channel of {limits.service}"
        allowed = f"{', '.join(limits.channels)}, or left out"
        fix = f"write one of them, or remove upgradeChannel ({limits.channel_reason})"
        request.fault("upgradeChannel", asked, problem, allowed=allowed, fix=fix, source=limits.channel_source)
        return limits.silent_channel
    rules.check_channel(request, asked)
    if asked in limits.moving_channels:
        reason = f"{limits.service} moves on to newer minor versions by itself, so the version is only where the cluster begins"
        request.decide("upgradeChannel", asked, reason, limits.channel_source)
    return limits.channels[asked]


def plan_tier(request: ClusterRequest, rules: ClusterRules) -> str | None:
    """The price tier of the control plane, None where the cloud has one only."""
    limits = rules.LIMITS
    extended = request.wish.upgrade_channel == EXTENDED and EXTENDED in limits.tiers
    tier = limits.tiers[EXTENDED if extended else request.stage]
    if tier is not None:
        reason = f"extended support is part of this tier: {limits.extended_price}" if extended else limits.tier_reason
        request.decide("tier", tier, reason, limits.tier_source)
    return tier


def _end(version: KubernetesVersion) -> str:
    return version.end_of_standard_support


def _default(request: ClusterRequest, known: tuple[KubernetesVersion, ...], supported: list[KubernetesVersion]) -> str:
    """The second newest in support: the newest is often too new for drivers and charts, and an older one must move sooner.

    Where the catalogue knows of none in support, its newest, and the decision says so: a default is never a fault.
    """
    if not supported:
        newest = known[0]
        request.decide("version", newest.version, f"the newest on record; its support ended on {_end(newest)}", newest.source)
        return newest.version
    chosen = supported[min(1, len(supported) - 1)]
    rank = "the newest but one" if len(supported) > 1 else "the only one"
    reason = f"{rank} in standard support, which ends on {_end(chosen)}; write version to move at a time of your own"
    request.decide("version", chosen.version, reason, chosen.source)
    return chosen.version


def _check_support(
    request: ClusterRequest, rules: ClusterRules, found: KubernetesVersion, supported: list[KubernetesVersion], day: str
) -> None:
    if day < _end(found):
        return
    limits = rules.LIMITS
    listed = ", ".join(each.version for each in supported)
    newer = supported[-1].version if supported else "a newer version"
    last = found.end_of_extended_support
    if last is None or day >= last:
        ended = f"{_end(found)} and of extended support on {last}" if last else _end(found)
        problem = f"is out of support: the end of standard support was on {ended}"
        request.fault("version", found.version, problem, allowed=listed, fix=f"write version: '{newer}'", source=found.source)
        return
    if request.wish.upgrade_channel == EXTENDED:
        reason = f"in extended support until {last}: {limits.extended_price}"
        request.decide("version", found.version, reason, limits.extended_source)
        return
    problem = f"is out of standard support since {_end(found)}"
    fix = f"write version: '{newer}', or upgradeChannel: extended ({limits.extended_price}; until {last})"
    request.fault(
        "version",
        found.version,
        problem,
        allowed=f"{listed}, or {found.version} beside upgradeChannel: extended",
        fix=fix,
        source=found.source,
    )
