"""Structured logs to standard error: one line an event, JSON in production. No personal values, no answers."""

import logging
import sys
from types import TracebackType

import structlog
from flask import Flask, got_request_exception, request

from lms.settings import Settings

log = structlog.get_logger()


def configure(settings: Settings) -> None:
    """Set the form of the log lines for this process, those of the libraries (warnings and errors) included."""
    shown = structlog.processors.JSONRenderer(ensure_ascii=False) if settings.log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    common: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(processors=[*common, shown], logger_factory=structlog.WriteLoggerFactory(sys.stderr), cache_logger_on_first_use=False)
    handler = logging.StreamHandler(sys.stderr)
    last: list[structlog.types.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=common, processors=last))
    handler.set_name("vean")
    root = logging.getLogger()
    root.handlers = [*(kept for kept in root.handlers if kept.get_name() != "vean"), handler]


def init_app(app: Flask) -> None:
    """Log every error that no handler of ours expects, with the endpoint it struck (never the address's or the form's values)."""
    app.log_exception = _leave_it_to_the_signal  # type: ignore[method-assign]
    got_request_exception.connect(_unexpected, app)


def _leave_it_to_the_signal(exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]) -> None:
    """Flask's own line would name the address."""


def _unexpected(_app: Flask, exception: BaseException, **_more: object) -> None:
    log.error("request failed", endpoint=request.endpoint, method=request.method, exc_info=exception)
