"""The command line: help without arguments, members imported only when called, refusals that say what to do."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from deploy.local.cli import nenep
from deploy.local.errors import LocalError
from deploy.local.lazy import LazyGroup


def test_without_arguments_it_prints_help() -> None:
    shown = CliRunner().invoke(nenep, [])
    for name in ("up", "down", "status", "token", "logs", "demo", "bench", "deadletters"):
        assert f"  {name}" in shown.output


def test_a_lazy_member_is_imported_when_called_and_not_before() -> None:
    @click.group(cls=LazyGroup, lazy={"far": ("no.such.module:far", "What far does.")})
    def group() -> None:
        """A group."""

    assert "What far does." in CliRunner().invoke(group, ["--help"]).output
    with pytest.raises(ModuleNotFoundError):
        CliRunner().invoke(group, ["far"], catch_exceptions=False)


def test_a_lazy_member_runs() -> None:
    @click.group(cls=LazyGroup, lazy={"issue": ("deploy.local.cli:token", "Issue.")})
    def group() -> None:
        """A group."""

    assert "--role" in CliRunner().invoke(group, ["issue", "--help"], catch_exceptions=False).output


def test_status_and_down_where_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="No suite runs"):
        CliRunner().invoke(nenep, ["status", "--data", str(tmp_path)], catch_exceptions=False)
    assert "no suite runs" in CliRunner().invoke(nenep, ["down", "--data", str(tmp_path)]).output


def test_a_token_is_printed_alone(tmp_path: Path) -> None:
    shown = CliRunner().invoke(nenep, ["token", "--data", str(tmp_path)])
    assert shown.output.count(".") == 2
    assert shown.output.count("\n") == 1


def test_a_unit_that_is_no_uuid_is_refused(tmp_path: Path) -> None:
    arguments = ["token", "--data", str(tmp_path), "--role", "member", "--unit", "chi-bo-1"]
    with pytest.raises(LocalError, match="--unit chi-bo-1: not a UUID"):
        CliRunner().invoke(nenep, arguments, catch_exceptions=False)


def test_logs_names_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "mail.log").write_text("".join(f"line {number}\n" for number in range(9)))
    shown = CliRunner().invoke(nenep, ["logs", "mail", "-n", "2", "--data", str(tmp_path)])
    assert shown.output == "line 7\nline 8\n"
    with pytest.raises(LocalError, match=r"No log kafka; there are: mail\."):
        CliRunner().invoke(nenep, ["logs", "kafka", "--data", str(tmp_path)], catch_exceptions=False)
