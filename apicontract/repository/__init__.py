"""What a repository holds: its files in one state or another, the contracts among them, and their base.

Knows git and files; of contracts only how their texts begin and what they refer to. Reads by plumbing:
no checkout, nothing written into the user's repository, no network unless it is asked for.
"""
