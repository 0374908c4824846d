"""Every remedy, on the programs that break its check: it mends, makes nothing anew, and touches nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest
from pulumi import FileArchive, FileAsset

from costs.resource import Program, Resource
from policies.check import Change, Check, Checks, Problem, Remedy
from policies.inputs import has_asset
from policies.registry import all_checks, by_id
from policies.remediation import add, mended, put
from policies.review import review
from policies.settings import settings
from policies.testing import UNKNOWN, Given, Secret, remedied, said
from policies.view import View
from rehearsal.diff import diff
from rehearsal.facts import facts
from rehearsal.paths import parse_path, without_indexes
from rehearsal.refusals import check_changes
from rehearsal.replacement import property_at
from rehearsal.schema import ResourceSchema, resource_schema
from tests.policies.case import all_cases, found, made

LABELS = {"owner": "ml-platform", "costCenter": "cc-4211", "stage": "prod"}
IDS = [check.id for check in all_checks() if check.remedy]
BUCKET = "gcp:storage/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
FUNCTION = "aws:lambda/function:Function"
EXEMPTION = {"check": "DD-STORAGE-101", "resource": "it", "reason": "a public website", "owner": "web", "expires": "2126-01-01"}
# What a remedy must hand back as it was, of a property that no check knows.
BYSTANDERS: dict[str, Any] = {
    "others": {
        "half": 2.5,
        "whole": 5,
        "secret": Secret("hunter2"),
        "later": UNKNOWN,
        "none": {},
        "nothing": [],
        "left out": None,
        "listed": [Secret({"inner": UNKNOWN}), {"deep": [True, "text"]}],
    }
}


def workload(kind: str) -> Resource:
    bare: dict[str, Any] = {"template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}}
    inner = {"jobTemplate": {"spec": bare}} if kind.endswith("CronJob") else bare
    return made(kind, {"metadata": {"namespace": "ml"}, "spec": inner}, "more")


BARE = [workload(f"kubernetes:{kind}") for kind in ("apps/v1:DaemonSet", "apps/v1:Deployment", "apps/v1:StatefulSet", "batch/v1:CronJob")]
# What breaks a rule on types that the check's own case leaves out, or in the one way that is mended.
MORE: dict[str, list[Resource]] = {
    "DD-LABEL-401": [made(kind, {}, "more") for kind in cast(Remedy, by_id()["DD-LABEL-401"].remedy).types],
    "DD-STORAGE-004": [made("aws:s3/bucket:Bucket", {"bucket": "b", "acl": "public-read"}, "more")],
    "DD-STORAGE-008": [
        made(
            "aws:s3/bucket:Bucket",
            {"serverSideEncryptionConfiguration": {"rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}}},
            "more",
        )
    ],
    "DD-WORKLOAD-302": BARE,
    "DD-WORKLOAD-315": BARE,
}


def violating(name: str) -> Program:
    return Program([*all_cases()[name].program("violating").resources.values(), *MORE.get(name, ())])


def given(resource: Resource, program: Program, **more: Any) -> Given:
    provider = program.resources.get(resource.provider)
    inputs = {**resource.properties, **more}
    return Given(type=resource.type, name=resource.name, inputs=inputs, provider=provider.properties if provider else {})


def asked(name: str) -> dict[str, Any]:
    """Settings that ask for one remedy, as its check is tried."""
    case = all_cases()[name]
    told = {"level": "mandatory", "parameters": dict(case.parameters or {}), "remediate": True}
    return {**case.given, "labels": LABELS, "checks": {name: told}}


def changed(name: str) -> list[tuple[Resource, dict[str, Any]]]:
    """The resources of the violating program that the remedy changes, with their inputs after it."""
    program = violating(name)
    after = [(each, remedied([by_id()[name]], given(each, program), asked(name))) for each in program.resources.values()]
    return [(each, inputs) for each, inputs in after if inputs != each.properties]


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, each in cast(dict[str, Any], value).items():
            yield from leaves(each, f"{path}.{key}")
    elif isinstance(value, list | tuple) and value:
        for at, each in enumerate(cast(Sequence[Any], value)):
            yield from leaves(each, f"{path}.{at}")
    else:
        yield path.removeprefix("."), value


def test_there_are_remedies_on_every_cloud_for_types_of_their_checks() -> None:
    assert len(IDS) >= 40
    remedies = [(by_id()[name], cast(Remedy, by_id()[name].remedy)) for name in IDS]
    assert {cloud for check, _ in remedies for cloud in check.clouds} == {"aws", "azure", "gcp", "kubernetes"}
    for check, remedy in remedies:
        assert set(remedy.types) <= set(check.types), check.id
        assert remedy.why_safe, check.id


@pytest.mark.parametrize("name", IDS)
def test_after_a_remedy_its_check_has_nothing_to_say(name: str) -> None:
    check, case, after = by_id()[name], all_cases()[name], changed(name)
    assert {each.type for each, _ in after} == set(cast(Remedy, check.remedy).types), "a remedy is tried on each type that it is for"
    whole = violating(name).resources
    for resource, inputs in after:
        assert any(each.urn == resource.urn for each in found(check, case, violating(name)))
        mixed = Program({**whole, resource.urn: replace(resource, properties=inputs)}.values())
        assert not [each for each in found(check, case, mixed) if each.urn == resource.urn]


@pytest.mark.parametrize("name", IDS)
def test_a_remedy_never_makes_a_resource_anew_nor_asks_for_what_a_cloud_refuses(name: str) -> None:
    for resource, inputs in changed(name):
        known, schema = facts(resource.type), resource_schema(resource.type)
        assert known is not None, f"nobody knows what of {resource.type} cannot be changed in place"
        before = plain(resource.properties)
        edits = diff(schema, known, before, plain(inputs))
        assert edits
        assert not [each.path for each in edits if each.replaces]
        check_changes(resource.type, "id", before, plain(inputs))
        # A path that the SDK's types lack would be refused, or do nothing.
        assert all(_known(schema, each.path) for each in edits)


def plain(value: Any) -> Any:
    """Without values that are not known, which are the rehearsal's own there."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in cast(dict[str, Any], value).items() if each is not UNKNOWN}
    return [plain(each) for each in cast(list[Any], value)] if isinstance(value, list) else value


def _known(schema: ResourceSchema | None, path: str) -> bool:
    """Whether the SDK's types have the property, or a mapping of any names above it."""
    names = without_indexes(parse_path(path)).split(".")
    above = [property_at(schema, ".".join(names[:end])) for end in range(1, len(names) + 1)]
    free = next((at for at, each in enumerate(above) if each and each.kind == "map"), len(above))
    return None not in above[: free + 1]


@pytest.mark.parametrize("name", IDS)
def test_a_remedy_leaves_everything_else_as_it_is(name: str) -> None:
    check, case = by_id()[name], all_cases()[name]
    program = violating(name)
    for resource, _ in changed(name):
        after = remedied([check], given(resource, program, **BYSTANDERS), asked(name))
        assert after["others"] == BYSTANDERS["others"]
        assert type(after["others"]["secret"]) is Secret
        kept = dict(leaves(after))
        wrong = tuple(each.path for each in found(check, case, program) if each.urn == resource.urn)
        lost = {path for path, value in leaves(resource.properties) if kept.get(path) != value}
        assert all(path.startswith(wrong) for path in lost if value_of(resource, path)), lost


def value_of(resource: Resource, path: str) -> Any:
    """What stands there; an empty list or mapping that something is put into is no loss."""
    return resource.get(path) not in ([], {}, None)


@pytest.mark.parametrize("name", IDS)
def test_a_remedy_that_would_touch_what_cannot_be_read_does_nothing(name: str) -> None:
    check, case = by_id()[name], all_cases()[name]
    program = violating(name)
    for resource, inputs in changed(name):
        before = dict(leaves(resource.properties))
        roots = {path.partition(".")[0] for path, value in leaves(inputs) if path not in before or before[path] != value}
        for root in roots:
            for hidden in (UNKNOWN, Secret(resource.properties.get(root, "hunter2"))):
                blind = given(resource, program, **{root: hidden})
                assert remedied([check], blind, asked(name)) == blind.inputs
    for each in case.program("unknown").resources.values() if case.unknown else ():
        assert remedied([check], given(each, case.program("unknown")), asked(name)) == each.properties


@pytest.mark.parametrize("name", IDS)
def test_what_keeps_the_rule_is_not_touched(name: str) -> None:
    case = all_cases()[name]
    for kind in ("passing", "elsewhere"):
        # Beside what makes up for it elsewhere in the program, which a remedy does not see, it may be set where it already holds.
        alone = {each.urn for each in case.program(kind).resources.values() if not found(by_id()[name], case, Program([each]))}
        for each in case.program(kind).resources.values():
            if each.urn in alone or not by_id()[name].joined:
                inputs = given(each, case.program(kind))
                assert remedied([by_id()[name]], inputs, asked(name)) == each.properties


@pytest.mark.parametrize("name", IDS)
def test_a_remedy_weakens_nothing_that_another_check_looks_at(name: str) -> None:
    # Versions that are kept are paid for until a lifecycle ends them, which no other rule than that one asks for.
    paid = {("DD-STORAGE-106", "DD-STORAGE-114")}
    for resource, inputs in changed(name):
        before, after = (strictly(each) for each in (resource, replace(resource, properties=inputs)))
        assert {each for each, _ in after - before if (name, each) not in paid} == set()


def strictly(resource: Resource) -> set[tuple[str, str]]:
    """What all checks find in it at their strictest."""
    chosen = settings({"profile": "regulated"}, all_checks())
    return {(each.check.id, each.path) for each in review(Program([resource]), all_checks(), chosen).findings}


@pytest.mark.parametrize("name", IDS)
def test_nothing_is_mended_unless_it_is_asked_for(name: str) -> None:
    check, program = by_id()[name], violating(name)
    off = {**asked(name), "remediate": True, "checks": {name: {**asked(name)["checks"][name], "remediate": False}}}
    disabled = {**asked(name), "checks": {name: {**asked(name)["checks"][name], "level": "disabled"}}}
    exempt = {**asked(name), "exemptions": [{**EXEMPTION, "check": name, "resource": "*"}]}
    unasked = {**asked(name), "checks": {name: {**asked(name)["checks"][name], "remediate": None}}}
    for resource, inputs in changed(name):
        for held in (off, disabled, exempt, unasked):
            assert remedied([check], given(resource, program), held) == resource.properties
        assert remedied([check], given(resource, program), {**unasked, "remediate": True}) == inputs
        over = {**asked(name), "exemptions": [{**EXEMPTION, "check": name, "resource": "*", "expires": "2026-01-01"}]}
        assert remedied([check], given(resource, program), over) == inputs


def test_changes_that_a_program_ignores_are_not_made() -> None:
    check = [by_id()["DD-STORAGE-101"]]
    inputs = {"name": "models", "publicAccessPrevention": "inherited"}
    for ignored in ("publicAccessPrevention", "*", 'publicAccessPrevention["x"]'):
        assert remedied(check, Given(type=BUCKET, inputs=inputs, ignores=[ignored]), {"remediate": True}) == inputs
    other = Given(type=BUCKET, inputs=inputs, ignores=["labels.owner", "publicAccess"])
    assert remedied(check, other, {"remediate": True}) == {**inputs, "publicAccessPrevention": "enforced"}


def test_many_remedies_of_one_resource_follow_each_other_and_then_there_is_nothing_to_mend() -> None:
    # The right values are those that the checks' fixes name, in Google's own words.
    inputs = {
        "labels": {"team": "vision"},
        "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30}}],
        "softDeletePolicy": {"retentionDurationSeconds": 0},
        "encryption": {"defaultKmsKeyName": Secret("k")},
    }
    asking = {"remediate": True, "labels": {"owner": "ml", "cost-center": "cc-1", "stage": "prod"}}
    after = remedied(all_checks(), Given(type=BUCKET, inputs=inputs), asking)
    assert after == {
        "labels": {"team": "vision", "owner": "ml", "cost-center": "cc-1", "stage": "prod"},
        "lifecycleRules": [*inputs["lifecycleRules"], {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}],
        "softDeletePolicy": {"retentionDurationSeconds": 604800},
        "encryption": {"defaultKmsKeyName": Secret("k")},
        "publicAccessPrevention": "enforced",
        "uniformBucketLevelAccess": True,
        "versioning": {"enabled": True},
    }
    assert remedied(all_checks(), Given(type=BUCKET, inputs=after), asking) == after
    lines = said(all_checks(), Given(type=BUCKET, name="models", inputs=inputs), policies=asking)
    assert '[advisory] remediated: DD-STORAGE-101 models: set publicAccessPrevention to "enforced"' in lines
    assert not [line for line in lines if "DD-STORAGE-101 models." in line]


@pytest.mark.parametrize("asset", [FileArchive("."), FileAsset("code.zip"), Secret(FileAsset("code.zip")), [{"deep": FileArchive(".")}]])
def test_a_resource_with_files_is_left_alone(asset: Any) -> None:
    # pulumi_policy 1.21, _serialize_property: an asset goes back without its hash, by which the engine sees that a file has changed.
    check = [by_id()["DD-LABEL-401"]]
    asking = {"remediate": True, "labels": LABELS}
    held = remedied(check, Given(type=FUNCTION, inputs={"code": asset}), asking)
    assert held.keys() == {"code"}
    assert remedied(check, Given(type=FUNCTION, inputs={"imageUri": "i"}), asking).keys() == {"imageUri", "tags"}


def test_text_is_no_file() -> None:
    assert not has_asset({"a": "text", "b": [1, None, {"c": True}], "d": Secret("s")})


def test_what_the_provider_filled_in_by_itself_is_no_longer_its_default() -> None:
    # pulumi-terraform-bridge keeps what `__defaults` names as it was, so that the remedy would hold for ever.
    inputs = {"enableKeyRotation": False, "__defaults": ["enableKeyRotation", "isEnabled"], "isEnabled": True}
    after = remedied([by_id()["DD-KEY-001"]], Given(type="aws:kms/key:Key", inputs=inputs), {"remediate": True})
    assert after == {"enableKeyRotation": True, "__defaults": ["isEnabled"], "isEnabled": True}


def test_labels_come_from_the_settings_and_only_as_the_cloud_takes_them() -> None:
    check = [by_id()["DD-LABEL-401"]]

    def tags(kind: str, labels: Mapping[str, str], key: str, **inputs: Any) -> Any:
        return remedied(check, Given(type=kind, inputs=inputs), {"remediate": True, "labels": labels}).get(key)

    whole = {"Owner": "ML Platform", "cost_center": "CC 1", "stage": "prod"}
    named = {"owner": "ML Platform", "cost-center": "CC 1", "stage": "prod"}
    assert tags("aws:s3/bucket:Bucket", whole, "tags") == named
    assert tags("azure-native:storage:StorageAccount", whole, "tags") == named
    # Google's labels have no capitals and no spaces.
    assert tags(BUCKET, whole, "labels") is None
    # What would still lack one is left as it is.
    assert tags("aws:s3/bucket:Bucket", {"owner": "ml"}, "tags") is None
    # Another spelling is there already, and an empty one is filled.
    assert tags("aws:s3/bucket:Bucket", whole, "tags", tags={"CostCenter": "x", "owner": ""}) == {
        "CostCenter": "x",
        "owner": "ML Platform",
        "stage": "prod",
    }


OWN = Checks()


def both(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Mends one of two."""
    yield from put([each for each in problems if each.path == view.parameters["mends"]], True)


def failing(view: View, problems: Sequence[Problem]) -> Iterator[Change]:
    """Has a mistake in it."""
    raise KeyError(problems[0].path)
    yield


@OWN.add(
    "ACME-001", "Both are on", BUCKET, rationale="r", fix="f", parameters={"mends": "first"}, remedy=Remedy(types=(BUCKET,), mend=both)
)
@OWN.add("ACME-002", "Both are on", BUCKET, rationale="r", fix="f", remedy=Remedy(types=(BUCKET,), mend=failing))
def two_switches(view: View) -> Iterator[Problem]:
    """Two switches."""
    for path in ("first", "second"):
        if not view.flag(path):
            yield Problem(path=path, what="is off")


@pytest.mark.parametrize("check", OWN.listed, ids=lambda check: check.id)
def test_what_is_not_mended_wholly_is_not_changed_and_is_told_as_ever(check: Check) -> None:
    bucket = Given(type=BUCKET, inputs={"name": "n"})
    assert remedied([check], bucket, {"remediate": True}) == {"name": "n"}
    assert said([check], bucket, policies={"remediate": True}) == said([check], bucket)
    assert len(said([check], bucket)) == 2


def test_a_remedy_of_ones_own_is_taken() -> None:
    check = next(each for each in OWN.listed if each.id == "ACME-001")
    half = Given(type=BUCKET, inputs={"second": True})
    assert remedied([check], half, {"remediate": True}) == {"first": True, "second": True}


def test_a_list_grows_at_its_end_and_something_else_is_not_written_over() -> None:
    view = View(Resource(urn="u", type=BUCKET, properties={"many": [1], "one": {"a": 1}}), Program([]))
    assert [each.path for path in ("many", "none", "one") for each in add(view, path, 7, 8)] == ["many.1", "many.2", "none.0", "none.1"]
    chosen = settings({"remediate": True}, OWN.listed)
    past = Remedy(types=(BUCKET,), mend=lambda view, problems: iter([Change(path="many.5", value=True)]))
    for check in (replace(OWN.listed[0], remedy=past), replace(OWN.listed[0], remedy=replace(past, types=()))):
        assert mended(check, view.resource, view.program, chosen) == ()
