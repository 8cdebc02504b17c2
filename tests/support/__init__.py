"""What tests of several services need: events as their owners publish them, and waiting for a condition."""
