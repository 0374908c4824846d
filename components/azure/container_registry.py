"""The container registry of an environment: private, encrypted, cleaned up.

Repositories come with their first image. Tags can be locked for each image alone, by whoever pushes it; what is deployed names images by
digest. A quarantine would hold every image back until a scanner of one's own lets it go, so there is none: Microsoft Defender scans.
"""

import base64
import json
from typing import TYPE_CHECKING

import pulumi_azure_native as azure
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.azure.cluster_access import grant_principal
from components.azure.customer_key import CRYPTO_SERVICE_USER, CustomerKey, KeySpec, create_identity, create_key
from components.azure.private_link import private_address
from components.contract import RegistryOutputs
from plan.model import RegistryPlan

if TYPE_CHECKING:
    from components.azure.network import PrivateAccess

acr = azure.containerregistry

SERVICE = "registry"
# Source of the id: Microsoft Learn, "Azure built-in roles": AcrDelete.
REGISTRY_DELETE = "c2f4ef07-c644-48eb-af81-4b1b4947fb11"
_KEY_ROTATION_DAYS = 365
_NIGHTLY = "0 1 * * *"
_TASK_SECONDS = 3_600


class ContainerRegistry(ComponentResource):
    """The registry.

    Owns the registry, its private address, its key with the identity that uses it, and the task that cleans up. Owns nothing when the
    plan names a registry that exists. id: what a role to pull is given on; None for one that exists.
    """

    outputs: RegistryOutputs
    id: Output[str] | None

    def __init__(
        self,
        name: str,
        plan: RegistryPlan,
        *,
        location: str,
        resource_group_name: Input[str] | None,
        private_access: "PrivateAccess | None" = None,
        opts: ResourceOptions | None = None,
    ) -> None:
        """Build the registry that the plan describes; with `private_access` it is reached from the environment's network only.

        `resource_group_name` may be left out for one that exists.
        """
        kept = ResourceOptions(retain_on_delete=plan.retain or None)
        super().__init__("drydock:azure:ContainerRegistry", name, {"usage": {}}, ResourceOptions.merge(opts, kept))
        if plan.existing or resource_group_name is None:
            self.id, address = None, Output.from_input(plan.existing or "")
        else:
            spec = _spec(name, plan, location, resource_group_name, ResourceOptions(parent=self))
            registry = _registry(spec, plan, closed=private_access is not None)
            if private_access:
                private_address(
                    name,
                    registry.id,
                    SERVICE,
                    private_access,
                    location=location,
                    resource_group_name=resource_group_name,
                    labels=plan.labels,
                    opts=spec.opts,
                )
            _clean_up(spec, plan, registry)
            self.id, address = registry.id, registry.login_server
        self.outputs = RegistryOutputs(
            address=address, repositories={repository: Output.concat(address, "/", repository) for repository in plan.repositories}
        )
        self.register_outputs({**self.outputs})


def _spec(name: str, plan: RegistryPlan, location: str, resource_group_name: Input[str], opts: ResourceOptions) -> KeySpec:
    return KeySpec(
        name=name,
        globally_named=name.replace("-", "")[:16],
        location=location,
        labels=plan.labels,
        rotation_days=_KEY_ROTATION_DAYS,
        resource_group_name=resource_group_name,
        role=CRYPTO_SERVICE_USER,
        opts=opts,
    )


def _registry(spec: KeySpec, plan: RegistryPlan, *, closed: bool) -> acr.Registry:
    identity = create_identity(spec) if plan.customer_key else None
    key = create_key(spec, identity) if identity else None
    return acr.Registry(
        spec.globally_named,
        resource_group_name=spec.resource_group_name,
        location=spec.location,
        # Private addresses, keys of one's own and the clean-up of untagged images are Premium's.
        sku=acr.SkuArgs(name=acr.SkuName.PREMIUM),
        admin_user_enabled=False,
        anonymous_pull_enabled=False,
        public_network_access=acr.PublicNetworkAccess.DISABLED if closed else acr.PublicNetworkAccess.ENABLED,
        network_rule_bypass_options=acr.NetworkRuleBypassOptions.AZURE_SERVICES,
        policies=acr.PoliciesArgs(
            retention_policy=acr.RetentionPolicyArgs(status=acr.PolicyStatus.ENABLED, days=plan.delete_untagged_after_days),
            export_policy=acr.ExportPolicyArgs(status="disabled" if closed else "enabled"),
        ),
        identity=_identity(identity) if identity else None,
        encryption=_encryption(identity, key) if identity and key else None,
        tags=spec.labels,
        opts=ResourceOptions.merge(spec.opts, ResourceOptions(depends_on=[key.grant] if key else None)),
    )


def _identity(identity: azure.managedidentity.UserAssignedIdentity) -> acr.IdentityPropertiesArgs:
    used = identity.id.apply(lambda known: {known: acr.UserIdentityPropertiesArgs()})
    return acr.IdentityPropertiesArgs(type=acr.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=used)


def _encryption(identity: azure.managedidentity.UserAssignedIdentity, key: CustomerKey) -> acr.EncryptionPropertyArgs:
    return acr.EncryptionPropertyArgs(
        status=acr.EncryptionStatus.ENABLED,
        # Without a version the registry follows the key's rotation.
        key_vault_properties=acr.KeyVaultPropertiesArgs(identity=identity.client_id, key_identifier=key.key.key_uri),
    )


def _clean_up(spec: KeySpec, plan: RegistryPlan, registry: acr.Registry) -> None:
    """Delete all but the newest tags of each repository, each night; Azure has no setting for it.

    Source: Microsoft Learn, "Automatically purge images from an Azure container registry".
    """
    if not plan.repositories:
        return
    task = acr.Task(
        f"{spec.name}-clean-up",
        resource_group_name=spec.resource_group_name,
        registry_name=registry.name,
        location=spec.location,
        identity=acr.IdentityPropertiesArgs(type=acr.ResourceIdentityType.SYSTEM_ASSIGNED),
        credentials=acr.CredentialsArgs(
            custom_registries=registry.login_server.apply(lambda server: {server: acr.CustomRegistryCredentialsArgs(identity="[system]")})
        ),
        platform=acr.PlatformPropertiesArgs(os=acr.OS.LINUX, architecture=acr.Architecture.AMD64),
        step=acr.EncodedTaskStepArgs(type="EncodedTask", encoded_task_content=_encoded(plan)),
        trigger=acr.TriggerPropertiesArgs(timer_triggers=[acr.TimerTriggerArgs(name="nightly", schedule=_NIGHTLY)]),
        timeout=_TASK_SECONDS,
        status=acr.TaskStatus.ENABLED,
        tags=spec.labels,
        opts=spec.opts,
    )
    principal = task.identity.apply(lambda identity: (identity.principal_id if identity else None) or "")
    grant_principal(f"{spec.name}-clean-up", principal, registry.id, REGISTRY_DELETE, spec.opts)


def _encoded(plan: RegistryPlan) -> str:
    filters = " ".join(f"--filter '{repository}:.*'" for repository in plan.repositories)
    purge = f"acr purge {filters} --ago 0d --keep {plan.keep_newest}"
    step = {"cmd": purge, "disableWorkingDirectoryOverride": True, "timeout": _TASK_SECONDS}
    # JSON is YAML, which tasks are written in.
    return base64.b64encode(json.dumps({"version": "v1.1.0", "steps": [step]}).encode()).decode()
