"""What the API server takes and what it refuses: quotas, network policies, pod security, misspelt fields."""

import pytest

from tests.kubernetes.cluster import Cluster, pod
from tools.control_plane.api import Object, Refused, wait_until

pytestmark = pytest.mark.kubernetes


def placed(cluster: Cluster, thing: Object) -> Object:
    return {**thing, "metadata": {**thing["metadata"], "namespace": cluster.namespace}}


def test_a_quota_refuses_the_pod_that_exceeds_it(control_plane: Cluster) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": {"requests.nvidia.com/gpu": "2"}}}
    control_plane.api.create(placed(control_plane, quota))
    # Until the controller has counted once, every pod is refused.
    wait_until(lambda: control_plane.api.get("v1", "ResourceQuota", "team", control_plane.namespace)["status"].get("hard"), "quota counted")
    control_plane.api.create(placed(control_plane, pod("fits", {"nvidia.com/gpu": "2"})))
    with pytest.raises(
        Refused, match=r"exceeded quota: team, requested: requests\.nvidia\.com/gpu=1, used: .*=2, limited: .*=2"
    ) as refused:
        control_plane.api.create(placed(control_plane, pod("exceeds", {"nvidia.com/gpu": "1"})))
    assert refused.value.status == 403
    control_plane.api.create(placed(control_plane, pod("without", {"cpu": "1"})))


def test_a_network_policy_that_denies_everything_is_taken(control_plane: Cluster) -> None:
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "default-deny"},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    }
    taken = control_plane.api.create(placed(control_plane, policy))
    assert taken["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    with pytest.raises(Refused, match=r'unknown field "spec\.policyType"'):
        control_plane.api.create(placed(control_plane, {**policy, "spec": {"podSelector": {}, "policyType": ["Ingress"]}}))
    with pytest.raises(Refused, match=r"spec\.policyTypes\[0\]: Unsupported value"):
        control_plane.api.create(placed(control_plane, {**policy, "spec": {"podSelector": {}, "policyTypes": ["ingress"]}}))


def test_a_misspelt_field_is_refused_on_creation_and_on_apply(control_plane: Cluster) -> None:
    wrong = placed(control_plane, pod("wrong", toleration=[{"key": "nvidia.com/gpu", "operator": "Exists"}]))
    for ask in (control_plane.api.create, control_plane.api.apply):
        with pytest.raises(Refused, match=r"spec\.toleration\b"):
            ask(wrong)
    assert control_plane.pods() == []


def test_accelerators_cannot_be_asked_for_in_parts_nor_overcommitted(control_plane: Cluster) -> None:
    with pytest.raises(Refused, match="must be an integer"):
        control_plane.api.create(placed(control_plane, pod("half", {"nvidia.com/gpu": "500m"})))
    uneven = placed(control_plane, pod("uneven", {"nvidia.com/gpu": "1"}))
    uneven["spec"]["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] = "2"
    with pytest.raises(Refused, match=r"must be equal to nvidia\.com/gpu limit"):
        control_plane.api.create(uneven)


def test_a_namespace_that_enforces_a_pod_security_standard_refuses_privileged_pods(control_plane: Cluster) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "baseline"}
    control_plane.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": control_plane.namespace, "labels": labels}})
    privileged = placed(control_plane, pod("privileged"))
    privileged["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    with pytest.raises(Refused, match='violates PodSecurity "baseline:latest": privileged'):
        control_plane.api.create(privileged)
    control_plane.api.create(placed(control_plane, pod("plain")))
