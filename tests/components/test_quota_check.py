"""The account's quotas before anything is built."""

import pulumi
import pytest

from components.quota_check import check_quotas
from plan.model import QuotaNeed


def need(code, minimum, amount):
    return QuotaNeed(
        code=code, name=f"quota {code}", unit="vCPU", minimum=minimum, amount=amount, drivers=("gpu",), default=0, request="ask", source=""
    )


@pytest.fixture
def told(monkeypatch):
    """Warnings of a preview."""
    lines = []
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)
    monkeypatch.setattr(pulumi.log, "warn", lines.append)
    return lines


def test_every_quota_that_does_not_fit_is_named_at_once(told):
    limits = {"A": 4.0, "B": 8.0, "C": 0.0}
    with pytest.raises(pulumi.RunError) as stopped:
        check_quotas([need(code, 8, 8) for code in limits], lambda asked: limits[asked.code], region="eu-west-1")
    lines = str(stopped.value).splitlines()
    assert [line.split(" of ")[1].split(" in ")[0] for line in lines] == ["quota A", "quota C"]
    assert told == []


def test_what_only_the_maximum_exceeds_is_a_warning(told):
    check_quotas([need("A", 4, 16)], lambda _: 8.0, region="eu-west-1")
    assert len(told) == 1
    assert "at most 16 vCPU" in told[0]


def test_who_may_not_read_quotas_is_warned_and_not_stopped(told):
    def refused(_):
        raise Exception("AccessDeniedException: not authorised\nmore")

    check_quotas([need("A", 4, 16)], refused, region="eu-west-1")
    assert len(told) == 1
    assert told[0].endswith("AccessDeniedException: not authorised")


def test_a_quota_that_the_account_does_not_tell_is_passed_over(told):
    check_quotas([need("A", 4, 16)], lambda _: None, region="eu-west-1")
    assert told == []


def test_an_update_asks_nothing(monkeypatch):
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)

    def asked(_):
        raise AssertionError

    check_quotas([need("A", 4, 16)], asked, region="eu-west-1")
