"""Google Cloud: a machine's price is the sum of its parts, and the key stays hidden."""

from pathlib import Path
from typing import Any

import pytest

from catalogue.refresh.model import CannotFetch
from tests.catalogue.refresh import shapes
from tests.catalogue.refresh.refreshing import refreshed, rows
from tests.catalogue.refresh.serving import Answer, Answering, Asked, Serving, of
from tests.catalogue.refresh.shapes import sku

SOURCE = "gcp-billing-catalog-2026-11-25"
ONLY_MACHINES = frozenset({"machines"})
CORE = sku("E2 Instance Core running in Netherlands", 24_012_640)
RAM = sku("E2 Instance Ram running in Netherlands", 3_218_560, unit="GiBy.h", group="RAM")
G2 = [
    sku("G2 Instance Core running in Netherlands", 27_500_000),
    sku("G2 Instance Ram running in Netherlands", 3_220_000, unit="GiBy.h", group="RAM"),
    sku("Nvidia L4 GPU running in Netherlands", 616_600_000, group="GPU"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    files = {
        "sources.csv": "old-2026-01-01,2026-01-01,medium,second hand\n",
        "prices/gcp/europe-west4.csv": "".join(
            f"{name},,,old-2026-01-01\n" for name in ("e2-standard-4", "g2-standard-24", "tpu-v5e-chip", "c3-standard-4-lssd")
        ),
        "machines/gcp.csv": "c3-standard-4-lssd,4,16,,,,old\ne2-standard-4,4,16,,,,old\n"
        "e2-standard-8,8,32,,,,old\ng2-standard-24,24,96,L4,2,24,old\ntpu-v5e-chip,,,TPU v5e,1,16,old\n",
    }
    return shapes.catalogue(tmp_path, files)


def listing(*skus: dict[str, Any]) -> Answering:
    return lambda asked: of({"skus": list(skus), "nextPageToken": ""})


def price_of(data: Path, name: str) -> list[str]:
    return [line for line in rows(data, "prices/gcp/europe-west4.csv") if line.startswith(f"{name},")]


def test_a_machine_costs_its_cores_and_its_memory(data: Path) -> None:
    refreshed("gcp", data, listing(CORE, RAM), services=ONLY_MACHINES, accept=True)
    # 4 × 0.02401264 + 16 × 0.00321856 = 0.09605056 + 0.05149696
    assert price_of(data, "e2-standard-4") == [f"e2-standard-4,0.14754752,,{SOURCE}"]


def test_and_its_accelerators_and_so_do_its_commitments(data: Path) -> None:
    committed = [
        sku("Commitment v1: G2 Cpu in Netherlands for 1 Year", 17_300_000, usage="Commit1Yr"),
        sku("Commitment v1: G2 Ram in Netherlands for 1 Year", 2_000_000, usage="Commit1Yr", unit="GiBy.h", group="RAM"),
        sku("Commitment v1: Nvidia L4 GPU running in Netherlands for 1 Year", 388_500_000, usage="Commit1Yr", group="GPU"),
    ]
    refreshed("gcp", data, listing(*G2, *committed), services=ONLY_MACHINES, accept=True)
    # 24 × 0.0275 + 96 × 0.00322 + 2 × 0.6166 = 0.66 + 0.30912 + 1.2332
    assert price_of(data, "g2-standard-24") == [f"g2-standard-24,2.20232,,{SOURCE}"]
    # (24 × 0.0173 + 96 × 0.002 + 2 × 0.3885) × 730 h = (0.4152 + 0.192 + 0.777) × 730
    assert rows(data, "commitments/gcp/resource-cud.csv") == [f"g2-standard-24,europe-west4,1,monthly,price_usd_month,1010.466,{SOURCE}"]


def test_a_spot_machine_is_the_sum_of_spot_parts(data: Path) -> None:
    spot = [
        sku("Spot Preemptible E2 Instance Core running in Netherlands", 9_000_000, usage="Preemptible"),
        sku("Spot Preemptible E2 Instance Ram running in Netherlands", 1_200_000, usage="Preemptible", unit="GiBy.h", group="RAM"),
    ]
    refreshed("gcp", data, listing(CORE, RAM, *spot), services=ONLY_MACHINES, accept=True)
    # 4 × 0.009 + 16 × 0.0012
    assert price_of(data, "e2-standard-4") == [f"e2-standard-4,0.14754752,0.0552,{SOURCE}"]


INCOMPLETE = {
    "no memory price": [CORE],
    "another region": [CORE, RAM | {"serviceRegions": ["us-central1"]}],
    "a custom core": [sku("E2 Custom Instance Core running in Netherlands", 1), RAM],
    "sole tenancy": [sku("E2 Sole Tenancy Instance Core running in Netherlands", 1), RAM],
    "a free core": [sku("E2 Instance Core running in Netherlands", 0), RAM],
    "a negative core": [sku("E2 Instance Core running in Netherlands", -5), RAM],
    "nanos beyond one": [sku("E2 Instance Core running in Netherlands", 10_000_000_000), RAM],
    "another unit": [sku("E2 Instance Core running in Netherlands", 5, unit="mo"), RAM],
    "bands": [sku("E2 Instance Core running in Netherlands", 0, rates=[(0, "0", 5), (100, "0", 4)]), RAM],
    "two prices": [CORE, sku("E2 Instance Core running in Eemshaven", 5), RAM],
}


@pytest.mark.parametrize("parts", INCOMPLETE.values(), ids=INCOMPLETE)
def test_half_a_machine_has_no_price(parts: list[dict[str, Any]], data: Path) -> None:
    refreshed("gcp", data, listing(*parts, *G2), services=ONLY_MACHINES, accept=True)
    assert price_of(data, "e2-standard-4") in ([], ["e2-standard-4,,,old-2026-01-01"])


def test_only_machines_on_record_in_the_region_are_priced(data: Path) -> None:
    refreshed("gcp", data, listing(CORE, RAM, *G2), services=ONLY_MACHINES, accept=True)
    assert price_of(data, "e2-standard-8") == []
    assert price_of(data, "tpu-v5e-chip") == ["tpu-v5e-chip,,,old-2026-01-01"]
    assert price_of(data, "c3-standard-4-lssd") == ["c3-standard-4-lssd,,,old-2026-01-01"]


def test_a_region_without_machines_on_record_is_said(data: Path) -> None:
    with pytest.raises(CannotFetch, match=r"cannot tell which machine types europe-west9 offers"):
        refreshed("gcp", data, listing(CORE, RAM), regions=("europe-west9",))


def test_storage_and_disks(data: Path) -> None:
    stored = {"family": "Storage", "unit": "GiBy.mo"}
    skus = [
        sku("Standard Storage Netherlands", 20_000_000, group="RegionalStorage", **stored),
        sku("Nearline Storage Netherlands", 10_000_000, group="NearlineStorage", **stored),
        sku("Nearline Storage Netherlands (Early Delete)", 330_000, group="NearlineStorage", **stored),
        sku("Standard Storage Europe Multi-region", 26_000_000, group="RegionalStorage", **stored),
        sku("SSD backed PD Capacity in Netherlands", 187_000_000, group="SSD", **stored),
        sku("Storage PD Snapshot in Netherlands", 0, group="PDSnapshot", rates=[(0, "0", 0), (5, "0", 55_000_000)], **stored),
    ]
    refreshed("gcp", data, listing(*skus), services=frozenset({"cloud-storage", "persistent-disk"}))
    assert rows(data, "services/gcp/cloud-storage.csv") == [
        f"nearline-storage,europe-west4,GiB-month,0.01,{SOURCE}",
        f"standard-storage,europe-west4,GiB-month,0.02,{SOURCE}",
    ]
    assert rows(data, "services/gcp/persistent-disk.csv") == [
        f"pd-ssd,europe-west4,GiB-month,0.187,{SOURCE}",
        f"snapshot,europe-west4,GiB-month,0.055,{SOURCE}",
    ]


def test_pages_follow_their_token_and_the_key_is_a_header_only(data: Path) -> None:
    asked: list[Serving] = []

    def answer(one: Asked) -> Answer:
        second = one.query.get("pageToken") == "next"
        return of({"skus": [RAM] if second else [CORE], "nextPageToken": "" if second else "next"})

    refreshed("gcp", data, answer, asked, services=ONLY_MACHINES, accept=True)
    assert price_of(data, "e2-standard-4") == [f"e2-standard-4,0.14754752,,{SOURCE}"]
    for one in asked[0].asked:
        assert one.path == "/v1/services/6F81-5844-456A/skus"
        assert one.headers["x-goog-api-key"] == "AIzaSyTESTKEY"
        assert "AIzaSyTESTKEY" not in str(one.query)


WRONG = {
    "a loop of pages": (of({"skus": [CORE, RAM], "nextPageToken": "again"}), "its pages form a loop"),
    "an empty list": (of({"skus": []}), "has no skus"),
    "nothing known": (of({"skus": [sku("Something else", 5)]}), "not a single price"),
    "a wrong key": (Answer(b'{"error": {"code": 400, "message": "API key not valid."}}', status=400), "is the key right"),
}


@pytest.mark.parametrize(("answer", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_answer_is_no_fetch_and_changes_nothing(answer: Answer, words: str, data: Path) -> None:
    before = shapes.contents(data)
    with pytest.raises(CannotFetch, match=words) as raised:
        refreshed("gcp", data, lambda asked: answer, services=ONLY_MACHINES)
    assert "AIzaSyTESTKEY" not in str(raised.value)
    assert shapes.contents(data) == before


def test_without_a_key_nothing_is_asked(data: Path) -> None:
    asked: list[Serving] = []
    with pytest.raises(CannotFetch, match=r"--key-file FILE, or the environment variable DRYDOCK_GCP_KEY"):
        refreshed("gcp", data, listing(CORE), asked, key=" ")
    assert asked[0].asked == []
