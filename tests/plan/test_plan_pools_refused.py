"""What no node pool may be: each rule with its case, its path and its source. Regions and stage are those of pools.py: production."""

import pytest

from tests.plan.pools import faults

T4 = {"accelerator": "nvidia-t4"}
L4 = {"accelerator": "nvidia-l4"}
A100 = {"accelerator": "nvidia-a100-40gb", "perNode": 8}
H100 = {"accelerator": "nvidia-h100-80gb", "perNode": 8}
V5E = {"accelerator": "tpu-v5e"}
THERE = {"existing": True, "labels": {"team": "ml"}}
RESERVED = "cr-0123456789abcdef0"
FLEX = "About GPU, TPU and H4D provisioning with flex-start"
QUEUED = "flex-start with queued provisioning"
SLICES = "a multi-host slice is one node pool"
MIG = "Multi-Instance GPU User Guide"
MACHINES = "catalogue/data/machines"

# cloud, words of pool p, path of the fault under it, part of its line, part of its source (empty: Drydock's own rule).
REFUSED = [
    # Where capacity comes from.
    ("gcp", {**L4, "capacity": ["flexStart", "spot"]}, "capacity", "mixes flex-start with spot", "About flex-start VMs"),
    ("gcp", {**L4, "queued": True, "nodes": {"min": 1, "max": 4}}, "nodes.min", "1 is more than none: queued nodes come for a job", QUEUED),
    ("gcp", {**L4, "capacity": ["flexStart"], "nodes": {"min": 1, "max": 4}}, "nodes.min", "go after seven days at the latest", FLEX),
    ("gcp", {**L4, "queued": True, "capacity": ["flexStart", "onDemand"]}, "queued", "fix: write capacity: [flexStart]", QUEUED),
    ("gcp", {**L4, "queued": True, "placement": "compact"}, "placement", "is not for nodes that come by a queued request", QUEUED),
    ("gcp", {**L4, "capacity": ["flexStart"], "autoRepair": True}, "autoRepair", "cannot be done to flex-start nodes", FLEX),
    ("gcp", {"vcpus": 4, "capacity": ["flexStart"]}, "capacity", "flex-start is for GPUs, TPUs and H4D", FLEX),
    ("gcp", {**V5E, "topology": "4x4", "capacity": ["flexStart"]}, "capacity", "starts a slice of several hosts", FLEX),
    ("aws", {**T4, "capacity": ["flexStart"]}, "capacity", "names flexStart, which is Google Cloud's", "Managed node groups"),
    ("aws", {**T4, "queued": True}, "queued", "true names flexStart, which is Google Cloud's", "Managed node groups"),
    ("azure", {**T4, "capacity": ["flexStart"]}, "capacity", "Azure has no capacity that waits for a start", "Spot node pool"),
    ("azure", {**T4, "maxRunHours": 3}, "maxRunHours", "Azure has no capacity that waits for a start", "Spot node pool"),
    ("azure", {**T4, "capacity": ["block"]}, "capacity", "Azure has no blocks of capacity", "capacity reservation groups"),
    ("azure", {**T4, "block": {"existing": RESERVED}}, "block", "Azure has no blocks of capacity", "capacity reservation groups"),
    ("aws", {**A100, "capacity": ["block"]}, "block", "nothing says which capacity block it is", "Capacity Blocks for ML"),
    ("gcp", {**H100, "capacity": ["block"]}, "block", "Drydock never buys one", "calendar mode"),
    ("aws", {**A100, "block": {"existing": "cr-1", "zone": "eu-west-1a"}}, "block.existing", "allowed: cr- and 8 or 17", "Capacity Blocks"),
    ("aws", {**A100, "block": {"existing": RESERVED}}, "block.zone", "nothing says in which zone the block stands", "Capacity Blocks"),
    ("aws", {**T4, "block": {"existing": RESERVED, "zone": "eu-west-1a"}}, "capacity", "AWS sells none of g4dn.xlarge", "Capacity Blocks"),
    (
        "gcp",
        {**L4, "block": {"existing": "ml", "zone": "europe-west4-a"}},
        "capacity",
        "none in calendar mode of g2-standard-4",
        "calendar",
    ),
    ("aws", {**T4, "capacity": ["reserved"]}, "reservation", "nothing says what is reserved: reservations are billed", ""),
    ("azure", {**T4, "capacity": ["reserved", "spot"]}, "reservation", "so none is made unasked", ""),
    (
        "gcp",
        {**L4, "reservation": {"existing": "ml", "create": 1}, "zones": ["europe-west4-a"]},
        "reservation.create",
        "beside the one",
        "",
    ),
    ("gcp", {**L4, "reservation": {"create": 5}, "nodes": {"max": 4}}, "reservation.create", "each is billed whether it runs or not", ""),
    ("gcp", {**V5E, "reservation": {"create": 1}}, "reservation.create", "which Google makes on request only", "TPU reservations"),
    ("aws", {**T4, "reservation": {"existing": RESERVED}}, "reservation.existing", "stands in one zone", "Capacity Reservations"),
    ("gcp", {**L4, "reservation": {"existing": "ml"}}, "reservation.existing", "zones: [ZONE], one of europe-west4-a", "reserved zonal"),
    (
        "aws",
        {**T4, "reservation": {"existing": "ml"}, "zones": ["eu-west-1a"]},
        "reservation.existing",
        "is no reservation",
        "Capacity Res",
    ),
    ("gcp", {**L4, "reservation": {"existing": "Ml"}, "zones": ["europe-west4-a"]}, "reservation.existing", "is no res", "reserved zonal"),
    (
        "azure",
        {**T4, "reservation": {"existing": "ml"}},
        "reservation.existing",
        "capacityReservationGroups/NAME",
        "capacity reservation groups",
    ),
    ("gcp", {**L4, "capacity": ["onDemand", "onDemand"]}, "capacity", "names onDemand 2 times", ""),
    ("gcp", {**L4, "capacity": ["onDemand", "reserved"], "reservation": {"create": 1}}, "capacity", "tries onDemand before reserved", ""),
    ("gcp", {**L4, "capacity": ["onDemand"], "queued": True}, "queued", "fix: add flexStart to capacity", ""),
    ("gcp", {**L4, "capacity": ["onDemand"], "maxRunHours": 3}, "maxRunHours", "has no effect without flexStart", ""),
    ("gcp", {**L4, "capacity": ["onDemand"], "reservation": {"create": 1}}, "reservation", "has no effect without reserved", ""),
    ("aws", {**A100, "capacity": ["spot"], "block": {"existing": RESERVED}}, "block", "has no effect without block", ""),
    ("azure", {**T4, "capacity": ["onDemand"], "spotMaxUsdPerHour": 0.3}, "spotMaxUsdPerHour", "has no effect without spot", ""),
    ("aws", {**T4, "spotMaxUsdPerHour": 0.3}, "spotMaxUsdPerHour", "neither managed node groups nor Karpenter", "launch templates"),
    ("gcp", {**L4, "spotMaxUsdPerHour": 0.3}, "spotMaxUsdPerHour", "Google sets the price of spot machines itself", "Spot VMs"),
    # The system pool.
    ("azure", {"system": True, "capacity": ["spot"]}, "capacity", "on spot capacity, which goes away by itself", "cannot be a spot pool"),
    ("aws", {"system": True, "capacity": ["onDemand", "spot"]}, "capacity", "on spot capacity", "cannot be a spot pool"),
    ("gcp", {"system": True, "machine": "g2-standard-4"}, "machine", "spends nvidia-l4 machines on the cluster's own add-ons", ""),
    ("azure", {"system": True, **T4}, "accelerator", "allowed: machines without accelerators", ""),
    ("aws", {"system": True, "taints": [{"key": "a"}]}, "taints", "keeps the cluster's own add-ons off", ""),
    ("azure", {"system": True, "nodes": {"min": 0, "max": 2}}, "nodes.min", "without a node", "no scaling to zero"),
    ("aws", {"system": True, "nodes": {"min": 0, "max": 2}}, "nodes.min", "without a node", "no scaling to zero"),
    # Machines and accelerators.
    (
        "aws",
        {"machine": "t3.large"},
        "machine",
        "is slowed down once its CPU credits are spent, which prod cannot wait for",
        "DescribeInstanceTypes",
    ),
    ("azure", {"machine": "Standard_B4as_v2"}, "machine", "machines that are not burstable", "size series pages"),
    ("gcp", {"machine": "e2-medium", "system": True}, "machine", "which the system pool cannot wait for", "Google Cloud"),
    ("aws", {"machine": "t3.nano"}, "machine", "holds 4 pods, and the cluster's own on each node are about a dozen", "node instance type"),
    ("azure", {"machine": "Standard_F1as_v6"}, "machine", "is too small for AKS, which wants 2 vCPUs and 4 GiB", "virtual machine sizes"),
    ("gcp", {**L4, "architecture": "arm64"}, "architecture", "allowed: amd64; fix: remove architecture", MACHINES),
    ("azure", {**T4, "architecture": "arm64"}, "architecture", "'arm64' is what no machine of westeurope has", MACHINES),
    ("gcp", {"accelerator": "nvidia-l5"}, "accelerator", "is no known accelerator", "pool_accelerators.csv"),
    ("azure", {"accelerator": "h100"}, "accelerator", "fix: write nvidia-h100-80gb", "pool_accelerators.csv"),
    ("aws", {"accelerator": "nvidia-l4"}, "accelerator", "is not offered in eu-west-1", MACHINES),
    ("azure", {"accelerator": "nvidia-l4"}, "accelerator", "is not offered by azure", MACHINES),
    ("aws", V5E, "accelerator", "aws has it nowhere", MACHINES),
    ("gcp", {"accelerator": "tpu-v4"}, "accelerator", "it is in us-central2", "TPU regions and zones"),
    ("aws", {**T4, "perNode": 3}, "perNode", "allowed: 1, 4; fix: write perNode: 4", MACHINES),
    ("aws", {"accelerator": "nvidia-a100-40gb"}, "perNode", "1 nvidia-a100-40gb on one machine is what aws does not offer", MACHINES),
    ("gcp", {**H100, "perNode": 3}, "perNode", "allowed: 1, 2, 4, 8", MACHINES),
    ("aws", {"machine": "p5.48xlarge"}, "machine", "is not offered in eu-west-1", MACHINES),
    ("aws", {"machine": "m5.xlarg"}, "machine", "is no known machine of aws; allowed: ", MACHINES),
    ("azure", {"machine": "D4s_v5"}, "machine", "fix: write Standard_D4s_v5", MACHINES),
    ("gcp", {"machine": "n2-standrd-4"}, "machine", "fix: write n2-standard-4", MACHINES),
    ("aws", {**T4, "precision": "fp8"}, "precision", "is nothing that nvidia-t4 computes in; allowed: fp32, fp16", "accelerators.csv"),
    ("aws", {"precision": "fp4"}, "precision", "is what no machine of eu-west-1 has (precision: fp4)", MACHINES),
    ("aws", {**T4, "vcpus": 400}, "vcpus", "400 is more than any machine of eu-west-1 has", MACHINES),
    ("gcp", {"acceleratorMemoryGib": 4000}, "acceleratorMemoryGib", "is more than any machine of europe-west4 has", MACHINES),
    # TPU slices.
    ("gcp", {**V5E, "topology": "4x4", "nodes": {"max": 3}}, "nodes.max", "4x4 is 16 chips, 4 a host, so 4 hosts", SLICES),
    ("gcp", {**V5E, "topology": "4x4", "nodes": {"min": 1, "max": 4}}, "nodes.min", "which come and go together", SLICES),
    ("gcp", {**V5E, "topology": "3x3"}, "topology", "is no slice of tpu-v5e; allowed: 1x1, 2x2, 2x4, 4x4", "Plan TPUs in GKE"),
    ("gcp", {**V5E, "topology": "4x4", "perNode": 1}, "perNode", "allowed: 4 chips on ct5lp-hightpu-4t", "Plan TPUs in GKE"),
    ("gcp", {**V5E, "perNode": 3}, "perNode", "3 chips are on no single host; allowed: 1, 4, 8", "Plan TPUs in GKE"),
    ("gcp", {"machine": "ct5lp-hightpu-1t", "topology": "4x4"}, "machine", "is not what 4x4 consists of", "Plan TPUs in GKE"),
    ("aws", {**T4, "topology": "2x2"}, "topology", "is a shape of TPU slices, and this pool has no TPU", "Plan TPUs in GKE"),
    ("gcp", {**V5E, "topology": "2x4", "placement": "compact"}, "placement", "the topology of a TPU slice does already", "TPUs in GKE"),
    ("gcp", {**V5E, "zones": ["europe-west4-a", "europe-west4-b"]}, "zones", "a TPU pool stands in one zone", "TPUs in GKE"),
    # Zones, placement and the network between nodes.
    ("aws", {"vcpus": 8, "placement": "compact", "zones": ["eu-west-1a", "eu-west-1b"]}, "zones", "compact placement ends", "Placement"),
    ("gcp", {**L4, "placement": "compact", "zones": ["europe-west4-a", "europe-west4-b"]}, "zones", "are 2 zones", "compact placement"),
    ("azure", {"vcpus": 8, "placement": "compact", "zones": ["1", "2"]}, "zones", "compact placement ends", "proximity placement groups"),
    (
        "aws",
        {**A100, "interconnect": "efa", "zones": ["eu-west-1a", "eu-west-1b"]},
        "zones",
        "efa connects nodes of one zone",
        "EFA traffic",
    ),
    (
        "gcp",
        {**H100, "interconnect": "gpuDirect", "zones": ["europe-west4-b", "europe-west4-c"]},
        "zones",
        "connects nodes of",
        "bandwidth",
    ),
    ("aws", {**T4, "zones": ["eu-west-1d"]}, "zones", "names eu-west-1d, which eu-west-1 has not", "zones.csv"),
    ("gcp", {**L4, "zones": ["europe-west1-b"]}, "zones", "names europe-west1-b, which europe-west4 has not", "zones.csv"),
    ("azure", {**T4, "zones": ["4"]}, "zones", "allowed: 1, 2, 3", "zones.csv"),
    ("gcp", {**H100, "zones": ["europe-west4-a"]}, "zones", "europe-west4-a, which has no nvidia-h100-80gb", "accelerator_zones.csv"),
    ("gcp", {**L4, "zones": ["europe-west4-a", "europe-west4-a"]}, "zones", "names a zone twice", ""),
    ("azure", {**T4, "placement": "spread", "zones": ["1"]}, "placement", "spreads nodes over one zone", ""),
    (
        "aws",
        {**A100, "placement": "compact", "reservation": {"create": 1}},
        "placement",
        "AWS launches nothing from reserved",
        "cluster placement",
    ),
    ("gcp", {"machine": "e2-standard-4", "placement": "compact"}, "placement", "is what e2-standard-4 cannot do", "compact placement"),
    ("gcp", {"vcpus": 4, "interconnect": "efa"}, "interconnect", "is not what gcp connects nodes with", "GPU network bandwidth"),
    ("azure", {**T4, "interconnect": "infiniBand"}, "interconnect", "is a network that Standard_NC4as_T4_v3 has not", "InfiniBand"),
    ("gcp", {**L4, "interconnect": "gpuDirect"}, "interconnect", "is a network that g2-standard-4 has not", "GPU network bandwidth"),
    ("aws", {"machine": "m5.xlarge", "interconnect": "efa"}, "interconnect", "name a machine that has it", "Elastic Fabric Adapter"),
    # How GPUs are shared, and who owns their drivers.
    ("gcp", {**L4, "sharing": {"mig": "1g.10gb"}}, "sharing.mig", "is what nvidia-l4 cannot do; allowed: timeSlicing or mps", MIG),
    ("azure", {**T4, "sharing": {"mig": "1g.10gb"}}, "sharing.mig", "is what nvidia-t4 cannot do", MIG),
    ("gcp", {**A100, "sharing": {"mig": "1g.20gb"}}, "sharing.mig", "allowed: 1g.5gb, 1g.10gb, 2g.10gb, 3g.20gb, 4g.20gb, 7g.40gb", MIG),
    ("azure", {"accelerator": "nvidia-a100-80gb", "sharing": {"mig": "1g.20gb"}}, "sharing.mig", "its MIG1g is 1g.10gb", "multi-instance"),
    ("gcp", {**A100, "sharing": {"mig": "1g.5gb", "timeSlicing": 4}}, "sharing", "names mig and timeSlicing", "Shared access to GPUs"),
    ("gcp", {**V5E, "sharing": {"timeSlicing": 4}}, "sharing.timeSlicing", "is what tpu-v5e cannot do", "Shared access to GPUs"),
    ("aws", {"accelerator": "aws-inferentia2", "sharing": {"mps": 4}}, "sharing.mps", "is what aws-inferentia2 cannot do", "Shared access"),
    ("azure", {"vcpus": 4, "sharing": {"mps": 4}}, "sharing.mps", "which has no GPU, cannot do", "Shared access to GPUs"),
    ("aws", {**A100, "sharing": {"mig": "1g.5gb"}, "driver": {"owner": "cloud"}}, "driver.owner", "second owner of drivers", "with MIG"),
    ("aws", {**T4, "driver": {"version": "latest"}}, "driver.version", "the driver is part of the node image", "accelerated AMIs"),
    ("azure", {**T4, "driver": {"version": "latest"}}, "driver.version", "belongs to the node image's version", "GPUs on AKS"),
    (
        "gcp",
        {**L4, "driver": {"version": "latest", "owner": "operator"}},
        "driver.version",
        "is the GPU operator's to choose",
        "GPU Operator",
    ),
    # Disks and caches.
    ("azure", {**T4, "disk": {"iops": 3000}}, "disk.iops", "is the disk size's own on AKS", "node OS disks"),
    ("azure", {**T4, "disk": {"throughputMibps": 200}}, "disk.throughputMibps", "is the disk size's own on AKS", "node OS disks"),
    ("azure", {**T4, "disk": {"type": "standard"}}, "disk.type", "AKS takes Premium SSD wherever", "node OS disks"),
    ("azure", {**T4, "disk": {"sizeGib": 29}}, "disk.sizeGib", "allowed: 30 or more", "node OS disks"),
    ("gcp", {**L4, "disk": {"iops": 3000}}, "disk.iops", "follows from a Persistent Disk's size", "custom boot disks"),
    ("gcp", {"machine": "c3-standard-8", "disk": {"type": "standard"}}, "disk.type", "c3-standard-8 does not take", "custom boot disks"),
    ("gcp", {"machine": "c4-standard-8", "disk": {"type": "standard"}}, "disk.type", "c4-standard-8 does not take", "Hyperdisk"),
    ("gcp", {"machine": "c4-standard-8", "disk": {"iops": 160001}}, "disk.iops", "fix: write iops: 160000", "Hyperdisk"),
    ("gcp", {"machine": "c4-standard-8", "disk": {"throughputMibps": 139}}, "disk.throughputMibps", "allowed: 140 to 2400", "Hyperdisk"),
    ("aws", {**T4, "disk": {"iops": 80001}}, "disk.iops", "allowed: 3000 to 80000 at 200 GiB", "General Purpose SSD"),
    # 500 IOPS for each GiB.
    ("aws", {**T4, "disk": {"sizeGib": 20, "iops": 10001}}, "disk.iops", "allowed: 3000 to 10000 at 20 GiB", "General Purpose SSD"),
    # A quarter of a MiB a second for each of 3,000 IOPS.
    ("aws", {**T4, "disk": {"throughputMibps": 751}}, "disk.throughputMibps", "allowed: 125 to 750 at 3000 iops", "General Purpose SSD"),
    (
        "azure",
        {**T4, "cache": {"imageSnapshot": "snap-01234567"}},
        "cache.imageSnapshot",
        "is what azure has no place for",
        "node OS disks",
    ),
    ("aws", {**T4, "cache": {"imageSnapshot": "images"}}, "cache.imageSnapshot", "allowed: snap- and 8 or 17", "launch templates"),
    (
        "gcp",
        {**L4, "cache": {"imageSnapshot": "images"}},
        "cache.imageSnapshot",
        "projects/PROJECT/global/images/NAME",
        "secondary boot disks",
    ),
    ("aws", {**T4, "cache": {"streaming": True}}, "cache.streaming", "no node image of EKS starts images while they load", "AMIs"),
    ("azure", {**T4, "cache": {"streaming": True}}, "cache.streaming", "is a preview that the released API version", "Artifact streaming"),
    ("gcp", {**L4, "driver": {"owner": "operator"}, "cache": {"streaming": True}}, "cache.streaming", "run Ubuntu", "Image streaming"),
    (
        "gcp",
        {**L4, "cache": {"imageSnapshot": "projects/acme-ml/global/images/llm", "streaming": False}},
        "cache.streaming",
        "must be on for an image disk to be used",
        "secondary boot disks",
    ),
    ("aws", {"machine": "m5.xlarge", "cache": {"localSsd": True}}, "cache.localSsd", "m5.xlarge does not come with", "machine_facts.csv"),
    # Sizes, repair and upgrades.
    ("gcp", {**L4, "nodes": {"min": 3, "max": 1}}, "nodes.min", "3 is more than nodes.max, 1; allowed: 0 to 1", ""),
    ("aws", {**T4, "usage": {"nodes": {"low": 1, "expected": 0, "high": 1}}}, "usage.nodes", "does not grow", ""),
    ("aws", {**T4, "usage": {"nodes": {"low": 0, "expected": 1, "high": 2}}}, "usage.nodes", "leaves what the pool can be, 0 to 1", ""),
    ("azure", {**T4, "autoRepair": False}, "autoRepair", "cannot be switched off: AKS repairs every node", "Node auto-repair"),
    ("aws", {**T4, "upgrade": {"maxSurge": 2}}, "upgrade.maxSurge", "is EKS's own choice", "NodegroupUpdateConfig"),
    ("gcp", {**L4, "upgrade": {"maxSurge": 0, "maxUnavailable": 0}}, "upgrade", "leaves no way to renew a node", ""),
    # Labels and taints.
    ("aws", {**T4, "labels": {"drydock/pool": "v"}}, "labels.drydock/pool", "belongs to drydock", ""),
    ("aws", {**T4, "labels": {"node.kubernetes.io/x": "v"}}, "labels.node.kubernetes.io/x", "belongs to kubernetes.io", "node groups"),
    ("aws", {**T4, "labels": {"eks.amazonaws.com/x": "v"}}, "labels.eks.amazonaws.com/x", "belongs to eks.amazonaws.com", "node groups"),
    ("aws", {**T4, "labels": {"karpenter.sh/x": "v"}}, "labels.karpenter.sh/x", "belongs to karpenter.sh", "node groups"),
    ("gcp", {**L4, "labels": {"cloud.google.com/x": "v"}}, "labels.cloud.google.com/x", "belongs to cloud.google.com", "node pool labels"),
    (
        "azure",
        {**T4, "labels": {"kubernetes.azure.com/x": "v"}},
        "labels.kubernetes.azure.com/x",
        "kubernetes.azure.com",
        "labels in an AKS",
    ),
    ("gcp", {**L4, "taints": [{"key": "k8s.io/x"}]}, "taints.0", "belongs to k8s.io", "node pool labels"),
    ("gcp", {**L4, "labels": {"a key": "v"}}, "labels.a key", "is no key of a label", "Labels and Selectors"),
    ("gcp", {**L4, "labels": {"key": "-v"}}, "labels.key", "is no value of a label", "Labels and Selectors"),
    ("aws", {**T4, "taints": [{"key": "nvidia.com/gpu", "value": "present"}]}, "taints.0", "every such pool has already", ""),
    ("aws", {**T4, "taints": [{"key": "a"}, {"key": "a", "value": "x"}]}, "taints.1", "stands twice with NoSchedule", ""),
    # Nodes that are there already.
    ("aws", THERE, "existing", "cannot be there before its cluster, which is made here", ""),
    ("kubernetes", {"vcpus": 4}, "existing", "the machines of such a cluster are its owners'", ""),
    ("kubernetes", {"existing": True}, "labels", "nothing tells its nodes from others", ""),
    ("kubernetes", {**THERE, "capacity": ["spot"]}, "capacity", '["spot"] would change nodes that are there already', ""),
    ("kubernetes", {**THERE, "disk": {"sizeGib": 100}}, "disk", '{"sizeGib": 100} would change nodes', ""),
    ("kubernetes", {**THERE, "system": True}, "system", "fix: remove system", ""),
    ("kubernetes", {**THERE, **L4, "sharing": {"mig": "1g.5gb"}}, "sharing.mig", "cannot be told of existing nodes", ""),
    ("kubernetes", {**THERE, "accelerator": "l4"}, "accelerator", "fix: write nvidia-l4", "pool_accelerators.csv"),
    ("kubernetes", {**THERE, "labels": {"a key": "v"}}, "labels.a key", "is no key of a label", "Labels and Selectors"),
]


@pytest.mark.parametrize(("cloud", "words", "path", "line", "source"), REFUSED)
def test_a_pool_that_cannot_be_is_refused_with_its_rule(cloud, words, path, line, source):
    (fault,) = faults(cloud, words)
    assert fault.path == f"nodePools.p.{path}"
    assert line in fault.line()
    assert source in fault.source if source else not fault.source


def _add_ons(**words):
    return {"cluster": {"addOns": words}}


PROVISIONER = "cluster.addOns.nodeProvisioner"
FROM_ONE = {**T4, "nodes": {"min": 1, "max": 3}}

# cloud, words of pool p, other words of the file, path of the fault, part of its line, part of its source.
REFUSED_TOGETHER = [
    ("gcp", L4, _add_ons(nodeProvisioner="karpenter"), PROVISIONER, "adds no nodes on gcp; allowed: cloud, off", "GKE cluster autoscaling"),
    ("gcp", L4, _add_ons(nodeProvisioner="clusterAutoscaler"), PROVISIONER, "would work against it", "GKE cluster autoscaling"),
    ("azure", T4, _add_ons(nodeProvisioner="clusterAutoscaler"), PROVISIONER, "is part of the cluster itself", "autoscaling in AKS"),
    ("azure", T4, _add_ons(nodeProvisioner="existing"), PROVISIONER, "is always the cloud's own on azure", "autoscaling in AKS"),
    ("aws", T4, _add_ons(nodeProvisioner="cloud"), PROVISIONER, "is part of GKE and AKS", "Amazon EKS User Guide, Autoscaling"),
    ("aws", FROM_ONE, _add_ons(nodeProvisioner="karpenter"), PROVISIONER, "leaves pool p at its minimum", "keeps no minimum of nodes"),
    ("azure", FROM_ONE, _add_ons(nodeProvisioner="karpenter"), PROVISIONER, "fix: write nodeProvisioner: cloud", "not beside the cluster"),
    (
        "aws",
        {**T4, "placement": "compact"},
        _add_ons(nodeProvisioner="karpenter"),
        PROVISIONER,
        "Karpenter makes no placement group",
        "keeps no minimum of nodes",
    ),
    (
        "azure",
        {**T4, "spotMaxUsdPerHour": 0.3},
        _add_ons(nodeProvisioner="karpenter"),
        "nodePools.p.spotMaxUsdPerHour",
        "is a bid that node auto-provisioning cannot make",
        "node auto-provisioning",
    ),
    ("gcp", {**L4, "capacity": ["flexStart"]}, _add_ons(nodeProvisioner="off"), "nodePools.p.capacity", "no fixed number of them", FLEX),
    ("gcp", {**L4, "capacity": ["onDemand", "spot"]}, _add_ons(nodeProvisioner="off"), "nodePools.p.capacity", "could climb them", ""),
    ("gcp", {**L4, "nodes": {"min": 0, "max": 2}}, _add_ons(nodeProvisioner="off"), "nodePools.p.nodes.min", "0 can never become 2", ""),
    (
        "gcp",
        {**L4, "driver": {"owner": "operator"}},
        _add_ons(gpuOperator="off"),
        "nodePools.p.driver.owner",
        "needs the GPU operator, and cluster.addOns.gpuOperator is off",
        "NVIDIA GPU Operator, Prerequisites",
    ),
    (
        "aws",
        {**A100, "sharing": {"mig": "1g.5gb"}},
        _add_ons(gpuOperator="off"),
        "nodePools.p.sharing.mig",
        "'1g.5gb' needs the GPU operator",
        "GPU Operator with MIG",
    ),
    (
        "azure",
        {**T4, "driver": {"owner": "cloud"}},
        _add_ons(gpuOperator="install"),
        "nodePools.p.driver.owner",
        "makes a second owner of drivers in one cluster",
        "NVIDIA GPU Operator, Prerequisites",
    ),
    ("aws", {**T4, "zones": ["eu-west-1c"]}, {"network": {"zones": 2}}, "nodePools.p.zones", "the network has no subnet", "node groups"),
    ("azure", {"vcpus": 4, "zones": ["1"]}, {"region": "westus"}, "nodePools.p.zones", "westus has none on record", "regions.csv"),
    (
        "gcp",
        {"system": True},
        {"region": "us-central2"},
        "nodePools.p.machine",
        "nothing is on record in us-central2 that pods without an accelerator could run on",
        MACHINES,
    ),
    (
        "gcp",
        {"machine": "c4-standard-8", "driver": {"owner": "operator"}},
        {"pools": {"q": {**L4, "driver": {"owner": "cloud"}}}},
        "nodePools.q.driver.owner",
        "the GPU operator owns the others' drivers",
        "NVIDIA GPU Operator, Prerequisites",
    ),
    ("aws", {"system": True}, {"pools": {"q": {"system": True}}}, "nodePools.q.system", "makes a second system pool beside p", ""),
    ("aws", {"vcpus": 4}, {"pools": {"system": {"system": False}}}, "nodePools.system.system", "is the name of the pool that runs", ""),
    (
        "azure",
        {"vcpus": 4, "capacity": ["onDemand", "spot"]},
        {"pools": {"p-spot": {"vcpus": 4}}},
        "nodePools.p-spot",
        "is what a rung of pool p is called",
        "",
    ),
    (
        "kubernetes",
        THERE,
        {"cluster": {"existing": {"context": "lab"}, "addOns": {"nodeProvisioner": "karpenter"}}},
        PROVISIONER,
        "adds no nodes on kubernetes; allowed: off, existing",
        "",
    ),
]


@pytest.mark.parametrize(("cloud", "words", "others", "path", "line", "source"), REFUSED_TOGETHER)
def test_what_cannot_stand_together_is_refused_with_its_rule(cloud, words, others, path, line, source):
    (fault,) = faults(cloud, words, **others)
    assert fault.path == path
    assert line in fault.line()
    assert source in fault.source if source else not fault.source


def test_what_a_pool_gets_wrong_is_said_at_once():
    words = {**L4, "capacity": ["flexStart", "spot"], "nodes": {"min": 3, "max": 1}, "sharing": {"mig": "1g.5gb"}, "disk": {"iops": 200}}
    found = [fault.path.removeprefix("nodePools.p.") for fault in faults("gcp", words)]
    assert found == ["capacity", "disk.iops", "nodes.min", "sharing.mig"]


def test_a_system_pool_must_stay_and_needs_no_gpu_capacity():
    found = faults("gcp", {"system": True, "capacity": ["flexStart"]})
    assert {fault.path for fault in found} == {"nodePools.p.capacity"}
    assert [("goes away by itself" in fault.line(), bool(fault.source)) for fault in found] == [(True, False), (False, True)]


def test_tpus_of_a_generation_that_flex_start_has_not_are_refused_where_they_are():
    found = faults("gcp", {"accelerator": "tpu-v4", "capacity": ["flexStart"]}, region="us-central2")
    assert "starts TPU v4, which flex-start has not" in found[0].line()


def test_a_machine_that_is_slow_when_busy_is_for_development_only():
    assert not faults("aws", {"machine": "t3.large"}, stage="dev")
    assert not faults("aws", {"machine": "t3.large"}, stage="staging")
