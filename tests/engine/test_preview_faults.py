"""`pulumi preview` of a wrong environment file fails with the lines of `drydock check`, before any resource."""

from collections.abc import Callable
from pathlib import Path

import pytest

from environment.faults import EnvironmentInvalid
from environment.stack_file import read_config
from plan.checked import plan_config
from tests.engine.rehearsing import Run

pytestmark = pytest.mark.engine
WRONG = Path(__file__).parents[1] / "environment" / "wrong"
# The Pulumi CLI refuses these itself, before any program runs.
UNREADABLE = {"bad_yaml", "duplicate_key"}


@pytest.mark.parametrize("name", sorted(path.stem for path in WRONG.glob("*.yaml")))
def test_preview_fails_with_the_lines_of_check_before_any_resource(name: str, project: Path, rehearse: Callable[..., Run]) -> None:
    file = WRONG / f"{name}.yaml"
    (project / "stacks" / "Pulumi.wrong.yaml").write_text(file.read_text())
    done = rehearse(project, "wrong", "preview")
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert "drydock:" not in told.replace("drydock:environment", "")
    with pytest.raises(EnvironmentInvalid) as caught:
        plan_config(read_config(file))
    if name in UNREADABLE:
        assert "YAML" in told
        return
    shown = "".join(told.split())
    if name == "empty":
        assert "drydock:environment:nothing" in shown
        return
    for fault in caught.value.faults:
        assert "".join(fault.line().split()) in shown, told
