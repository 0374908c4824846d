"""The real engine and the real provider: programs that deploy, change nothing the second time, and leave nothing."""

from collections.abc import Callable

import pytest

from tests.kubernetes.cluster import Cluster
from tests.kubernetes.deploying import Stack
from tools.control_plane.api import Refused

pytestmark = pytest.mark.kubernetes

PROGRAM = """
import pulumi
import pulumi_kubernetes as k8s

team = k8s.core.v1.Namespace("team", metadata={"name": pulumi.Config().require("team")})
inside = {"namespace": team.metadata.name}
quota = k8s.core.v1.ResourceQuota("gpus", metadata=inside, spec={"hard": {"requests.nvidia.com/gpu": "8"}})
k8s.networking.v1.NetworkPolicy("deny", metadata=inside, spec={"pod_selector": {}, "policy_types": ["Ingress", "Egress"]})
model = k8s.apps.v1.Deployment(
    "model",
    metadata=inside,
    spec={
        "replicas": 2,
        "selector": {"match_labels": {"app": "model"}},
        "template": {
            "metadata": {"labels": {"app": "model"}},
            "spec": {
                "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
                "containers": [
                    {"name": "main", "image": "registry.example/model:1", "resources": {"limits": {"nvidia.com/gpu": "1"}}}
                ],
            },
        },
    },
    opts=pulumi.ResourceOptions(depends_on=[quota]),
)
pulumi.export("ready", model.status.ready_replicas)
"""
CUSTOM = """
import pulumi_kubernetes as k8s

k8s.apiextensions.CustomResource(
    "flavor",
    api_version="kueue.x-k8s.io/v1beta2",
    kind="ResourceFlavor",
    metadata={"name": "l4"},
    spec={"SPELT": {"cloud.google.com/gke-accelerator": "nvidia-l4"}},
)
"""


def test_a_program_deploys_to_the_gpu_node_changes_nothing_twice_and_leaves_nothing(
    control_plane: Cluster, up: Callable[..., Stack]
) -> None:
    control_plane.add_node("cpu")
    control_plane.add_gpu_node("gpu", 4)
    team = f"{control_plane.namespace}-team"
    stack = up(PROGRAM, {"drydock:team": team})
    # The provider waits until a deployment is available.
    assert stack.outputs() == {"ready": 2}
    assert [each["spec"]["nodeName"] for each in control_plane.pods(team)] == ["gpu", "gpu"]
    assert len(control_plane.api.list("networking.k8s.io/v1", "NetworkPolicy", team)) == 1
    assert stack.changes() == {}
    done = stack.destroy()
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.raises(Refused, match="not found"):
        control_plane.api.get("v1", "Namespace", team)


def test_a_custom_resource_deploys_and_its_misspelt_field_fails_the_deployment(
    control_plane: Cluster, up: Callable[..., Stack], stack: Callable[..., Stack]
) -> None:
    up(CUSTOM.replace("SPELT", "nodeLabels"))
    assert control_plane.api.get("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "l4")["spec"]["nodeLabels"]
    wrong = stack(CUSTOM.replace("SPELT", "nodeLabel").replace('"l4"', '"wrong"'))
    failed = wrong.up()
    assert failed.returncode != 0
    # The server's own words: nothing before it knows the fields of a custom resource.
    assert ".spec.nodeLabel: field not declared in schema" in failed.stdout + failed.stderr
    with pytest.raises(Refused, match="not found"):
        control_plane.api.get("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "wrong")
