"""Results as people and programs read them: one module per output, all fed the same results.

A reporter takes what the public API returns (`Diff`, `Comparison`, `Validation`, rules) and gives
text; it knows no file, no stream and no exit code. Positions are computed here, and only for what
is shown.
"""
