"""Stands between the engine and a policy pack until the engine has told the stack's configuration, which the pack reads as it starts.

The engine wants a pack's port before it says anything, and the Python SDK reads configuration from the environment at its start only.
Source: pulumi/sdk, policy_proxy.go, which does the same in the official language host.
"""

import json
import threading
from concurrent import futures
from typing import Any, cast

import grpc
from pulumi.runtime.proto import analyzer_pb2

_SERVICE = "/pulumirpc.Analyzer/"
_LARGEST = [("grpc.max_receive_message_length", 400 * 1024 * 1024), ("grpc.max_send_message_length", 400 * 1024 * 1024)]
_PATIENCE_SECONDS = 120


class PolicyProxy(grpc.GenericRpcHandler):
    """A server on a free loopback port (`port`) that passes every call on to a pack, once there is one."""

    def __init__(self) -> None:
        self._told = threading.Event()
        self._attached = threading.Event()
        self._request: Any = None
        self._channel: grpc.Channel | None = None
        self._server = grpc.server(futures.ThreadPoolExecutor(max_workers=16), handlers=[self], options=_LARGEST)
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def service(self, handler_call_details: Any) -> Any:
        """The handler of any method of the pack."""
        method: str = handler_call_details.method

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            if method == f"{_SERVICE}Handshake":
                return b""
            if method == f"{_SERVICE}ConfigureStack":
                self._request = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(request)
                self._told.set()
                return b""
            # Some commands ask at once and configure nothing.
            self._told.set()
            if not self._attached.wait(_PATIENCE_SECONDS) or self._channel is None:
                context.abort(grpc.StatusCode.UNAVAILABLE, "the policy pack did not start")
            return self._passed_on(method, request, context)

        return cast(Any, grpc.unary_unary_rpc_method_handler(answer))

    def _passed_on(self, method: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        assert self._channel is not None
        try:
            return cast(bytes, self._channel.unary_unary(method)(request))
        except grpc.RpcError as error:
            context.abort(error.code(), error.details() or "")
            raise

    def environment(self) -> dict[str, str]:
        """Waits until the engine has told the stack's configuration, and gives it as the SDK reads it; empty where it tells none."""
        self._told.wait(_PATIENCE_SECONDS)
        request = self._request
        if request is None:
            return {}
        return {
            "PULUMI_PROJECT": request.project,
            "PULUMI_STACK": request.stack,
            "PULUMI_ORGANIZATION": request.organization,
            "PULUMI_DRY_RUN": str(request.dry_run).lower(),
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.config_secret_keys)),
        }

    def attach(self, port: int) -> None:
        """Passes calls on to the pack that listens there, which is told of the stack first."""
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=_LARGEST)
        if self._request is not None:
            self._channel.unary_unary(f"{_SERVICE}ConfigureStack")(self._request.SerializeToString())
        self._attached.set()

    def stop(self) -> None:
        """Ends the server; whoever still waits is told that there is no pack."""
        self._attached.set()
        self._told.set()
        self._server.stop(grace=None)
        if self._channel:
            self._channel.close()
