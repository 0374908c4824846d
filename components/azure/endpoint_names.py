"""Names in Azure Machine Learning: of endpoints, deployments and versions, where Pulumi's own naming does not help.

What lives within a workspace is named by azure-native as the program calls it, without a random end; an endpoint's name must be
unique in its region all the same. Source: Microsoft Learn, "Online endpoint YAML reference" (name: unique at the region level).
"""

import hashlib
import re

from pulumi import Input, Output

# Source: Microsoft Learn, "Manage and increase quotas for resources": names of endpoints and deployments.
LONGEST_NAME = 32
_DIGITS = 8


def endpoint_name(name: str, workspace_name: Input[str], resource_group_name: Input[str]) -> Output[str]:
    """The endpoint's name in its region: stays while its workspace does, and belongs to nobody else's."""
    return Output.concat(resource_group_name, "/", workspace_name).apply(lambda home: told_apart(name, home))


def told_apart(name: str, *content: str) -> str:
    """A name of letters, digits and dashes, at most LONGEST_NAME long, that differs where the content does."""
    digest = hashlib.sha256("\n".join((name, *content)).encode()).hexdigest()[:_DIGITS]
    spelt = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    # A name begins with a letter.
    spelt = spelt if spelt[:1].isalpha() else f"m-{spelt}"
    return f"{spelt[: LONGEST_NAME - _DIGITS - 1].rstrip('-')}-{digest}"


def version_of(*content: str) -> str:
    """A version of an asset that differs where its content does: Azure changes none in place."""
    return hashlib.sha256("\n".join(content).encode()).hexdigest()[:_DIGITS]
