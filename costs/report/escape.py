"""Words of a program inside Markdown: shown as they are, whatever is in them, on GitHub, GitLab and Azure DevOps."""

import re

_NAME = 64
_TEXT = 300
# A mention or a reference begins with one of these, right before a letter or a digit.
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])([@#!])(?=\w)")
_SPECIAL = re.compile(r"([\\`*_{}\[\]|~$])")
_APART = "\u200b"


def code(text: str, most: int = _NAME) -> str:
    """A code span, good in a table's cell too: what stands in it is neither markup nor a mention.

    A backslash there cannot be written before a pipe, nor a pipe without one, on all three: both are replaced by their look-alikes.
    """
    shown = cut(one_line(text), most).replace("\\", "\u29f5").replace("|", "\u00a6")
    fence = "`" * (max((len(run) for run in re.findall(r"`+", shown)), default=0) + 1)
    space = " " if "`" in shown else ""
    return f"{fence}{space}{shown or ' '}{space}{fence}"


def prose(text: str, most: int = _TEXT) -> str:
    """Words in a sentence or a cell, with nothing left that is markup, a mention or a reference."""
    shown = _REFERENCE.sub(rf"\1{_APART}", cut(one_line(text), most))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", shown)


def one_line(text: str) -> str:
    """One line of printable characters: no control character, no change of the writing direction."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """The text with its spaces and line ends, but no other control character and no change of the writing direction."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in text)


def cut(text: str, most: int) -> str:
    """A long text loses its middle: names differ at their ends."""
    if len(text) <= most:
        return text
    head = (most - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (most - 1 - head) :]}"
