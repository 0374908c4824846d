"""Groups of machines: as many as their autoscaler's limits or their target size say, each as its template says."""

from typing import Final

from costs.capacity import scaled
from costs.gcp.disk import disk_lines, local_ssd, size
from costs.gcp.machine import addresses, compute_lines, gpu_lines, instance, is_spot, ssd_included
from costs.gcp.part import last, mapping, part
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Resource

TEMPLATES: Final = ("gcp:compute/instanceTemplate:InstanceTemplate", "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate")
_AUTOSCALERS: Final = ("gcp:compute/autoscaler:Autoscaler", "gcp:compute/regionAutoscaler:RegionAutoscaler")


def instance_from_template(pricing: Pricing) -> None:
    """A machine as its template says, but for what it says itself."""
    template = pricing.program.referred(pricing.resource, "sourceInstanceTemplate")
    if template is None:
        pricing.unpriced("machine", "the instance template is not part of this program")
        return
    merged = part(pricing, {**template.properties, **pricing.resource.properties})
    if merged.resource.get("bootDisk"):
        instance(merged)
        return
    # A template lists its disks where an instance has its boot disk: without one, `instance` would assume another.
    instance(part(pricing, {**merged.resource.properties, "bootDisk": {"source": "a disk of the template"}}))
    _template_disks(merged, last(merged.resource.get("machineType")), count("machine", 1))


def group(pricing: Pricing) -> None:
    """The machines of a managed group, by its autoscaler's limits or its target size, each as its template says."""
    templates = [each for each in map(pricing.program.resources.get, pricing.resource.references.get("versions", ())) if each]
    templates = [each for each in templates if each.type in TEMPLATES] or _named_templates(pricing)
    if not templates:
        pricing.unpriced("machines", "the instance template is not part of this program")
        return
    running = _group_size(pricing)
    chosen = _flexible(pricing)
    types = chosen or [last(each.get("machineType")) for each in templates]
    if not all(types):
        pricing.unpriced("machines", "the template's machineType is known only after `up`")
    template = part(pricing, templates[0].properties)
    spot = is_spot(template, "scheduling")
    if all(types):
        compute_lines(pricing, "machines", types, running, spot=spot)
        gpu_lines(pricing, template.resource.items("guestAccelerators"), types[0], running, spot=spot)
    _template_disks(template, types[0], running)
    addresses(template, running, spot=spot)


def _named_templates(pricing: Pricing) -> list[Resource]:
    """Templates by the names in `versions`, as a state has them."""
    wanted = {last(mapping(each).get("instanceTemplate")).partition("?")[0] for each in pricing.resource.items("versions")} - {""}
    return [each for kind in TEMPLATES for each in pricing.program.of_type(kind) if each.get("name") in wanted]


def _flexible(pricing: Pricing) -> list[str]:
    selections = [mapping(each) for each in pricing.resource.items("instanceFlexibilityPolicy.instanceSelections")]
    ranked = sorted(selections, key=lambda each: _rank(each.get("rank")))
    return [last(name) for each in ranked for name in each.get("machineTypes") or ()]


def _rank(rank: object) -> int:
    return rank if isinstance(rank, int) else 0


def _group_size(pricing: Pricing) -> Factor:
    target = pricing.number("targetSize")
    for kind in _AUTOSCALERS:
        for scaler in pricing.program.referring(pricing.resource, kind, "target"):
            policy = part(pricing, scaler.properties)
            if policy.text("autoscalingPolicy.mode", "ON") != "OFF":
                # One replica at least unless the policy says otherwise. Source: the Compute Engine API, autoscalers.
                least = policy.number("autoscalingPolicy.minReplicas", 1)
                return scaled(pricing, "nodes", least, target, policy.number("autoscalingPolicy.maxReplicas"))
    if target is None:
        return pricing.usage_or("nodes", reason="targetSize is not given or known only after `up`")
    return Factor("machines (targetSize)", Band.exactly(target))


def _template_disks(template: Pricing, kind: str, running: Factor) -> None:
    scratch = 0
    for disk in template.resource.items("disks"):
        one = part(template, disk)
        if one.text("type") == "SCRATCH" or one.text("diskType") == "local-ssd":
            scratch += 1
        elif not one.resource.get("source"):
            disk_type = last(one.resource.get("diskType")) or "pd-standard"
            disk_lines(one, "disks", disk_type, size(one, "diskSizeGb"), running)
    if scratch and not ssd_included(kind):
        local_ssd(template, "local SSDs", running, count("local SSDs each", scratch))


PRICERS: dict[str, Pricer] = {
    "gcp:compute/instanceFromTemplate:InstanceFromTemplate": instance_from_template,
    "gcp:compute/instanceGroupManager:InstanceGroupManager": group,
    "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager": group,
}
FREE: set[str] = {*TEMPLATES, *_AUTOSCALERS}
