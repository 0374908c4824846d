"""The network on Google Cloud. Expected values: the Compute Engine, Cloud NAT and Cloud DNS references."""

import pytest

from components.gcp.network import Network
from plan.model import ExistingNetworkPlan, FlowLogsPlan, PrivateEndpointPlan, SubnetPlan
from tests.components.plans import LABELS, network_plan

NETWORK, SUBNET = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"
NAT, ZONE, RECORD = "gcp:compute/routerNat:RouterNat", "gcp:dns/managedZone:ManagedZone", "gcp:dns/recordSet:RecordSet"
GOOGLE_APIS = PrivateEndpointPlan(name="googleapis-com", service="all-apis", kind="private-dns", dns_zone="googleapis.com.")
REGISTRY = PrivateEndpointPlan(name="pkg-dev", service="all-apis", kind="private-dns", dns_zone="pkg.dev.")


@pytest.fixture
def network(registered):
    def build(**choices):
        return registered(lambda: Network("network", network_plan("gcp", **choices), region="europe-west4"))

    return build


def test_no_subnet_appears_that_the_plan_does_not_have(network):
    deployment = network()
    assert deployment.one(NETWORK).inputs["autoCreateSubnetworks"] is False
    subnet = deployment.one(SUBNET, "network-nodes").inputs
    assert (subnet["ipCidrRange"], subnet["region"], subnet["network"]) == ("10.40.0.0/18", "europe-west4", "networks/network-1a2b3c4")


def test_pods_and_services_have_ranges_of_their_own(network):
    ranges = network().one(SUBNET).inputs["secondaryIpRanges"]
    assert {each["rangeName"]: each["ipCidrRange"] for each in ranges} == {"pods": "10.64.0.0/14", "services": "172.20.0.0/20"}


def test_nodes_reach_google_without_a_public_address(network):
    assert network().one(SUBNET).inputs["privateIpGoogleAccess"] is True


def test_load_balancers_have_a_subnet_for_their_proxies_and_no_machine_stands_there(network):
    deployment = network(proxy_subnet=SubnetPlan(name="proxies", cidr="10.40.192.0/23"))
    proxies = deployment.one(SUBNET, "network-proxies")
    assert (proxies.inputs["purpose"], proxies.inputs["role"]) == ("REGIONAL_MANAGED_PROXY", "ACTIVE")
    assert (proxies.inputs["ipCidrRange"], proxies.inputs["region"]) == ("10.40.192.0/23", "europe-west4")
    assert "secondaryIpRanges" not in proxies.inputs
    told = deployment.outputs_of(deployment.one("drydock:gcp:Network"))
    assert told["privateSubnets"] == ["subnetworks/network-nodes-1a2b3c4"]
    assert [each["name"] for each in deployment.one(NAT).inputs["subnetworks"]] == ["subnetworks/network-nodes-1a2b3c4"]


def test_flows_are_recorded_in_the_planned_share(network):
    log = network(flow_logs=FlowLogsPlan(retention_days=30, sample_percent=50)).one(SUBNET).inputs["logConfig"]
    assert (log["flowSampling"], log["metadata"]) == (0.5, "INCLUDE_ALL_METADATA")
    assert "logConfig" not in network().one(SUBNET).inputs


def test_the_one_way_out_serves_the_plans_subnets_alone(network):
    deployment = network()
    nat = deployment.one(NAT).inputs
    assert nat["natIpAllocateOption"] == "AUTO_ONLY"
    assert nat["sourceSubnetworkIpRangesToNat"] == "LIST_OF_SUBNETWORKS"
    assert nat["subnetworks"] == [{"name": "subnetworks/network-nodes-1a2b3c4", "sourceIpRangesToNats": ["ALL_IP_RANGES"]}]
    assert nat["router"] == "network-nat-router-1a2b3c4"
    assert (nat["enableDynamicPortAllocation"], nat["enableEndpointIndependentMapping"]) == (True, False)


def test_without_nat_there_is_no_way_out(network):
    deployment = network(nats=())
    assert deployment.of_type(NAT) == deployment.of_type("gcp:compute/router:Router") == []


def test_what_nobody_allowed_is_refused_last_and_recorded(network):
    rule = network().one("gcp:compute/firewall:Firewall").inputs
    assert (rule["direction"], rule["denies"], rule["sourceRanges"]) == ("INGRESS", [{"protocol": "all"}], ["0.0.0.0/0"])
    # 65535 is Google's own implied rule; GKE's rules for its nodes stand at 1000.
    assert rule["priority"] == 65_534
    assert "logConfig" in rule


def test_googles_names_lead_to_private_addresses(network):
    deployment = network(private_endpoints=(GOOGLE_APIS, REGISTRY))
    zone = deployment.one(ZONE, "network-googleapis-com").inputs
    assert (zone["visibility"], zone["dnsName"], zone["labels"]) == ("private", "googleapis.com.", LABELS)
    assert zone["privateVisibilityConfig"] == {"networks": [{"networkUrl": "networks/network-1a2b3c4"}]}
    records = {(each.inputs["name"], each.inputs["type"]): each.inputs["rrdatas"] for each in deployment.of_type(RECORD)}
    # private.googleapis.com is 199.36.153.8/30: four addresses.
    addresses = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
    assert records == {
        ("private.googleapis.com.", "A"): addresses,
        ("*.googleapis.com.", "CNAME"): ["private.googleapis.com."],
        ("pkg.dev.", "A"): addresses,
        ("*.pkg.dev.", "CNAME"): ["pkg.dev."],
    }


def test_everything_belongs_to_the_component(network):
    deployment = network(private_endpoints=(GOOGLE_APIS,))
    component = deployment.one("drydock:gcp:Network")
    assert {each.parent for each in deployment.resources if each is not component} == {component.urn}


def test_the_outputs_say_where_things_may_stand(network):
    deployment = network()
    outputs = deployment.outputs_of(deployment.one("drydock:gcp:Network"))
    assert outputs == {
        "id": "networks/network-1a2b3c4",
        "privateSubnets": ["subnetworks/network-nodes-1a2b3c4"],
        "zones": ["europe-west4-a", "europe-west4-b"],
        "usage": {},
    }


@pytest.mark.parametrize(
    ("identifier", "project"),
    [
        ("theirs", None),
        ("projects/host/global/networks/theirs", "host"),
        ("https://www.googleapis.com/compute/v1/projects/host/global/networks/theirs", "host"),
    ],
)
def test_an_existing_network_is_looked_up_and_nothing_is_made(network, identifier, project):
    existing = ExistingNetworkPlan(identifier=identifier, private_subnets=("nodes",), pod_range="p", service_range="s")
    deployment = network(existing=existing, private_subnets=())
    assert [each.type for each in deployment.resources] == ["drydock:gcp:Network"]
    asked = {call.token: {key: value for key, value in call.args.items() if value is not None} for call in deployment.asked}
    assert asked["gcp:compute/getNetwork:getNetwork"] == {"name": "theirs", **({"project": project} if project else {})}
    assert asked["gcp:compute/getSubnetwork:getSubnetwork"] == {"name": "nodes", "region": "europe-west4"}
    assert deployment.outputs_of(deployment.one("drydock:gcp:Network"))["privateSubnets"] == ["subnetworks/theirs"]
