"""Who says how much a resource is used, and what a wrong usage file is told."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue.catalogue import Catalogue
from costs.money import Band
from costs.resource import Program
from costs.usage import NO_USAGE, Usage, UsageInvalid, read_usage, told_usage
from tests.costs.building import component, estimated, resource

KIND = "aws:s3/bucket:Bucket"


def band(found):
    return found.amount


def test_the_nearest_component_that_knows_the_quantity_says_it():
    outer, inner = component("outer", storedGib=100, readGibPerMonth=7), component("inner", storedGib=(1, 2, 3))
    inner = replace(inner, parent=outer.urn)
    bucket = resource(KIND, parent=inner.urn)
    program = Program([outer, inner, bucket])
    assert band(told_usage(program, bucket, "storedGib", NO_USAGE)) == Band.of(1, 2, 3)
    assert band(told_usage(program, bucket, "readGibPerMonth", NO_USAGE)) == Band.exactly(7)
    assert told_usage(program, bucket, "egressGibPerMonth", NO_USAGE) is None


@pytest.mark.parametrize("told", [(3, 2, 1), (-1, 2, 3), (1, float("nan"), 3)])
def test_what_a_component_tells_without_sense_is_not_taken(told):
    around = component(storedGib=told)
    bucket = resource(KIND, parent=around.urn)
    assert told_usage(Program([around, bucket]), bucket, "storedGib", NO_USAGE) is None


def test_a_component_says_more_of_one_of_its_parts_by_the_name_that_its_resources_begin_with():
    def band(amount: float) -> dict[str, float]:
        return {"low": amount, "expected": amount, "high": amount}

    of = {"fraud-2": {"replicas": band(2)}, "fraud-2-large": {"replicas": band(5)}}
    around = replace(component(), properties={"usage": {"replicas": band(9), "nodes": band(1), "of": of}})
    asked = {"fraud-2": 2, "fraud-2-deployment": 2, "fraud-2-large-deployment": 5, "fraud-22": 9, "other": 9}
    for name, expected in asked.items():
        inside = resource("aws:ec2/instance:Instance", name, parent=around.urn)
        told = told_usage(Program([around, inside]), inside, "replicas", NO_USAGE)
        assert told is not None
        assert told.amount.expected == expected, name
    # What is said of no part alone is said of the whole.
    inside = resource("aws:ec2/instance:Instance", "fraud-2", parent=around.urn)
    told = told_usage(Program([around, inside]), inside, "nodes", NO_USAGE)
    assert told is not None
    assert told.amount.expected == 1


def test_a_usage_file_goes_before_the_component_and_the_more_exact_entry_before_the_other():
    around = component(storedGib=100)
    bucket = resource(KIND, "models", parent=around.urn)
    program = Program([around, bucket])
    levels = {"aws:*": 1, "aws:s3/*": 2, "models": 3, bucket.urn: 4}
    for entries, expected in ((["aws:*"], 1), (["aws:*", "aws:s3/*"], 2), (["aws:s3/*", "models"], 3), (["models", bucket.urn], 4)):
        usage = Usage({key: {"storedGib": Band.exactly(levels[key])} for key in entries})
        assert band(told_usage(program, bucket, "storedGib", usage)) == Band.exactly(expected)


def test_what_if_traffic_multiplies_what_grows_with_it_and_nothing_else():
    around = component(storedGib=10, objectMib=8)
    bucket = resource(KIND, parent=around.urn)
    program, double = Program([around, bucket]), Usage({}, traffic=Decimal(2))
    assert band(told_usage(program, bucket, "storedGib", double)) == Band.exactly(20)
    assert band(told_usage(program, bucket, "objectMib", double)) == Band.exactly(8)


def test_a_file_gives_numbers_and_bands(tmp_path):
    file = tmp_path / "usage.yaml"
    file.write_text("usage:\n  models: {storedGib: 100, readGibPerMonth: {low: 1, expected: 2.5, high: 4}}\n")
    assert read_usage(file).entries["models"] == {"storedGib": Band.exactly(100), "readGibPerMonth": Band.of(1, Decimal("2.5"), 4)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("usage: {models: {storedGb: 1}}", "usage.models.storedGb: not a quantity; did you mean 'storedGib'?"),
        ("usage: {models: {storedGib: -1}}", "usage.models.storedGib: '-1' is not GiB from 0"),
        ("usage: {models: {storedGib: {low: 3, expected: 2, high: 1}}}", "low, expected, high} that grow"),
        ("usage: {models: {hoursPerMonth: 800}}", "is not h a month from 0 to 744"),
        ("usage: {models: {storedGib: .nan}}", "usage.models.storedGib"),
        ("usage: {models: {storedGib: true}}", "usage.models.storedGib"),
        ("usage: {models: {storedGib: {low: 1}}}", "usage.models.storedGib"),
        ("usage: {models: 5}", "usage.models: '5' is not a mapping of quantities"),
        ("models: {storedGib: 5}", "has no mapping `usage:` at its top"),
        ("usage: {}", "`usage:` names nothing"),
        (f"usage: {{models: {{storedGib: {'9' * 5000}}}}}", "cannot be read"),
        ("usage: {models: {storedGib: -1}}", "GiB from 0 to 1,000,000,000,000,000;"),
        ("usage: [", "cannot be read"),
        ("[1, 2]", "has no mapping `usage:` at its top"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path, text, told):
    file = tmp_path / "usage.yaml"
    file.write_text(text)
    with pytest.raises(UsageInvalid) as caught:
        read_usage(file)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told_in_one_line(tmp_path):
    with pytest.raises(UsageInvalid, match="cannot be read"):
        read_usage(tmp_path / "none.yaml")


def test_an_entry_that_means_nothing_is_named_with_what_was_meant():
    program = Program([resource(KIND, "models")])
    (line,) = Usage({"model": {}, "aws:s3/*": {}}).check(program)
    assert line == "usage file: 'model' means no resource of the program; did you mean 'models'?"


def test_a_quantity_that_nothing_is_paid_by_is_named():
    machine = resource("aws:ec2/instance:Instance", "vm", {"instanceType": "m6i.large"})
    usage = Usage({"vm": {"scannedGibPerMonth": Band.exactly(1), "hoursPerMonth": Band.exactly(220)}}, "u.yaml")
    notes = estimated(Catalogue.open(), machine, config={"aws:region": "us-east-1"}, usage=usage).notes
    assert notes == ("u.yaml: vm: nothing that it means is paid by scannedGibPerMonth",)
