"""A Pulumi monitor that answers as the clouds do and remembers all that it was asked, so that a deployment can be read."""

import asyncio
import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks

from components import deploy
from plan.model import (
    BucketPlan,
    BucketUsage,
    EncryptionPlan,
    PlacementPlan,
    Plan,
    TieringPlan,
    VersioningPlan,
)

LOCATIONS = {"aws": "eu-west-1", "gcp": "europe-west1", "azure": "westeurope"}
ACCOUNT = "123456789012"
SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
# As Azure gives it for a cluster with Entra ID (Microsoft Learn, "Use kubelogin to authenticate users in AKS"); the certificate is none.
AKS_KUBECONFIG = b"""apiVersion: v1
kind: Config
clusters:
- name: cluster
  cluster: {certificate-authority-data: Y2VydGlmaWNhdGU=, server: "https://cluster.hcp.westeurope.azmk8s.io:443"}
contexts:
- {name: cluster, context: {cluster: cluster, user: clusterUser}}
current-context: cluster
users:
- name: clusterUser
  user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: kubelogin, args: [get-token, --login, devicecode]}}
"""

# What a cloud adds to the inputs, in the formats of the provider's documentation. {id} and {name} are the resource's.
COMPUTED: dict[str, dict[str, Any]] = {
    "aws:s3/bucket:Bucket": {"bucket": "{id}", "arn": "arn:aws:s3:::{id}"},
    "aws:kms/key:Key": {"arn": "arn:aws:kms:{region}:123456789012:key/{id}", "keyId": "{id}"},
    "aws:iam/role:Role": {"arn": "arn:aws:iam::123456789012:role/{id}", "name": "{id}"},
    "aws:iam/instanceProfile:InstanceProfile": {"name": "{id}"},
    "aws:cloudwatch/logGroup:LogGroup": {"arn": "arn:aws:logs:{region}:123456789012:log-group:{id}"},
    "aws:cloudwatch/eventRule:EventRule": {"name": "{id}"},
    "aws:sqs/queue:Queue": {
        "arn": "arn:aws:sqs:{region}:123456789012:{id}",
        "name": "{id}",
        "url": "https://sqs.{region}.amazonaws.com/123456789012/{id}",
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"cidrBlocks": ["52.218.0.0/17"]},
    "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 1},
    "aws:ec2/placementGroup:PlacementGroup": {"name": "{id}"},
    "aws:sfn/stateMachine:StateMachine": {"arn": "arn:aws:states:{region}:123456789012:stateMachine:{id}"},
    "aws:sagemaker/model:Model": {"name": "{id}"},
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {"name": "{id}"},
    "aws:sagemaker/endpoint:Endpoint": {"arn": "arn:aws:sagemaker:{region}:123456789012:endpoint/{id}"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {"arn": "arn:aws:cloudwatch:{region}:123456789012:alarm:{id}"},
    "aws:appautoscaling/policy:Policy": {"arn": "arn:aws:autoscaling:{region}:123456789012:scalingPolicy:{id}"},
    "aws:iam/policy:Policy": {"arn": "arn:aws:iam::123456789012:policy/{id}"},
    "aws:ecr/repository:Repository": {"name": "{id}", "repositoryUrl": "123456789012.dkr.ecr.{region}.amazonaws.com/{id}"},
    "aws:eks/cluster:Cluster": {
        "arn": "arn:aws:eks:{region}:123456789012:cluster/{id}",
        "endpoint": "https://0123456789ABCDEF.gr7.{region}.eks.amazonaws.com",
        "certificateAuthority": {"data": "Y2VydGlmaWNhdGU="},
        "identities": [{"oidcs": [{"issuer": "https://oidc.eks.{region}.amazonaws.com/id/0123456789ABCDEF"}]}],
        "vpcConfig": {"clusterSecurityGroupId": "sg-of-cluster", "subnetIds": []},
    },
    "aws:eks/nodeGroup:NodeGroup": {"nodeGroupName": "{id}"},
    "gcp:storage/bucket:Bucket": {"name": "{id}", "url": "gs://{id}"},
    "gcp:compute/network:Network": {"name": "{id}", "selfLink": "networks/{id}"},
    "gcp:compute/subnetwork:Subnetwork": {"name": "{id}", "selfLink": "subnetworks/{id}"},
    "gcp:compute/router:Router": {"name": "{id}"},
    "gcp:compute/resourcePolicy:ResourcePolicy": {"name": "{id}"},
    "gcp:compute/reservation:Reservation": {"name": "{id}"},
    "gcp:dns/managedZone:ManagedZone": {"name": "{id}"},
    "gcp:serviceaccount/account:Account": {"email": "{id}@acme-ml.iam.gserviceaccount.com"},
    "gcp:container/nodePool:NodePool": {"name": "{id}"},
    "pulumi-python:dynamic/vertex:Traffic": {"address": "10.128.0.42"},
    "gcp:vertex/aiEndpoint:AiEndpoint": {"dedicatedEndpointDns": "https://4242.europe-west4-42.prediction.vertexai.goog"},
    "gcp:cloudrunv2/service:Service": {"name": "{id}", "uri": "https://{id}-42.europe-west4.run.app", "project": "acme-ml"},
    "gcp:compute/address:Address": {"name": "{id}", "address": "10.40.0.7"},
    "gcp:compute/globalAddress:GlobalAddress": {"name": "{id}", "address": "203.0.113.8"},
    "gcp:compute/securityPolicy:SecurityPolicy": {"name": "{id}", "selfLink": "securityPolicies/{id}"},
    "gcp:artifactregistry/repository:Repository": {"project": "acme-ml"},
    "gcp:container/cluster:Cluster": {
        "name": "{id}",
        "endpoint": "203.0.113.7",
        "masterVersion": "1.34.1-gke.2037000",
        "masterAuth": {"clusterCaCertificate": "Y2VydGlmaWNhdGU="},
        "privateClusterConfig": {"privateEndpoint": "10.40.0.2"},
    },
    "kubernetes:gateway.networking.k8s.io/v1:Gateway": {"status": {"addresses": [{"type": "IPAddress", "value": "10.40.0.9"}]}},
    "azure-native:resources:ResourceGroup": {"name": "{id}"},
    "azure-native:storage:StorageAccount": {"name": "{id}", "primaryEndpoints": {"blob": "https://{id}.blob.core.windows.net/"}},
    "azure-native:storage:BlobContainer": {"name": "{id}"},
    "azure-native:keyvault:Vault": {"name": "{id}"},
    "azure-native:keyvault:Key": {"name": "{id}", "keyUri": "https://vault.vault.azure.net/keys/{id}"},
    "azure-native:containerservice:AgentPool": {"name": "{id}"},
    "azure-native:containerservice:ManagedCluster": {
        "name": "{id}",
        "currentKubernetesVersion": "1.34.1",
        "privateFQDN": "{id}.privatelink.westeurope.azmk8s.io",
        "fqdn": "{id}.hcp.westeurope.azmk8s.io",
        "oidcIssuerProfile": {"issuerURL": "https://westeurope.oic.prod-aks.azure.com/tenant/{id}/"},
    },
    "azure-native:machinelearningservices:Workspace": {"name": "{id}", "identity": {"principalId": "principal-of-{id}"}},
    "azure-native:machinelearningservices:OnlineEndpoint": {
        "name": "{id}",
        "properties": {"scoringUri": "https://{id}.westeurope.inference.ml.azure.com/score"},
    },
    "azure-native:containerregistry:Registry": {"name": "{id}", "loginServer": "{id}.azurecr.io"},
    "azure-native:containerregistry:Task": {"identity": {"principalId": "principal-of-{id}"}},
    "azure-native:compute:CapacityReservationGroup": {"name": "{id}"},
    "azure-native:network:VirtualNetwork": {"name": "{id}"},
    "azure-native:privatedns:PrivateZone": {"name": "{id}"},
    "azure-native:managedidentity:UserAssignedIdentity": {"name": "{id}", "principalId": "principal-of-{id}"},
}
ANSWERS: dict[str, dict[str, Any]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/someone", "id": ACCOUNT},
    "aws:s3/getBucket:getBucket": {"bucket": "theirs", "arn": "arn:aws:s3:::theirs", "bucketRegion": "us-east-2"},
    "aws:ec2/getVpc:getVpc": {"id": "vpc-theirs"},
    "aws:ec2/getSubnet:getSubnet": {"id": "subnet-b", "availabilityZone": "eu-west-1b"},
    "aws:eks/getCluster:getCluster": {
        "name": "theirs",
        "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/theirs",
        "version": "1.33",
        "endpoint": "https://FEDCBA.gr7.eu-west-1.eks.amazonaws.com",
        "certificateAuthorities": [{"data": "Y2VydGlmaWNhdGU="}],
        "identities": [{"oidcs": [{"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/FEDCBA"}]}],
        "vpcConfig": {"vpcId": "vpc-theirs", "clusterSecurityGroupId": "sg-theirs", "subnetIds": ["subnet-b"]},
    },
    "aws:servicequotas/getServiceQuota:getServiceQuota": {"value": 64.0},
    "gcp:storage/getBucket:getBucket": {"name": "theirs", "url": "gs://theirs", "id": "theirs", "location": "US", "encryptions": []},
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": {
        "emailAddress": "service-42@gs-project-accounts.iam.gserviceaccount.com"
    },
    "gcp:organizations/getProject:getProject": {"projectId": "acme-ml", "number": "42"},
    "gcp:organizations/getClientConfig:getClientConfig": {"project": "acme-ml", "region": "europe-west4"},
    # One entry for the world, one that says more about the region: Cloud Quotas API, QuotaInfo.dimensionsInfos.
    "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo": {
        "dimensionsInfos": [
            {"dimensions": {}, "applicableLocations": ["europe-west4", "us-east1"], "details": [{"value": "16"}]},
            {"dimensions": {"region": "europe-west4"}, "applicableLocations": ["europe-west4"], "details": [{"value": "4"}]},
            {"dimensions": {"region": "us-east1"}, "applicableLocations": ["us-east1"], "details": [{"value": "-1"}]},
            {
                "dimensions": {"region": "europe-west4", "gpu_family": "NVIDIA_H100"},
                "applicableLocations": ["europe-west4"],
                "details": [{"value": "8"}],
            },
        ],
    },
    "gcp:compute/getNetwork:getNetwork": {"name": "theirs", "selfLink": "networks/theirs"},
    "gcp:compute/getSubnetwork:getSubnetwork": {"name": "theirs", "selfLink": "subnetworks/theirs"},
    "gcp:container/getCluster:getCluster": {
        "name": "theirs",
        "endpoint": "10.9.0.2",
        "masterVersion": "1.33.5-gke.1308000",
        "masterAuths": [{"clusterCaCertificate": "Y2VydGlmaWNhdGU="}],
    },
    "azure-native:storage:getStorageAccount": {
        "id": "/accounts/theiraccount",
        "location": "northeurope",
        "primaryEndpoints": {"blob": "https://theiraccount.blob.core.windows.net/"},
    },
    "azure-native:storage:getBlobContainer": {"id": "/accounts/theiraccount/containers/theirs", "name": "theirs"},
    "azure-native:authorization:getClientConfig": {"subscriptionId": SUBSCRIPTION, "tenantId": "tenant", "objectId": "me"},
    "azure-native:containerservice:listManagedClusterUserCredentials": {
        "kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(AKS_KUBECONFIG).decode()}]
    },
    "azure-native:containerservice:getManagedCluster": {
        "id": "/clusters/theirs",
        "name": "theirs",
        "fqdn": "theirs.hcp.westeurope.azmk8s.io",
        "currentKubernetesVersion": "1.33.5",
        "oidcIssuerProfile": {"enabled": True, "issuerURL": "https://westeurope.oic.prod-aks.azure.com/tenant/theirs/"},
    },
    "azure-native:network:getVirtualNetwork": {"id": "/networks/theirs"},
}


@dataclass(frozen=True)
class Registered:
    """One resource as the program registered it."""

    type: str
    name: str
    urn: str
    parent: str
    inputs: dict[str, Any]
    retained: bool
    protected: bool
    depends_on: tuple[str, ...]
    ignored: tuple[str, ...]
    deleted_with: str


@dataclass
class Deployment:
    """All that a program registered, asked and put out."""

    resources: list[Registered] = field(default_factory=list)
    registered_outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: list[MockCallArgs] = field(default_factory=list)

    def of_type(self, type_: str) -> list[Registered]:
        return [resource for resource in self.resources if resource.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registered:
        found = [resource for resource in self.of_type(type_) if name is None or resource.name == name]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}"
        return found[0]

    def outputs_of(self, component: Registered) -> dict[str, Any]:
        (only,) = self.registered_outputs[component.urn]
        return only


class Cloud(Mocks):
    def __init__(self, deployment: Deployment, *, preview: bool) -> None:
        self.deployment = deployment
        self.preview = preview

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.deployment.asked.append(args)
        return ANSWERS[args.token], []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom:
            return None, args.inputs
        args.inputs = _named(args)
        if self.preview:
            # As a provider does in a preview: what it would compute is not known yet.
            return None, _answered(args.inputs)
        identifier = f"{args.name}-1a2b3c4"
        return identifier, {**_answered(args.inputs), **_computed(args, identifier)}


class RecordingMonitor(MockMonitor):
    def __init__(self, mocks: Cloud) -> None:
        super().__init__(mocks)
        self.deployment = mocks.deployment

    def RegisterResource(self, request: Any) -> Any:
        response = super().RegisterResource(request)
        if request.type != "pulumi:pulumi:Stack":
            self.deployment.resources.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    urn=response.urn,
                    parent=request.parent,
                    inputs=rpc.deserialize_properties(request.object),
                    retained=request.retainOnDelete,
                    protected=request.protect,
                    depends_on=tuple(request.dependencies),
                    ignored=tuple(request.ignoreChanges),
                    deleted_with=request.deletedWith,
                )
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:
        # Read as the engine gets them: the SDK's own reader passes over nulls.
        self.deployment.registered_outputs.setdefault(request.urn, []).append(MessageToDict(request.outputs))
        return super().RegisterResourceOutputs(request)


def _named(args: MockResourceArgs) -> dict[str, Any]:
    # Pulumi's Kubernetes provider names objects that have no name, in a preview already.
    if not args.typ.startswith("kubernetes:") or "metadata" not in args.inputs:
        return args.inputs
    return {**args.inputs, "metadata": {"name": f"{args.name}-1a2b3c4", **args.inputs["metadata"]}}


def _answered(inputs: dict[str, Any]) -> dict[str, Any]:
    # Azure takes identities as a list of ids and gives them back as a mapping from id to what it knows of each.
    identity = inputs.get("identity")
    if identity is None:
        return inputs
    known = {identifier: {} for identifier in identity.get("userAssignedIdentities", ()) if isinstance(identifier, str)}
    return {**inputs, "identity": {**identity, "userAssignedIdentities": known}}


def _computed(args: MockResourceArgs, identifier: str) -> dict[str, Any]:
    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        return value.format(id=identifier, region=args.inputs.get("region", ""))

    return filled(COMPUTED.get(args.typ, {}))


@pytest.fixture(scope="session")
def deployed() -> Iterator[Callable[..., Deployment]]:
    """Deploys a plan made of these buckets and gives what was registered; equal plans are deployed once and read often."""
    known: dict[str, Deployment] = {}

    def run(cloud: str, *buckets: BucketPlan, preview: bool = False) -> Deployment:
        key = repr((cloud, buckets, preview))
        if key not in known:
            plan = Plan(cloud=cloud, region=LOCATIONS[cloud], stage="dev", labels={"stage": "dev"}, buckets=buckets, decisions=())
            known[key] = _recorded(lambda: deploy(plan) and None, preview)
        return known[key]

    yield run
    asyncio.set_event_loop(None)


@pytest.fixture(scope="session")
def registered() -> Iterator[Callable[..., Deployment]]:
    """Runs a function that builds components and gives what was registered."""

    def run(build: Callable[[], object], *, preview: bool = False) -> Deployment:
        return _recorded(lambda: build() and None, preview)

    yield run
    asyncio.set_event_loop(None)


def _recorded(program: Callable[[], None], preview: bool) -> Deployment:
    deployment = Deployment()
    mocks = Cloud(deployment, preview=preview)
    pulumi.runtime.set_mocks(mocks, project="drydock", stack="test", preview=preview, monitor=RecordingMonitor(mocks))
    pulumi.runtime.test(program)()
    return deployment


@pytest.fixture
def bucket() -> Callable[..., BucketPlan]:
    """A bucket's plan on a cloud; everything may be given otherwise."""

    def build(cloud: str, name: str = "captures", **choices: Any) -> BucketPlan:
        plain = BucketPlan(
            name=name,
            purpose="captures",
            labels={"stage": "dev", "purpose": "captures"},
            placement=PlacementPlan(location=LOCATIONS[cloud], sku="Standard_ZRS" if cloud == "azure" else None),
            tiering=TieringPlan(),
            versioning=VersioningPlan(enabled=False),
            retention=None,
            soft_delete_days=0,
            encryption=EncryptionPlan(),
            access_logs=None,
            abort_multipart_after_days=7,
            compression="zstd",
            keep=False,
            delete_objects_on_destroy=True,
            usage=BucketUsage(),
        )
        return replace(plain, **choices)

    return build
