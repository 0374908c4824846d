"""The size of a pool's boot disk, and what every cloud's disks have in common."""

from plan.pool_choice import Choice
from plan.pool_request import PoolRequest

_ACCELERATED_GIB, _GENERAL_GIB = 200, 100


def disk_size(request: PoolRequest, choice: Choice, *, least: int, source: str = "") -> int:
    """GiB of the boot disk; faults one that the node image does not fit on."""
    asked = request.pool.disk.size_gib if request.pool.disk else None
    if asked is None:
        accelerated = choice.accelerator is not None
        size = _ACCELERATED_GIB if accelerated else _GENERAL_GIB
        why = "images with an accelerator's libraries are 10 to 20 GiB each" if accelerated else "room for images and logs"
        request.decide("disk.sizeGib", size, why)
        return size
    if asked < least:
        request.fault(
            "disk.sizeGib",
            asked,
            "is too small for the node image",
            allowed=f"{least} or more",
            fix=f"write sizeGib: {least}",
            source=source,
        )
    return asked


def refuse_speed(request: PoolRequest, problem: str, fix: str, source: str) -> None:
    """Faults IOPS and throughput on a disk whose speed follows from something else."""
    disk = request.pool.disk
    if disk is None:
        return
    for field, value in (("iops", disk.iops), ("throughputMibps", disk.throughput_mibps)):
        if value is not None:
            request.fault(f"disk.{field}", value, problem, allowed=f"no {field} on this disk", fix=fix, source=source)
