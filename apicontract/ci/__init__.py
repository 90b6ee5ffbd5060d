"""What a service for continuous integration tells a run, and what it is told back.

Knows the protocols of such services, and nothing of contracts: texts come in ready.
"""
