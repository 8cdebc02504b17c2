"""Pure rules: what is found wrong, who is told of it, in which words, and how long delivery is tried."""
