"""Durations in the units that Google's APIs take."""

SECONDS_PER_DAY = 86_400
