"""The ranking of places."""

from decimal import Decimal

from costs.comparison import Candidate, by_component, missing_by_component, ranked
from costs.money import Band
from tests.costs.building import component, estimated, prices, resource, told

GATEWAY = "aws:ec2/natGateway:NatGateway"
EDGES = ("first-10TB", "next-40TB", "next-100TB", "over-150TB")


def place(name, usd, *, whole=True):
    hour = ("aws", "nat-gateway", "gateway", "us-east-1", "hour", usd)
    rest = [("aws", "nat-gateway", "data-processed", "us-east-1", "GB", "1")]
    rest += [("aws", "data-transfer", f"internet-egress-{edge}", "us-east-1", "GB", "1") for edge in EDGES]
    around = component("network")
    gateways = [resource(GATEWAY, each, parent=around.urn) for each in ("a", "b")]
    usage = told(processedGibPerMonth=0, egressGibPerMonth=0)
    found = estimated(prices(hour, *(rest if whole else [])), around, *gateways, config={"aws:region": "us-east-1"}, usage=usage)
    return Candidate(cloud="aws", region=name, place="", estimate=found)


def test_the_cheapest_comes_first_and_the_others_say_how_much_dearer_they_are():
    order = ranked([place("dear", "0.02"), place("cheap", "0.01")])
    assert [(each.rank, each.candidate.region) for each in order] == [(1, "cheap"), (2, "dear")]
    assert order[1].more == Band.exactly(Decimal("14.6"))  # 2 × 730 × 0.01
    assert order[0].more == Band.exactly(0)


def test_a_place_with_a_gap_stands_after_the_complete_ones():
    order = ranked([place("gap", "0.001", whole=False), place("whole", "0.02")])
    assert [each.candidate.region for each in order] == ["whole", "gap"]


def test_a_place_that_cannot_be_planned_is_not_ranked():
    refused = Candidate(cloud="gcp", region="r", place="", estimate=None, refused=("no",))
    assert [each.candidate.region for each in ranked([refused, place("here", "0.01")])] == ["here"]
    assert ranked([refused]) == []


def test_a_component_is_the_sum_of_what_is_in_it():
    assert by_component([place("here", "0.01")]) == {"network": {("aws", "here"): Band.exactly(Decimal("14.6"))}}


def test_what_has_no_price_is_named_once_for_its_component():
    found = missing_by_component(place("gap", "0.01", whole=False))
    assert list(found) == ["network"]
    assert len(found["network"]) == len(set(found["network"])) == 2  # two gateways lack the same two prices
