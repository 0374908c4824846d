"""Guardrails: what may not pass, in any Pulumi program."""
