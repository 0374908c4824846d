"""Objects that lead to others: what is not there is said, in Kubernetes' own words, since no API server does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from rehearsal import object_references
from rehearsal.values import Values
from tests.rehearsal.clusters import Made, eks
from tests.rehearsal.simulated import Clouds, refusal

Start = Callable[..., Clouds]
ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
GATEWAY = "kubernetes:gateway.networking.k8s.io/v1:Gateway"
SERVICE = "kubernetes:core/v1:Service"
HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_references, "_QUIET_SECONDS", 0.2)


def inside(name: str, spec: dict[str, Any], kind: str, version: str) -> Values:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "default"}, "spec": spec}


def route(*backends: str, shadow: str | None = None) -> Values:
    mirror = {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": shadow, "port": 80}}}
    rule = {"backendRefs": [{"name": name, "port": 80} for name in backends], "filters": [mirror] if shadow else []}
    return inside("model", {"rules": [rule]}, "HTTPRoute", "gateway.networking.k8s.io/v1")


def add_service(made: Made, name: str) -> None:
    made.kubernetes.create(SERVICE, name, inside(name, {"ports": [{"port": 80}]}, "Service", "v1"))


def test_a_route_names_services_that_are_there(start: Start) -> None:
    made = eks(start())
    add_service(made, "v1")
    add_service(made, "v2")
    made.kubernetes.create(ROUTE, "model", route("v1", shadow="v2"))


@pytest.mark.parametrize(("backends", "shadow"), [(("v1", "v2"), None), (("v1",), "v2")])
def test_a_backend_or_shadow_that_no_service_has_is_said_to_be_answered_with_an_error(
    start: Start, backends: tuple[str, ...], shadow: str | None
) -> None:
    made = eks(start())
    add_service(made, "v1")
    told = refusal(lambda: made.kubernetes.create(ROUTE, "model", route(*backends, shadow=shadow))).details()
    assert "BackendNotFound: Service default/v2 not found" in str(told)
    assert "500" in str(told)


def test_a_service_that_is_on_its_way_is_waited_for(start: Start) -> None:
    made = eks(start())
    later = threading.Timer(0.1, lambda: add_service(made, "v1"))
    later.start()
    made.kubernetes.create(ROUTE, "model", route("v1"))
    later.join()


@pytest.mark.parametrize(("token", "version"), [(HPA, "autoscaling/v2"), (SCALED, "keda.sh/v1alpha1")])
def test_an_autoscaler_of_nothing_is_said_to_scale_nothing(start: Start, token: str, version: str) -> None:
    made = eks(start())
    spec: dict[str, Any] = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "model"}, "maxReplicas": 4}
    if token == SCALED:
        spec = {"scaleTargetRef": {"name": "model"}, "triggers": []}
    told = refusal(lambda: made.kubernetes.create(token, "model", inside("model", spec, token.rpartition(":")[2], version))).details()
    assert "FailedGetScale: Deployment default/model not found" in str(told)


def test_a_gateway_has_an_address_once_it_is_made(start: Start) -> None:
    made = eks(start())
    _, outputs = made.kubernetes.create(GATEWAY, "models", inside("models", {}, "Gateway", "gateway.networking.k8s.io/v1"))
    status: Any = outputs["status"]
    assert status["addresses"][0]["type"] == "IPAddress"
    assert status["conditions"][0]["type"] == "Programmed"
