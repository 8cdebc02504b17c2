"""Whether the proofs prove something: each guard is taken out of a copy of the tree, and its test must fail there."""
