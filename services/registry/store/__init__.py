"""SQL of the registry's own database."""
