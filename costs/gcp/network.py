"""What lets traffic in and out: NAT, addresses, load balancers, VPN, interconnect, DNS, egress to the internet."""

from decimal import Decimal
from itertools import islice
from typing import Final

from catalogue.model import Confidence
from costs.capacity import machines, scaled
from costs.gcp.part import at, known, on_record
from costs.model import Factor
from costs.money import Band
from costs.pricing import HOURS, Pricer, Pricing, count
from costs.resource import Resource
from costs.tiers import Tariff

_ADDRESS: Final = "external-ip"
_BALANCING: Final = "load-balancing"
_REGIONAL_RULE: Final = "gcp:compute/forwardingRule:ForwardingRule"
_GLOBAL_RULE: Final = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
_USERS: Final = ("gcp:compute/instance:Instance", "gcp:compute/routerNat:RouterNat")
# A gateway costs 0.0014 USD an hour for each VM behind it, from 32 VMs on no more. Source: Google Cloud, "Cloud NAT pricing".
_NAT_MOST_VMS: Final = 32
# The first five forwarding rules of a project cost as much together as one. Source: Google Cloud, "Cloud Load Balancing pricing".
_FIRST_RULES: Final = 5
_GLOBAL_PRICE: Final = "us-central1"
_ARMOR_RULES: Final = ("gcp:compute/securityPolicyRule:SecurityPolicyRule", "gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule")


def internet_egress(pricing: Pricing, reason: str = "nobody says how much leaves to the internet") -> None:
    """Data to the internet at the premium tier's steps."""
    volume = pricing.usage_or("egressGibPerMonth", reason=reason)
    payer = paid_before(pricing, volume)
    if payer:
        pricing.note("internet egress", "none", f"what its component sends to the internet is counted with {payer}")
    else:
        pricing.line("internet egress", egress_tariff(pricing), volume, usage_based=True)


def paid_before(pricing: Pricing, sent: Factor) -> str | None:
    """The resource of the same component that has paid for what the component sends: it is told once for all that stands in it."""
    program = pricing.program
    named = (each for each in program.ancestors(pricing.resource) if not each.custom and each.get("usage.egressGibPerMonth"))
    around = next(named, None)
    if around is None or sent.words != f"egressGibPerMonth ({around.name})":
        return None
    for line in pricing.found.lines:
        payer = program.resources.get(line.urn)
        if (
            line.driver == "internet egress"
            and line.factors == (sent,)
            and payer
            and any(each is around for each in program.ancestors(payer))
        ):
            return payer.name
    return None


def egress_tariff(pricing: Pricing) -> Tariff | None:
    """The steps by GiB a month: to 1 TiB, to 10 TiB, above."""
    names = ((1024, "0-1TiB"), (10240, "1-10TiB"), (None, "over-10TiB"))
    return pricing.steps(*((edge, pricing.service("internet-egress", sku, "internet egress")) for edge, sku in names))


def router_nat(pricing: Pricing) -> None:
    """The gateway by the VMs behind it, the data in both directions, and the addresses it uses."""
    least = Decimal(1) / _NAT_MOST_VMS
    vms = pricing.usage("nodes")
    share = vms.amount.clamped(0, _NAT_MOST_VMS) * least if vms else Band(least, Decimal(1), Decimal(1))
    words = f"of the price of {_NAT_MOST_VMS} VMs"
    of_top = Factor(words, share, vms.confidence) if vms else pricing.assume(words, share, "how many VMs use the gateway is not told")
    pricing.line("NAT gateway", pricing.service("cloud-nat", "gateway-max-hour", "NAT gateway"), of_top, HOURS, usage_based=True)
    if pricing.text("type", "PUBLIC") == "PRIVATE":
        return
    processed = pricing.usage_or("processedGibPerMonth")
    pricing.line("NAT data", pricing.service("cloud-nat", "data-processed", "NAT data"), processed, usage_based=True)
    internet_egress(pricing, "how much of the gateway's data leaves to the internet is not told")
    if not pricing.resource.items("natIps"):
        pricing.note("NAT addresses", "1", "addresses are allocated as they are needed, at least one")
        price = pricing.service(_ADDRESS, "in-use-vm", "NAT address")
        pricing.line("NAT address", price, Factor("addresses", Band.exactly(1), Confidence.LOW), HOURS)


def address(pricing: Pricing) -> None:
    """A static external address: one price on a VM or a NAT gateway, none on a load balancer, a higher one while unused."""
    if pricing.text("addressType", "EXTERNAL") == "INTERNAL" or pricing.text("purpose") in ("VPC_PEERING", "PRIVATE_SERVICE_CONNECT"):
        return
    program, resource = pricing.program, pricing.resource
    if any(program.referring(resource, kind) for kind in (_REGIONAL_RULE, _GLOBAL_RULE)):
        return
    if any(program.referring(resource, kind) for kind in _USERS):
        pricing.line("address in use", pricing.service(_ADDRESS, "in-use-vm", "address in use"), count("address", 1), HOURS)
        return
    unused = Factor("address that nothing here uses (none to pay on a load balancer)", Band.of(0, 1, 1), Confidence.LOW)
    pricing.line("unused address", pricing.service(_ADDRESS, "static-unused", "unused address"), unused, HOURS)


def forwarding_rule(pricing: Pricing) -> None:
    """A rule's hours (its share of the first five, or an additional one's) and the data through it."""
    if "serviceAttachments/" in pricing.text("target"):
        pricing.line(
            "Private Service Connect",
            pricing.service("private-service-connect", "endpoint", "Private Service Connect"),
            count("endpoint", 1),
            HOURS,
        )
    else:
        _rule_hours(pricing)
    through = pricing.usage_or("processedGibPerMonth")
    price = on_record(pricing, _BALANCING, "ingress-data", "data-processed")
    pricing.line("data through the load balancer", price, through, usage_based=True)
    if pricing.text("loadBalancingScheme", "EXTERNAL").startswith("EXTERNAL"):
        internet_egress(pricing)


def _rule_hours(pricing: Pricing) -> None:
    kinds = (_GLOBAL_RULE, _REGIONAL_RULE)
    every = (rule.urn for kind in kinds for rule in pricing.program.of_type(kind) if _balances(rule))
    first = list(islice(every, _FIRST_RULES))
    everywhere = pricing.resource.type == _GLOBAL_RULE
    # A global rule costs as much as one in the United States. Source: Google Cloud, "Cloud Load Balancing pricing".
    priced = at(pricing, _GLOBAL_PRICE) if everywhere else pricing
    if pricing.resource.urn in first:
        share = count(f"of the first {_FIRST_RULES} rules' one price ({len(first)} in this program)", Decimal(1) / len(first))
        pricing.line("forwarding rule", priced.service(_BALANCING, "forwarding-rules-first-5", "forwarding rule"), share, HOURS)
        return
    names = ("forwarding-rule-additional", "global-forwarding-rule" if everywhere else "forwarding-rule")
    pricing.line("forwarding rule", on_record(priced, _BALANCING, *names), count("additional rule", 1), HOURS)


def _balances(rule: Resource) -> bool:
    return "serviceAttachments/" not in str(rule.get("target") or "")


def backend(pricing: Pricing) -> None:
    """Free by itself; with Cloud CDN what leaves its caches, and what fills them, is paid."""
    if pricing.flag("enableCdn"):
        sent = pricing.usage_or("egressGibPerMonth", reason="how much the caches send is not told")
        pricing.line("CDN egress", pricing.service("cloud-cdn", "cache-egress", "CDN egress"), sent, usage_based=True)


def vpn_tunnel(pricing: Pricing) -> None:
    """A tunnel by the hour, and what leaves through it."""
    pricing.line("VPN tunnel", pricing.service("cloud-vpn", "tunnel", "VPN tunnel"), count("tunnel", 1), HOURS)
    pricing.line("data through the tunnel", egress_tariff(pricing), pricing.usage_or("egressGibPerMonth"), usage_based=True)


def interconnect(pricing: Pricing) -> None:
    """Circuits of a dedicated interconnect."""
    circuits = pricing.number("requestedLinkCount", 1)
    price = pricing.service("cloud-interconnect", f"circuit-{pricing.text('linkType', 'LINK_TYPE_ETHERNET_10G_LR').lower()}")
    pricing.line("circuits", price, count("circuits", circuits or 1), HOURS)


def vlan_attachment(pricing: Pricing) -> None:
    """A VLAN attachment by the hour."""
    size = pricing.text("bandwidth", "BPS_10G").lower()
    pricing.line(
        "VLAN attachment",
        pricing.service("cloud-interconnect", f"vlan-attachment-{size}", "VLAN attachment"),
        count("attachment", 1),
        HOURS,
    )


def managed_zone(pricing: Pricing) -> None:
    """A zone a month, and its queries."""
    pricing.line("zone", pricing.service("cloud-dns", "managed-zone", "zone"), count("zone", 1))
    queries = pricing.usage_or("requestsPerMonth", reason="DNS queries")
    pricing.line("queries", pricing.service("cloud-dns", "queries", "queries"), queries, usage_based=True)


def connector(pricing: Pricing) -> None:
    """A serverless VPC connector: two to ten e2-micro machines unless it says otherwise. Source: the provider's `Connector`."""
    kind = known(pricing, "machineType", "connector machines", "e2-micro")
    if kind:
        number = scaled(pricing, "nodes", pricing.number("minInstances", 2), None, pricing.number("maxInstances", 10))
        machines(pricing, "connector machines", kind, number)


def subnetwork(pricing: Pricing) -> None:
    """Free, but for the flow logs that it may write."""
    if pricing.resource.get("logConfig"):
        pricing.line(
            "flow logs",
            pricing.service("cloud-logging", "ingestion", "flow logs"),
            pricing.usage_or("ingestedGibPerMonth"),
            usage_based=True,
        )


def security_policy(pricing: Pricing) -> None:
    """A Cloud Armor policy, its rules, its requests."""
    pricing.line("policy", pricing.service("cloud-armor", "policy", "policy"), count("policy", 1))
    apart = sum(len(pricing.program.referring(pricing.resource, kind)) for kind in _ARMOR_RULES)
    rules = count("rules, those declared by themselves too", (len(pricing.resource.items("rules")) or 1) + apart)
    pricing.line("rules", pricing.service("cloud-armor", "rule", "rules"), rules)
    pricing.line("requests", pricing.service("cloud-armor", "requests", "requests"), pricing.usage_or("requestsPerMonth"), usage_based=True)


PRICERS: dict[str, Pricer] = {
    "gcp:compute/routerNat:RouterNat": router_nat,
    "gcp:compute/address:Address": address,
    "gcp:compute/globalAddress:GlobalAddress": address,
    _REGIONAL_RULE: forwarding_rule,
    _GLOBAL_RULE: forwarding_rule,
    "gcp:compute/backendService:BackendService": backend,
    "gcp:compute/regionBackendService:RegionBackendService": backend,
    "gcp:compute/backendBucket:BackendBucket": backend,
    "gcp:compute/regionBackendBucket:RegionBackendBucket": backend,
    "gcp:compute/vPNTunnel:VPNTunnel": vpn_tunnel,
    "gcp:compute/interconnect:Interconnect": interconnect,
    "gcp:compute/interconnectAttachment:InterconnectAttachment": vlan_attachment,
    "gcp:compute/subnetwork:Subnetwork": subnetwork,
    "gcp:compute/securityPolicy:SecurityPolicy": security_policy,
    "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy": security_policy,
    "gcp:dns/managedZone:ManagedZone": managed_zone,
    "gcp:vpcaccess/connector:Connector": connector,
}
FREE: set[str] = set()
