"""Google Cloud's IAM as checks read it: who is given which role, by a member, a binding or a whole policy."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from costs.resource import Missing
from policies.check import Problem
from policies.joins import sources
from policies.view import Undecided, View

# Everybody, and everybody who has a Google account. Source: Google Cloud, "IAM principals".
PUBLIC = ("allusers", "allauthenticatedusers")
_ACCOUNT = "gcp:serviceaccount/account:Account"
# Whoever such a value comes from is one identity, whatever its address will be.
_IDENTITIES = (_ACCOUNT, "gcp:projects/serviceIdentity:ServiceIdentity")
# Compute Engine's and App Engine's. Source: Google Cloud, "Service account types", default service accounts.
DEFAULT_ACCOUNTS = ("-compute@developer.gserviceaccount.com", "@appspot.gserviceaccount.com")


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One role for one member; each with its path, and None for what cannot be read yet."""

    role_path: str
    role: str | None
    member_path: str
    member: str | None


def iam_kinds(module: str, stem: str) -> tuple[str, ...]:
    """The three types that give roles on one kind of resource: `storage`, `bucketIAM` has gcp:storage/bucketIAMMember:… and so on."""
    return tuple(f"gcp:{module}/{stem}{word}:{stem[0].upper()}{stem[1:]}{word}" for word in ("Member", "Binding", "Policy"))


def grants(view: View) -> list[Grant]:
    """All that an IAM resource gives. Raises Undecided where a policy's or a binding's list as a whole cannot be read."""
    if view.resource.type.endswith("Policy"):
        return [grant for at, binding in enumerate(_policy(view)) for grant in _binding(binding, f"policyData.bindings.{at}.")]
    if view.resource.type.endswith("Member"):
        return [_grant("role", view.resource.get("role"), "member", view.resource.get("member"))]
    return _binding(view.resource.properties, "")


def opened(view: View) -> Iterator[Problem]:
    """Each member that is everybody. Raises Undecided, after all that is known, for a member that may be."""
    for grant in to_members(view, lambda member: member.lower() in PUBLIC):
        yield Problem(path=grant.member_path, what=f"is {grant.member}")


def to_members(view: View, wanted: Callable[[str], bool]) -> Iterator[Grant]:
    """The grants to these members. Raises Undecided, after all that is known, for a member that may be one of them.

    What comes from a service account that the program declares is none: it is neither everybody, nor a person, nor Google's default.
    """
    given = grants(view)
    yield from (grant for grant in given if grant.member is not None and wanted(grant.member))
    for grant in given:
        if grant.member is None and not declared(view, grant):
            raise Undecided(grant.member_path)


def declared(view: View, grant: Grant) -> bool:
    """Whether a grant's member comes from service accounts that the program declares, and from nothing else."""
    urns = view.resource.references.get(grant.member_path.partition(".")[0], ())
    found = [view.program.resources.get(urn) for urn in urns]
    return bool(found) and all(source is not None and source.type in _IDENTITIES for source in found)


def roles(view: View, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Path and name of each of these roles that is given. Raises Undecided, after all that is known, for one that may be."""
    is_policy = view.resource.type.endswith("Policy")
    bindings = [(f"policyData.bindings.{at}.role", each.get("role")) for at, each in enumerate(_policy(view))] if is_policy else []
    listed = [(path, _known(role)) for path, role in bindings or [("role", view.resource.get("role"))]]
    yield from ((path, role) for path, role in listed if role is not None and wanted(role))
    for path, role in listed:
        if role is None:
            raise Undecided(path)


def own_account(view: View, path: str) -> bool:
    """Whether a service account is named that is not a default one, by its value or the resource that it comes from. Raises Undecided."""
    if isinstance(view.resource.get(path), Missing) and sources(view, path.partition(".")[0], [_ACCOUNT]):
        return True
    named = view.text(path)
    return named not in ("", "default") and not named.endswith(DEFAULT_ACCOUNTS)


def _policy(view: View) -> list[dict[str, Any]]:
    found = view.get("policyData")
    try:
        document = json.loads(found) if isinstance(found, str) else found
    except ValueError:
        # What is no document the provider refuses.
        return []
    listed = cast(dict[str, Any], document).get("bindings") if isinstance(document, dict) else None
    return [cast(dict[str, Any], each) for each in cast(list[Any], listed or []) if isinstance(each, dict)]


def _binding(binding: Any, prefix: str) -> list[Grant]:
    members = cast(list[Any], binding.get("members") or [])
    if isinstance(members, Missing):
        raise Undecided(f"{prefix}members")
    return [_grant(f"{prefix}role", binding.get("role"), f"{prefix}members.{at}", member) for at, member in enumerate(members)]


def _grant(role_path: str, role: Any, member_path: str, member: Any) -> Grant:
    return Grant(role_path=role_path, role=_known(role), member_path=member_path, member=_known(member))


def _known(value: Any) -> str | None:
    return None if isinstance(value, Missing) else str(value or "")
