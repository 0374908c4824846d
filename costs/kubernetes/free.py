"""Kinds that cost nothing by themselves: the API's own, and those of operators in wide use. Any other kind is listed as not supported."""

from typing import Final

from costs.kubernetes.tokens import tokens
from costs.pricing import Pricer

# Kubernetes documentation, "API reference", by group.
_BUILT_IN: Final = {
    "admissionregistration.k8s.io": (
        *("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration"),
        *("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration"),
    ),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
    "apiregistration": ("APIService",),
    "apps": ("ControllerRevision",),
    "auditregistration.k8s.io": ("AuditSink",),
    # What it scales carries its limits.
    "autoscaling": ("HorizontalPodAutoscaler",),
    "certificates.k8s.io": ("CertificateSigningRequest", "ClusterTrustBundle", "PodCertificateRequest"),
    "coordination.k8s.io": ("Lease", "LeaseCandidate"),
    "core": (
        *("Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node", "PodTemplate"),
        *("ResourceQuota", "Secret", "ServiceAccount"),
    ),
    "discovery.k8s.io": ("EndpointSlice",),
    "events.k8s.io": ("Event",),
    "extensions": ("NetworkPolicy", "PodSecurityPolicy"),
    "flowcontrol.apiserver.k8s.io": ("FlowSchema", "PriorityLevelConfiguration"),
    "lifecycle.k8s.io": ("Eviction", "EvictionRequest"),
    "networking.k8s.io": ("ClusterCIDR", "IPAddress", "NetworkPolicy", "ServiceCIDR"),
    "node.k8s.io": ("RuntimeClass",),
    "policy": ("PodDisruptionBudget", "PodSecurityPolicy"),
    "rbac.authorization.k8s.io": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
    "resource.k8s.io": (
        *("DeviceClass", "DeviceTaintRule", "PodScheduling", "PodSchedulingContext", "ResourceClaim", "ResourceClaimParameters"),
        *("ResourceClaimTemplate", "ResourceClass", "ResourceClassParameters", "ResourcePoolStatusRequest", "ResourceSlice"),
    ),
    "scheduling.k8s.io": ("CompositePodGroup", "PodGroup", "PriorityClass", "Workload"),
    "settings.k8s.io": ("PodPreset",),
    "storage.k8s.io": ("CSIDriver", "CSINode", "CSIStorageCapacity", "VolumeAttachment", "VolumeAttributesClass"),
    "storagemigration.k8s.io": ("StorageVersionMigration",),
}
# Configuration, routes, permissions, and descriptions of what other resources run; each from its project's API reference.
_OPERATORS: Final = {
    "keda.sh": ("ScaledObject", "TriggerAuthentication", "ClusterTriggerAuthentication"),
    "autoscaling.k8s.io": ("VerticalPodAutoscaler",),
    "gateway.networking.k8s.io": ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute", "ReferenceGrant", "BackendTLSPolicy"),
    "inference.networking.k8s.io": ("InferencePool", "InferenceObjective", "InferenceModel"),
    "inference.networking.x-k8s.io": ("InferencePool", "InferenceObjective", "InferenceModel"),
    "networking.gke.io": ("ManagedCertificate", "FrontendConfig", "GCPGatewayPolicy", "GCPBackendPolicy", "HealthCheckPolicy"),
    "cloud.google.com": ("BackendConfig",),
    "elbv2.k8s.aws": ("IngressClassParams", "TargetGroupBinding"),
    "gateway.k8s.aws": ("LoadBalancerConfiguration", "TargetGroupConfiguration", "ListenerRuleConfiguration"),
    "eks.amazonaws.com": ("IngressClassParams", "TargetGroupBinding"),
    "vpcresources.k8s.aws": ("SecurityGroupPolicy",),
    "crd.k8s.amazonaws.com": ("ENIConfig",),
    "snapshot.storage.k8s.io": ("VolumeSnapshotClass",),
    "kueue.x-k8s.io": (
        *("ClusterQueue", "LocalQueue", "ResourceFlavor", "Cohort", "Topology", "Workload", "WorkloadPriorityClass"),
        *("AdmissionCheck", "ProvisioningRequestConfig"),
    ),
    "serving.kserve.io": ("ServingRuntime", "ClusterServingRuntime", "ClusterStorageContainer", "TrainedModel", "InferenceGraph"),
    "serving.knative.dev": ("DomainMapping",),
    "kubeflow.org": ("Profile",),
    "cert-manager.io": ("Certificate", "CertificateRequest", "ClusterIssuer", "Issuer"),
    "external-secrets.io": ("ExternalSecret", "ClusterExternalSecret", "SecretStore", "ClusterSecretStore", "PushSecret"),
    "secrets-store.csi.x-k8s.io": ("SecretProviderClass",),
    "bitnami.com": ("SealedSecret",),
    "monitoring.coreos.com": ("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe", "ScrapeConfig", "AlertmanagerConfig"),
    "networking.istio.io": (
        *("VirtualService", "DestinationRule", "Gateway", "ServiceEntry", "Sidecar", "EnvoyFilter", "WorkloadEntry", "WorkloadGroup"),
    ),
    "security.istio.io": ("AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication"),
    "telemetry.istio.io": ("Telemetry",),
    "traefik.io": ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "Middleware", "TLSOption", "TLSStore", "TraefikService"),
    "cilium.io": ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"),
    "projectcalico.org": ("NetworkPolicy", "GlobalNetworkPolicy", "NetworkSet", "GlobalNetworkSet"),
    "kyverno.io": ("ClusterPolicy", "Policy", "PolicyException", "CleanupPolicy", "ClusterCleanupPolicy"),
    "templates.gatekeeper.sh": ("ConstraintTemplate",),
    "argoproj.io": ("Application", "ApplicationSet", "AppProject", "AnalysisTemplate", "ClusterAnalysisTemplate"),
    "nvidia.com": ("ClusterPolicy", "NVIDIADriver"),
    "nfd.k8s-sigs.io": ("NodeFeature", "NodeFeatureRule", "NodeFeatureGroup"),
    "scheduling.volcano.sh": ("Queue", "PodGroup"),
    "helm.cattle.io": ("HelmChartConfig",),
}

PRICERS: dict[str, Pricer] = {}
FREE: set[str] = {
    *(token for group, kinds in _BUILT_IN.items() for kind in kinds for token in tokens(group, kind, f"{kind}Patch", f"{kind}List")),
    *(token for group, kinds in _OPERATORS.items() for token in tokens(group, *kinds)),
}
