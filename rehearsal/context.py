"""Who and where the simulated clouds are: the account, project, subscription and region a rehearsal runs in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CloudContext:
    """The identities that real ids and addresses are built from.

    The defaults are placeholders: 123456789012 is the account of AWS's own examples, the GUIDs are made up.
    """

    aws_account: str = "123456789012"
    aws_region: str = "eu-west-1"
    gcp_project: str = "rehearsal-project"
    gcp_project_number: str = "123456789012"
    gcp_region: str = "europe-west4"
    gcp_zone: str = "europe-west4-a"
    azure_subscription: str = "00000000-1111-2222-3333-444444444444"
    azure_tenant: str = "55555555-6666-7777-8888-999999999999"
    azure_location: str = "westeurope"
    kubernetes_namespace: str = "default"
    now: str = "2026-01-01T00:00:00Z"
