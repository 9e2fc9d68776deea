"""Loads a function and gives it events, one after the other."""

import json
import logging
import os
import sys

from .context import LambdaContext
from .faults import Fault, describe, describe_for_xray
from .handler import load_handler
from .logs import Logs
from .marshalling import read_event, to_json, write_response
from .runtime_api import RuntimeApi

# AWS: the text (awslambdaric).
_INIT_WARNING = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare cases, "
    "a Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes, runtime updates "
    "can be triggered by a function change, or can be applied automatically. To determine if the runtime has been updated, "
    "check the runtime version in the INIT_START log entry. If this error correlates with a change in the runtime version, "
    "you may be able to mitigate this error by temporarily rolling back to the previous runtime version. For more "
    "information, see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html"
)


def run(handler_name, api_address):
    """Runs a function until its process ends."""
    api = RuntimeApi(api_address)
    logs = Logs()
    logs.install()
    handler = _initialize(handler_name, api, logs)
    while True:
        invocation = api.next()
        logs.request_id = invocation.request_id
        logs.tenant_id = invocation.tenant_id
        _set_trace(invocation.trace_id)
        _handle(invocation, handler, api, logs)


def _initialize(handler_name, api, logs):
    try:
        return load_handler(handler_name)
    # Not what ends a process, such as SystemExit: that ends this one.
    except Exception as error:
        document = describe(error)
        logging.warning(_INIT_WARNING)
        logs.log_error(document)
        api.post_init_error(to_json(document), document["errorType"])
        sys.exit(1)


def _handle(invocation, handler, api, logs):
    try:
        context = _context_of(invocation)
        event = read_event(invocation.body, invocation.content_type)
        body, content_type = write_response(handler(event, context))
    except Exception as error:
        document = describe(error, invocation.request_id)
        logs.log_error(document)
        # It goes into a header, which takes no DEL.
        cause = to_json(describe_for_xray(error), ascii_only=True)
        api.post_error(invocation, to_json(document), cause)
    else:
        api.post_response(invocation, body, content_type)


def _context_of(invocation):
    return LambdaContext(
        invocation.request_id,
        _parsed(invocation.client_context, "Client Context"),
        _parsed(invocation.cognito_identity, "Cognito Identity"),
        invocation.deadline_ms,
        invocation.function_arn,
        invocation.tenant_id,
    )


def _parsed(text, name):
    if not text:
        return None
    try:
        return json.loads(text)
    except Exception as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise Fault("Runtime.LambdaContextUnmarshalError", message) from None


def _set_trace(trace_id):
    if trace_id is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
