"""Capacity that is paid whether or not machines use it, or that is asked for apart from a group."""

from costs.capacity import say_held
from costs.gcp.disk import local_ssd
from costs.gcp.machine import RESERVATION, compute_lines, gpu_lines, ssd_included
from costs.gcp.part import known
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing


def reservation(pricing: Pricing) -> None:
    """Reserved machines are paid as if they ran, whether or not they are used. Source: Google Cloud, "Reservations of zonal resources"."""
    path = "specificReservation"
    driver = "reserved machines"
    number = pricing.number(f"{path}.count")
    kind = known(pricing, f"{path}.instanceProperties.machineType", driver)
    if kind is None or number is None:
        if kind:
            pricing.unpriced(driver, "specificReservation.count is known only after `up`")
        return
    always = count("hours a month, used or not", 730)
    reserved = count("reserved machines", number)
    compute_lines(pricing, driver, [kind], reserved, hours=always)
    gpu_lines(pricing, pricing.resource.items(f"{path}.instanceProperties.guestAccelerators"), kind, reserved, hours=always)
    ssds = len(pricing.resource.items(f"{path}.instanceProperties.localSsds"))
    if ssds and not ssd_included(kind):
        local_ssd(pricing, "reserved local SSDs", reserved, count("local SSDs", ssds))
    say_held(pricing, driver, "GPUs", "reserved local SSDs")


def sole_tenant(pricing: Pricing) -> None:
    """Sole-tenant nodes are paid whole."""
    template = pricing.program.referred(pricing.resource, "nodeTemplate")
    kind = template.get("nodeType") if template else None
    what = kind if isinstance(kind, str) else "a node type that is known only after `up`"
    pricing.unpriced("sole-tenant nodes", f"no price of {what} is on record")


def commitment(pricing: Pricing) -> None:
    """A committed-use discount is paid whether or not machines use it."""
    pricing.unpriced("commitment", "a commitment's price is not worked out: it takes the place of machines that are priced on demand here")


def resize_request(pricing: Pricing) -> None:
    """Machines asked for at once, for a limited time."""
    seconds = pricing.number("requestedRunDuration.seconds")
    why = "no limit" if seconds is None else f"{seconds / 3600:f} h at most"
    by = pricing.resource.get("resizeBy")
    number = "an unknown number of" if isinstance(by, Missing) else str(by)
    pricing.unpriced("requested machines", f"{number} machines of the group's template ({why}) are not counted in the group's size")


PRICERS: dict[str, Pricer] = {
    RESERVATION: reservation,
    "gcp:compute/nodeGroup:NodeGroup": sole_tenant,
    "gcp:compute/regionCommitment:RegionCommitment": commitment,
    "gcp:compute/resizeRequest:ResizeRequest": resize_request,
    "gcp:compute/regionResizeRequest:RegionResizeRequest": resize_request,
}
FREE: set[str] = {"gcp:compute/nodeTemplate:NodeTemplate"}
