"""An EKS cluster whose GPUs come on demand or, where those are sold out, as spot; a Deployment needs one."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("net", vpc_id=vpc.id, cidr_block="10.0.0.0/20", availability_zone="eu-west-1a")
role = aws.iam.Role("nodes", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": []}))
cluster = aws.eks.Cluster("ml", role_arn=role.arn, vpc_config={"subnet_ids": [subnet.id]})
for name, capacity in (("gpu-on-demand", "ON_DEMAND"), ("gpu-spot", "SPOT")):
    aws.eks.NodeGroup(
        name,
        node_group_name=name,
        cluster_name=cluster.name,
        node_role_arn=role.arn,
        subnet_ids=[subnet.id],
        instance_types=["g6.xlarge"],
        capacity_type=capacity,
        scaling_config={"min_size": 0, "max_size": 2, "desired_size": 0},
        labels={"pool": "gpu"},
        taints=[{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
    )
kubeconfig = pulumi.Output.json_dumps(
    {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": "ml", "cluster": {"server": cluster.endpoint, "certificate-authority-data": cluster.certificate_authority.data}}
        ],
        "users": [{"name": "ml", "user": {"token": aws.eks.get_cluster_auth_output(name=cluster.name).token}}],
        "contexts": [{"name": "ml", "context": {"cluster": "ml", "user": "ml"}}],
        "current-context": "ml",
    }
)
inside = pulumi.ResourceOptions(provider=k8s.Provider("ml", kubeconfig=kubeconfig))
k8s.helm.v3.Release("scaler", chart="cluster-autoscaler", namespace="kube-system", opts=inside)
container = {"name": "main", "image": "smoke", "resources": {"limits": {"nvidia.com/gpu": "1"}}}
pod = {
    "node_selector": {"pool": "gpu"},
    "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
    "containers": [container],
}
k8s.apps.v1.Deployment(
    "smoke",
    metadata={"name": "smoke"},
    spec={"selector": {"match_labels": {"app": "smoke"}}, "template": {"metadata": {"labels": {"app": "smoke"}}, "spec": pod}},
    opts=inside,
)
