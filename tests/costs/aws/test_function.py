"""Lambda by tiers and architectures, what is held ready, API Gateway, Step Functions."""

import json
from decimal import Decimal
from typing import Any

import pytest

from costs.money import Band
from costs.resource import UNKNOWN
from tests.costs.aws.listing import LAMBDA, REGION, listed
from tests.costs.building import estimated, line, prices, resource, told, usd

FUNCTION = "aws:lambda/function:Function"
LIST = prices(*listed("lambda", LAMBDA))
# Source: Amazon API Gateway pricing, us-east-1.
API = {
    "http-requests-first-300M": ("1M requests", "1"),
    "http-requests-over-300M": ("1M requests", "0.9"),
    "rest-requests-first-333M": ("1M requests", "3.5"),
    "rest-requests-next-667M": ("1M requests", "2.8"),
    "rest-requests-next-19B": ("1M requests", "2.38"),
    "rest-requests-over-20B": ("1M requests", "1.51"),
    "websocket-messages-first-1B": ("1M messages", "1"),
    "websocket-messages-over-1B": ("1M messages", "0.8"),
    "websocket-connection": ("1M minutes", "0.25"),
}
# Source: AWS Step Functions pricing, us-east-1.
WORKFLOW = {
    "standard-transitions": ("1k transitions", "0.025"),
    "express-requests": ("1M requests", "1"),
    "express-duration-first-1k": ("GB-hour", "0.060012"),
    "express-duration-next-4k": ("GB-hour", "0.0299875"),
    "express-duration-over-5k": ("GB-hour", "0.016416"),
}


def function(**properties: Any) -> Any:
    return resource(FUNCTION, properties={"memorySize": 1024, "timeout": 900, **properties})


@pytest.mark.parametrize(
    ("architecture", "requests", "cost"),
    [
        # 1 GB × 1 s each, so requests are GB-seconds: 6,000,000,000 × 0.0000166667
        ("x86_64", 6_000_000_000, "100000.2"),
        # … + 1 × 0.000015
        ("x86_64", 6_000_000_001, "100000.200015"),
        # 6,000,000,000 × 0.0000166667 + 9,000,000,000 × 0.000015
        ("x86_64", 15_000_000_000, "235000.2"),
        # … + 1 × 0.0000133334
        ("x86_64", 15_000_000_001, "235000.2000133334"),
        # 7,500,000,000 × 0.0000133334
        ("arm64", 7_500_000_000, "100000.5"),
        # … + 1 × 0.0000120001
        ("arm64", 7_500_000_001, "100000.5000120001"),
        # 100,000.5 + 11,250,000,000 × 0.0000120001 = 100,000.5 + 135,001.125, + 1 × 0.0000106667
        ("arm64", 18_750_000_001, "235001.6250106667"),
    ],
)
def test_duration_at_the_edge_of_a_tier_and_one_above(architecture: str, requests: int, cost: str):
    found = estimated(LIST, function(architectures=[architecture]), config=REGION, usage=told(requestsPerMonth=requests, durationMs=1000))
    assert line(found, "duration").usd == Band.exactly(cost)


def test_a_left_out_architecture_is_x86_and_left_out_memory_is_128_mb():
    found = estimated(LIST, resource(FUNCTION), config=REGION, usage=told(requestsPerMonth=8_000_000, durationMs=1000))
    # 8,000,000 × 1 s × 0.125 GB × 0.0000166667
    assert usd(found, "duration (x86_64)") == (Decimal("16.6667"),) * 3
    # 8 × 0.20 USD: the first million is not given away
    assert usd(found, "requests") == (Decimal("1.6000"),) * 3
    assert [each for each in found.assumptions if each.quantity == "free tier"]


def test_requests_a_second_run_the_whole_month():
    found = estimated(LIST, function(), config=REGION, usage=told(requestsPerSecond=10, durationMs=100))
    # 10/s × 2,628,000 s = 26,280,000 requests; × 0.20 per million; × 0.1 s × 1 GB × 0.0000166667
    assert usd(found, "requests")[1] == Decimal("5.2560")
    assert usd(found, "duration")[1] == Decimal("43.8001")


def test_nothing_runs_longer_than_its_timeout():
    found = estimated(LIST, resource(FUNCTION), config=REGION, usage=told(requestsPerMonth=1_000_000, durationMs=60_000))
    # AWS's default timeout of 3 s: 1,000,000 × 3 s × 0.125 GB × 0.0000166667
    assert usd(found, "duration")[1] == Decimal("6.2500")


def test_only_ephemeral_storage_over_512_mb_is_paid():
    usage = told(requestsPerMonth=1_000_000, durationMs=1000)
    at = estimated(LIST, function(ephemeralStorage={"size": 512}), config=REGION, usage=usage)
    assert not [each for each in at.lines if each.driver == "ephemeral storage"]
    above = estimated(LIST, function(ephemeralStorage={"size": 10_240}), config=REGION, usage=usage)
    # 1,000,000 s × 9,728/1024 = 9.5 GB × 0.0000000309
    assert usd(above, "ephemeral storage") == (Decimal("0.2936"),) * 3  # 0.29355


def test_concurrency_held_ready_is_paid_by_the_second_used_or_not():
    owner = function(memorySize=2048)
    ready = resource(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        "ready",
        {"provisionedConcurrentExecutions": 5},
        refers={"functionName": owner.urn},
    )
    found = estimated(LIST, owner, ready, config=REGION)
    # 5 × 2 GB × 2,628,000 s × 0.0000041667
    assert usd(found, "provisioned concurrency") == (Decimal("109.5009"),) * 3


def test_concurrency_of_a_function_that_is_not_known_is_unpriced():
    ready = resource(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", properties={"provisionedConcurrentExecutions": 5}
    )
    found = estimated(LIST, ready, config=REGION)
    assert not found.lines
    assert [each.driver for each in found.unpriced] == ["provisioned concurrency"]


@pytest.mark.parametrize("properties", [{"memorySize": UNKNOWN}, {"memorySize": -1}, {"memorySize": "much"}, {"architectures": UNKNOWN}])
def test_memory_that_cannot_be_read_is_unpriced(properties: dict[str, Any]):
    found = estimated(LIST, function(**properties), config=REGION)
    assert "duration" in [each.driver for each in found.unpriced]


def test_an_http_api_by_tiers():
    found = estimated(
        prices(*listed("api-gateway", API)),
        resource("aws:apigatewayv2/api:Api", properties={"protocolType": "HTTP"}),
        config=REGION,
        usage=told(requestsPerMonth=301_000_000),
    )
    # 300 × 1.00 + 1 × 0.90
    assert usd(found, "API requests") == (Decimal("300.9000"),) * 3


def test_a_rest_api_by_tiers():
    api = resource("aws:apigateway/restApi:RestApi")
    found = estimated(prices(*listed("api-gateway", API)), api, config=REGION, usage=told(requestsPerMonth=1_001_000_000))
    # 333 × 3.50 + 667 × 2.80 + 1 × 2.38 = 1165.50 + 1867.60 + 2.38
    assert usd(found, "API requests") == (Decimal("3035.4800"),) * 3


def test_a_websocket_pays_for_messages_and_for_being_connected():
    api = resource("aws:apigatewayv2/api:Api", properties={"protocolType": "WEBSOCKET"})
    found = estimated(prices(*listed("api-gateway", API)), api, config=REGION, usage=told(requestsPerMonth=2_000_000, concurrency=100))
    assert usd(found, "messages") == (Decimal("2.0000"),) * 3
    # 100 clients × 43,800 minutes × 0.25 per million
    assert usd(found, "connections") == (Decimal("1.0950"),) * 3


def test_a_standard_workflow_passes_each_state_once_as_a_guess():
    states = json.dumps({"StartAt": "a", "States": {name: {"Type": "Pass"} for name in "abcd"}})
    machine = resource("aws:sfn/stateMachine:StateMachine", properties={"definition": states})
    found = estimated(prices(*listed("step-functions", WORKFLOW)), machine, config=REGION, usage=told(requestsPerMonth=10_000))
    # 10,000 × (1 … 4 … 40) transitions × 0.025 per 1,000
    assert usd(found, "state transitions") == (Decimal("0.2500"), Decimal("1.0000"), Decimal("10.0000"))


def test_what_rolls_an_endpoint_out_starts_as_often_as_it_is_told_and_not_with_each_request():
    starts = {"requestsPerMonth": {"low": 1, "expected": 100, "high": 1_000}}
    asked = {"requestsPerSecond": {"low": 5, "expected": 40, "high": 200}, "of": {"fraud-rollout": starts}}
    endpoint = resource("drydock:aws:Endpoint", "fraud", {"usage": asked}, custom=False)
    states = json.dumps({"StartAt": "a", "States": {name: {"Type": "Pass"} for name in "abcd"}})
    machine = resource("aws:sfn/stateMachine:StateMachine", "fraud-rollout", {"definition": states}, parent=endpoint.urn)
    found = estimated(prices(*listed("step-functions", WORKFLOW)), endpoint, machine, config=REGION)
    # 1 × 1, 100 × 4 and 1,000 × 40 transitions × 0.025 per 1,000
    assert usd(found, "state transitions") == (Decimal("0.0000"), Decimal("0.0100"), Decimal("1.0000"))


def test_an_express_workflow_by_request_and_gb_hour():
    machine = resource("aws:sfn/stateMachine:StateMachine", properties={"type": "EXPRESS"})
    usage = told(requestsPerMonth=36_000_000, durationMs=2_000)
    found = estimated(prices(*listed("step-functions", WORKFLOW)), machine, config=REGION, usage=usage)
    # 36,000,000 × 2 s ÷ 3600 × 0.0625 GB = 1,250 GB-hours: 1,000 × 0.060012 + 250 × 0.0299875
    assert usd(found, "execution time") == (Decimal("67.5089"),) * 3  # 60.012 + 7.496875
    assert usd(found, "executions") == (Decimal("36.0000"),) * 3


def test_a_function_with_an_address_on_the_internet_pays_for_what_it_sends() -> None:
    edges = ("first-10TB", "next-40TB", "next-100TB", "over-150TB")
    sent = [("aws", "data-transfer", f"internet-egress-{edge}", "us-east-1", "GB", "0.09") for edge in edges]
    it = function()
    url = resource("aws:lambda/functionUrl:FunctionUrl", "url", refers={"functionName": it.urn})
    catalogue = prices(*listed("lambda", LAMBDA), *sent)
    # 0, 10 and 100 GB assumed × 0.09
    assert usd(estimated(catalogue, it, url, config=REGION), "data sent") == (Decimal("0.0000"), Decimal("0.9000"), Decimal("9.0000"))
    assert not [each for each in estimated(catalogue, it, config=REGION).lines if each.driver.startswith("data sent")]
    told_it = estimated(catalogue, it, config=REGION, usage=told(egressGibPerMonth=50, requestsPerSecond=1))
    assert usd(told_it, "data sent") == (Decimal("4.5000"),) * 3
