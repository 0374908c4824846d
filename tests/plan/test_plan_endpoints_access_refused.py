"""What no access may be: each rule with its case, its path, its source, and what mends it."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.plan.endpoints import WITH_ADD_ONS, Refusal, check_refusal, endpoint, on_kubernetes, planned, refusal_id

TLS = {"host": "fraud.example.com", "certificate": "fraud-tls"}
# A load balancer on the internet takes other certificates than one in a network does.
GOOGLE_TLS = {"host": "fraud.example.com", "certificate": "projects/acme-ml/global/sslCertificates/fraud"}
WITHIN_TLS = {"host": "fraud.example.com", "certificate": "projects/acme-ml/locations/europe-west4/certificates/fraud"}
OIDC = {"issuer": "https://login.example.com", "audiences": ["fraud"]}
ROLE = "arn:aws:iam::123456789012:role/checkout"
GKE_GATEWAY = "gatewayclass-capabilities"

ACCESS: list[Refusal] = [
    (
        "aws",
        {"access": {"public": True}},
        "access.public",
        "is called through AWS's own API",
        "API_runtime_InvokeEndpoint",
        {"access": {"public": False}},
    ),
    (
        "aws",
        {"access": {"authentication": "keys"}},
        "access.authentication",
        "allowed: on Azure ML; fix: write authentication: iam",
        "API_runtime_InvokeEndpoint",
        {"access": {"authentication": "iam"}},
    ),
    (
        "gcp",
        {"access": {"authentication": "oidc", "oidc": OIDC}},
        "access.authentication",
        "callers are Google Cloud's identities",
        "general/access-control",
        {"access": {"authentication": "iam"}},
    ),
    ("azure", {"access": {"oidc": OIDC}}, "access.oidc", "allowed: on Kubernetes; fix: remove oidc", "concept-endpoints-online-auth", {}),
    (
        "k8s",
        {"access": {"authentication": "iam"}},
        "access.authentication",
        "pods know nothing of the cloud's identities",
        "network-policies",
        {"access": {"authentication": "oidc", "oidc": OIDC}},
    ),
    (
        "k8s",
        {"access": {"authentication": "oidc"}},
        "access.oidc",
        "names no issuer",
        "",
        {"access": {"authentication": "oidc", "oidc": OIDC}},
    ),
    (
        "azure",
        {"access": {"authentication": "keys", "oidc": OIDC}},
        "access.oidc",
        "has no effect, as callers are known by keys",
        "",
        {"access": {"authentication": "keys"}},
    ),
    ("bare", {"access": {"oidc": OIDC}}, "access.oidc", "lacks the add-on gateway", "jwt-authentication", {}),
    (
        "k8s",
        {"access": {"public": True, "oidc": OIDC, "rateLimitPerSecond": 200}},
        "access.tls",
        "could be read on the way",
        "secure-gateways",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS, "rateLimitPerSecond": 200}},
    ),
    (
        "k8s",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS}},
        "access.rateLimitPerSecond",
        "as busy as they like",
        "local-rate-limit",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS, "rateLimitPerSecond": 200}},
    ),
    (
        "k8s",
        {"access": {"public": True, "tls": TLS, "rateLimitPerSecond": 200}},
        "access.authentication",
        "asks nobody who they are",
        "",
        {"access": {"public": True, "oidc": OIDC, "tls": TLS, "rateLimitPerSecond": 200}},
    ),
    (
        "k8s",
        {"access": {"rateLimitPerSecond": 39}},
        "access.rateLimitPerSecond",
        "less than the 40 requests a second that are expected; allowed: 40 or more; fix: write rateLimitPerSecond: 100",
        "",
        {"access": {"rateLimitPerSecond": 100}},
    ),
    (
        "k8s",
        {"access": {"tls": {**TLS, "certificate": "arn:aws:acm:eu-west-1:1:certificate/x"}}},
        "access.tls.certificate",
        "is no name of a secret",
        "secret/#tls-secrets",
        {"access": {"tls": TLS}},
    ),
    ("azure", {"access": {"tls": TLS}}, "access.tls", "under Azure's own host name", "concept-endpoints-online", {}),
    (
        "gcp",
        {"access": {"public": True, "rateLimitPerSecond": 9}},
        "access.rateLimitPerSecond",
        "quota of requests bounds it",
        "vertex-ai/docs/quotas",
        {"access": {"public": True}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"webApplicationFirewall": "armor"}},
        "access.webApplicationFirewall",
        "has at a load balancer alone",
        "armor/docs",
        {"on": "cloudRun", "access": {"public": True, "tls": GOOGLE_TLS, "webApplicationFirewall": "armor"}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"tls": WITHIN_TLS, "rateLimitPerSecond": 100}},
        "access.rateLimitPerSecond",
        "stands before addresses on the internet",
        "armor/docs",
        {"on": "cloudRun", "access": {"public": True, "tls": GOOGLE_TLS, "rateLimitPerSecond": 100}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"public": True, "tls": GOOGLE_TLS}},
        "access.rateLimitPerSecond",
        "as busy as they like",
        "armor/docs",
        {"on": "cloudRun", "access": {"public": True}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"public": True, "tls": GOOGLE_TLS, "rateLimitPerSecond": 100, "webApplicationFirewall": "armor"}},
        "access.webApplicationFirewall",
        "has limits of its own",
        "armor/docs",
        {"on": "cloudRun", "access": {"public": True, "tls": GOOGLE_TLS, "rateLimitPerSecond": 100}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"tls": TLS}},
        "access.tls.certificate",
        "allowed: projects/PROJECT/locations/europe-west4/certificates/NAME",
        "ssl-certificates",
        {"on": "cloudRun", "access": {"tls": WITHIN_TLS}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"tls": GOOGLE_TLS}},
        "access.tls.certificate",
        "in a network of europe-west4",
        "ssl-certificates",
        {"on": "cloudRun", "access": {"tls": {**WITHIN_TLS, "certificate": "projects/acme-ml/regions/europe-west4/sslCertificates/fraud"}}},
    ),
    (
        "gcp",
        {"on": "cloudRun", "access": {"tls": WITHIN_TLS, "public": True, "rateLimitPerSecond": 100}},
        "access.tls.certificate",
        "on the internet",
        "ssl-certificates",
        {
            "on": "cloudRun",
            "access": {
                "tls": {**GOOGLE_TLS, "certificate": "projects/acme-ml/locations/global/certificateMaps/fraud"},
                "public": True,
                "rateLimitPerSecond": 100,
            },
        },
    ),
    (
        "azure",
        {"access": {"webApplicationFirewall": "armor"}},
        "access.webApplicationFirewall",
        "allowed: on Cloud Run",
        "concept-endpoints-online",
        {},
    ),
    (
        "aws",
        {"access": {"members": ["checkout"]}},
        "access.members",
        "allowed: the ARN of a role or user",
        "reference_identifiers",
        {"access": {"members": [ROLE]}},
    ),
    (
        "gcp",
        {"access": {"members": ["someone@example.com"]}},
        "access.members",
        "is no identity",
        "principal-identifiers",
        {"access": {"members": ["user:someone@example.com"]}},
    ),
    (
        "gcp",
        {"access": {"members": ["allUsers"]}},
        "access.members",
        "is anybody",
        "principal-identifiers",
        {"access": {"members": ["group:ml@example.com"]}},
    ),
    (
        "azure",
        {"access": {"members": ["someone@example.com"]}},
        "access.members",
        "object id",
        "role-assignments-steps",
        {"access": {"members": ["01234567-89ab-cdef-0123-456789abcdef"]}},
    ),
    ("k8s", {"access": {"members": ["checkout"]}}, "access.members", "or the team's allowFrom", "network-policies", {}),
]


@pytest.mark.parametrize("case", ACCESS, ids=refusal_id)
def test_a_refusal_names_its_place_its_rule_and_a_way_out_that_works(case: Refusal) -> None:
    check_refusal(case)


@pytest.mark.parametrize("access", [{"public": True}, {"oidc": OIDC}, {"rateLimitPerSecond": 200}], ids=str)
def test_gkes_gateway_within_the_network_neither_opens_nor_checks_nor_limits(access: Mapping[str, Any]) -> None:
    cpu = {"vcpus": 8, "memoryGib": 32, "nodes": {"min": 1, "max": 4}}
    found = planned("gcp", {"on": "cpu", "access": access}, nodePools={"cpu": cpu}, cluster=WITH_ADD_ONS)
    assert any(GKE_GATEWAY in fault.source for fault in found.faults)


@pytest.mark.parametrize(("cloud", "source"), [("gcp", "private-service-connect"), ("azure", "concept-secure-online-endpoint")])
def test_a_private_endpoint_needs_a_network_from_which_it_is_reached(cloud: str, source: str) -> None:
    (fault,) = planned(cloud, {}, network=None).faults
    assert fault.path == "endpoints.fraud.access.public"
    assert "add network: {}" in fault.line()
    assert source in fault.source
    assert not planned(cloud, {"access": {"public": True}}, network=None).faults


def test_a_network_that_is_there_already_has_the_private_endpoints_of_its_owners() -> None:
    subnet = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    network = {"existing": {"id": subnet.rpartition("/subnets")[0], "privateSubnets": [subnet]}}
    assert not planned("azure", {}, stage="dev", network=network).faults


def test_all_that_an_open_endpoint_lacks_is_told_at_once() -> None:
    paths = {fault.path.removeprefix("endpoints.fraud.access.") for fault in on_kubernetes({"access": {"public": True}}).faults}
    assert paths == {"authentication", "tls", "rateLimitPerSecond"}


def test_a_rate_limit_may_be_what_is_expected() -> None:
    assert not on_kubernetes({"access": {"rateLimitPerSecond": 40}}).faults


def test_azures_private_endpoint_is_asked_for_outside_production() -> None:
    (fault,) = planned("azure", {}, stage="dev").faults
    assert "add ml to network.privateEndpoints" in fault.line()
    assert not planned("azure", {}, stage="dev", network={"privateEndpoints": ["ml"]}).faults
    assert planned("azure", {}, network={"privateEndpoints": ["storage"]}).faults


def test_signed_requests_and_those_from_within_need_no_network_of_the_environment() -> None:
    assert not planned("aws", {}, network=None).faults
    assert not planned("gcp", {"on": "cloudRun"}, network=None).faults
    (fault,) = planned("gcp", {"on": "cloudRun", "access": {"tls": WITHIN_TLS}}, network=None).faults
    assert "is a name in a network, and this environment has none" in fault.line()
    assert not on_kubernetes({}).faults


def test_two_endpoints_do_not_share_a_host() -> None:
    tls = {"host": "fraud.example.com", "certificate": "fraud-tls"}
    both = {name: endpoint(on="cpu", access={"tls": tls}) for name in ("a", "b")}
    (fault,) = on_kubernetes({}, endpoints=both).faults
    assert fault.path == "endpoints.b.access.tls.host"
    assert "is the host of a too" in fault.line()
    both["b"] = endpoint(on="cpu", access={"tls": {**tls, "host": "other.example.com"}})
    assert not on_kubernetes({}, endpoints=both).faults
