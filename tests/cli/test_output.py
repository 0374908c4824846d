"""What a person reads on the terminal."""

import pytest
from rich.table import Table

from cli.output import out, print_whole

TOPIC = "arn:aws:sns:eu-west-1:123456789012:predictions-0fbed26"


def test_an_id_can_be_copied_whole_from_a_narrow_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "_width", 40)
    table = Table("type", "id")
    table.add_row("aws:sns/topic:Topic", TOPIC)
    print_whole(table)
    assert TOPIC in capsys.readouterr().out
