"""The local AWS: one loopback server that speaks S3 and Rekognition's DetectLabels.

Requests must name the sandbox's access key; signatures and rights are not checked, except that a
bucket may be closed as a whole. Buckets are addressed in the path only.

sandbox = AwsSandbox(ledger, faults, folder)
sandbox.start()                                  # then give the bot sandbox.environment()
faults.order("rekognition", "DetectLabels", Fault("error", error="ThrottlingException", status=500))
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from bot.sandbox import answers
from bot.sandbox.aws_errors import JSON_TYPE, Refused, rekognition_error, s3_error
from bot.sandbox.aws_gate import AwsGate
from bot.sandbox.detect_labels import detect_labels
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.loopback import Loopback
from bot.sandbox.object_store import ObjectStore
from bot.sandbox.other_buckets import OtherBuckets
from bot.sandbox.recognition import Recognition, warm_up
from bot.sandbox.s3_calls import WRITES, name_s3_call

REGION = "eu-west-1"
BUCKET = "spotter-sandbox"
ACCESS_KEY = "sandbox"
SECRET_KEY = "sandbox"  # noqa: S105 - not a secret

_THREADS = 16
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/(\w+)/aws4_request")
"""Access key, region and service, from the header or the query string of a signed request."""

Answer = tuple[Response, dict[str, Any]]
"""What goes back, and facts for the ledger."""


class AwsSandbox:
    """S3 and DetectLabels on 127.0.0.1."""

    def __init__(
        self,
        ledger: Ledger,
        faults: Faults,
        folder: Path,
        *,
        latency_s: Mapping[str, float] | None = None,
    ) -> None:
        """Objects will lie in the folder; `latency_s` delays every `s3` and every `detect` call."""
        self.ledger = ledger
        self._gate = AwsGate(ledger, faults, latency_s or {})
        self._folder = folder
        self._recognition = Recognition()
        self._store: ObjectStore | None = None
        self._others: OtherBuckets | None = None
        self._server: Loopback | None = None

    def start(self, port: int = 0) -> None:
        """Serve on this port of 127.0.0.1, 0 takes a free one; the bucket exists and is empty.

        Raises:
            OSError: the port is taken.
        """
        self._store = ObjectStore(self._folder, bucket=BUCKET, region=REGION)
        self._others = OtherBuckets(self._store, region=REGION)
        try:
            self._server = Loopback(self._application, port=port, threads=_THREADS)
        except OSError:
            self._store.close()
            raise

    def stop(self) -> None:
        """Stop serving and forget every object."""
        self._gate.stopping.set()
        if self._server and self._store:
            self._server.stop()
            self._store.close()
            self._server = self._store = None

    def warm_up(self) -> None:
        """Import and load now what the first picture would otherwise wait for (about a second)."""
        warm_up()

    @property
    def url(self) -> str:
        """Where both services are."""
        if self._server is None:
            raise RuntimeError("The AWS sandbox is not running.")
        return self._server.url

    def environment(self) -> dict[str, str]:
        """The variables that point a bot here."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "S3_BUCKET": BUCKET,
        }

    def register_answer(self, image_bytes: bytes, response: answers.Response) -> None:
        """Answer with this DetectLabels response whenever this picture is seen again.

        Raises:
            OSError: the bytes are no picture.
        """
        self._recognition.register_answer(image_bytes, response)

    @property
    def others(self) -> OtherBuckets:
        """The buckets that are not the bot's own."""
        if self._others is None:
            raise RuntimeError("The AWS sandbox is not running.")
        return self._others

    def _open_store(self) -> ObjectStore:
        if self._store is None:
            raise RuntimeError("The AWS sandbox is not running.")
        return self._store

    def _application(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        request = Request(environ)
        rekognition = request.headers.get("X-Amz-Target", "").startswith("RekognitionService.")
        answer = self._rekognition(request) if rekognition else self._s3(request)
        return answer(environ, start_response)

    def _s3(self, request: Request) -> Response:
        call = name_s3_call(request)
        facts = {"bucket": call.bucket, "key": call.key}

        def work() -> Answer:
            key, region = _signer(request)
            if key != ACCESS_KEY:
                return s3_error("InvalidAccessKeyId" if key else "AccessDenied", **facts), {}
            if refusal := self.others.refusal(call, region=region):
                return refusal, {}
            sent = int(
                request.headers.get("X-Amz-Decoded-Content-Length", request.content_length or 0)
            )
            store = self._open_store()
            answer = store.call(request.environ)
            if call.name in WRITES and answer.status_code < 300:
                store.move_to_folder(call.bucket, call.key)
            return answer, {"size": sent or int(answer.headers.get("Content-Length", 0))}

        return self._gate.pass_through("s3", call.name, facts, work)

    def _rekognition(self, request: Request) -> Response:
        call = request.headers["X-Amz-Target"].partition(".")[2]

        def work() -> Answer:
            try:
                body, facts = self._detect(request, call)
            except Refused as refused:
                return rekognition_error(refused.code, refused.message), {"error": refused.code}
            headers = {"x-amzn-RequestId": str(uuid.uuid4())}
            return Response(json.dumps(body), 200, headers, content_type=JSON_TYPE), facts

        return self._gate.pass_through("rekognition", call, {}, work)

    def _detect(self, request: Request, call: str) -> tuple[answers.Response, dict[str, Any]]:
        key, region = _signer(request)
        if key != ACCESS_KEY:
            raise Refused(
                "UnrecognizedClientException" if key else "MissingAuthenticationTokenException"
            )
        if call != "DetectLabels":
            raise Refused("UnknownOperationException")
        try:
            asked = json.loads(request.get_data())
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            raise Refused("SerializationException")
        store = self._open_store()
        answer, size_px = detect_labels(
            asked,
            see=self._recognition.see,
            fetch_object=lambda bucket, name, version: store.read(
                bucket, name, version, region=region
            ),
        )
        labels = [label["Name"] for label in answer["Labels"]]
        return answer, {"size_px": size_px, "labels": labels}


def _signer(request: Request) -> tuple[str, str]:
    """The access key and the region that a request was signed with; empty when it was not."""
    credential = request.args.get("X-Amz-Credential")
    signed = f"Credential={credential}" if credential else request.headers.get("Authorization", "")
    found = _CREDENTIAL.search(signed)
    return (found[1], found[2]) if found else ("", "")
