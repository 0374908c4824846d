"""What the client repeats, when it gives up, and what it never tells."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from catalogue.refresh.client import Client
from catalogue.refresh.model import CannotFetch
from tests.catalogue.refresh.serving import QUICK, Answer, Answering, Asked, of, serving

SECRET = "AIzaSyTESTKEY"


def in_turn(*answers: Answer) -> Answering:
    """These answers one after another, the last one again and again."""
    left = list(answers)
    return lambda asked: left.pop(0) if len(left) > 1 else left[0]


def client(url: str, read_s: float = 2) -> Client:
    return Client(url, patience=replace(QUICK, read_s=read_s), watch=lambda what, size: None, headers={"X-Goog-Api-Key": SECRET})


def test_fractions_are_exact_decimals() -> None:
    with serving(in_turn(Answer(b'{"price": 0.1000000000000000055511151231257827}'))) as host:
        assert client(host.url).json("/prices")["price"] == Decimal("0.1000000000000000055511151231257827")


def test_too_many_requests_are_repeated_after_the_pause_that_is_asked_for() -> None:
    busy = Answer(b"slow down", status=429, headers={"Retry-After": "0"})
    with serving(in_turn(busy, of({"price": 1}))) as host:
        assert client(host.url).json("/prices") == {"price": 1}
        assert len(host.asked) == 2


def test_a_pause_beyond_the_limit_is_cut_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", slept.append)
    with serving(in_turn(Answer(b"", status=429, headers={"Retry-After": "86400"}), of({}))) as host:
        assert client(host.url).json("/prices") == {}
    assert slept == [QUICK.retry_after_s]


def test_a_server_that_fails_twice_is_asked_a_third_time() -> None:
    down = Answer(b"down", status=500)
    with serving(in_turn(down, down, of({"price": 1}))) as host:
        assert client(host.url).json("/prices") == {"price": 1}


def test_a_body_that_breaks_off_is_asked_for_again() -> None:
    whole = of({"price": 1})
    with serving(in_turn(Answer(whole.body, cut=5, reset=True), Answer(whole.body, cut=5), whole)) as host:
        assert client(host.url).json("/prices") == {"price": 1}


def test_lines_that_break_off_are_read_again_from_the_first() -> None:
    body = b"".join(b"line %d\n" % number for number in range(9))
    with serving(in_turn(Answer(body, cut=30, kind="text/csv"), Answer(body, kind="text/csv"))) as host:
        assert len(client(host.url).lines("/index.csv", list)) == 9


FAULTS = {
    "too many requests": (Answer(b"", status=429), "status 429 (too many requests"),
    "not found": (Answer(b"", status=404), "status 404"),
    "forbidden": (Answer(b"", status=403), "status 403 (is the key right"),
    "always down": (Answer(b"", status=503), "status 503"),
    "redirected": (Answer(b"", status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"}), "status 302"),
    "a web page": (Answer(b"<html>log in</html>", kind="text/html; charset=utf-8"), "a web page (text/html)"),
    "cut-off JSON": (Answer(b'{"Items": [{"retailPri'), "cut off or no JSON"),
    "a list": (of([1]), "no JSON object"),
    "not a number": (Answer(b'{"price": NaN}'), "NaN is no number"),
    "no text": (Answer(b'{"price": "\xff"}'), "no UTF-8"),
    "broken off": (Answer(b'{"price": 1}', cut=4), "breaks off"),
    "torn": (Answer(b'{"price": 1}', cut=4, reset=True), "/prices: the"),
}


@pytest.mark.parametrize(("answer", "words"), FAULTS.values(), ids=FAULTS)
def test_what_does_not_pass_is_one_line_without_the_query_and_the_key(answer: Answer, words: str) -> None:
    with serving(lambda asked: answer) as host, pytest.raises(CannotFetch) as raised:
        client(host.url).json("/prices", {"$filter": "hidden", "key": SECRET})
    said = str(raised.value)
    assert words in said
    assert "/prices" in said
    assert SECRET not in said
    assert "hidden" not in said
    assert "\n" not in said
    assert raised.value.__cause__ is None


def test_an_answer_that_does_not_come_ends_with_the_time_out() -> None:
    released = threading.Event()

    def never(asked: Asked) -> Answer:
        return Answer(b"{}", wait=released)

    with serving(never) as host:
        with pytest.raises(CannotFetch, match="no answer within the time-out"):
            client(host.url, read_s=0.05).json("/prices")
        released.set()


def test_a_host_that_is_not_there_is_named_without_the_key() -> None:
    with serving(lambda asked: of({})) as host:
        pass
    with pytest.raises(CannotFetch, match="refused") as raised:
        client(host.url).json("/prices", {"key": SECRET})
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("endpoint", ["", "prices.azure.com", "file:///etc/passwd", "https://"])
def test_an_endpoint_must_be_a_web_address(endpoint: str) -> None:
    with pytest.raises(CannotFetch, match="must begin with https://"):
        client(endpoint)


def test_a_key_never_travels_in_the_clear() -> None:
    with pytest.raises(CannotFetch, match="a key goes there"):
        client("http://prices.example.com")


def test_a_fault_of_the_reader_counts_as_a_broken_answer() -> None:
    def refuse(lines: Iterator[str]) -> int:
        raise ValueError(f"no price list: {next(lines).strip()}")

    with serving(lambda asked: Answer(b"hello\n", kind="text/csv")) as host, pytest.raises(CannotFetch, match=r"no price list: hello"):
        client(host.url).lines("/index.csv", refuse)
