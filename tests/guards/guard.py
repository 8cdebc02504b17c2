"""What a declaration says: a guard, how it is taken out, and how its test then fails."""

from typing import Final

import msgspec

BATCH: Final = "shared/kafka/batch.py"
STREAM: Final = "services/evaluation/stream.py"
_FEW: Final = "services/evaluation/few.py"
_MERGE: Final = "services/evaluation/merge.py"
WORKER: Final = "tests/broker/test_evaluation_worker.py::"


class Edit(msgspec.Struct, frozen=True):
    """A text that occurs once in `file`, and what stands there instead when the guard is out."""

    file: str
    old: str
    new: str


class Guard(msgspec.Struct, frozen=True):
    """A guard and its removal.

    `name` is its word on the command line, `fails_with` a regular expression for the message of the failure that its
    absence causes, `proof` the letter of the proof that rests on it (empty: a test beside the proofs).
    """

    name: str
    promise: str
    removal: str
    edits: tuple[Edit, ...]
    test: str
    fails_with: str
    proof: str = ""


NO_POSITION: Final = (
    Edit(
        BATCH,
        "fresh = [record for record in records if record.offset >= held[record.topic, record.partition].next_offset]",
        "fresh = list(records)",
    ),
)
NO_VERSION: Final = (
    Edit(
        _FEW,
        'newer = [row for row in rows if row[key] not in known or known[row[key]]["version"] < row["version"]]',
        "newer = list(rows)",
    ),
    Edit(_FEW, " where t.version < excluded.version", ""),
    Edit(_MERGE, '.filter(pl.col("known_version").is_null() | (pl.col("known_version") < pl.col("version")))', ""),
    Edit(_MERGE, " where t.version < excluded.version", ""),
)
