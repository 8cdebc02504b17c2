"""Every metric of the suite, declared here and nowhere else. Base units, `_total` for counters, no ids as labels.

`docs/metrics.md` is written from this file (`tests/contract/test_metrics.py`).
"""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

HTTP_REQUEST_SECONDS = Histogram(
    "nenep_http_request_seconds",
    "From a request's arrival to its answer.",
    ["method", "route", "status"],
    buckets=_SECONDS,
)
HTTP_THROTTLED = Counter("nenep_http_throttled_total", "Requests refused because their token asked too often.")
HTTP_STREAMS = Gauge("nenep_http_streams", "Streams of changes that are open.")
OUTBOX_UNSENT = Gauge("nenep_outbox_unsent", "Outbox rows that Kafka has not acknowledged yet.")
OUTBOX_OLDEST_SECONDS = Gauge(
    "nenep_outbox_oldest_seconds", "Age of the oldest unsent outbox row; 0 when there is none."
)
RELAY_SENT = Counter("nenep_relay_sent", "Records that Kafka acknowledged to this relay.", ["topic"])
RELAY_FAILURES = Counter("nenep_relay_failures", "Rounds of this relay that failed and are tried again.", ["cause"])
RELAY_ACTIVE = Gauge("nenep_relay_active", "1 where this relay holds its service's lock, 0 where it stands by.")
CONSUMER_LAG = Gauge(
    "nenep_consumer_lag_records", "Records of a partition that are not merged yet.", ["topic", "partition"]
)
EVENT_AGE_SECONDS = Histogram(
    "nenep_event_age_seconds",
    "From the commit that wrote an event at its source to the commit that merged it here.",
    ["topic"],
    buckets=_SECONDS,
)
MERGE_SECONDS = Histogram("nenep_merge_seconds", "One batch's transaction, retries included.", buckets=_SECONDS)
MERGE_EVENTS = Counter(
    "nenep_merge_events",
    "Events read, by what became of them: applied, duplicate, stale, rejected.",
    ["topic", "outcome"],
)
MERGE_RETRIES = Counter("nenep_merge_retries", "Transactions tried again, by cause.", ["cause"])
DEAD_LETTERS = Counter("nenep_dead_letters", "Records sent to the dead-letter topic, by reason.", ["topic", "reason"])
OFFSET_GAPS = Counter(
    "nenep_offset_gaps", "Holes in the offsets an engine delivered, each read again from the topic.", ["topic"]
)
ALERTS = Counter("nenep_alerts", "Alerts that changed, by rule and state: begun, ceased, withdrawn.", ["rule", "state"])
NOTICES = Counter("nenep_notices", "Notices, by rule and by what became of them.", ["rule", "outcome"])
FILES = Counter("nenep_files", "Spreadsheet files carried out, by how they ended: done, refused, failed.", ["state"])
FILE_SECONDS = Histogram(
    "nenep_file_seconds", "From the worker's taking a spreadsheet file to the end of its transaction.", buckets=_SECONDS
)
FILE_ROWS = Counter("nenep_file_rows", "Rows read from spreadsheet files.")
FILES_WAITING = Gauge("nenep_files_waiting", "Spreadsheet files that wait for the worker.")
FILES_OLDEST_SECONDS = Gauge(
    "nenep_files_oldest_seconds", "Age of the spreadsheet file that has waited longest; 0 when there is none."
)
