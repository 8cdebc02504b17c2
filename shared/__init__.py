"""What the four services may share. Imports no service."""
