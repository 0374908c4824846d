"""Compute of Azure Machine Learning: who logs on to it, where it stands, what it costs while nobody uses it."""

import re
from collections.abc import Iterator

from policies.azure_machines import accelerator
from policies.check import Checks, Problem
from policies.checks.ml_azure import in_managed_network
from policies.view import View

CHECKS = Checks()
COMPUTE = "azure-native:machinelearningservices:Compute"
_CLUSTER, _INSTANCE = "AmlCompute", "ComputeInstance"
# Minutes of the parts of an ISO 8601 duration that Azure ML writes: P1DT2H30M15S.
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_MINUTES = (24 * 60, 60, 1, 1 / 60)


@CHECKS.add(
    "DD-ML-206",
    "Nobody logs on to compute with a password or key of its own",
    COMPUTE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A local user is nobody's in the directory: who leaves the team still gets in.",
    fix="set properties.disableLocalAuth to true",
    equivalents=("CKV_AZURE_142",),
)
def no_local_auth(view: View) -> Iterator[Problem]:
    """disableLocalAuth of clusters and instances, off where it is left out (Azure ML REST API, Compute)."""
    if _is(view, _CLUSTER, _INSTANCE) and not view.flag("properties.disableLocalAuth"):
        yield Problem(path="properties.disableLocalAuth", what="is off")


@CHECKS.add(
    "DD-ML-211",
    "A compute cluster goes to zero",
    COMPUTE,
    rationale="Its nodes are paid for while no job runs, by the hour, on GPUs mostly.",
    fix="set properties.properties.scaleSettings.minNodeCount to 0",
    equivalents=("CKV_AZURE_150",),
)
def goes_to_zero(view: View) -> Iterator[Problem]:
    """minNodeCount of clusters, 0 where it is left out (Azure ML REST API, ScaleSettings)."""
    path = "properties.properties.scaleSettings.minNodeCount"
    least = view.number(path)
    if _is(view, _CLUSTER) and least:
        yield Problem(path=path, what=f"is {least:.0f}")


@CHECKS.add(
    "DD-ML-212",
    "A compute cluster does not wait long for the next job",
    COMPUTE,
    level="advisory",
    rationale="Every node waits this long after every job, and is paid for meanwhile.",
    fix="set properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown to PT10M or less",
    parameters={"mostMinutes": 30},
)
def scales_down_soon(view: View) -> Iterator[Problem]:
    """nodeIdleTimeBeforeScaleDown of clusters, two minutes where it is left out (Microsoft Learn, "Create compute clusters")."""
    path = "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown"
    minutes = _minutes(view.text(path, "PT2M"))
    if _is(view, _CLUSTER) and minutes > view.parameters["mostMinutes"]:
        yield Problem(path=path, what=f"is {minutes:.0f} minutes")


@CHECKS.add(
    "DD-ML-213",
    "A compute instance stops when nobody uses it",
    COMPUTE,
    rationale="An instance left on over a weekend costs as much as a month of the work that was done on it.",
    fix="set properties.properties.idleTimeBeforeShutdown, such as PT60M",
    parameters={"mostMinutes": 180},
)
def stops_when_idle(view: View) -> Iterator[Problem]:
    """idleTimeBeforeShutdown of instances, never where it is left out (Azure ML REST API, ComputeInstanceProperties)."""
    path = "properties.properties.idleTimeBeforeShutdown"
    if not _is(view, _INSTANCE):
        return
    idle = view.text(path)
    if not idle:
        yield Problem(path=path, what="is not set, and it never stops")
    elif _minutes(idle) > view.parameters["mostMinutes"]:
        yield Problem(path=path, what=f"is {_minutes(idle):.0f} minutes")


@CHECKS.add(
    "DD-ML-214",
    "Compute stands in a network of one's own",
    COMPUTE,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="Outside it reaches data through the internet, past every security group.",
    fix="set properties.properties.subnet.id, or managedNetwork.isolationMode of its workspace",
)
def compute_in_network(view: View) -> Iterator[Problem]:
    """subnet of clusters and instances, unless their workspace, which the program must declare, has a managed network."""
    if _is(view, _CLUSTER, _INSTANCE) and not view.present("properties.properties.subnet.id") and not in_managed_network(view):
        yield Problem(path="properties.properties.subnet", what="is not set")


@CHECKS.add(
    "DD-ML-215",
    "Compute has no public address",
    COMPUTE,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="What has no public address cannot be tried from the internet, whatever its security group says.",
    fix="set properties.properties.enableNodePublicIp to false",
)
def compute_not_public(view: View) -> Iterator[Problem]:
    """enableNodePublicIp of clusters and instances, on where it is left out (Azure ML REST API); a managed network has none."""
    path = "properties.properties.enableNodePublicIp"
    if _is(view, _CLUSTER, _INSTANCE) and view.flag(path, default=True) and not in_managed_network(view):
        yield Problem(path=path, what="is on")


@CHECKS.add(
    "DD-ML-216",
    "Compute is not open to SSH",
    COMPUTE,
    severity="high",
    rationale="An open port 22 on a machine with data on it is found and tried within hours.",
    fix="set remoteLoginPortPublicAccess of clusters, sshSettings.sshPublicAccess of instances, to Disabled",
)
def no_open_ssh(view: View) -> Iterator[Problem]:
    """The two switches; NotSpecified opens the port outside a network (Azure ML REST API, RemoteLoginPortPublicAccess)."""
    cluster, instance = "properties.properties.remoteLoginPortPublicAccess", "properties.properties.sshSettings.sshPublicAccess"
    if _is(view, _CLUSTER) and view.text(cluster) == "Enabled":
        yield Problem(path=cluster, what="is Enabled")
    if _is(view, _INSTANCE) and view.text(instance) == "Enabled":
        yield Problem(path=instance, what="is Enabled")


@CHECKS.add(
    "DD-ML-217",
    "What runs on a compute instance is its owner's alone",
    COMPUTE,
    level="advisory",
    rationale="Shared, everybody in the workspace can open its notebooks and terminal, and acts as its owner.",
    fix="set properties.properties.applicationSharingPolicy to Personal",
)
def not_shared(view: View) -> Iterator[Problem]:
    """applicationSharingPolicy, Shared where it is left out (Azure ML REST API, ApplicationSharingPolicy)."""
    path = "properties.properties.applicationSharingPolicy"
    if _is(view, _INSTANCE) and view.text(path, "Shared") == "Shared":
        yield Problem(path=path, what="is Shared")


@CHECKS.add(
    "DD-ML-221",
    "Training outside production takes machines that cost less",
    COMPUTE,
    severity="low",
    level="advisory",
    rationale="Low-priority GPUs cost a fraction, and a job that saves checkpoints goes on where it was taken away.",
    fix="set properties.properties.vmPriority to LowPriority",
)
def low_priority(view: View) -> Iterator[Problem]:
    """vmPriority of clusters with accelerators, Dedicated where it is left out, in any stage but prod (Azure ML REST API, VmPriority)."""
    path = "properties.properties.vmPriority"
    dear = _is(view, _CLUSTER) and accelerator(view.text("properties.properties.vmSize"))
    if view.stage != "prod" and dear and view.text(path, "Dedicated") == "Dedicated":
        yield Problem(path=path, what="is Dedicated")


def _is(compute: View, *kinds: str) -> bool:
    return compute.text("properties.computeType") in kinds


def _minutes(duration: str) -> float:
    found = _DURATION.fullmatch(duration)
    parts = found.groups() if found else ()
    return sum(int(part) * minutes for part, minutes in zip(parts, _MINUTES, strict=False) if part)
