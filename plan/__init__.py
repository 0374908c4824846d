"""From an environment to a plan: every choice made once, with its reason."""

from plan.planner import plan

__all__ = ["plan"]
