"""Volumes that are made for claims: a claim of its own, a StatefulSet's templates, a pod's ephemeral volumes."""

from decimal import ROUND_CEILING
from typing import Any

from costs.kubernetes.cluster import cluster_of
from costs.kubernetes.disk import volume
from costs.kubernetes.pod_set import Pods
from costs.kubernetes.quantity import gib
from costs.kubernetes.running import running
from costs.kubernetes.storage_class import KINDS, storage_class
from costs.kubernetes.tokens import deep, mappings, tokens
from costs.model import Factor
from costs.pricing import Pricer, Pricing
from costs.resource import Missing


def of_pods(pricing: Pricing, made: Pods) -> None:
    """What a workload's templates make for each of its pods."""
    ephemeral = [deep(each, "ephemeral.volumeClaimTemplate") for each in mappings(deep(made.spec, "volumes"))]
    templates = [*made.claims, *mappings(ephemeral)]
    if not templates:
        return
    if made.each_node:
        pricing.unpriced("volumes", "one for each node, whose number the workload does not tell")
        return
    number = running(pricing, made)
    for template in templates if number else ():
        name = deep(template, "metadata.name")
        _claim(pricing, template.get("spec"), f"volume {name}" if isinstance(name, str) else "volume", number)


def _of_resource(pricing: Pricing) -> None:
    _claim(pricing, pricing.resource.get("spec"), "volume")


def _claim(pricing: Pricing, spec: Any, driver: str, *times: Factor | None) -> None:
    """A claim on a given volume, or of the class "", gets nothing made: that volume is paid where it is declared."""
    named = deep(spec, "storageClassName")
    if named == "" or isinstance(deep(spec, "volumeName"), str):
        return
    asked = deep(spec, "resources.requests.storage")
    size = gib(asked)
    if isinstance(spec, Missing) or size is None:
        told = asked.value if isinstance(asked, Missing) else f"'{asked}', which is no quantity above nothing"
        pricing.unpriced(driver, f"its storage request is {told}")
        return
    cluster = cluster_of(pricing.resource, pricing.program)
    found = storage_class(pricing, cluster, named) if cluster else None
    if cluster is None or found is None:
        which = f"class {named}" if isinstance(named, str) else "class that is known only after `up`" if named else "default class"
        why = "which this program does not declare" if cluster else "on a cluster that this program does not declare"
        pricing.unpriced(driver, f"{size:f} GiB of the {which}, {why}")
        return
    # Every provisioner makes volumes of whole GiB.
    volume(pricing, cluster, found, size.to_integral_value(ROUND_CEILING), driver, *(each for each in times if each))


PRICERS: dict[str, Pricer] = dict.fromkeys(tokens("core", "PersistentVolumeClaim"), _of_resource)
# A persistent volume stands for a disk that is there already.
FREE: set[str] = {*KINDS, *tokens("core", "PersistentVolume")}
