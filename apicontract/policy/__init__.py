"""The team's policy: configuration, profiles, suppressions, baseline, versions, and the verdict they lead to.

Knows changes and findings, however they came about; no format, no git, no file but its own.
"""
