"""NAT, addresses, load balancers, egress."""

from decimal import Decimal

from costs.resource import Resource
from tests.costs.building import component, estimated, prices, resource, told, usd

D = Decimal
R = "us-central1"
NAT = "gcp:compute/routerNat:RouterNat"
ADDRESS = "gcp:compute/address:Address"
RULE = "gcp:compute/forwardingRule:ForwardingRule"
GLOBAL_RULE = "gcp:compute/globalForwardingRule:GlobalForwardingRule"
# Network list prices us-central1, 2026-07-30; load balancing as on Google's page.
LIST = prices(
    ("gcp", "cloud-nat", "gateway-max-hour", R, "hour", "0.0448"),
    ("gcp", "cloud-nat", "data-processed", R, "GiB", "0.045"),
    ("gcp", "external-ip", "in-use-vm", R, "hour", "0.005"),
    ("gcp", "external-ip", "static-unused", R, "hour", "0.010"),
    ("gcp", "internet-egress", "0-1TiB", R, "GiB", "0.12"),
    ("gcp", "internet-egress", "1-10TiB", R, "GiB", "0.11"),
    ("gcp", "internet-egress", "over-10TiB", R, "GiB", "0.08"),
    ("gcp", "load-balancing", "forwarding-rules-first-5", R, "hour", "0.025"),
    ("gcp", "load-balancing", "forwarding-rule-additional", R, "hour", "0.010"),
    ("gcp", "load-balancing", "forwarding-rules-first-5", "global", "hour", "0.025"),
    ("gcp", "load-balancing", "ingress-data", R, "GiB", "0.008"),
    ("gcp", "load-balancing", "forwarding-rules-first-5", "europe-west4", "hour", "0.028"),
    ("gcp", "load-balancing", "data-processed", "europe-west4", "GiB", "0.009"),
    ("gcp", "private-service-connect", "endpoint", R, "hour", "0.01"),
    ("gcp", "cloud-interconnect", "circuit-link_type_ethernet_10g_lr", R, "hour", "2.328"),
    ("gcp", "cloud-interconnect", "vlan-attachment-bps_1g", R, "hour", "0.0722"),
    ("gcp", "cloud-vpn", "tunnel", R, "hour", "0.05"),
    ("gcp", "cloud-dns", "managed-zone", "global", "zone-month", "0.20"),
    ("gcp", "cloud-dns", "queries", "global", "1M queries", "0.40"),
    ("gcp", "cloud-armor", "policy", "global", "policy-month", "5"),
    ("gcp", "cloud-armor", "rule", "global", "rule-month", "1"),
    ("gcp", "cloud-armor", "requests", "global", "1M requests", "0.75"),
    ("gcp", "cloud-cdn", "cache-egress", "global", "GiB", "0.08"),
    ("gcp", "cloud-logging", "ingestion", "global", "GiB", "0.5"),
    machines=[("gcp", R, "e2-micro", "0.008376", None)],
)


def test_a_gateway_is_paid_by_the_vms_behind_it_up_to_32() -> None:
    nat = resource(NAT, properties={"region": R, "natIps": ["ip"]})
    # 1 VM … 14 VMs … 32 of 50 VMs × 0.0014 (= 0.0448/32) × 730
    found = estimated(LIST, nat, usage=told(nodes=(1, 14, 50), processedGibPerMonth=100))
    assert usd(found, "NAT gateway") == (D("1.0220"), D("14.3080"), D("32.7040"))
    assert usd(found, "NAT data") == (D("4.5000"),) * 3  # 100 × 0.045
    assert usd(estimated(LIST, nat), "NAT gateway") == (D("1.0220"), D("32.7040"), D("32.7040"))


def test_a_gateway_that_names_no_addresses_gets_at_least_one() -> None:
    named = estimated(LIST, resource(NAT, properties={"region": R, "natIps": ["ip"]}))
    assert "NAT address" not in [each.driver for each in named.lines]
    found = estimated(LIST, resource(NAT, properties={"region": R, "natIpAllocateOption": "AUTO_ONLY"}))
    assert usd(found, "NAT address") == (D("3.6500"),) * 3  # 730 × 0.005


def test_an_address_costs_more_unused_than_used_and_nothing_on_a_load_balancer() -> None:
    address = resource(ADDRESS, "ip", {"region": R})
    # perhaps used by something elsewhere … unused 730 × 0.010
    assert usd(estimated(LIST, address), "unused address") == (D("0.0000"), D("7.3000"), D("7.3000"))
    nat = resource(NAT, "nat", {"region": R, "natIps": ["x"]}, refers={"natIps": address.urn})
    assert usd(estimated(LIST, address, nat), "address in use") == (D("3.6500"),) * 3  # 730 × 0.005
    rule = resource(RULE, "rule", {"region": R}, refers={"ipAddress": address.urn})
    assert not [each for each in estimated(LIST, address, rule).lines if each.urn == address.urn]


def test_an_internal_address_is_free() -> None:
    found = estimated(LIST, resource(ADDRESS, properties={"region": R, "addressType": "INTERNAL"}))
    assert (found.free, found.lines, found.unpriced) == (1, (), ())


def rules(number: int) -> list[Resource]:
    return [resource(RULE, f"rule{i}", {"region": R, "loadBalancingScheme": "INTERNAL"}) for i in range(number)]


def hours(number: int) -> Decimal:
    found = estimated(LIST, *rules(number), usage=told(processedGibPerMonth=0))
    return sum((each.usd.expected for each in found.lines if each.driver == "forwarding rule"), D(0)).quantize(D("0.0001"))


def test_the_first_five_forwarding_rules_share_one_price() -> None:
    assert hours(1) == hours(3) == hours(5) == D("18.2500")  # 730 × 0.025
    assert hours(7) == D("32.8500")  # 730 × (0.025 + 2 × 0.010)


def test_a_global_rule_is_paid_without_a_region() -> None:
    found = estimated(LIST, resource(GLOBAL_RULE, properties={"loadBalancingScheme": "INTERNAL_SELF_MANAGED"}))
    assert usd(found, "forwarding rule") == (D("18.2500"),) * 3


def test_data_through_a_load_balancer_is_paid_under_either_name_on_record() -> None:
    usage = told(processedGibPerMonth=100, egressGibPerMonth=0)
    here = estimated(LIST, resource(RULE, properties={"region": R}), usage=usage)
    assert usd(here, "data through") == (D("0.8000"),) * 3  # 100 × 0.008
    there = estimated(LIST, resource(RULE, properties={"region": "europe-west4", "loadBalancingScheme": "INTERNAL"}), usage=usage)
    assert usd(there, "data through") == (D("0.9000"),) * 3  # 100 × 0.009


def test_an_external_load_balancer_sends_to_the_internet_by_steps() -> None:
    rule = resource(RULE, properties={"region": R})
    found = estimated(LIST, rule, usage=told(egressGibPerMonth=(1024, 1025, 20_000)))
    # 1024 × 0.12; one more at 0.11; 1024 × 0.12 + 9216 × 0.11 + 9760 × 0.08 = 122.88 + 1013.76 + 780.80
    assert usd(found, "internet egress") == (D("122.8800"), D("122.9900"), D("1917.4400"))
    inside = estimated(LIST, resource(RULE, properties={"region": R, "loadBalancingScheme": "INTERNAL_MANAGED"}))
    assert "internet egress" not in [each.driver for each in inside.lines]


def test_a_connector_is_two_to_ten_e2_micro_unless_it_says_otherwise() -> None:
    found = estimated(LIST, resource("gcp:vpcaccess/connector:Connector", properties={"region": R}), usage=told(nodes=3))
    # 2 … 3 … 10 × 730 × 0.008376
    assert usd(found, "connector machines") == (D("12.2290"), D("18.3434"), D("61.1448"))


def test_a_subnetwork_is_free_but_for_its_flow_logs() -> None:
    assert estimated(LIST, resource("gcp:compute/subnetwork:Subnetwork", properties={"region": R})).free == 1
    logged = resource("gcp:compute/subnetwork:Subnetwork", properties={"region": R, "logConfig": {"flowSampling": 0.5}})
    assert usd(estimated(LIST, logged, usage=told(ingestedGibPerMonth=10)), "flow logs") == (D("5.0000"),) * 3  # 10 × 0.50


def test_a_private_service_connect_endpoint_is_no_load_balancer() -> None:
    endpoint = resource(RULE, "psc", {"region": R, "loadBalancingScheme": "", "target": "projects/p/regions/r/serviceAttachments/a"})
    balancer = resource(RULE, "rule", {"region": R, "loadBalancingScheme": "INTERNAL"})
    found = estimated(LIST, endpoint, balancer)
    assert usd(found, "Private Service Connect") == (D("7.3000"),) * 3  # 730 × 0.01
    assert usd(found, "forwarding rule") == (D("18.2500"),) * 3  # alone among the first five


def test_lines_to_other_networks_are_paid_by_the_hour() -> None:
    circuits = resource("gcp:compute/interconnect:Interconnect", properties={"region": R, "requestedLinkCount": 2})
    assert usd(estimated(LIST, circuits), "circuits") == (D("3398.8800"),) * 3  # 2 × 730 × 2.328
    one = resource("gcp:compute/interconnect:Interconnect", properties={"region": R})
    assert usd(estimated(LIST, one), "circuits") == (D("1699.4400"),) * 3
    attachment = resource("gcp:compute/interconnectAttachment:InterconnectAttachment", properties={"region": R, "bandwidth": "BPS_1G"})
    assert usd(estimated(LIST, attachment), "VLAN attachment") == (D("52.7060"),) * 3  # 730 × 0.0722
    tunnel = estimated(LIST, resource("gcp:compute/vPNTunnel:VPNTunnel", properties={"region": R}), usage=told(egressGibPerMonth=10))
    assert usd(tunnel, "VPN tunnel") == (D("36.5000"),) * 3  # 730 × 0.05
    assert usd(tunnel, "data through the tunnel") == (D("1.2000"),) * 3  # 10 × 0.12


def test_a_zone_and_its_queries_are_paid() -> None:
    found = estimated(LIST, resource("gcp:dns/managedZone:ManagedZone"), usage=told(requestsPerMonth=5_000_000))
    assert usd(found, "zone") == (D("0.2000"),) * 3
    assert usd(found, "queries") == (D("2.0000"),) * 3  # 5 × 0.40


def test_a_security_policy_is_paid_with_its_rules_and_requests() -> None:
    policy = resource("gcp:compute/securityPolicy:SecurityPolicy", properties={"rules": [{"priority": 1}, {"priority": 2}]})
    found = estimated(LIST, policy, usage=told(requestsPerMonth=2_000_000))
    assert found.total.expected == D("8.50")  # 5 + 2 × 1 + 2 × 0.75


def test_a_backend_is_free_without_a_cdn() -> None:
    kind = "gcp:compute/backendService:BackendService"
    assert estimated(LIST, resource(kind)).free == 1
    cached = resource(kind, properties={"enableCdn": True})
    assert usd(estimated(LIST, cached, usage=told(egressGibPerMonth=100), config={"gcp:region": R}), "CDN egress") == (D("8.0000"),) * 3


def test_what_leaves_through_the_nat_pays_the_way_to_the_internet_too() -> None:
    found = estimated(LIST, resource(NAT, properties={"region": R}), usage=told(processedGibPerMonth=100, egressGibPerMonth=(10, 50, 100)))
    # 100 GiB × 0.045 through the gateway; 10, 50 and 100 GiB × 0.12 to the internet
    assert usd(found, "NAT data") == (D("4.5000"),) * 3
    assert usd(found, "internet egress") == (D("1.2000"), D("6.0000"), D("12.0000"))


def test_a_global_rule_costs_what_one_in_the_united_states_does() -> None:
    here = prices(("gcp", "load-balancing", "forwarding-rules-first-5", R, "hour", "0.025"))
    it = resource(GLOBAL_RULE, properties={"loadBalancingScheme": "INTERNAL_MANAGED"})
    assert usd(estimated(here, it), "forwarding rule") == (D("18.2500"),) * 3  # 730 h × 0.025


def test_rules_of_a_policy_that_are_declared_by_themselves_are_paid_too() -> None:
    policy = resource("gcp:compute/securityPolicy:SecurityPolicy", "p")
    rules = [resource("gcp:compute/securityPolicyRule:SecurityPolicyRule", f"r{i}", refers={"securityPolicy": policy.urn}) for i in (1, 2)]
    assert usd(estimated(LIST, policy, *rules), "rules") == (D("3.0000"),) * 3  # the default one and two × 1


def test_what_a_component_sends_is_paid_once() -> None:
    net = component("net", processedGibPerMonth=1, egressGibPerMonth=100)
    nat = resource(NAT, "n", {"region": R}, parent=net.urn)
    rule = resource(RULE, "r", {"region": R, "loadBalancingScheme": "EXTERNAL"}, parent=net.urn)
    lines = [each for each in estimated(LIST, net, nat, rule).lines if each.driver == "internet egress"]
    assert [each.usd.expected for each in lines] == [D("12")]  # 100 × 0.12
