"""What `drydock cost` prints, and what it says of a wrong input."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import cost_compare
from cli.app import app
from costs.read import Unreadable

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2"'}


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["cost", *words], env={"COLUMNS": "200"})


def state(kind: str, name: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:prod::shop::{kind}::{name}"
    return {"urn": urn, "type": kind, "custom": True, "inputs": inputs}


def preview(*states: dict[str, Any], **more: Any) -> dict[str, Any]:
    steps = [{"op": "create", "urn": each["urn"], "newState": each} for each in states]
    return {"config": {"aws:region": "us-east-1"}, "steps": steps, **more}


def nodes(size: int, kind: str = "m6i.large") -> dict[str, Any]:
    scaling = {"minSize": size, "desiredSize": size, "maxSize": size}
    return state("aws:eks/nodeGroup:NodeGroup", "pool", instanceTypes=[kind], scalingConfig=scaling)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def write(name: str, document: Any) -> str:
        (tmp_path / name).write_text(document if isinstance(document, str) else json.dumps(document))
        return name

    return write


def test_every_format_gives_the_same_total(file):
    named = file("p.json", preview(nodes(2)))
    document = json.loads(run("--file", named, "--format", "json").stdout)
    assert document["atLeast"] is False
    rounded = f"{Decimal(document['total']['expected']):,.2f}"
    for form in ("table", "markdown", "html"):
        shown = run("--file", named, "--format", form)
        assert shown.exit_code == 0
        assert rounded.split(".")[0] in shown.stdout, form


def test_the_page_is_whole_without_a_network(file):
    page = run("--file", file("p.json", preview(nodes(2))), "--format", "html").stdout
    assert "<svg" in page
    for outside in ('src="http', "src='http", 'href="http', "@import", "url(http"):
        assert outside not in page


def test_output_writes_a_file_and_nothing_on_standard_output(file, tmp_path):
    shown = run("--file", file("p.json", preview(nodes(2))), "--format", "json", "--output", "out.json")
    assert shown.stdout == ""
    assert json.loads((tmp_path / "out.json").read_text())["name"] == "p.json"


def test_a_table_is_written_too(file, tmp_path):
    named = file("p.json", preview(nodes(2)))
    for words in (["--file", named], ["diff", named, named], ["recommend", "--file", named]):
        shown = run(*words)
        written = run(*words, "--output", "it.txt")
        assert (written.exit_code, written.stdout) == (0, "")
        assert (tmp_path / "it.txt").read_text().split() == shown.stdout.split()


def test_an_output_that_cannot_take_a_character_is_told_in_one_line(file):
    named = file("p.json", preview(state("aws:s3/bucket:Bucket", "🦆")))
    shown = CliRunner(charset="ascii").invoke(app, ["cost", "--file", named, "--format", "json"])
    assert shown.exit_code == 2
    assert "PYTHONIOENCODING" in " ".join(shown.stderr.split())


def test_no_control_character_of_a_name_reaches_the_page(file):
    page = run("--file", file("p.json", preview(state("aws:ec2/instance:Instance", "\x00\x1b[31m\u202e"))), "--format", "html").stdout
    assert not {"\x00", "\x1b", "\u202e"} & set(page)


def test_a_change_is_what_the_one_costs_less_the_other(file):
    old, new = file("old.json", preview(nodes(2))), file("new.json", preview(nodes(4)))
    document = json.loads(run("diff", old, new, "--format", "json").stdout)
    totals = [Decimal(document[side]["total"]["expected"]) for side in ("before", "after")]
    assert Decimal(document["change"]["expected"]) == totals[1] - totals[0] > 0
    for form in ("table", "markdown", "html"):
        shown = run("diff", old, new, "--format", form)
        assert shown.exit_code == 0
        assert "pool" in shown.stdout


def test_one_comment_holds_many_stacks(file):
    old, new = file("old.json", preview(nodes(2))), file("new.json", preview(nodes(4)))
    shown = run("comment", f"prod={old}:{new}", f"dev={new}")
    assert shown.exit_code == 0
    assert "prod" in shown.stdout
    assert "dev" in shown.stdout
    assert run("comment", f"prod={old}:{new}", f"dev={new}").stdout == shown.stdout


def test_before_is_what_there_was(file):
    old, new = nodes(2), nodes(4)
    step = {"op": "update", "urn": new["urn"], "oldState": old, "newState": new}
    named = file("p.json", {"config": {"aws:region": "us-east-1"}, "steps": [step]})
    before, after = (
        Decimal(json.loads(run("--file", named, "--format", "json", *more).stdout)["total"]["expected"]) for more in (["--before"], [])
    )
    assert before * 2 == after


def test_usage_told_in_a_file_takes_the_place_of_an_assumption(file):
    named = file("p.json", preview(state("aws:s3/bucket:Bucket", "data")))
    usage = file("usage.yaml", "usage: {data: {storedGib: 1000, writtenGibPerMonth: 0, requestsPerSecond: 0, egressGibPerMonth: 0}}")
    document = json.loads(run("--file", named, "--usage", usage, "--format", "json").stdout)
    # 1000 GiB × 0.023 USD/GB-month (S3 Standard, us-east-1, list of 2026-05-03)
    assert Decimal(document["total"]["expected"]) == Decimal("23")


def test_recommendations_of_a_file_are_printed_in_every_format(file):
    named = file("p.json", preview(nodes(2, "m6i.2xlarge")))
    document = json.loads(run("recommend", "--file", named, "--format", "json").stdout)
    assert [each for each in document["recommendations"] if "m6i.2xlarge → m6i.xlarge" in each["title"]]
    for form in ("table", "markdown", "html"):
        shown = run("recommend", "--file", named, "--format", form)
        assert shown.exit_code == 0
        assert "m6i.xlarge" in shown.stdout


WRONG = [
    (["--file", "none.json"], "none.json: cannot be read"),
    (["--file", "cut.json"], "cut.json: no JSON, or cut off"),
    (["--file", "failed.json"], "the preview failed: no region given"),
    (["--file", "other.json"], "neither a preview nor a state"),
    (["--file", "good.json", "--usage", "nothing.yaml"], "'nobody' means no resource of the program"),
    (["--file", "good.json", "--usage", "typo.yaml"], "did you mean 'storedGib'?"),
    ([], ""),
    (["comment", "a=good.json", "b=good.json", "--usage", "nothing.yaml"], "'nobody' means no resource of the program"),
    (["dev", "--file", "good.json"], "name either a stack or a --file"),
    (["good.json"], "write `drydock cost --file good.json`"),
    (["--file", "good.json", "--output", "."], "--output .: cannot be written: Is a directory"),
    (["--file", "good.json", "--format", "json", "--output", "none/it"], "--output none/it: cannot be written"),
    (["--file", "good.json", "--prices", "none.yaml"], "none.yaml: cannot be read: No such file"),
    (["--file", "good.json", "--prices", "latin.yaml"], "latin.yaml: cannot be read: no UTF-8"),
    (["comment", "good.json"], "not NAME=BASE.json:HEAD.json"),
    (["comment", "=good.json"], "not NAME=BASE.json:HEAD.json"),
    (["comment", "a=good.json", "a=good.json"], "a: named twice"),
    (["compare", "nowhere", "--clouds", "aws, ibm"], "'ibm' is no cloud to compare"),
    (["diff", "good.json", "none.json"], "none.json: cannot be read"),
    (["nowhere"], "no Pulumi.yaml here"),
    (["compare", "nowhere"], "cannot be read"),
    (["compare", "nowhere", "--clouds", "ibm"], "'ibm' is no cloud to compare; allowed: aws, gcp, azure"),
    (["compare", "nowhere", "--regions", "mars-1"], "'mars-1' is no region of aws, gcp, azure"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(words) or "nothing" for words, _ in WRONG])
def test_what_cannot_be_done_is_told_in_one_line_with_exit_status_2(file, words, told):
    file("good.json", preview(nodes(2)))
    file("cut.json", '{"steps": [{"op"')
    file("other.json", "{}")
    file("failed.json", {"steps": [], "diagnostics": [{"severity": "error", "message": "no region\ngiven"}]})
    file("nothing.yaml", "usage: {nobody: {storedGib: 1}}")
    file("typo.yaml", "usage: {pool: {storedGb: 1}}")
    Path("latin.yaml").write_bytes(b"machines: \xff")
    shown = run(*words)
    assert shown.exit_code == 2
    if told:
        assert shown.stdout == ""
        assert told in " ".join(shown.stderr.split())
        assert len(shown.stderr.strip().splitlines()) == 1


def test_a_secret_is_never_printed(file):
    vault = state("aws:rds/instance:Instance", "db", password=SECRET, instanceClass=SECRET, allocatedStorage=20)
    machine = state("aws:ec2/instance:Instance", "vm", instanceType=SECRET, userData=SECRET)
    named = file("s.json", {"deployment": {"resources": [vault, machine]}})
    for form in ("table", "json", "markdown", "html"):
        shown = run("--file", named, "--format", form, "--verbose")
        assert shown.exit_code == 0
        assert "hunter2" not in shown.stdout + shown.stderr


def test_an_unknown_provider_is_named_and_not_free(file):
    shown = run("--file", file("p.json", preview(state("snowflake:index/warehouse:Warehouse", "wh"))))
    assert shown.exit_code == 0
    assert "no price is known: 1 cost has none" in shown.stdout
    assert "snowflake:index/warehouse:Warehouse" in shown.stdout


def test_a_comparison_of_nothing_is_told_in_one_line(file, tmp_path, monkeypatch):
    def fails(*_: Any, **__: Any) -> Any:
        raise Unreadable("dev: the preview failed: boom")

    monkeypatch.setattr(cost_compare, "previewed_program", fails)
    (tmp_path / "stacks").mkdir()
    shutil.copy(Path(__file__).parents[2] / "stacks/Pulumi.dev-aws.yaml", tmp_path / "stacks")
    shown = run("compare", "dev-aws", "--clouds", "aws,gcp")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "nothing can be compared: aws eu-west-1: dev: the preview failed: boom; gcp" in " ".join(shown.stderr.split())
