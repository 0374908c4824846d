"""Dated, sourced facts about the clouds, and their readers."""
