"""A network with a subnet for each kind of thing, one address to leave by and one to come in by."""

import pulumi
import pulumi_azure_native as azure


class Network:
    """The network, and what stands at its edges."""

    def __init__(self, group: azure.resources.ResourceGroup) -> None:
        self._group = group
        self.network = azure.network.VirtualNetwork(
            "assistant", resource_group_name=group.name, address_space={"address_prefixes": ["10.20.0.0/16"]}
        )
        out = azure.network.NatGateway(
            "out",
            resource_group_name=group.name,
            sku={"name": "Standard"},
            public_ip_addresses=[{"id": self._address("out").id}],
            idle_timeout_in_minutes=10,
        )
        self.nodes = self._subnet("nodes", "10.20.0.0/20", out)
        self.machines = self._subnet("machines", "10.20.16.0/24", out)
        self.private = self._subnet("private", "10.20.17.0/24")
        self.entrance = self._entrance()

    def private_endpoint(self, name: str, target: azure.storage.StorageAccount) -> None:
        """A way to a storage account that does not leave the network."""
        azure.network.PrivateEndpoint(
            name,
            resource_group_name=self._group.name,
            subnet={"id": self.private.id},
            private_link_service_connections=[{"name": name, "private_link_service_id": target.id, "group_ids": ["blob"]}],
        )

    def _address(self, name: str) -> azure.network.PublicIPAddress:
        return azure.network.PublicIPAddress(
            name, resource_group_name=self._group.name, sku={"name": "Standard"}, public_ip_allocation_method="Static"
        )

    def _subnet(self, name: str, prefix: str, out: azure.network.NatGateway | None = None) -> azure.network.Subnet:
        return azure.network.Subnet(
            name,
            resource_group_name=self._group.name,
            virtual_network_name=self.network.name,
            address_prefix=prefix,
            nat_gateway={"id": out.id} if out else None,
        )

    def _entrance(self) -> azure.network.LoadBalancer:
        front: azure.network.FrontendIPConfigurationArgsDict = {"name": "front", "public_ip_address": {"id": self._address("entrance").id}}
        return azure.network.LoadBalancer(
            "entrance",
            load_balancer_name="entrance",
            resource_group_name=self._group.name,
            sku={"name": "Standard"},
            frontend_ip_configurations=[front],
            backend_address_pools=[{"name": "machines"}],
            load_balancing_rules=[self._rule()],
            probes=[{"name": "alive", "protocol": "Tcp", "port": 8080}],
        )

    def _rule(self) -> azure.network.LoadBalancingRuleArgs:
        def part(name: str) -> azure.network.SubResourceArgs:
            balancer = "/providers/Microsoft.Network/loadBalancers/entrance"
            return azure.network.SubResourceArgs(id=pulumi.Output.concat(self._group.id, f"{balancer}/{name}"))

        return azure.network.LoadBalancingRuleArgs(
            name="application",
            protocol="Tcp",
            frontend_port=80,
            backend_port=8080,
            frontend_ip_configuration=part("frontendIPConfigurations/front"),
            backend_address_pool=part("backendAddressPools/machines"),
            probe=part("probes/alive"),
        )
