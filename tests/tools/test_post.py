"""One comment per merge or pull request: created once, brought up to date after that, against servers that answer as the hosts' APIs do."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tools.pull_request.post import main

MARKER = "[//]: <> (drydock-cost)"
BODY = f"{MARKER}\n\n## Cost: +$5.00/mo\n"


class Server(HTTPServer):
    """Answers of a host, and what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, Any]] = []
        self.pages: list[object] = []
        self.status = 200


class Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else None
        token = self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization")
        self.server.asked.append((self.command, self.path, sent))
        assert token in ("secret-token", "Bearer secret-token")
        page = int(self.path.partition("&page=")[2] or 1)
        self.send_response(self.server.status)
        if page < len(self.server.pages):
            self.send_header("X-Next-Page", str(page + 1))
        self.end_headers()
        answer = self.server.pages[page - 1] if self.command == "GET" and self.server.pages else []
        self.wfile.write(json.dumps(answer).encode())

    do_GET = do_POST = do_PUT = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server() as found:
        Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"http://127.0.0.1:{found.server_port}"
        told = {
            "CI_API_V4_URL": address, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7", "COST_TOKEN": "secret-token",
            "SYSTEM_COLLECTIONURI": f"{address}/", "SYSTEM_TEAMPROJECTID": "project", "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
            "BUILD_REPOSITORY_ID": "repository", "SYSTEM_ACCESSTOKEN": "secret-token",
        }  # fmt: skip
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        yield found
        found.shutdown()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "comment.md"
    path.write_text(BODY)
    return str(path)


def changes(server: Server) -> list[tuple[str, str, Any]]:
    return [asked for asked in server.asked if asked[0] != "GET"]


NOTES = "/projects/12/merge_requests/7/notes"


def note(number: int, body: str, system: bool = False) -> dict[str, object]:
    return {"id": number, "body": body, "system": system}


def test_gitlab_gets_a_note_where_there_is_none(server: Server, file: str) -> None:
    server.pages = [[note(1, "hello"), note(2, f"{MARKER} by the system", system=True)]]
    assert main(["gitlab", file]) == 0
    assert changes(server) == [("POST", NOTES, {"body": BODY.strip()})]


def test_gitlab_s_note_is_brought_up_to_date_also_from_a_later_page(server: Server, file: str) -> None:
    server.pages = [[note(1, "hello")], [note(9, f"{MARKER}\n\nold")]]
    assert main(["gitlab", file]) == 0
    assert changes(server) == [("PUT", f"{NOTES}/9", {"body": BODY.strip()})]


THREADS = "/project/_apis/git/repositories/repository/pullRequests/7/threads"


def thread(number: int, content: str | None, deleted: bool = False) -> dict[str, object]:
    return {"id": number, "comments": [{"id": 1, "content": content, "isDeleted": deleted}]}


def test_azure_devops_gets_a_thread_that_nobody_has_to_resolve(server: Server, file: str) -> None:
    server.pages = [{"value": [thread(1, "hello"), thread(2, None), {"id": 3}, thread(4, f"{MARKER}\nold", deleted=True)]}]
    assert main(["azure", file]) == 0
    comment = {"parentCommentId": 0, "content": BODY.strip(), "commentType": "text"}
    assert changes(server) == [("POST", f"{THREADS}?api-version=7.1", {"comments": [comment], "status": "closed"})]


def test_azure_devops_comment_is_brought_up_to_date(server: Server, file: str) -> None:
    server.pages = [{"value": [thread(5, f"{MARKER}\nold")]}]
    assert main(["azure", file]) == 0
    assert changes(server) == [("PATCH", f"{THREADS}/5/comments/1?api-version=7.1", {"content": BODY.strip()})]


@pytest.mark.parametrize("host", ["gitlab", "azure"])
def test_a_comment_that_says_the_same_already_is_left_alone(host: str, server: Server, file: str) -> None:
    server.pages = [[note(1, BODY)] if host == "gitlab" else {"value": [thread(1, BODY.strip())]}]
    assert main([host, file]) == 0
    assert changes(server) == []


@pytest.mark.parametrize("host", ["gitlab", "azure"])
def test_a_refusal_is_one_line_without_the_token(host: str, server: Server, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    server.status = 403
    assert main([host, file]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "403" in told
    assert "secret-token" not in told


def test_what_is_missing_is_named(file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("CI_API_V4_URL", raising=False)
    assert main(["gitlab", file]) == 2
    assert "CI_API_V4_URL is not set" in capsys.readouterr().err
    assert main(["bitbucket", file]) == 2
    assert "usage: post.py gitlab|azure FILE" in capsys.readouterr().err


def test_a_missing_file_is_named(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gitlab", "nowhere.md"]) == 2
    assert "nowhere.md" in capsys.readouterr().err
