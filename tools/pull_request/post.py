"""Posts a comment to a merge or pull request, or brings its own earlier one up to date: `post.py gitlab|azure FILE`.

The first line of FILE is the hidden marker by which the earlier comment is found. GitHub needs no such script: see preview.yml.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import requests

_SECONDS = 60


class Host(Protocol):
    """Where comments are kept."""

    def comments(self) -> Iterator[tuple[str, str]]:
        """Path and text of each comment that may be ours."""
        ...

    def create(self, body: str) -> None:
        """A new comment."""
        ...

    def update(self, path: str, body: str) -> None:
        """Another text for the comment at a path."""
        ...


class GitLab:
    """Notes of a merge request. Source: GitLab's "Notes API". COST_TOKEN: a project access token with the scope `api`."""

    def __init__(self, told: Callable[[str], str]) -> None:
        self._notes = f"{told('CI_API_V4_URL')}/projects/{told('CI_PROJECT_ID')}/merge_requests/{told('CI_MERGE_REQUEST_IID')}/notes"
        self._headers = {"PRIVATE-TOKEN": told("COST_TOKEN")}

    def comments(self) -> Iterator[tuple[str, str]]:
        """Page by page, without those that GitLab itself writes."""
        page = "1"
        while page:
            answer = _sent("GET", f"{self._notes}?sort=asc&per_page=100&page={page}", self._headers)
            yield from ((str(note["id"]), note["body"]) for note in answer.json() if not note.get("system"))
            page = answer.headers.get("X-Next-Page", "")

    def create(self, body: str) -> None:
        """A note."""
        _sent("POST", self._notes, self._headers, {"body": body})

    def update(self, path: str, body: str) -> None:
        """The note with this id."""
        _sent("PUT", f"{self._notes}/{path}", self._headers, {"body": body})


class AzureDevOps:
    """Threads of a pull request. Source: Azure DevOps' REST API "Pull Request Threads", 7.1. SYSTEM_ACCESSTOKEN: the job's own token."""

    _VERSION = "?api-version=7.1"

    def __init__(self, told: Callable[[str], str]) -> None:
        project = f"{told('SYSTEM_COLLECTIONURI').rstrip('/')}/{told('SYSTEM_TEAMPROJECTID')}"
        request = f"pullRequests/{told('SYSTEM_PULLREQUEST_PULLREQUESTID')}"
        self._threads = f"{project}/_apis/git/repositories/{told('BUILD_REPOSITORY_ID')}/{request}/threads"
        self._headers = {"Authorization": f"Bearer {told('SYSTEM_ACCESSTOKEN')}"}

    def comments(self) -> Iterator[tuple[str, str]]:
        """The first comment of each thread."""
        for thread in _sent("GET", f"{self._threads}{self._VERSION}", self._headers).json()["value"]:
            comments: list[dict[str, Any]] = thread.get("comments") or []
            if comments and comments[0].get("content") and not comments[0].get("isDeleted"):
                yield f"{thread['id']}/comments/{comments[0]['id']}", comments[0]["content"]

    def create(self, body: str) -> None:
        """A thread that nobody has to resolve."""
        comment = {"parentCommentId": 0, "content": body, "commentType": "text"}
        _sent("POST", f"{self._threads}{self._VERSION}", self._headers, {"comments": [comment], "status": "closed"})

    def update(self, path: str, body: str) -> None:
        """The comment at this path."""
        _sent("PATCH", f"{self._threads}/{path}{self._VERSION}", self._headers, {"content": body})


HOSTS: dict[str, Callable[[Callable[[str], str]], Host]] = {"gitlab": GitLab, "azure": AzureDevOps}


def post(host: Host, body: str) -> str:
    """What was done: created, updated, or nothing where the comment says the same already."""
    body = body.strip()
    marker = body.partition("\n")[0]
    for path, text in host.comments():
        if text.startswith(marker):
            if text.strip() == body:
                return "unchanged"
            host.update(path, body)
            return "updated"
    host.create(body)
    return "created"


def main(words: list[str]) -> int:
    """Exit status 0, 1 where the host refuses, 2 where something is missing."""
    if len(words) != 2 or words[0] not in HOSTS:
        print(f"usage: post.py {'|'.join(HOSTS)} FILE", file=sys.stderr)
        return 2
    try:
        print(f"comment {post(HOSTS[words[0]](_told), Path(words[1]).read_text(encoding='utf-8'))}")
    except (KeyError, OSError, requests.RequestException) as error:
        # A failed request is an OSError too, and its message names the address, not the token.
        print(f"{words[0]}: {error.args[0] if isinstance(error, KeyError) else error}", file=sys.stderr)
        return 1 if isinstance(error, requests.RequestException) else 2
    return 0


def _told(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise KeyError(f"{name} is not set: run this in the pipeline of a merge or pull request, see docs/pull-requests.md")
    return value


def _sent(method: str, address: str, headers: dict[str, str], body: object = None) -> requests.Response:
    answer = requests.request(method, address, headers=headers, json=body, timeout=_SECONDS)
    answer.raise_for_status()
    return answer


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
