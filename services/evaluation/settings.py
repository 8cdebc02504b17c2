"""Settings of evaluation's processes."""

from typing import Annotated

from msgspec import Meta

from shared.settings import Settings


class EvaluationSettings(Settings, frozen=True, kw_only=True):
    """What evaluation reads from the environment besides the common settings."""

    stream_batch: Annotated[int, Meta(ge=1, description="The most events one transaction of the stream merges.")] = 2000
    stream_within: Annotated[
        float,
        Meta(gt=0, le=1, description="Seconds an event may wait for others to share its transaction; it is latency."),
    ] = 0.02
    bulk_from: Annotated[
        int, Meta(ge=1, description="Waiting events from which a starting worker merges them in bulk, by partitions.")
    ] = 50_000
    stuck_after: Annotated[
        float,
        Meta(
            gt=0,
            description="Seconds without a merge, with events waiting and the database healthy, before /livez fails.",
        ),
    ] = 120.0
    scorecards_every: Annotated[
        float, Meta(gt=0, description="Seconds between two publications of the scorecards that changed.")
    ] = 1.0
