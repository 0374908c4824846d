"""The size of endpoints. Figures are reckoned by hand from the rules in the docstrings; regions are those of sizing.py."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.sizing import LLM_7B, LLM_70B, LLM_70B_INT4, ONNX, cpu_pool, gpu_pool, sized

GIB = 2**30
# Weights, 8 requests × 4,096 tokens × KiB a token, 2 GiB a device.
NEEDS_7B = 7e9 * 2 / GIB + 8 * 0.5 + 2
NEEDS_70B_A100 = 70e9 * 2 / GIB + 8 * 1.25 + 4 * 2
NEEDS_70B_P4D = 70e9 * 2 / GIB + 8 * 1.25 + 8 * 2
NEEDS_70B_INT4 = 70e9 * 4.5 / 8 / GIB + 8 * 1.25 + 2
MEASURED = {"machine": "ml.c5.xlarge", "requestsPerSecond": 50, "p95Ms": 40}


def traffic(low: float, expected: float, high: float, **words: int) -> dict[str, object]:
    return {"requestsPerSecond": {"low": low, "expected": expected, "high": high}, **words}


@pytest.mark.parametrize(
    ("platform", "model", "machine", "devices", "gib"),
    [
        # A GPU of 24 GiB shows 22.3, of which vLLM takes 20.1: it holds 19.0. The price is the lowest of those.
        ("sageMaker", LLM_7B, "ml.g5.xlarge", 1, NEEDS_7B),
        # Two T4 have the bandwidth of two thirds of an L4 each, and cost less than one.
        ("vertexAi", LLM_7B, "n1-standard-4", 2, NEEDS_7B + 2),
        ("cloudRun", LLM_7B, "cloud-run-nvidia-l4", 1, NEEDS_7B),
        ("azureMl", LLM_7B, "Standard_NC40ads_H100_v5", 1, NEEDS_7B),
        # 148 GiB: 4 × 80 GiB hold them, 2 × 80 do not.
        ("sageMaker", LLM_70B, "ml.p4d.24xlarge", 8, NEEDS_70B_P4D),
        ("vertexAi", LLM_70B, "a2-ultragpu-4g", 4, NEEDS_70B_A100),
        ("azureMl", LLM_70B, "Standard_NC96ads_A100_v4", 4, NEEDS_70B_A100),
        # 49 GiB: one GPU of 80 or 96 GiB.
        ("vertexAi", LLM_70B_INT4, "a3-highgpu-1g", 1, NEEDS_70B_INT4),
        ("azureMl", LLM_70B_INT4, "Standard_NC40ads_H100_v5", 1, NEEDS_70B_INT4),
        ("cloudRun", LLM_70B_INT4, "cloud-run-nvidia-rtx-pro-6000", 1, NEEDS_70B_INT4),
        # Four of 24 GiB: three more runtimes of 2 GiB.
        ("sageMaker", LLM_70B_INT4, "ml.g5.12xlarge", 4, NEEDS_70B_INT4 + 6),
        # 40 MiB twice, and a runtime of 1 GiB.
        ("vertexAi", ONNX, "n1-standard-2", 0, 80 / 1024 + 1),
        ("cloudRun", ONNX, "cloud-run-1x2", 0, 80 / 1024 + 1),
        ("azureMl", ONNX, "Standard_F4s_v2", 0, 80 / 1024 + 1),
        ("sageMaker", ONNX, "ml.m5.large", 0, 80 / 1024 + 1),
    ],
)
def test_a_model_gets_the_cheapest_machine_that_holds_it(platform, model, machine, devices, gib):
    variant = sized(platform, model).sized
    assert (variant.machine.instance_type, variant.accelerators) == (machine, devices)
    assert variant.model.memory_gib == pytest.approx(gib, abs=0.01)


@pytest.mark.parametrize(
    ("platform", "model", "usd"),
    [
        ("sageMaker", LLM_7B, 1.4084),
        # A node of 0.219 and two T4 of 0.402.
        ("vertexAi", LLM_7B, 0.219 + 2 * 0.402),
        # Four A100 of 4.517292, 48 vCPUs of 0.03635265, 680 GiB of 0.00487255.
        ("vertexAi", LLM_70B, 4 * 4.517292 + 48 * 0.03635265 + 680 * 0.00487255),
        # Seconds: 4 vCPUs of 0.000018, 16 GiB of 0.000002, one L4 of 0.0001867.
        ("cloudRun", LLM_7B, 3600 * (4 * 0.000018 + 16 * 0.000002 + 0.0001867)),
        ("azureMl", ONNX, 0.194),
    ],
)
def test_an_hour_costs_what_the_platforms_own_list_says(platform, model, usd):
    # Read by hand in catalogue/data/services and catalogue/data/prices.
    assert sized(platform, model).sized.machine.usd_per_hour == pytest.approx(usd)


def test_a_part_of_a_gpu_is_taken_by_name_alone():
    # A sixth of an A10 would hold it (2 × 1.17 + 1 GiB of 3.7).
    medium = {**ONNX, "sizeMib": 1_200}
    assert sized("azureMl", medium).sized.machine.instance_type == "Standard_NC4as_T4_v3"
    assert sized("azureMl", medium, machine="Standard_NV6ads_A10_v5").sized.machine.instance_type == "Standard_NV6ads_A10_v5"


def test_each_gpu_of_a_language_model_has_a_vcpu_beside_two_for_all():
    # Four T4 hold 13 billion at 16 bits on an n1-standard-4, whose four vCPUs do not drive them.
    variant = sized("vertexAi", {**LLM_7B, "parametersBillion": 13, "kvCacheKibPerToken": 200}, accelerator="nvidia-t4").sized
    assert variant.accelerators == 4
    assert variant.machine.vcpus >= 6


def test_more_than_eight_at_once_do_not_make_a_replica_faster():
    eight, many = (sized("azureMl", {**LLM_7B, "maxConcurrentRequests": count}, accelerator="nvidia-a100-80gb").sized for count in (8, 64))
    assert (eight.concurrency, many.concurrency) == (8, 64)
    assert eight.target == many.target


def test_half_precision_of_seventy_billion_fits_nothing_on_cloud_run():
    line = sized("cloudRun", LLM_70B).fault
    assert "it needs 142.4 GiB of GPU memory" in line
    assert "cloud-run-nvidia-rtx-pro-6000 has 80.4 GiB" in line
    assert "in int8 its weights would be 65.2 GiB" in line


@pytest.mark.parametrize(
    ("model", "devices", "gib"),
    [(LLM_7B, 1, NEEDS_7B), (LLM_70B_INT4, 4, NEEDS_70B_INT4 + 6)],
)
def test_a_replica_takes_as_many_of_a_nodes_gpus_as_hold_it(model, devices, gib):
    found = sized("kubernetes", model, pools=(gpu_pool("nvidia-l4", 4),), on="gpu")
    assert found.sized.accelerators == devices
    assert f"--tensor-parallel-size={devices}" in found.sized.model.args
    assert found.sized.model.memory_gib == pytest.approx(gib, abs=0.01)


def test_a_pool_bounds_what_an_estimate_asks_for_and_says_how_many_nodes_it_takes():
    # 4 × L4: 0.6 × 1200e9 / 39.4e9 × 6.4 = 117 tokens a second, 256 an answer: 0.4 a second, so that 4 need 15 replicas.
    found = sized("kubernetes", LLM_70B_INT4, pools=(gpu_pool("nvidia-l4", 4, nodes=3),), on="gpu")
    assert (found.sized.max_replicas, found.sized.initial_replicas, found.sized.cost_replicas.high) == (3, 3, 3)
    assert "raise nodes.max of gpu to 15" in found.decisions["endpoints.e.replicas.max"].reason


def test_the_file_says_how_many_of_a_nodes_gpus_a_replica_takes():
    assert sized("kubernetes", LLM_7B, pools=(gpu_pool("nvidia-l4", 4),), on="gpu", accelerators=2).sized.accelerators == 2


def test_a_part_of_a_shared_gpu_is_what_a_replica_gets():
    # Half of an A100 of 80 GiB: 74.4 × 0.9 / 2 = 33.5 GiB hold 19.0; a quarter has 16.7.
    half = gpu_pool("nvidia-a100-80gb", 1, resources_per_node=2)
    quarter = gpu_pool("nvidia-a100-80gb", 1, resources_per_node=4)
    assert sized("kubernetes", LLM_7B, pools=(half,), on="gpu").sized.accelerators == 1
    assert sized("kubernetes", LLM_7B, pools=(quarter,), on="gpu").sized.accelerators == 2


def test_a_small_model_takes_a_processors_part_of_a_node():
    variant = sized("kubernetes", ONNX, pools=(cpu_pool(),), on="cpu").sized
    assert (variant.vcpus, variant.memory_gib, variant.accelerators) == (2, 2, 0)


def test_a_gpus_replica_asks_for_its_part_of_the_node():
    # 48 and 192 less what EKS keeps, times a quarter and nine tenths.
    variant = sized("kubernetes", LLM_7B, pools=(gpu_pool("nvidia-l4", 4),), on="gpu").sized
    assert variant.vcpus == pytest.approx(10.6, abs=0.2)
    assert variant.memory_gib == pytest.approx(42, abs=1)


def test_the_speed_of_a_language_model_follows_from_bandwidth_weights_and_prompt():
    # A10G: 0.6 × 600e9 / 14e9 × 8 × 0.8 = 164.57 tokens a second; 2 × 7e9 × 200 / (70e12 × 0.4) = 0.1 s for the prompt.
    rate = 1 / (100 / 164.571 + 0.1)
    found = sized("sageMaker", LLM_7B, traffic=traffic(1, 2, 4, promptTokens=200, outputTokens=100))
    assert found.sized.machine.accelerator == "nvidia-a10g"
    assert found.sized.target == pytest.approx(0.7 * rate, rel=0.01)
    # ceil(2 / 0.989), ceil(4 / 0.989), ceil(1 / 0.989).
    assert (found.sized.initial_replicas, found.sized.max_replicas, found.sized.cost_replicas.low) == (3, 5, 2)
    assert "an estimate of low confidence" in found.decisions["endpoints.e.autoscaling.target"].reason


def test_a_measurement_goes_before_every_estimate():
    # 50 a second, filled to 35: 40 need 2, 100 need 3.
    found = sized("sageMaker", {**ONNX, "measured": [MEASURED]}, traffic=traffic(10, 40, 100))
    variant = found.sized
    assert variant.machine.instance_type == "ml.c5.xlarge"
    assert (variant.min_replicas, variant.initial_replicas, variant.max_replicas, variant.target) == (1, 2, 3, 35)
    assert "measured on ml.c5.xlarge" in found.decisions["endpoints.e.replicas.max"].reason


def test_a_measured_speed_sets_the_fewest_replicas_and_an_estimate_does_not():
    low = traffic(80, 90, 100)
    assert sized("sageMaker", {**ONNX, "measured": [MEASURED]}, traffic=low).sized.min_replicas == 3
    assert sized("sageMaker", ONNX, traffic=low).sized.min_replicas == 1


def test_of_two_measured_machines_the_cheaper_fleet_is_taken():
    # 700 a second: 20 × 0.204 USD against 3 × 1.408 USD; at 35 the one of 0.204 USD is enough.
    measured = [MEASURED, {"machine": "ml.g5.xlarge", "requestsPerSecond": 500}]
    assert sized("sageMaker", {**ONNX, "measured": measured}, traffic=traffic(30, 35, 40)).sized.machine.instance_type == "ml.c5.xlarge"
    few = sized("sageMaker", {**ONNX, "measured": measured}, traffic=traffic(600, 1050, 1400)).sized
    assert few.machine.instance_type == "ml.g5.xlarge"
    assert few.cost_replicas.expected == 3


def test_a_machine_that_is_too_slow_by_measurement_is_not_taken():
    measured = [{**MEASURED, "p95Ms": 90}, {"machine": "ml.g5.xlarge", "requestsPerSecond": 500, "p95Ms": 10}]
    found = sized("sageMaker", {**ONNX, "measured": measured}, traffic=traffic(30, 35, 40), objective={"p95Ms": 50})
    assert found.sized.machine.instance_type == "ml.g5.xlarge"


def test_a_share_of_the_traffic_needs_a_share_of_the_replicas():
    model = {**ONNX, "measured": [MEASURED]}
    whole = sized("sageMaker", model, traffic=traffic(70, 350, 700)).sized.cost_replicas
    tenth = sized("sageMaker", model, role="canary", share=0.1, traffic=traffic(70, 350, 700)).sized.cost_replicas
    assert (whole.low, whole.expected, whole.high) == (2, 10, 20)
    assert (tenth.low, tenth.expected, tenth.high) == (1, 1, 2)


def test_the_files_bounds_are_of_the_stable_version_alone():
    model, bounds = {**ONNX, "measured": [MEASURED]}, {"min": 4, "max": 9}
    stable = sized("sageMaker", model, traffic=traffic(1, 2, 4), replicas=bounds).sized
    shadow = sized("sageMaker", model, role="shadow", traffic=traffic(1, 2, 4), replicas=bounds)
    assert (stable.min_replicas, stable.max_replicas) == (4, 9)
    assert (shadow.sized.min_replicas, shadow.sized.max_replicas) == (1, 1)
    assert "endpoints.e.shadow.machine" in shadow.decisions


@pytest.mark.parametrize(("percent", "stage", "least"), [(99.9, "prod", 2), (99.5, "prod", 1), (99.9, "dev", 1)])
def test_production_that_promises_three_nines_has_a_second_replica(percent, stage, least):
    found = sized("sageMaker", {**ONNX, "measured": [MEASURED]}, stage=stage, objective={"availabilityPercent": percent})
    assert found.sized.min_replicas == least


@pytest.mark.parametrize(
    ("metric", "objective", "target"),
    [
        ("requests", {}, 35),
        ("concurrency", {}, 5.6),
        ("queueDepth", {}, 1500),
        ("cpuUtilization", {}, 70),
        ("gpuUtilization", {}, 70),
        ("latency", {"p95Ms": 100}, 80),
        ("latency", {}, 50),
    ],
)
def test_each_metric_has_a_target_of_one_replica(metric, objective, target):
    # 50 a second and 40 ms measured, 8 at once: 70 %, 30 s of work, 80 % of the objective, 125 % of what was measured.
    model = {**ONNX, "maxConcurrentRequests": 8, "measured": [MEASURED]}
    assert sized("sageMaker", model, autoscaling={"metric": metric}, objective=objective).sized.target == pytest.approx(target)


def test_the_file_may_name_a_machine_an_accelerator_and_their_number():
    assert sized("sageMaker", ONNX, machine="ml.c5.2xlarge").sized.machine.instance_type == "ml.c5.2xlarge"
    assert sized("vertexAi", LLM_7B, accelerator="nvidia-l4").sized.machine.instance_type == "g2-standard-4"
    assert sized("azureMl", LLM_7B, accelerator="nvidia-t4", accelerators=4).sized.machine.instance_type == "Standard_NC64as_T4_v3"
    # Azure warns of it: by name alone.
    assert sized("azureMl", ONNX, machine="Standard_F2s_v2").sized.machine.vcpus == 2


def test_sixteen_bits_that_a_gpu_cannot_compute_in_are_not_put_on_it():
    # T4 knows fp16 and not bf16, so that the next cheapest is taken.
    assert sized("vertexAi", {**LLM_7B, "precision": "bf16"}).sized.machine.accelerator == "nvidia-l4"


def test_a_machine_of_unknown_price_comes_last_and_says_so():
    found = sized("cloudRun", LLM_70B_INT4)
    assert "a price that is not on record" in found.decisions["endpoints.e.machine"].reason


def test_the_reason_names_what_is_next_and_what_a_lower_precision_would_take():
    reason = sized("sageMaker", LLM_7B).decisions["endpoints.e.machine"].reason
    assert "next" in reason
    assert "ml.g5.2xlarge" in reason
    assert "in int8 its weights would be 6.5 GiB" in reason
    assert "13.0 GiB of weights (7 billion × 16 bits, fp16)" in reason


def test_keys_and_values_that_nobody_told_are_estimated_between_eight_and_seventy_billion():
    # Llama 3.1: 32 layers and 80 layers of 8 heads of 128 at 2 × 2 bytes are 128 and 320 KiB.
    eight = {**LLM_7B, "parametersBillion": 8, "kvCacheKibPerToken": None}
    seventy = {**LLM_70B, "kvCacheKibPerToken": None}
    assert "128 KiB a token, an estimate" in sized("azureMl", eight).decisions["endpoints.e.machine"].reason
    assert "320 KiB a token, an estimate" in sized("azureMl", seventy).decisions["endpoints.e.machine"].reason


MORE = st.floats(min_value=1, max_value=50)
RATE = st.floats(min_value=0.1, max_value=200)


@settings(max_examples=40)
@given(rate=RATE, more=MORE, platform=st.sampled_from(["sageMaker", "vertexAi", "cloudRun", "azureMl"]), llm=st.booleans())
def test_more_traffic_never_costs_less(rate, more, platform, llm):
    model = LLM_7B if llm else ONNX
    few = sized(platform, model, traffic=traffic(0, rate, 2 * rate)).sized
    many = sized(platform, model, traffic=traffic(0, rate * more, 2 * rate * more)).sized
    assert (few.machine.usd_per_hour or 0) * few.cost_replicas.expected <= (
        many.machine.usd_per_hour or 0
    ) * many.cost_replicas.expected + 1e-9


@settings(max_examples=40)
@given(rate=RATE, more=MORE)
def test_more_traffic_never_needs_fewer_replicas_of_a_machine(rate, more):
    few = sized("sageMaker", ONNX, machine="ml.c5.xlarge", traffic=traffic(0, rate, 2 * rate)).sized
    many = sized("sageMaker", ONNX, machine="ml.c5.xlarge", traffic=traffic(0, rate * more, 2 * rate * more)).sized
    assert few.max_replicas <= many.max_replicas
    assert few.initial_replicas <= many.initial_replicas
    assert few.cost_replicas.high <= many.cost_replicas.high


# platform, model, endpoint's words, part of the only fault's line.
REFUSED = [
    (
        "sageMaker",
        LLM_70B,
        {"machine": "ml.g5.xlarge"},
        "it needs 142.4 GiB of GPU memory",
        "hold it: ml.g6.48xlarge, ml.g5.48xlarge, ml.p4d",
    ),
    (
        "vertexAi",
        LLM_70B,
        {"accelerator": "nvidia-l4", "accelerators": 1},
        "endpoints.e.accelerator: 'nvidia-l4' does not hold m",
        "a2-ultragpu-4g",
    ),
    ("azureMl", {**ONNX, "sizeMib": 900_000}, {"machine": "Standard_F4s_v2"}, "does not hold m", "nothing here holds it"),
    (
        "sageMaker",
        LLM_7B,
        {"machine": "ml.c5.xlarge"},
        "'ml.c5.xlarge' has no GPU, and runtime vllm wants one",
        "machines with GPUs: ml.g4dn.xlarge",
    ),
    ("azureMl", LLM_7B, {"accelerators": 0}, "endpoints.e.accelerators: 0 has no GPU", "Standard_NC4as_T4_v3"),
    ("sageMaker", LLM_7B, {"machine": "g5.xlarge"}, "is EC2's name", "fix: write machine: ml.g5.xlarge"),
    ("sageMaker", ONNX, {"machine": "ml.t3.medium"}, "is no machine that sageMaker serves on", "machines in us-east-1"),
    ("azureMl", ONNX, {"machine": "Standard_D4s_v5"}, "is no machine that azureMl serves on", "serving_machines.csv"),
    ("azureMl", ONNX, {"machine": "Standard_L8s_v2"}, "is not known to be offered in westeurope", "machines in westeurope"),
    ("vertexAi", LLM_7B, {"accelerator": "nvidia-l5"}, "is no known accelerator", "nvidia-l4"),
    ("azureMl", LLM_7B, {"accelerator": "nvidia-l4"}, "is in no machine that azureMl serves on in westeurope", "nvidia-t4"),
    (
        "sageMaker",
        LLM_7B,
        {"accelerator": "nvidia-a10g", "accelerators": 2},
        "endpoints.e.accelerators: 2 accelerators are what no",
        "1, 4, 8",
    ),
    ("sageMaker", ONNX, {"machine": "ml.c5.xlarge", "accelerator": "nvidia-t4"}, "is not what ml.c5.xlarge has", "without accelerators"),
    (
        "sageMaker",
        ONNX,
        {"replicas": {"min": 5, "max": 3}},
        "endpoints.e.replicas.min: 5 is more than the 3",
        "fix: write min: 3, or max: 5",
    ),
    ("sageMaker", ONNX, {"replicas": {"min": 0, "max": 0}}, "endpoints.e.replicas.max: 0 lets no replica run", "fix: write max: 1"),
    (
        "sageMaker",
        {**ONNX, "measured": [MEASURED]},
        {"replicas": {"max": 2}, "traffic": traffic(1, 10, 100)},
        "replicas.max: 2 replicas do not answer the high traffic: 100 requests a second need 3 at 50 requests a second",
        "fix: write max: 3",
    ),
    (
        "sageMaker",
        {**ONNX, "measured": [MEASURED]},
        {"objective": {"p95Ms": 30}},
        "objective.p95Ms: 30.0 ms is less than what m itself takes on ml.c5.xlarge: 40 ms, measured",
        "fix: write p95Ms: 40",
    ),
    ("sageMaker", LLM_70B, {"objective": {"p95Ms": 1}}, "estimated for its first token", "objective.p95Ms"),
    (
        "sageMaker",
        ONNX,
        {"objective": {"availabilityPercent": 99.95}, "replicas": {"min": 1}},
        "does not keep 99.95 %",
        "fix: write min: 2",
    ),
    (
        "sageMaker",
        ONNX,
        {"objective": {"availabilityPercent": 99.9}, "replicas": {"max": 1}},
        "replicas.max: 1",
        "aws.amazon.com/compute/sla",
    ),
    (
        "sageMaker",
        {**ONNX, "measured": [MEASURED]},
        {"autoscaling": {"metric": "requests", "target": 60}},
        "more than one replica answers",
        "fix: write target: 35",
    ),
    ("azureMl", ONNX, {"autoscaling": {"metric": "latency"}}, "nothing says which latency is too long", "objective.p95Ms"),
    ("sageMaker", {**LLM_7B, "parametersBillion": None}, {}, "models.m.sizeMib: nothing says nothing of how large", "parametersBillion"),
    ("sageMaker", {**LLM_7B, "sizeMib": 80_000}, {}, "is not what 7 billion parameters of fp16 take, which is 13,351", "models.m.sizeMib"),
]


@pytest.mark.parametrize(("platform", "model", "words", "line", "also"), REFUSED, ids=[f"{case[0]}: {case[3][:40]}" for case in REFUSED])
def test_what_cannot_be_served_as_asked_is_refused(platform, model, words, line, also):
    found = sized(platform, model, **words)
    assert line in found.fault
    assert also in found.fault


def test_an_estimate_that_says_the_maximum_is_too_small_is_told_and_not_refused():
    found = sized("sageMaker", ONNX, replicas={"max": 2}, traffic=traffic(1, 10, 5000))
    assert found.sized.max_replicas == 2
    assert "do not answer the high traffic" in found.decisions["endpoints.e.replicas.max"].reason


# model, pools (the first is the endpoint's), its words, part of the only fault's line.
POOLS_REFUSED = [
    (LLM_7B, (cpu_pool(), gpu_pool()), {}, "endpoints.e.on: 'cpu' has no GPU, and runtime vllm wants one", "fix: write on: gpu"),
    (
        LLM_70B,
        (gpu_pool(), gpu_pool("nvidia-a100-80gb", 8, name="large")),
        {},
        "does not hold m: it needs 142.4 GiB",
        "pools that hold it: large",
    ),
    (LLM_7B, (gpu_pool(),), {"accelerator": "nvidia-t4"}, "is not what a node of pool gpu has", "remove accelerator"),
    (LLM_7B, (gpu_pool(),), {"machine": "g5.xlarge"}, "endpoints.e.machine: 'g5.xlarge' is not what a node", "remove machine"),
    (LLM_7B, (gpu_pool("nvidia-l4", 4),), {"accelerators": 3}, "endpoints.e.accelerators: 3 is not what a node", "takes 1 or 2 or 4"),
    (LLM_7B, (gpu_pool("nvidia-v100", 2),), {}, "too old or too narrow for the runtime", "endpoints.e.on"),
    (
        LLM_7B,
        (gpu_pool(nodes=2),),
        {"replicas": {"max": 12}, "traffic": traffic(0.1, 0.1, 0.1)},
        "replicas.max: 12 replicas do not find room: pool gpu has 2 nodes at most, and room for 2",
        "raise nodes.max of gpu to 12",
    ),
    (ONNX, (cpu_pool(nodes=1),), {"replicas": {"max": 9}}, "replicas.max: 9 replicas do not find room", "room for 3"),
]


@pytest.mark.parametrize(("model", "pools", "words", "line", "also"), POOLS_REFUSED, ids=[case[3][:40] for case in POOLS_REFUSED])
def test_what_a_pool_cannot_serve_is_refused(model, pools, words, line, also):
    found = sized("kubernetes", model, pools=pools, **{"on": pools[0].name, **words})
    assert line in found.fault
    assert also in found.fault
