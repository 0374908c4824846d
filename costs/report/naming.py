"""What a URN tells a reader."""


def kind_of(urn: str) -> str:
    """The resource's own type in a URN, without its parents' types: `aws:eks/nodeGroup:NodeGroup`."""
    return urn.split("::", 3)[2].rpartition("$")[2] if urn.count("::") > 2 else ""


def kind_word(urn: str) -> str:
    """The last word of its type: `NodeGroup`."""
    return kind_of(urn).rpartition(":")[2]
