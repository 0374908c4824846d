"""What a node of Amazon Linux 2023 is told when it starts, beyond what EKS tells it."""

import base64

import yaml

from plan.model import NodePoolPlan

IMAGES_DEVICE = "/dev/xvdb"
_BOUNDARY = "//"
# containerd starts after cloud-init has run this: awslabs/amazon-eks-ami, nodeadm-run.service.
_MOUNT_IMAGES = f"""#!/bin/bash
set -euo pipefail
mkdir -p /var/lib/containerd
mount "$(realpath {IMAGES_DEVICE})" /var/lib/containerd
"""


def encoded_user_data(plan: NodePoolPlan) -> str | None:
    """The user data of a launch template, in base64; None where there is nothing to tell."""
    told = user_data(plan, node_config=True)
    return base64.b64encode(told.encode()).decode() if told else None


def user_data(plan: NodePoolPlan, *, node_config: bool) -> str | None:
    """User data as MIME multipart, to which EKS and Karpenter add their own part; None where there is nothing to tell.

    node_config: whether it tells of local disks too, which Karpenter does itself. Source: Amazon EKS User Guide, "Customize managed
    nodes with launch templates".
    """
    parts: list[tuple[str, str]] = []
    if plan.cache.image_snapshot:
        parts.append(("text/x-shellscript", _MOUNT_IMAGES))
    if node_config and plan.cache.local_ssd_count:
        parts.append(("application/node.eks.aws", _local_disks(plan)))
    if not parts:
        return None
    told = [f"--{_BOUNDARY}\nContent-Type: {kind}\n\n{text}" for kind, text in parts]
    head = f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{_BOUNDARY}"\n'
    return "\n".join([head, *told, f"--{_BOUNDARY}--\n"])


def _local_disks(plan: NodePoolPlan) -> str:
    # Put together they hold images and pods; beside a disk that comes with its images they are mounted one by one and hold neither.
    # Source: awslabs/amazon-eks-ami, nodeadm API, LocalStorageStrategy.
    strategy = "Mount" if plan.cache.image_snapshot else "RAID0"
    spec = {"instance": {"localStorage": {"strategy": strategy}}}
    return yaml.safe_dump({"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": spec})
