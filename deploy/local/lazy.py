"""A group of commands that imports each one only when it is called, so that `nenep token` need not load a bench."""

import importlib
from collections.abc import Mapping

import click


class LazyGroup(click.Group):
    """A click group whose members in `lazy` are named `module:attribute` with the line shown in the help."""

    def __init__(self, *args: object, lazy: Mapping[str, tuple[str, str]] | None = None, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed through to click as they came
        self._lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names in the order they were declared."""
        return [*self.commands, *(name for name in self._lazy if name not in self.commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now if it was not."""
        if cmd_name not in self._lazy:
            return super().get_command(ctx, cmd_name)
        target, _ = self._lazy[cmd_name]
        module, _, attribute = target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command), target
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help's list of commands, without importing the lazy ones."""
        rows = []
        for name in self.list_commands(ctx):
            if name in self._lazy:
                rows.append((name, self._lazy[name][1]))
            elif not self.commands[name].hidden:
                rows.append((name, self.commands[name].get_short_help_str(limit=100)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)
