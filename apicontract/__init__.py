"""Validate API contracts, compare two versions of one, and prove what breaks.

This module is the public API; the command line uses nothing else.
"""

from __future__ import annotations

__version__ = "0.1.0"
