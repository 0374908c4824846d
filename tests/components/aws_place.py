"""The AWS account and region that components are built in by tests."""

import pulumi_aws as aws

from components.aws.place import Place


def place() -> Place:
    """To be called by the program that builds the components: it asks who is logged in."""
    return Place(caller=aws.get_caller_identity_output(), region="eu-west-1")
