"""What a rehearsal shows: a live table on a terminal, a line every few seconds elsewhere. Vietnamese first."""

import threading
from collections.abc import Mapping
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from deploy.local.demo.compare import Comparison
from deploy.local.demo.run import Result
from deploy.local.demo.state import State

LINE_EVERY: Final = 5.0
_COLUMNS: Final = ("Chi bộ", "Đã họp", "Thiếu", "Dự họp", "Đúng hạn", "Kết luận", "Giao việc")


class Screen:
    """Shows `state` from `start` to `stop`."""

    def __init__(self, state: State, console: Console | None = None) -> None:
        self._state = state
        self.console = console or Console()
        self._live = Live(get_renderable=self.picture, console=self.console, refresh_per_second=2, transient=True)
        self._ending = threading.Event()
        self._printer = threading.Thread(target=self._print_lines, name="demo-screen", daemon=True)

    def start(self) -> None:
        """Begin to show the state."""
        if self.console.is_terminal:
            self._live.start()
        else:
            self._printer.start()

    def stop(self) -> None:
        """Show it no more; the terminal is free. A second time does nothing."""
        if self.console.is_terminal:
            self._live.stop()
        else:
            self._ending.set()
            self._printer.join()

    def _print_lines(self) -> None:
        last = ""
        while True:
            ended = self._ending.wait(LINE_EVERY)
            line = self.line()
            if self._state.province and line != last:
                self.console.print(line, markup=False, highlight=False, soft_wrap=True)
                last = line
            if ended:
                return

    def line(self) -> str:
        """The state in one line."""
        state = self._state
        if not state.expected:
            return f"{state.province}: {state.phase}"
        left = state.remaining()
        return (
            f"{state.province} · {state.phase} · {_number(state.meetings)}/{_number(state.expected)} cuộc họp · "
            f"{state.rate():.0f}/s{'' if left is None else f' · còn {_span(left)}'} · {_number(state.notices)} nhắc nhở"
        )

    def picture(self) -> RenderableType:
        """The state as a picture: progress, the districts, the addresses."""
        state = self._state
        parts: list[RenderableType] = [Text.assemble(("Nền nếp ", "bold"), f"{state.province} · {state.phase}")]
        if state.clock is not None:
            parts[0] = Text.assemble(parts[0], (f" · {state.clock:%d/%m/%Y %H:%M}", "cyan"))  # type: ignore[arg-type]  # it is the Text made above
        if state.expected:
            left = state.remaining()
            words = f" {_number(state.meetings)} / {_number(state.expected)} cuộc họp · {state.rate():.0f}/s"
            bar = Table.grid(padding=(0, 1))
            bar.add_row(
                ProgressBar(total=state.expected, completed=state.meetings, width=40),
                words + (f" · còn {_span(left)}" if left is not None else ""),
            )
            parts.append(bar)
        if state.children:
            parts.append(self._table())
        if state.page:
            parts.append(
                Text.assemble(
                    ("Nhắc nhở ", "bold"),
                    f"{_number(state.notices)} · thư {_number(state.mails)} · "
                    f"đính chính {_number(state.corrections)} · gửi lặp {_number(state.repeated)} · "
                    f"từng bước {_number(state.steps)}",
                )
            )
            parts.append(Text(f"Trang trực tiếp / live page: {state.page}", overflow="fold"))
        if state.folder:
            parts.append(Text(f"Dữ liệu / data: {state.folder}", style="dim"))
        return Group(*parts)

    def _table(self) -> Table:
        table = Table(title=f"Tháng {self._state.month}", box=None, header_style="bold", pad_edge=False)
        table.add_column("Đảng bộ", no_wrap=True)
        for name in _COLUMNS:
            table.add_column(name, justify="right")
        for child in self._state.children:
            parts, derived = child.parts, child.derived
            table.add_row(
                escape(child.name),
                _number(parts["branches"]),
                _number(parts["regular_held"]),
                _number(int(derived.get("missing") or 0) or int(derived.get("awaited") or 0)),
                *(
                    _share(derived.get(name))
                    for name in ("attendance_rate", "on_time_rate", "conclusion_rate", "task_rate")
                ),
            )
        return table


def print_result(console: Console, result: Result) -> None:
    """What came out: the comparison first, then the counts and times."""
    print_comparison(console, result.comparison, equal=result.equal)
    counts, seconds = result.counts, result.seconds
    console.print(
        f"{_number(result.branches)} chi bộ, {_number(result.members)} đảng viên; "
        f"{_number(counts['meetings'])} cuộc họp ({result.meetings_per_second:.0f}/s), "
        f"{_number(counts['completions'])} nhiệm vụ xong, "
        f"{_number(counts['corrections'])} đính chính, {_number(counts['repeated'])} gửi lặp, "
        f"{_number(counts['out_of_order'])} sai thứ tự, "
        f"{_number(counts['steps'])} lượt từng bước, {_number(counts['notices'])} nhắc nhở, "
        f"{_number(counts['mails'])} thư; {result.requests_sent_again} yêu cầu gửi lại.",
        highlight=False,
        soft_wrap=True,
    )
    if result.late_to_catch_up:
        console.print(f"Chậm / late: {', '.join(result.late_to_catch_up)}", style="yellow", soft_wrap=True)
    print_kills(console, result.kills, result.requests_sent_again)
    told = ", ".join(f"{name} {_span(value)}" for name, value in seconds.items())
    console.print(f"Thời gian / seconds: {told}", highlight=False, soft_wrap=True)


def print_comparison(console: Console, found: Comparison, *, equal: bool) -> None:
    """Whether every figure was what it must be, and the first that were not."""
    style = "bold green" if equal else "bold red"
    verdict = "KHỚP / equal" if equal else f"LỆCH / {_number(found.differing)} differ"
    console.print(
        Text.assemble(
            (verdict, style),
            f": {_number(found.units)} đơn vị × {found.months} tháng"
            f"{f' và {len(found.longer)} kỳ dài hơn' if found.longer else ''} × {found.figures} số "
            f"{'=' if found.due == found.units * found.months * found.figures else '→'} "
            f"{_number(found.compared)} số đã đối chiếu",
        ),
        soft_wrap=True,
    )
    for name, reason in found.left_out.items():
        console.print(
            f"  không đối chiếu / left out: {name} ({reason})", style="yellow", highlight=False, soft_wrap=True
        )
    for one in found.first:
        console.print(
            f"  {one.month} {one.unit} ({one.code}) {one.figure}: phải là {one.expected}, nhận {one.answered}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def print_kills(console: Console, kills: Mapping[str, int], sent_again: int) -> None:
    """How often each process was killed meanwhile; nothing when none was."""
    if kills:
        listed = ", ".join(f"{count} {name}" for name, count in sorted(kills.items()))
        console.print(
            f"SIGKILL {sum(kills.values())}: {listed}; {sent_again} yêu cầu gửi lại / requests sent again",
            highlight=False,
            soft_wrap=True,
        )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.1f} %".replace(".", ",")


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds // 60:.0f} ph {seconds % 60:02.0f} s"
