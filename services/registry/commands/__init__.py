"""One function per command: load, let the domain decide, save, publish."""
