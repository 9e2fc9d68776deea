"""What is told of an error: to the caller, to the log and to X-Ray."""

import os
import traceback

_OWN_DIRECTORY = os.path.dirname(os.path.abspath(__file__))


class Fault(Exception):
    """An error of the platform's own kind; type and message are AWS's (awslambdaric)."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace


def describe(error, request_id=None):
    """What is posted for an error. AWS: all four members, in this order, even where they are empty (awslambdaric)."""
    if isinstance(error, Fault):
        return _document(error.message, error.error_type, error.trace, request_id)
    return _document(str(error), type(error).__name__, traceback.format_list(_frames(error)), request_id)


def describe_for_xray(error):
    """AWS: one exception with the frames that the caller is told, and the files that they are in (awslambdaric)."""
    if isinstance(error, Fault):
        return _xray_document("LambdaValidationError", error.message, [])
    return _xray_document(type(error).__name__, str(error), _frames(error))


def _document(message, error_type, trace, request_id):
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id if request_id is not None else "",
        "stackTrace": trace or [],
    }


def _xray_document(error_type, message, frames):
    stack = [{"label": name, "path": file, "line": line} for file, line, name, _ in frames]
    return {
        "working_directory": os.getcwd(),
        "exceptions": [{"message": message, "type": error_type, "stack": stack}],
        "paths": list(dict.fromkeys(file for file, _, _, _ in frames)),
    }


def _frames(error):
    """The frames of an error as (file, line, function, source).

    AWS: without the runtime's own, up to the first that is none; where all are the runtime's, with them (awslambdaric).
    """
    frames = [(one.filename, one.lineno, one.name, one.line) for one in traceback.extract_tb(error.__traceback__)]
    for index, (file, _, _, _) in enumerate(frames):
        if os.path.dirname(file) != _OWN_DIRECTORY:
            return frames[index:]
    return frames
