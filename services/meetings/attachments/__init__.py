"""Files attached to meetings and tasks: what may come in, and where it is kept."""
