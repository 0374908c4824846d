"""Drydock's own program, but for charts, which cannot be pulled here, and the way to the cluster, which is the test's."""

import os
import runpy
from importlib import import_module
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

ROOT = Path(__file__).resolve().parents[4]


def no_chart(_name: str, **_arguments: Any) -> None:
    """Stands for a Helm release; its namespace and all else that the add-on owns are made."""


def way_in(*_facts: object) -> pulumi.Output[str]:
    """The kubeconfig of the test's control plane, whatever cluster was made."""
    return pulumi.Output.from_input(Path(os.environ["KUBECONFIG"]).read_text())


kubernetes.helm.v3.Release = no_chart  # pyright: ignore[reportAttributeAccessIssue]
cloud = pulumi.Config("drydock").require_object("environment")["cloud"]
if cloud != "kubernetes":
    vars(import_module(f"components.{cloud}.cluster"))["kubeconfig"] = way_in
runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
