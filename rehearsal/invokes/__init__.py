"""Functions of the providers (invokes): look-ups in the simulated cloud, and computations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from grpc import StatusCode

from rehearsal.errors import CloudError, package_of
from rehearsal.invokes import aws, azure, gcp, kubernetes
from rehearsal.invokes.call import Call
from rehearsal.invokes.lookup import look_up, resource_type_of
from rehearsal.schema import FunctionSchema, resource_schema
from rehearsal.validation import Failure, validate
from rehearsal.values import Values

__all__ = ["Call", "answer"]

Function = Callable[[Call], Values]
_FUNCTIONS: Final[Mapping[str, Mapping[str, Function]]] = {
    "aws": aws.FUNCTIONS,
    "gcp": gcp.FUNCTIONS,
    "azure-native": azure.FUNCTIONS,
    "kubernetes": kubernetes.FUNCTIONS,
}


def answer(call: Call, schema: FunctionSchema | None) -> tuple[Values, list[Failure]]:
    """Give a function's result, or why its arguments are refused.

    A function without a rule of its own that is named after a resource (`getBucket`) looks the resource up.
    Raises CloudError for a function that cannot be rehearsed and for something looked up that does not exist.
    """
    functions = _FUNCTIONS[package_of(call.token)]
    if schema is None and call.token not in functions:
        raise CloudError(StatusCode.UNIMPLEMENTED, f"{call.token} is not a function of the installed SDK; check its name")
    failures = validate(schema, call.args) if schema else []
    if failures:
        return {}, failures
    own = functions.get(call.token)
    if own:
        return own(call), []
    token = resource_type_of(call.token)
    if schema is None or token is None or resource_schema(token) is None:
        raise _unsupported(call.token, functions)
    return look_up(call, token, schema), []


def _unsupported(token: str, functions: Mapping[str, Function]) -> CloudError:
    names = ", ".join(sorted({name.rsplit(":", 1)[-1] for name in functions}))
    message = f"{token} cannot be rehearsed; supported are look-ups of resources and {names}; pass the value in the configuration instead"
    return CloudError(StatusCode.UNIMPLEMENTED, message)
