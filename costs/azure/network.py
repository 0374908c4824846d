"""Networks: NAT, addresses, load balancers, gateways, private endpoints, DNS, peerings."""

from decimal import Decimal
from typing import Final

from costs.azure.amounts import product, requests, stepped
from costs.azure.egress import egress
from costs.azure.place import place
from costs.pricing import Pricer, Pricing, count

NET: Final = "azure-native:network:"
# GiB a month. Source: Azure Private Link pricing.
_PRIVATE_STEPS: Final = ((1_048_576, "first-1PB"), (5_242_880, "next-4PB"), (None, "over-5PB"))
_QUERIES_FREE_STEP: Final = 1_000_000_000


def _nat(pricing: Pricing) -> None:
    pricing.line("gateway", pricing.service("nat-gateway", "gateway", "gateway"), count("gateway", 1), pricing.hours())
    processed = pricing.usage_or("processedGibPerMonth")
    pricing.line("data processed", pricing.service("nat-gateway", "data-processed", "data processed"), processed, usage_based=True)
    egress(pricing)


def _address(pricing: Pricing) -> None:
    """A public IPv4 address by the hour; the Basic sku is retired since 2025-09-30. Source: Azure IP addresses pricing."""
    if pricing.text("publicIPAddressVersion", "IPv4").lower() == "ipv6":
        return
    if pricing.unreadable("sku") or pricing.unreadable("sku.name"):
        pricing.unpriced("address", "sku.name is known only after `up`")
        return
    sku, reach = pricing.text("sku.name", "Basic").lower(), pricing.text("sku.tier", "Regional").lower()
    kind = pricing.text("publicIPAllocationMethod", "Dynamic" if sku == "basic" else "Static").lower()
    price = pricing.service("public-ip", f"{sku}-{kind}-{reach}", "address")
    pricing.line("address", price, count("address", 1), pricing.hours())


def _prefix(pricing: Pricing) -> None:
    length = pricing.number("prefixLength")
    if length is None or length > 32:
        pricing.unpriced("addresses of the prefix", "prefixLength is not known before `up`")
        return
    price = pricing.service("public-ip", "prefix-address", "addresses of the prefix")
    pricing.line("addresses of the prefix", price, count(f"addresses in a /{length}", 2 ** int(32 - length)), pricing.hours())


def _private_endpoint(pricing: Pricing) -> None:
    pricing.line("endpoint", pricing.service("private-endpoint", "endpoint", "endpoint"), count("endpoint", 1), pricing.hours())
    processed = pricing.usage_or("processedGibPerMonth")
    steps = [(edge, f"data-in-{name}" if name == "first-1PB" else f"data-{name}") for edge, name in _PRIVATE_STEPS]
    # Data in and out have the same price, so it does not matter how it is divided.
    tariff = stepped(pricing, "data processed", "private-endpoint", processed.amount.high, steps)
    pricing.line("data processed", tariff, processed, usage_based=True)


def _bastion(pricing: Pricing) -> None:
    tier = pricing.text("sku.name", "Basic").lower()
    if pricing.unreadable("sku.name"):
        pricing.unpriced("bastion", "sku.name is known only after `up`")
        return
    if tier == "developer":
        return
    price = pricing.service("bastion", f"{tier}-host", "bastion")
    pricing.line("bastion", price, count("host (two scale units)", 1), pricing.hours())
    units = pricing.number("scaleUnits", 2)
    if units is None or units > 2:
        further = pricing.service("bastion", f"{tier}-additional-unit", "further scale units") if units else None
        pricing.line("further scale units", further, count("scale units above two", (units or Decimal(2)) - 2), pricing.hours())


def _gateway(pricing: Pricing) -> None:
    """VPN and ExpressRoute gateways by the hour. Source: Azure VPN Gateway pricing."""
    name = pricing.text("sku.name").lower()
    if not name:
        pricing.unpriced("gateway", "sku.name is known only after `up`")
        return
    service = "express-route-gateway" if pricing.text("gatewayType").lower() == "expressroute" else "vpn-gateway"
    pricing.line(f"gateway ({name})", pricing.service(service, name, "gateway"), count("gateway", 1), pricing.hours())
    egress(pricing)


def _dns(kind: str) -> Pricer:
    def price(pricing: Pricing) -> None:
        pricing.line("zone", pricing.service("dns", f"{kind}-zone-first-25", "zone"), count("zone", 1))
        asked = product("queries a month", *requests(pricing))
        sku = f"{kind}-queries-first-1B" if asked.amount.high <= _QUERIES_FREE_STEP else f"{kind}-queries-over-1B"
        pricing.line("queries", pricing.service("dns", sku, "queries"), asked, usage_based=True)

    return price


def _peering(pricing: Pricing) -> None:
    """Each side of a peering pays for what comes in and what goes out. Source: Azure Virtual Network pricing."""
    remote = pricing.program.referred(pricing.resource, "remoteVirtualNetwork")
    there = place(remote, pricing.program).region if remote else pricing.region
    reach = "intra-region" if there == pricing.region else "global-zone1"
    sent = pricing.usage("crossRegionGibPerMonth") or pricing.usage_or("processedGibPerMonth")
    for way in ("egress", "ingress"):
        driver = f"peering {way}"
        pricing.line(driver, pricing.service("vnet-peering", f"{reach}-{way}", driver), sent, usage_based=True)


def _by_name(driver: str, reason: str) -> Pricer:
    def price(pricing: Pricing) -> None:
        pricing.unpriced(driver, reason)

    return price


_NO_LIST = "it has no price list here"
PRICERS: dict[str, Pricer] = {
    f"{NET}NatGateway": _nat,
    f"{NET}PublicIPAddress": _address,
    f"{NET}PublicIPPrefix": _prefix,
    f"{NET}PrivateEndpoint": _private_endpoint,
    f"{NET}BastionHost": _bastion,
    f"{NET}VirtualNetworkGateway": _gateway,
    f"{NET}VirtualNetworkPeering": _peering,
    f"{NET}Zone": _dns("public"),
    "azure-native:dns:Zone": _dns("public"),
    f"{NET}PrivateZone": _dns("private"),
    "azure-native:privatedns:PrivateZone": _dns("private"),
    f"{NET}AzureFirewall": _by_name("firewall", _NO_LIST),
    f"{NET}ExpressRouteCircuit": _by_name("circuit", _NO_LIST),
    f"{NET}DdosProtectionPlan": _by_name("DDoS protection", _NO_LIST),
    f"{NET}PrivateLinkService": _by_name("data through the private link", _NO_LIST),
    f"{NET}ConnectionMonitor": _by_name("connection tests", _NO_LIST),
    f"{NET}ExpressRouteGateway": _by_name("gateway", _NO_LIST),
    f"{NET}ExpressRoutePort": _by_name("port", _NO_LIST),
    f"{NET}FirewallPolicy": _by_name("firewall policy on several firewalls", _NO_LIST),
    f"{NET}NetworkManager": _by_name("managed networks", _NO_LIST),
    f"{NET}NetworkVirtualAppliance": _by_name("virtual appliance", _NO_LIST),
    f"{NET}P2sVpnGateway": _by_name("VPN gateway", _NO_LIST),
    f"{NET}FlowLog": _by_name("flow logs", _NO_LIST),
    f"{NET}VirtualHub": _by_name("virtual hub", _NO_LIST),
    f"{NET}VpnGateway": _by_name("VPN gateway", _NO_LIST),
    f"{NET}VirtualNetworkGatewayConnection": _by_name("connection", _NO_LIST),
    "azure-native:network:FrontDoor": _by_name("front door", _NO_LIST),
    "azure-native:cdn:Profile": _by_name("front door or CDN", _NO_LIST),
    "azure-native:frontdoor:FrontDoor": _by_name("front door", _NO_LIST),
    "azure-native:frontdoor:Policy": _by_name("web application firewall policy", _NO_LIST),
    "azure-native:trafficmanager:Profile": _by_name("traffic manager", _NO_LIST),
    "azure-native:network:DnsResolver": _by_name("DNS resolver", _NO_LIST),
    "azure-native:dnsresolver:DnsResolver": _by_name("DNS resolver", _NO_LIST),
}
FREE: set[str] = {
    *(
        f"{NET}{name}"
        for name in (
            "ApplicationSecurityGroup", "CustomIPPrefix", "DdosCustomPolicy", "ExpressRouteCircuitAuthorization",
            "ExpressRouteCircuitPeering", "FirewallPolicyRuleCollectionGroup", "HubRouteTable", "HubVirtualNetworkConnection",
            "InboundNatRule", "IpGroup", "LoadBalancerBackendAddressPool", "LocalNetworkGateway", "NetworkInterface", "NetworkProfile",
            "NetworkSecurityGroup", "NetworkSecurityPerimeter", "NetworkSecurityPerimeterAccessRule",
            "NetworkSecurityPerimeterAssociation", "NetworkSecurityPerimeterProfile", "NetworkWatcher", "PrivateDnsZoneGroup",
            "PrivateLinkServicePrivateEndpointConnection", "PrivateRecordSet", "RecordSet", "Route", "RouteFilter", "RouteMap",
            "RouteTable", "RoutingIntent", "SecurityRule", "ServiceEndpointPolicy", "ServiceEndpointPolicyDefinition", "Subnet",
            "VirtualNetwork", "VirtualNetworkLink", "VirtualWAN", "VirtualWan", "VpnServerConfiguration", "VpnSite",
            "WebApplicationFirewallPolicy",
        )
    ),
    "azure-native:dns:RecordSet",
    "azure-native:privatedns:PrivateRecordSet",
    "azure-native:privatedns:VirtualNetworkLink",
    *(f"azure-native:cdn:{name}" for name in (
        "AFDCustomDomain", "AFDEndpoint", "AFDOrigin", "AFDOriginGroup", "Endpoint", "Route", "Rule", "RuleSet", "SecurityPolicy",
    )),
}  # fmt: skip
