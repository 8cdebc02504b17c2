"""Pages of the project; those that repeat what the code says are written by `generate.py`."""
