"""Bytes and JSON that prove a break, made and read by the protobuf runtime."""

from __future__ import annotations

from apicontract.formats.proto.witness.proof import Proof
from apicontract.formats.proto.witness.prover import Prover

__all__ = ["Proof", "Prover"]
