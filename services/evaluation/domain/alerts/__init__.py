"""Rules that begin and cease to hold for a unit: what they say of its months, and what that comes to. Pure."""
