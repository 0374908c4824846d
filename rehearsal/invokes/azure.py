"""Functions of the azure-native package that do more than look a resource up."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.errors import not_found
from rehearsal.invokes.call import Call
from rehearsal.values import Secret, Value, Values

_STORAGE: Final = "azure-native:storage:StorageAccount"


def _get_client_config(call: Call) -> Values:
    context = call.context
    principal = _guid(call, "client")
    return {"clientId": principal, "objectId": principal, "subscriptionId": context.azure_subscription, "tenantId": context.azure_tenant}


def _get_client_token(call: Call) -> Values:
    return {"token": Secret("rehearsal." + call.cloud.sealer.derive("azure token", call.text("endpoint")).hex())}


def _list_storage_account_keys(call: Call) -> Values:
    """An account's two keys: 64 bytes each in base64, the same as long as the account lives."""
    group, name = call.text("resourceGroupName"), call.text("accountName")
    account = f"/subscriptions/{call.context.azure_subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"
    found = call.cloud.get(_STORAGE, account)
    if found is None:
        raise not_found(_STORAGE, name)
    keys: list[Value] = [_key(call, found.id, found.seed, number) for number in (1, 2)]
    return {"keys": keys}


def _key(call: Call, account: str, seed: str, number: int) -> Values:
    secret = b"".join(call.cloud.sealer.derive(account, seed, str(number), half) for half in ("first", "second"))
    key = Secret(base64.b64encode(secret).decode())
    return {"keyName": f"key{number}", "permissions": "FULL", "value": key, "creationTime": call.context.now}


def _guid(call: Call, purpose: str) -> str:
    digits = call.cloud.sealer.derive(purpose, call.context.azure_tenant).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


FUNCTIONS: Final[Mapping[str, Callable[[Call], Values]]] = {
    "azure-native:authorization:getClientConfig": _get_client_config,
    "azure-native:authorization:getClientToken": _get_client_token,
    "azure-native:storage:listStorageAccountKeys": _list_storage_account_keys,
}
