"""GKE clusters. Expected values: the GKE API reference and "Harden your cluster's security"."""

import pytest
import yaml
from pulumi import Output

from components.gcp.cluster import Cluster, Surroundings
from components.gcp.network import NodeSubnet
from plan.model import EncryptionPlan, ExistingClusterPlan, MaintenancePlan
from tests.components.plans import LABELS, cluster_plan

CLUSTER, MEMBER = "gcp:container/cluster:Cluster", "gcp:projects/iAMMember:IAMMember"
ACCOUNT, GRANT = "gcp:serviceaccount/account:Account", "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"


@pytest.fixture
def cluster(registered):
    def build(*, has_nodes=True, **choices):
        plan = cluster_plan("gcp", **choices)

        def program():
            nodes = NodeSubnet(
                network=Output.from_input("networks/n"),
                subnetwork=Output.from_input("subnetworks/s"),
                pod_range="pods",
                service_range="services",
            )
            around = None if plan.existing else Surroundings(nodes=nodes, ready=())
            return Cluster("cluster", plan, region="europe-west4", around=around, has_nodes=has_nodes)

        return registered(program)

    return build


@pytest.fixture
def inputs_of(cluster):
    return lambda **choices: cluster(**choices).one(CLUSTER).inputs


def test_the_control_plane_stands_in_the_region_and_nodes_in_the_plans_zones(inputs_of):
    inputs = inputs_of()
    assert (inputs["location"], inputs["nodeLocations"]) == ("europe-west4", ["europe-west4-a", "europe-west4-b"])


def test_pods_and_services_take_the_named_ranges(inputs_of):
    inputs = inputs_of()
    assert (inputs["network"], inputs["subnetwork"]) == ("networks/n", "subnetworks/s")
    assert inputs["ipAllocationPolicy"] == {"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services"}


def test_nodes_have_no_public_addresses(inputs_of):
    assert inputs_of(private_api=False, authorized_ranges=("203.0.113.0/24",))["privateClusterConfig"]["enablePrivateNodes"] is True


def test_a_private_api_has_no_public_address_and_answers_private_ranges_only(inputs_of):
    inputs = inputs_of()
    assert inputs["privateClusterConfig"]["enablePrivateEndpoint"] is True
    ranges = [each["cidrBlock"] for each in inputs["masterAuthorizedNetworksConfig"]["cidrBlocks"]]
    # RFC 1918 and RFC 6598, nothing that is routed on the internet.
    assert ranges == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]


def test_a_public_api_answers_the_plans_ranges_only(inputs_of):
    inputs = inputs_of(private_api=False, authorized_ranges=("203.0.113.0/24",))
    assert inputs["privateClusterConfig"]["enablePrivateEndpoint"] is False
    assert inputs["masterAuthorizedNetworksConfig"] == {
        "cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}],
        "gcpPublicCidrsAccessEnabled": False,
    }


@pytest.mark.parametrize("private", [True, False])
def test_nobody_comes_in_by_the_dns_name_round_the_ranges(inputs_of, private):
    endpoints = inputs_of(private_api=private, authorized_ranges=("203.0.113.0/24",))["controlPlaneEndpointsConfig"]
    assert endpoints == {"dnsEndpointConfig": {"allowExternalTraffic": False}, "ipEndpointsConfig": {"enabled": True}}


def test_the_version_follows_the_plan_and_its_channel(inputs_of):
    inputs = inputs_of(version="1.35", upgrade_channel="STABLE")
    assert (inputs["minMasterVersion"], inputs["releaseChannel"]) == ("1.35", {"channel": "STABLE"})


def test_pods_prove_who_they_are_by_workload_identity(inputs_of):
    assert inputs_of()["workloadIdentityConfig"] == {"workloadPool": "acme-ml.svc.id.goog"}


def test_network_policies_are_enforced_and_the_open_doors_are_shut(inputs_of):
    inputs = inputs_of()
    assert inputs["datapathProvider"] == "ADVANCED_DATAPATH"
    assert inputs["enableShieldedNodes"] is True
    assert inputs["anonymousAuthenticationConfig"] == {"mode": "LIMITED"}
    assert set(inputs["rbacBindingConfig"].values()) == {False}
    assert inputs["nodePoolDefaults"] == {"nodeConfigDefaults": {"insecureKubeletReadonlyPortEnabled": "FALSE"}}


def test_the_first_pool_goes_and_acts_as_nobody_in_particular_until_then(cluster):
    made = cluster().one(CLUSTER)
    assert (made.inputs["removeDefaultNodePool"], made.inputs["initialNodeCount"]) == (True, 1)
    # Google reports another pool's nodes there once it is gone.
    assert made.ignored == ("nodeConfig",)
    assert made.inputs["nodeConfig"]["serviceAccount"] == "cluster-nodes-1a2b3c4@acme-ml.iam.gserviceaccount.com"


def test_nodes_may_write_telemetry_and_read_images_before_the_first_of_them_comes(cluster):
    deployment = cluster()
    grants = deployment.of_type(MEMBER)
    assert {grant.inputs["role"] for grant in grants} == {"roles/container.defaultNodeServiceAccount", "roles/artifactregistry.reader"}
    assert {grant.inputs["member"] for grant in grants} == {"serviceAccount:cluster-nodes-1a2b3c4@acme-ml.iam.gserviceaccount.com"}
    assert {grant.urn for grant in grants} <= set(deployment.one(CLUSTER).depends_on)


def test_secrets_are_under_a_key_of_ones_own_that_gke_may_use(cluster):
    deployment = cluster(encryption=EncryptionPlan(customer_key=True, rotation_days=90))
    assert deployment.one("gcp:kms/keyRing:KeyRing").inputs["location"] == "europe-west4"
    key = deployment.one("gcp:kms/cryptoKey:CryptoKey").inputs
    assert (key["rotationPeriod"], key["labels"]) == ("7776000s", LABELS)
    encryption = deployment.one(CLUSTER).inputs["databaseEncryption"]
    assert encryption == {"state": "ENCRYPTED", "keyName": "cluster-secrets-key-1a2b3c4"}
    grant = deployment.one(GRANT)
    assert grant.inputs["member"] == "serviceAccount:service-42@container-engine-robot.iam.gserviceaccount.com"
    assert grant.urn in deployment.one(CLUSTER).depends_on


def test_secrets_are_under_an_existing_key_where_the_plan_names_one(cluster):
    theirs = "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/theirs"
    deployment = cluster(encryption=EncryptionPlan(existing_key=theirs))
    assert deployment.one(CLUSTER).inputs["databaseEncryption"]["keyName"] == theirs
    assert deployment.one(GRANT).inputs["cryptoKeyId"] == theirs
    assert deployment.of_type("gcp:kms/cryptoKey:CryptoKey") == []


def test_googles_own_key_is_said_outright(inputs_of):
    assert inputs_of()["databaseEncryption"] == {"state": "DECRYPTED"}


def test_the_cluster_brings_what_the_plan_names_and_nothing_else(inputs_of):
    some = inputs_of(cloud_add_ons=("gcsFuse", "managedPrometheus", "dcgmExporter", "gateway"))
    assert some["addonsConfig"] == {
        "gcsFuseCsiDriverConfig": {"enabled": True},
        "gcePersistentDiskCsiDriverConfig": {"enabled": False},
        "dnsCacheConfig": {"enabled": False},
    }
    assert some["monitoringConfig"] == {"enableComponents": ["SYSTEM_COMPONENTS", "DCGM"], "managedPrometheus": {"enabled": True}}
    assert some["gatewayApiConfig"] == {"channel": "CHANNEL_STANDARD"}
    others = inputs_of(cloud_add_ons=("persistentDisk", "nodeLocalDns"))
    assert others["addonsConfig"]["gcePersistentDiskCsiDriverConfig"] == {"enabled": True}
    assert others["addonsConfig"]["dnsCacheConfig"] == {"enabled": True}
    assert others["addonsConfig"]["gcsFuseCsiDriverConfig"] == {"enabled": False}
    assert others["monitoringConfig"] == {"enableComponents": ["SYSTEM_COMPONENTS"], "managedPrometheus": {"enabled": False}}
    assert others["gatewayApiConfig"] == {"channel": "CHANNEL_DISABLED"}


def test_idle_nodes_go_as_soon_as_planned_and_gke_makes_no_pools_of_its_own(inputs_of):
    assert inputs_of(autoscaling_profile="OPTIMIZE_UTILIZATION")["clusterAutoscaling"] == {
        "enabled": False,
        "autoscalingProfile": "OPTIMIZE_UTILIZATION",
    }


def test_logs_are_the_plans(inputs_of):
    assert inputs_of(audit_logs=("SYSTEM_COMPONENTS", "APISERVER"))["loggingConfig"] == {
        "enableComponents": ["SYSTEM_COMPONENTS", "APISERVER"]
    }


def test_google_upgrades_only_in_the_plans_window(inputs_of):
    window = inputs_of(maintenance=MaintenancePlan(days=("SA", "SU"), start_hour_utc=20, hours=8))["maintenancePolicy"]["recurringWindow"]
    # From 20:00 to 04:00 of the next day.
    assert window == {
        "startTime": "2000-01-01T20:00:00Z",
        "endTime": "2000-01-02T04:00:00Z",
        "recurrence": "FREQ=WEEKLY;BYDAY=SA,SU",
    }


@pytest.mark.parametrize("protected", [True, False])
def test_deletion_protection_is_the_plans(inputs_of, protected):
    assert inputs_of(deletion_protection=protected)["deletionProtection"] is protected


def test_the_cluster_carries_the_plans_labels(inputs_of):
    assert inputs_of()["resourceLabels"] == LABELS


def test_the_owner_group_finds_the_cluster_and_administers_it(cluster):
    deployment = cluster(owner_group="ml-owners@example.com")
    groups = deployment.one(CLUSTER).inputs["authenticatorGroupsConfig"]
    # The name that Google prescribes, in the group's own domain.
    assert groups == {"securityGroup": "gke-security-groups@example.com"}
    binding = deployment.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").inputs
    assert binding["roleRef"]["name"] == "cluster-admin"
    assert [(subject["kind"], subject["name"]) for subject in binding["subjects"]] == [("Group", "ml-owners@example.com")]
    view = deployment.one(MEMBER, "cluster-owners-view").inputs
    assert (view["role"], view["member"]) == ("roles/container.clusterViewer", "group:ml-owners@example.com")


def test_without_an_owner_group_nobody_is_let_in(cluster):
    deployment = cluster()
    assert "authenticatorGroupsConfig" not in deployment.one(CLUSTER).inputs
    assert deployment.of_type("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding") == []


@pytest.mark.parametrize(("private", "address"), [(True, "10.40.0.2"), (False, "203.0.113.7")])
def test_the_kubeconfig_logs_in_by_googles_helper_and_holds_no_secret(cluster, private, address):
    deployment = cluster(private_api=private, authorized_ranges=() if private else ("203.0.113.0/24",))
    outputs = deployment.outputs_of(deployment.one("drydock:gcp:Cluster"))
    config = yaml.safe_load(outputs["kubeconfig"])
    (user,) = config["users"]
    assert set(user["user"]) == {"exec"}
    assert user["user"]["exec"]["command"] == "gke-gcloud-auth-plugin"
    assert config["clusters"][0]["cluster"] == {"server": f"https://{address}", "certificate-authority-data": "Y2VydGlmaWNhdGU="}
    assert outputs["endpoint"] == f"https://{address}"
    assert outputs["identityIssuer"] == "acme-ml.svc.id.goog"


def test_everything_belongs_to_the_component(cluster):
    deployment = cluster(owner_group="ml-owners@example.com", encryption=EncryptionPlan(customer_key=True))
    component = deployment.one("drydock:gcp:Cluster")
    assert {each.parent for each in deployment.resources if each is not component} == {component.urn}


def test_an_existing_cluster_is_looked_up_and_nothing_is_made(cluster):
    deployment = cluster(existing=ExistingClusterPlan(name="theirs"), has_nodes=False, owner_group="ml-owners@example.com")
    assert {each.type for each in deployment.resources} == {"drydock:gcp:Cluster", "pulumi:providers:kubernetes"}
    asked = next(call for call in deployment.asked if call.token == "gcp:container/getCluster:getCluster")
    assert (asked.args["name"], asked.args["location"]) == ("theirs", "europe-west4")
    outputs = deployment.outputs_of(deployment.one("drydock:gcp:Cluster"))
    assert (outputs["name"], outputs["endpoint"]) == ("theirs", "https://10.9.0.2")


def test_nodes_that_join_an_existing_cluster_act_as_an_account_of_their_own(cluster):
    deployment = cluster(existing=ExistingClusterPlan(name="theirs"), has_nodes=True)
    assert len(deployment.of_type(ACCOUNT)) == 1
    assert deployment.of_type(CLUSTER) == []
