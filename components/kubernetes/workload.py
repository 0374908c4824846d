"""A plain workload: a job that runs once, or a deployment that stays."""

from pulumi import ComponentResource, CustomTimeouts, ResourceOptions
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs
from pulumi_kubernetes.batch.v1 import Job, JobSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components.kubernetes.pod import WORKLOAD_LABEL, pod_template
from plan.model import WorkloadPlan

_QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
# A node with accelerators takes minutes to come up, its images as long again; another rung of the ladder takes its time too.
_DEPLOYMENT_TIMEOUT = "30m"
_RETRIES = 3


class Workload(ComponentResource):
    """One workload. Owns the job, or the deployment and, where it has several replicas, its disruption budget."""

    def __init__(self, name: str, plan: WorkloadPlan, *, opts: ResourceOptions | None = None) -> None:
        """Build the workload in its team's namespace."""
        super().__init__("drydock:kubernetes:Workload", name, {"pool": plan.pool}, opts)
        own = ResourceOptions(parent=self)
        if plan.kind == "job":
            _job(name, plan, own)
        else:
            _deployment(name, plan, own)
        self.register_outputs({"pool": plan.pool})


def _job(name: str, plan: WorkloadPlan, opts: ResourceOptions) -> None:
    # A deployment is done when the job is handed over: it may stand in a queue for hours, and run for days.
    Job(
        f"{name}-job",
        metadata=_metadata(name, plan, {"pulumi.com/skipAwait": "true"}),
        spec=JobSpecArgs(
            completions=plan.replicas,
            parallelism=plan.replicas,
            backoff_limit=_RETRIES,
            template=pod_template(name, plan),
        ),
        opts=opts,
    )


def _deployment(name: str, plan: WorkloadPlan, opts: ResourceOptions) -> None:
    selector = LabelSelectorArgs(match_labels={WORKLOAD_LABEL: name})
    waiting = ResourceOptions.merge(
        opts, ResourceOptions(custom_timeouts=CustomTimeouts(create=_DEPLOYMENT_TIMEOUT, update=_DEPLOYMENT_TIMEOUT))
    )
    Deployment(
        f"{name}-deployment",
        metadata=_metadata(name, plan),
        spec=DeploymentSpecArgs(replicas=plan.replicas, selector=selector, template=pod_template(name, plan)),
        opts=waiting,
    )
    if plan.replicas > 1:
        PodDisruptionBudget(
            f"{name}-budget",
            metadata=_metadata(name, plan, queued=False),
            spec=PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=selector),
            opts=opts,
        )


def _metadata(name: str, plan: WorkloadPlan, annotations: dict[str, str] | None = None, *, queued: bool = True) -> ObjectMetaArgs:
    labels = {**plan.labels, WORKLOAD_LABEL: name}
    if queued and plan.queue:
        labels[_QUEUE_LABEL] = plan.queue
    return ObjectMetaArgs(namespace=plan.namespace, labels=labels, annotations=annotations)
