"""What PostgreSQL says of a row it refuses names people; the log must not."""

import json
import subprocess
import sys

_PROCESS = """
import sys
from shared import db, logging
logging.configure("test", "worker", "info")
log = logging.get("test")
with db.connect(sys.argv[1], name="test", autocommit=True) as conn:
    conn.execute("create table person (name text, born date check (born < '2020-01-01'), note text)")
    try:
        try:
            conn.execute("insert into person values (%s, '2030-01-01', %s)", ("Nguyễn Văn A", "one line\\nTrần Thị B"))
        except Exception as error:
            raise RuntimeError("the step that failed") from error
    except Exception:
        log.exception("stopped by an error")
"""


def test_a_refused_row_is_not_in_the_log(database: str) -> None:
    ended = subprocess.run([sys.executable, "-c", _PROCESS, database], capture_output=True, text=True, check=True)
    line = json.loads(ended.stdout)
    assert "person_born_check" in line["exception"]
    assert "the step that failed" in line["exception"]
    assert "Nguyễn" not in ended.stdout
    assert "Trần" not in ended.stdout
