"""What a rebuild, a verification or figures as of a past moment came to, in lines for a person."""

from collections.abc import Iterator, Sequence

from services.evaluation.differences import Cause, Difference
from services.evaluation.rebuild import Outcome

_KINDS = {
    "meeting": "cuộc họp / meeting",
    "task": "nhiệm vụ / task",
    "sheet": "phiếu chấm / sheet of meeting",
    "roster": "danh sách / roster of branch",
    "path": "tuyến cấp trên / path of branch",
    "rule": "quy định / rule",
    "sum": "số cộng giữ sai / sum kept wrongly",
}


def lines(outcome: Outcome, *, kept_as: str | None = None) -> Iterator[str]:
    """The outcome, aligned; then the first difference and its causes, or the months of the highest units."""
    rows = [
        ("sự kiện / events", f"{outcome.events:,}"),
        ("giây / seconds", f"{outcome.seconds:.1f}"),
        ("mỗi giây / per second", f"{outcome.events / outcome.seconds:,.0f}"),
        ("đơn vị-tháng / unit-months", f"{outcome.unit_months:,}"),
        ("khác / different", f"{outcome.different:,}"),
    ]
    if outcome.verified is not None:
        rows.append(("dữ kiện khác / different facts", f"{outcome.verified.facts:,}"))
    if outcome.gone:
        rows.append(("không còn trong nhật ký / gone from the log", f"{outcome.gone:,}"))
    done = "đã thay / put in place" if outcome.swapped else "giữ nguyên / nothing changed"
    rows.append(("số liệu / live figures", done))
    if kept_as is not None:
        rows.append(("lược đồ / schema", kept_as))
    yield from _aligned(rows)
    if outcome.verified is not None and outcome.verified.first is not None:
        yield from _difference(outcome.verified.first)
    elif outcome.verified is not None and outcome.verified.some_facts:
        yield ""
        yield "Số liệu đúng, dữ kiện khác / the figures are right, facts differ"
        yield from _told(outcome.verified.some_facts)
    if outcome.roots:
        header = ("đơn vị / unit", "tháng / month", "họp / held", "nay / now", "có mặt / present", "nay / now")
        yield ""
        yield from _aligned(
            [
                header,
                *(
                    (
                        one.unit_id,
                        one.month,
                        *map(str, (one.held_then, one.held_now, one.present_then, one.present_now)),
                    )
                    for one in outcome.roots
                ),
            ]
        )


def _difference(found: Difference) -> Iterator[str]:
    yield ""
    yield "Khác biệt đầu tiên / first difference"
    yield from _aligned(
        [
            ("đơn vị / unit", f"{found.code} {found.name} ({found.unit_id})"),
            ("tháng / month", found.month),
            ("chỉ tiêu / figure", found.figure),
            ("đang có / live", str(found.live)),
            ("theo nhật ký / by the log", str(found.rebuilt)),
        ]
    )
    yield from _told(found.causes)


def _told(causes: Sequence[Cause]) -> Iterator[str]:
    for cause in causes:
        yield f"do / because: {_KINDS[cause.kind]} {cause.what}"
        yield f"    đang có / live: {cause.live}; theo nhật ký / by the log: {cause.rebuilt}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(str.ljust, row, widths)).rstrip()
