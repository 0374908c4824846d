"""How a program finds the simulated HTTP APIs."""

from collections.abc import Mapping
from typing import Final

# Its port stands among the providers' ports under this name, which is no package.
REST: Final = "rest"


def addresses(ports: Mapping[str, int]) -> dict[str, str]:
    """The environment variables that lead clients to the server; none where it does not run.

    Source: Google provider reference, "Custom endpoints".
    """
    return {"GOOGLE_VERTEX_AI_CUSTOM_ENDPOINT": f"http://127.0.0.1:{ports[REST]}/v1/"} if REST in ports else {}
