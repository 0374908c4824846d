"""Azure ML online endpoints and the deployments behind them: who calls them, whether they stay up, what they cost while nobody calls."""

from collections.abc import Iterator

from policies.azure_machines import accelerator
from policies.azure_network import public, recorded
from policies.check import Checks, Problem
from policies.checks.ml_azure import in_managed_network
from policies.joins import beside, sources
from policies.part import Part
from policies.view import View

CHECKS = Checks()
ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
BATCH = "azure-native:machinelearningservices:BatchDeployment"
SERVERLESS = "azure-native:machinelearningservices:ServerlessEndpoint"
# Modules of the SDK's third version and of its second.
AUTOSCALERS = ("azure-native:monitor:AutoscaleSetting", "azure-native:insights:AutoscaleSetting")
_ENVIRONMENT = "azure-native:machinelearningservices:EnvironmentVersion"
_BY_KEY = ("Key", "KeyAndAAD")


@CHECKS.add(
    "DD-ENDPOINT-201",
    "An endpoint has no public address",
    ENDPOINT,
    level="advisory",
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="What cannot be reached from the internet cannot be tried, flooded or fed with other people's keys.",
    fix="set properties.publicNetworkAccess to Disabled",
    key="endpoints.<name>.access.public",
)
def not_public(view: View) -> Iterator[Problem]:
    """publicNetworkAccess, Enabled where it is left out (Azure ML REST API, OnlineEndpointProperties)."""
    if public(view, "properties.publicNetworkAccess"):
        yield Problem(path="properties.publicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-ENDPOINT-202",
    "An endpoint is called with identities, not keys",
    ENDPOINT,
    SERVERLESS,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="A key is nobody's: whoever finds it may call, and nobody sees who did.",
    fix="set properties.authMode to AADToken, or AAD for serverless ones, and give callers a role",
    key="endpoints.<name>.access.authentication",
)
def no_keys(view: View) -> Iterator[Problem]:
    """authMode, which is required of online endpoints; a key is usual for serverless ones (Azure ML REST API, EndpointAuthMode)."""
    mode = view.text("properties.authMode", "Key")
    if mode in _BY_KEY:
        yield Problem(path="properties.authMode", what=f"is {mode}")


@CHECKS.add(
    "DD-ENDPOINT-203",
    "An endpoint in production has two instances or more",
    ENDPOINT,
    severity="high",
    joined=True,
    rationale="One instance fails with its machine, and each patch and each update of it is an outage.",
    fix="set sku.capacity of the deployment, or the least of its AutoscaleSetting, to 2 or more",
    key="endpoints.<name>.replicas.min",
    parameters={"leastInstances": 2},
)
def enough_instances(view: View) -> Iterator[Problem]:
    """The largest deployment of the endpoint in the stage prod: a canary or a shadow need not be doubled."""
    deployments = beside(view, [DEPLOYMENT], "endpointName")
    most = max(map(_least_instances, deployments), default=None) if view.stage == "prod" else None
    if most is not None and most < view.parameters["leastInstances"]:
        yield Problem(what=f"has {most:.0f} at its least, in production")


@CHECKS.add(
    "DD-ENDPOINT-204",
    "An endpoint scales with its traffic",
    DEPLOYMENT,
    joined=True,
    level="advisory",
    rationale="With a fixed number of instances the endpoint is too small at noon, and too dear at night.",
    fix="add an AutoscaleSetting whose targetResourceUri is the deployment's id",
    key="endpoints.<name>.autoscaling",
)
def scales(view: View) -> Iterator[Problem]:
    """Whether an autoscaler that is on refers to a managed deployment (Microsoft Learn, "Autoscale online endpoints")."""
    if _on_kubernetes(view):
        return
    if not any(found.flag("enabled") for found in beside(view, AUTOSCALERS, "targetResourceUri")):
        yield Problem(what="no autoscaler refers to it")


@CHECKS.add(
    "DD-ENDPOINT-205",
    "An autoscaler has room to scale",
    *AUTOSCALERS,
    level="advisory",
    joined=True,
    rationale="Where the least is the most, autoscaling is there in name only.",
    fix="set capacity.maximum of a profile above capacity.minimum",
    key="endpoints.<name>.replicas.max",
)
def room_to_scale(view: View) -> Iterator[Problem]:
    """Whether it, or another autoscaler of the same endpoint, has room or bounds that change: a canary or a shadow need not move."""
    if not any(map(_moves, [view, *_of_same_endpoint(view)])):
        yield Problem(path="profiles.0.capacity.maximum", what="is as minimum is")


@CHECKS.add(
    "DD-ENDPOINT-206",
    "An autoscaler takes away what it added",
    *AUTOSCALERS,
    severity="high",
    rationale="A profile that only grows ends at its most after the first busy hour, and stays there.",
    fix="add a rule with scaleAction.direction Decrease beside each Increase",
    key="endpoints.<name>.autoscaling",
)
def scales_in(view: View) -> Iterator[Problem]:
    """Profiles with a rule that adds and none that takes away (Microsoft Learn, "Autoscale best practices": a pair of rules)."""
    for profile in Part(view, "").each("profiles"):
        directions = {rule.text("scaleAction.direction") for rule in profile.each("rules")}
        if "Increase" in directions and "Decrease" not in directions:
            yield Problem(path=profile.at("rules"), what="add instances and take none away")


@CHECKS.add(
    "DD-ENDPOINT-207",
    "A model's container reaches nothing that it need not",
    DEPLOYMENT,
    severity="high",
    joined=True,
    profiles={"dev": "advisory"},
    rationale="A model file that runs code when it is loaded can send away what callers send in.",
    fix="set managedNetwork.isolationMode of its workspace, or properties.egressPublicNetworkAccess to Disabled",
)
def bounded_network(view: View) -> Iterator[Problem]:
    """egressPublicNetworkAccess, Enabled where it is left out, unless the workspace, if declared, has a managed network."""
    if not _on_kubernetes(view) and public(view, "properties.egressPublicNetworkAccess") and not in_managed_network(view):
        yield Problem(path="properties.egressPublicNetworkAccess", what="is on")


@CHECKS.add(
    "DD-ENDPOINT-208",
    "An endpoint outside production does not run at night",
    DEPLOYMENT,
    joined=True,
    level="advisory",
    rationale="A managed deployment never goes to zero: forgotten on a GPU it costs more than anything else in development.",
    fix="delete it when work is over, scale it by a schedule, or tag it with the day when it goes (ttl)",
    key="endpoints.<name>.autoscaling.schedules",
    parameters={"tags": ("ttl", "expires")},
)
def rests(view: View) -> Iterator[Problem]:
    """In any stage but prod: managed deployments without a schedule, or a tag that says how long."""
    if view.stage == "prod" or _on_kubernetes(view) or any(view.present(f"tags.{tag}") for tag in view.parameters["tags"]):
        return
    profiles = [each for found in beside(view, AUTOSCALERS, "targetResourceUri") for each in Part(found, "").each("profiles")]
    if not any(profile.present("recurrence") for profile in profiles):
        yield Problem(what="runs all night, and nobody says for how long")


@CHECKS.add(
    "DD-ENDPOINT-209",
    "No GPU is paid for by an image that cannot use it",
    DEPLOYMENT,
    joined=True,
    level="advisory",
    rationale="An image built for processors runs on the machine's processors and leaves its GPU idle, at many times the price.",
    fix="name a size without a GPU in properties.instanceType, or the image's GPU build",
    key="endpoints.<name>.accelerator",
)
def no_idle_gpu(view: View) -> Iterator[Problem]:
    """Sizes with accelerators under an environment whose image says cpu (Azure ML's prebuilt images: …-cpu-inference, …-py39-cpu)."""
    images = [found.text("properties.image") for found in sources(view, "properties", [_ENVIRONMENT])]
    size = view.text("properties.instanceType")
    if accelerator(size) and any("-cpu" in image.rpartition("/")[2] for image in images):
        yield Problem(path="properties.instanceType", what=f"is {size}, whose accelerator its image cannot use")


@CHECKS.add(
    "DD-ENDPOINT-210",
    "Calls of an endpoint are recorded",
    ENDPOINT,
    level="advisory",
    joined=True,
    profiles={"dev": "disabled", "regulated": "mandatory"},
    rationale="Without the traffic log nobody can say which calls failed, nor who made them.",
    fix="add a DiagnosticSetting for it with AmlOnlineEndpointTrafficLog",
    key="endpoints.<name>.alarms",
)
def recorded_calls(view: View) -> Iterator[Problem]:
    """Whether a diagnostic setting records its traffic (Microsoft Learn, "Monitor online endpoints", logs)."""
    if recorded(view, ["AmlOnlineEndpointTrafficLog"]):
        yield Problem(what="nothing records its traffic")


@CHECKS.add(
    "DD-ENDPOINT-211",
    "What a model answers is looked at for harm",
    SERVERLESS,
    rationale="A language model without a filter answers whatever it is asked, in your name.",
    fix="set properties.contentSafety.contentSafetyStatus to Enabled",
)
def filtered(view: View) -> Iterator[Problem]:
    """contentSafetyStatus, which is on only where it is said (Azure ML REST API, ContentSafety)."""
    path = "properties.contentSafety.contentSafetyStatus"
    if view.text(path) != "Enabled":
        yield Problem(path=path, what="is not Enabled")


@CHECKS.add(
    "DD-ENDPOINT-212",
    "A request ends some day",
    DEPLOYMENT,
    severity="low",
    level="advisory",
    rationale="Requests that wait longer than callers do fill the queue, and everybody else's wait behind them.",
    fix="set properties.requestSettings.requestTimeout",
    key="endpoints.<name>.objective.p95Ms",
)
def request_ends(view: View) -> Iterator[Problem]:
    """requestTimeout in the stage prod: five seconds where it is left out, which few large models keep (Azure ML REST API)."""
    path = "properties.requestSettings.requestTimeout"
    # The SDK's own classes write the five seconds down where nobody does.
    if view.stage == "prod" and (not view.present(path) or view.resource.get(path) == "PT5S"):
        yield Problem(path=path, what="is 5 seconds, as where it is not set")


@CHECKS.add(
    "DD-ENDPOINT-213",
    "A batch goes on after an item that fails",
    BATCH,
    level="advisory",
    rationale="A batch that may fail for any item is paid for again from its beginning.",
    fix="set properties.retrySettings.maxRetries to 1 or more, and errorThreshold to what may fail",
)
def batch_retries(view: View) -> Iterator[Problem]:
    """maxRetries of batch deployments, 3 where it is left out (Azure ML REST API, BatchRetrySettings)."""
    if view.number("properties.retrySettings.maxRetries") == 0:
        yield Problem(path="properties.retrySettings.maxRetries", what="is 0")


def _moves(autoscaler: View) -> bool:
    bounds = {(each.text("capacity.minimum"), each.text("capacity.maximum")) for each in Part(autoscaler, "").each("profiles")}
    return len(bounds) != 1 or any(least != most for least, most in bounds)


def _of_same_endpoint(autoscaler: View) -> list[View]:
    deployment = autoscaler.referred("targetResourceUri", DEPLOYMENT)
    endpoint = deployment.referred("endpointName", ENDPOINT) if deployment else None
    deployments = beside(endpoint, [DEPLOYMENT], "endpointName") if endpoint else []
    return [found for each in deployments for found in beside(each, AUTOSCALERS, "targetResourceUri")]


def _on_kubernetes(deployment: View) -> bool:
    return deployment.text("properties.endpointComputeType", "Managed") == "Kubernetes"


def _least_instances(deployment: View) -> float:
    """Instances that it always has: by its autoscaler, its own settings on Kubernetes, else its capacity, 1 where nothing is said."""
    scalers = [found for found in beside(deployment, AUTOSCALERS, "targetResourceUri") if found.flag("enabled")]
    if scalers:
        return min(_whole(each.text("capacity.minimum")) for found in scalers for each in Part(found, "").each("profiles"))
    own = deployment.number("properties.scaleSettings.minInstances")
    return own if own is not None else deployment.number("sku.capacity", 1)


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0
