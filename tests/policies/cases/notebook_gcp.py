"""Vertex AI Workbench."""

from typing import Any

from costs.resource import Resource
from tests.policies.case import UNKNOWN, Case, made

INSTANCE = "gcp:workbench/instance:Instance"
MEMBER = "gcp:workbench/instanceIamMember:InstanceIamMember"
AMAZON = made("aws:sagemaker/notebookInstance:NotebookInstance")
ACCOUNT = made("gcp:serviceaccount/account:Account", {"accountId": "notebook"}, "notebook")
BARE = made(INSTANCE, {"location": "europe-west4-a"}, "bare")
OWN = "notebook@p.iam.gserviceaccount.com"
DEFAULT = "1-compute@developer.gserviceaccount.com"


def notebook(name: str = "it", **setup: Any) -> Resource:
    return made(INSTANCE, {"gceSetup": setup}, name)


def told(name: str, value: object) -> Resource:
    return notebook(metadata={name: value})


def shielded(**config: object) -> Resource:
    return notebook(shieldedInstanceConfig=config)


CASES = {
    "DD-NOTEBOOK-101": Case(
        violating=(
            BARE,
            notebook(disablePublicIp=True, networkInterfaces=[{"network": "n"}, {"accessConfigs": [{"externalIp": UNKNOWN}]}]),
        ),
        at=("gceSetup.disablePublicIp", "gceSetup.networkInterfaces.1.accessConfigs"),
        passing=(notebook(disablePublicIp=True, networkInterfaces=[{"network": "n"}]),),
        unknown=(notebook(disablePublicIp=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-102": Case(
        violating=(BARE, notebook(bootDisk={"kmsKey": "k"}, dataDisks={"diskSizeGb": "100"})),
        at=("gceSetup.bootDisk.kmsKey", "gceSetup.dataDisks.kmsKey"),
        passing=(notebook(bootDisk={"kmsKey": "k"}, dataDisks={"kmsKey": UNKNOWN}), notebook("one", bootDisk={"kmsKey": "k"})),
        unknown=(notebook(bootDisk={"kmsKey": "k"}, dataDisks=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-103": Case(
        violating=(shielded(enableVtpm=False),),
        at=("gceSetup.shieldedInstanceConfig.enableVtpm",),
        passing=(BARE, shielded(enableVtpm=True)),
        unknown=(shielded(enableVtpm=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-104": Case(
        violating=(shielded(enableIntegrityMonitoring=False),),
        at=("gceSetup.shieldedInstanceConfig.enableIntegrityMonitoring",),
        passing=(BARE, shielded(enableIntegrityMonitoring=True)),
        unknown=(shielded(enableIntegrityMonitoring=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-105": Case(
        violating=(BARE, told("notebook-disable-root", "false")),
        at=("gceSetup.metadata.notebook-disable-root", "gceSetup.metadata.notebook-disable-root"),
        passing=(told("notebook-disable-root", "true"),),
        unknown=(told("notebook-disable-root", UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-106": Case(
        violating=(told("notebook-disable-root", "true"),),
        at=("gceSetup.metadata.notebook-disable-downloads",),
        passing=(told("notebook-disable-downloads", "True"),),
        unknown=(notebook(metadata=UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-107": Case(
        violating=(told("idle-timeout-seconds", "10801"), notebook("never", metadata={"idle-timeout-seconds": ""})),
        at=("gceSetup.metadata.idle-timeout-seconds", "gceSetup.metadata.idle-timeout-seconds"),
        passing=(BARE, told("idle-timeout-seconds", "10800")),
        unknown=(told("idle-timeout-seconds", UNKNOWN),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-108": Case(
        violating=(BARE, notebook(serviceAccounts=[{"email": DEFAULT}])),
        at=("gceSetup.serviceAccounts", "gceSetup.serviceAccounts"),
        passing=(
            ACCOUNT,
            notebook(serviceAccounts=[{"email": OWN}]),
            made(INSTANCE, {"gceSetup": {"serviceAccounts": [{"email": UNKNOWN}]}}, "declared", gceSetup=ACCOUNT),
        ),
        unknown=(notebook(serviceAccounts=[{"email": UNKNOWN}]),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-109": Case(
        violating=(
            BARE,
            notebook(networkInterfaces=[{"network": "projects/p/global/networks/default", "subnet": "s"}]),
            notebook("short", networkInterfaces=[{"network": "default"}]),
        ),
        at=("gceSetup.networkInterfaces",) * 3,
        passing=(notebook(networkInterfaces=[{"subnet": UNKNOWN}]), notebook("named", networkInterfaces=[{"network": "ml"}])),
        unknown=(notebook(networkInterfaces=[{"network": UNKNOWN}]),),
        elsewhere=(AMAZON,),
    ),
    "DD-NOTEBOOK-110": Case(
        violating=(made(MEMBER, {"role": "roles/notebooks.admin", "member": "allUsers"}),),
        at=("member",),
        passing=(made(MEMBER, {"role": "roles/notebooks.admin", "member": "group:ml@example.org"}),),
        unknown=(made(MEMBER, {"role": "roles/notebooks.admin", "member": UNKNOWN}),),
        elsewhere=(BARE,),
    ),
}
