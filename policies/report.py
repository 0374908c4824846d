"""A review in the words of other tools: plain data, SARIF 2.1.0, JUnit XML."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from policies.check import Check
from policies.finding import Finding
from policies.review import Review

_SARIF_LEVELS = {"mandatory": "error", "advisory": "warning", "disabled": "none"}
# GitHub sorts security findings by this number: Source: GitHub documentation, "SARIF support for code scanning", security-severity.
_SECURITY_SEVERITY = {"low": "2.0", "medium": "5.0", "high": "8.0", "critical": "9.5"}


def data(found: Review) -> dict[str, Any]:
    """The findings and exemptions as plain data for JSON."""
    return {
        "findings": [_finding(each) for each in found.findings],
        "exemptionsUsed": [each.model_dump(mode="json", by_alias=True) for each in found.used],
        "exemptionsUnused": [each.model_dump(mode="json", by_alias=True) for each in found.unused],
    }


def sarif(found: Review, checks: Sequence[Check], artifact: str) -> dict[str, Any]:
    """A SARIF 2.1.0 log; artifact: the file that was checked, which every finding points at.

    Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
    """
    rules = [_rule(check) for check in checks]
    results = [_result(finding, artifact) for finding in found.findings]
    tool = {"driver": {"name": "drydock", "rules": rules}}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": tool, "results": results}],
    }


def junit(found: Review, checks: Sequence[Check]) -> str:
    """JUnit XML: a test case for each check, which fails with its mandatory findings and tells the others as output."""
    by_check: dict[str, list[Finding]] = {}
    for finding in found.findings:
        by_check.setdefault(finding.check.id, []).append(finding)
    failing = sum(any(each.level == "mandatory" for each in findings) for findings in by_check.values())
    suite = ElementTree.Element("testsuite", name="drydock policies", tests=str(len(checks)), failures=str(failing))
    for check in checks:
        case = ElementTree.SubElement(suite, "testcase", classname="policies", name=f"{check.id} {check.title}")
        _outcome(case, by_check.get(check.id, []))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _outcome(case: ElementTree.Element, findings: Sequence[Finding]) -> None:
    mandatory = [finding.line for finding in findings if finding.level == "mandatory"]
    others = [finding.line for finding in findings if finding.level != "mandatory"]
    if mandatory:
        failure = ElementTree.SubElement(case, "failure", message=mandatory[0])
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
        "fix": finding.fix or finding.check.fix,
        "key": finding.check.key,
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
        "properties": {"tags": list(check.equivalents), "security-severity": _SECURITY_SEVERITY[check.severity]},
    }


def _result(finding: Finding, artifact: str) -> dict[str, Any]:
    name = f"{finding.resource}.{finding.path}" if finding.path else finding.resource
    return {
        "ruleId": finding.check.id,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": finding.line},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": artifact}},
                "logicalLocations": [{"name": name, "fullyQualifiedName": finding.urn, "kind": "resource"}],
            }
        ],
        # The same finding in the next run is recognised by what it is about, not by where it stands in a file.
        "partialFingerprints": {"checkAndResource/v1": f"{finding.check.id}:{finding.urn}:{finding.path}"},
    }
