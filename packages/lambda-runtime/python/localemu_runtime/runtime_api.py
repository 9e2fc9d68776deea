"""Speaks the Runtime API, HTTP/1.1 over one connection.

Not by `http.client`: it is slow to load, and functions that patch it (tracing, recorded replies) must not meet the runtime's
own requests, which on AWS are native code.
"""

import socket
import sys
import time

_PREFIX = "/2018-06-01/runtime/"

# AWS: up to 1 MiB (awslambdaric). The platform crops at 64 KiB, and a header of 1 MiB would not be taken.
_MAX_XRAY_BYTES = 512 * 1024


class Invocation:
    """An event, and what comes with it."""

    def __init__(self, headers, body):
        self.body = body
        self.request_id = headers.get("lambda-runtime-aws-request-id")
        self.invocation_id = headers.get("lambda-runtime-invocation-id")
        self.trace_id = headers.get("lambda-runtime-trace-id")
        self.function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))
        self.client_context = headers.get("lambda-runtime-client-context")
        self.cognito_identity = headers.get("lambda-runtime-cognito-identity")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self.content_type = headers.get("content-type")


class RuntimeApi:
    """The Runtime API at `host:port`."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self._address = address
        self._socket = socket.create_connection((host, int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._incoming = self._socket.makefile("rb")

    def next(self):
        """Waits for the next event, for as long as it takes."""
        status, headers, body = self._exchange("GET", "invocation/next")
        if status != 200:
            raise RuntimeError("Failed to get next")
        return Invocation(headers, body)

    def post_response(self, invocation, body, content_type):
        # AWS: a text that is no UTF-8 (a lone surrogate) ends the process (awslambdaric).
        data = body if isinstance(body, bytes) else body.encode("utf-8")
        self._answer(invocation, "response", data, {"content-type": content_type})

    def post_error(self, invocation, error, xray_cause):
        headers = {"content-type": "application/json"}
        cause = xray_cause.encode("utf-8")
        if len(cause) < _MAX_XRAY_BYTES:
            headers["lambda-runtime-function-xray-error-cause"] = xray_cause
        self._answer(invocation, "error", error.encode("utf-8"), headers)

    def post_init_error(self, error, error_type):
        headers = {"lambda-runtime-function-error-type": error_type}
        status, _, body = self._exchange("POST", "init/error", headers, error.encode("utf-8"))
        if status != 202:
            raise RuntimeError(
                f"Request to Lambda Runtime '{_PREFIX}init/error' endpoint failed. "
                f"Reason: '{status}'. Response body: '{body}'"
            )

    def _answer(self, invocation, kind, body, headers):
        if invocation.invocation_id:
            headers["lambda-runtime-invocation-id"] = invocation.invocation_id
        status, _, reply = self._exchange("POST", f"invocation/{invocation.request_id}/{kind}", headers, body)
        if 200 <= status < 300:
            return
        # AWS: the line for errors, too; the process ends by the exception (AWS users' reports).
        sys.stderr.write(
            f"[ERROR] [{int(time.time() * 1000)}] LAMBDA_RUNTIME Failed to post handler success response. "
            f"Http response code: {status}. {reply.decode('utf-8', 'replace').strip()}\n"
        )
        raise RuntimeError(f"Failed to post invocation {kind}")

    def _exchange(self, method, path, headers=None, body=b""):
        lines = [f"{method} {_PREFIX}{path} HTTP/1.1", f"host: {self._address}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if method == "POST":
            lines.append(f"content-length: {len(body)}")
        head = "\r\n".join(lines) + "\r\n\r\n"
        self._socket.sendall(head.encode("utf-8", "replace") + body)
        return self._read_reply()

    def _read_reply(self):
        status_line = self._incoming.readline()
        if not status_line:
            raise ConnectionError("The Runtime API closed the connection")
        status = int(status_line.split(b" ", 2)[1])
        headers = {}
        while True:
            line = self._incoming.readline().rstrip(b"\r\n")
            if not line:
                break
            name, _, value = line.partition(b":")
            # AWS: an empty header is none (awslambdaric).
            if value.strip():
                headers[name.decode("latin-1").lower()] = value.strip().decode("utf-8", "replace")
        length = int(headers.get("content-length", 0))
        return status, headers, self._incoming.read(length)
