# ruff: noqa
# fmt: off
# Of pulumi-pinecone-byoc 0.6.2 (PyPI; github.com/pinecone-io/pulumi-pinecone-byoc), config/azure.py, by Pinecone, under the Apache License 2.0,
# which stands beside this in LICENSE. Nobody shaped it for these tests: but for these lines it is as it was.
"""Azure-specific configuration for BYOC infrastructure."""

import ipaddress

from pydantic import Field, field_validator

from .base import BaseConfig


class AzureConfig(BaseConfig):
    cloud: str = "azure"
    subscription_id: str = ""

    @field_validator("vpc_cidr")
    @classmethod
    def _vpc_cidr_minimum_size(cls, v: str) -> str:
        net = ipaddress.ip_network(v)
        if net.prefixlen > 20:
            raise ValueError(
                f"vpc_cidr /{net.prefixlen} is too small; minimum is /20 to ensure enough IP addresses for node scaling"
            )
        return v

    custom_tags: dict[str, str] = Field(default_factory=dict)

    def tags(self, **extra: str) -> dict[str, str]:
        base_tags = {
            "pinecone-managed-by": "pulumi",
        }
        return {**base_tags, **self.custom_tags, **extra}
