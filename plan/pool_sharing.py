"""How several pods use one GPU, and what a node offers then."""

from catalogue.accelerators import partitions
from plan.model import DriverPlan, SharingPlan
from plan.pool_choice import Choice
from plan.pool_request import PoolRequest
from plan.pool_rules import NodePoolRules

_MIG = "NVIDIA Multi-Instance GPU User Guide, Supported GPUs and profiles: https://docs.nvidia.com/datacenter/tesla/mig-user-guide/"
_PLUGIN = "NVIDIA k8s-device-plugin, Shared access to GPUs: https://github.com/NVIDIA/k8s-device-plugin#shared-access-to-gpus"


def plan_sharing(request: PoolRequest, rules: NodePoolRules, choice: Choice, driver: DriverPlan) -> SharingPlan:
    """How pods share the pool's GPUs; faults a way that this accelerator, or this cloud, has not."""
    asked = request.pool.sharing
    ways = {} if asked is None else {"mig": asked.mig, "timeSlicing": asked.time_slicing, "mps": asked.mps}
    named = {way: value for way, value in ways.items() if value is not None}
    if not named:
        return SharingPlan()
    if len(named) > 1:
        problem = f"names {' and '.join(named)}: a pod could not tell what it gets"
        request.fault("sharing", dict(named), problem, allowed="mig, timeSlicing or mps, one of them", fix="keep one", source=_PLUGIN)
        return SharingPlan()
    ((way, value),) = named.items()
    if not _possible(request, choice, way):
        return SharingPlan()
    if way == "mig":
        return _mig(request, rules, choice, driver, str(value))
    return SharingPlan(strategy=way, clients=int(value))


def _possible(request: PoolRequest, choice: Choice, way: str) -> bool:
    accelerator = choice.accelerator
    what = accelerator.word if accelerator else f"{choice.machine.instance_type}, which has no GPU,"
    flags = {"mig": "mig", "timeSlicing": "time_slicing", "mps": "mps"}
    if accelerator is not None and getattr(accelerator, flags[way]):
        return True
    others = [other for other, flag in flags.items() if accelerator is not None and getattr(accelerator, flag)]
    problem = f"is what {what} cannot do"
    value = getattr(request.pool.sharing, flags[way])
    fix = f"write {others[0]}, or remove sharing" if others else "remove sharing"
    allowed = " or ".join(others) if others else "no sharing of this machine"
    request.fault(f"sharing.{way}", value, problem, allowed=allowed, fix=fix, source=_MIG if way == "mig" else _PLUGIN)
    return False


def _mig(request: PoolRequest, rules: NodePoolRules, choice: Choice, driver: DriverPlan, profile: str) -> SharingPlan:
    machine = choice.offer.machine
    offered = {each.profile: each for each in partitions(machine.accelerator, machine.accelerator_memory_gib)}
    if profile not in offered:
        problem = f"is no part of a {choice.machine.accelerator}"
        names = ", ".join(offered)
        request.fault("sharing.mig", profile, problem, allowed=names, fix=f"write mig: {next(iter(offered))}", source=_MIG)
        return SharingPlan()
    cloud = rules.cloud_profile(request, choice, driver, profile)
    return SharingPlan(strategy="mig", clients=offered[profile].instances_per_gpu, mig_profile=profile, cloud_profile=cloud)
