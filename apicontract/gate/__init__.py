"""The gate: what a branch does to the contracts of a repository, and whether it may.

Puts together what the other rooms know: which states to compare (repository), what differs and what is
wrong (formats), what that means here (policy). Gives plain values that reports read.
"""
