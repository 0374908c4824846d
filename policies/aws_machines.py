"""Machine types of AWS as checks ask for them: what a node group runs on, and what such a machine has."""

from catalogue.machine_facts import MachineFacts, machine_facts
from policies.view import View

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


def node_types(group: View) -> tuple[str, ...]:
    """The machine types of an EKS node group, its own or its launch template's; none where the cloud chooses. Raises Undecided."""
    listed = tuple(each.text("") for _, each in group.each("instanceTypes"))
    template = None if listed else group.referred("launchTemplate", LAUNCH_TEMPLATE)
    named = template.text("instanceType") if template else ""
    return listed or ((named,) if named else ())


def facts(name: str) -> MachineFacts | None:
    """What is on record of a machine type; SageMaker's ml.g5.xlarge is EC2's g5.xlarge."""
    return machine_facts("aws", name.removeprefix("ml."))


def accelerator(names: tuple[str, ...]) -> str | None:
    """What a pod asks for on such machines, such as nvidia.com/gpu; None without an accelerator."""
    found = (facts(name) for name in names)
    return next((each.accelerator_resource for each in found if each and each.accelerator_resource), None)
