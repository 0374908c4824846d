"""How a cloud's components are found, and what is said when they cannot be."""

import sys

import pytest

from components.registry import CLOUDS, CloudUnavailable, deployer

KUBERNETES = CLOUDS["kubernetes"].sdk


def test_an_unknown_cloud_is_refused_with_the_known_ones():
    with pytest.raises(CloudUnavailable, match=r"^cloud: 'ibm' .*allowed: aws, gcp, azure, kubernetes; fix: .*$"):
        deployer("ibm")


@pytest.fixture
def without(monkeypatch):
    """Takes modules away, so that importing them fails, and has the components imported anew."""

    def run(*modules):
        for name in [name for name in sys.modules if name.startswith("components.") and name != "components.registry"]:
            monkeypatch.delitem(sys.modules, name)
        for module in modules:
            monkeypatch.setitem(sys.modules, module, None)

    return run


@pytest.mark.parametrize(("cloud", "sdk"), [*((cloud, known.sdk) for cloud, known in CLOUDS.items()), ("aws", KUBERNETES)])
def test_a_missing_sdk_is_named_with_the_extra_that_installs_it(without, cloud, sdk):
    without(sdk)
    with pytest.raises(CloudUnavailable) as caught:
        deployer(cloud)
    assert sdk in str(caught.value)
    assert f"pip install 'drydock[{cloud}]'" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_broken_import_inside_our_components_is_not_blamed_on_the_sdk(monkeypatch):
    monkeypatch.setitem(sys.modules, "components.aws", None)
    with pytest.raises(ModuleNotFoundError):
        deployer("aws")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_one_clouds_components_import_no_other_clouds_sdk(without, cloud):
    # What stands in clusters is Kubernetes' everywhere.
    without(*[known.sdk for name, known in CLOUDS.items() if name not in (cloud, "kubernetes")])
    assert deployer(cloud).__module__ == f"components.{cloud}"
