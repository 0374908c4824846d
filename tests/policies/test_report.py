"""What findings say to other tools and to people: the fields that readers of SARIF and JUnit ask for, and the fix in one's own words."""

import json
import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from costs.resource import Program, Resource
from policies.check import Check, Checks, Problem
from policies.fix import keys
from policies.registry import all_checks
from policies.report import data, junit, sarif
from policies.review import Review, review
from policies.settings import Settings, settings
from policies.view import View
from tests.costs.building import resource

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
# Source: OASIS, SARIF 2.1.0, 3.27.10: the values of level.
LEVELS = {"none", "note", "warning", "error"}


def reviewed(*resources: Resource, given: dict[str, Any] | None = None) -> Review:
    return review(Program(resources), all_checks(), settings(given or {}, all_checks()))


def inside(component: str, name: str, kind: str, logical: str, **inputs: Any) -> tuple[Resource, Resource]:
    """A component and one resource in it, with URNs as the engine writes them."""
    around = Resource(urn=f"urn:pulumi:dev::shop::{component}::{name}", type=component, properties={}, custom=False)
    urn = f"urn:pulumi:dev::shop::{component}${kind}::{logical}"
    return around, Resource(urn=urn, type=kind, properties=inputs, parent=around.urn)


def told(found: Review, check: str) -> str:
    return next(each.told_fix for each in found.findings if each.check.id == check)


# --- SARIF. Source of what must be there: GitHub documentation, "SARIF support for code scanning", the tables of supported properties.


@pytest.fixture(scope="module")
def log() -> dict[str, Any]:
    found = reviewed(resource(BLOCK, "half", {"blockPublicAcls": True}), resource(BUCKET, "logs"))
    return json.loads(json.dumps(sarif(found, all_checks(), "a folder/preview.json")))


def test_a_sarif_log_has_what_the_standard_requires(log: dict[str, Any]) -> None:
    # Required by the schema: version and runs; of a run its tool; of a tool its driver; of a driver its name.
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"]
    assert urlsplit(log["$schema"]).scheme == "https"


def test_every_sarif_rule_has_what_code_scanning_shows(log: dict[str, Any]) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) == len(all_checks())
    for rule in rules:
        assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription", "help"))
        assert max(len(rule["shortDescription"]["text"]), len(rule["fullDescription"]["text"])) <= 1024
        assert len(rule["name"]) <= 255
        assert rule["defaultConfiguration"]["level"] in LEVELS
        tags = rule["properties"]["tags"]
        assert len(tags) <= 20
        assert ("security" in tags) == ("security-severity" in rule["properties"])
        assert 0 < float(rule["properties"].get("security-severity", "1")) <= 10


def test_every_sarif_result_has_rule_message_place_and_fingerprint(log: dict[str, Any]) -> None:
    (run,) = log["runs"]
    assert len(run["results"]) >= 4
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["level"] in LEVELS
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        # A URI has no spaces. A path without a scheme is relative to the repository.
        assert physical["artifactLocation"]["uri"] == "a%20folder/preview.json"
        assert physical["region"]["startLine"] >= 1
        assert result["partialFingerprints"]
    prints = [json.dumps(result["partialFingerprints"]) for result in run["results"]]
    assert len(set(prints)) == len(prints)


# --- JUnit. Source: Jenkins' xUnit plugin, junit-10.xsd: the elements, their order and the attributes that must be there.


def test_a_junit_report_has_the_elements_and_attributes_that_readers_want() -> None:
    found = reviewed(resource(BLOCK, "half\x1b[31m\x00", {"blockPublicAcls": True}), resource(BUCKET, "logs"))
    # A parser of its own reads it: a control character would end it.
    suites = ElementTree.fromstring(junit(found, all_checks()))
    assert suites.tag == "testsuites"
    (suite,) = suites
    assert suite.tag == "testsuite"
    assert suite.get("name")
    cases = list(suite)
    assert {case.tag for case in cases} == {"testcase"}
    assert all(case.get("name") and case.get("classname") and float(case.get("time", "")) == 0 for case in cases)
    failed = [case for case in cases if case.find("failure") is not None]
    for counted in (suites, suite):
        assert [counted.get(name) for name in ("tests", "failures", "errors")] == [str(len(cases)), str(len(failed)), "0"]
    for case in failed:
        failure = case.find("failure")
        assert failure is not None
        assert failure.get("message")
        assert failure.get("type") == "mandatory"
        assert failure.text
    # In a case, a failure stands before what it printed.
    assert all([child.tag for child in case] in ([], ["failure"], ["system-out"], ["failure", "system-out"]) for case in cases)


def test_advice_does_not_fail_a_junit_case() -> None:
    advisory = {"checks": {"DD-STORAGE-002": {"level": "advisory"}}}
    suites = ElementTree.fromstring(junit(reviewed(resource(BLOCK, "half"), given=advisory), all_checks()))
    (case,) = [case for case in suites.iter("testcase") if str(case.get("name")).startswith("DD-STORAGE-002 ")]
    assert [child.tag for child in case] == ["system-out"]


# --- The fix in one's own words.


def test_of_a_stranger_s_resource_the_property_is_told() -> None:
    assert told(reviewed(resource(BUCKET, "models")), "DD-STORAGE-003") == "add a BucketVersioning with status Enabled"


def test_of_our_resource_the_key_of_the_environment_is_told_with_the_component_s_name() -> None:
    found = reviewed(*inside("drydock:aws:Bucket", "models", BUCKET, "models"))
    assert told(found, "DD-STORAGE-003").startswith("change storage.models.versioning in the environment file (")
    assert data(found)["findings"][0]["fix"]


def test_of_our_resource_that_no_key_reaches_it_is_said_so() -> None:
    fix = told(reviewed(*inside("drydock:aws:Bucket", "models", BUCKET, "models")), "DD-STORAGE-001")
    assert fix.startswith("no key of the environment file sets this: report it to Drydock, or exempt it in drydock:policies (")


def test_where_the_component_cannot_be_seen_its_name_is_left_open() -> None:
    (_, alone) = inside("drydock:aws:Bucket", "models", BUCKET, "models")
    hidden = Resource(urn=alone.urn, type=alone.type, properties={})
    assert told(reviewed(hidden), "DD-STORAGE-003").startswith("change storage.<name>.versioning in")


# Component, its resource's type, all keys of a check, and those that are told.
KEYS = [
    ("drydock:aws:NodePool", "nodePools.<name>.machine, endpoints.<name>.machine", ("nodePools.fraud.machine",)),
    ("drydock:aws:Endpoint", "nodePools.<name>.machine, endpoints.<name>.machine", ("endpoints.fraud.machine",)),
    ("drydock:kubernetes:Endpoint", "workloads.<name>.image, models.<name>.image", ("models.<name>.image",)),
    (
        "drydock:aws:Cluster",
        "cluster.logRetentionDays, network.flowLogs.retentionDays",
        ("cluster.logRetentionDays",),
    ),
    ("drydock:aws:Network", "cluster.logRetentionDays, network.flowLogs.retentionDays", ("network.flowLogs.retentionDays",)),
    ("drydock:aws:Endpoint", "cluster.logRetentionDays", ()),
    ("drydock:gcp:Cluster", "network.flowLogs", ("network.flowLogs",)),
    ("drydock:aws:Bucket", "owner, costCenter, stage", ("owner", "costCenter", "stage")),
    ("drydock:aws:BucketReplica", "storage.<name>.versioning", ("storage.fraud.versioning",)),
    ("drydock:aws:BucketReplica", "storage.<name>.accessLogs", ()),
    ("drydock:azure:Workspace", "storage.<name>.versioning", ()),
]


@pytest.mark.parametrize(("component", "of_check", "expected"), KEYS)
def test_a_check_with_several_keys_tells_those_of_the_component(component: str, of_check: str, expected: tuple[str, ...]) -> None:
    urn = f"urn:pulumi:dev::shop::{component}$acme:index:Thing::thing"
    assert keys(of_check, urn, f"urn:pulumi:dev::shop::{component}::fraud") == expected


def environment_keys(schema: dict[str, Any]) -> set[str]:
    """Every key that an environment file may hold; `<name>` stands for whatever people call a thing."""
    found: set[str] = set()

    def walk(node: dict[str, Any], path: str) -> None:
        if "$ref" in node:
            walk(schema["$defs"][node["$ref"].rpartition("/")[2]], path)
        for choice in ("anyOf", "oneOf", "allOf"):
            for each in node.get(choice, ()):
                walk(each, path)
        below = [*node.get("properties", {}).items(), *(("<name>", each) for each in node.get("patternProperties", {}).values())]
        for name, each in below:
            found.add(f"{path}.{name}".lstrip("."))
            walk(each, f"{path}.{name}")

    walk(schema["properties"]["config"]["properties"]["drydock:environment"], "")
    return found


def test_every_key_that_a_check_tells_is_in_the_schema_of_environments(root: Any) -> None:
    known = environment_keys(json.loads((root / "stacks/schema.json").read_text()))
    assert {"storage.<name>.versioning.enabled", "endpoints.<name>.canary.percent", "cluster.version"} <= known
    told = [(check.id, key) for check in all_checks() for key in check.key.split(", ") if key]
    assert len(told) > 150
    assert [each for each in told if each[1] not in known] == []


def test_every_component_of_ours_has_its_sections(root: Any) -> None:
    made = {found for file in (root / "components").rglob("*.py") for found in re.findall(r'"(drydock:\w+:\w+)"', file.read_text())}
    assert len(made) > 20
    for component in made:
        urn = f"urn:pulumi:dev::shop::{component}$acme:index:Thing::thing"
        sections = "storage, network, cluster, nodePools, registry, endpoints, teams, workloads"
        assert keys(sections, urn, ""), component


def test_a_check_that_fails_itself_and_one_that_cannot_decide_say_no_fix() -> None:
    checks = Checks()

    @checks.add("ACME-A-001", "Fails", BUCKET, rationale="…", fix="mend it")
    def fails(view: View) -> Any:
        yield Problem(what=str(1 / len(view.resource.properties)))

    listed: list[Check] = checks.listed
    (finding,) = review(Program([resource(BUCKET, "models")]), listed, Settings()).findings
    assert finding.line == "ACME-A-001 models: the check itself failed: ZeroDivisionError, please report it"
