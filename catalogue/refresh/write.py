"""Files replaced all or none: an abort puts the old ones back, a killed process leaves every file whole."""

import os
from collections.abc import Mapping
from pathlib import Path

_NEW, _OLD = ".drydock-new", ".drydock-old"


def replace_all(folder: Path, texts: Mapping[str, str], order: tuple[str, ...]) -> None:
    """Writes these texts, file → content, in this order. Raises OSError with the old files in place.

    Everything is on the disk before the first file is replaced. Names do not end in `.csv` meanwhile, so no reader takes them for a table.
    """
    staged: list[Path] = []
    replaced: list[tuple[Path, Path | None]] = []
    try:
        for name in order:
            staged.append((folder / name).with_name(f".{Path(name).name}{_NEW}"))
            _stage(staged[-1], folder / name, texts[name])
        for name, new in zip(order, staged, strict=True):
            replaced.append((folder / name, _kept(folder / name)))
            new.replace(folder / name)
    except BaseException:
        # Also KeyboardInterrupt: Ctrl-C between two files is the abort that happens.
        _put_back(replaced)
        raise
    finally:
        for path in [*staged, *(old for _, old in replaced if old)]:
            path.unlink(missing_ok=True)


def clear_leftovers(folder: Path) -> None:
    """Removes what a killed process left beside the files."""
    for path in folder.rglob("*"):
        if path.name.endswith((_NEW, _OLD)) and path.is_file():
            path.unlink()


def _stage(new: Path, file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with new.open("w", encoding="utf-8", newline="") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    if file.exists():
        new.chmod(file.stat().st_mode & 0o777)


def _kept(file: Path) -> Path | None:
    if not file.exists():
        return None
    old = file.with_name(f".{file.name}{_OLD}")
    old.unlink(missing_ok=True)
    os.link(file, old)
    return old


def _put_back(replaced: list[tuple[Path, Path | None]]) -> None:
    for file, old in reversed(replaced):
        if old is None:
            file.unlink(missing_ok=True)
        else:
            old.replace(file)
