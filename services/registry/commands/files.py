"""A file brought in, from its bytes to the books: read cell by cell, judged as a whole, saved or refused."""

from collections.abc import Sequence
from typing import Final

import msgspec
import psycopg

from services.registry.commands.imports import Imported, Step, import_rows
from services.registry.commands.work import Work
from services.registry.domain.audit import Entry
from services.registry.domain.reach import Reach
from services.registry.domain.sheets import CellFault
from services.registry.files.kinds import Limits
from services.registry.files.reading import ReadFile, read_file
from services.registry.files.refusals import FileRefused
from services.registry.files.report import report
from services.registry.store import audit as audit_rows
from services.registry.store import reach as reach_rows
from services.registry.store.files import Job, Named, Outcome, Refused
from shared.errors import Forbidden, Refusal, Text, Unprocessable

_FIRST_FAULTS: Final = 100


class Counted:
    """How far a job has come; another thread reads it."""

    def __init__(self) -> None:
        self.read = self.judged = self.saved = 0
        self.expected: int | None = None

    def rows_read(self, rows: int, expected: int) -> None:
        """So many rows are read, of about so many."""
        self.read, self.expected = rows, expected

    def rows_done(self, step: Step, rows: int) -> None:
        """So many rows are judged or saved."""
        setattr(self, step, rows)


def carry_out(work: Work, job: Job, limits: Limits, counted: Counted) -> Outcome:
    """Do what a file asks, in a savepoint of `work.conn`; what is refused leaves nothing behind.

    The sender's rights are those of the upload, as far as they reach today.
    """
    mapping = job.asked.mapping
    try:
        found = read_file(job.content, job.taken.kind, mapping, limits, counted.rows_read)
    except FileRefused as refusal:
        return Outcome("refused", Refused(refusal.rule, refusal.message))
    if found.faults:
        return _refused(job, limits, "cells", found.faults)
    try:
        done = _import(work, job, found, counted)
    except (Unprocessable, Forbidden) as refusal:
        placed = [found.placed(fault) for fault in refusal.faults]
        return _refused(
            job, limits, refusal.rule, sorted(placed, key=lambda fault: (fault.sheet, fault.row, fault.column))
        )
    except Refusal as refusal:
        return Outcome("refused", Refused(refusal.rule, refusal.message))
    return Outcome("done", counts=msgspec.to_builtins(done))


def _import(work: Work, job: Job, found: ReadFile, counted: Counted) -> Imported:
    taken = job.taken
    reach = Reach(everything=True)
    if not taken.everything:
        reach = Reach(everything=False, units=reach_rows.covered(work.conn, taken.grants, work.today))
    with work.conn.transaction() as savepoint:
        done = import_rows(work, found.units, found.members, reach, found.villages, counted.rows_done)
        entry = Entry("file.imported", "import", taken.file_id, None, None, msgspec.to_builtins(done))
        audit_rows.record(work.conn, work.author, [entry])
        if taken.dry_run:
            raise psycopg.Rollback(savepoint)
    return done


def _refused(job: Job, limits: Limits, rule: str, faults: Sequence[CellFault]) -> Outcome:
    said = Text(
        f"{len(faults)} chỗ chưa đúng; chưa có gì được lưu. Sửa các ô được tô đỏ rồi gửi lại tệp.",
        f"{len(faults)} fault(s); nothing was saved. Correct the cells in red and send the file again.",
    )
    marked = report(job.content, job.taken.kind, job.asked.mapping, limits, faults, [job.asked.name, said.vi, said.en])
    return Outcome(
        "refused",
        Refused(rule, said),
        faults=len(faults),
        named=tuple(Named(fault.place, fault.rule, fault.message, fault.source) for fault in faults[:_FIRST_FAULTS]),
        report=marked,
    )


def failed(what: str) -> Outcome:
    """The job could not be carried out, and no further attempt will be made; `what` is a short stable name."""
    return Outcome(
        "failed",
        Refused(
            what,
            Text(
                "Hệ thống gặp lỗi khi xử lý tệp; chưa có gì được lưu. Hãy báo người quản trị mã tệp này rồi gửi lại.",
                "Something broke here over this file; nothing was saved. Give the administrator the file's id, and "
                "send it again.",
            ),
        ),
    )
