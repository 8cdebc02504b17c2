"""The rehearsal: a province and its year from a seed, sent through the doors, checked against a plain count."""
