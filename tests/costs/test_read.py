"""What can be read of Pulumi, and what a wrong input is told."""

import json
from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from costs.read import Unreadable, from_policy_pack, read, read_before, read_file
from costs.resource import SECRET, UNKNOWN

# As Pulumi 3.274 writes them: what is not known before `up`, and what is secret.
NOT_KNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
CIPHERED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
PLAIN = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2"'}


def urn(name, kind="aws:s3/bucket:Bucket"):
    return f"urn:pulumi:dev::shop::{kind}::{name}"


def state(name, kind="aws:s3/bucket:Bucket", **more):
    return {"urn": urn(name, kind), "custom": True, "type": kind, **more}


def preview(*steps, **more):
    return {"config": {"aws:region": "eu-west-1"}, "steps": [*steps], **more}


def step(op, **states):
    return {"op": op, "urn": next(iter(states.values()))["urn"], **states}


def written(tmp_path, document):
    file = tmp_path / "it.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return file


def test_a_preview_is_read_as_it_will_be(tmp_path):
    file = written(
        tmp_path,
        preview(
            step("create", newState=state("new")),
            step("same", oldState=state("same"), newState=state("same")),
            step("update", oldState=state("it", inputs={"a": 1}), newState=state("it", inputs={"a": 2})),
            step("delete", oldState=state("gone")),
            step("create-replacement", oldState=state("moved", inputs={"a": 1}), newState=state("moved", inputs={"a": 2})),
            step("replace", oldState=state("moved", inputs={"a": 1}), newState=state("moved", inputs={"a": 2})),
            step("delete-replaced", oldState=state("moved", inputs={"a": 1})),
            step("read", newState=state("looked-up")),
        ),
    )
    after, before = read_file(file), read_before(file)
    assert set(after.resources) == {urn("new"), urn("same"), urn("it"), urn("moved")}
    assert set(before.resources) == {urn("same"), urn("it"), urn("gone"), urn("moved")}
    assert (before.resources[urn("it")].get("a"), after.resources[urn("it")].get("a")) == (1, 2)
    assert (before.resources[urn("moved")].get("a"), after.resources[urn("moved")].get("a")) == (1, 2)
    assert after.config == {"aws:region": "eu-west-1"}


def test_unchanged_resources_that_a_preview_leaves_out_are_missed(tmp_path):
    document = preview(step("create", newState=state("new")), changeSummary={"create": 1, "same": 7})
    (line,) = read(document, "p").missing
    assert line.startswith("7 unchanged resources are not in this preview")
    assert "--show-sames" in line


def test_a_state_is_read_without_what_waits_for_deletion_and_what_is_looked_up():
    resources = [state("it", inputs={"a": 1}, outputs={"a": 0, "arn": "x"}), state("old", delete=True), state("seen", external=True)]
    program = read({"version": 3, "deployment": {"resources": resources}}, "s")
    assert set(program.resources) == {urn("it")}
    assert (program.resources[urn("it")].get("a"), program.resources[urn("it")].get("arn")) == (1, "x")


def test_a_checkpoint_is_read_as_a_state_is():
    assert set(read({"checkpoint": {"latest": {"resources": [state("it")]}}}, "s").resources) == {urn("it")}


def test_what_is_unknown_or_secret_is_marked_and_never_printed():
    inputs = {"size": NOT_KNOWN, "password": CIPHERED, "token": PLAIN, "shown": "[secret]", "list": [{"in": NOT_KNOWN}]}
    it = read(preview(step("create", newState=state("it", inputs=inputs))), "p").resources[urn("it")]
    assert it.get("size") is UNKNOWN
    assert [it.get("password"), it.get("token"), it.get("shown")] == [SECRET] * 3
    assert it.get("list.0.in") is UNKNOWN
    assert it.get("password.plaintext") is SECRET
    assert "hunter2" not in repr(it)


def test_references_say_where_a_value_comes_from():
    lifecycle = state("rules", "aws:s3/bucketLifecycleConfiguration:X", propertyDependencies={"bucket": [urn("it")], "rules": None})
    program = read(preview(step("create", newState=state("it")), step("create", newState=lifecycle)), "p")
    bucket = program.resources[urn("it")]
    (found,) = program.referring(bucket, "aws:s3/bucketLifecycleConfiguration:X", "bucket")
    assert found.name == "rules"
    assert program.referred(found, "bucket") is bucket


def test_an_azure_type_is_read_without_its_version():
    token = "azure-native:storage/v20230101:StorageAccount"
    it = read(preview(step("create", newState=state("it", token))), "p").resources[urn("it", token)]
    assert it.type == "azure-native:storage:StorageAccount"


class UnknownValueError(Exception):
    """As the policy SDK's."""


class Props(Mapping):
    """As the policy SDK's proxy: no dict, and it raises where a value is not known."""

    def __init__(self, **values):
        self.values = values

    def __getitem__(self, key):
        if self.values[key] == NOT_KNOWN:
            raise UnknownValueError
        return self.values[key]

    def __iter__(self):
        return iter(self.values)

    def __len__(self):
        return len(self.values)


def packed(name, token, props, parent=None, provider=None, **refers):
    return SimpleNamespace(
        urn=urn(name, token),
        resource_type=token,
        props=props,
        parent=parent,
        provider=provider,
        dependencies=list(refers.values()),
        property_dependencies={key: [other] for key, other in refers.items()},
    )


def test_a_policy_packs_resources_are_read_and_what_it_cannot_know_is_unknown():
    provider = SimpleNamespace(
        urn=urn("aws", "pulumi:providers:aws"), resource_type="pulumi:providers:aws", props=Props(region="eu-west-1")
    )
    around = packed("around", "shop:x:Y", Props(usage=Props(storedGib=Props(low=1.0, expected=2.0, high=3.0))))
    scaling = Props(minSize=1.0, maxSize=NOT_KNOWN)
    props = Props(size=NOT_KNOWN, arn=NOT_KNOWN, scaling=scaling, tags=("a", "b"))
    it = packed("it", "aws:s3/bucket:Bucket", props, around, provider, size=around, scaling=around)
    program = from_policy_pack([around, it])
    found = program.resources[it.urn]
    assert (found.get("size"), found.get("scaling.minSize"), found.get("scaling.maxSize")) == (UNKNOWN, 1.0, UNKNOWN)
    assert found.items("tags") == ["a", "b"]
    # It comes from no resource: the program left it out, and the cloud will fill it in.
    assert found.get("arn") is None
    assert (found.parent, dict(found.references), found.custom) == (around.urn, {"size": (around.urn,), "scaling": (around.urn,)}, True)
    assert program.resources[around.urn].custom is False
    assert program.resources[found.provider].get("region") == "eu-west-1"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('{"steps": [{"op": "cre', "no JSON, or cut off, line 1"),
        ("", "no JSON, or cut off"),
        ("[]", "a JSON list, not a preview or a state"),
        ("{}", "neither a preview nor a state"),
        ('{"steps": {}}', "steps is not a list of mappings"),
        ('{"steps": [5]}', "steps is not a list of mappings"),
        ('{"steps": [{"op": "create", "newState": {"urn": "x"}}]}', "a resource without urn or type"),
        ('{"deployment": {"resources": 5}}', "deployment.resources is not a list of mappings"),
        (
            {"steps": [], "diagnostics": [{"severity": "error", "message": "no region\n  given"}]},
            "the preview failed: no region given; mend the program",
        ),
        ({"diagnostics": [{"severity": "error", "message": "boom"}]}, "the preview failed: boom"),
        (preview(step("create", newState=state("a", parent=urn("a")))), "is its own parent's parent"),
        ({"deployment": {"resources": [state("a", parent=urn("b")), state("b", parent=urn("a"))]}}, "is its own parent's parent"),
        (preview({"op": "create", "newState": {"urn": "", "type": "a:b:C"}}), "a resource without urn or type"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path, document, told):
    with pytest.raises(Unreadable) as caught:
        read_file(written(tmp_path, document))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_in_one_line(tmp_path):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(Unreadable, match="cannot be read"):
            read_file(path)


def test_a_warning_does_not_spoil_a_preview():
    document = preview(step("create", newState=state("it")), diagnostics=[{"severity": "warning", "message": "old"}])
    assert len(read(document, "p").resources) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_what_a_windows_shell_writes_is_read(tmp_path, encoding):
    file = tmp_path / "it.json"
    file.write_bytes(json.dumps(preview(step("create", newState=state("it")))).encode(encoding))
    assert set(read_file(file).resources) == {urn("it")}


@pytest.mark.parametrize(
    "odd",
    [{"dependencies": 5}, {"dependencies": [None, {}]}, {"propertyDependencies": {"a": 5, "b": "x"}}, {"parent": ["x"]}, {"parent": 5}],
)
def test_what_refers_to_nothing_is_passed_over(odd):
    found = read(preview(step("create", newState=state("it", **odd)), changeSummary={"same": "x"}), "p").resources[urn("it")]
    assert (found.parent, found.dependencies, dict(found.references)) == (None, (), {})


def test_inputs_nested_without_end_are_told_in_one_line():
    deep = {}
    for _ in range(5000):
        deep = {"a": deep}
    with pytest.raises(Unreadable, match="nested too deep"):
        read(preview(step("create", newState=state("it", inputs=deep))), "p")


def test_of_a_programs_traceback_what_it_ends_with_is_told():
    frames = 'Traceback (most recent call last):\n  File "x.py", line 1, in <module>\n    run()\n'
    said = f"error: Program failed:\n{frames}OSError: no disk\nleft\n\n"
    with pytest.raises(Unreadable) as caught:
        read({"steps": [], "diagnostics": [{"severity": "error", "message": said}]}, "p")
    assert str(caught.value).startswith("p: the preview failed: error: Program failed: OSError: no disk left; mend the program")


def test_the_engines_order_makes_no_difference():
    steps = [step("create", newState=state(name)) for name in ("b", "a", "c")]
    assert list(read(preview(*steps), "p").resources) == list(read(preview(*reversed(steps)), "p").resources)


def test_a_resource_that_stands_twice_is_said_and_makes_the_total_at_least():
    twice = read({"deployment": {"resources": [state("it"), state("it"), state("other")]}}, "s")
    assert len(twice.resources) == 2
    assert [line for line in twice.missing if line.startswith("1 resources stand twice")]
    (line,) = read(preview(step("create", newState=state("it")), step("create", newState=state("it"))), "p").missing
    assert "stand twice" in line
