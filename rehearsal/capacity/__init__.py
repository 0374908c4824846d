"""Nodes of the simulated regions: what resources ask for, what a region has left of it, and how a cloud says no."""
