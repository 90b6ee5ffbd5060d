"""Our verdicts about protos beside buf's: on small pairs of known truth, and on Google's protos."""
