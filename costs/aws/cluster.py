"""Clusters: the control plane of EKS and its Fargate pods; the tasks of ECS stand in their own file."""

from fnmatch import fnmatchcase
from typing import Final

from catalogue.model import Price
from costs.aws import task
from costs.aws.lookup import named
from costs.aws.parts import between, on_record, unlisted
from costs.aws.task import per_task
from costs.model import Factor
from costs.money import Band
from costs.pricing import Pricer, Pricing, count
from costs.resource import Missing
from costs.support import AS_OF, standard_until

_WORKLOADS: Final = (":Deployment", ":StatefulSet", ":ReplicaSet", ":Pod", ":Job", ":CronJob")
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"


def cluster(pricing: Pricing) -> None:
    """An EKS cluster: its control plane in standard or extended support, its tier, its logs; Auto Mode and hybrid nodes by name."""
    pricing.line("control plane", _control_plane(pricing), count("cluster", 1), pricing.hours())
    tier = pricing.text("controlPlaneScalingConfig.tier", "standard")
    if tier != "standard":
        driver = f"control plane tier {tier}"
        pricing.line(driver, pricing.service("eks", f"control-plane-{tier}", driver), count("cluster", 1), pricing.hours())
    if pricing.flag("computeConfig.enabled") or pricing.unreadable("computeConfig"):
        reason = "the nodes that Auto Mode starts, and its fee on them, are known only once workloads run: give them as node groups"
        pricing.unpriced("Auto Mode nodes", reason)
    if pricing.resource.get("remoteNetworkConfig") is not None:
        pricing.unpriced("hybrid nodes", "they are paid by the vCPU-hour, and no price is on record")
    _logs(pricing)


def _control_plane(pricing: Pricing) -> Price | None:
    standard, extended = "cluster", "cluster-extended-support"
    version = pricing.resource.get("version")
    policy = pricing.text("upgradePolicy.supportType")
    if isinstance(version, Missing) or pricing.unreadable("upgradePolicy"):
        note = "version or upgradePolicy is known only after `up`: from standard to extended support"
        low, high = pricing.service("eks", standard, "control plane"), pricing.service("eks", extended, "control plane")
        return between(low, low, high, note)
    until = standard_until("aws", version)
    if policy == "STANDARD" or until is None or until >= AS_OF:
        _say_when(pricing, policy, until)
        return pricing.service("eks", standard, "control plane")
    # EKS takes extended support where nothing is said. Source: Amazon EKS User Guide, "Disable EKS extended support".
    said = "supportType is EXTENDED" if policy == "EXTENDED" else "upgradePolicy is left out: the default is EXTENDED"
    pricing.note("support", "extended", f"standard support of {version} ended by {until}, and {said}")
    found = on_record(pricing, "eks", extended)
    if found is None:
        pricing.unpriced("extended support", f"no price of it in {pricing.region} is on record: only that of standard support is counted")
    return found or pricing.service("eks", standard, "control plane")


def _say_when(pricing: Pricing, policy: str, until: str | None) -> None:
    if policy == "STANDARD":
        pricing.note("support", "standard", "supportType is STANDARD: EKS upgrades the cluster when standard support ends")
    elif until is not None:
        pricing.note("support", "standard", f"until {until}; from then on extended support, at its price, unless it is upgraded")
    else:
        pricing.note("support", "standard", "its version is left out or newer than those on record: in standard support")


def _logs(pricing: Pricing) -> None:
    """Control plane logs, unless the program declares their log group, which then pays. Source: CloudWatch pricing, "Logs"."""
    if not pricing.resource.items("enabledClusterLogTypes"):
        return
    name, program = pricing.text("name"), pricing.program
    if name:
        declared = bool(named(program, _LOG_GROUP, f"/aws/eks/{name}/cluster"))
    else:
        # Its name is known only after `up`, and so is that of its log group: any of EKS may be it.
        declared = bool(program.of_type(_LOG_GROUP)) and bool(named(program, _LOG_GROUP, "eks", in_path=True))
    if not declared:
        driver = "control plane logs"
        pricing.line(
            driver, pricing.service("cloudwatch", "logs-ingested", driver), pricing.usage_or("ingestedGibPerMonth"), usage_based=True
        )


def fargate_profile(pricing: Pricing) -> None:
    """Pods on Fargate: by the vCPU and the GB that they ask for, which only the workloads say."""
    if _own_pods(pricing):
        pricing.note("pods", "those of this program", "each workload is priced by what it requests; pods that others start are not in it")
        return
    pods = pricing.usage_or("replicas", Band.of(0, 1, 10), "how many pods match the profile is known only to the cluster")
    # Fargate's sizes run from a quarter of a vCPU to 16. Source: Amazon EKS User Guide, "Fargate Pod configuration".
    vcpus = pricing.assume("vCPU of a pod", Band.of(0.25, 1, 4), "only the workloads say what their pods ask for")
    memory = pricing.assume("GB of a pod", Band.of(0.5, 2, 30), "only the workloads say what their pods ask for")
    per_task(pricing, "pods", (pods,), {"eks-fargate vcpu": vcpus, "eks-fargate memory": memory})


def _own_pods(pricing: Pricing) -> bool:
    """Whether a workload of the program, which costs.kubernetes prices, stands in a namespace that the profile selects."""
    if any("replicas" in entry for _, entry in pricing.told.matching(pricing.resource)):
        return False
    chosen = [pricing.text(f"selectors.{i}.namespace") for i in range(len(pricing.resource.items("selectors")))]
    pods = (each for each in pricing.program.resources.values() if each.package == "kubernetes" and each.type.endswith(_WORKLOADS))
    return any(fnmatchcase(str(each.get("metadata.namespace") or "default"), name) for each in pods for name in chosen if name)


def capability(pricing: Pricing) -> None:
    """A managed capability of EKS (Argo CD, ACK, kro): by the hour. Source: Amazon EKS pricing, "EKS Capabilities"."""
    kind = pricing.text("type", "capability").lower()
    pricing.line(kind, pricing.service("eks", f"capability-{kind}", kind), Factor("capability", Band.exactly(1)), pricing.hours())


PRICERS: dict[str, Pricer] = {
    "aws:eks/cluster:Cluster": cluster,
    "aws:eks/fargateProfile:FargateProfile": fargate_profile,
    "aws:eks/capability:Capability": capability,
    "aws:ecs/taskSet:TaskSet": unlisted("tasks of the set", "how many of its service's tasks it runs is decided by who deploys"),
    "aws:ecs/expressGatewayService:ExpressGatewayService": unlisted(
        "tasks", "their number and size are those of the service's own defaults"
    ),
    **task.PRICERS,
}
FREE: set[str] = {
    "aws:eks/addon:Addon",
    "aws:eks/accessEntry:AccessEntry",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "aws:eks/identityProviderConfig:IdentityProviderConfig",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    *task.FREE,
}
