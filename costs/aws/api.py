"""What calls functions: API Gateway and Step Functions."""

import json
from decimal import Decimal
from typing import Any, Final, cast

from catalogue.model import Confidence
from costs.aws.parts import metered, no_free_tier, requests, tiered
from costs.model import Factor
from costs.money import SECONDS_PER_MONTH, Band
from costs.pricing import Pricer, Pricing, count

# Source: Amazon API Gateway pricing.
_HTTP: Final = ((300_000_000, "http-requests-first-300M"), (None, "http-requests-over-300M"))
_REST: Final = (
    (333_000_000, "rest-requests-first-333M"),
    (1_000_000_000, "rest-requests-next-667M"),
    (20_000_000_000, "rest-requests-next-19B"),
    (None, "rest-requests-over-20B"),
)
_MESSAGES: Final = ((1_000_000_000, "websocket-messages-first-1B"), (None, "websocket-messages-over-1B"))
# Source: AWS Step Functions pricing, "Express Workflows".
_EXPRESS: Final = ((1_000, "express-duration-first-1k"), (5_000, "express-duration-next-4k"), (None, "express-duration-over-5k"))
_EXPRESS_MB: Final = 64


def _http_api(pricing: Pricing) -> None:
    if pricing.unreadable("protocolType"):
        pricing.unpriced("API requests", "its protocolType is known only after `up`")
    elif pricing.text("protocolType", "HTTP") == "WEBSOCKET":
        pricing.line("messages", tiered(pricing, "api-gateway", _MESSAGES, "messages"), *requests(pricing), usage_based=True)
        minutes = count("minutes a month", SECONDS_PER_MONTH / 60)
        connected = pricing.usage_or("concurrency", reason="how many clients are connected on average")
        price = pricing.service("api-gateway", "websocket-connection", "connections")
        pricing.line("connections", price, connected, minutes, usage_based=True)
    else:
        pricing.line("API requests", tiered(pricing, "api-gateway", _HTTP, "API requests"), *requests(pricing), usage_based=True)
        pricing.note("request size", "at most 512 KiB", "a larger request is billed as several")


def _rest_api(pricing: Pricing) -> None:
    pricing.line("API requests", tiered(pricing, "api-gateway", _REST, "API requests"), *requests(pricing), usage_based=True)
    no_free_tier(pricing, "requests")


def _rest_stage(pricing: Pricing) -> None:
    """A stage is free but for its cache. Source: Amazon API Gateway pricing, "Caching"."""
    if pricing.flag("cacheClusterEnabled") or pricing.unreadable("cacheClusterEnabled"):
        size = pricing.text("cacheClusterSize", "0.5")
        pricing.line("stage cache", pricing.service("api-gateway", f"cache-{size}GB", "stage cache"), pricing.hours())


def _state_machine(pricing: Pricing) -> None:
    """Standard workflows by the state transition, express ones by request and GB-hour. Source: AWS Step Functions pricing."""
    asked = requests(pricing)
    if pricing.unreadable("type"):
        pricing.unpriced("workflow", "its type is known only after `up`")
    elif pricing.text("type", "STANDARD") == "EXPRESS":
        pricing.line("executions", pricing.service("step-functions", "express-requests", "executions"), *asked, usage_based=True)
        told = pricing.usage_or("durationMs")
        hours = Factor("hours each", told.amount / 3_600_000, told.confidence)
        memory = count(f"GB (one chunk of {_EXPRESS_MB} MB)", Decimal(_EXPRESS_MB) / 1024)
        tariff = tiered(pricing, "step-functions", _EXPRESS, "execution time")
        pricing.line("execution time", tariff, *asked, hours, memory, usage_based=True)
    else:
        price = pricing.service("step-functions", "standard-transitions", "state transitions")
        pricing.line("state transitions", price, *asked, _transitions(pricing), usage_based=True)
        no_free_tier(pricing, "4,000 transitions a month")


def _transitions(pricing: Pricing) -> Factor:
    states = _states(pricing.resource.get("definition"))
    if states is None:
        return pricing.assume("transitions of one execution", Band.of(1, 5, 50), "its definition is known only after `up`")
    # Branches are skipped, loops and retries repeated: every state once is the middle.
    words = f"transitions of one execution ({states} states, each once)"
    return Factor(words, Band.of(1, max(states, 1), max(states, 1) * 10), Confidence.LOW)


def _states(definition: object) -> int | None:
    try:
        told: object = json.loads(definition) if isinstance(definition, str) else definition
    except ValueError:
        return None
    listed = cast(dict[str, Any], told).get("States") if isinstance(told, dict) else None
    return len(cast(dict[str, Any], listed)) if isinstance(listed, dict) else None


PRICERS: dict[str, Pricer] = {
    "aws:apigatewayv2/api:Api": _http_api,
    "aws:apigateway/restApi:RestApi": _rest_api,
    "aws:apigateway/stage:Stage": _rest_stage,
    "aws:sfn/stateMachine:StateMachine": _state_machine,
    "aws:appsync/graphQLApi:GraphQLApi": metered("appsync", "queries", "queries", "requestsPerMonth"),
}
FREE: set[str] = {
    *(
        f"aws:apigatewayv2/{name[0].lower()}{name[1:]}:{name}"
        for name in (
            "ApiMapping",
            "Authorizer",
            "Deployment",
            "DomainName",
            "Integration",
            "IntegrationResponse",
            "Model",
            "Route",
            "RouteResponse",
            "RoutingRule",
            "Stage",
            "VpcLink",
        )
    ),
    *(
        f"aws:apigateway/{name[0].lower()}{name[1:]}:{name}"
        for name in (
            "Account",
            "ApiKey",
            "Authorizer",
            "BasePathMapping",
            "ClientCertificate",
            "Deployment",
            "DocumentationPart",
            "DocumentationVersion",
            "DomainName",
            "DomainNameAccessAssociation",
            "Integration",
            "IntegrationResponse",
            "Method",
            "MethodResponse",
            "MethodSettings",
            "Model",
            "RequestValidator",
            "Resource",
            "Response",
            "RestApiPolicy",
            "RestApiPut",
            "UsagePlan",
            "UsagePlanKey",
            "VpcLink",
        )
    ),
    "aws:sfn/activity:Activity",
    "aws:sfn/alias:Alias",
}
