"""A review in the words of other tools: plain data, SARIF 2.1.0, JUnit XML."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from costs.report.escape import printable
from policies.check import Check
from policies.finding import Finding
from policies.review import Review

_SARIF_LEVELS = {"mandatory": "error", "advisory": "warning", "disabled": "none"}
# Rules about money and labels are no matter of security: GitHub shows these words instead of a grade of danger.
_NO_SECURITY = ("COST", "LABEL")
# GitHub shows no more of a rule. Source: GitHub documentation, "SARIF support for code scanning", reportingDescriptor object.
_TAGS = 20
# GitHub sorts security findings by this number: Source: GitHub documentation, "SARIF support for code scanning", security-severity.
_SECURITY_SEVERITY = {"low": "2.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}


def data(found: Review) -> dict[str, Any]:
    """The findings and exemptions as plain data for JSON."""
    return {
        "findings": [_finding(each) for each in found.findings],
        "exemptionsUsed": [each.model_dump(mode="json", by_alias=True) for each in found.used],
        "exemptionsUnused": [each.model_dump(mode="json", by_alias=True) for each in found.unused],
    }


def sarif(found: Review, checks: Sequence[Check], artifact: str, line: Callable[[Finding], int] = lambda _: 1) -> dict[str, Any]:
    """A SARIF 2.1.0 log; artifact: the file that every finding points at, line: at which of its lines, from 1.

    Sources: OASIS, Static Analysis Results Interchange Format 2.1.0; GitHub documentation, "SARIF support for code scanning".
    """
    rules = [_rule(check) for check in checks]
    places = {check.id: at for at, check in enumerate(checks)}
    results = [{**_result(each, quote(artifact), line(each)), "ruleIndex": places[each.check.id]} for each in found.findings]
    tool = {"driver": {"name": "drydock", "rules": rules}}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": tool, "results": results}],
    }


def junit(found: Review, checks: Sequence[Check]) -> str:
    """JUnit XML: a test case for each check, which fails with its mandatory findings and tells the others as output.

    Source: Jenkins' xUnit plugin, junit-10.xsd, which names the attributes that readers want.
    """
    by_check: dict[str, list[Finding]] = {}
    for finding in found.findings:
        by_check.setdefault(finding.check.id, []).append(finding)
    failing = sum(any(each.level == "mandatory" for each in findings) for findings in by_check.values())
    counts = {"tests": str(len(checks)), "failures": str(failing), "errors": "0", "time": "0"}
    suites = ElementTree.Element("testsuites", counts, name="drydock policies")
    suite = ElementTree.SubElement(suites, "testsuite", counts, name="drydock policies")
    for check in checks:
        case = ElementTree.SubElement(suite, "testcase", classname="policies", name=f"{check.id} {check.title}", time="0")
        _outcome(case, by_check.get(check.id, []))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _outcome(case: ElementTree.Element, findings: Sequence[Finding]) -> None:
    # XML has no way to write a control character, which a resource's name may hold.
    mandatory = [printable(finding.line) for finding in findings if finding.level == "mandatory"]
    others = [printable(finding.line) for finding in findings if finding.level != "mandatory"]
    if mandatory:
        failure = ElementTree.SubElement(case, "failure", type="mandatory", message=mandatory[0])
        failure.text = "\n".join(mandatory)
    if others:
        ElementTree.SubElement(case, "system-out").text = "\n".join(others)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.check.id,
        "result": finding.result,
        "level": finding.level,
        "severity": finding.check.severity,
        "resource": finding.resource,
        "urn": finding.urn,
        "path": finding.path,
        "what": finding.what,
        "fix": finding.told_fix,
        "keys": list(finding.keys),
        "remediable": finding.remediable,
        "equivalents": list(finding.check.equivalents),
    }


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "name": check.title,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.rationale},
        "help": {"text": check.fix},
        "defaultConfiguration": {"level": _SARIF_LEVELS[check.level]},
        "properties": _grade(check),
    }


def _grade(check: Check) -> Mapping[str, Any]:
    concept = check.id.split("-")[1]
    tags = [concept.lower(), *check.equivalents]
    if concept in _NO_SECURITY:
        return {"tags": tags[:_TAGS], "problem.severity": "error" if check.level == "mandatory" else "warning"}
    # GitHub grades only what is tagged as security.
    return {"tags": ["security", *tags][:_TAGS], "security-severity": _SECURITY_SEVERITY[check.severity]}


def _result(finding: Finding, artifact: str, line: int) -> dict[str, Any]:
    # What cannot be decided yet is nothing to mend.
    level = "note" if finding.result == "undecided" and finding.level == "advisory" else _SARIF_LEVELS[finding.level]
    return {
        "ruleId": finding.check.id,
        "level": level,
        "message": {"text": finding.line},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": artifact}, "region": {"startLine": line}},
                "logicalLocations": [{"name": finding.where, "fullyQualifiedName": finding.urn, "kind": "resource"}],
            }
        ],
        # The same finding in the next run is recognised by what it is about, not by where it stands in a file.
        "partialFingerprints": {"checkAndResource/v1": f"{finding.check.id}:{finding.urn}:{finding.path}"},
    }
