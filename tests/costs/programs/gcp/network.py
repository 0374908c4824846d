"""One network with a subnetwork for machines and pods, and a way out that no machine's own address is needed for."""

import pulumi_gcp as gcp


def network(region: str) -> gcp.compute.Subnetwork:
    """The subnetwork that everything stands in."""
    made = gcp.compute.Network("research", auto_create_subnetworks=False)
    ranges: list[gcp.compute.SubnetworkSecondaryIpRangeArgsDict] = [
        {"range_name": "pods", "ip_cidr_range": "10.64.0.0/14"},
        {"range_name": "services", "ip_cidr_range": "10.68.0.0/20"},
    ]
    machines = gcp.compute.Subnetwork(
        "machines",
        network=made.id,
        region=region,
        ip_cidr_range="10.60.0.0/20",
        private_ip_google_access=True,
        secondary_ip_ranges=ranges,
    )
    gcp.compute.Subnetwork("consoles", network=made.id, region=region, ip_cidr_range="10.61.0.0/24")
    gcp.compute.Firewall("inside", network=made.id, source_ranges=["10.60.0.0/14"], allows=[{"protocol": "all"}])
    router = gcp.compute.Router("out", network=made.id, region=region)
    gcp.compute.RouterNat(
        "out",
        router=router.name,
        region=region,
        nat_ip_allocate_option="AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
    )
    return machines
