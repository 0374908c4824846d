"""One version of an endpoint, sized alone: the words of a model and of an endpoint, on a platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.regions import regions
from environment.model import Environment
from plan.decision import Decision
from plan.endpoint_request import EndpointRequest
from plan.endpoint_sizing import size
from plan.findings import Findings
from plan.model import MachinePlan, NodePoolPlan, VariantPlan
from tests.components.plans import pool_plan, rung_plan

DIGEST = "@sha256:" + "ab" * 32
# Where every machine of these tests has a price: the regions whose lists are most complete.
PLACES = {
    "sageMaker": ("aws", "us-east-1"),
    "vertexAi": ("gcp", "us-central1"),
    "cloudRun": ("gcp", "us-central1"),
    "azureMl": ("azure", "westeurope"),
    "kubernetes": ("aws", "us-east-1"),
}
_LLM = {"runtime": "vllm", "image": f"serving{DIGEST}", "artifact": "models/llm", "contextTokens": 4_096, "startupSeconds": 300}
LLM_7B = {**_LLM, "parametersBillion": 7, "precision": "fp16", "kvCacheKibPerToken": 128}
LLM_70B = {**_LLM, "parametersBillion": 70, "precision": "fp16", "kvCacheKibPerToken": 320}
LLM_70B_INT4 = {**LLM_70B, "precision": "int4"}
ONNX = {"runtime": "onnx", "image": f"serving{DIGEST}", "artifact": "models/fraud", "sizeMib": 40}
RATES = {"low": 1, "expected": 2, "high": 4}


@dataclass(frozen=True)
class Found:
    """The version, None where it cannot be served as asked; the lines of what is wrong, and what was decided, by path."""

    variant: VariantPlan | None
    faults: list[str]
    decisions: Mapping[str, Decision]

    @property
    def sized(self) -> VariantPlan:
        """The version; a test that asks for it wants no fault."""
        assert not self.faults, "\n".join(self.faults)
        assert self.variant is not None
        return self.variant

    @property
    def fault(self) -> str:
        """The only fault."""
        assert len(self.faults) == 1, "\n".join(self.faults)
        return self.faults[0]


def sized(
    platform: str,
    model: Mapping[str, Any],
    *,
    role: str = "stable",
    share: float = 1.0,
    stage: str = "prod",
    pools: tuple[NodePoolPlan, ...] = (),
    region: str | None = None,
    storage: Mapping[str, Any] | None = None,
    **endpoint: Any,
) -> Found:
    """Sizes the model version `m` of the endpoint `e`; endpoint: its words. On kubernetes it lands on the first of the pools."""
    cloud, home = PLACES[platform]
    words = {"model": "m", "traffic": {"requestsPerSecond": RATES}, **endpoint}
    environment = Environment.model_validate(
        {
            "cloud": cloud,
            "region": region or home,
            "stage": stage,
            "owner": "ml-platform",
            "costCenter": "cc-4211",
            "storage": {"models": {"purpose": "models"}} if storage is None else storage,
            "models": {"m": model},
            "endpoints": {"e": words},
        }
    )
    findings = Findings()
    request = EndpointRequest(
        environment=environment,
        cloud=cloud,
        stage=stage,
        region=regions(cloud)[region or home],
        name="e",
        endpoint=environment.endpoints["e"],
        platform=platform,
        pool=pools[0] if pools else None,
        pools=pools,
        buckets=(),
        labels={},
        findings=findings,
    )
    variant = size(request, role, "m", environment.models["m"], share)
    return Found(variant, [fault.line() for fault in findings.faults], {each.path: each for each in findings.decisions})


def gpu_pool(
    word: str = "nvidia-l4", count: int = 1, *, vcpus: float = 48, gib: float = 192, nodes: int = 8, **choices: Any
) -> NodePoolPlan:
    """A pool of EC2 machines with so many of an accelerator."""
    machine = MachinePlan(
        instance_type=f"{word}-x{count}",
        architecture="amd64",
        vcpus=vcpus,
        memory_gib=gib,
        accelerator=word,
        accelerator_kind="gpu",
        accelerator_count=count,
        usd_per_hour=4.0,
    )
    rungs = (rung_plan("aws", "gpu", max_nodes=nodes),)
    given: dict[str, Any] = {"name": "gpu", "machine": machine, "rungs": rungs, "resources_per_node": count, **choices}
    return pool_plan("aws", gpu=True, **given)


def cpu_pool(*, vcpus: float = 8, gib: float = 32, nodes: int = 8) -> NodePoolPlan:
    """A pool of EC2 machines without accelerators."""
    machine = MachinePlan(instance_type="m5.2xlarge", architecture="amd64", vcpus=vcpus, memory_gib=gib, usd_per_hour=0.384)
    return pool_plan("aws", "cpu", machine=machine, rungs=(rung_plan("aws", "cpu", max_nodes=nodes),))
