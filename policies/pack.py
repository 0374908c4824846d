"""The checks as Pulumi policies: what mends a resource or blocks it before it is made, and what needs the whole program."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
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
from costs.resource import UNKNOWN, Program, Resource, name_of, type_of
from policies.check import Change, Check
from policies.finding import Finding
from policies.inputs import has_asset, opened, readable
from policies.registry import all_checks
from policies.remediation import applied, mended
from policies.review import Review, index, review, review_by_type
from policies.settings import Settings, SettingsInvalid, settings


class Pack:
    """One run of the pack over one program.

    Few policies with all checks in them: every policy of a pack decodes each resource anew, which costs more than the checks. Inputs are
    remembered as resources pass by, since the engine shows the whole program by its outputs only, of which there are none before a
    cluster is there. Remedies are decoded for once and for all, and each has a policy of its own, under whose name the engine tells of it.
    """

    def __init__(self, checks: tuple[Check, ...]) -> None:
        self._checks = checks
        self._inputs: dict[str, Mapping[str, Any]] = {}
        self._mended: dict[tuple[str, str], Sequence[Change]] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._read = False
        self._settings: Settings | None = None
        self._blocking: dict[str, list[Check]] = {}
        self._review: Review | None = None

    def policies(self) -> list[Policy]:
        """The pack's three policies, before them one for each check whose violations are to be mended."""
        return [
            *self._remedies(),
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
                "advice",
                "What should be better, what cannot be decided yet, what was mended, and exemptions.",
                self._advisory,
                EnforcementLevel.ADVISORY,
            ),
        ]

    def _remedies(self) -> Iterator[Policy]:
        try:
            chosen = settings(_configured(), self._checks)
        except SettingsInvalid:
            # It is told at the first resource; until it is mended, nothing else is.
            return
        for check in filter(chosen.remediates, self._checks):
            # The SDK's own type knows of results that are awaited alone.
            remedy = cast(Any, partial(self._remedy, check, chosen))
            yield ResourceValidationPolicy(check.id, f"Mended: {check.title}.", None, EnforcementLevel.REMEDIATE, remediate=remedy)

    def _remedy(self, check: Check, chosen: Settings, args: ResourceValidationArgs) -> Mapping[str, Any] | None:
        """The inputs as they should be; None leaves them as they are."""
        if check.remedy is None or type_of(args.resource_type) not in check.remedy.types:
            return None
        inputs = opened(args.props)
        if has_asset(inputs):
            return None
        provider = _provider(args)
        resource = resource_of(args, readable(inputs), provider.urn if provider else "")
        program = Program([resource, *([provider] if provider else [])])
        changes = mended(check, resource, program, chosen, ignored=args.opts.ignore_changes)
        if not changes:
            return None
        self._mended[check.id, args.urn] = changes
        return applied(inputs, changes)

    def _each_resource(self, args: ResourceValidationArgs, report: Any) -> None:
        properties = cast(dict[str, Any], plain(args.props))
        self._inputs[args.urn] = properties
        chosen = self._chosen(report)
        if chosen is None:
            return
        provider = _provider(args)
        resource = resource_of(args, properties, provider.urn if provider else "")
        program = Program([resource, *([provider] if provider else [])])
        for finding in review_by_type(program, self._blocking, chosen).findings:
            # What cannot be decided of the resource alone may be, once its neighbours are known.
            if finding.result == "violation" and finding.level == "mandatory":
                self._told.add(_about(finding))
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
            else:
                # Of several hundred checks a handful looks at one type: to go through all for each resource takes longer than they do.
                level = self._settings.level
                self._blocking = index(check for check in self._checks if not check.joined and level(check) == "mandatory")
        return self._settings

    def _mandatory(self, args: StackValidationArgs, report: Any) -> None:
        chosen = self._chosen(report)
        if chosen is None:
            return
        for finding in self._whole(args).findings:
            if finding.level == "mandatory" and _about(finding) not in self._told:
                report(finding.line, finding.urn)
        for line in chosen.over():
            report(line, None)

    def _advisory(self, args: StackValidationArgs, report: Any) -> None:
        found = self._whole(args)
        for line, urn in said_once(finding for finding in found.findings if finding.level == "advisory"):
            report(line, urn)
        for (check, urn), changes in self._mended.items():
            report(remediated(check, urn, changes), urn)
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


def _about(finding: Finding) -> tuple[str, str, str]:
    return finding.check.id, finding.urn, finding.path


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


def remediated(check: str, urn: str, changes: Sequence[Change]) -> str:
    """A line for what a remedy set of a resource: its own values and labels of the settings, of which none is a secret."""
    told = ", ".join(f"{'.'.join(change.steps)} to {json.dumps(change.value)}" for change in changes)
    return f"remediated: {check} {name_of(urn)}: set {told}"


def exempted(found: Review) -> list[str]:
    """A line for each exemption that held something back, and for each that no longer does."""
    used = [f"exempted: {each.check} for {each.resource} until {each.expires} ({each.owner}: {each.reason})" for each in found.used]
    return [*used, *(f"exemption of {each.check} for {each.resource} held nothing back; fix: remove it" for each in found.unused)]


def _configured() -> Mapping[str, Any]:
    text = pulumi.Config("drydock").get("policies")
    try:
        given: object = json.loads(text) if text else {}
    except ValueError:
        given = text
    if not isinstance(given, dict):
        raise SettingsInvalid("is no mapping; allowed: profile, checks, exemptions, monthlyUsd …; fix: write a mapping")
    return cast(dict[str, Any], given)


def resource_of(args: ResourceValidationArgs, properties: Mapping[str, Any], provider: str = "") -> Resource:
    """One resource alone as the engine shows it to a pack, of which a custom one's type has three parts."""
    kind = type_of(args.resource_type)
    return Resource(urn=args.urn, type=kind, properties=properties, parent=args.opts.parent, provider=provider, custom=kind.count(":") == 2)


def _provider(args: ResourceValidationArgs) -> Resource | None:
    told = args.provider
    return told and Resource(urn=told.urn, type=told.resource_type, properties=plain(told.props), custom=False)


def _provider_config() -> dict[str, str]:
    keys = ("aws:region", "gcp:region", "gcp:project", "azure-native:location")
    found = {key: pulumi.Config(key.partition(":")[0]).get(key.partition(":")[2]) for key in keys}
    return {key: value for key, value in found.items() if value}
