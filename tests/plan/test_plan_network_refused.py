"""What no network of ours may be: each rule with its case and its source."""

import pytest

VNET = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/ml"
VPC = "vpc-0123456789abcdef0"
SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
GCP = {"id": "ml", "privateSubnets": ["nodes"], "podRange": "pods", "serviceRange": "services"}
ONE_ZONE_POOL = {"zones": ["1"], "nodes": {"max": 3}}


def _pool(nodes):
    return {"cpu": {"system": True, "nodes": {"max": nodes}}}


# cloud, words of the file, path of the fault, part of its line, part of its source (empty: Drydock's own rule).
REFUSED = [
    ("aws", {"network": {"cidr": "10.0.0.0/15"}}, "cidr", "is too large a range for aws; allowed: /16 to /28", "VPC CIDR blocks"),
    ("azure", {"network": {"cidr": "10.0.0.0/27"}}, "cidr", "is too small a range", "Azure Virtual Network"),
    ("aws", {"network": {"cidr": "10.40.0.1/16"}}, "cidr", "has bits behind its length; allowed: the first", ""),
    ("gcp", {"network": {"cidr": "10.300.0.0/16"}}, "cidr", "an octet is above 255", ""),
    ("gcp", {"network": {"cidr": "10.0.0.0/33"}}, "cidr", "the length above 32", ""),
    ("aws", {"network": {"cidr": "8.8.0.0/16"}}, "cidr", "others have on the internet", "RFC 1918"),
    ("aws", {"network": {"cidr": "10.40.0.0/24"}}, "cidr", "has no room for a private and a public subnet in each of 3 zones", "VPC CIDR"),
    ("aws", {"network": {"serviceCidr": "10.100.0.0/25"}}, "serviceCidr", "is too small a range", "KubernetesNetworkConfigRequest"),
    ("gcp", {"network": {"serviceCidr": "10.96.0.0/14"}}, "serviceCidr", "is too large a range", "VPC-native clusters"),
    ("azure", {"network": {"serviceCidr": "10.128.0.0/10"}}, "serviceCidr", "is too large a range", "Azure CNI"),
    ("azure", {"network": {"serviceCidr": "172.30.8.0/21"}}, "serviceCidr", "which azure keeps to itself", "Azure CNI"),
    ("azure", {"network": {"cidr": "172.31.0.0/16"}}, "cidr", "overlaps 172.31.0.0/16", "Azure CNI"),
    ("aws", {"network": {"podCidr": "10.64.0.0/14"}}, "podCidr", "pods take addresses of the nodes' subnets", "VPC CNI"),
    ("gcp", {"network": {"cidr": "10.40.0.0/16", "podCidr": "10.40.0.0/14"}}, "podCidr", "overlaps cidr, 10.40.0.0/16", ""),
    (
        "azure",
        {"network": {"podCidr": "10.64.0.0/14", "serviceCidr": "10.66.0.0/20"}},
        "serviceCidr",
        "overlaps podCidr, 10.64.0.0/14",
        "",
    ),
    (
        "gcp",
        {"network": {"podCidr": "10.64.0.0/18"}, "nodePools": _pool(60)},
        "podCidr",
        "the pods of 64 nodes, and the pools may have 66",
        "VPC-native",
    ),
    ("azure", {"network": {"podCidr": "10.64.0.0/25"}, "cluster": {}}, "podCidr", "the pods of 0 nodes", "Overlay"),
    ("gcp", {"nodePools": _pool(5000) | {"b": {"nodes": {"max": 4000}}}}, "podCidr", "room for the pods of 8192 nodes", "VPC-native"),
    (
        "aws",
        {"nodePools": _pool(1600)},
        "cidr",
        "leaves 49137 addresses for nodes, and the pools may take 51392 (32 for each node)",
        "VPC CNI",
    ),
    (
        "gcp",
        {"network": {"cidr": "10.0.0.0/26"}, "nodePools": _pool(10)},
        "cidr",
        "leaves 12 addresses for nodes, and the pools may take 16",
        "Subnets",
    ),
    ("aws", {"network": {"zones": 4}}, "zones", "are more zones than eu-west-1 has; allowed: 1 to 3: eu-west-1a, eu-west-1b", "zones.csv"),
    ("aws", {"network": {"zones": 1}, "cluster": {}}, "zones", "EKS wants subnets in two zones", "VPC and subnet requirements"),
    ("azure", {"region": "westus", "network": {"zones": 2}}, "zones", "and westus has none", "Azure/karpenter"),
    ("gcp", {"network": {"nat": "perZone"}}, "nat", "serves a region and stands in no zone", "Cloud NAT"),
    ("azure", {"network": {"nat": "none"}, "cluster": {}}, "nat", "leaves AKS without a way out", "outbound types"),
    ("azure", {"region": "westus", "network": {"nat": "perZone"}}, "nat", "has no meaning in westus, which has no zones", "NAT gateway"),
    ("azure", {"network": {"nat": "perZone"}, "nodePools": {"gpu": {}}}, "nat", "gpu may stand in several", "NAT gateway"),
    (
        "azure",
        {"network": {"nat": "perZone"}, "nodePools": {"gpu": {"zones": ["1", "2"]}, "cpu": ONE_ZONE_POOL | {"system": True}}},
        "nat",
        "gateway; gpu may stand in several",
        "NAT gateway",
    ),
    ("azure", {"network": {"nat": "perZone"}, "nodePools": {"gpu": ONE_ZONE_POOL}}, "nat", "the system pool that is added", "NAT gateway"),
    (
        "aws",
        {"network": {"nat": "none", "privateEndpoints": ["storage"]}, "cluster": {}},
        "privateEndpoints",
        "lacks registry, identity: without NAT nodes cannot join",
        "private clusters",
    ),
    (
        "gcp",
        {"network": {"nat": "none", "privateEndpoints": ["ml"]}, "cluster": {}},
        "privateEndpoints",
        "lacks storage, registry: without NAT nodes cannot join",
        "Private Google Access",
    ),
    ("aws", {"network": {"privateEndpoints": ["registry"]}}, "privateEndpoints", "where the layers of images lie", "Amazon ECR"),
    ("azure", {"network": {"privateEndpoints": ["identity"]}}, "privateEndpoints", "Entra ID has no private endpoint", "Private endpoint"),
    ("azure", {"network": {"privateEndpoints": ["logs"]}}, "privateEndpoints", "takes over the names of Azure Monitor", "Azure Monitor"),
    (
        "aws",
        {"network": {"flowLogs": {"retentionDays": 100}}},
        "flowLogs.retentionDays",
        "fix: write retentionDays: 90",
        "PutRetentionPolicy",
    ),
    ("azure", {"network": {"flowLogs": {"retentionDays": 400}}}, "flowLogs.retentionDays", "fix: write retentionDays: 365", "flow logs"),
    ("gcp", {"network": {"flowLogs": {"retentionDays": 30}}}, "flowLogs.retentionDays", "log bucket keeps them", "Cloud Logging"),
    ("aws", {"network": {"flowLogs": {"samplePercent": 50}}}, "flowLogs.samplePercent", "aws records every flow", "Flow log records"),
    (
        "gcp",
        {"network": {"flowLogs": {"enabled": False, "samplePercent": 50}}},
        "flowLogs.samplePercent",
        "has no effect, as no flows are recorded",
        "",
    ),
    (
        "aws",
        {"network": {"existing": {"id": VPC, "privateSubnets": SUBNETS}, "nat": "none"}},
        "nat",
        "would change a network that is there already",
        "",
    ),
    ("gcp", {"network": {"existing": GCP, "serviceCidr": "10.0.0.0/20"}}, "serviceCidr", "would change a network", ""),
    (
        "aws",
        {"network": {"existing": {"id": "ml", "privateSubnets": SUBNETS}}},
        "existing.id",
        "is no network on aws; allowed: vpc-",
        "VPC and subnet",
    ),
    ("gcp", {"network": {"existing": GCP | {"id": VNET}}}, "existing.id", "projects/PROJECT/global/networks/NAME", "Subnets"),
    (
        "azure",
        {"network": {"existing": {"id": VNET, "privateSubnets": ["nodes"]}}},
        "existing.privateSubnets",
        "allowed: the network's id and /subnets/NAME",
        "Virtual Network",
    ),
    (
        "azure",
        {"network": {"existing": {"id": VNET, "privateSubnets": [VNET.replace("/ml", "/other") + "/subnets/nodes"]}}},
        "existing.privateSubnets",
        "is a subnet of another network",
        "Virtual Network",
    ),
    (
        "aws",
        {"network": {"existing": {"id": VPC, "privateSubnets": SUBNETS[:1]}}, "cluster": {}},
        "existing.privateSubnets",
        "EKS wants two in different zones",
        "VPC and subnet",
    ),
    (
        "aws",
        {"network": {"existing": {"id": VPC, "privateSubnets": [*SUBNETS, SUBNETS[0]]}}},
        "existing.privateSubnets",
        "names a subnet twice",
        "",
    ),
    ("gcp", {"network": {"existing": GCP | {"privateSubnets": ["a", "b"]}}}, "existing.privateSubnets", "allowed: one subnet", ""),
    (
        "gcp",
        {"network": {"existing": GCP | {"privateSubnets": ["projects/p/regions/us-east1/subnetworks/nodes"]}}},
        "existing.privateSubnets",
        "is a subnet of us-east1, and the environment stands in europe-west1",
        "Subnets",
    ),
    (
        "gcp",
        {"network": {"existing": {"id": "ml", "privateSubnets": ["nodes"], "serviceRange": "s"}}, "cluster": {}},
        "existing.podRange",
        "which secondary range",
        "VPC-native",
    ),
    (
        "aws",
        {"network": {"existing": {"id": VPC, "privateSubnets": SUBNETS, "podRange": "pods"}}},
        "existing.podRange",
        "is nothing that a subnet on aws has",
        "VPC CNI",
    ),
    ("aws", {"cluster": {"existing": {"name": "ml"}}, "nodePools": {"gpu": {}}}, "existing", "the nodes of gpu stand", "CreateNodegroup"),
]


@pytest.mark.parametrize(("cloud", "words", "path", "line", "source"), REFUSED)
def test_a_network_that_cannot_be_is_refused_with_its_rule(clustered, cloud, words, path, line, source):
    found = clustered(cloud, **words)
    assert found.paths == [f"network.{path}"]
    (fault,) = found.faults
    assert line in fault.line()
    assert source in fault.source if source else not fault.source


def test_a_network_beside_a_cluster_that_exists_must_be_the_clusters(clustered):
    (fault,) = clustered("gcp", cluster={"existing": {"name": "ml"}}, network={}).faults
    assert fault.path == "network"
    assert "in which the existing cluster does not stand" in fault.problem
    assert not clustered("gcp", cluster={"existing": {"name": "ml"}}, network={"existing": GCP}).faults


def test_a_region_whose_zones_nobody_knows_is_said_to_be_unknown(clustered, monkeypatch):
    monkeypatch.setattr("plan.network.zones_of", lambda cloud, region: ())
    (fault,) = clustered("aws", network={}).faults
    assert fault.path == "network.zones"
    assert "which zones eu-west-1 has is not on record" in fault.problem


def test_on_any_cluster_there_is_no_network_to_make(clustered):
    found = clustered("kubernetes", network={}, cluster={"existing": {"context": "lab"}})
    assert found.paths == ["network"]
    assert found.network is None


def test_an_unknown_region_is_one_fault(clustered):
    assert clustered("aws", region="mars-1", network={"nat": "single"}, cluster={}).paths == ["region"]


def test_a_faulty_range_brings_no_second_fault(clustered):
    assert clustered("gcp", network={"cidr": "10.300.0.0/16"}, nodePools={"a": {"nodes": {"max": 5000}}}).paths == ["network.cidr"]
