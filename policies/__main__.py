"""The policy pack, and nothing else: making it starts its server, so whoever wants a check imports `policies.registry`."""

import sys
from pathlib import Path

# The engine starts the pack in its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pulumi_policy import PolicyPack

from policies.pack import pack

PolicyPack("drydock", policies=pack().policies())
