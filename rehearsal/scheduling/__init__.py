"""Pods find nodes in the clusters that a rehearsal made: the pools of each cluster, the ladder over them, and what is passed over."""
