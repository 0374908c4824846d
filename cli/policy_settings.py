"""Settings of the policy pack, from a stack file or a file of their own, and what is wrong with them by file and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.stack_lines import Lines
from environment.faults import Fault
from policies.registry import all_checks
from policies.settings import Settings, SettingsInvalid, settings

KEY = "drydock:policies"
_FAULT = re.compile(r"(?P<path>[^:]+): (?P<problem>.*?); allowed(?: for)?: (?P<allowed>.*?); fix: (?P<fix>.*)", re.DOTALL)
# What a stack file may hold at its top. Source: Pulumi documentation, "Pulumi stack settings file".
_OF_STACKS = {"config", "secretsprovider", "encryptedkey", "encryptionsalt", "environment"}
# Settings that name checks: to judge the others, none need be loaded.
_OF_CHECKS = {"checks", "exemptions"}
_ALLOWED = "profile, checks, exemptions, monthlyUsd …"


@dataclass(frozen=True, order=True)
class SettingsFault(Fault):
    """One fault of the settings. place: file and line."""

    place: str = ""

    def line(self) -> str:
        """The fault in one line, as those of the environment."""
        return f"{self.path} ({self.place}): {self.problem}; allowed: {self.allowed}; fix: {self.fix}"


def read_settings(file: Path | None) -> Settings:
    """Settings of a file: a stack file with `drydock:policies`, or the mapping itself; the defaults without a file.

    Raises SettingsInvalid with a line for each fault, which begins with file and line.
    """
    if file is None:
        return settings({}, all_checks())
    text, document = _document(file)
    start = ("config", KEY) if document.keys() & _OF_STACKS else ()
    try:
        return settings(_mapping(_config(document).get(KEY, {}) if start else document), all_checks())
    except SettingsInvalid as error:
        lines = Lines(text)
        told = (f"{file}:{lines.of((*start, *_path(line).split('.')))}: {line}" for line in str(error).splitlines())
        raise SettingsInvalid("\n".join(told)) from None


def settings_faults(file: Path, config: Mapping[str, Any]) -> Iterator[Fault]:
    """Every fault of the settings in a stack file's configuration, exemptions that are over too; none where it has no settings."""
    if KEY not in config:
        return
    lines = Lines(file.read_text(encoding="utf-8"))

    def fault(path: str, problem: str, allowed: str, fix: str) -> Fault:
        whole = f"{KEY}.{path}" if path else KEY
        place = f"{file}:{lines.of(('config', KEY, *path.split('.')))}"
        return SettingsFault(whole, "", problem, allowed, fix, place=place)

    try:
        given = _mapping(config[KEY])
        found = settings(given, all_checks() if given.keys() & _OF_CHECKS else ())
    except SettingsInvalid as error:
        for line in str(error).splitlines():
            parts = _FAULT.fullmatch(line)
            yield fault(**parts.groupdict()) if parts else fault("", line, _ALLOWED, "write a mapping, see docs/policies.md")
        return
    for at, each in enumerate(found.exemptions):
        if each.expired(date.today()):
            problem = f"the exemption of {each.check} for {each.resource} is over since {each.expires}"
            yield fault(f"exemptions.{at}.expires", problem, "a day to come", f"{each.owner} mends it or renews it")


def _mapping(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise SettingsInvalid(f"{KEY} is no mapping; allowed: {_ALLOWED}; fix: write a mapping")
    if "secure" in given:
        raise SettingsInvalid(f"{KEY} is a secret; allowed: {_ALLOWED}; fix: write them as plain text: they hold none")
    return cast(dict[str, Any], given)


def _config(document: Mapping[str, Any]) -> dict[str, Any]:
    found = document.get("config")
    return cast(dict[str, Any], found) if isinstance(found, dict) else {}


def _path(line: str) -> str:
    parts = _FAULT.fullmatch(line)
    return parts["path"] if parts else ""


def _document(file: Path) -> tuple[str, dict[str, Any]]:
    reader: Any = YAML(typ="safe")
    try:
        text = file.read_text(encoding="utf-8")
        document: object = reader.load(text)
    except (OSError, ValueError, YAMLError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else " ".join(str(error).split())[:200]
        raise SettingsInvalid(f"{file}: cannot be read: {reason}; give a stack file, or a mapping of settings") from None
    if not isinstance(document, dict):
        raise SettingsInvalid(f"{file}: is no mapping; give a stack file, or a mapping of settings")
    return text, cast(dict[str, Any], document)
