"""Pydantic's findings as faults: what stands there, what is allowed, how to mend it."""

import difflib
from collections.abc import Callable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from environment.faults import Fault, shown
from environment.shape import keys_at, words_at

# What a pattern of the models means, in words.
PATTERNS = {
    "^[a-z][a-z0-9]*(-[a-z0-9]+)*$": "lower-case letters, digits and single dashes, a letter first, at most 24 characters",
    "^[a-z0-9]+(-[a-z0-9]+)*$": "a region's code, such as eu-west-1, europe-west4 or westeurope",
    "^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$": "lower-case letters, digits, - and _ (what a label may hold on every cloud)",
    "^[a-z0-9]{3,24}$": "3 to 24 lower-case letters and digits",
    r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$": "an IPv4 range, such as 10.40.0.0/16",
    r"^1\.\d{2}$": 'a Kubernetes minor version in quotes, such as "1.34"',
    r"^[1-7]g\.\d+gb(\+me)?$": "a MIG profile, such as 1g.10gb",
    r"^\d+x\d+(x\d+)?$": "a TPU topology, such as 4x4 or 2x2x2",
}
# What to write where a mended value would be a guess.
FORMS = {
    r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$": "10.40.0.0/16",
    r"^1\.\d{2}$": '"1.34"',
    r"^[1-7]g\.\d+gb(\+me)?$": "1g.10gb",
    r"^\d+x\d+(x\d+)?$": "4x4",
}
MAPPING, WHOLE = "a mapping (keys below it, or {})", "a whole number, without quotes"
TYPES = {
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "float_type": "a number, without quotes",
    "finite_number": "a finite number",
    "bool_type": "true or false, without quotes",
    "string_type": "text",
    "dict_type": MAPPING,
    "mapping_type": MAPPING,
    "model_type": MAPPING,
    "model_attributes_type": MAPPING,
}
BOUNDS = {
    "ge": "{} or more",
    "gt": "more than {}",
    "le": "{} or less",
    "lt": "less than {}",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
}
EXAMPLES = {
    "owner": "ml-platform",
    "costCenter": "cc-4211",
    "region": "eu-west-1",
    "days": "30",
    "name": "my-bucket",
    "low": "1",
    "expected": "10",
    "high": "100",
}


def faults_of(error: ValidationError) -> list[Fault]:
    """One fault for each finding, in the words of the environment file."""
    return [_fault(found) for found in error.errors(include_url=False)]


def _fault(found: ErrorDetails) -> Fault:
    path = ".".join(str(part) for part in found["loc"] if part != "[key]")
    told: dict[str, Callable[[str, ErrorDetails], Fault]] = {
        "extra_forbidden": _unknown_key,
        "missing": _missing,
        "literal_error": _not_one_of,
        "string_pattern_mismatch": _wrong_form,
    }
    tell = told.get(found["type"]) or (_wrong_type if found["type"] in TYPES else _out_of_bounds)
    return tell(path, found)


def _unknown_key(path: str, found: ErrorDetails) -> Fault:
    known = keys_at(found["loc"][:-1])
    near = difflib.get_close_matches(str(found["loc"][-1]), known, n=1, cutoff=0.5)
    if found["loc"][-1] == "secure":
        return Fault(
            path, "[secret]", "stands in the environment, which is shown in previews", "plain values", "give it a key of its own in config"
        )
    fix = f"write {near[0]}" if near else "take it out"
    return Fault(path, shown(found["input"]), "stands under a key that does not exist here", ", ".join(known), fix)


def _missing(path: str, found: ErrorDetails) -> Fault:
    name = str(found["loc"][-1])
    words = words_at(found["loc"])
    example = words[0] if words else EXAMPLES.get(name, "…")
    return Fault(path, "nothing", "is missing", " | ".join(words) or f"a value, such as {example}", f"add {name}: {example}")


def _not_one_of(path: str, found: ErrorDetails) -> Fault:
    words = words_at(found["loc"])
    near = difflib.get_close_matches(str(found["input"]).lower(), words, n=1, cutoff=0.4)
    fix = f"write {near[0]}" if near else "write one of them"
    return Fault(path, shown(found["input"]), "is not one of the words allowed here", " | ".join(words), fix)


def _wrong_form(path: str, found: ErrorDetails) -> Fault:
    pattern = found.get("ctx", {}).get("pattern", "")
    allowed = PATTERNS.get(pattern, f"text that matches {pattern}")
    if pattern in FORMS:
        return Fault(path, shown(found["input"]), "does not have the form allowed here", allowed, f"write {FORMS[pattern]}")
    spaced = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in str(found["input"]).lower())
    mended = "-".join(spaced.split())
    return Fault(
        path, shown(found["input"]), "does not have the form allowed here", allowed, f"write {mended}" if mended else "write a name"
    )


def _wrong_type(path: str, found: ErrorDetails) -> Fault:
    value = found["input"]
    wanted = TYPES[found["type"]]
    quoted = isinstance(value, str) and wanted.endswith("without quotes") and _needs_no_quotes(value)
    return Fault(path, shown(value), "has the wrong type", wanted, f"write {value}, without quotes" if quoted else f"write {wanted}")


def _needs_no_quotes(text: str) -> bool:
    return text in ("true", "false") or text.lstrip("-").replace(".", "", 1).isdigit()


def _out_of_bounds(path: str, found: ErrorDetails) -> Fault:
    bounds = found.get("ctx", {})
    allowed = " and ".join(text.format(bounds[name]) for name, text in BOUNDS.items() if name in bounds) or found["msg"].lower()
    limit = next((bounds[name] for name in ("ge", "le") if name in bounds), None)
    fix = f"write {found['loc'][-1]}: {limit}" if limit is not None else f"write {allowed}"
    return Fault(path, shown(found["input"]), "is out of bounds", allowed, fix)
