"""What each platform of endpoints can do: one table, from which the planner refuses and the page of docs is written."""

from collections.abc import Mapping
from dataclasses import dataclass

_SHADOW_TEST = "Amazon SageMaker, Create a shadow test: https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-create.html"
_SHADOW = "Amazon SageMaker, CreateEndpointConfig: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
_VARIANTS = "Amazon SageMaker, ProductionVariant: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
_ROUTING = "Amazon SageMaker, TrafficRoutingConfig: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html"
_ROLLING = "Amazon SageMaker, RollingUpdatePolicy: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html"
_GUARDRAILS = "Amazon SageMaker, Deployment guardrails: https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html"
_SM_WEIGHTS = (
    "Amazon SageMaker, UpdateEndpointWeightsAndCapacities: "
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html"
)
_ALARMS = "Amazon CloudWatch, Evaluating an alarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html"
_SM_ZERO = "Amazon SageMaker, Scale an endpoint to zero instances: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html"
_SM_SCALING = "Amazon SageMaker, Automatic scaling: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html"
_SM_TRACKING = (
    "Application Auto Scaling, Target tracking: "
    "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking.html"
)
_SM_SCHEDULED = "Application Auto Scaling, Scheduled scaling: https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html"
_SM_INVOKE = (
    "Amazon SageMaker Runtime, InvokeEndpoint: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html"
)
_SM_LINK = "Amazon SageMaker, Connect within your VPC: https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html"
_SM_CAPTURE = "Amazon SageMaker, Data capture: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html"
_SM_ASYNC = "Amazon SageMaker, Asynchronous inference: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html"
_SM_ASYNC_SCALING = (
    "Amazon SageMaker, Autoscale an asynchronous endpoint: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html"
)
_SM_INSTANCES = "Amazon SageMaker, Real-time inference: https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html"
_VX_SPLIT = "Vertex AI, Endpoint.trafficSplit: https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints"
_VX_DEPLOY = "Vertex AI, Deploy a model to an endpoint: https://cloud.google.com/vertex-ai/docs/predictions/deploy-model-api"
_VX_SCALING = "Vertex AI, Scale inference nodes by using autoscaling: https://cloud.google.com/vertex-ai/docs/predictions/autoscaling"
_VX_COMPUTE = "Vertex AI, Configure compute resources: https://cloud.google.com/vertex-ai/docs/predictions/configure-compute"
_VX_PRIVATE = "Vertex AI, Private Service Connect endpoints: https://cloud.google.com/vertex-ai/docs/predictions/private-service-connect"
_VX_QUOTA = "Vertex AI, Quotas and limits: https://cloud.google.com/vertex-ai/docs/quotas"
_VX_LOGGING = "Vertex AI, Online prediction logging: https://cloud.google.com/vertex-ai/docs/predictions/online-prediction-logging"
_VX_ACCESS = "Vertex AI, Access control with IAM: https://cloud.google.com/vertex-ai/docs/general/access-control"
_CR_TRAFFIC = "Cloud Run, Traffic migration: https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration"
_CR_MIRROR = "Google Cloud, RequestMirrorPolicy: https://cloud.google.com/compute/docs/reference/rest/v1/urlMaps"
_CR_SPLIT = "Google Cloud, Application Load Balancer with Cloud Run: https://cloud.google.com/load-balancing/docs/https/setup-global-ext-https-serverless"
_CR_ARMOR = "Google Cloud Armor, Rate limiting overview: https://cloud.google.com/armor/docs/rate-limiting-overview"
_CR_SCALING = "Cloud Run, About instance autoscaling: https://cloud.google.com/run/docs/about-instance-autoscaling"
_CR_GPU = "Cloud Run, GPU support for services: https://cloud.google.com/run/docs/configuring/services/gpu"
_CR_INGRESS = "Cloud Run, Restrict network ingress: https://cloud.google.com/run/docs/securing/ingress"
_CR_AUTH = "Cloud Run, Authentication overview: https://cloud.google.com/run/docs/authenticating/overview"
_CR_MAX = "Cloud Run, Maximum instances: https://cloud.google.com/run/docs/configuring/max-instances"
_CR_LOGGING = "Cloud Run, Logging: https://cloud.google.com/run/docs/logging"
_AZ_ROLLOUT = (
    "Azure Machine Learning, Safe rollout: https://learn.microsoft.com/azure/machine-learning/how-to-safely-rollout-online-endpoints"
)
_AZ_TRAFFIC = "Azure Machine Learning, Online endpoints, traffic and mirrorTraffic: https://learn.microsoft.com/azure/machine-learning/reference-yaml-endpoint-online"
_AZ_SCALING = (
    "Azure Machine Learning, Autoscale online endpoints: https://learn.microsoft.com/azure/machine-learning/how-to-autoscale-endpoints"
)
_AZ_PROFILES = "Azure Monitor, Autoscale: 20 profiles, two for each schedule: https://learn.microsoft.com/azure/azure-monitor/autoscale/autoscale-understanding-settings"
_AZ_SIZES = "Azure Machine Learning, Managed online endpoints SKU list: https://learn.microsoft.com/azure/machine-learning/reference-managed-online-endpoints-vm-sku-list"
_AZ_PRIVATE = "Azure Machine Learning, Network isolation with managed online endpoints: https://learn.microsoft.com/azure/machine-learning/concept-secure-online-endpoint"
_AZ_AUTH = "Azure Machine Learning, Authentication for online endpoints: https://learn.microsoft.com/azure/machine-learning/concept-endpoints-online-auth"
_AZ_LIMITS = "Azure Machine Learning, Quotas and limits: https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas"
_AZ_CAPTURE = "Azure Machine Learning, Data collection: https://learn.microsoft.com/azure/machine-learning/concept-data-collection"
_AZ_ONLINE = "Azure Machine Learning, Online endpoints: https://learn.microsoft.com/azure/machine-learning/concept-endpoints-online"
_GATEWAY = "Gateway API, HTTP traffic splitting: https://gateway-api.sigs.k8s.io/guides/traffic-splitting/"
_MIRROR = "Gateway API, HTTP request mirroring: https://gateway-api.sigs.k8s.io/guides/http-request-mirroring/"
_GKE_GATEWAY = "Google Cloud, GatewayClass capabilities: https://cloud.google.com/kubernetes-engine/docs/how-to/gatewayclass-capabilities"
_HPA = "Kubernetes documentation, Horizontal Pod Autoscaling: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"
_HPA_API = "Kubernetes API, HPAScalingPolicy, periodSeconds: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/"
_KEDA = "KEDA documentation, Scaling deployments: https://keda.sh/docs/latest/concepts/scaling-deployments/"
_KEDA_METRICS = "KEDA documentation, Prometheus scaler: https://keda.sh/docs/latest/scalers/prometheus/"
_KEDA_CRON = "KEDA documentation, Cron scaler: https://keda.sh/docs/latest/scalers/cron/"
_DEPLOYMENT = "Kubernetes documentation, Deployments: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/"
_POLICIES = "Kubernetes documentation, Network policies: https://kubernetes.io/docs/concepts/services-networking/network-policies/"
_DEVICES = "Kubernetes documentation, Schedule GPUs: https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/"
_ENVOY_JWT = "Envoy Gateway, JWT authentication: https://gateway.envoyproxy.io/docs/tasks/security/jwt-authentication/"
_ENVOY_RATE = "Envoy Gateway, Local rate limit: https://gateway.envoyproxy.io/docs/tasks/traffic/local-rate-limit/"
_ENVOY_TLS = "Envoy Gateway, Secure gateways: https://gateway.envoyproxy.io/docs/tasks/security/secure-gateways/"

# `on: managed` of each cloud; a cluster on anybody's machines has none.
MANAGED: Mapping[str, str] = {"aws": "sageMaker", "gcp": "vertexAi", "azure": "azureMl"}
# The cloud that each platform is of; kubernetes is on all of them.
CLOUDS: Mapping[str, str] = {"sageMaker": "aws", "vertexAi": "gcp", "cloudRun": "gcp", "azureMl": "azure"}
# Columns of the table: the platforms, and Kubernetes once more where the gateway is GKE's own.
COLUMNS: Mapping[str, str] = {
    "sageMaker": "SageMaker",
    "vertexAi": "Vertex AI",
    "cloudRun": "Cloud Run",
    "azureMl": "Azure ML",
    "kubernetes": "Kubernetes",
    "gke": "GKE",
}


@dataclass(frozen=True, kw_only=True)
class Ability:
    """What one platform does about one ability.

    needs: the word of cluster.addOns, of the endpoint or of the environment without which it cannot. low, high: bounds of the number that
    goes with it, in the ability's unit. note: a limit in words, or why it cannot. source: whose rule that is; empty for Drydock's own.
    """

    can: bool = True
    needs: str | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    source: str


def _no(note: str, source: str) -> Ability:
    return Ability(can=False, note=note, source=source)


def _yes(source: str, note: str = "") -> Ability:
    return Ability(note=note, source=source)


# `fractions` has as `low` the smallest step of a share; None is any.
# Ability → what it is, in the table and in faults ("… does not have X").
ABILITIES: Mapping[str, str] = {
    "canary": "a canary with a share of the traffic",
    "fractions": "shares of less than one percent",
    "canarySteps": "a canary that grows by itself, step by step",
    "canaryBake": "minutes of watching at each of a canary's steps",
    "canaryRollback": "a canary that loses its traffic by itself when an alarm fires",
    "shadow": "a shadow that gets copies of requests",
    "shadowPercent": "a shadow of less than all requests",
    "canaryAndShadow": "a canary and a shadow at once",
    "allAtOnce": "all traffic at once to a new version",
    "canaryShift": "a new version's first step, then the rest",
    "linear": "a new version in equal steps",
    "rolling": "a new version in batches of machines",
    "bake": "minutes of watching between steps of an update",
    "rollbackOnAlarms": "going back by itself when an alarm fires",
    "scaleToZero": "no replica while nobody asks",
    "scheduledScaling": "other bounds of replicas by the clock",
    "scheduledMaximum": "another maximum of replicas by the clock",
    "cooldowns": "waiting times between changes of replicas",
    "scalingSteps": "a limit to how many replicas come or go at once",
    "requests": "scaling on requests a second",
    "concurrency": "scaling on requests at once",
    "queueDepth": "scaling on requests that wait",
    "gpuUtilization": "scaling on use of GPUs",
    "cpuUtilization": "scaling on use of processors",
    "latency": "scaling on latency",
    "cpu": "machines without accelerators",
    "gpu": "machines with GPUs",
    "private": "an address within the network alone",
    "public": "an address on the internet",
    "tls": "a host name and certificate of one's own",
    "rateLimit": "a limit of requests a second",
    "webApplicationFirewall": "a web application firewall in front",
    "iam": "authentication by the cloud's identities",
    "keys": "authentication by keys",
    "oidc": "authentication by OpenID Connect tokens",
    "network": "letting in whoever reaches the private address",
    "members": "a list of identities that may call",
    "captureToBucket": "requests and answers kept in a bucket",
    "captureFractions": "a share of what is kept in less than whole percents",
    "redaction": "fields left out of what is kept",
    "asynchronous": "answers put into a bucket",
    "alarms": "alarms",
    "notify": "alarms sent to somebody",
}

_IN_ONE_STEP = "a ready version takes over in one step; a canary makes the steps"
_BY_HAND = "alarms fire, and going back is the revert of the file's change"
_RAW = "what is kept is kept as it came"
_STEPS = "each step is an update: the file's percent moves on"
_STATE_MACHINE = "by a state machine of Step Functions, which looks at alarms of the canary alone; not with `asynchronous`"

_SAGEMAKER: Mapping[str, Ability] = {
    "canary": _yes(_VARIANTS, "variants by weight"),
    "fractions": _yes(_VARIANTS),
    "canarySteps": _yes(_SM_WEIGHTS, _STATE_MACHINE),
    "canaryBake": Ability(low=5, note="minutes or more: alarms look at three before they fire", source=_ALARMS),
    "canaryRollback": _yes(_SM_WEIGHTS, _STATE_MACHINE),
    "shadow": Ability(low=1, high=100, source=_SHADOW_TEST),
    "shadowPercent": Ability(low=1, high=100, source=_SHADOW_TEST),
    "canaryAndShadow": _no("beside a shadow there is one production variant only", _SHADOW_TEST),
    "allAtOnce": _yes(_ROUTING),
    "canaryShift": Ability(low=1, high=50, note="of a fleet beside the old one, without a canary variant", source=_ROUTING),
    "linear": Ability(low=10, high=50, note="of a fleet beside the old one, without a canary variant", source=_ROUTING),
    "rolling": Ability(low=5, high=50, note="without a canary", source=_ROLLING),
    "bake": Ability(low=0, high=60, note="minutes", source=_ROUTING),
    "rollbackOnAlarms": _yes(_GUARDRAILS),
    "scaleToZero": Ability(needs="asynchronous", note="others would need inference components", source=_SM_ZERO),
    "scheduledScaling": _yes(_SM_SCHEDULED),
    "scheduledMaximum": _yes(_SM_SCHEDULED),
    "cooldowns": _yes(_SM_TRACKING),
    "scalingSteps": _no("target tracking takes as many steps as it needs", _SM_TRACKING),
    "requests": _yes(_SM_SCALING),
    "concurrency": _yes(_SM_SCALING),
    "queueDepth": Ability(needs="asynchronous", note="others wait in no queue", source=_SM_ASYNC_SCALING),
    "gpuUtilization": _yes(_SM_SCALING),
    "cpuUtilization": _yes(_SM_SCALING),
    "latency": _no("target tracking needs a metric that falls as machines are added in proportion, and latency does not", _SM_TRACKING),
    "cpu": _yes(_SM_INSTANCES),
    "gpu": _yes(_SM_INSTANCES),
    "private": _yes(_SM_LINK),
    "public": _no("it is called through AWS's own API, with signed requests", _SM_INVOKE),
    "tls": _no("it is called under AWS's own host name, by TLS", _SM_INVOKE),
    "rateLimit": _no("it is called through AWS's own API, which has its own limits", _SM_INVOKE),
    "webApplicationFirewall": _no("it is called through AWS's own API", _SM_INVOKE),
    "iam": _yes(_SM_INVOKE),
    "keys": _no("requests are signed by IAM identities", _SM_INVOKE),
    "oidc": _no("requests are signed by IAM identities", _SM_INVOKE),
    "network": _no("requests are signed by IAM identities", _SM_INVOKE),
    "members": _yes(_SM_INVOKE, "ARNs of roles and users"),
    "captureToBucket": Ability(low=1, high=100, source=_SM_CAPTURE),
    "captureFractions": _no("the share is in whole percents", _SM_CAPTURE),
    "redaction": _no(_RAW, _SM_CAPTURE),
    "asynchronous": _yes(_SM_ASYNC),
    "alarms": _yes(_GUARDRAILS),
    "notify": _yes(_GUARDRAILS, "ARNs of SNS topics"),
}
_VERTEX: Mapping[str, Ability] = {
    "canary": _yes(_VX_SPLIT, "deployed models by traffic split"),
    "fractions": _no("the split is in whole percents", _VX_SPLIT),
    "canarySteps": _no(_STEPS, _VX_SPLIT),
    "canaryBake": _no(_STEPS, _VX_SPLIT),
    "canaryRollback": _no(_BY_HAND, _VX_SPLIT),
    "shadow": _no("an endpoint splits its traffic, and copies none", _VX_SPLIT),
    "shadowPercent": _no("it has no shadow", _VX_SPLIT),
    "canaryAndShadow": _no("it has no shadow", _VX_SPLIT),
    "allAtOnce": _yes(_VX_SPLIT),
    "canaryShift": _no(_IN_ONE_STEP, _VX_SPLIT),
    "linear": _no(_IN_ONE_STEP, _VX_SPLIT),
    "rolling": _no(_IN_ONE_STEP, _VX_SPLIT),
    "bake": _no(_IN_ONE_STEP, _VX_SPLIT),
    "rollbackOnAlarms": _no(_BY_HAND, _VX_SPLIT),
    "scaleToZero": _no("a deployed model keeps one replica at least; zero is a preview", _VX_SCALING),
    "scheduledScaling": _no("replicas follow metrics alone", _VX_SCALING),
    "scheduledMaximum": _no("replicas follow metrics alone", _VX_SCALING),
    "cooldowns": _no("its waiting times are its own", _VX_SCALING),
    "scalingSteps": _no("its steps are its own", _VX_SCALING),
    "requests": _yes(_VX_SCALING),
    "concurrency": _no("no metric of it is followed", _VX_SCALING),
    "queueDepth": _no("followed for vLLM containers of the Model Garden only", _VX_SCALING),
    "gpuUtilization": _yes(_VX_SCALING),
    "cpuUtilization": _yes(_VX_SCALING),
    "latency": _no("no metric of it is followed", _VX_SCALING),
    "cpu": _yes(_VX_COMPUTE),
    "gpu": _yes(_VX_COMPUTE),
    "private": Ability(needs="network", note="Private Service Connect", source=_VX_PRIVATE),
    "public": _yes(_VX_QUOTA, "the project's quota of requests bounds it"),
    "tls": _no("it answers under Google's own host name, by TLS", _VX_DEPLOY),
    "rateLimit": _no("the project's quota of requests bounds it", _VX_QUOTA),
    "webApplicationFirewall": _no("it answers under Google's own host name", _VX_DEPLOY),
    "iam": _yes(_VX_ACCESS),
    "keys": _no("callers are Google Cloud's identities", _VX_ACCESS),
    "oidc": _no("callers are Google Cloud's identities", _VX_ACCESS),
    "network": _no("callers are Google Cloud's identities", _VX_ACCESS),
    "members": _yes(_VX_ACCESS, "user:, group:, serviceAccount:, domain:"),
    "captureToBucket": _no("requests and answers go to a BigQuery table", _VX_LOGGING),
    "captureFractions": _no("it keeps nothing in a bucket", _VX_LOGGING),
    "redaction": _no(_RAW, _VX_LOGGING),
    "asynchronous": _no("answers go to the caller", _VX_DEPLOY),
    "alarms": _yes(_VX_SCALING),
    "notify": _yes(_VX_SCALING, "notification channels"),
}
_CLOUD_RUN: Mapping[str, Ability] = {
    "canary": Ability(needs="tls", note="services behind a load balancer, which has a host name", source=_CR_SPLIT),
    "fractions": Ability(low=0.1, note="tenths", source=_CR_SPLIT),
    "canarySteps": _no(_STEPS, _CR_TRAFFIC),
    "canaryBake": _no(_STEPS, _CR_TRAFFIC),
    "canaryRollback": _no(_BY_HAND, _CR_TRAFFIC),
    "shadow": _no("traffic is split, and a mirror cannot reach a serverless backend", _CR_MIRROR),
    "shadowPercent": _no("it has no shadow", _CR_MIRROR),
    "canaryAndShadow": _no("it has no shadow", _CR_MIRROR),
    "allAtOnce": _yes(_CR_TRAFFIC, "a new revision, once it is ready"),
    "canaryShift": _no(_IN_ONE_STEP, _CR_TRAFFIC),
    "linear": _no(_IN_ONE_STEP, _CR_TRAFFIC),
    "rolling": _no(_IN_ONE_STEP, _CR_TRAFFIC),
    "bake": _no(_IN_ONE_STEP, _CR_TRAFFIC),
    "rollbackOnAlarms": _no(_BY_HAND, _CR_TRAFFIC),
    "scaleToZero": _yes(_CR_SCALING),
    "scheduledScaling": _no("replicas follow requests alone", _CR_SCALING),
    "scheduledMaximum": _no("replicas follow requests alone", _CR_SCALING),
    "cooldowns": _no("its waiting times are its own", _CR_SCALING),
    "scalingSteps": _no("its steps are its own", _CR_SCALING),
    "requests": _no("instances follow requests at once, and processors at 60 %", _CR_SCALING),
    "concurrency": _yes(_CR_SCALING),
    "queueDepth": _no("instances follow requests at once, and processors at 60 %", _CR_SCALING),
    "gpuUtilization": _no("instances follow requests at once, and processors at 60 %", _CR_SCALING),
    "cpuUtilization": _no("processors are held at 60 % whatever else is followed", _CR_SCALING),
    "latency": _no("instances follow requests at once, and processors at 60 %", _CR_SCALING),
    "cpu": _yes(_CR_SCALING),
    "gpu": Ability(high=1, note="a replica", source=_CR_GPU),
    "private": _yes(_CR_INGRESS, "under a host name of one's own with a network"),
    "public": _yes(_CR_MAX, "the maximum of replicas bounds it; a load balancer takes a rate limit or a firewall"),
    "tls": _yes(_CR_SPLIT, "at a load balancer"),
    "rateLimit": Ability(needs="tls", note="where it is public", source=_CR_ARMOR),
    "webApplicationFirewall": Ability(needs="tls", note="where it is public: a policy of Cloud Armor", source=_CR_ARMOR),
    "iam": _yes(_CR_AUTH),
    "keys": _no("callers are Google Cloud's identities", _CR_AUTH),
    "oidc": _no("callers are Google Cloud's identities", _CR_AUTH),
    "network": _no("callers are Google Cloud's identities", _CR_AUTH),
    "members": _yes(_CR_AUTH, "user:, group:, serviceAccount:, domain:"),
    "captureToBucket": _no("requests' bodies are not recorded", _CR_LOGGING),
    "captureFractions": _no("it keeps nothing in a bucket", _CR_LOGGING),
    "redaction": _no("requests' bodies are not recorded", _CR_LOGGING),
    "asynchronous": _no("answers go to the caller", _CR_TRAFFIC),
    "alarms": _yes(_CR_LOGGING),
    "notify": _yes(_CR_LOGGING, "notification channels"),
}
_AZURE: Mapping[str, Ability] = {
    "canary": _yes(_AZ_TRAFFIC, "deployments by traffic"),
    "fractions": _no("traffic is in whole percents", _AZ_TRAFFIC),
    "canarySteps": _no(_STEPS, _AZ_TRAFFIC),
    "canaryBake": _no(_STEPS, _AZ_ROLLOUT),
    "canaryRollback": _no(_BY_HAND, _AZ_ROLLOUT),
    "shadow": Ability(low=1, high=50, note="one deployment, without live traffic", source=_AZ_ROLLOUT),
    "shadowPercent": Ability(low=1, high=50, source=_AZ_ROLLOUT),
    "canaryAndShadow": _yes(_AZ_ROLLOUT, "as different deployments"),
    "allAtOnce": _yes(_AZ_ROLLOUT),
    "canaryShift": _no(_IN_ONE_STEP, _AZ_ROLLOUT),
    "linear": _no(_IN_ONE_STEP, _AZ_ROLLOUT),
    "rolling": _no(_IN_ONE_STEP, _AZ_ROLLOUT),
    "bake": _no(_IN_ONE_STEP, _AZ_ROLLOUT),
    "rollbackOnAlarms": _no(_BY_HAND, _AZ_ROLLOUT),
    "scaleToZero": _no("a deployment keeps one machine at least", _AZ_SCALING),
    "scheduledScaling": Ability(high=9, note="schedules", source=_AZ_PROFILES),
    "scheduledMaximum": _yes(_AZ_SCALING),
    "cooldowns": Ability(low=60, note="seconds, in whole minutes", source=_AZ_PROFILES),
    "scalingSteps": _yes(_AZ_SCALING),
    "requests": _yes(_AZ_SCALING),
    "concurrency": _no("Azure Monitor has no such metric of a deployment", _AZ_SCALING),
    "queueDepth": _no("Azure Monitor has no such metric of a deployment", _AZ_SCALING),
    "gpuUtilization": _yes(_AZ_SCALING),
    "cpuUtilization": _yes(_AZ_SCALING),
    "latency": _yes(_AZ_SCALING),
    "cpu": _yes(_AZ_SIZES),
    "gpu": _yes(_AZ_SIZES),
    "private": Ability(needs="network", note="with ml among its privateEndpoints", source=_AZ_PRIVATE),
    "public": _yes(_AZ_LIMITS, "the endpoint's own limit of requests bounds it"),
    "tls": _no("it answers under Azure's own host name, by TLS", _AZ_ONLINE),
    "rateLimit": _no("the endpoint has a limit of its own", _AZ_LIMITS),
    "webApplicationFirewall": _no("it answers under Azure's own host name", _AZ_ONLINE),
    "iam": _yes(_AZ_AUTH, "Microsoft Entra tokens"),
    "keys": _yes(_AZ_AUTH),
    "oidc": _no("callers have a Microsoft Entra token or a key", _AZ_AUTH),
    "network": _no("callers have a Microsoft Entra token or a key", _AZ_AUTH),
    "members": _yes(_AZ_AUTH, "object ids in Microsoft Entra"),
    "captureToBucket": Ability(low=1, high=100, source=_AZ_CAPTURE),
    "captureFractions": _yes(_AZ_CAPTURE),
    "redaction": _no(_RAW, _AZ_CAPTURE),
    "asynchronous": _no("answers go to the caller", _AZ_ONLINE),
    "alarms": _yes(_AZ_ONLINE),
    "notify": _yes(_AZ_ONLINE, "ARM ids of action groups"),
}
_KUBERNETES: Mapping[str, Ability] = {
    "canary": Ability(needs="gateway", note="backends by weight", source=_GATEWAY),
    "fractions": _no("weights are whole percents", _GATEWAY),
    "canarySteps": _no(_STEPS, _GATEWAY),
    "canaryBake": _no(_STEPS, _GATEWAY),
    "canaryRollback": _no(_BY_HAND, _GATEWAY),
    "shadow": Ability(needs="gateway", low=1, high=100, source=_MIRROR),
    "shadowPercent": Ability(needs="gateway", low=1, high=100, source=_MIRROR),
    "canaryAndShadow": Ability(needs="gateway", source=_MIRROR),
    "allAtOnce": _yes(_DEPLOYMENT, "a new Deployment, once it is ready"),
    "canaryShift": _no(_IN_ONE_STEP, _DEPLOYMENT),
    "linear": _no(_IN_ONE_STEP, _DEPLOYMENT),
    "rolling": _no("each version is a Deployment of its own", _DEPLOYMENT),
    "bake": _no(_IN_ONE_STEP, _DEPLOYMENT),
    "rollbackOnAlarms": _no(_BY_HAND, _DEPLOYMENT),
    "scaleToZero": Ability(needs="keda", note="with `gateway` too, where requests are seen while no replica runs", source=_KEDA),
    "scheduledScaling": Ability(needs="keda", source=_KEDA_CRON),
    "scheduledMaximum": _no("of all triggers the greatest wins, so that a clock can only ask for more", _KEDA_CRON),
    "cooldowns": Ability(low=0, high=1800, note="seconds", source=_HPA_API),
    "scalingSteps": _yes(_HPA),
    "requests": Ability(needs="keda", source=_KEDA_METRICS),
    "concurrency": Ability(needs="keda", source=_KEDA_METRICS),
    "queueDepth": Ability(needs="keda", source=_KEDA_METRICS),
    "gpuUtilization": Ability(needs="keda", source=_KEDA_METRICS),
    "cpuUtilization": _yes(_HPA),
    "latency": Ability(needs="keda", source=_KEDA_METRICS),
    "cpu": _yes(_DEPLOYMENT),
    "gpu": _yes(_DEVICES),
    "private": _yes(_POLICIES),
    "public": Ability(needs="gateway", note="with TLS and a rate limit", source=_ENVOY_TLS),
    "tls": Ability(needs="gateway", source=_ENVOY_TLS),
    "rateLimit": Ability(needs="gateway", source=_ENVOY_RATE),
    "webApplicationFirewall": _no("Envoy Gateway has none", _ENVOY_TLS),
    "iam": _no("pods know nothing of the cloud's identities", _POLICIES),
    "keys": _no("callers are known by their network or a token", _ENVOY_JWT),
    "oidc": Ability(needs="gateway", source=_ENVOY_JWT),
    "network": _yes(_POLICIES, "teams that allowFrom names"),
    "members": _no("who may call is a token's audience, or the team's allowFrom", _POLICIES),
    "captureToBucket": _no("nothing in the cluster records requests' bodies", _GATEWAY),
    "captureFractions": _no("it keeps nothing in a bucket", _GATEWAY),
    "redaction": _no("nothing in the cluster records requests' bodies", _GATEWAY),
    "asynchronous": _no("answers go to the caller", _GATEWAY),
    "alarms": _no("no add-on watches metrics there", ""),
    "notify": _no("no add-on watches metrics there", ""),
}
# GKE's own gateway, gke-l7-rilb: within the network alone, mirrors all or nothing, and knows no tokens.
_GKE: Mapping[str, Ability] = {
    **_KUBERNETES,
    "shadow": Ability(needs="gateway", low=100, high=100, source=_GKE_GATEWAY),
    "shadowPercent": _no("GKE's gateway mirrors every request or none", _GKE_GATEWAY),
    "scaleToZero": _no("GKE's gateway tells KEDA nothing of requests, and none would wake the first replica", _GKE_GATEWAY),
    "public": _no("GKE's gateway of the cluster is reached from within the network alone", _GKE_GATEWAY),
    "rateLimit": _no("GKE's gateway within the network has none", _GKE_GATEWAY),
    "webApplicationFirewall": _no("GKE's gateway within the network has none", _GKE_GATEWAY),
    "oidc": _no("GKE's gateway checks no tokens", _GKE_GATEWAY),
}
_TABLE: Mapping[str, Mapping[str, Ability]] = {
    "sageMaker": _SAGEMAKER,
    "vertexAi": _VERTEX,
    "cloudRun": _CLOUD_RUN,
    "azureMl": _AZURE,
    "kubernetes": _KUBERNETES,
    "gke": _GKE,
}


def ability(column: str, name: str) -> Ability:
    """What the platform of a column does about an ability. Raises KeyError for one that the table lacks."""
    return _TABLE[column][name]


def able(name: str) -> tuple[str, ...]:
    """The columns that have an ability, in the table's order."""
    return tuple(column for column in COLUMNS if ability(column, name).can)


def metrics(column: str) -> tuple[str, ...]:
    """The scaling metrics that a platform can follow."""
    words = ("requests", "concurrency", "queueDepth", "gpuUtilization", "cpuUtilization", "latency")
    return tuple(word for word in words if ability(column, word).can)
