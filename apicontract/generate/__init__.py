"""From a contract to code."""
