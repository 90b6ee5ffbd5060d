"""HTTP as generated clients speak it: requests and answers, parameters, bodies, credentials, pages.

Only `transport` knows httpx; no module knows a contract.
"""
