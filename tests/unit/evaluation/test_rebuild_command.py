"""The command that rebuilds says in words why it could not."""

import pytest
from click.testing import CliRunner

from services.evaluation.__main__ import main


def test_a_database_that_is_away_is_said_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENEP_SERVICE_NAME", "evaluation")
    monkeypatch.setenv("NENEP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    monkeypatch.setenv("NENEP_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    done = CliRunner().invoke(main, ["rebuild", "--verify"])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert "not done: OperationalError" in done.output
