"""Teams: namespaces, quotas, whom pods may speak to, and the queues for accelerators. Expected values are worked out by hand."""

from dataclasses import replace

import pytest

from plan.model import SharingPlan, SubnetPlan
from plan.queues import parts
from tests.components.plans import network_plan, pool_plan, rung_plan
from tests.plan.inside import inside


def teams(found):
    return {team.name: team for team in found.plan.teams}


def shares(found, team, flavor="gpu"):
    queue = next(queue for queue in found.plan.queues if queue.name == team)
    share = queue.shares["nvidia.com/gpu"][flavor]
    return share.nominal, share.borrowing


@pytest.mark.parametrize(("stage", "standard"), [("dev", "baseline"), ("staging", "baseline"), ("prod", "restricted")])
def test_pods_have_no_rights_of_their_node_in_production(stage, standard):
    assert teams(inside(stage=stage, teams={"search": {}}))["search"].pod_security == standard


def test_a_team_has_a_namespace_of_its_own_name_or_of_another():
    found = teams(inside(teams={"search": {}, "vision": {"namespace": "team-vision"}}))
    assert (found["search"].namespace, found["vision"].namespace) == ("search", "team-vision")


@pytest.mark.parametrize(
    ("namespace", "path"),
    [("kube-public", "teams.a.namespace"), ("default", "teams.a.namespace"), ("keda", "teams.a.namespace"), ("b", "teams.b")],
)
def test_a_namespace_that_is_taken_is_a_fault(namespace, path):
    assert inside(add_ons={"keda": "install"}, teams={"a": {"namespace": namespace}, "b": {}}).paths == [path]


def test_the_namespace_of_an_add_on_that_is_not_there_is_free():
    assert not inside(teams={"a": {"namespace": "keda"}}).faults


def test_a_group_of_kubernetes_itself_is_a_fault():
    assert inside(teams={"a": {"group": "system:masters"}}).paths == ["teams.a.group"]
    assert not inside(teams={"a": {"group": "engineers"}}).faults


def test_a_quota_is_written_in_the_names_of_kubernetes():
    quota = teams(inside(teams={"a": {"quota": {"gpus": 3, "vcpus": 64, "memoryGib": 1.5, "pods": 50}}}))["a"].quota
    assert quota.hard == {"requests.nvidia.com/gpu": "3", "requests.cpu": "64", "requests.memory": "1536Mi", "pods": "50"}
    assert teams(inside(teams={"a": {}}))["a"].quota is None


def test_gpus_of_two_makers_are_limited_each():
    amd = replace(pool_plan("aws", "amd", gpu=True), resource="amd.com/gpu")
    found = inside(pools=[pool_plan("aws", "gpu", gpu=True), amd], add_ons={"gpuOperator": "existing"}, teams={"a": {"quota": {"gpus": 2}}})
    assert teams(found)["a"].quota.hard == {"requests.amd.com/gpu": "2", "requests.nvidia.com/gpu": "2"}


@pytest.mark.parametrize(("word", "field"), [("tpuChips", "tpuChips"), ("neuronDevices", "neuronDevices")])
def test_a_quota_of_what_no_pool_has_is_a_fault(word, field):
    assert inside(teams={"a": {"quota": {word: 4}}}).paths == [f"teams.a.quota.{field}"]
    assert not inside(teams={"a": {"quota": {word: 0}}}).faults


def test_a_pool_that_is_faulty_makes_no_faults_of_quotas():
    words = {"teams": {"a": {"quota": {"gpus": 4}}}, "nodePools": {"gpu": {"accelerator": "nvidia-l4"}}}
    assert inside(pools=[pool_plan("aws")], **words).paths == []
    assert inside(pools=[pool_plan("aws")], teams=words["teams"]).paths == ["teams.a.quota.gpus"]


def test_a_quota_that_the_pools_cannot_fill_is_said():
    # The GPU pool of these tests has 4 nodes with one GPU each.
    assert "4 at most" in inside(teams={"a": {"quota": {"gpus": 5}}}).decisions["teams.a.quota.gpus"].reason
    assert "teams.a.quota.gpus" not in inside(teams={"a": {"quota": {"gpus": 4}}}).decisions


def test_a_quota_of_shared_gpus_counts_parts_and_says_so():
    shared = pool_plan("aws", "gpu", gpu=True, sharing=SharingPlan(strategy="timeSlicing", clients=4), resources_per_node=4)
    found = inside(pools=[shared], teams={"a": {"quota": {"gpus": 16}}})
    assert found.decisions["teams.a.quota.gpus.unit"].chosen == "parts"
    assert "teams.a.quota.gpus" not in found.decisions


def test_who_may_be_reached_may_also_be_called():
    found = teams(inside(teams={"search": {"namespace": "s"}, "vision": {"allowFrom": ["search"]}}))
    assert (found["vision"].allow_from, found["vision"].allow_to) == (("s",), ())
    assert (found["search"].allow_from, found["search"].allow_to) == ((), ("vision",))


def test_an_unknown_team_is_a_fault_with_the_nearest():
    (fault,) = inside(teams={"search": {}, "vision": {"allowFrom": ["serach"]}}).faults
    assert (fault.path, fault.fix) == ("teams.vision.allowFrom", "write search")
    assert inside(teams={"a": {"allowFrom": ["a"]}}).paths == ["teams.a.allowFrom"]


def test_only_who_asks_reaches_the_internet():
    found = teams(inside(teams={"a": {}, "b": {"internetEgress": True}}))
    assert (found["a"].internet_egress, found["b"].internet_egress) == (False, True)


def test_pods_reach_identity_and_services_of_their_cloud_and_nothing_else():
    # Google Cloud: private.googleapis.com is 199.36.153.8/30; EKS Pod Identity answers at 169.254.170.23.
    assert ("199.36.153.8/30", (443,)) in [(each.cidr, each.ports) for each in inside("gcp").plan.egress]
    assert [(each.cidr, each.ports) for each in inside("aws").plan.egress] == [("169.254.170.23/32", (80,))]
    assert inside("kubernetes").plan.egress == ()


def test_pods_reach_the_private_endpoints_of_the_network():
    from plan.model import PrivateEndpointPlan

    blob = PrivateEndpointPlan(name="blob", service="blob", kind="interface")
    with_endpoints = inside("azure", network=network_plan("azure", private_endpoints=(blob,)))
    assert network_plan("azure").endpoint_subnet == SubnetPlan(name="endpoints", cidr="10.40.64.0/24")
    assert "10.40.64.0/24" in [each.cidr for each in with_endpoints.plan.egress]
    assert "10.40.64.0/24" not in [each.cidr for each in inside("azure", network=network_plan("azure")).plan.egress]


def test_workloads_without_a_team_share_a_closed_namespace():
    found = inside(workloads={"w": {"image": "a:1", "pool": "cpu"}})
    assert [team.namespace for team in found.plan.teams] == ["workloads"]
    assert found.plan.workloads[0].namespace == "workloads"
    assert inside().plan.teams == ()


def test_each_pool_with_accelerators_is_a_flavor():
    found = inside(teams={"a": {}, "b": {}})
    (flavor,) = found.plan.flavors
    assert (flavor.name, flavor.node_labels, flavor.quota) == ("gpu", {"drydock/pool": "gpu"}, {"nvidia.com/gpu": "4"})
    assert [each.key for each in flavor.tolerations] == ["nvidia.com/gpu"]


def test_quotas_that_fit_are_each_teams_own():
    found = inside(teams={"a": {"quota": {"gpus": 3}}, "b": {"quota": {"gpus": 1}}})
    assert (shares(found, "a"), shares(found, "b")) == (("3", "0"), ("1", "0"))


def test_quotas_that_do_not_fit_are_shared_out_and_the_rest_is_borrowed():
    # 4 GPUs for 4 and 2: two thirds and one third of 4 are 2.67 and 1.33, so 3 and 1.
    found = inside(teams={"a": {"quota": {"gpus": 4}}, "b": {"quota": {"gpus": 2}}})
    assert (shares(found, "a"), shares(found, "b")) == (("3", "1"), ("1", "1"))
    assert "6 of the 4" in found.decisions["nodePools.gpu.shares"].reason


def test_a_team_without_a_quota_may_borrow_all_that_there_is():
    found = inside(teams={"a": {}, "b": {}})
    assert (shares(found, "a"), shares(found, "b")) == (("2", "2"), ("2", "2"))


def test_no_part_of_a_capacity_is_lost():
    assert parts(4, {"a": 4, "b": 2}) == {"a": 3, "b": 1}
    assert parts(7, {"a": 5, "b": 5, "c": 5}) == {"a": 3, "b": 2, "c": 2}
    assert parts(1, {"a": 1, "b": 1}) == {"a": 1, "b": 0}


def test_queues_borrow_from_one_another():
    queues = inside(teams={"a": {}, "b": {}}).plan.queues
    assert {queue.cohort for queue in queues} == {"teams"}
    assert [queue.namespace for queue in queues] == ["a", "b"]
    assert inside(teams={"a": {}, "b": {}}, add_ons={"kueue": "off"}).plan.queues == ()


def test_a_queued_pool_is_asked_for_before_its_job_starts():
    queued = pool_plan("gcp", "gpu", gpu=True, rungs=(rung_plan("gcp", "gpu", "flexStart", queued=True),))
    assert [flavor.queued for flavor in inside("gcp", pools=[queued]).plan.flavors] == [True]
    assert [flavor.queued for flavor in inside("gcp", teams={"a": {}, "b": {}}).plan.flavors] == [False]
