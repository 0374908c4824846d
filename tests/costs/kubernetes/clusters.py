"""Clusters and pods written out for the tests, and the price lists of what they make."""

from dataclasses import replace
from typing import Any

from costs.resource import Resource
from tests.costs.building import resource

EKS = resource("aws:eks/cluster:Cluster", "eks", {"region": "us-east-1"})
GKE = resource("gcp:container/cluster:Cluster", "gke", {"location": "us-central1"})
AUTOPILOT = resource("gcp:container/cluster:Cluster", "autopilot", {"location": "us-central1", "enableAutopilot": True})
AKS = resource("azure-native:containerservice:ManagedCluster", "aks", {"location": "eastus", "agentPoolProfiles": [{"name": "system"}]})
# EC2, EBS and ELB list prices us-east-1, 2026-05-03.
AWS_PRICES = (
    ("aws", "ebs", "gp2-storage", "us-east-1", "GB-month", "0.10"),
    ("aws", "ebs", "gp3-storage", "us-east-1", "GB-month", "0.08"),
    ("aws", "ebs", "gp3-iops-over-3000", "us-east-1", "IOPS-month", "0.005"),
    ("aws", "elb", "nlb-hour", "us-east-1", "hour", "0.0225"),
    ("aws", "elb", "nlb-lcu", "us-east-1", "LCU-hour", "0.006"),
    ("aws", "elb", "alb-hour", "us-east-1", "hour", "0.0225"),
    ("aws", "elb", "alb-lcu", "us-east-1", "LCU-hour", "0.008"),
    ("aws", "elb", "classic-elb-hour", "us-east-1", "hour", "0.025"),
    ("aws", "vpc", "public-ipv4-in-use", "us-east-1", "hour", "0.005"),
    ("aws", "eks-fargate", "vcpu", "us-east-1", "vCPU-hour", "0.04048"),
    ("aws", "eks-fargate", "memory", "us-east-1", "GB-hour", "0.00444"),
)
GCP_PRICES = (
    ("gcp", "gke-autopilot", "vcpu", "us-central1", "vCPU-hour", "0.0445"),
    ("gcp", "gke-autopilot", "memory", "us-central1", "GiB-hour", "0.0049225"),
    ("gcp", "gke-autopilot", "ephemeral-storage", "us-central1", "GiB-hour", "0.0000548"),
    ("gcp", "persistent-disk", "pd-balanced", "us-central1", "GiB-month", "0.1"),
    ("gcp", "persistent-disk", "pd-ssd-regional", "us-central1", "GiB-month", "0.34"),
    ("gcp", "load-balancing", "forwarding-rules-first-5", "us-central1", "hour", "0.025"),
    ("gcp", "load-balancing", "forwarding-rules-first-5", "global", "hour", "0.025"),
)
AZURE_PRICES = (
    ("azure", "managed-disk", "premium-ssd-p10-lrs", "eastus", "disk-month", "19.71"),
    ("azure", "managed-disk", "premium-ssd-p10-zrs", "eastus", "disk-month", "29.565"),
    ("azure", "managed-disk", "standard-ssd-e10-lrs", "eastus", "disk-month", "9.60"),
    ("azure", "load-balancer", "standard-first-5-rules", "eastus", "hour", "0.025"),
    ("azure", "load-balancer", "standard-overage-rule", "eastus", "hour", "0.01"),
    ("azure", "load-balancer", "standard-data-processed", "eastus", "GB", "0.005"),
    ("azure", "public-ip", "standard-static-regional", "eastus", "hour", "0.005"),
)


def pod(cpu: Any = "1", memory: Any = "2Gi", **more: Any) -> dict[str, Any]:
    """The spec of a pod with one container that asks for this."""
    gpus = more.pop("gpus", 0)
    asked = {"cpu": cpu, "memory": memory, **({"nvidia.com/gpu": gpus} if gpus else {})}
    return {"containers": [{"name": "app", "resources": {"requests": asked}}], **more}


def deployment(name: str = "app", replicas: Any = 1, spec: Any = None, kind: str = "apps/v1:Deployment", **more: Any) -> Resource:
    """A Deployment of this many pods; more: further parts of its spec."""
    template = {"spec": pod() if spec is None else spec}
    return resource(f"kubernetes:{kind}", name, {"metadata": {"name": name}, "spec": {"replicas": replicas, "template": template, **more}})


def service(name: str = "web", ports: int = 1, annotations: dict[str, str] | None = None) -> Resource:
    """A Service of type LoadBalancer."""
    spec = {"type": "LoadBalancer", "ports": [{"port": 80 + number} for number in range(ports)]}
    return resource("kubernetes:core/v1:Service", name, {"metadata": {"name": name, "annotations": annotations or {}}, "spec": spec})


def claim(storage: Any, name: str = "data", **spec: Any) -> Resource:
    """A PersistentVolumeClaim of this size."""
    return resource("kubernetes:core/v1:PersistentVolumeClaim", name, {"spec": {"resources": {"requests": {"storage": storage}}, **spec}})


def through(provider: str, one: Resource) -> Resource:
    """The resource under this provider's URN."""
    return replace(one, provider=provider)
