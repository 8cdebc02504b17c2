"""The database of evaluation, as its own tests have it."""

from tests.integration.evaluation.conftest import conn, database

__all__ = ["conn", "database"]
