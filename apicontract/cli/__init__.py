"""The command line: one module per command, options in, exit codes out. No logic of its own."""
