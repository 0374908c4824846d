"""The repository of container images in Artifact Registry: private, scanned, with tags that never move."""

import re

import pulumi
import pulumi_gcp as gcp
from pulumi import ComponentResource, Output, ResourceOptions

from components.contract import RegistryOutputs
from components.gcp.customer_key import CustomerKey, customer_key
from components.gcp.durations import SECONDS_PER_DAY
from components.gcp.project import current_project
from plan.model import EncryptionPlan, RegistryPlan

_LONGEST_NAME = 63


class ContainerRegistry(ComponentResource):
    """The environment's registry: one repository, in which each image has its own name.

    Owns the repository with its clean-up, and its key when it is a customer key. Owns nothing when the plan names one that exists.
    """

    outputs: RegistryOutputs

    def __init__(self, name: str, plan: RegistryPlan, *, region: str, opts: ResourceOptions | None = None) -> None:
        """Build the registry that the plan describes."""
        # The engine hands it down: a repository that outlives the stack keeps its key.
        kept = ResourceOptions(retain_on_delete=plan.retain or None)
        super().__init__("drydock:gcp:ContainerRegistry", name, {"usage": {}}, ResourceOptions.merge(opts, kept))
        address = Output.from_input(plan.existing) if plan.existing else _build(name, plan, region, ResourceOptions(parent=self))
        repositories = {image: Output.concat(address, "/", image) for image in plan.repositories}
        self.outputs = RegistryOutputs(address=address, repositories=repositories)
        self.register_outputs({**self.outputs})


def _build(name: str, plan: RegistryPlan, region: str, opts: ResourceOptions) -> Output[str]:
    key = _key(name, plan, region, opts) if plan.customer_key else None
    repository = gcp.artifactregistry.Repository(
        f"{name}-repository",
        # Not made up by Pulumi: its name is part of every image's.
        repository_id=_identifier(name),
        format="DOCKER",
        location=region,
        docker_config=gcp.artifactregistry.RepositoryDockerConfigArgs(immutable_tags=True),
        vulnerability_scanning_config=gcp.artifactregistry.RepositoryVulnerabilityScanningConfigArgs(enablement_config="INHERITED"),
        cleanup_policies=_clean_up(plan),
        cleanup_policy_dry_run=False,
        kms_key_name=key.name if key else None,
        labels=dict(plan.labels),
        # One that takes its place, with another key, has the same name.
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[key.grant] if key else None, delete_before_replace=True)),
    )
    return Output.concat(region, "-docker.pkg.dev/", repository.project, "/", repository.repository_id)


def _identifier(name: str) -> str:
    """Two stacks of one project in Google Cloud have a registry each. Source: Artifact Registry API v1, CreateRepositoryRequest."""
    plain = re.sub(r"[^a-z0-9]+", "-", f"{pulumi.get_project()}-{pulumi.get_stack()}-{name}".lower()).strip("-")
    return plain[-_LONGEST_NAME:].lstrip("-0123456789")


def _key(name: str, plan: RegistryPlan, region: str, opts: ResourceOptions) -> CustomerKey:
    # The agent is there only once somebody asked for it. Source: Artifact Registry, "Enabling customer-managed encryption keys".
    asked = gcp.projects.ServiceIdentity(f"{name}-agent", service="artifactregistry.googleapis.com", opts=opts)
    number = current_project(opts.parent).number
    agent = Output.concat("service-", number, "@gcp-sa-artifactregistry.iam.gserviceaccount.com")
    after = ResourceOptions.merge(opts, ResourceOptions(depends_on=[asked]))
    return customer_key(name, EncryptionPlan(customer_key=True), location=region, labels=plan.labels, agent=agent, opts=after)


def _clean_up(plan: RegistryPlan) -> list[gcp.artifactregistry.RepositoryCleanupPolicyArgs]:
    """Untagged images go by age, tagged ones but the newest too; what a KEEP rule names stays whatever deletes.

    Source: Artifact Registry, "Configure cleanup policies".
    """
    policy, condition = gcp.artifactregistry.RepositoryCleanupPolicyArgs, gcp.artifactregistry.RepositoryCleanupPolicyConditionArgs
    newest = gcp.artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(keep_count=plan.keep_newest)
    old = f"{plan.delete_untagged_after_days * SECONDS_PER_DAY}s"
    return [
        policy(id="untagged", action="DELETE", condition=condition(tag_state="UNTAGGED", older_than=old)),
        policy(id="tagged", action="DELETE", condition=condition(tag_state="TAGGED")),
        policy(id="newest", action="KEEP", most_recent_versions=newest),
    ]
