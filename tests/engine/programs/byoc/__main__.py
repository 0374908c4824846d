"""Pinecone's platform for a customer's own account, of its public components: one stack on Google Cloud, one on Azure."""

from importlib import import_module

import pulumi

# Only one cloud's SDK is loaded.
import_module({"gcp": "on_gcp", "azure": "on_azure"}[pulumi.get_stack()])
