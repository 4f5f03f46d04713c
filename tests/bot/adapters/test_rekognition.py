import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from bot import errors
from bot.adapters.rekognition import RekognitionDetector

ANSWER = {"Labels": [{"Name": "Dog", "Confidence": 97.5}], "LabelModelVersion": "3.0"}


def rekognition_client(endpoint_url=None):
    """Build a client like the bot's, with credentials that are nobody's."""
    return boto3.client(
        "rekognition",
        endpoint_url=endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id="AKIAEXAMPLE",
        aws_secret_access_key="hunter2",
        config=Config(
            connect_timeout=1,
            read_timeout=0.5,
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )


@pytest.fixture(scope="module")
def client():
    """A client that Stubber answers."""
    return rekognition_client()


def refusing(client, code, status=400):
    """Stub a client that answers with an error code."""
    stubber = Stubber(client)
    stubber.add_client_error("detect_labels", service_error_code=code, http_status_code=status)
    return stubber


def test_one_unfiltered_call(client):
    """The one call asks for everything, and its answer is given without the envelope."""
    with Stubber(client) as stubber:
        expected = {"Image": {"Bytes": b"jpeg"}, "MaxLabels": 1000, "MinConfidence": 55.0}
        stubber.add_response("detect_labels", dict(ANSWER), expected)

        assert RekognitionDetector(client).detect_labels(b"jpeg") == ANSWER
        stubber.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ProvisionedThroughputExceededException", errors.DetectorBusy),
        ("ThrottlingException", errors.DetectorBusy),
        ("LimitExceededException", errors.DetectorBusy),
        ("InternalServerError", errors.DetectorUnavailable),
        ("ServiceUnavailable", errors.DetectorUnavailable),
        ("AccessDeniedException", errors.DetectorForbidden),
        ("UnrecognizedClientException", errors.DetectorForbidden),
        ("InvalidSignatureException", errors.DetectorForbidden),
        ("ExpiredTokenException", errors.DetectorForbidden),
        ("MissingAuthenticationTokenException", errors.DetectorForbidden),
        ("InvalidImageFormatException", errors.DetectorRefused),
        ("ImageTooLargeException", errors.DetectorRefused),
        ("InvalidParameterException", errors.DetectorRefused),
    ],
)
def test_known_codes(client, code, expected):
    """Every code that AWS documents for DetectLabels has an error of ours."""
    with refusing(client, code), pytest.raises(errors.DetectorError) as caught:
        RekognitionDetector(client).detect_labels(b"jpeg")

    assert type(caught.value) is expected
    assert isinstance(caught.value.__cause__, botocore.exceptions.ClientError)


def test_throttling_as_500(client):
    """Throttling is throttling also under the status 500 that AWS sends with it at times."""
    with refusing(client, "ThrottlingException", 500), pytest.raises(errors.DetectorBusy):
        RekognitionDetector(client).detect_labels(b"jpeg")


def test_unknown_code_is_told(client):
    """A code that we do not know is told to the admin by name."""
    with (
        refusing(client, "NeverHeardOfException"),
        pytest.raises(errors.DetectorTrouble, match="NeverHeardOf"),
    ):
        RekognitionDetector(client).detect_labels(b"jpeg")


def test_unknown_code_of_500(client):
    """An unknown code with a status of 500 or more may pass."""
    with refusing(client, "Whatever", 502), pytest.raises(errors.DetectorUnavailable):
        RekognitionDetector(client).detect_labels(b"jpeg")


class Broken(BaseHTTPRequestHandler):
    """Answers in the way that the path names."""

    def do_POST(self):
        """Answer, or do not."""
        self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, self.path.strip("/"))()

    def drop(self):
        """Close the line without a word."""

    def stall(self):
        """Wait for longer than anybody listens."""
        self.server.stopping.wait(5)

    def cut(self):
        """Announce more than is sent."""
        self.send(b'{"Labels": [', length=9000)

    def page(self):
        """Send what a proxy sends."""
        self.send(b"<html>Sign in to the hotel network</html>")

    def send(self, body, length=None):
        """Send 200 with this body."""
        self.send_response(200)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def broken():
    """The address of a server that breaks in several ways."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        server.stopping = threading.Event()
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.stopping.set()
        server.shutdown()


@pytest.mark.parametrize("way", ["drop", "stall", "cut", "page"])
def test_no_answer_may_pass(broken, way):
    """A line that drops, stalls, ends early or brings a page is no answer, and may pass."""
    client = rekognition_client(f"{broken}/{way}")
    with pytest.raises(errors.DetectorUnavailable):
        RekognitionDetector(client).detect_labels(b"jpeg")

    client.close()


def test_nobody_listens():
    """An endpoint where nobody listens may pass."""
    client = rekognition_client("http://127.0.0.1:9")
    with pytest.raises(errors.DetectorUnavailable):
        RekognitionDetector(client).detect_labels(b"jpeg")


@pytest.mark.usefixtures("aws_environment")
def test_no_credentials(monkeypatch):
    """Without credentials the detector is forbidden."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    client = boto3.Session().client("rekognition")
    with pytest.raises(errors.DetectorForbidden):
        RekognitionDetector(client).detect_labels(b"jpeg")
