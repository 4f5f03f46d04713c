import copy
import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.adapters.rekognition import RekognitionDetector, parse_detect_labels
from bot.model import Instance, RatioBox


def float32(number):
    """Give a number as Rekognition prints it: 32 bits, as a double."""
    return struct.unpack("f", struct.pack("f", number))[0]


BOX = {
    "Width": float32(0.51),
    "Height": float32(0.9),
    "Left": float32(-0.02),
    "Top": float32(0.1),
}
COLOUR = {
    "Red": 12,
    "Green": 0,
    "Blue": 255,
    "HexCode": "#0c00ff",
    "CSSColor": "blue",
    "SimplifiedColor": "blue",
    "PixelPercent": float32(31.4),
}
OF_2016 = {"Labels": [{"Name": "Dog", "Confidence": float32(97.3)}]}
OF_MODEL_2 = {
    "Labels": [
        {
            "Name": "Dog",
            "Confidence": float32(97.3),
            "Instances": [{"BoundingBox": BOX, "Confidence": float32(96.1)}],
            "Parents": [{"Name": "Pet"}, {"Name": "Animal"}],
        },
        {"Name": "Animal", "Confidence": float32(97.3), "Instances": [], "Parents": []},
    ],
    "LabelModelVersion": "2.0",
}
OF_MODEL_3 = {
    "Labels": [
        {
            **OF_MODEL_2["Labels"][0],
            "Aliases": [{"Name": "Hound"}],
            "Categories": [{"Name": "Animals and Pets"}],
        }
    ],
    "LabelModelVersion": "3.0",
}
WITH_COLOURS = {
    "Labels": [
        {
            **OF_MODEL_3["Labels"][0],
            "Instances": [
                {"BoundingBox": BOX, "Confidence": float32(96.1), "DominantColors": [COLOUR]}
            ],
        }
    ],
    "LabelModelVersion": "3.0",
    "ImageProperties": {
        "Quality": {"Brightness": float32(60.5), "Sharpness": float32(70), "Contrast": 55.5},
        "DominantColors": [COLOUR],
        "Foreground": {"DominantColors": [COLOUR], "Quality": {"Brightness": 1.5}},
        "Background": {"DominantColors": []},
    },
}
SHAPES = {
    "names and confidences alone": OF_2016,
    "instances and parents": OF_MODEL_2,
    "aliases and categories": OF_MODEL_3,
    "image properties and colours": WITH_COLOURS,
    "whole-number confidence": {"Labels": [{"Name": "Dog", "Confidence": 100}]},
    "nothing found": {"Labels": [], "LabelModelVersion": "3.0"},
    "orientation": {"Labels": [], "OrientationCorrection": "ROTATE_0"},
    "categories as bare words": {
        "Labels": [{"Name": "Beach", "Confidence": 99.0, "Categories": ["Nature and Outdoors"]}]
    },
    "instance without box": {
        "Labels": [{"Name": "Dog", "Confidence": 99.0, "Instances": [{"Confidence": 98.0}]}]
    },
    "field of tomorrow": {"Labels": [{"Name": "Dog", "Confidence": 99.0, "Mood": {"Happy": 1}}]},
    "response metadata": {"Labels": [], "ResponseMetadata": {"RequestId": "r", "RetryAttempts": 0}},
}


@pytest.mark.parametrize("name", SHAPES)
def test_answer_is_given_back(name):
    """Every shape that Rekognition's answers have had is given back field by field."""
    response = SHAPES[name]
    before = copy.deepcopy(response)
    analysis = parse_detect_labels(response)

    assert analysis.to_response() == before
    assert json.dumps(analysis.to_response()) == json.dumps(before)


def test_answer_back_is_a_copy():
    """Who changes an answer that was given back changes nothing else."""
    analysis = parse_detect_labels(copy.deepcopy(OF_MODEL_2))
    analysis.to_response()["Labels"].clear()

    assert analysis.to_response() == OF_MODEL_2


def test_every_field_is_read():
    """Names, boxes, kinds and confidences become nouns of ours, in Rekognition's order."""
    (dog,) = parse_detect_labels(OF_MODEL_3).labels

    assert (dog.name, dog.confidence_percent) == ("Dog", float32(97.3))
    assert dog.parents == ("Pet", "Animal")
    assert dog.aliases == ("Hound",)
    assert dog.categories == ("Animals and Pets",)
    box = RatioBox(BOX["Left"], BOX["Top"], BOX["Width"], BOX["Height"])
    assert dog.instances == (Instance(box, float32(96.1)),)
    assert parse_detect_labels(OF_MODEL_3).model_version == "3.0"


def test_missing_fields_are_empty():
    """What older answers do not say is read as nothing."""
    (dog,) = parse_detect_labels(OF_2016).labels

    assert (dog.instances, dog.parents, dog.aliases, dog.categories) == ((), (), (), ())
    assert parse_detect_labels(OF_2016).model_version is None


def test_bare_categories_are_read():
    """Categories are read as words and as objects."""
    (beach,) = parse_detect_labels(SHAPES["categories as bare words"]).labels

    assert beach.categories == ("Nature and Outdoors",)


def test_no_box_no_instance():
    """An instance without a box says nothing about where it is, and is left out."""
    (dog,) = parse_detect_labels(SHAPES["instance without box"]).labels

    assert dog.instances == ()


NAMES = st.lists(st.fixed_dictionaries({"Name": st.text(max_size=9)}), max_size=3)
NUMBERS = st.floats(-1, 100, width=32) | st.integers(0, 100)
BOXES = st.fixed_dictionaries(dict.fromkeys(("Width", "Height", "Left", "Top"), NUMBERS))
LABELS = st.fixed_dictionaries(
    {"Name": st.text(max_size=20), "Confidence": NUMBERS},
    optional={
        "Instances": st.lists(
            st.fixed_dictionaries({"BoundingBox": BOXES, "Confidence": NUMBERS}), max_size=3
        ),
        **dict.fromkeys(("Parents", "Aliases", "Categories"), NAMES),
    },
)


@given(st.fixed_dictionaries({"Labels": st.lists(LABELS, max_size=5)}))
def test_any_answer_is_given_back(response):
    """Whatever labels an answer holds, it is given back, one label of ours for each."""
    analysis = parse_detect_labels(response)

    assert analysis.to_response() == response
    assert [label.name for label in analysis.labels] == [x["Name"] for x in response["Labels"]]


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
        stubber.add_response("detect_labels", copy.deepcopy(WITH_COLOURS), expected)

        assert RekognitionDetector(client).detect_labels(b"jpeg") == WITH_COLOURS
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


def test_unknown_code_stays(client):
    """A code that we do not know is not called by another name."""
    with (
        refusing(client, "NeverHeardOfException"),
        pytest.raises(botocore.exceptions.ClientError, match="NeverHeardOf"),
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
