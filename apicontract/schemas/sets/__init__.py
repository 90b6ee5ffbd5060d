"""Sets of JSON values: nodes, the atoms they are made of, and whether a value is in one."""
