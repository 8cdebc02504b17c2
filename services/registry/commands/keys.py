"""Work on the keys of personal data that no request does: sealing what stood in plain columns, and rotation."""

from collections.abc import Callable
from typing import Final

import click

from services.registry.store import keyed
from services.registry.store.vault import SETTING, Vault
from shared.db import Connection

_BATCH: Final = 1000
Say = Callable[[str], object]


def seal_plain(conn: Connection, vault: Vault, say: Say) -> None:
    """Put every member's data that still stands in plain columns under a key; then the migration drops the columns.

    Raises click.ClickException when data keys are wrapped by keys that the settings do not have.
    """
    done = 0
    if keyed.has_plain_columns(conn):
        # Before the migration's transaction: what that one deletes it cannot take out of the table's file.
        keyed.forget_answers(conn)
        conn.commit()
    while keyed.has_plain_columns(conn) and (sealed := keyed.seal_plain(conn, vault, _BATCH)):
        conn.commit()
        done += sealed
        say(f"sealed {done} members' personal data")
    _require_keys(conn, vault)


def rotate(conn: Connection, vault: Vault, say: Say) -> None:
    """Wrap all data keys with the newest key, a batch to a transaction, and say what may be done with the old keys.

    What is done stays done: stopped half-way, it goes on where it was. Raises click.ClickException when data keys are
    wrapped by keys that the settings do not have.
    """
    _require_keys(conn, vault)
    rest = total = _left(conn, vault)
    say(f"{total} data keys are to be wrapped with {vault.newest!r}")
    for table in keyed.tables(conn):
        while keyed.rewrap(conn, vault, table, _BATCH):
            conn.commit()
            rest = _left(conn, vault)
            say(f"{total - rest} of {total} done")
    old = ", ".join(repr(key_id) for key_id in vault.key_ids[1:])
    if rest:
        say(
            f"{rest} còn dùng khoá cũ: kiểm tra mọi tiến trình đã có khoá {vault.newest!r}, rồi chạy lại. / {rest} "
            f"are in use, or came under an old key: see that every process has {vault.newest!r}, then run again."
        )
    elif old:
        say(
            f"Xong: không còn dữ liệu nào cần khoá {old}; bỏ khoá đó khỏi {SETTING} rồi khởi động lại. / Done: nothing "
            f"needs {old} any more. Take it out of {SETTING}, restart, and destroy it once no backup needs it."
        )
    else:
        say(f"Done: everything is wrapped with {vault.newest!r}, the only key of {SETTING}.")


def _left(conn: Connection, vault: Vault) -> int:
    return sum(count for key_id, count in keyed.counts(conn).items() if key_id != vault.newest)


def _require_keys(conn: Connection, vault: Vault) -> None:
    unknown = {key_id: count for key_id, count in keyed.counts(conn).items() if not vault.knows(key_id)}
    if unknown:
        listed = ", ".join(f"{key_id!r} ({count})" for key_id, count in sorted(unknown.items()))
        raise click.ClickException(
            f"{SETTING} thiếu khoá đang giữ dữ liệu: {listed}. Hãy thêm lại khoá đó sau khoá mới nhất. / "
            f"{SETTING} lacks keys that wrap data: {listed}. Put them back behind the newest one."
        )
