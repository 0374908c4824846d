"""Sizes as Kubernetes and Google Cloud write them: 500m of a vCPU, 512Mi, 2G."""

import re
from decimal import Decimal
from typing import Any, Final

_GIB: Final = Decimal(2**30)
_UNITS: Final = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def vcpus(value: Any) -> Decimal | None:
    """`2`, `0.5` or `500m` vCPUs; None for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(m?)", str(value))
    return None if found is None else Decimal(found[1]) / (1000 if found[2] else 1)


def gib(value: Any) -> Decimal | None:
    """GiB in `512Mi`, `1Gi`, `2G` or a number of bytes; None for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([A-Za-z]{0,2})", str(value))
    if found is None or found[2] not in _UNITS:
        return None
    return Decimal(found[1]) * _UNITS[found[2]] / _GIB


def function_gib(value: Any) -> Decimal | None:
    """A function's memory in GiB: 256M, 256Mi and 256 MB are the same size of instance. Source: Google Cloud, "Cloud Functions pricing"."""
    text = str(value)
    return gib(re.sub(r"^(\d+(?:\.\d+)?)([MG])$", r"\1\2i", text))
