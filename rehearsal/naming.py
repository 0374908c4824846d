"""Physical names: the one a provider generates, what a cloud allows, and where a name must be unique."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Final

from rehearsal.context import CloudContext
from rehearsal.facts import TypeFacts, facts
from rehearsal.generated import generated
from rehearsal.paths import parse_path
from rehearsal.schema import Property, ResourceSchema
from rehearsal.templates import placeholder, placeholders_of
from rehearsal.values import Path, Values, as_map, as_text, lookup

# Bridged providers add 7 random hexadecimal digits, azure-native and kubernetes 8 (Pulumi documentation: auto-naming).
_SUFFIX_DIGITS: Final = {"aws": 7, "gcp": 7, "azure-native": 8, "kubernetes": 8}
_BRIDGED: Final = frozenset({"aws", "gcp"})
# Names that pulumi-aws generates although the property is not called `name`.
_OTHER_NAMES: Final = frozenset({"aws:s3/bucket:Bucket", "aws:eks/nodeGroup:NodeGroup", "aws:lambda/permission:Permission"})
# Objects take the resource's name as their key, without a suffix.
_VERBATIM: Final = frozenset({"aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"})
_SAMPLES: Final = {
    "lower-case letters": "aaa",
    "upper-case letters": "AAA",
    "digits": "111",
    "dashes": "a-a",
    "underscores": "a_a",
    "dots": "a.a",
}
_SHAPES: Final = ("{}", "a{}a", "a.{}a", "alias/{}", "a{}a--x-s3", "{0}{0}{0}{0}")
_LITERAL: Final = re.compile(r"\^(\w+)\$\Z")
_FORBIDDEN_START: Final = re.compile(r"\^\(\?!([\w-]+)\)")
_KMS_ALIAS: Final = "aws:kms/alias:Alias"


def name_path(token: str, schema: ResourceSchema) -> Path | None:
    """Give the path of the input that holds a resource's physical name, or None where it has no such input."""
    known = facts(token)
    text = known.name_property if known else "name" if _is_text(schema.inputs.get("name")) else ""
    path = parse_path(text)
    return path if path and path[0] in schema.inputs else None


def auto_name(token: str, schema: ResourceSchema, logical_name: str, seed: bytes, autonaming: tuple[str, str] | None = None) -> str | None:
    """Give the physical name that the provider generates where the user gave none; the same for the same seed.

    `autonaming` is the project's own naming: a proposed name and PROPOSE, ENFORCE or DISABLE. None means that the user
    must give the name, or that the cloud assigns it.
    """
    package = token.partition(":")[0]
    path = name_path(token, schema)
    if path is None or not _is_generated(token, schema, str(path[0])):
        return None
    if token == "azure-native:authorization:RoleAssignment":  # its name is a GUID, which no naming pattern can make
        return str(uuid.UUID(bytes=hashlib.sha256(seed).digest()[:16], version=4))
    if autonaming is not None:
        proposed, mode = autonaming
        return None if mode == "DISABLE" else proposed
    suffix = hashlib.sha256(seed).hexdigest()[: _SUFFIX_DIGITS.get(package, 7)]
    return _generated(token, logical_name, suffix)


def has_name_prefix(token: str, schema: ResourceSchema, inputs: Values) -> bool:
    """Tell whether the user left the end of the name to the cloud (`bucketPrefix`, `namePrefix`, `generateName`)."""
    path = name_path(token, schema)
    return path is not None and lookup(inputs, path) is None and lookup(inputs, _prefix_path(path)) is not None


def named_by_prefix(token: str, schema: ResourceSchema, inputs: Values, seed: bytes) -> Values:
    """Give the inputs with the name that the cloud makes of a prefix, or as they are where there is none."""
    path = name_path(token, schema)
    prefix = as_text(lookup(inputs, _prefix_path(path))) if path else None
    if path is None or prefix is None or lookup(inputs, path) is not None:
        return inputs
    if path[0] == "metadata":  # an API server adds five characters to generateName
        return {**inputs, "metadata": {**as_map(inputs["metadata"]), "name": prefix + generated("alnum5", seed, "")}}
    return {**inputs, str(path[0]): prefix + generated("timestamp26", seed, "")}


def _prefix_path(path: Path) -> Path:
    return ("metadata", "generateName") if path == ("metadata", "name") else (*path[:-1], f"{path[-1]}Prefix")


def check_name(facts: TypeFacts | None, name: str) -> str | None:
    """Give the reason why a cloud refuses `name`, or None if it takes it."""
    if facts is None:
        return None
    literal = _LITERAL.match(facts.name_pattern)
    if literal and name != literal[1]:
        return f"{name!r} is not an allowed name; it must be {literal[1]!r}"
    if facts.name_max_length and len(name) > facts.name_max_length:
        return f"{name!r} has {len(name)} characters, but at most {facts.name_max_length} are allowed; shorten it"
    if facts.name_min_length and len(name) < facts.name_min_length:
        return f"{name!r} has {len(name)} characters, but at least {facts.name_min_length} are needed; lengthen it"
    if facts.name_pattern and not re.search(_anchored(facts.name_pattern), name, re.ASCII):
        forbidden = _FORBIDDEN_START.match(facts.name_pattern)
        if forbidden and name.startswith(forbidden[1]):
            return f"{name!r} is not an allowed name; it must not begin with {forbidden[1]!r}"
        allowed = _in_words(facts)
        return f"{name!r} is not an allowed name; use {allowed} (pattern {facts.name_pattern})"
    return None


def uniqueness_key(facts: TypeFacts | None, token: str, props: Values, context: CloudContext) -> tuple[str, ...] | None:
    """Give what must be unique in the whole simulated cloud: the type, the scope's identity and the name.

    None where the type has no unique name, or where part of it is not known yet.
    """
    if facts is None or not facts.name_property or facts.name_scope in ("", "none"):
        return None
    name = as_text(lookup(props, parse_path(facts.name_property)))
    scope = _scope(facts, token, props, context)
    if name is None or None in scope:
        return None
    if token.startswith("azure-native:"):  # Azure Resource Manager compares names without regard to case
        name, scope = name.lower(), tuple(part.lower() for part in scope if part)
    return (_unversioned(token), *(part for part in scope if part), name)


def _is_text(found: Property | None) -> bool:
    return found is not None and found.kind == "string"


def _is_generated(token: str, schema: ResourceSchema, name: str) -> bool:
    if name in schema.required:
        return False
    if token.partition(":")[0] not in _BRIDGED:
        return True
    return name == "name" or token in _OTHER_NAMES or token in _VERBATIM


def _generated(token: str, logical_name: str, suffix: str) -> str:
    """Join the logical name and the random digits as the provider does; a name too long is refused, not cut."""
    package = token.partition(":")[0]
    known = facts(token)
    if token in _VERBATIM or (package == "azure-native" and known is not None and known.name_scope == "parent"):
        return logical_name  # azure-native names what lives within another resource as the program does
    if package == "azure-native":
        return logical_name + suffix
    if package not in _BRIDGED or known is None or not known.name_pattern:
        return f"{logical_name}-{suffix}"
    name = _fitting(known, f"{logical_name}-{suffix}")
    return f"alias/{name}" if token == _KMS_ALIAS else name


def _fitting(known: TypeFacts, name: str) -> str:
    """Bridged providers lower a name and trade its dashes for underscores where the cloud insists on that."""
    allowed = re.compile(_anchored(known.name_pattern), re.ASCII)
    letters = "a" * max(known.name_min_length or 3, 3)
    if not allowed.search(letters.upper()):
        name = name.lower()
    takes_dash, takes_underscore = allowed.search(f"{letters}-a"), allowed.search(f"{letters}_a")
    return name.replace("-", "_") if takes_underscore and not takes_dash else name


def _anchored(pattern: str) -> str:
    """`$` also matches before a final line break in Python, which no cloud takes."""
    return pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern


def _in_words(known: TypeFacts) -> str:
    """Say which characters a pattern takes, found by trying them."""
    pattern = re.compile(_anchored(known.name_pattern), re.ASCII)
    taken = [word for word, sample in _SAMPLES.items() if any(pattern.search(shape.format(sample)) for shape in _SHAPES)]
    longest = f" of at most {known.name_max_length} characters" if known.name_max_length else ""
    return f"a name{longest} made of {', '.join(taken) or 'what the pattern allows'}"


def _scope(facts: TypeFacts, token: str, props: Values, context: CloudContext) -> tuple[str | None, ...]:
    """Give the identity of the place within which the name must be unique; None in it where that is not known."""
    region = as_text(props.get("region"))
    project = as_text(props.get("project")) or context.gcp_project
    location = as_text(props.get("location")) or region or context.gcp_region
    namespace = as_text(props.get("namespace")) or context.kubernetes_namespace
    places: dict[str, tuple[str | None, ...]] = {
        "global": (),
        "account": (context.aws_account,),
        "account-region": (context.aws_account, region or context.aws_region),
        "vpc": (context.aws_account, as_text(props.get("vpcId")) or "default VPC"),
        "project": (project,),
        "project-region": (project, location),
        "subscription": (context.azure_subscription,),
        "resource-group": (context.azure_subscription, as_text(props.get("resourceGroupName"))),
        "namespace": (as_text(lookup(props, ("metadata", "namespace"))) or namespace,),
    }
    if facts.name_scope in places:
        return places[facts.name_scope]
    cloud = places["account-region"] if token.startswith("aws:") else ()
    return (*cloud, *_parents(facts, token, props, context))


def _parents(facts: TypeFacts, token: str, props: Values, context: CloudContext) -> list[str | None]:
    """Give what stands beside the name in the id; of an alternative form (` or `) only what the inputs hold."""
    always = placeholders_of(facts.id_format.partition(" or ")[0])
    names = dict.fromkeys(name for name in placeholders_of(facts.id_format) if name != facts.name_property)
    values = {name: placeholder(name, props, context, token) for name in names}
    return [value for name, value in values.items() if value is not None or name in always]


def _unversioned(token: str) -> str:
    return re.sub(r"/v\d{8}\w*:", ":", token)
