"""Structured logs to standard error: one line an event, JSON in production. No personal values, no answers."""

import sys

import structlog

from lms.settings import Settings


def configure(settings: Settings) -> None:
    """Set the form of the log lines for this process."""
    shown = structlog.processors.JSONRenderer(ensure_ascii=False) if settings.log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shown,
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
