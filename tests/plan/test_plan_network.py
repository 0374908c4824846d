"""What a network becomes on each cloud where the file leaves it open, and what follows from the words that it holds."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest

CLOUDS = ("aws", "gcp", "azure")
VNET = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/ml"
EXISTING = {
    "aws": {"id": "vpc-0123456789abcdef0", "privateSubnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]},
    "gcp": {"id": "projects/acme/global/networks/ml", "privateSubnets": ["nodes"], "podRange": "pods", "serviceRange": "services"},
    "azure": {"id": VNET, "privateSubnets": [f"{VNET}/subnets/nodes"]},
}


def _ranges(network):
    """The subnets' ranges, and those of pods and Services."""
    few = [each for each in (network.endpoint_subnet, network.proxy_subnet) if each]
    subnets = [*network.private_subnets, *network.public_subnets, *few]
    others = [text for text in (network.pod_cidr, network.service_cidr) if text]
    return [IPv4Network(each.cidr) for each in subnets], [IPv4Network(text) for text in others]


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("stage", ["dev", "staging", "prod"])
def test_everything_may_be_left_out(clustered, cloud, stage):
    found = clustered(cloud, stage=stage, cluster={})
    assert not found.faults
    assert {"network.cidr", "network.zones", "network.nat", "network.privateEndpoints", "network.serviceCidr"} <= set(found.decisions)
    assert all(each.reason for each in found.decisions.values())


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("zones", [2, 3])
@pytest.mark.parametrize("cidr", ["10.40.0.0/16", "10.64.0.0/18", "172.20.0.0/16"])
def test_no_address_means_two_things(clustered, cloud, zones, cidr):
    network = clustered(cloud, network={"zones": zones, "cidr": cidr}, cluster={}).network
    subnets, others = _ranges(network)
    assert all(each.subnet_of(IPv4Network(cidr)) for each in subnets)
    assert not any(one.overlaps(other) for one, other in combinations([*subnets, *others], 2))
    assert not any(each.overlaps(IPv4Network(cidr)) for each in others)


# Hand-cut quarters of 10.40.0.0/16.
def test_on_aws_each_zone_has_a_large_private_and_a_small_public_subnet(clustered):
    network = clustered("aws", cluster={}).network
    assert [(each.name, each.cidr, each.zone) for each in network.private_subnets] == [
        ("private-0", "10.40.0.0/18", "eu-west-1a"),
        ("private-1", "10.40.64.0/18", "eu-west-1b"),
        ("private-2", "10.40.128.0/18", "eu-west-1c"),
    ]
    assert [(each.name, each.cidr) for each in network.public_subnets] == [
        ("public-0", "10.40.192.0/24"),
        ("public-1", "10.40.193.0/24"),
        ("public-2", "10.40.194.0/24"),
    ]
    assert network.pod_cidr is None


def test_a_third_zone_moves_no_subnet(clustered):
    two, three = (clustered("aws", network={"zones": zones}, cluster={}).network for zones in (2, 3))
    assert set(two.private_subnets) < set(three.private_subnets)
    assert set(two.public_subnets) < set(three.public_subnets)


def test_small_ranges_still_have_room_for_load_balancers(clustered):
    # A load balancer wants 8 free addresses of its subnet: a /27 at least.
    network = clustered("aws", network={"cidr": "10.40.0.0/23"}).network
    assert [each.cidr for each in network.public_subnets] == ["10.40.1.128/27", "10.40.1.160/27", "10.40.1.192/27"]


@pytest.mark.parametrize(("zones", "smallest"), [(1, 25), (2, 24), (3, 23)])
def test_the_smallest_range_that_a_fault_names_is_enough_and_the_next_is_not(clustered, zones, smallest):
    def words(prefix):
        return {"network": {"zones": zones, "cidr": f"10.40.0.0/{prefix}"}}

    assert not clustered("aws", **words(smallest)).faults
    (fault,) = clustered("aws", **words(smallest + 1)).faults
    assert f"write a /{smallest} or larger" in fault.fix


# Where an endpoint answers within the network, at a load balancer of Google's; /23 is what Google recommends, /26 the least it takes.
TLS = {"host": "fraud.example.com", "certificate": "projects/acme/locations/europe-west4/certificates/fraud"}
FRAUD = {"model": "fraud-1", "on": "cloudRun", "traffic": {"requestsPerSecond": {"low": 5, "expected": 40, "high": 200}}}


@pytest.mark.parametrize(("cidr", "proxies"), [("10.40.0.0/16", "10.40.192.0/23"), ("10.40.0.0/24", "10.40.0.192/26")])
def test_a_load_balancer_within_googles_network_has_a_subnet_for_its_proxies(clustered, cidr, proxies):
    endpoints = {"fraud": {**FRAUD, "access": {"tls": TLS}}}
    network = clustered("gcp", network={"cidr": cidr}, endpoints=endpoints).network
    assert network.proxy_subnet.cidr == proxies
    assert not any(one.overlaps(other) for one, other in combinations(_ranges(network)[0], 2))
    assert clustered("gcp", network={}, cluster={"addOns": {"gateway": "install"}}).network.proxy_subnet


@pytest.mark.parametrize("access", [None, {"tls": TLS, "public": True}])
def test_without_a_load_balancer_within_the_network_there_are_no_proxies(clustered, access):
    endpoints = {"fraud": {**FRAUD, **({"access": access} if access else {})}}
    assert clustered("gcp", network={}, endpoints=endpoints).network.proxy_subnet is None
    assert clustered("aws", network={}, cluster={"addOns": {"gateway": "install"}}).network.proxy_subnet is None


@pytest.mark.parametrize("cloud", ["gcp", "azure"])
def test_elsewhere_one_subnet_spans_the_zones_and_pods_have_a_range_of_their_own(clustered, cloud):
    network = clustered(cloud, cluster={}).network
    assert [(each.name, each.cidr, each.zone) for each in network.private_subnets] == [("nodes", "10.40.0.0/18", None)]
    assert network.pod_cidr == "10.64.0.0/14"
    assert network.public_subnets == ()
    assert (network.endpoint_subnet is not None) is (cloud == "azure")


# A /24 for each node: 2^(24-14) = 1024 nodes in a /14, 2048 in a /13, 4096 in a /12.
@pytest.mark.parametrize(
    ("nodes", "cidr"), [(1018, "10.64.0.0/14"), (1019, "10.64.0.0/13"), (2042, "10.64.0.0/13"), (2043, "10.64.0.0/12")]
)
def test_the_range_of_pods_grows_with_the_pools(clustered, nodes, cidr):
    pools = {"cpu": {"system": True, "nodes": {"max": nodes}}}  # six more come with upgrades
    assert clustered("gcp", nodePools=pools).network.pod_cidr == cidr


def test_a_range_of_pods_with_room_for_every_node_is_enough(clustered):
    # 58 nodes and six of upgrades are 64, and a /18 has 64 times a /24; nodes that are there already need no room.
    pools = {"cpu": {"system": True, "nodes": {"max": 58}}, "old": {"existing": True, "nodes": {"max": 900}}}
    assert not clustered("gcp", network={"podCidr": "10.64.0.0/18"}, nodePools=pools).faults


def test_ranges_that_are_left_open_keep_away_from_those_that_are_not(clustered):
    network = clustered("azure", network={"serviceCidr": "10.40.0.0/20", "podCidr": "10.168.0.0/14"}, cluster={}).network
    assert network.cidr == "192.168.0.0/16"
    network = clustered("gcp", network={"cidr": "10.64.0.0/16", "serviceCidr": "10.128.0.0/20"}, cluster={}).network
    assert network.pod_cidr == "100.64.0.0/14"


@pytest.mark.parametrize(
    ("cloud", "stage", "zones"),
    [
        ("aws", "dev", 2),
        ("aws", "staging", 3),
        ("aws", "prod", 3),
        ("gcp", "dev", 3),
        ("gcp", "prod", 3),
        ("azure", "dev", 3),
        ("azure", "prod", 3),
    ],
)
def test_zones_by_stage(clustered, cloud, stage, zones):
    assert len(clustered(cloud, stage=stage, cluster={}).network.zones) == zones


def test_a_region_with_fewer_zones_gets_those_it_has(clustered):
    found = clustered("aws", region="us-west-1", cluster={})
    assert len(found.network.zones) == 2
    assert "us-west-1 has 2" in found.decisions["network.zones"].reason


def test_a_region_without_zones_has_none(clustered):
    found = clustered("azure", region="westus", cluster={})
    assert not found.faults
    assert found.network.zones == ()
    assert [each.name for each in found.network.nats] == ["nat"]


@pytest.mark.parametrize(
    ("cloud", "stage", "nats"),
    [
        ("aws", "dev", [("nat-0", "eu-west-1a")]),
        ("aws", "staging", [("nat-0", "eu-west-1a")]),
        ("aws", "prod", [("nat-0", "eu-west-1a"), ("nat-1", "eu-west-1b"), ("nat-2", "eu-west-1c")]),
        ("gcp", "dev", [("nat", None)]),
        ("gcp", "prod", [("nat", None)]),
        ("azure", "prod", [("nat", None)]),
    ],
)
def test_the_way_out_by_stage(clustered, cloud, stage, nats):
    assert [(each.name, each.zone) for each in clustered(cloud, stage=stage, cluster={}).network.nats] == nats


def test_on_azure_each_zone_has_its_gateway_where_each_pool_has_its_zone(clustered):
    pools = {"cpu": {"system": True, "zones": ["1"]}, "gpu": {"zones": ["2"]}}
    network = clustered("azure", network={"nat": "perZone", "zones": 2}, nodePools=pools).network
    assert [(each.name, each.zone) for each in network.nats] == [("nat-1", "1"), ("nat-2", "2")]
    assert [(each.name, each.cidr, each.zone) for each in network.private_subnets] == [
        ("nodes-1", "10.40.0.0/18", "1"),
        ("nodes-2", "10.40.64.0/18", "2"),
    ]


def test_no_way_out_where_none_is_wanted(clustered):
    assert clustered("gcp", network={"nat": "none"}, cluster={}).network.nats == ()
    assert clustered("azure", network={"nat": "none"}).network.nats == ()


def test_outside_production_only_what_is_free_is_reached_privately_on_aws(clustered):
    (endpoint,) = clustered("aws", stage="dev", cluster={}).network.private_endpoints
    assert (endpoint.name, endpoint.service, endpoint.kind) == ("s3", "com.amazonaws.eu-west-1.s3", "gateway")


# Amazon EKS User Guide, private clusters; Amazon SageMaker Developer Guide, interface endpoints.
def test_production_reaches_its_services_privately_on_aws(clustered):
    endpoints = clustered("aws", cluster={}).network.private_endpoints
    services = {each.service.removeprefix("com.amazonaws.eu-west-1."): each.kind for each in endpoints}
    assert services.pop("s3") == "gateway"
    assert set(services) == {"ecr.api", "ecr.dkr", "sagemaker.api", "sagemaker.runtime", "logs", "sts", "eks-auth"}
    assert set(services.values()) == {"interface"}


def test_without_nat_nodes_reach_what_they_need_to_join(clustered):
    found = clustered("aws", stage="dev", network={"nat": "none"}, cluster={})
    assert not found.faults
    services = {each.name for each in found.network.private_endpoints}
    assert {"s3", "ecr-api", "ecr-dkr", "sts", "eks-auth", "ec2", "eks"} <= services
    assert "sagemaker-api" not in services


def test_google_answers_on_its_own_names(clustered):
    zones = {each.dns_zone for each in clustered("gcp", stage="dev", cluster={}).network.private_endpoints}
    assert zones == {"googleapis.com.", "pkg.dev.", "gcr.io."}
    only = clustered("gcp", network={"privateEndpoints": ["storage"]}).network.private_endpoints
    assert [each.dns_zone for each in only] == ["googleapis.com."]


# Microsoft Learn, private endpoint DNS zone values.
def test_azure_has_private_zones_in_production_only(clustered):
    assert clustered("azure", stage="staging", cluster={}).network.private_endpoints == ()
    assert {each.service: each.dns_zone for each in clustered("azure", cluster={}).network.private_endpoints} == {
        "blob": "privatelink.blob.core.windows.net",
        "registry": "privatelink.azurecr.io",
        "amlworkspace": "privatelink.api.azureml.ms",
    }


@pytest.mark.parametrize(("stage", "days"), [("dev", 7), ("staging", 30), ("prod", 90)])
def test_flows_are_recorded_in_every_stage(clustered, stage, days):
    assert clustered("aws", stage=stage, cluster={}).network.flow_logs.retention_days == days
    assert clustered("azure", stage=stage, cluster={}).network.flow_logs.sample_percent == 100
    assert clustered("gcp", stage=stage, cluster={}).network.flow_logs.sample_percent == (50 if stage == "prod" else 10)


def test_flow_logs_as_they_are_asked_for(clustered):
    assert not clustered("aws", network={"flowLogs": {"samplePercent": 100}}).faults
    assert clustered("aws", network={"flowLogs": {"enabled": False}}).network.flow_logs is None
    logs = clustered("azure", network={"flowLogs": {"retentionDays": 45}}).network.flow_logs
    assert logs.retention_days == 45
    assert clustered("gcp", network={"flowLogs": {"samplePercent": 1}}).network.flow_logs.sample_percent == 1


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_network_that_exists_is_used_and_nothing_is_made(clustered, cloud):
    found = clustered(cloud, network={"existing": EXISTING[cloud]}, cluster={})
    assert not found.faults
    network = found.network
    assert network.existing.identifier == EXISTING[cloud]["id"]
    assert network.existing.private_subnets == tuple(EXISTING[cloud]["privateSubnets"])
    assert (network.private_subnets, network.public_subnets, network.nats, network.private_endpoints) == ((), (), (), ())
    assert network.endpoint_subnet is None
    assert network.flow_logs is None


def test_the_clusters_own_ranges_may_stand_beside_a_network_that_exists(clustered):
    words = {"existing": EXISTING["azure"], "serviceCidr": "10.100.0.0/20", "podCidr": "10.128.0.0/14"}
    network = clustered("azure", network=words, cluster={}).network
    assert (network.pod_cidr, network.service_cidr) == ("10.128.0.0/14", "10.100.0.0/20")
    google = clustered("gcp", network={"existing": EXISTING["gcp"]}, cluster={}).network
    assert (google.pod_cidr, google.service_cidr) == (None, None)
    assert (google.existing.pod_range, google.existing.service_range) == ("pods", "services")


def test_there_is_a_network_only_where_one_is_needed(clustered):
    assert clustered("aws", storage={"a": {"purpose": "logs"}}).network is None
    assert clustered("aws", cluster={"existing": {"name": "ml"}}).network is None
    for words in ({"network": {}}, {"teams": {"a": {}}}, {"workloads": {"w": {"image": "busybox"}}}, {"nodePools": {"cpu": {}}}):
        assert clustered("aws", **words).network is not None
    assert clustered("aws", network={}).cluster is None


def test_a_network_alone_needs_no_second_zone(clustered):
    assert not clustered("aws", network={"zones": 1}).faults
