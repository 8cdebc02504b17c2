"""The live page in a real browser, over evaluation's own API and database."""
