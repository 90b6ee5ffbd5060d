"""From schemas as written, in any dialect, to nodes."""
