"""What functions write, as Lambda shows it."""

import json
import logging
import os
import sys
import time
import traceback
from datetime import datetime, timezone

from .marshalling import to_json

_FRAME_TYPE = (0xA55A0003).to_bytes(4, "big")
_NO_BREAK_SPACE = "\u00a0"

# The members that a record has in any case; all others are the function's own, by `extra`.
_RECORD_MEMBERS = frozenset(logging.makeLogRecord({}).__dict__) - {"taskName"} | {"aws_request_id", "tenant_id"}


class Unbuffered:
    """A stream whose texts are written at once."""

    def __init__(self, stream):
        self._stream = stream

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def write(self, text):
        written = self._stream.write(text)
        self._stream.flush()
        return written

    def writelines(self, texts):
        self._stream.writelines(texts)
        self._stream.flush()


class StandardSink:
    """AWS: where the platform has no pipe for messages, one is a line: the lines of an error are parted by `\\r`."""

    def log(self, text):
        sys.stdout.write(text)

    def log_error(self, lines):
        sys.stdout.write("\r".join(lines) + "\n")


class FramedSink:
    """Writes messages with their length and time, so that each is one event of the log, whatever lines it has."""

    def __init__(self, descriptor):
        self._file = os.fdopen(descriptor, "wb", 0)

    def log(self, text):
        message = text.encode("utf-8", "backslashreplace")
        microseconds = time.time_ns() // 1000
        header = _FRAME_TYPE + len(message).to_bytes(4, "big") + microseconds.to_bytes(8, "big")
        frame = memoryview(header + message)
        # A pipe takes a part of what is long.
        while frame:
            frame = frame[self._file.write(frame) :]

    def log_error(self, lines):
        self.log("\n".join(lines))


class Logs:
    """The log of a function: its sink, and whose invocation it is."""

    def __init__(self):
        variables = os.environ
        self.request_id = None
        self.tenant_id = None
        self._is_json = variables.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        level = variables.get("AWS_LAMBDA_LOG_LEVEL", "")
        self._level = "DEBUG" if level == "TRACE" else level.upper()
        descriptor = variables.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
        self.sink = StandardSink() if descriptor is None else FramedSink(int(descriptor))

    def install(self):
        """Takes over standard output and the root logger."""
        sys.stdout = Unbuffered(sys.stdout)
        sys.stderr = Unbuffered(sys.stderr)
        # AWS: times are UTC whatever TZ says (awslambdaric).
        logging.Formatter.converter = time.gmtime
        handler = _SinkHandler(self.sink)
        handler.setFormatter(_JsonFormatter() if self._is_json else _TextFormatter())
        handler.addFilter(self._mark)
        root = logging.getLogger()
        if isinstance(logging.getLevelName(self._level), int):
            root.setLevel(self._level)
        root.addHandler(handler)

    def log_error(self, document):
        """Writes what is posted for an error."""
        if self._is_json:
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self.sink.log_error([to_json({"timestamp": now, "level": "ERROR", **document})])
        else:
            self.sink.log_error(list(_error_lines(document)))

    def _mark(self, record):
        record.aws_request_id = self.request_id or ""
        record.tenant_id = self.tenant_id
        return True


class _SinkHandler(logging.Handler):
    def __init__(self, log_sink):
        super().__init__()
        self.log_sink = log_sink

    def emit(self, record):
        self.log_sink.log(self.format(record))


class _TextFormatter(logging.Formatter):
    def __init__(self):
        super().__init__(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"
        )


class _JsonFormatter(logging.Formatter):
    """AWS: members, their order and what is left out are those of awslambdaric."""

    def format(self, record):
        level = min(50, max(0, record.levelno)) // 10 * 10
        error_type, error, trace = record.exc_info or (None, None, None)
        members = {
            "timestamp": _milliseconds(record.created),
            "level": logging.getLevelName(level),
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(trace) if record.exc_info else None,
            "errorType": error_type.__name__ if error_type else None,
            "errorMessage": str(error) if record.exc_info else None,
            "requestId": record.aws_request_id,
            "location": f"{record.pathname}:{record.funcName}:{record.lineno}" if record.exc_info else None,
            "tenantId": record.tenant_id,
        }
        for name, value in record.__dict__.items():
            if name not in _RECORD_MEMBERS:
                members.setdefault(name, value)
        written = {name: value for name, value in members.items() if value is not None}
        return json.dumps(written, ensure_ascii=False) + "\n"


def _milliseconds(created):
    moment = datetime.fromtimestamp(created, tz=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _error_lines(document):
    """AWS: the indentation of a trace is of no-break spaces (awslambdaric)."""
    error_type, message = document["errorType"], document["errorMessage"]
    named = " ".join(part for part in ("[ERROR]", error_type) if part)
    separator = ": " if error_type and message else " " if message else ""
    yield named + separator + message
    yield "Traceback (most recent call last):"
    for element in document["stackTrace"]:
        for line in element.splitlines() or [""]:
            text = line.lstrip(" ")
            yield _NO_BREAK_SPACE * (len(line) - len(text)) + text
