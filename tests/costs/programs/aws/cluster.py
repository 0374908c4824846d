"""A Kubernetes cluster with a pool of plain machines and one of spot GPUs, behind a load balancer."""

import pulumi_aws as aws
from access import role
from network import Network


def cluster(network: Network, key: aws.kms.Key) -> aws.eks.Cluster:
    """The cluster and its two node groups."""
    control = role("control", "eks", "AmazonEKSClusterPolicy")
    made = aws.eks.Cluster(
        "inference",
        role_arn=control.arn,
        version="1.33",
        vpc_config={"subnet_ids": network.private, "endpoint_private_access": True},
        encryption_config={"provider": {"key_arn": key.arn}, "resources": ["secrets"]},
        enabled_cluster_log_types=["api", "audit"],
    )
    aws.eks.Addon("dns", cluster_name=made.name, addon_name="coredns")
    nodes = role("nodes", "ec2", "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly")
    plain_nodes(network, made, nodes)
    gpu_nodes(network, made, nodes)
    return made


def plain_nodes(network: Network, cluster: aws.eks.Cluster, nodes: aws.iam.Role) -> None:
    """Two to ten machines for what needs no GPU."""
    aws.eks.NodeGroup(
        "plain",
        cluster_name=cluster.name,
        node_role_arn=nodes.arn,
        subnet_ids=network.private,
        instance_types=["m6i.large"],
        disk_size=50,
        scaling_config={"min_size": 2, "desired_size": 3, "max_size": 10},
    )


def gpu_nodes(network: Network, cluster: aws.eks.Cluster, nodes: aws.iam.Role) -> None:
    """None to eight spot machines with an A10G and a disk that holds the images of models."""
    disk: aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgsDict = {
        "volume_size": 200,
        "volume_type": "gp3",
        "delete_on_termination": "true",
        "encrypted": "true",
    }
    template = aws.ec2.LaunchTemplate(
        "gpu", block_device_mappings=[{"device_name": "/dev/xvda", "ebs": disk}], metadata_options={"http_tokens": "required"}
    )
    aws.eks.NodeGroup(
        "gpu",
        cluster_name=cluster.name,
        node_role_arn=nodes.arn,
        subnet_ids=network.private,
        ami_type="AL2023_x86_64_NVIDIA",
        capacity_type="SPOT",
        instance_types=["g5.xlarge"],
        launch_template={"id": template.id, "version": template.latest_version.apply(str)},
        scaling_config={"min_size": 0, "desired_size": 0, "max_size": 8},
        taints=[{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
    )


def entrance(network: Network) -> aws.lb.LoadBalancer:
    """The load balancer that the cluster's services stand behind."""
    group = aws.ec2.SecurityGroup(
        "entrance",
        vpc_id=network.vpc.id,
        ingress=[{"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]}],
        egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
    )
    balancer = aws.lb.LoadBalancer("entrance", load_balancer_type="application", security_groups=[group.id], subnets=network.public)
    target = aws.lb.TargetGroup("entrance", vpc_id=network.vpc.id, port=8080, protocol="HTTP", target_type="ip")
    forward: aws.lb.ListenerDefaultActionArgsDict = {"type": "forward", "target_group_arn": target.arn}
    aws.lb.Listener("entrance", load_balancer_arn=balancer.arn, port=80, protocol="HTTP", default_actions=[forward])
    return balancer
