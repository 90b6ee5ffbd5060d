"""What generated servers are made of: reading requests, checking, answering, limits, health.

Knows FastAPI, no contract.
"""
