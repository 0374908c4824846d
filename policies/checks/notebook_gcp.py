"""Vertex AI Workbench: who reaches a notebook, what it may reach, and what it costs at night."""

from collections.abc import Iterator
from typing import Any, cast

from costs.resource import Missing
from policies.check import Checks, Problem
from policies.gcp_iam import iam_kinds, opened, own_account
from policies.view import Undecided, View

CHECKS = Checks()
INSTANCE = "gcp:workbench/instance:Instance"
_GRANTS = iam_kinds("workbench", "instanceIam")
_SHIELD = "gceSetup.shieldedInstanceConfig"


@CHECKS.add(
    "DD-NOTEBOOK-101",
    "A notebook has no public address",
    INSTANCE,
    severity="high",
    rationale="A notebook runs whatever it is told: at an address on the internet it is tried by everybody.",
    fix="set gceSetup.disablePublicIp to true, and leave accessConfigs out",
    equivalents=("CKV2_GCP_28", "CKV_GCP_89", "CKV2_GCP_36"),
)
def no_public_address(view: View) -> Iterator[Problem]:
    """disablePublicIp, off where it is left out, and addresses of single interfaces (Workbench API, GceSetup)."""
    if not view.flag("gceSetup.disablePublicIp"):
        yield Problem(path="gceSetup.disablePublicIp", what="is off")
    for path, interface in view.each("gceSetup.networkInterfaces"):
        if interface.items("accessConfigs"):
            yield Problem(path=f"{path}.accessConfigs", what="has a public address")


@CHECKS.add(
    "DD-NOTEBOOK-102",
    "A notebook's disks are encrypted with a key of one's own",
    INSTANCE,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="The whole dataset lies on them for weeks; with Google's own key nobody can watch who decrypts it.",
    fix="set diskEncryption to CMEK and kmsKey, of gceSetup.bootDisk and dataDisks",
    equivalents=("CKV2_GCP_27", "CKV2_GCP_21", "CKV2_GCP_35"),
)
def disks_have_own_key(view: View) -> Iterator[Problem]:
    """kmsKey of the boot disk and the data disk; Google's own where it is left out (Workbench API, DiskEncryption)."""
    disks = ("gceSetup.bootDisk", *(("gceSetup.dataDisks",) if view.get("gceSetup.dataDisks") else ()))
    for disk in disks:
        if not view.present(f"{disk}.kmsKey"):
            yield Problem(path=f"{disk}.kmsKey", what="is not set")


@CHECKS.add(
    "DD-NOTEBOOK-103",
    "A notebook can prove what it started from",
    INSTANCE,
    rationale="Without the virtual TPM there is nothing that its start could be measured in.",
    fix="leave gceSetup.shieldedInstanceConfig.enableVtpm out, or set it to true",
    equivalents=("CKV_GCP_126",),
)
def has_vtpm(view: View) -> Iterator[Problem]:
    """enableVtpm, which is on where it is left out (Pulumi registry, gcp.workbench.Instance)."""
    if not view.flag(f"{_SHIELD}.enableVtpm", default=True):
        yield Problem(path=f"{_SHIELD}.enableVtpm", what="is off")


@CHECKS.add(
    "DD-NOTEBOOK-104",
    "It is watched whether a notebook starts from what it should",
    INSTANCE,
    rationale="A changed kernel or boot loader is otherwise seen by nobody.",
    fix="leave gceSetup.shieldedInstanceConfig.enableIntegrityMonitoring out, or set it to true",
    equivalents=("CKV_GCP_127",),
)
def integrity_watched(view: View) -> Iterator[Problem]:
    """enableIntegrityMonitoring, which is on where it is left out (Pulumi registry, gcp.workbench.Instance)."""
    if not view.flag(f"{_SHIELD}.enableIntegrityMonitoring", default=True):
        yield Problem(path=f"{_SHIELD}.enableIntegrityMonitoring", what="is off")


@CHECKS.add(
    "DD-NOTEBOOK-105",
    "A notebook's user is not root",
    INSTANCE,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="As root a package that was installed in a hurry owns the machine, and whatever keeps data inside can be turned off.",
    fix='set gceSetup.metadata.notebook-disable-root to "true"',
)
def no_root(view: View) -> Iterator[Problem]:
    """notebook-disable-root, "false" where it is left out (Vertex AI Workbench, "Manage features through metadata")."""
    if _metadata(view, "notebook-disable-root").lower() != "true":
        yield Problem(path="gceSetup.metadata.notebook-disable-root", what="is not true")


@CHECKS.add(
    "DD-NOTEBOOK-106",
    "Data cannot be downloaded from a notebook",
    INSTANCE,
    level="disabled",
    profiles={"regulated": "mandatory"},
    rationale="One click takes a dataset from where it is watched to a laptop where it is not.",
    fix='set gceSetup.metadata.notebook-disable-downloads to "true"',
)
def no_downloads(view: View) -> Iterator[Problem]:
    """notebook-disable-downloads, "false" where it is left out (Vertex AI Workbench, "Manage features through metadata")."""
    if _metadata(view, "notebook-disable-downloads").lower() != "true":
        yield Problem(path="gceSetup.metadata.notebook-disable-downloads", what="is not true")


@CHECKS.add(
    "DD-NOTEBOOK-107",
    "A notebook stops when nobody uses it",
    INSTANCE,
    level="advisory",
    rationale="A notebook with a GPU that is left open on Friday costs a weekend of it.",
    fix='set gceSetup.metadata.idle-timeout-seconds, such as "3600", or leave it out',
    parameters={"hours": 3},
)
def stops_when_idle(view: View) -> Iterator[Problem]:
    """idle-timeout-seconds, three hours where it is left out and never where it is empty (Vertex AI Workbench, "Idle shutdown")."""
    path = "gceSetup.metadata.idle-timeout-seconds"
    told = view.get(path)
    if told is None:
        return
    seconds = float(told) if str(told).isdigit() else 0
    if not seconds or seconds > view.parameters["hours"] * 3600:
        yield Problem(path=path, what=f"is {seconds / 3600:g} hours" if seconds else "never stops it")


@CHECKS.add(
    "DD-NOTEBOOK-108",
    "A notebook acts as a service account of its own",
    INSTANCE,
    severity="high",
    profiles={"dev": "advisory"},
    rationale="The project's default account is an editor of everything in most projects, and every notebook is then one.",
    fix="set gceSetup.serviceAccounts to one with the roles that are needed",
    equivalents=("CKV2_GCP_1",),
)
def own_service_account(view: View) -> Iterator[Problem]:
    """gceSetup.serviceAccounts, the project's default where it is left out (Workbench API, GceSetup)."""
    path = "gceSetup.serviceAccounts"
    accounts = view.items(path)
    if not accounts or not all(own_account(view, f"{path}.{at}.email") for at in range(len(accounts))):
        yield Problem(path=path, what="is the project's default")


@CHECKS.add(
    "DD-NOTEBOOK-109",
    "A notebook stands in a network of one's own",
    INSTANCE,
    level="advisory",
    profiles={"regulated": "mandatory"},
    rationale="The default network lets every machine of the project reach every other, and nobody filters what goes out.",
    fix="name a network and a subnet in gceSetup.networkInterfaces",
)
def own_network(view: View) -> Iterator[Problem]:
    """gceSetup.networkInterfaces, the default network where it is left out (Workbench API, NetworkInterface)."""
    interfaces = [interface for _, interface in view.each("gceSetup.networkInterfaces")]
    named = [each for each in interfaces if each.present("subnet") or each.present("network")]
    if not named or any(each.text("network").endswith("/default") or each.text("network") == "default" for each in named):
        yield Problem(path="gceSetup.networkInterfaces", what="is the default network")


@CHECKS.add(
    "DD-NOTEBOOK-110",
    "Not everybody may open a notebook",
    *_GRANTS,
    severity="critical",
    rationale="Whoever opens it acts as its service account.",
    fix="name the users or groups",
)
def not_open(view: View) -> Iterator[Problem]:
    """Members that are everybody, or everybody with a Google account (Google Cloud, "IAM principals")."""
    yield from opened(view)


def _metadata(view: View, name: str) -> str:
    found = view.get("gceSetup.metadata")
    value: Any = cast(dict[str, Any], found).get(name) if isinstance(found, dict) else None
    if isinstance(value, Missing):
        raise Undecided(f"gceSetup.metadata.{name}")
    return str(value if value is not None else "")
