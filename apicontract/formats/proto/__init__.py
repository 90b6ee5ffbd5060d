"""Protocol Buffers, proto2 to edition 2024: load, validate, diff."""
