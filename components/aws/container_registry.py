"""Repositories of container images in ECR: private, scanned, with tags that never move."""

import json

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components.aws.customer_key import create_key
from components.aws.place import Place
from components.contract import RegistryOutputs
from plan.model import EncryptionPlan, RegistryPlan


class ContainerRegistry(ComponentResource):
    """The environment's part of the account's registry.

    Owns its repositories with their clean-up, and their key when it is a customer key. Owns nothing when the plan names a registry that
    exists.
    """

    outputs: RegistryOutputs

    def __init__(self, name: str, plan: RegistryPlan, *, place: Place, opts: ResourceOptions | None = None) -> None:
        """Build the plan's repositories."""
        # The engine hands it down: repositories that outlive the stack keep their key and their clean-up.
        kept = ResourceOptions(retain_on_delete=plan.retain or None)
        super().__init__("drydock:aws:ContainerRegistry", name, {"usage": {}}, ResourceOptions.merge(opts, kept))
        self.outputs = _existing(plan.existing, plan) if plan.existing else _build(name, plan, place, ResourceOptions(parent=self))
        self.register_outputs({**self.outputs})


def _existing(address: str, plan: RegistryPlan) -> RegistryOutputs:
    repositories = {repository: Output.from_input(f"{address}/{repository}") for repository in plan.repositories}
    return RegistryOutputs(address=Output.from_input(address), repositories=repositories)


def _build(name: str, plan: RegistryPlan, place: Place, opts: ResourceOptions) -> RegistryOutputs:
    key = _key(name, plan, place, opts) if plan.customer_key else None
    built = {repository: _repository(repository, plan, key, place, opts) for repository in plan.repositories}
    return RegistryOutputs(
        address=Output.concat(place.account, ".dkr.ecr.", place.region, ".", place.domain),
        repositories={repository: found.repository_url for repository, found in built.items()},
    )


def _key(name: str, plan: RegistryPlan, place: Place, opts: ResourceOptions) -> aws.kms.Key:
    own = EncryptionPlan(customer_key=True)
    return create_key(name, own, description=f"Images of {name}", place=place, labels=plan.labels, opts=opts)


def _repository(name: str, plan: RegistryPlan, key: aws.kms.Key | None, place: Place, opts: ResourceOptions) -> aws.ecr.Repository:
    repository = aws.ecr.Repository(
        name,
        image_tag_mutability="IMMUTABLE",
        image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
        encryption_configurations=[_encryption(key)],
        # One that the stack takes away takes its images along.
        force_delete=not plan.retain,
        region=place.region,
        tags=plan.labels,
        opts=opts,
    )
    aws.ecr.LifecyclePolicy(f"{name}-clean-up", repository=repository.name, policy=_clean_up(plan), region=place.region, opts=opts)
    return repository


def _encryption(key: aws.kms.Key | None) -> aws.ecr.RepositoryEncryptionConfigurationArgs:
    return aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS" if key else "AES256", kms_key=key.arn if key else None)


def _clean_up(plan: RegistryPlan) -> str:
    """Untagged images go by age, tagged ones by number. Source: Amazon ECR User Guide, "Lifecycle policy properties"."""
    by_age = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": plan.delete_untagged_after_days}
    by_number = {"tagStatus": "tagged", "tagPatternList": ["*"], "countType": "imageCountMoreThan", "countNumber": plan.keep_newest}
    rules = [
        {"rulePriority": priority, "selection": selection, "action": {"type": "expire"}}
        for priority, selection in enumerate((by_age, by_number), start=1)
    ]
    return json.dumps({"rules": rules})
