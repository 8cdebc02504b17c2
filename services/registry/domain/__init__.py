"""The rules of the registry: pure, no framework, no input or output."""
