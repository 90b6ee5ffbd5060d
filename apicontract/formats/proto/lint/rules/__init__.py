"""The rules of lint for protos, by what they look at."""
