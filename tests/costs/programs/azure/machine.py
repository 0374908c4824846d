"""One virtual machine with a disk of data."""

import pulumi
import pulumi_azure_native as azure
from network import Network


def machine(group: azure.resources.ResourceGroup, network: Network) -> azure.compute.VirtualMachine:
    """Where the search index is built at night; it runs all day."""
    card = azure.network.NetworkInterface(
        "index",
        resource_group_name=group.name,
        ip_configurations=[{"name": "inside", "subnet": {"id": network.machines.id}, "private_ip_allocation_method": "Dynamic"}],
    )
    data = azure.compute.Disk(
        "index",
        resource_group_name=group.name,
        sku={"name": "Premium_LRS"},
        disk_size_gb=1024,
        creation_data={"create_option": "Empty"},
    )
    image: azure.compute.ImageReferenceArgsDict = {
        "publisher": "Canonical",
        "offer": "ubuntu-24_04-lts",
        "sku": "server",
        "version": "latest",
    }
    root: azure.compute.OSDiskArgsDict = {
        "create_option": "FromImage",
        "disk_size_gb": 64,
        "managed_disk": {"storage_account_type": "StandardSSD_LRS"},
    }
    attached: azure.compute.DataDiskArgsDict = {"lun": 0, "create_option": "Attach", "managed_disk": {"id": data.id}}
    return azure.compute.VirtualMachine(
        "index",
        resource_group_name=group.name,
        hardware_profile={"vm_size": "Standard_E8s_v5"},
        network_profile={"network_interfaces": [{"id": card.id, "primary": True}]},
        storage_profile={"image_reference": image, "os_disk": root, "data_disks": [attached]},
        os_profile={"computer_name": "index", "admin_username": "builder", "admin_password": pulumi.Output.secret("Not-a-passw0rd")},
    )
