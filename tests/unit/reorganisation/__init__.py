"""The reorganisation of 1 July 2025, as data and as a plan."""
