"""What generated REST clients stand on: operations as data, and the engine that carries them out."""
