"""One bucket as it was asked for, with everything that its planning needs to know."""

from dataclasses import dataclass

from catalogue.regions import Region
from environment.storage import Bucket
from plan.findings import Findings


@dataclass(frozen=True, kw_only=True)
class BucketRequest:
    """A bucket of the environment file, where it would stand, and where findings about it go.

    region is None when the environment's region is unknown: that is one fault already, and no rule may add to it.
    redundancy is the asked one, or the one that follows from what else was asked.
    """

    cloud: str
    stage: str
    region_name: str
    region: Region | None
    name: str
    bucket: Bucket
    redundancy: str
    findings: Findings

    @property
    def is_production_original(self) -> bool:
        """Whether it holds what a production system cannot make again: its models and datasets."""
        return self.stage == "prod" and self.bucket.purpose in ("models", "datasets")

    def path(self, *fields: str) -> str:
        """The environment-file path of one of its fields."""
        return ".".join(("storage", self.name, *fields))

    def fault(self, fields: str, value: object, problem: str, *, allowed: str, fix: str, source: str = "") -> None:
        """Notes a fault at one of its fields (dotted)."""
        self.findings.fault(self.path(fields), value, problem, allowed=allowed, fix=fix, source=source)

    def decide(self, fields: str, chosen: object, reason: str, source: str = "") -> None:
        """Notes a decision at one of its fields (dotted)."""
        self.findings.decide(self.path(fields), chosen, reason, source)
