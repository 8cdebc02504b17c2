"""JSON lines on standard output: time, level, event, trace id. Fields carry opaque ids, never a person's data."""

import logging
import re
import sys

import structlog

from shared import tracing

# PostgreSQL's DETAIL and CONTEXT quote the row or value that was refused.
_ROWS = re.compile(
    r"^(DETAIL|CONTEXT): .*?(?=^Traceback|^The above exception|^During handling|\Z)", re.DOTALL | re.MULTILINE
)


def _without_rows(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if "exception" in event:
        event["exception"] = _ROWS.sub(r"\1: (not logged)\n\n", event["exception"])
    return event


def _with_trace(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    trace_id = tracing.trace_id()
    if trace_id:
        event["trace_id"] = trace_id
    return event


def configure(service: str, process: str, level: str) -> None:
    """Route structlog and the standard library's loggers of this process to JSON lines on standard output."""

    def whose(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        # Not a context variable: threads begin with an empty context.
        event.update(service=service, process=process)
        return event

    shared_steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        whose,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        structlog.processors.format_exc_info,
        _without_rows,
    ]
    structlog.configure(
        processors=[*shared_steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared_steps,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Their INFO lines repeat every rebalance and connection; what matters there we log ourselves.
    for noisy in ("kafka", "aiokafka", "faust", "mode", "werkzeug", "alembic"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
