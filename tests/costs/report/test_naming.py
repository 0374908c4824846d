"""Names by which a reader tells things apart."""

from dataclasses import replace
from pathlib import Path

from costs.report.naming import kind_of, kind_word, option_words, plan_words, told_apart
from tests.costs.reporting import option, urn

GATEWAY = urn("inference", "aws:ec2/natGateway:NatGateway")
CLUSTER = urn("inference", "aws:eks/cluster:Cluster")


def test_the_kind_is_the_resource_s_own_without_its_parents() -> None:
    nested = urn("a", "shop:index:Pool$aws:eks/nodeGroup:NodeGroup")
    assert (kind_of(nested), kind_word(nested)) == ("aws:eks/nodeGroup:NodeGroup", "NodeGroup")


def test_only_what_has_a_namesake_has_its_kind_beside_its_name() -> None:
    ranker = urn("ranker")
    assert told_apart([GATEWAY, CLUSTER, ranker]) == {GATEWAY: "inference NatGateway", CLUSTER: "inference Cluster", ranker: "ranker"}


def test_one_urn_twice_is_no_namesake() -> None:
    assert told_apart([GATEWAY, GATEWAY]) == {GATEWAY: "inference"}


def test_namesakes_of_one_kind_have_their_whole_type_with_their_parents() -> None:
    one, other = urn("disk", "shop:index:Pool$a:b:Disk"), urn("disk", "shop:index:Store$a:b:Disk")
    assert told_apart([one, other]) == {one: "disk shop:index:Pool$a:b:Disk", other: "disk shop:index:Store$a:b:Disk"}


def test_what_is_no_urn_keeps_its_name() -> None:
    assert told_apart(["plan.yaml", ""]) == {"plan.yaml": "plan.yaml", "": ""}


def test_a_plan_has_its_cloud_s_name_with_term_and_payment() -> None:
    assert option_words(replace(option(), plan="resource-cud", term_years=3, payment="monthly")) == (
        "resource-based committed use, 3 years, monthly"
    )
    assert option_words(replace(option(), plan="spot", term_years=0, payment="")) == "spot"
    assert plan_words("a-new-plan") == "a-new-plan"


def test_every_plan_on_record_has_a_readable_name(root: Path) -> None:
    plans = {file.stem for file in (root / "catalogue/data/commitments").glob("*/*.csv")} - {"spot-advisor-savings"}
    assert plans
    assert [plan for plan in plans if "-" in plan_words(plan) and plan_words(plan) == plan] == []
