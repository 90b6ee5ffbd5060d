"""gRPC on top of the layers: what clients and servers of every service share."""
