"""Whether a region exists on a cloud, and what was probably meant when it does not."""

from difflib import get_close_matches

from catalogue.regions import Region, providers_with, regions
from plan.findings import Findings

_SOURCE = "catalogue/data/regions.csv"


def known_region(cloud: str, name: str, path: str, findings: Findings) -> Region | None:
    """The region's facts, or None and a fault that names the nearest regions of this cloud."""
    known = regions(cloud)
    if name in known:
        return known[name]
    elsewhere = [provider for provider in providers_with(name) if provider != cloud]
    problem = f"is a region of {' and '.join(elsewhere)}, not of {cloud}" if elsewhere else f"is not a known region of {cloud}"
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    named = f"{len(known)} regions of {cloud}" + (f", the nearest: {', '.join(near)}" if near else "")
    fix = f"write {near[0]}" if near else f"write a region of {cloud}, such as {min(known)}"
    findings.fault(path, name, problem, allowed=named, fix=fix, source=_SOURCE)
    return None
