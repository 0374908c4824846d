"""One module for each concept: rules over resources, each a check."""
