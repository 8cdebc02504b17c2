"""Alembic's environment: plain SQL revisions, one at a time, each in its own transaction."""

from shared.migrations import run

run()
