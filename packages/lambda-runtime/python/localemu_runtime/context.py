"""The second argument of a handler. AWS: names, defaults and texts are those of awslambdaric and of AWS's documentation."""

import logging
import os
import sys
import time

_TRACE_CONTEXT = ("traceparent", "tracestate", "baggage")


class LambdaContext:
    """What a handler is told of its function and of the invocation."""

    def __init__(
        self,
        invoke_id,
        client_context,
        cognito_identity,
        epoch_deadline_time_in_ms,
        invoked_function_arn=None,
        tenant_id=None,
    ):
        variables = os.environ
        self.aws_request_id = invoke_id
        self.log_group_name = variables.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = variables.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = variables.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = variables.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = variables.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = invoked_function_arn
        self.tenant_id = tenant_id
        self._w3c_fields = _take_trace_context(client_context)
        self.client_context = _filled(ClientContext, client_context)
        if self.client_context is not None:
            self.client_context.client = _filled(Client, self.client_context.client)
        # AWS: there without an identity, too.
        identity = cognito_identity or {}
        self.identity = CognitoIdentity()
        self.identity.cognito_identity_id = identity.get("cognitoIdentityId")
        self.identity.cognito_identity_pool_id = identity.get("cognitoIdentityPoolId")
        self._epoch_deadline_time_in_ms = epoch_deadline_time_in_ms

    def get_remaining_time_in_millis(self):
        """Milliseconds until the function's time is over; never less than 0."""
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def w3c(self):
        """The W3C trace context that came with the client context."""
        return dict(self._w3c_fields)

    def log(self, msg):
        """Writes to the function's log, without a time or a level."""
        for handler in logging.getLogger().handlers:
            if hasattr(handler, "log_sink"):
                handler.log_sink.log(str(msg))
                return
        sys.stdout.write(str(msg))

    def __repr__(self):
        return _described(
            self,
            (
                "aws_request_id",
                "log_group_name",
                "log_stream_name",
                "function_name",
                "memory_limit_in_mb",
                "function_version",
                "invoked_function_arn",
                "client_context",
                "identity",
                "tenant_id",
            ),
        )


class _Slotted:
    __slots__ = ()

    def __repr__(self):
        return _described(self, self.__slots__)


class CognitoIdentity(_Slotted):
    """Who called, by Amazon Cognito."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Slotted):
    """The application that called."""

    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Slotted):
    """What the caller said of itself."""

    __slots__ = ("custom", "env", "client")


def _filled(kind, values):
    if values is None:
        return None
    filled = kind()
    for name in kind.__slots__:
        setattr(filled, name, values.get(name))
    return filled


def _described(value, names):
    members = ",".join(f"{name}={getattr(value, name)}" for name in names)
    return f"{type(value).__name__}([{members}])"


def _take_trace_context(client_context):
    # AWS: it is not left in the client context (awslambdaric).
    if not isinstance(client_context, dict):
        return {}
    given = client_context.pop("w3c", None)
    if not isinstance(given, dict):
        return {}
    return {name: given[name] for name in _TRACE_CONTEXT if isinstance(given.get(name), str)}
