"""What AKS clusters, their networks and pools are made of."""

from dataclasses import replace

import pytest
import yaml
from pulumi import Output

from components.azure.cluster import Cluster, Surroundings
from components.azure.network import Network, NodeSubnet
from components.azure.node_pool import ClusterOfPools, NodePool
from plan.model import (
    EncryptionPlan,
    ExistingClusterPlan,
    ExistingNetworkPlan,
    FlowLogsPlan,
    PrivateEndpointPlan,
    ReservationPlan,
    SharingPlan,
    Taint,
)
from tests.components.plans import LABELS, cluster_plan, network_plan, pool_plan, rung_plan

GROUP = "drydock"
SUBNET_ID = "/subscriptions/s/resourceGroups/drydock/providers/Microsoft.Network/virtualNetworks/network/subnets/nodes"
CLUSTER, POOL, IDENTITY = (
    "azure-native:containerservice:ManagedCluster",
    "azure-native:containerservice:AgentPool",
    "azure-native:managedidentity:UserAssignedIdentity",
)


@pytest.fixture
def network(registered):
    def build(**choices):
        plan = network_plan("azure", **choices)
        return registered(lambda: Network("network", plan, location="westeurope", resource_group_name=GROUP))

    return build


@pytest.fixture
def cluster(registered):
    def build(*, pools=None, **choices):
        plan = cluster_plan("azure", **choices)
        given = pools or (pool_plan("azure", "system"),)

        def program():
            around = Surroundings(
                location="westeurope",
                resource_group_name=GROUP,
                network=network_plan("azure"),
                node_subnets=(NodeSubnet(id=Output.from_input(SUBNET_ID), zone=None),),
            )
            return Cluster("cluster", plan, pools=given, surroundings=around)

        return registered(program)

    return build


@pytest.fixture
def pool(registered):
    def build(plan, *, inline=""):
        def program():
            owner = ClusterOfPools(
                name="cluster-1a2b3c4",
                resource_group_name=GROUP,
                location="westeurope",
                identity=None,
                node_subnets=(NodeSubnet(id=Output.from_input(SUBNET_ID), zone=None),),
                version="1.34",
                inline=inline,
                depends_on=(),
            )
            return NodePool(plan.name, plan, cluster=owner)

        return registered(program)

    return build


def test_nothing_leaves_a_subnet_but_through_the_nat_gateway(network):
    deployment = network()
    nodes = deployment.one("azure-native:network:Subnet", "network-nodes").inputs
    assert nodes["defaultOutboundAccess"] is False
    assert nodes["natGateway"]["id"] == deployment.one("azure-native:network:NatGateway").urn.rpartition("::")[2] + "-1a2b3c4"


def test_subnets_are_changed_one_after_the_other(network):
    deployment = network()
    nodes = deployment.one("azure-native:network:Subnet", "network-nodes")
    assert nodes.urn in deployment.one("azure-native:network:Subnet", "network-endpoints").depends_on


def test_a_private_zone_is_linked_to_the_network_that_asks_it(network):
    blob = PrivateEndpointPlan(name="blob", service="blob", kind="private-dns", dns_zone="privatelink.blob.core.windows.net")
    deployment = network(private_endpoints=(blob,))
    assert deployment.one("azure-native:privatedns:PrivateZone").inputs["privateZoneName"] == "privatelink.blob.core.windows.net"
    assert deployment.one("azure-native:privatedns:VirtualNetworkLink").inputs["virtualNetwork"]["id"] == "network-1a2b3c4"


def test_flow_logs_are_written_by_an_identity_into_an_account_without_keys(network):
    deployment = network(flow_logs=FlowLogsPlan(retention_days=90, sample_percent=100))
    assert deployment.one("azure-native:storage:StorageAccount").inputs["allowSharedKeyAccess"] is False
    log = deployment.one("azure-native:network:FlowLog").inputs
    assert log["retentionPolicy"] == {"enabled": True, "days": 90}
    assert log["identity"]["userAssignedIdentities"] == ["network-flow-logs-identity-1a2b3c4"]


def test_an_existing_network_is_looked_up_and_nothing_is_made(network):
    identifier = "/subscriptions/s/resourceGroups/theirs/providers/Microsoft.Network/virtualNetworks/theirs"
    existing = ExistingNetworkPlan(identifier=identifier, private_subnets=(f"{identifier}/subnets/a",))
    deployment = network(existing=existing)
    assert [r.type for r in deployment.resources] == ["drydock:azure:Network"]
    assert deployment.asked[0].args == {"resourceGroupName": "theirs", "virtualNetworkName": "theirs"}
    assert deployment.outputs_of(deployment.one("drydock:azure:Network"))["privateSubnets"] == [f"{identifier}/subnets/a"]


def test_a_private_cluster_has_no_public_address(cluster):
    access = cluster().one(CLUSTER).inputs["apiServerAccessProfile"]
    assert access["enablePrivateCluster"] is True
    assert access["enablePrivateClusterPublicFQDN"] is False
    assert access["disableRunCommand"] is True


def test_a_public_api_answers_the_plans_ranges_only(cluster):
    access = cluster(private_api=False, authorized_ranges=("203.0.113.0/24",)).one(CLUSTER).inputs["apiServerAccessProfile"]
    assert access["authorizedIPRanges"] == ["203.0.113.0/24"]
    assert "enablePrivateCluster" not in access


def test_nobody_logs_in_with_a_local_account(cluster):
    inputs = cluster(owner_group="11111111-1111-1111-1111-111111111111").one(CLUSTER).inputs
    assert inputs["disableLocalAccounts"] is True
    assert inputs["aadProfile"] == {
        "managed": True,
        "enableAzureRBAC": True,
        "adminGroupObjectIDs": ["11111111-1111-1111-1111-111111111111"],
    }


def test_whoever_runs_pulumi_may_administer_the_cluster_that_it_fills(cluster):
    grant = cluster().one("azure-native:authorization:RoleAssignment", "cluster-deployer").inputs
    assert grant["principalId"] == "me"
    # Azure Kubernetes Service RBAC Cluster Admin: Microsoft Learn, "Azure built-in roles".
    assert grant["roleDefinitionId"].endswith("/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b")


def test_secrets_are_under_a_key_of_ones_own_where_the_plan_says_so(cluster):
    deployment = cluster(encryption=EncryptionPlan(customer_key=True))
    kms = deployment.one(CLUSTER).inputs["securityProfile"]["azureKeyVaultKms"]
    assert kms["enabled"] is True
    grant = deployment.one("azure-native:authorization:RoleAssignment", "cluster-secrets-key-access")
    # Key Vault Crypto User: Microsoft Learn, "Add KMS etcd encryption to an AKS cluster".
    assert grant.inputs["roleDefinitionId"].endswith("/12338af0-0e69-4776-bea7-57ae8d297424")
    assert grant.urn in deployment.one(CLUSTER).depends_on
    assert "azureKeyVaultKms" not in cluster().one(CLUSTER).inputs["securityProfile"]


def test_audit_logs_go_to_a_workspace_for_the_plans_days(cluster):
    deployment = cluster(audit_logs=("kube-audit-admin", "guard"), log_retention_days=90)
    assert deployment.one("azure-native:operationalinsights:Workspace").inputs["retentionInDays"] == 90
    logs = deployment.one("azure-native:monitor:DiagnosticSetting").inputs["logs"]
    assert [log["category"] for log in logs] == ["kube-audit-admin", "guard"]
    assert cluster().of_type("azure-native:operationalinsights:Workspace") == []


def test_azure_upgrades_only_in_the_plans_window(cluster):
    windows = cluster().of_type("azure-native:containerservice:MaintenanceConfiguration")
    assert {each.inputs["configName"] for each in windows} == {"aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"}
    for each in windows:
        window = each.inputs["maintenanceWindow"]
        assert (window["startTime"], window["durationHours"], window["schedule"]["weekly"]["dayOfWeek"]) == ("02:00", 8, "Saturday")


def test_the_system_pool_is_part_of_the_cluster_and_no_resource_of_its_own(cluster, pool):
    system = pool_plan("azure", "system")
    profile = cluster(pools=(system,)).one(CLUSTER).inputs["agentPoolProfiles"][0]
    assert (profile["name"], profile["mode"], profile["minCount"]) == ("system", "System", 1)
    assert pool(system, inline="system").of_type(POOL) == []
    assert len(pool(system).of_type(POOL)) == 1


def test_the_ladder_needs_the_priority_expander(cluster):
    two = replace(pool_plan("azure", "gpu", gpu=True), rungs=(rung_plan("azure", "gpu"), rung_plan("azure", "gpu-spot", "spot")))
    assert cluster(pools=(pool_plan("azure", "system"), two)).one(CLUSTER).inputs["autoScalerProfile"]["expander"] == "priority"
    assert cluster().one(CLUSTER).inputs["autoScalerProfile"]["expander"] == "least-waste"


def test_the_kubeconfig_logs_in_by_kubelogin_and_holds_no_secret(cluster):
    deployment = cluster()
    config = yaml.safe_load(deployment.outputs_of(deployment.one("drydock:azure:Cluster"))["kubeconfig"])
    (user,) = config["users"]
    assert user["user"]["exec"]["command"] == "kubelogin"
    assert set(user["user"]) == {"exec"}
    assert config["clusters"][0]["cluster"]["server"] == "https://cluster.hcp.westeurope.azmk8s.io:443"


def test_an_existing_cluster_is_looked_up_and_nothing_is_made(cluster):
    deployment = cluster(existing=ExistingClusterPlan(name="theirs", resource_group="theirs-rg"))
    assert [r.type for r in deployment.resources] == ["drydock:azure:Cluster", "pulumi:providers:kubernetes"]
    assert deployment.outputs_of(deployment.one("drydock:azure:Cluster"))["version"] == "1.33.5"


def test_each_rung_is_an_agent_pool(pool):
    rungs = (rung_plan("azure", "gpu", priority=0), rung_plan("azure", "gpu-spot", "spot", priority=1))
    deployment = pool(replace(pool_plan("azure", "gpu", gpu=True), rungs=rungs))
    assert {r.name: r.inputs["agentPoolName"] for r in deployment.of_type(POOL)} == {"gpu": "gpu", "gpu-spot": "gpuspot"}


def test_a_spot_rung_bids_up_to_the_on_demand_price_unless_told(pool):
    def spot(**choices):
        plan = replace(pool_plan("azure", "gpu", gpu=True), rungs=(rung_plan("azure", "gpu", "spot", **choices),))
        return pool(plan).one(POOL).inputs

    assert (spot()["scaleSetPriority"], spot()["scaleSetEvictionPolicy"], spot()["spotMaxPrice"]) == ("Spot", "Delete", -1)
    assert spot(spot_max_usd_per_hour=0.4)["spotMaxPrice"] == 0.4
    assert "upgradeSettings" not in spot()


def test_a_pool_scales_between_its_bounds_and_a_fixed_one_does_not(pool):
    scaling = pool(pool_plan("azure", "gpu", gpu=True)).one(POOL).inputs
    assert (scaling["enableAutoScaling"], scaling["minCount"], scaling["maxCount"]) == (True, 0, 4)
    fixed = replace(pool_plan("azure", "gpu", gpu=True), rungs=(rung_plan("azure", "gpu", min_nodes=2, max_nodes=2),))
    assert pool(fixed).one(POOL).inputs["count"] == 2
    assert pool(fixed).one(POOL).inputs["enableAutoScaling"] is False


def test_a_gpus_driver_has_one_owner(pool):
    plan = pool_plan("azure", "gpu", gpu=True)
    assert pool(plan).one(POOL).inputs["gpuProfile"] == {"driver": "Install"}
    operator = replace(plan, driver=replace(plan.driver, driver="operator"))
    assert pool(operator).one(POOL).inputs["gpuProfile"] == {"driver": "None"}
    assert "gpuProfile" not in pool(pool_plan("azure")).one(POOL).inputs


def test_a_mig_profile_is_written_as_azure_writes_it(pool):
    plan = replace(
        pool_plan("azure", "gpu", gpu=True), sharing=SharingPlan(strategy="mig", clients=7, mig_profile="1g.10gb", cloud_profile="MIG1g")
    )
    assert pool(plan).one(POOL).inputs["gpuInstanceProfile"] == "MIG1g"


def test_a_reserved_rung_reserves_what_it_may_use_and_waits_for_it(pool):
    reserved = rung_plan("azure", "gpu", "reserved", reservation=ReservationPlan(count=2, zones=("1",)), zones=("1",))
    deployment = pool(replace(pool_plan("azure", "gpu", gpu=True), rungs=(reserved,)))
    reservation = deployment.one("azure-native:compute:CapacityReservation")
    assert reservation.inputs["sku"] == {"name": "Standard_NC4as_T4_v3", "capacity": 2}
    assert deployment.one(POOL).inputs["capacityReservationGroupID"] == "gpu-reservations-1a2b3c4"
    assert reservation.urn in deployment.one(POOL).depends_on


def test_an_existing_reservation_is_used_and_none_is_made(pool):
    theirs = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/capacityReservationGroups/theirs"
    reserved = rung_plan("azure", "gpu", "reserved", reservation=ReservationPlan(existing=theirs))
    deployment = pool(replace(pool_plan("azure", "gpu", gpu=True), rungs=(reserved,)))
    assert deployment.of_type("azure-native:compute:CapacityReservation") == []
    assert deployment.one(POOL).inputs["capacityReservationGroupID"] == theirs


def test_machines_that_must_be_close_share_a_placement_group(pool):
    deployment = pool(replace(pool_plan("azure", "gpu", gpu=True), compact_placement=True))
    assert deployment.one(POOL).inputs["proximityPlacementGroupID"] == "gpu-placement-1a2b3c4"


def test_taints_are_written_as_aks_writes_them(pool):
    taints = (Taint(key="nvidia.com/gpu", value="present", effect="NoSchedule"), Taint(key="only", value="", effect="NoExecute"))
    plan = replace(pool_plan("azure", "gpu", gpu=True), rungs=(rung_plan("azure", "gpu", taints=taints),))
    assert pool(plan).one(POOL).inputs["nodeTaints"] == ["nvidia.com/gpu=present:NoSchedule", "only:NoExecute"]


def test_everything_that_takes_tags_carries_them(network, cluster, pool):
    logs = FlowLogsPlan(retention_days=30, sample_percent=100)
    reserved = rung_plan("azure", "gpu", "reserved", reservation=ReservationPlan(count=1))
    gpu = replace(pool_plan("azure", "gpu", gpu=True), rungs=(reserved,), compact_placement=True)
    everything = [
        *network(flow_logs=logs).resources,
        *cluster(encryption=EncryptionPlan(customer_key=True), audit_logs=("guard",)).resources,
        *pool(gpu).resources,
    ]
    untaggable = {"RoleAssignment", "MaintenanceConfiguration", "DiagnosticSetting", "Subnet", "kubernetes"}
    taggable = [r for r in everything if not r.type.startswith("drydock:") and r.type.rpartition(":")[2] not in untaggable]
    assert len(taggable) > 12
    assert [r.name for r in taggable if not LABELS.items() <= r.inputs.get("tags", {}).items()] == []
