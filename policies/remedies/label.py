"""Labels and tags: those that the settings give, where they are missing."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policies.check import Change, Problem
from policies.gcp_nodes import CLUSTER
from policies.namespaces import NAMESPACE
from policies.part import Part
from policies.remediation import Remedies
from policies.view import View

REMEDIES = Remedies()
# Types of which it is known that a label is changed in place, by the clouds' own documents and providers (rehearsal/facts).
_AWS: Final = (
    "amp/workspace:Workspace",
    "apigatewayv2/api:Api",
    "cloudtrail/trail:Trail",
    "cloudwatch/logGroup:LogGroup",
    "cloudwatch/metricAlarm:MetricAlarm",
    "ec2/eip:Eip",
    "ec2/instance:Instance",
    "ec2/natGateway:NatGateway",
    "ec2/vpcEndpoint:VpcEndpoint",
    "ecr/repository:Repository",
    "efs/fileSystem:FileSystem",
    "eks/cluster:Cluster",
    "eks/nodeGroup:NodeGroup",
    "fsx/lustreFileSystem:LustreFileSystem",
    "kms/key:Key",
    "lambda/function:Function",
    "lb/loadBalancer:LoadBalancer",
    "s3/bucket:Bucket",
    "sagemaker/domain:Domain",
    "sagemaker/endpoint:Endpoint",
    "sagemaker/notebookInstance:NotebookInstance",
    "sagemaker/pipeline:Pipeline",
    "secretsmanager/secret:Secret",
    "sns/topic:Topic",
    "sqs/queue:Queue",
    "wafv2/webAcl:WebAcl",
)
_AZURE: Final = (
    "app:ContainerApp",
    "app:Job",
    "app:ManagedEnvironment",
    "cognitiveservices:Account",
    "compute:VirtualMachine",
    "compute:VirtualMachineScaleSet",
    "containerregistry:Registry",
    "containerservice:AgentPool",
    "containerservice:ManagedCluster",
    "keyvault:Vault",
    "machinelearningservices:OnlineEndpoint",
    "network:NatGateway",
    "network:PrivateEndpoint",
    "network:PublicIPAddress",
    "operationalinsights:Workspace",
    "search:Service",
    "storage:StorageAccount",
    "web:AppServicePlan",
    "web:WebApp",
)
_GOOGLE: Final = (
    "artifactregistry/repository:Repository",
    "bigquery/dataset:Dataset",
    "bigquery/table:Table",
    "cloudfunctionsv2/function:Function",
    "cloudrunv2/job:Job",
    "cloudrunv2/service:Service",
    "compute/address:Address",
    "compute/instance:Instance",
    "container/cluster:Cluster",
    "kms/cryptoKey:CryptoKey",
    "pubsub/subscription:Subscription",
    "pubsub/topic:Topic",
    "secretmanager/secret:Secret",
    "storage/bucket:Bucket",
    "vertex/aiIndex:AiIndex",
    "vertex/aiTensorboard:AiTensorboard",
    "workbench/instance:Instance",
)
_TYPES: Final = (
    *(f"aws:{name}" for name in _AWS),
    *(f"azure-native:{name}" for name in _AZURE),
    *(f"gcp:{name}" for name in _GOOGLE),
)
# What a name and a value may be. Source: AWS, "Tag naming and usage conventions"; Microsoft Learn, "Use tags to organize your Azure
# resources"; Google Cloud, "Requirements for labels"; Kubernetes documentation, "Labels and Selectors".
_ALLOWED: Final = {
    "aws": (re.compile(r"(?!aws:)[\w .:/=+@-]{1,128}"), re.compile(r"[\w .:/=+@-]{0,256}")),
    "azure-native": (re.compile(r"[^<>%&\\?/]{1,512}"), re.compile(r".{0,256}")),
    "gcp": (re.compile(r"[a-z][a-z0-9_-]{0,62}"), re.compile(r"[a-z0-9_-]{0,63}")),
    "kubernetes": (
        re.compile(r"([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"),
        re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"),
    ),
}


@REMEDIES.add("DD-LABEL-401", *_TYPES)
def labelled(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A label changes no behaviour, and those that are there stay; only those go on that the settings give a value for."""
    for problem in problems:
        yield from _missing(view, problem.path, view.parameters["labels"])


@REMEDIES.add("DD-LABEL-301", NAMESPACE)
def labelled_namespace(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A label that is nobody's selector changes no behaviour, and those that are there stay; the settings give the values."""
    yield from _missing(view, "metadata.labels", view.parameters["labels"])


@REMEDIES.add("DD-CLUSTER-119", CLUSTER)
def labelled_cluster(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A label of the cluster's bill changes no behaviour, and no node is made anew for it; the settings give the values."""
    yield from _missing(view, "resourceLabels", tuple(view.parameters["labelValues"]))


@REMEDIES.add("DD-ML-005", "aws:sagemaker/domain:Domain")
def tagged_domain(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A tag changes no behaviour; the settings give the values."""
    yield from _missing(view, "tags", tuple(view.parameters["labelValues"]))


def _missing(view: View, path: str, names: Sequence[str]) -> Iterator[Change]:
    """A change for each of these labels that is not there, has a value in the settings, and that the cloud would take."""
    given = {_plain(name): value for name, value in view.parameters["labelValues"].items()}
    there = {_plain(name) for name, value in Part(view, "").fields(path).items() if value not in (None, "")}
    name_like, value_like = _ALLOWED[view.resource.package]
    for name in names:
        value = given.get(_plain(name))
        if value and _plain(name) not in there and name_like.fullmatch(name) and value_like.fullmatch(value):
            yield Change(path=path, key=name, value=value)


def _plain(name: str) -> str:
    """Whichever spelling: costCenter, cost-center, cost_center."""
    return name.lower().replace("-", "").replace("_", "")
