"""DetectLabels of the sandbox, asked through boto3; long, as AWS documents many limits."""

import io
import struct

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from PIL import Image

from bot.sandbox.aws_server import BUCKET, REGION, AwsSandbox
from bot.sandbox.detect_labels import MAX_BYTES
from bot.sandbox.faults import Faults
from bot.sandbox.ledger import Ledger
from bot.sandbox.scenes import scene_jpeg
from bot.sandbox.stage import jpeg_bytes


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    """One local AWS for all of these tests."""
    sandbox = AwsSandbox(Ledger(), Faults(), tmp_path_factory.mktemp("objects"))
    sandbox.start()
    yield sandbox
    sandbox.stop()


def client(aws, service="rekognition", **changes):
    """A boto3 client that checks nothing itself, so that the server has to."""
    env = aws.environment()
    settings = {
        "endpoint_url": env["AWS_ENDPOINT_URL"],
        "aws_access_key_id": env["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": env["AWS_SECRET_ACCESS_KEY"],
        "region_name": REGION,
        "config": Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    }
    return boto3.client(service, **(settings | changes))


@pytest.fixture(scope="module")
def rekognition(aws):
    """The client that most tests use."""
    return client(aws)


@pytest.fixture(scope="module")
def street():
    """A scene with many things in it."""
    return scene_jpeg("street")


def picture(size=(100, 100), kind="PNG", **options):
    """A white picture of that size."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, kind, **options)
    return buffer.getvalue()


def refusal(rekognition, **request):
    """The code and message with which a request is turned down."""
    with pytest.raises(ClientError) as caught:
        rekognition.detect_labels(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def walk(value, shape, path="answer"):
    """Yield every member that botocore's model does not know, and every null."""
    if value is None:
        yield f"{path} is null"
    elif shape.type_name == "structure":
        for name, inner in value.items():
            if name not in shape.members:
                yield f"{path}.{name} is unknown"
            else:
                yield from walk(inner, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for inner in value:
            yield from walk(inner, shape.member, path)


@pytest.mark.parametrize("features", [["GENERAL_LABELS"], ["GENERAL_LABELS", "IMAGE_PROPERTIES"]])
def test_shape_is_real(rekognition, street, features):
    """The answer fits botocore's model of DetectLabels, with no member too many."""
    answer = rekognition.detect_labels(Image={"Bytes": street}, Features=features)
    answer.pop("ResponseMetadata")
    shape = rekognition.meta.service_model.operation_model("DetectLabels").output_shape

    assert not ParamValidator().validate(answer, shape).has_errors()
    assert not list(walk(answer, shape))
    assert answer["LabelModelVersion"] == "3.0"
    assert all(
        set(label) == {"Name", "Confidence", "Instances", "Parents", "Aliases", "Categories"}
        for label in answer["Labels"]
    )


def test_numbers_are_single(rekognition, street):
    """Every number is a 32-bit float, as the real ones are."""
    labels = rekognition.detect_labels(Image={"Bytes": street})["Labels"]
    boxes = [instance for label in labels for instance in label["Instances"]]
    numbers = [thing["Confidence"] for thing in labels + boxes]
    numbers += [number for box in boxes for number in box["BoundingBox"].values()]

    assert all(struct.unpack("f", struct.pack("f", number))[0] == number for number in numbers)


def test_ancestors_come_along(rekognition, street):
    """Every parent that a label names is a label of the answer too, and no less sure."""
    labels = rekognition.detect_labels(Image={"Bytes": street})["Labels"]
    sure = {label["Name"]: label["Confidence"] for label in labels}

    assert {"Car", "Vehicle", "Transportation"} <= set(sure)
    assert all(
        sure[parent["Name"]] >= label["Confidence"]
        for label in labels
        for parent in label["Parents"]
    )


def test_facts_of_car(rekognition, street):
    """A car comes with the ancestors, alias and category of Amazon's own list."""
    labels = rekognition.detect_labels(Image={"Bytes": street})["Labels"]
    car = next(label for label in labels if label["Name"] == "Car")

    assert [parent["Name"] for parent in car["Parents"]] == ["Transportation", "Vehicle"]
    assert car["Aliases"] == [{"Name": "Automobile"}]
    assert car["Categories"] == [{"Name": "Vehicles and Automotive"}]
    assert car["Confidence"] == max(one["Confidence"] for one in car["Instances"])


def test_most_confident_first(rekognition, street):
    """Labels come most confident first, none below 55 %, some below 80 %."""
    labels = rekognition.detect_labels(Image={"Bytes": street})["Labels"]
    confidences = [label["Confidence"] for label in labels]

    assert confidences == sorted(confidences, reverse=True)
    assert 55 <= confidences[-1] < 80 < confidences[0] < 100


def test_same_picture_same_answer(rekognition, street):
    """The same pixels always get the same answer."""
    answers = [rekognition.detect_labels(Image={"Bytes": street})["Labels"] for _ in range(2)]

    assert answers[0] == answers[1]


def test_limits_what_comes(rekognition, street):
    """MinConfidence and MaxLabels keep the most confident."""
    everything = rekognition.detect_labels(Image={"Bytes": street})["Labels"]
    least = rekognition.detect_labels(Image={"Bytes": street}, MinConfidence=90)["Labels"]
    few = rekognition.detect_labels(Image={"Bytes": street}, MaxLabels=3)["Labels"]

    assert least == [label for label in everything if label["Confidence"] >= 90]
    assert few == everything[:3]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"LabelInclusionFilters": ["Car"]}, {"Car"}),
        ({"LabelExclusionFilters": ["Car"]}, {"Bus", "Person"}),
        ({"LabelCategoryInclusionFilters": ["Person Description"]}, {"Person"}),
        ({"LabelCategoryExclusionFilters": ["Person Description"]}, {"Car", "Bus"}),
        (
            {
                "LabelCategoryInclusionFilters": ["Vehicles and Automotive"],
                "LabelExclusionFilters": ["Bus"],
            },
            {"Car"},
        ),
    ],
)
def test_filters(rekognition, street, filters, names):
    """Labels can be let in and kept out by name and by category."""
    settings = {"GeneralLabels": filters}
    labels = rekognition.detect_labels(Image={"Bytes": street}, Settings=settings)["Labels"]

    assert {label["Name"] for label in labels} & {"Car", "Bus", "Person"} == names


def test_image_properties(rekognition):
    """The properties of a white picture are those of a white picture."""
    answer = rekognition.detect_labels(
        Image={"Bytes": picture()},
        Features=["IMAGE_PROPERTIES"],
        Settings={"ImageProperties": {"MaxDominantColors": 3}},
    )
    properties = answer["ImageProperties"]
    colors = properties["DominantColors"]

    assert answer["Labels"] == []
    assert properties["Quality"] == {"Brightness": 100.0, "Sharpness": 0.0, "Contrast": 0.0}
    assert [(c["HexCode"], c["CSSColor"], c["SimplifiedColor"]) for c in colors] == [
        ("#ffffff", "white", "white")
    ]
    assert colors[0]["PixelPercent"] == 100.0


def test_colors_of_instances(rekognition, street):
    """With IMAGE_PROPERTIES each box tells its colours: a bus its turquoise."""
    labels = rekognition.detect_labels(
        Image={"Bytes": street}, Features=["GENERAL_LABELS", "IMAGE_PROPERTIES"]
    )["Labels"]
    bus = next(label for label in labels if label["Name"] == "Bus")
    first = bus["Instances"][0]["DominantColors"][0]

    assert abs(first["Red"] - 0) + abs(first["Green"] - 172) + abs(first["Blue"] - 168) < 20


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "InvalidParameterException"),
        (b"x" * (MAX_BYTES + 1), "InvalidParameterException"),
        (b"not a picture", "InvalidImageFormatException"),
        (picture(kind="GIF"), "InvalidImageFormatException"),
        (picture(kind="WEBP"), "InvalidImageFormatException"),
        (picture((200, 200), "JPEG")[:300], "InvalidImageFormatException"),
        (picture((200, 200))[:80], "InvalidImageFormatException"),
        (picture((79, 200)), "InvalidParameterException"),
        (picture((200, 79)), "InvalidParameterException"),
        (picture((10_001, 80)), "ImageTooLargeException"),
        (picture((80, 10_001), "JPEG"), "ImageTooLargeException"),
    ],
    ids=[
        "empty", "5 MB and 1", "no picture", "GIF", "WebP", "cut JPEG", "cut PNG", "narrow", "low",
        "wide", "high",
    ],
)  # fmt: skip
def test_pictures_refused(rekognition, data, code):
    """Pictures outside the documented limits are turned down with the documented code."""
    assert refusal(rekognition, Image={"Bytes": data})[0] == code


@pytest.mark.parametrize("size", [(80, 80), (10_000, 80), (80, 10_000)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_limits_are_inclusive(rekognition, size, kind):
    """80 px and 10,000 px are still taken, and a white picture has no labels."""
    answer = rekognition.detect_labels(Image={"Bytes": picture(size, kind)})

    assert answer["Labels"] == []


def test_most_bytes_taken(rekognition):
    """5,242,880 bytes are still taken."""
    jpeg = picture(kind="JPEG")
    answer = rekognition.detect_labels(Image={"Bytes": jpeg + bytes(MAX_BYTES - len(jpeg))})

    assert answer["Labels"] == []


@pytest.mark.parametrize(
    "request_part",
    [
        {"MinConfidence": 101.0},
        {"MinConfidence": -1.0},
        {"MaxLabels": -1},
        {"Features": ["TEXT"]},
        {"Features": ["IMAGE_PROPERTIES"], "MaxLabels": 5},
        {"Settings": {"ImageProperties": {"MaxDominantColors": 21}}},
        {"Settings": {"GeneralLabels": {"LabelInclusionFilters": ["x"] * 101}}},
        {"Settings": {"GeneralLabels": {"LabelInclusionFilters": ["x" * 51]}}},
        {"Settings": {"GeneralLabels": {"LabelExclusionFilters": ["<b>"]}}},
    ],
)
def test_parameters_refused(rekognition, request_part):
    """Values outside the documented ranges are turned down."""
    image = {"Bytes": picture()}

    assert refusal(rekognition, Image=image, **request_part)[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    "image", [{}, {"Bytes": picture(), "S3Object": {"Bucket": BUCKET, "Name": "x"}}]
)
def test_one_source_only(rekognition, image):
    """A picture comes as bytes or from S3, never both or neither."""
    assert refusal(rekognition, Image=image)[0] == "InvalidParameterException"


def test_other_calls_refused(rekognition):
    """Whatever is not DetectLabels is unknown here."""
    with pytest.raises(ClientError) as caught:
        rekognition.detect_faces(Image={"Bytes": picture()})

    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"


def test_reads_from_bucket(aws, rekognition, street):
    """A picture in the bucket gets the same answer as its bytes."""
    client(aws, "s3").put_object(Bucket=BUCKET, Key="t/street", Body=street)
    stored = rekognition.detect_labels(Image={"S3Object": {"Bucket": BUCKET, "Name": "t/street"}})
    sent = rekognition.detect_labels(Image={"Bytes": street})

    assert stored["Labels"] == sent["Labels"]


@pytest.mark.parametrize(
    ("bucket", "key", "region"),
    [(BUCKET, "t/none", REGION), ("nobodys", "t/street", REGION), (BUCKET, "t/x", "us-east-1")],
    ids=["no object", "no bucket", "other region"],
)
def test_objects_out_of_reach(aws, bucket, key, region):
    """An object that is missing, or in another region than the call, cannot be read."""
    client(aws, "s3").put_object(Bucket=BUCKET, Key="t/x", Body=picture())
    asked = {"S3Object": {"Bucket": bucket, "Name": key}}

    assert refusal(client(aws, region_name=region), Image=asked)[0] == "InvalidS3ObjectException"


def test_objects_too_large(aws, rekognition):
    """More than 15 MB are too much, also in the bucket."""
    large = picture() + bytes(15 * 1024 * 1024)
    client(aws, "s3").put_object(Bucket=BUCKET, Key="t/large", Body=large)
    asked = {"S3Object": {"Bucket": BUCKET, "Name": "t/large"}}

    assert refusal(rekognition, Image=asked)[0] == "ImageTooLargeException"


def test_calls_are_recorded(aws, rekognition, street):
    """The ledger keeps the picture's size and the names that were answered, or the error."""
    rekognition.detect_labels(Image={"Bytes": street}, MaxLabels=2)
    refusal(rekognition, Image={"Bytes": b"no"})
    answered, refused = aws.ledger.entries("rekognition", "DetectLabels")[-2:]

    assert answered.facts["size_px"] == (1600, 1067)
    assert len(answered.facts["labels"]) == 2
    assert answered.facts["ok"]
    assert (refused.facts["ok"], refused.facts["error"]) == (False, "InvalidImageFormatException")


def test_jpeg_is_turned(rekognition):
    """A JPEG's boxes are relative to the upright picture, whatever its orientation tag."""
    with Image.open(io.BytesIO(scene_jpeg("park"))) as park:
        exif = Image.Exif()
        exif[0x0112] = 6
        lying = jpeg_bytes(park.rotate(90, expand=True), exif=exif)
        upright = jpeg_bytes(park)
    left = [
        next(label for label in answer["Labels"] if label["Name"] == "Dog")["Instances"][0]
        for answer in (
            rekognition.detect_labels(Image={"Bytes": data}) for data in (lying, upright)
        )
    ]
    boxes = [instance["BoundingBox"] for instance in left]

    assert all(abs(boxes[0][side] - boxes[1][side]) < 0.01 for side in boxes[0])


def test_brought_answer_wins(aws, rekognition, street):
    """An answer that was brought for a picture is given for a smaller, re-encoded copy of it."""
    brought = {
        "Labels": [{"Name": "Parade", "Confidence": 99.0}, {"Name": "Doubt", "Confidence": 50.0}],
        "LabelModelVersion": "2.0",
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
    with Image.open(io.BytesIO(scene_jpeg("harbour"))) as harbour:
        aws.register_answer(scene_jpeg("harbour"), brought)
        copy = jpeg_bytes(harbour.resize((700, 245)), quality=60)
    answer = rekognition.detect_labels(Image={"Bytes": copy})
    other = rekognition.detect_labels(Image={"Bytes": street})

    assert [label["Name"] for label in answer["Labels"]] == ["Parade"]
    assert answer["LabelModelVersion"] == "2.0"
    assert other["LabelModelVersion"] == "3.0"
