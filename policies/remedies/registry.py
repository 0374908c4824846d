"""Registries: images scanned, and for those alone who sign in."""

from collections.abc import Iterator, Sequence

from policies.check import Change, Problem
from policies.checks import registry_aws, registry_azure, registry_gcp
from policies.remediation import Remedies, put
from policies.view import View

REMEDIES = Remedies()


@REMEDIES.add("DD-REGISTRY-001", registry_aws.REPOSITORY)
def scans(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A scan reads images and stops nobody from pushing or pulling; basic scans cost nothing, and where all are scanned it adds none."""
    yield from put(problems, True)


@REMEDIES.add("DD-REGISTRY-104", registry_gcp.REPOSITORY)
def scans_as_project(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """A scan reads images and stops nobody from pushing or pulling; whether the project scans, and pays for it, is the project's to say."""
    yield from put(problems, "INHERITED")


@REMEDIES.add("DD-REGISTRY-202", registry_azure.REGISTRY)
def signed_in(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Images stay as they are, and whoever signs in pulls them; it can be turned back."""
    yield from put(problems, False)
