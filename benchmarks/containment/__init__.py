"""Measures the verdicts of `apicontract.schemas`: on the public suite, at random, on real contracts."""
