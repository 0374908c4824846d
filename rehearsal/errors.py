"""Errors as the clouds word them: the cloud's own code first, then the resource, then the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from google.protobuf import any_pb2
from google.rpc import status_pb2
from grpc import StatusCode
from pulumi.runtime.proto import provider_pb2

from rehearsal.values import Values
from rehearsal.wire import encode


class CloudError(Exception):
    """A refusal by a simulated cloud, with the gRPC status that the engine acts on."""

    def __init__(self, code: StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class PartialFailure(CloudError):
    """A resource that was made but is not healthy; the engine keeps it in its state with the reasons."""

    def __init__(self, resource_id: str, outputs: Values, inputs: Values, reasons: Sequence[str]) -> None:
        super().__init__(StatusCode.UNKNOWN, "; ".join(reasons))
        self._detail = provider_pb2.ErrorResourceInitFailed(
            id=resource_id, properties=encode(outputs), inputs=encode(inputs), reasons=list(reasons)
        )

    def status(self) -> bytes:
        """Give the serialised google.rpc.Status that goes into the `grpc-status-details-bin` trailer."""
        detail = any_pb2.Any()
        detail.Pack(self._detail)
        return status_pb2.Status(code=self.code.value[0], message=self.message, details=[detail]).SerializeToString()


@dataclass(frozen=True)
class _Wording:
    """How one cloud names the four refusals that every cloud knows."""

    exists: str
    missing: str
    in_use: str
    quota: str


# Codes from the clouds' API error references: AWS common errors per service, google.rpc.Code with
# "googleapi: Error <http status>", Azure Resource Manager common errors, Kubernetes StatusReason.
_WORDING: Final = {
    "aws": _Wording("ResourceConflictException", "ResourceNotFoundException", "DependencyViolation", "ServiceQuotaExceededException"),
    "gcp": _Wording(
        "googleapi: Error 409: alreadyExists",
        "googleapi: Error 404: notFound",
        "googleapi: Error 400: resourceInUseByAnotherResource",
        "googleapi: Error 403: QUOTA_EXCEEDED",
    ),
    "azure-native": _Wording("Conflict: cannot create already existing resource", "ResourceNotFound", "Conflict: InUse", "QuotaExceeded"),
    "kubernetes": _Wording("AlreadyExists", "NotFound", "Conflict", "Forbidden: exceeded quota"),
}

# Where a service has a code of its own. From the services' API references.
_EXISTS_BY_TYPE: Final = {
    "aws:s3/bucket:": "BucketAlreadyExists",
    "aws:iam/": "EntityAlreadyExists",
    "aws:kms/alias:": "AlreadyExistsException",
    "aws:eks/": "ResourceInUseException",
    "aws:ec2/securityGroup:": "InvalidGroup.Duplicate",
    "aws:ec2/launchTemplate:": "InvalidLaunchTemplateName.AlreadyExistsException",
    "aws:ecr/repository:": "RepositoryAlreadyExistsException",
    "aws:sagemaker/": "ValidationException",
    "aws:cloudwatch/logGroup:": "ResourceAlreadyExistsException",
    "aws:sqs/queue:": "QueueNameExists",
    "azure-native:storage:StorageAccount": "StorageAccountAlreadyTaken",
    "azure-native:keyvault:Vault": "VaultAlreadyExists",
    "azure-native:containerregistry:Registry": "AlreadyInUse",
}
_IN_USE_BY_TYPE: Final = {
    "aws:s3/bucket:": "BucketNotEmpty",
    "aws:iam/": "DeleteConflict",
    "aws:eks/": "ResourceInUseException",
    "aws:ecr/repository:": "RepositoryNotEmptyException",
    "aws:efs/": "FileSystemInUse",
    "gcp:storage/bucket:": "googleapi: Error 409: conflict",
    "azure-native:network:Subnet": "InUseSubnetCannotBeDeleted",
    "azure-native:network:NetworkSecurityGroup": "InUseNetworkSecurityGroupCannotBeDeleted",
    "azure-native:network:PublicIPAddress": "PublicIPAddressCannotBeDeleted",
    "azure-native:network:PublicIPPrefix": "InUsePublicIpPrefixCannotBeDeleted",
    "azure-native:network:RouteTable": "InUseRouteTableCannotBeDeleted",
    "azure-native:network:NatGateway": "NatGatewayInUseBySubnet",
    "azure-native:network:VirtualNetwork": "InUseSubnetCannotBeDeleted",
    "azure-native:privatedns:PrivateZone": "CannotDeleteResource",
    "azure-native:compute:CapacityReservationGroup": "OperationNotAllowed",
    "gcp:dns/managedZone:": "googleapi: Error 400: containerNotEmpty",
    "azure-native:app:ManagedEnvironment": "ManagedEnvironmentHasContainerApps",
}

# What a service says besides its code. From the services' API references and public error reports.
_IN_USE_WORDS: Final = {
    "aws:eks/cluster:": "Cluster has nodegroups attached",
    "aws:ec2/vpc:": "The vpc has dependencies and cannot be deleted",
    "aws:ec2/subnet:": "The subnet has dependencies and cannot be deleted",
    "aws:ec2/securityGroup:": "resource has a dependent object",
    "aws:ec2/internetGateway:": "Network has some mapped public address(es); unmap those before detaching the gateway",
    "gcp:compute/network:": "The network resource is already being used",
    "gcp:compute/subnetwork:": "The subnetwork resource is already being used",
    "azure-native:network:Subnet": "Subnet is in use and cannot be deleted",
    "azure-native:network:VirtualNetwork": "Subnet is in use and cannot be deleted",
}


def already_exists(token: str, name: str, owner: str | None) -> CloudError:
    """Give the refusal of a second resource with a name or id that is taken."""
    code = _own_code(_EXISTS_BY_TYPE, token) or _wording(token).exists
    held = f"it belongs to {owner}" if owner else "it was not made by this stack"
    return CloudError(StatusCode.ALREADY_EXISTS, f"{code}: {token} {name!r} already exists, {held}; choose another name or import it")


def not_found(token: str, identifier: str, code: str | None = None) -> CloudError:
    """Give the refusal of an operation on something that the simulated cloud does not have."""
    code = code or _wording(token).missing
    return CloudError(
        StatusCode.NOT_FOUND, f"{code}: {token} {identifier!r} does not exist; create it first or list it under `existing` in the scenario"
    )


def in_use(token: str, identifier: str, holders: str, mend: str) -> CloudError:
    """Give the refusal to delete something that is not empty or that others need."""
    code = _own_code(_IN_USE_BY_TYPE, token) or _wording(token).in_use
    words = _own_code(_IN_USE_WORDS, token)
    said = f"{words}: " if words else ""
    return CloudError(StatusCode.FAILED_PRECONDITION, f"{code}: {said}{token} {identifier!r} cannot be deleted: {holders}; {mend}")


def quota_exceeded(token: str, quota: str, limit: int) -> CloudError:
    """Give the refusal of one more resource than the scenario's quota allows."""
    code = _wording(token).quota
    message = f"{code}: {token}: the quota {quota!r} of {limit} is used up; delete something, ask for more, or raise it in the scenario"
    return CloudError(StatusCode.RESOURCE_EXHAUSTED, message)


def invalid(message: str) -> CloudError:
    """Give the refusal of a request that is wrong in itself."""
    return CloudError(StatusCode.INVALID_ARGUMENT, message)


def package_of(token: str) -> str:
    """Give the package of a type or function token: `aws` of `aws:s3/bucket:Bucket`."""
    return token.split(":", 1)[0]


def _wording(token: str) -> _Wording:
    return _WORDING.get(package_of(token), _WORDING["kubernetes"])


def _own_code(table: dict[str, str], token: str) -> str | None:
    return next((code for prefix, code in table.items() if token.startswith(prefix)), None)
