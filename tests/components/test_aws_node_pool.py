"""EKS node groups: each rung of a pool's ladder. Expected values: the Amazon EKS and EC2 user guides and API references."""

import base64
from dataclasses import replace
from email import message_from_string

import pytest
import yaml
from pulumi import InvokeOptions, Output

from components.aws.cluster import ClusterFacts
from components.aws.node_pool import NodePool, Nodes
from components.aws.subnets import FoundSubnets, OwnSubnets
from plan.model import CachePlan, DiskPlan, InterconnectPlan, ReservationPlan, Taint, UpgradePlan
from tests.components.aws_place import place
from tests.components.plans import LABELS, pool_plan, rung_plan

GROUP, TEMPLATE = "aws:eks/nodeGroup:NodeGroup", "aws:ec2/launchTemplate:LaunchTemplate"
RESERVATION, PLACEMENT = "aws:ec2/capacityReservation:CapacityReservation", "aws:ec2/placementGroup:PlacementGroup"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
BLOCK = "cr-0123456789abcdef0"
TAINT = Taint(key="nvidia.com/gpu", value="present", effect="NoSchedule")
SUBNETS = {"eu-west-1a": "subnet-a", "eu-west-1b": "subnet-b"}


@pytest.fixture
def pool(registered):
    def build(plan, *, autoscaled=True, found=False, preview=False):
        def program():
            own = OwnSubnets({zone: Output.from_input(subnet) for zone, subnet in SUBNETS.items()})
            theirs = FoundSubnets(Output.from_input(["subnet-b"]), "eu-west-1", InvokeOptions())
            facts = ClusterFacts(
                **{
                    each: Output.from_input(f"the {each}")
                    for each in ("name", "arn", "version", "endpoint", "certificate", "issuer", "vpc", "security_group")
                },
                subnets=theirs if found else own,
                ready=(),
            )
            nodes = Nodes(cluster=facts, role=Output.from_input("the role"), autoscaled=autoscaled, place=place(), ready=())
            return NodePool(plan.name, plan, nodes=nodes)

        return registered(program, preview=preview)

    return build


def gpu(*rungs, **choices):
    return pool_plan("aws", "gpu", gpu=True, rungs=rungs or (rung("gpu"),), **choices)


def rung(name, capacity="onDemand", **choices):
    return rung_plan("aws", name, capacity, taints=(TAINT,), **choices)


def template(deployment, name="gpu-launch-template"):
    return deployment.one(TEMPLATE, name).inputs


def group(deployment, name="gpu"):
    return deployment.one(GROUP, name).inputs


def test_each_rung_is_a_node_group_of_its_own_kind_of_capacity(pool):
    reserved = rung("gpu-reserved", "reserved", reservation=ReservationPlan(count=2, zones=("eu-west-1a",)), zones=("eu-west-1a",))
    deployment = pool(gpu(reserved, rung("gpu-on-demand"), rung("gpu-spot", "spot")))
    assert {r.name: r.inputs["capacityType"] for r in deployment.of_type(GROUP)} == {
        "gpu-reserved": "ON_DEMAND",
        "gpu-on-demand": "ON_DEMAND",
        "gpu-spot": "SPOT",
    }
    assert {r.inputs["instanceTypes"][0] for r in deployment.of_type(GROUP)} == {"g6.xlarge"}


def test_rungs_of_karpenter_are_no_node_groups(pool):
    karpenter = [rung(f"gpu-{kind}", capacity, provisioner="karpenter") for kind, capacity in (("spot", "spot"), ("on-demand", "onDemand"))]
    deployment = pool(gpu(*karpenter))
    assert deployment.of_type(GROUP) + deployment.of_type(TEMPLATE) == []


def test_what_is_reserved_is_reserved_once_for_this_pool_alone(pool):
    reserved = rung("gpu", "reserved", reservation=ReservationPlan(count=3, zones=("eu-west-1b",)), zones=("eu-west-1b",))
    deployment = pool(gpu(reserved))
    found = deployment.one(RESERVATION).inputs
    assert {key: found[key] for key in ("availabilityZone", "instanceCount", "instanceType", "instanceMatchCriteria", "endDateType")} == {
        "availabilityZone": "eu-west-1b",
        "instanceCount": 3,
        "instanceType": "g6.xlarge",
        "instanceMatchCriteria": "targeted",
        "endDateType": "unlimited",
    }
    target = {"capacityReservationTarget": {"capacityReservationId": "gpu-reservation-1a2b3c4"}}
    assert template(deployment)["capacityReservationSpecification"] == target
    assert group(deployment)["subnetIds"] == ["subnet-b"]


def test_a_reservation_that_exists_is_named_and_none_is_made(pool):
    deployment = pool(gpu(rung("gpu", "reserved", reservation=ReservationPlan(existing=BLOCK, zones=("eu-west-1a",)))))
    target = {"capacityReservationTarget": {"capacityReservationId": BLOCK}}
    assert template(deployment)["capacityReservationSpecification"] == target
    assert deployment.of_type(RESERVATION) == []


# Amazon EKS User Guide, "Create a managed node group with Capacity Blocks for ML".
def test_a_capacity_block_is_entered_through_the_launch_template_and_never_bought(pool):
    block = rung("gpu", "block", reservation=ReservationPlan(existing=BLOCK, zones=("eu-west-1a",)), zones=("eu-west-1a",))
    deployment = pool(gpu(block))
    launched = template(deployment)
    assert launched["instanceMarketOptions"] == {"marketType": "capacity-block"}
    assert launched["instanceType"] == "g6.xlarge"
    assert launched["capacityReservationSpecification"] == {"capacityReservationTarget": {"capacityReservationId": BLOCK}}
    assert group(deployment)["capacityType"] == "CAPACITY_BLOCK"
    assert "instanceTypes" not in group(deployment)
    assert [r.type for r in deployment.resources if "apacity" in r.type] == []


# Amazon EKS API Reference, CreateNodegroup: a launch template that asks for spot, or names a type beside instanceTypes, is refused.
def test_other_launch_templates_name_neither_machine_nor_market(pool):
    launched = template(pool(gpu(rung("gpu", "spot"))))
    assert not {"instanceType", "instanceMarketOptions", "capacityReservationSpecification"} & set(launched)


# terraform-aws-modules/terraform-aws-eks#3730: a cluster placement group breaks launches into reserved capacity.
@pytest.mark.parametrize(("capacity", "packed"), [("onDemand", True), ("spot", True), ("reserved", False), ("block", False)])
def test_only_capacity_that_is_not_set_aside_is_packed(pool, capacity, packed):
    set_aside = ReservationPlan(existing=BLOCK, zones=("eu-west-1a",)) if capacity in ("reserved", "block") else None
    deployment = pool(gpu(rung("gpu", capacity, reservation=set_aside), compact_placement=True))
    groups = deployment.of_type(PLACEMENT)
    assert [r.inputs["strategy"] for r in groups] == (["cluster"] if packed else [])
    assert template(deployment).get("placement") == ({"groupName": "gpu-placement-1a2b3c4"} if packed else None)


def test_nothing_is_packed_unless_the_plan_says_so(pool):
    assert pool(gpu()).of_type(PLACEMENT) == []


def test_no_pod_gets_at_the_nodes_credentials(pool):
    options = template(pool(gpu()))["metadataOptions"]
    assert options == {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1}


def test_disks_are_encrypted_and_as_large_and_fast_as_planned(pool):
    disk = DiskPlan(size_gib=200, type="gp3", iops=6000, throughput_mibps=500)
    (device,) = template(pool(gpu(disk=disk)))["blockDeviceMappings"]
    assert device["deviceName"] == "/dev/xvda"
    assert device["ebs"] == {
        "volumeSize": 200,
        "volumeType": "gp3",
        "iops": 6000,
        "throughput": 500,
        "encrypted": "true",
        "deleteOnTermination": "true",
    }


def parts(deployment):
    message = message_from_string(base64.b64decode(template(deployment)["userData"]).decode())
    return {part.get_content_type(): part.get_payload() for part in message.walk() if not part.is_multipart()}


# awslabs/amazon-eks-ami, nodeadm: NodeConfig is a part of type application/node.eks.aws.
def test_local_disks_hold_images_and_pods(pool):
    found = parts(pool(gpu(cache=CachePlan(local_ssd_count=2))))
    config = yaml.safe_load(found["application/node.eks.aws"])
    assert (config["apiVersion"], config["kind"]) == ("node.eks.aws/v1alpha1", "NodeConfig")
    assert config["spec"] == {"instance": {"localStorage": {"strategy": "RAID0"}}}


def test_a_snapshot_of_images_becomes_a_second_disk_where_containerd_looks(pool):
    deployment = pool(gpu(cache=CachePlan(image_snapshot="snap-0123456789abcdef0", local_ssd_count=1)))
    images = template(deployment)["blockDeviceMappings"][1]
    assert (images["deviceName"], images["ebs"]["snapshotId"], images["ebs"]["encrypted"]) == (
        "/dev/xvdb",
        "snap-0123456789abcdef0",
        "true",
    )
    found = parts(deployment)
    assert 'mount "$(realpath /dev/xvdb)" /var/lib/containerd' in found["text/x-shellscript"]
    # RAID0 would put containerd's directory on the local disks, over the images.
    assert yaml.safe_load(found["application/node.eks.aws"])["spec"] == {"instance": {"localStorage": {"strategy": "Mount"}}}


def test_a_node_that_needs_nothing_told_is_told_nothing(pool):
    assert "userData" not in template(pool(gpu()))


def efa(**choices):
    return gpu(rung("gpu", zones=("eu-west-1a",)), interconnect=InterconnectPlan(kind="efa", **choices))


# Amazon EC2 User Guide, "Maximize network bandwidth on accelerated instance types with EFA": device 0 on card 0, device 1 on the others.
def test_efa_has_an_interface_on_each_card_and_addresses_on_the_first_only(pool):
    deployment = pool(efa(interfaces=4))
    found = template(deployment)["networkInterfaces"]
    assert [(each["networkCardIndex"], each["deviceIndex"], each["interfaceType"]) for each in found] == [
        (0, 0, "efa"),
        (1, 1, "efa-only"),
        (2, 1, "efa-only"),
        (3, 1, "efa-only"),
    ]
    assert found[0]["associatePublicIpAddress"] == "false"
    assert all(each["securityGroups"] == ["the security_group", "gpu-fabric-1a2b3c4"] for each in found)


# The same page, P6-B300: card 0 carries no EFA, cards 1 to 16 do.
def test_efa_may_begin_on_the_second_card(pool):
    found = template(pool(efa(interfaces=2, first_card=1)))["networkInterfaces"]
    assert [(each["networkCardIndex"], each["interfaceType"]) for each in found] == [(0, "interface"), (1, "efa-only"), (2, "efa-only")]


# Amazon EC2 User Guide, "Get started with EFA": all traffic to and from the group itself.
def test_nodes_on_efa_may_say_everything_to_each_other(pool):
    deployment = pool(efa(interfaces=1))
    assert deployment.one(SECURITY_GROUP).inputs["vpcId"] == "the vpc"
    for way in ("Ingress", "Egress"):
        (rule,) = deployment.of_type(f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule")
        assert (rule.inputs["ipProtocol"], rule.inputs["securityGroupId"]) == ("-1", "gpu-fabric-1a2b3c4")
        assert rule.inputs["referencedSecurityGroupId"] == "gpu-fabric-1a2b3c4"
        assert "cidrIpv4" not in rule.inputs


def test_without_efa_the_interfaces_are_eks_own(pool):
    deployment = pool(gpu())
    assert "networkInterfaces" not in template(deployment)
    assert deployment.of_type(SECURITY_GROUP) == []


def test_nodes_carry_labels_and_taints_in_eks_words(pool):
    taints = (TAINT, Taint(key="team", value="", effect="NoExecute"), Taint(key="slow", value="yes", effect="PreferNoSchedule"))
    found = group(pool(gpu(rung_plan("aws", "gpu", taints=taints))))
    assert found["labels"] == {"drydock/pool": "gpu", "drydock/capacity": "onDemand"}
    assert found["taints"] == [
        {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"},
        {"key": "team", "effect": "NO_EXECUTE"},
        {"key": "slow", "value": "yes", "effect": "PREFER_NO_SCHEDULE"},
    ]


def test_image_version_and_size_are_those_of_plan_and_cluster(pool):
    found = group(pool(gpu(rung("gpu", min_nodes=1, max_nodes=6), auto_repair=True)))
    assert (found["amiType"], found["version"], found["nodeRoleArn"]) == ("AL2023_x86_64_NVIDIA", "the version", "the role")
    assert found["scalingConfig"] == {"minSize": 1, "maxSize": 6, "desiredSize": 1}
    assert found["nodeRepairConfig"] == {"enabled": True}


# Amazon EKS API Reference, NodegroupUpdateConfig: at least one at a time; DEFAULT adds new nodes first, MINIMAL takes old ones first.
@pytest.mark.parametrize(("missing", "at_once"), [(0, 1), (1, 1), (3, 3)])
def test_nodes_are_renewed_as_planned(pool, missing, at_once):
    plan = gpu(upgrade=UpgradePlan(max_surge=0, max_unavailable=missing))
    assert group(pool(plan))["updateConfig"] == {"maxUnavailable": at_once, "updateStrategy": "DEFAULT"}


def test_capacity_that_is_set_aside_has_no_room_for_new_nodes_beside_the_old(pool):
    block = rung("gpu", "block", reservation=ReservationPlan(existing=BLOCK, zones=("eu-west-1a",)))
    assert group(pool(gpu(block)))["updateConfig"]["updateStrategy"] == "MINIMAL"


def ignored(deployment):
    return deployment.one(GROUP).ignored


def test_the_autoscalers_number_of_nodes_stands_and_a_fixed_one_is_kept(pool):
    assert ignored(pool(gpu(rung("gpu", min_nodes=0, max_nodes=4)))) == ("scalingConfig.desiredSize",)
    assert ignored(pool(gpu(rung("gpu", min_nodes=4, max_nodes=4)))) == ()
    assert ignored(pool(gpu(rung("gpu", min_nodes=0, max_nodes=4)), autoscaled=False)) == ()


def test_a_rung_stands_in_the_subnets_of_its_zones(pool):
    assert group(pool(gpu(rung("gpu", zones=("eu-west-1b",)))))["subnetIds"] == ["subnet-b"]
    assert group(pool(gpu(rung("gpu", zones=()))))["subnetIds"] == ["subnet-a", "subnet-b"]


def test_subnets_that_were_there_are_asked_for_their_zone(pool):
    assert group(pool(gpu(rung("gpu", zones=("eu-west-1b",))), found=True))["subnetIds"] == ["subnet-b"]
    assert group(pool(gpu(rung("gpu", zones=("eu-west-1a",))), found=True))["subnetIds"] == []


def test_each_node_group_follows_its_launch_template(pool):
    deployment = pool(gpu())
    assert group(deployment)["launchTemplate"] == {"id": "gpu-launch-template-1a2b3c4", "version": "1"}
    assert "nodeGroupName" not in group(deployment)


def test_machines_disks_and_interfaces_are_tagged_like_everything_else(pool):
    launched = template(pool(gpu()))
    assert {each["resourceType"] for each in launched["tagSpecifications"]} == {"instance", "volume", "network-interface"}
    assert all(LABELS.items() <= each["tags"].items() for each in launched["tagSpecifications"])


def test_every_taggable_resource_of_a_pool_carries_the_labels_under_the_pool(pool):
    reserved = rung("gpu-reserved", "reserved", reservation=ReservationPlan(count=1, zones=("eu-west-1a",)), zones=("eu-west-1a",))
    plan = replace(efa(interfaces=2), rungs=(reserved, rung("gpu-on-demand")), compact_placement=True)
    deployment = pool(plan)
    (component,) = deployment.of_type("drydock:aws:NodePool")
    assert [r.name for r in deployment.resources if r is not component and r.parent != component.urn] == []
    assert {GROUP, TEMPLATE, RESERVATION, PLACEMENT, SECURITY_GROUP} <= {r.type for r in deployment.resources}
    assert [r.name for r in deployment.resources if r is not component and not LABELS.items() <= r.inputs["tags"].items()] == []


def test_outputs_tell_what_a_pod_says_to_land_there(pool):
    deployment = pool(gpu(rung("gpu-on-demand"), rung("gpu-spot", "spot", provisioner="karpenter")))
    outputs = deployment.outputs_of(deployment.one("drydock:aws:NodePool"))
    assert outputs["rungs"] == {"gpu-on-demand": "gpu-on-demand-1a2b3c4", "gpu-spot": "gpu-spot"}
    assert (outputs["machine"], outputs["resource"], outputs["selector"]) == ("g6.xlarge", "nvidia.com/gpu", {"drydock/pool": "gpu"})


def test_usage_is_an_input_of_the_component_since_a_preview_shows_no_outputs(pool):
    assert pool(gpu()).one("drydock:aws:NodePool").inputs["usage"] == {"nodes": {"low": 0, "expected": 1, "high": 4}}


def test_a_pool_that_exists_makes_nothing(pool):
    deployment = pool(gpu(existing=True))
    assert [r.type for r in deployment.resources] == ["drydock:aws:NodePool"]


def test_a_preview_registers_the_same_resources(pool):
    def names(deployment):
        return {(r.type, r.name) for r in deployment.resources}

    assert names(pool(efa(interfaces=2), preview=True)) == names(pool(efa(interfaces=2)))
