"""What a controller in the cluster may do in the account."""

from typing import Any

import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from components.aws.cluster import ClusterFacts
from components.aws.place import Place
from components.aws.role import pod_role
from plan.model import AddOnPlan, ClusterPlan


def controller_identity(
    name: str,
    add_on: AddOnPlan,
    permissions: Output[dict[str, Any]],
    *,
    plan: ClusterPlan,
    cluster: ClusterFacts,
    place: Place,
    opts: ResourceOptions,
) -> list[Resource]:
    """Lets the pods of the service account that is called as the add-on do what `permissions` say.

    Gives what must be there before those pods start: EKS hands out credentials only to pods that it knows when they start.
    """
    role = pod_role(f"{name}-role", cluster.arn, add_on.namespace, add_on.name, labels=plan.labels, opts=opts)
    allowed = aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=Output.json_dumps(permissions), opts=opts)
    association = aws.eks.PodIdentityAssociation(
        f"{name}-identity",
        cluster_name=cluster.name,
        namespace=add_on.namespace,
        service_account=add_on.name,
        role_arn=role.arn,
        region=place.region,
        tags=plan.labels,
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=list(cluster.ready))),
    )
    return [allowed, association]
