"""`drydock cost comment`: what a pull request's comment says of findings, against what there was, and what it never says."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from typer.testing import CliRunner, Result

from cli.app import app
from cli.comment_findings import StackFindings, sections
from costs.report.markdown import comment
from costs.report.stack import StackReport
from policies.check import Checks, Level
from policies.finding import Finding
from policies.settings import Settings
from tests.costs.reporting import estimate

BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2"'}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
RENDER = MarkdownIt("commonmark", {"html": True}).enable("table")
# GitHub takes no longer comment: "Body is too long (maximum is 65536 characters)".
GITHUB = 65_536


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["cost", "comment", *words])


def state(kind: str, name: str, chain: str = "", **inputs: Any) -> dict[str, Any]:
    return {"urn": f"urn:pulumi:prod::shop::{chain}{kind}::{name}", "type": kind, "custom": True, "inputs": inputs}


def block(name: str, *off: str, **more: Any) -> dict[str, Any]:
    """A public access block with these switches off."""
    return state(BLOCK, name, **{switch: True for switch in SWITCHES if switch not in off}, **more)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def write(name: str, *states: dict[str, Any]) -> str:
        steps = [{"op": "create", "urn": each["urn"], "newState": each} for each in states]
        (tmp_path / name).write_text(json.dumps({"config": {"aws:region": "us-east-1"}, "steps": steps}))
        return name

    return write


def rows(text: str) -> list[list[str]]:
    """The rows of all tables, as a reader sees them."""
    found = re.findall(r"<tr>\s*(.*?)\s*</tr>", RENDER.render(text), re.DOTALL)
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for row in found]


def of(text: str, check: str) -> list[list[str]]:
    return [row for row in rows(text) if check in row]


def test_a_finding_has_its_check_resource_fault_and_fix(file) -> None:
    shown = run(f"prod={file('p.json', block('half', 'blockPublicPolicy'))}").stdout
    (row,) = of(shown, "DD-STORAGE-002")
    assert row[:3] == ["DD-STORAGE-002", "half.blockPublicPolicy", "is off"]
    assert row[3] == "set blockPublicAcls, blockPublicPolicy, ignorePublicAcls and restrictPublicBuckets to true"
    assert "## Cost: " in shown
    assert "; 1 finding may not pass\n" in shown


def test_what_may_not_pass_stands_before_what_is_to_be_looked_at(file) -> None:
    bucket = state("aws:s3/bucket:Bucket", "logs")
    shown = run(f"prod={file('p.json', bucket, block('half', 'blockPublicPolicy'))}").stdout
    mandatory, advisory = shown.index("**May not pass**"), shown.index("**To look at**")
    assert mandatory < shown.index("DD-STORAGE-002") < advisory < shown.index("`DD-STORAGE-009`")


def test_what_is_new_stands_before_what_was_there_and_what_is_mended_is_folded(file) -> None:
    old = file("old.json", block("kept", "blockPublicAcls"), block("mended", "blockPublicAcls"))
    new = file("new.json", block("kept", "blockPublicAcls"), block("mended"), block("zoo", "blockPublicAcls"))
    shown = run(f"prod={old}:{new}").stdout
    assert [row[:3] for row in of(shown, "DD-STORAGE-002")] == [
        ["new", "DD-STORAGE-002", "zoo.blockPublicAcls"],
        ["still there", "DD-STORAGE-002", "kept.blockPublicAcls"],
    ]
    assert "### Guardrails: 2 may not pass (1 new, 1 still there, 1 mended)" in shown
    assert "; 2 findings may not pass (1 new)\n" in shown
    folded = shown[shown.index("<summary>Mended") :]
    assert "- `DD-STORAGE-002` `mended.blockPublicAcls`: is off" in folded


def test_one_more_item_before_it_makes_no_finding_new(file) -> None:
    group = "aws:ec2/securityGroup:SecurityGroup"
    open_to_all = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]}
    inside = {**open_to_all, "cidrBlocks": ["10.0.0.0/8"]}
    old = file("old.json", state(group, "door", ingress=[open_to_all]))
    new = file("new.json", state(group, "door", ingress=[inside, open_to_all]))
    (row,) = of(run(f"prod={old}:{new}").stdout, "DD-NETWORK-001")
    assert row[0] == "still there"
    assert "door.ingress.1" in row[2]


def test_what_cannot_be_decided_is_counted_and_folded_by_value(file) -> None:
    shown = run(f"prod={file('p.json', block('half', 'blockPublicAcls', blockPublicAcls=UNKNOWN))}").stdout
    assert "### Guardrails: nothing found" in shown
    assert of(shown, "DD-STORAGE-002") == []
    folded = shown[shown.index("<details><summary>1 cannot be decided before") :]
    assert "- `half.blockPublicAcls`: `DD-STORAGE-002`" in folded


def test_one_line_says_that_nothing_is_found(file) -> None:
    shown = run(f"prod={file('p.json', block('whole'))}").stdout
    assert [line for line in shown.splitlines() if "uardrails" in line] == ["### Guardrails: nothing found"]
    assert "may not pass" not in shown


def test_each_stack_is_named_where_there_are_several(file) -> None:
    named = file("p.json", block("half", "blockPublicAcls"))
    shown = run(f"prod={named}", f"dev={named}").stdout
    assert [row[0] for row in of(shown, "DD-STORAGE-002")] == ["dev", "prod"]


def test_settings_come_from_the_stack_file_or_from_a_file_that_is_named(file, tmp_path: Path) -> None:
    named = file("p.json", block("half", "blockPublicAcls"))
    off, advisory = ({"checks": {"DD-STORAGE-002": {"level": level}}} for level in ("disabled", "advisory"))
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": {"drydock:policies": advisory}}))
    (tmp_path / "off.yaml").write_text(yaml.safe_dump(off))
    assert "### Guardrails: 1 to look at" in run(f"prod={named}").stdout
    assert "### Guardrails: 1 may not pass" in run(f"dev={named}").stdout
    assert "### Guardrails: nothing found" in run(f"prod={named}", "--settings", "off.yaml").stdout


def test_wrong_settings_are_one_line_with_file_and_line_and_exit_status_2(file, tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.prod.yaml").write_text("config:\n  drydock:policies:\n    profile: prodd\n")
    done = run(f"prod={file('p.json', block('whole'))}")
    assert done.exit_code == 2
    (line,) = done.stderr.splitlines()
    assert "stacks/Pulumi.prod.yaml:3: profile: 'prodd' is wrong" in line


def test_an_exemption_that_is_over_may_not_pass(file, tmp_path: Path) -> None:
    old = {"check": "DD-STORAGE-002", "resource": "half", "reason": "until the move", "owner": "ml-platform", "expires": "2026-01-01"}
    (tmp_path / "s.yaml").write_text(yaml.safe_dump({"exemptions": [old]}))
    shown = run(f"prod={file('p.json', block('whole'))}", "--settings", "s.yaml").stdout
    assert "### Guardrails: 1 may not pass" in shown
    assert "expired on 2026-01-01" in shown


@pytest.mark.parametrize("name", ["a|b", "<img src=x onerror=y>", "`code`", "@everyone", "[x](http://evil)", "two\nlines", "a\\|b"])
def test_nothing_in_a_name_is_markup_or_breaks_the_table(file, name: str) -> None:
    shown = run(f"prod={file('p.json', block(name, 'blockPublicAcls'))}").stdout
    (row,) = of(shown, "DD-STORAGE-002")
    assert len(row) == 4
    page = RENDER.render(shown)
    assert "<img" not in page
    assert "<a " not in page


def test_no_secret_is_in_a_comment(file) -> None:
    # AWS' own example of a key's id.
    variables = {"KEY": "AKIAIOSFODNN7EXAMPLE", "TOKEN": SECRET}
    function = state("aws:lambda/function:Function", "jobs", environment={"variables": variables}, role="r")
    shown = run(f"prod={file('p.json', function)}").stdout
    assert [row[:3] for row in of(shown, "DD-FUNCTION-005")] == [
        ["DD-FUNCTION-005", "jobs.environment.variables.KEY", "holds a credential"]
    ]
    assert "AKIA" not in shown
    assert "hunter2" not in shown


def test_the_same_previews_give_the_same_bytes(file) -> None:
    named = file("p.json", *(block(name, "blockPublicAcls") for name in "cab"))
    assert run(f"prod={named}").stdout == run(f"prod={named}").stdout


def test_a_comment_fits_github_says_how_many_rows_are_missing_and_how_to_see_them(file) -> None:
    named = file("p.json", *(block(f"bucket-{number:04}", *SWITCHES) for number in range(500)))
    shown = run(f"prod={named}").stdout
    assert len(shown) < GITHUB
    kept = len(of(shown, "DD-STORAGE-002"))
    assert 100 < kept < 2000
    # Four switches of each of the five hundred.
    assert f"… and {2000 - kept} more rows by `drydock check --policies p.json --settings stacks/Pulumi.prod.yaml`" in shown
    assert "### Guardrails: 2000 may not pass" in shown


def found(number: int, level: Level, what: str = "", fix: str = "set it right") -> Finding:
    checks = Checks()
    checks.add("ACME-THING-001", "Things are right", "*", rationale="Wrong ones break.", fix=fix)(lambda _: iter(()))
    urn = f"urn:pulumi:prod::shop::acme:index:Thing::thing-{number:04}"
    return Finding(check=checks.listed[0], urn=urn, result="violation", level=level, what=what or f"{level} is wrong")


@pytest.mark.parametrize("words", ["is a|b", "is <img src=x>", "is *b* `c` [d](http://evil)", "is @everyone's #1", "is two\nlines"])
def test_words_of_a_check_are_shown_as_they_are(words: str) -> None:
    stack = StackFindings("prod", "prod.json", Settings(), None, (found(1, "advisory", words, words),))
    shown = comment([StackReport("prod", None, estimate())], more=sections([stack]))
    (row,) = of(shown, "ACME-THING-001")
    # Nobody is called by a mention: a character without width stands in it.
    assert [cell.replace("\u200b", "") for cell in row[2:]] == [" ".join(words.split())] * 2
    assert not re.search(r"<(img|em|a) |<em>", RENDER.render(shown))
    assert "@everyone" not in shown


@pytest.mark.parametrize("limit", [1500, 5000, 20_000, 60_000])
def test_what_may_not_pass_keeps_its_rows_longest(limit: int) -> None:
    listed = tuple(found(number, level) for number in range(200) for level in ("advisory", "mandatory"))
    stack = StackFindings("prod", "prod.json", Settings(), None, listed)
    shown = comment([StackReport("prod", None, estimate())], limit=limit, more=sections([stack]))
    assert len(shown) <= limit
    kept = {level: shown.count(f"{level} is wrong") for level in ("mandatory", "advisory")}
    assert kept["advisory"] == 0 or kept["mandatory"] == 200
    assert kept["mandatory"] > 0
