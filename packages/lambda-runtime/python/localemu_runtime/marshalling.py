"""Events and responses as JSON.

AWS: awslambdaric writes JSON with simplejson 3.20, whose rules differ from Python's: named tuples are objects, bytes are
their UTF-8 text, NaN and infinities are refused. Decimals are numbers with all their digits.
"""

import decimal
import json
import math
import os
from json import encoder as _encoder

from .faults import Fault

# AWS: the runtimes whose responses are ASCII alone.
_ASCII_RUNTIMES = frozenset(f"AWS_Lambda_python3.{minor}" for minor in range(6, 12))


def read_event(body, content_type):
    """The event of an invocation; what does not say that it is JSON is left as bytes."""
    if content_type != "application/json":
        return body
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def write_response(response):
    """A response as bytes or text, and what it is."""
    if isinstance(response, bytes):
        return response, "application/unknown"
    try:
        return to_json(response), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def to_json(value, ascii_only=None):
    """JSON as the function's runtime writes it, or in ASCII alone."""
    if ascii_only is None:
        ascii_only = os.environ.get("AWS_EXECUTION_ENV") in _ASCII_RUNTIMES
    quoted = _encoder.encode_basestring_ascii if ascii_only else _encoder.encode_basestring
    parts = []
    _Writer(quoted, parts.append).write(value)
    return "".join(parts)


class _Writer:
    def __init__(self, quoted, put):
        self._quoted = quoted
        self._put = put
        self._open = set()

    def write(self, value):
        if isinstance(value, str):
            self._put(self._quoted(value))
        elif isinstance(value, bytes):
            self._put(self._quoted(str(value, "utf-8")))
        elif value is None or value is True or value is False or isinstance(value, (int, float)):
            self._put(_scalar(value))
        elif isinstance(value, decimal.Decimal):
            self._put(_number(math.nan) if value.is_nan() else str(value))
        else:
            self._write_container(value)

    def _write_container(self, value):
        if isinstance(value, list):
            members, write = value, self._write_array
        elif callable(getattr(value, "_asdict", None)):
            members, write = value._asdict(), self._write_object
        elif isinstance(value, tuple):
            members, write = value, self._write_array
        elif isinstance(value, dict):
            members, write = value, self._write_object
        else:
            raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
        if id(value) in self._open:
            raise ValueError("Circular reference detected")
        self._open.add(id(value))
        write(members)
        self._open.discard(id(value))

    def _write_array(self, items):
        put = self._put
        separator = "["
        for item in items:
            put(separator)
            separator = ", "
            self.write(item)
        put("]" if separator == ", " else "[]")

    def _write_object(self, members):
        put = self._put
        separator = "{"
        for key, value in members.items():
            put(separator)
            separator = ", "
            put(self._quoted(_key(key)))
            put(": ")
            self.write(value)
        put("}" if separator == ", " else "{}")


def _key(key):
    if isinstance(key, str):
        return key
    if isinstance(key, bytes):
        return str(key, "utf-8")
    if key is None or isinstance(key, (int, float)):
        return _scalar(key)
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")


def _scalar(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    return int.__repr__(value) if isinstance(value, int) else _number(value)


def _number(value):
    if not math.isfinite(value):
        raise ValueError(f"Out of range float values are not JSON compliant: {value!r}")
    return float.__repr__(value)
