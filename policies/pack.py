"""The checks as Pulumi policies: what blocks a resource before it is made, and what needs the whole program."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from costs.read import from_policy_pack, plain
from costs.resource import UNKNOWN, Program, Resource, type_of
from policies.check import Check
from policies.finding import Finding
from policies.registry import all_checks
from policies.review import Review, review
from policies.settings import Settings, SettingsInvalid, settings


class Pack:
    """One run of the pack over one program.

    Few policies with all checks in them: every policy of a pack decodes each resource anew, which costs more than the checks. Inputs are
    remembered as resources pass by, since the engine shows the whole program by its outputs only, of which there are none before a
    cluster is there.
    """

    def __init__(self, checks: tuple[Check, ...]) -> None:
        self._checks = checks
        self._inputs: dict[str, Mapping[str, Any]] = {}
        self._read = False
        self._settings: Settings | None = None
        self._review: Review | None = None

    def policies(self) -> list[Policy]:
        """The pack's three policies."""
        return [
            ResourceValidationPolicy(
                "each-resource",
                "What may not pass of one resource alone; it stops the resource before it is made.",
                self._each_resource,
                EnforcementLevel.MANDATORY,
            ),
            StackValidationPolicy(
                "whole-program", "What may not pass of resources together, and of their cost.", self._mandatory, EnforcementLevel.MANDATORY
            ),
            StackValidationPolicy(
                "advice", "What should be better, what cannot be decided yet, and exemptions.", self._advisory, EnforcementLevel.ADVISORY
            ),
        ]

    def _each_resource(self, args: ResourceValidationArgs, report: Any) -> None:
        kind, properties = type_of(args.resource_type), cast(dict[str, Any], plain(args.props))
        self._inputs[args.urn] = properties
        chosen = self._chosen(report)
        if chosen is None:
            return
        parent = args.opts.parent
        resource = Resource(urn=args.urn, type=kind, properties=properties, parent=parent, custom=kind.count(":") == 2)
        alone = [check for check in self._checks if not check.joined and chosen.level(check) == "mandatory"]
        for finding in review(Program([resource]), alone, chosen).findings:
            if finding.level == "mandatory":
                report(finding.line, None)

    def _chosen(self, report: Any) -> Settings | None:
        """The settings; what is wrong with them is said once, at the first resource, and nothing else is then."""
        if not self._read:
            self._read = True
            try:
                self._settings = settings(_configured(), self._checks)
            except SettingsInvalid as error:
                for line in str(error).splitlines():
                    report(f"drydock:policies: {line}", None)
        return self._settings

    def _mandatory(self, args: StackValidationArgs, report: Any) -> None:
        self._chosen(report)
        for finding in self._whole(args).findings:
            if finding.level == "mandatory" and (finding.check.joined or finding.result == "undecided"):
                report(finding.line, finding.urn)
        for line in self._settings.over() if self._settings else ():
            report(line, None)

    def _advisory(self, args: StackValidationArgs, report: Any) -> None:
        found = self._whole(args)
        for line, urn in said_once(finding for finding in found.findings if finding.level == "advisory"):
            report(line, urn)
        for line in exempted(found):
            report(line, None)

    def _whole(self, args: StackValidationArgs) -> Review:
        if self._settings is None:
            return Review((), (), ())
        if self._review is None:
            seen = from_policy_pack(args.resources, _provider_config())
            whole = [self._with_inputs(resource) for resource in seen.resources.values()]
            self._review = review(Program(whole, seen.config), self._checks, self._settings)
        return self._review

    def _with_inputs(self, resource: Resource) -> Resource:
        given = self._inputs.get(resource.urn, {})
        # What the cloud will fill in and nobody has set is as good as absent.
        known = {key: value for key, value in resource.properties.items() if value is not None and (value is not UNKNOWN or key in given)}
        return Resource(
            urn=resource.urn,
            type=resource.type,
            properties={**given, **known},
            parent=resource.parent,
            references=resource.references,
            dependencies=resource.dependencies,
            provider=resource.provider,
            custom=resource.custom,
        )


def pack() -> Pack:
    """The pack with every check."""
    return Pack(all_checks())


def said_once(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """A line and a URN for each finding; checks that wait for one value of one resource are told of together."""
    waiting: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.result == "undecided":
            waiting.setdefault((finding.urn, finding.path), []).append(finding)
        else:
            yield finding.line, finding.urn
    for (urn, _), together in waiting.items():
        first = together[0]
        yield f"{', '.join(each.check.id for each in together)}{first.line.removeprefix(first.check.id)}", urn


def exempted(found: Review) -> list[str]:
    """A line for each exemption that held something back, and for each that no longer does."""
    used = [f"exempted: {each.check} for {each.resource} until {each.expires} ({each.owner}: {each.reason})" for each in found.used]
    return [*used, *(f"exemption of {each.check} for {each.resource} held nothing back; fix: remove it" for each in found.unused)]


def _configured() -> Mapping[str, Any]:
    text = pulumi.Config("drydock").get("policies")
    given: object = json.loads(text) if text else {}
    if not isinstance(given, dict):
        raise SettingsInvalid("is no mapping; allowed: profile, checks, exemptions, monthlyUsd …; fix: write a mapping")
    return cast(dict[str, Any], given)


def _provider_config() -> dict[str, str]:
    keys = ("aws:region", "gcp:region", "gcp:project", "azure-native:location")
    found = {key: pulumi.Config(key.partition(":")[0]).get(key.partition(":")[2]) for key in keys}
    return {key: value for key, value in found.items() if value}
