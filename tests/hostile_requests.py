"""Requests that Slack never makes: bodies at random, bad signatures, and real ones heard again."""

import contextlib
import copy
import functools
import json
import operator
import random
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

CANARY = "canary"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_KINDS = (FORM, JSON, "text/plain", "multipart/form-data; boundary=x", "application/octet-stream")
_VALUES = (None, True, 0, -1, 1e300, "", [], {}, [None], {"id": None}, "\0", "x" * 5000, [[[[]]]])
_NO_WORDS = ({"text": CANARY}, [CANARY], 0, f"{CANARY}\0")


def signed(secret, body, *, at_s=None):
    """The headers with which Slack signs a body."""
    timestamp = str(int(time.time() if at_s is None else at_s))
    verifier = SignatureVerifier(secret)
    signature = verifier.generate_signature(timestamp=timestamp, body=body.decode(errors="replace"))
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}


def _badly(change):
    """A kind of bad signature: what it makes of good headers."""
    return lambda secret, body: change(signed(secret, body))


def _signature(change):
    return _badly(lambda good: {**good, "X-Slack-Signature": change(good["X-Slack-Signature"])})


def _timestamp(change):
    name = "X-Slack-Request-Timestamp"
    return _badly(lambda good: {**good, name: change(good[name])})


BAD_SIGNATURES = {
    "none": lambda _secret, _body: {},
    "no signature": _badly(lambda good: {**good, "X-Slack-Signature": None}),
    "no timestamp": _badly(lambda good: {**good, "X-Slack-Request-Timestamp": None}),
    "empty signature": _signature(lambda _: ""),
    "cut signature": _signature(lambda good: good[:-1]),
    "another version": _signature(lambda good: f"v1{good[2:]}"),
    "no letters of ours": _signature(lambda _: "v0=\xe4\xf6\xfc"),
    "another secret": lambda secret, body: signed(f"{secret}x", body),
    "another body": lambda secret, body: signed(secret, body + b" "),
    "too old": lambda secret, body: signed(secret, body, at_s=time.time() - 400),
    "from the future": lambda secret, body: signed(secret, body, at_s=time.time() + 400),
    "another timestamp": _timestamp(lambda good: str(int(good) - 1)),
    "no number": _timestamp(lambda _: "soon"),
    "an odd number": _timestamp(lambda _: "\xb2"),
    "a huge number": _timestamp(lambda _: "1" * 400),
}
"""Kinds of bad signatures, each as what it says of a body."""


def random_body(number, known):
    """The same body and content type for the same number, with a canary word in it.

    Noise, JSON at random, or one of the `known` bodies with parts of it missing or changed.
    """
    chance = random.Random(number)  # noqa: S311 - repeatable
    word = f"{CANARY}{number:06}"
    way = chance.randrange(4)
    if way == 0:
        noise = chance.randbytes(chance.randrange(200))
        if chance.random() < 0.5:
            noise = noise.hex().encode()
        return noise + word.encode(), chance.choice(_KINDS)
    if way == 1:
        return json.dumps(_anything(chance, word)).encode(), JSON
    kind, body = chance.choice(known)
    said = json.loads(json.dumps(body))
    for _ in range(chance.randint(1, 3)):
        _spoil(said, chance, word)
    return written(kind, said), kind if chance.random() < 0.9 else chance.choice(_KINDS)


def spoiled_everywhere(known):
    """Every value within one event of each kind, made something that is no word."""
    events = {_kind_of(body): body for _, body in known if isinstance(body.get("event"), dict)}
    for body in events.values():
        for place in _places(body["event"], ("event",)):
            for value in _NO_WORDS:
                said = json.loads(json.dumps(body))
                *way, name = place
                functools.reduce(operator.getitem, way, said)[name] = value
                yield written(JSON, said)


def _kind_of(body):
    return body["event"].get("type"), body["event"].get("subtype")


def _places(part, before):
    """The ways to all that stands in a body, outermost first."""
    names = part if isinstance(part, dict) else range(len(part))
    for name in names:
        yield (*before, name)
        if isinstance(part[name], dict | list):
            yield from _places(part[name], (*before, name))


def written(kind, body):
    """A body as Slack writes it: JSON for events, forms for what people do."""
    if kind == JSON:
        return json.dumps(body).encode()
    flat = body if isinstance(body, dict) and "command" in body else {"payload": json.dumps(body)}
    return urlencode(flat).encode()


def _anything(chance, word, depth=0):
    simple = [word, *_VALUES]
    if depth > 3 or chance.random() < 0.3:
        return copy.deepcopy(chance.choice(simple))
    many = range(chance.randrange(4))
    if chance.random() < 0.3:
        return [_anything(chance, word, depth + 1) for _ in many]
    names = ("type", "event", "payload", "command", "team", "user", "actions", "challenge", word)
    return {chance.choice(names): _anything(chance, word, depth + 1) for _ in many}


def _spoil(body, chance, word):
    """Take something out of a body, or put something else in its place."""
    while True:
        names = list(body) if isinstance(body, dict) else list(range(len(body)))
        if not names:
            return
        name = chance.choice(names)
        if isinstance(body[name], dict | list) and body[name] and chance.random() < 0.7:
            body = body[name]
        elif chance.random() < 0.4:
            del body[name]
            return
        else:
            body[name] = copy.deepcopy(chance.choice([word, {"text": word}, *_VALUES]))
            return


class Sender:
    """Sends requests to the bot over one kept connection, as an attacker would."""

    def __init__(self, url, secret):
        self._url = urlsplit(url)
        self._secret = secret
        self._line = HTTPConnection(self._url.netloc, timeout=30)

    def send(self, body, kind, headers=None):
        """The status that a body gets, well signed unless headers are given."""
        given = {
            "Content-Type": kind,
            **(signed(self._secret, body) if headers is None else headers),
        }
        kept = {name: value.encode("latin-1") for name, value in given.items() if value is not None}
        try:
            self._line.request("POST", self._url.path, body, kept)
            answer = self._line.getresponse()
            answer.read()
        except (OSError, ValueError):
            self._line.close()
            raise
        return answer.status

    def send_badly(self, body, kind, way):
        """The status of a body with one kind of bad signature."""
        return self.send(body, kind, BAD_SIGNATURES[way](self._secret, body))

    def close(self):
        """Hang up."""
        self._line.close()


@contextlib.contextmanager
def overheard(url):
    """Stand between Slack and the bot: what comes is passed on, and kept to be sent again."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _PassingOn) as server:
        server.target, server.heard = urlsplit(url), []
        server.url = f"http://127.0.0.1:{server.server_address[1]}{server.target.path}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        server.shutdown()


class _PassingOn(BaseHTTPRequestHandler):
    """Passes each request on with its own headers, and the answer back."""

    def do_POST(self):
        """Pass on."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        target = self.server.target
        with contextlib.closing(HTTPConnection(target.netloc, timeout=30)) as line:
            line.request("POST", target.path, body, dict(self.headers))
            answer = line.getresponse()
            said = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        """Keep the output clean."""
