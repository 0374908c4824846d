"""Registers recorded resources, as a program would that has every value written out: the SDK's classes, no plan, no validation.

`resources.json` beside this file holds them in the order in which they were made.
"""

import importlib
import json
from pathlib import Path

import pulumi

made: dict[str, pulumi.Resource] = {}
recorded = json.loads((Path(__file__).parent / "resources.json").read_text())
for resource in recorded["resources"]:
    options = pulumi.ResourceOptions(
        parent=made.get(resource["parent"]),
        depends_on=[made[urn] for urn in resource["dependencies"]],
        protect=resource["protect"],
        retain_on_delete=resource["retainOnDelete"],
    )
    if resource["class"] is None:
        component = made[resource["urn"]] = pulumi.ComponentResource(resource["type"], resource["name"], opts=options)
        component.register_outputs(resource["outputs"])
    else:
        module, name = resource["class"]
        cls = getattr(importlib.import_module(module), name)
        made[resource["urn"]] = cls(resource["name"], opts=options, **resource["arguments"])
for name, value in recorded["outputs"].items():
    pulumi.export(name, value)
