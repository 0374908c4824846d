"""How a cloud's components are found, and what is said when they cannot be."""

import subprocess
import sys
from pathlib import Path

import pytest

from components.registry import CLOUDS, CloudUnavailable, deployer

ROOT = Path(__file__).resolve().parents[2]


def test_an_unknown_cloud_is_refused_with_the_known_ones():
    with pytest.raises(CloudUnavailable, match=r"^cloud: 'ibm' .*allowed: aws, gcp, azure; fix: .*$"):
        deployer("ibm")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_missing_sdk_is_named_with_the_extra_that_installs_it(cloud):
    program = f"""
import sys
sys.modules[{CLOUDS[cloud].sdk!r}] = None
from components.registry import CloudUnavailable, deployer
try:
    deployer({cloud!r})
except CloudUnavailable as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"pip install 'drydock[{cloud}]'" in done.stdout
    assert done.stdout.count("\n") == 1


def test_a_broken_import_inside_our_components_is_not_blamed_on_the_sdk(monkeypatch):
    monkeypatch.setitem(sys.modules, "components.aws", None)
    with pytest.raises(ModuleNotFoundError):
        deployer("aws")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_one_clouds_components_import_no_other_clouds_sdk(cloud):
    others = [known.sdk for name, known in CLOUDS.items() if name != cloud]
    program = f"import sys, components.{cloud}; print([sdk for sdk in {others!r} if sdk in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
