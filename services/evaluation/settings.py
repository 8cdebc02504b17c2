"""Settings of evaluation's processes."""

from typing import Annotated

from msgspec import Meta

from shared.settings import Settings


class EvaluationSettings(Settings, frozen=True, kw_only=True):
    """What evaluation reads from the environment besides the common settings."""

    stream_batch: Annotated[int, Meta(ge=1, description="The most events one transaction of the stream merges.")] = 4000
    stream_within: Annotated[
        float,
        Meta(gt=0, le=1, description="Seconds an event may wait for others to share its transaction; it is latency."),
    ] = 0.03
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
    sheets_every: Annotated[
        float, Meta(gt=0, description="Seconds between two looks for meetings to score from evidence.")
    ] = 1.0
    alerts_every: Annotated[
        float, Meta(gt=0, description="Seconds between two looks at whether alerts begin or cease.")
    ] = 5.0
    rate_per_second: Annotated[
        float, Meta(ge=0, description="Requests a second a token's subject may make of a replica; 0: no limit.")
    ] = 200.0
    rate_burst: Annotated[int, Meta(ge=1, description="Requests a token's subject may make at once.")] = 1000
    streams: Annotated[
        int, Meta(ge=0, description="Streams of changes a replica bears; each has a thread beside http_threads.")
    ] = 200
    streams_per_token: Annotated[int, Meta(ge=1, description="Streams of changes a token's subject may hold.")] = 10
