"""Figures by group, official and voted scores, attendance of superiors.

Facts kept from before lack what the new figures are counted from; the log has it. Every fact is put one version back
and the stream to the log's start, so that the newest event of each meeting is merged once more, and older ones are
not: figures stay readable and right meanwhile, and the versions of scorecards only grow. The positions are locked
first, as merges lock them: one that is going on in a worker of the release before is waited for, not waited with.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

# The parts and groups as they were when this revision was written; one added since has a revision of its own.
_GROUPS = [
    "age_18_30",
    "age_31_40",
    "age_41_50",
    "age_51_60",
    "age_61_up",
    "age_unknown",
    "secretary",
    "deputy",
    "committee",
    "without_post",
]
_BY_GROUP = [f"{what}_{group}" for group in _GROUPS for what in ("owed", "present")]
_PARTS = [
    "late_arrivals",
    *_BY_GROUP,
    *[
        "task_members_known",
        "members_with_task",
        "last_tasks",
        "last_tasks_done",
        "superior_assigned",
        "superior_attended",
        "duration_known",
        "duration_kept",
        "on_set_day_known",
        "on_set_day",
        "preparation_known",
        "pre_meeting_held",
        "notice_given",
        "documents_in_time",
        "examined",
        "signalled",
        "copied",
        "voted_scored",
        "voted_points_hundredths",
        "official_scored",
        "official_points_hundredths",
        "official_good",
        "official_fair",
        "official_average",
        "official_weak",
        "both_scored",
        "self_above_official_hundredths",
        "self_from_official_hundredths",
        "evidence_scored",
        "evidence_points_hundredths",
        "evidence_gap_hundredths",
    ],
]
_COUNTS = ["late_arrivals", "members_with_task", "last_tasks", "last_tasks_done", "duration_minutes", "self_criticisms"]
_FLAGS = [
    "superior_assigned",
    "superior_attended",
    "duration_kept",
    "on_set_day",
    "pre_meeting_held",
    "notice_given",
    "documents_in_time",
    "signalled",
    "copied",
]
_OF_FACTS = {
    **dict.fromkeys([*_COUNTS, *_BY_GROUP, "voted_points", "official_points"], "integer"),
    **dict.fromkeys(_FLAGS, "boolean"),
    "theme_tag": "text",
    "sections_empty": "text[]",
    "sections_short": "text[]",
    **dict.fromkeys(["agencies", "self_groups", "self_max", "official_groups", "official_max"], "jsonb"),
}
_REST = """
-- Without a default: a worker of the release before cannot go on writing facts that lack the new columns.
alter table meeting_fact add column known_at timestamptz not null default clock_timestamp();
alter table meeting_fact alter known_at drop default;
comment on column meeting_fact.known_at is 'when the event was made that this state is known by';
comment on column meeting_fact.agencies is 'attendance by agency: code → [owed, present]';
comment on column meeting_fact.self_groups is 'points by group of the frame; self_max: the most of each';
create index meeting_fact_thematic on meeting_fact (branch_id, month) where kind = 'thematic' and status = 'adopted';
create index branch_path_path on branch_path using gin (path);
update meeting_fact set version = version - 1;
update stream_position set next_offset = 0, rejected_run = 0 where topic = 'meetings.meetings.v1';
"""


def upgrade() -> None:
    op.execute("lock table stream_position in exclusive mode")
    op.execute(_altered("meeting_fact", [f"add column {name} {type_}" for name, type_ in _OF_FACTS.items()]))
    op.execute(_altered("unit_month", [f"add column {name} bigint not null default 0" for name in _PARTS]))
    op.execute(_REST)


def downgrade() -> None:
    """Drop what was added; what is left is right as it stands."""
    op.execute("drop index branch_path_path, meeting_fact_thematic")
    op.execute(_altered("meeting_fact", [f"drop column {name}" for name in (*_OF_FACTS, "known_at")]))
    op.execute(_altered("unit_month", [f"drop column {name}" for name in _PARTS]))


def _altered(table: str, changes: list[str]) -> str:
    return f"alter table {table} " + ", ".join(changes)
