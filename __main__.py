"""The Pulumi program: read the configuration, plan it, deploy the plan, export what it gives."""

import gc

import pulumi

from components import deploy
from components.registry import CloudUnavailable
from environment.faults import EnvironmentInvalid
from environment.load import KEY
from environment.provider_config import KEYS
from plan.checked import plan_config

# What is made lives until the program ends: looking through it for garbage took a fifth of the time of a hundred endpoints.
gc.set_threshold(20_000, 20, 20)

if pulumi.runtime.is_config_secret(KEY):
    raise pulumi.RunError(f"{KEY}: is a secret, so no plan can be shown; allowed: plain text; fix: keep secrets in keys of their own")
config = {key: pulumi.Config(key.split(":")[0]).get(key.split(":")[1]) for key in KEYS}
try:
    outputs = deploy(plan_config({**config, KEY: pulumi.Config("drydock").get_object("environment")}))
except (EnvironmentInvalid, CloudUnavailable) as error:
    raise pulumi.RunError(str(error)) from None
for concept, value in outputs.items():
    pulumi.export(concept, value)
