"""1 July 2025: a rehearsed province goes from three levels to two."""
