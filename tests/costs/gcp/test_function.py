"""Cloud Run and Cloud Functions: by request or always on, tiers, GPUs."""

from decimal import Decimal

import pytest

from costs.gcp.size import function_gib, gib, vcpus
from costs.model import Estimate
from costs.resource import UNKNOWN, Resource
from tests.costs.building import estimated, line, prices, resource, told, usd

D = Decimal
R = "us-central1"
SERVICE = "gcp:cloudrunv2/service:Service"
# Cloud Run list prices, tier 1 and tier 2, 2026-07.
LIST = prices(
    ("gcp", "cloud-run", "cpu-request-based-tier1", R, "vCPU-second", "0.000024"),
    ("gcp", "cloud-run", "memory-request-based-tier1", R, "GiB-second", "0.0000025"),
    ("gcp", "cloud-run", "cpu-request-based-tier2", "europe-west3", "vCPU-second", "0.0000336"),
    ("gcp", "cloud-run", "memory-request-based-tier2", "europe-west3", "GiB-second", "0.0000035"),
    ("gcp", "cloud-run", "cpu-instance-based-tier1", R, "vCPU-second", "0.000018"),
    ("gcp", "cloud-run", "memory-instance-based-tier1", R, "GiB-second", "0.000002"),
    ("gcp", "cloud-run", "cpu-min-instance-idle-tier1", R, "vCPU-second", "0.0000025"),
    ("gcp", "cloud-run", "memory-min-instance-idle-tier1", R, "GiB-second", "0.0000025"),
    ("gcp", "cloud-run", "gpu-nvidia-l4-no-zonal-redundancy", R, "GPU-second", "0.0001867"),
    ("gcp", "cloud-run", "gpu-nvidia-l4-zonal-redundancy", R, "GPU-second", "0.0002909"),
    ("gcp", "cloud-run", "requests", "tier1", "1M requests", "0.40"),
    ("gcp", "cloud-functions", "gen1-cpu-tier1", R, "GHz-second", "0.00001"),
    ("gcp", "cloud-functions", "gen1-memory-tier1", R, "GB-second", "0.0000025"),
    ("gcp", "cloud-functions", "gen1-invocations", R, "1M invocations", "0.40"),
)


def service(resources: object = None, where: str = R, **template: object) -> Resource:
    container = {"image": "x", **({"resources": resources} if resources else {})}
    return resource(SERVICE, properties={"location": where, "template": {"containers": [container], **template}})


def limits(cpu: str = "1", memory: str = "512Mi", *, idle: bool | None = True, **more: str) -> dict[str, object]:
    found: dict[str, object] = {"limits": {"cpu": cpu, "memory": memory, **more}}
    return found if idle is None else {**found, "cpuIdle": idle}


def reasons(found: Estimate) -> str:
    return " | ".join(f"{each.driver}: {each.reason}" for each in found.unpriced)


def test_a_service_without_resources_is_paid_by_request() -> None:
    found = estimated(LIST, service(), usage=told(requestsPerSecond=10, durationMs=200, concurrency=1))
    # 10/s × 0.2 s = 2 instances × 2,628,000 s × 1 vCPU × 0.000024, and × 0.5 GiB × 0.0000025
    assert usd(found, "request cpu") == (D("126.1440"),) * 3
    assert usd(found, "request memory") == (D("6.5700"),) * 3
    assert usd(found, "requests") == (D("10.5120"),) * 3  # 26.28 million × 0.40


def test_requests_at_once_share_an_instance() -> None:
    found = estimated(LIST, service(), usage=told(requestsPerSecond=10, durationMs=200, concurrency=2))
    assert usd(found, "request cpu") == (D("63.0720"),) * 3  # 2 ÷ 2 = 1 instance


def test_requests_that_rarely_meet_do_not_share() -> None:
    found = estimated(LIST, service(), usage=told(requestsPerSecond=1, durationMs=200, concurrency=80))
    # 1/s × 0.2 s: a fifth of an instance × 2,628,000 s × 0.000024, not a four-hundredth
    assert usd(found, "request cpu") == (D("12.6144"),) * 3


def test_no_more_requests_at_once_than_the_service_allows() -> None:
    one = estimated(LIST, service(maxInstanceRequestConcurrency=1), usage=told(requestsPerSecond=10, durationMs=200, concurrency=50))
    assert usd(one, "request cpu") == (D("126.1440"),) * 3


def test_no_more_instances_than_the_maximum() -> None:
    capped = service(scaling={"maxInstanceCount": 3})
    found = estimated(LIST, capped, usage=told(requestsPerSecond=100, durationMs=1000, concurrency=1))
    assert usd(found, "request cpu") == (D("189.2160"),) * 3  # 3 × 2,628,000 × 0.000024


def test_minimum_instances_are_kept_warm_all_month() -> None:
    found = estimated(LIST, service(scaling={"minInstanceCount": 2}), usage=told(requestsPerSecond=0, durationMs=1))
    assert usd(found, "minimum instances' cpu") == (D("13.1400"),) * 3  # 2 × 2,628,000 × 0.0000025
    assert usd(found, "minimum instances' memory") == (D("6.5700"),) * 3  # 2 × 0.5 × 2,628,000 × 0.0000025


@pytest.mark.parametrize("idle", [False, None])
def test_resources_without_cpu_idle_are_paid_as_long_as_instances_are_there(idle: bool | None) -> None:
    scaling = {"minInstanceCount": 1, "maxInstanceCount": 4}
    found = estimated(LIST, service(limits("2", "4Gi", idle=idle), scaling=scaling),
                      usage=told(requestsPerSecond=10, durationMs=300, concurrency=2))  # fmt: skip
    # 1 … ceil(10 × 0.3 ÷ 2) = 2 … 4 instances × 2,628,000 s × 2 vCPU × 0.000018
    assert usd(found, "instance cpu") == (D("94.6080"), D("189.2160"), D("378.4320"))
    # … × 4 GiB × 0.000002
    assert usd(found, "instance memory") == (D("21.0240"), D("42.0480"), D("84.0960"))
    assert "requests" not in [each.driver for each in found.lines]


def test_a_gpu_makes_a_service_instance_based_and_costs_less_without_zonal_redundancy() -> None:
    resources = limits("4", "16Gi", **{"nvidia.com/gpu": "1"})
    scaling = {"minInstanceCount": 1, "maxInstanceCount": 1}
    redundant = estimated(LIST, service(resources, scaling=scaling))
    assert usd(redundant, "instance GPU (nvidia-l4)") == (D("764.4852"),) * 3  # 2,628,000 × 0.0002909
    single = estimated(LIST, service(resources, scaling=scaling, gpuZonalRedundancyDisabled=True))
    assert usd(single, "instance GPU (nvidia-l4)") == (D("490.6476"),) * 3  # 2,628,000 × 0.0001867


def test_without_a_maximum_the_provider_s_default_of_100_is_the_worst_case() -> None:
    found = estimated(LIST, service(limits(idle=False)), usage=told(requestsPerSecond=1, durationMs=100))
    # 0 … 1 … 100 × 2,628,000 × 0.000018
    assert usd(found, "instance cpu") == (D("0.0000"), D("47.3040"), D("4730.4000"))
    assert "most instances" in {each.quantity for each in found.assumptions}


def test_containers_of_an_instance_are_paid_together() -> None:
    sidecar = {"containers": [{"resources": limits("1", "1Gi", idle=False)}, {"resources": limits("500m", "512Mi", idle=False)}]}
    scaling = {"minInstanceCount": 1, "maxInstanceCount": 1}
    found = estimated(LIST, resource(SERVICE, properties={"location": R, "template": {**sidecar, "scaling": scaling}}))
    assert usd(found, "instance cpu") == (D("70.9560"),) * 3  # 1.5 × 2,628,000 × 0.000018


def test_a_manual_scale_is_exact() -> None:
    manual = {"scalingMode": "MANUAL", "manualInstanceCount": 3}
    template = {"containers": [{"resources": limits(idle=False)}]}
    found = estimated(LIST, resource(SERVICE, properties={"location": R, "scaling": manual, "template": template}))
    assert usd(found, "instance cpu") == (D("141.9120"),) * 3  # 3 × 2,628,000 × 0.000018


def test_a_region_of_tier_2_has_tier_2_s_price() -> None:
    usage = told(requestsPerSecond=10, durationMs=200, concurrency=1)
    for where in ("europe-west3", "asia-east2"):  # the second is not on record: the price is the tier's
        assert usd(estimated(LIST, service(where=where), usage=usage), "request cpu") == (D("176.6016"),) * 3  # 2 × 2,628,000 × 0.0000336


def test_a_tier_s_price_is_the_same_in_all_its_regions() -> None:
    found = estimated(LIST, service(where="europe-west4"), usage=told(requestsPerSecond=10, durationMs=200, concurrency=1))
    assert usd(found, "request cpu") == (D("126.1440"),) * 3
    assert str(line(found, "request cpu").confidence) == "medium"  # the price is sure, the traffic is told


def test_more_traffic_never_costs_less() -> None:
    it = service(limits(), scaling={"minInstanceCount": 1, "maxInstanceCount": 5})
    totals = [
        estimated(LIST, it, usage=told(requestsPerSecond=rate, durationMs=250, concurrency=4)).total.expected
        for rate in (0, 0.1, 1, 3.9, 4, 4.1, 16, 17, 100, 1000)
    ]
    assert totals == sorted(totals)


def test_a_job_pays_for_its_tasks_hours() -> None:
    task = {"containers": [{"resources": {"limits": {"cpu": "2", "memory": "4Gi"}}}]}
    job = resource("gcp:cloudrunv2/job:Job", properties={"location": R, "template": {"taskCount": 5, "template": task}})
    found = estimated(LIST, job, usage=told(hoursPerMonth=10))
    assert usd(found, "task cpu") == (D("6.4800"),) * 3  # 5 × 10 h × 3600 × 2 × 0.000018
    # Untold: 1 … 10 … all 730 hours
    assert usd(estimated(LIST, job), "task cpu") == (D("0.6480"), D("6.4800"), D("473.0400"))
    assert str(line(estimated(LIST, job), "task cpu").confidence) == "low"


def test_a_worker_pool_is_always_on() -> None:
    pool = resource("gcp:cloudrunv2/workerPool:WorkerPool", properties={
        "location": R, "scaling": {"manualInstanceCount": 2}, "template": {"containers": [{}]}})  # fmt: skip
    assert usd(estimated(LIST, pool), "instance cpu") == (D("94.6080"),) * 3  # 2 × 2,628,000 × 0.000018


def test_a_number_of_workers_that_is_not_known_is_named() -> None:
    pool = resource("gcp:cloudrunv2/workerPool:WorkerPool", properties={
        "location": R, "scaling": {"manualInstanceCount": UNKNOWN}, "template": {"containers": [{}]}})  # fmt: skip
    assert "manualInstanceCount is known only after `up`" in reasons(estimated(LIST, pool))


def test_a_worker_pool_may_scale_between_its_limits() -> None:
    scaling = {"scalingMode": "AUTOMATIC", "minInstanceCount": 1, "maxInstanceCount": 3}
    pool = resource("gcp:cloudrunv2/workerPool:WorkerPool", properties={
        "location": R, "scaling": scaling, "template": {"containers": [{}]}})  # fmt: skip
    found = estimated(LIST, pool, usage=told(replicas=2))
    assert usd(found, "instance cpu") == (D("47.3040"), D("94.6080"), D("141.9120"))  # 1 … 2 … 3 × 2,628,000 × 0.000018


def test_a_knative_service_says_so_in_annotations() -> None:
    notes = {"autoscaling.knative.dev/minScale": "1", "autoscaling.knative.dev/maxScale": "2", "run.googleapis.com/cpu-throttling": "false"}
    template = {"metadata": {"annotations": notes}, "spec": {"containers": [{"image": "x"}]}}
    found = estimated(LIST, resource("gcp:cloudrun/service:Service", properties={"location": R, "template": template}),
                      usage=told(replicas=1.5))  # fmt: skip
    assert usd(found, "instance cpu") == (D("47.3040"), D("94.6080"), D("94.6080"))  # 1 … 2 … 2 × 2,628,000 × 0.000018


def test_a_second_generation_function_gets_cpu_by_its_memory() -> None:
    function = resource("gcp:cloudfunctionsv2/function:Function", properties={"location": R, "serviceConfig": {"availableMemory": "2Gi"}})
    found = estimated(LIST, function, usage=told(requestsPerSecond=1, durationMs=1000))
    assert usd(found, "request cpu") == (D("63.0720"),) * 3  # 1 × 2,628,000 × 1 vCPU × 0.000024
    assert usd(found, "request memory") == (D("13.1400"),) * 3  # 2 GiB × 2,628,000 × 0.0000025


def test_a_first_generation_function_pays_for_gb_and_ghz_seconds() -> None:
    function = resource("gcp:cloudfunctions/function:Function", properties={"region": R, "availableMemoryMb": 512})
    found = estimated(LIST, function, usage=told(requestsPerSecond=1, durationMs=500))
    assert usd(found, "memory") == (D("1.6425"),) * 3  # 0.5 × 2,628,000 × 0.5 GB × 0.0000025
    assert usd(found, "cpu") == (D("10.5120"),) * 3  # 0.5 × 2,628,000 × 0.8 GHz × 0.00001
    assert usd(found, "invocations") == (D("1.0512"),) * 3  # 2.628 million × 0.40


def test_limits_that_are_not_known_yet_are_named() -> None:
    assert "template.containers" in reasons(estimated(LIST, resource(SERVICE, properties={"location": R, "template": UNKNOWN})))
    unknown = service({"limits": {"cpu": UNKNOWN}})
    assert "known only after `up`" in reasons(estimated(LIST, unknown))
    assert "the region is not known" in reasons(estimated(LIST, service(where=UNKNOWN)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "size"), [("512Mi", "0.5"), ("1Gi", "1"), ("2", "0.0000000018626451"), ("1G", "0.9313225746"), ("a lot", None), ("1Xi", None)]
)
def test_sizes_are_read_as_kubernetes_writes_them(text: str, size: str | None) -> None:
    found = gib(text)
    assert (found is None) if size is None else (found is not None and round(found, 10) == round(D(size), 10))


def test_vcpus_may_be_thousandths() -> None:
    assert (vcpus("500m"), vcpus("2"), vcpus("0.5"), vcpus(4), vcpus("x")) == (D("0.5"), D(2), D("0.5"), D(4), None)
    assert function_gib("256M") == function_gib("256Mi") == D("0.25")
