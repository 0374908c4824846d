"""A real Kubernetes API with simulated nodes, and the real Pulumi engine and provider: `make test-kubernetes`."""

from collections.abc import Callable, Generator, Mapping
from pathlib import Path

import pytest

from tests.kubernetes.cluster import Cluster, running
from tests.kubernetes.deploying import Stack


@pytest.fixture(scope="session")
def _kubeconfig() -> Generator[Path]:
    with running(Path(__file__).parents[2]) as kubeconfig:
        yield kubeconfig


@pytest.fixture
def control_plane(_kubeconfig: Path) -> Generator[Cluster]:
    """A cluster without nodes and with an empty namespace; etcd, API server, controllers and scheduler are the real ones.

    control_plane.kubeconfig        the administrator's kubeconfig (a path), for programs: KUBECONFIG is set for what `up` runs
    control_plane.namespace         the test's own namespace; others that a program makes go with `destroy`
    control_plane.add_node(name, {"cpu": "8", "memory": "32Gi"}, labels=…, taints=[…])
    control_plane.add_gpu_node(name, count), .add_tpu_node(name, chips)
    control_plane.api               .create(object) .apply(object) .get(version, kind, name, namespace) .list(version, kind, namespace)
                                    .delete(version, kind, name, namespace); unknown fields are refused; errors are `Refused`
    control_plane.pod(name), .pods(), .node_of(pod), .unschedulable(pod)

    One control plane serves the whole test session: a test removes what it makes outside its namespace, nodes excepted.
    """
    cluster = Cluster(_kubeconfig)
    try:
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def stack(control_plane: Cluster, tmp_path: Path) -> Generator[Callable[..., Stack]]:
    """`stack(program, config)` is a stack that is not deployed yet; every stack is destroyed at the end, and that must succeed.

    `stack(program, config, clouds)` has simulated clouds too; fixtures that start them come before this one.
    """
    made: list[Stack] = []

    def make(program: str | Path, config: dict[str, object] | None = None, clouds: Mapping[str, int] | None = None) -> Stack:
        made.append(Stack(tmp_path / f"stack-{len(made)}", control_plane.kubeconfig, program, config, clouds))
        return made[-1]

    yield make
    for each in reversed(made):
        done = each.destroy()
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def up(stack: Callable[..., Stack]) -> Callable[..., Stack]:
    """`up(program, config)` deploys a program (source or folder) and gives its stack: `.outputs()`, `.changes()`, `.up()`, `.destroy()`.

    The provider waits until pods, deployments and jobs are ready (ten minutes at most), so add the nodes that they need first.
    Charts cannot be pulled here: a program under test leaves them out.
    """

    def deploy(program: str | Path, config: dict[str, object] | None = None) -> Stack:
        made = stack(program, config)
        done = made.up()
        assert done.returncode == 0, done.stdout + done.stderr
        return made

    return deploy
