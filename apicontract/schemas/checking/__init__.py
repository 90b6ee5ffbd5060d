"""The independent check of every witness: plain schemas for a validator that is not ours."""
