"""Refuses what a platform cannot do, by the table of capabilities, and names the platforms that can."""

from plan.endpoint_capabilities import ABILITIES, COLUMNS, Ability, ability, able
from plan.endpoint_request import EndpointRequest
from plan.pool_request import written

# What abilities need of the cluster; what else they need is a word of the endpoint.
ADD_ONS = ("gateway", "keda")


def allows(request: EndpointRequest, column: str, name: str, fields: str, value: object, *, fix: str) -> bool:
    """Whether the platform has an ability; where it has not, or its add-on is missing, that is a fault at `fields` (dotted)."""
    found = ability(column, name)
    if not found.can:
        problem = f"asks for {ABILITIES[name]}, which {COLUMNS[column]} does not have: {found.note}"
        request.fault(fields, written(value), problem, allowed=_where(name), fix=fix, source=found.source)
        return False
    if found.needs == "asynchronous" and request.endpoint.asynchronous is None:
        problem = f"asks for {ABILITIES[name]}, which {COLUMNS[column]} has for asynchronous endpoints alone: {found.note}"
        request.fault(fields, written(value), problem, allowed="with asynchronous", fix=fix, source=found.source)
        return False
    if found.needs == "tls" and not (request.endpoint.access and request.endpoint.access.tls):
        problem = f"asks for {ABILITIES[name]}, which {COLUMNS[column]} has at a load balancer alone, and that has a host name"
        mend = f"add access.tls: {{host: …, certificate: …}}, or {fix}"
        request.fault(fields, written(value), problem, allowed="with access.tls", fix=mend, source=found.source)
        return False
    if found.needs in ADD_ONS and not has_add_on(request, found.needs):
        problem = f"asks for {ABILITIES[name]}, and the cluster lacks the add-on {found.needs} that it is made with"
        mend = f"write cluster.addOns.{found.needs}: install"
        request.fault(fields, written(value), problem, allowed=f"with the add-on {found.needs}", fix=mend, source=found.source)
        return False
    return True


def within(request: EndpointRequest, column: str, name: str, fields: str, value: float, *, unit: str) -> bool:
    """Whether a number is within the platform's bounds of an ability; where it is not, that is a fault at `fields`."""
    found = ability(column, name)
    low, high = found.low, found.high
    if (low is None or value >= low) and (high is None or value <= high):
        return True
    word = fields.rsplit(".", 1)[-1]
    nearest_value = low if low is not None and value < low else high
    problem = f"{unit} is what {COLUMNS[column]} does not take for {ABILITIES[name]}"
    request.fault(fields, written(value), problem, allowed=_bounds(found), fix=f"write {word}: {nearest_value:g}", source=found.source)
    return False


def has_add_on(request: EndpointRequest, word: str) -> bool:
    """Whether the cluster has an add-on that endpoints are made with; a gateway must be Drydock's own, whose class is known."""
    add_ons = request.environment.cluster.add_ons if request.environment.cluster else None
    if add_ons is None:
        return False
    if word == "gateway":
        return add_ons.gateway == "install"
    return add_ons.keda in ("install", "existing")


def _where(name: str) -> str:
    columns = [COLUMNS[column] for column in able(name)]
    return f"on {', '.join(columns)}" if columns else "left out: no platform has it"


def _bounds(found: Ability) -> str:
    if found.low is None:
        return f"{found.high:g} or less"
    if found.high is None:
        return f"{found.low:g} or more"
    return f"{found.low:g} alone" if found.low == found.high else f"{found.low:g} to {found.high:g}"
