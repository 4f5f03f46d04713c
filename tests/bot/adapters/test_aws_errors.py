import botocore.exceptions as aws
import pytest

from bot import errors
from bot.adapters.aws_errors import Trouble, code_of, our_errors, trouble_of


def refusal(code, status=400):
    """Build what boto3 raises when AWS refuses."""
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(answer, "PutObject")


def test_signs_differ():
    """No code and no error stands for two kinds of trouble."""
    signs = [sign for trouble in Trouble for sign in trouble.value]

    assert len(signs) == len(set(signs))


@pytest.mark.parametrize(
    ("exc", "expected"),
    [
        (refusal("AccessDenied", 403), Trouble.FORBIDDEN),
        (refusal("SlowDown", 503), Trouble.THROTTLED),
        (refusal("NeverHeardOf", 499), Trouble.UNKNOWN),
        (refusal("NeverHeardOf", 500), Trouble.UNAVAILABLE),
        (aws.ClientError({}, "PutObject"), Trouble.UNKNOWN),
        (aws.NoCredentialsError(), Trouble.KEYS_MISSING),
        (aws.ReadTimeoutError(endpoint_url="x"), Trouble.NO_ANSWER),
        (aws.EndpointConnectionError(endpoint_url="x"), Trouble.NO_ANSWER),
        (aws.SSOTokenLoadError(error_msg="x"), Trouble.UNKNOWN_HERE),
    ],
)
def test_kinds(exc, expected):
    """AWS's codes count before its status, and boto3's errors by the nearest that we know."""
    assert trouble_of(exc) is expected


@pytest.mark.parametrize(
    ("exc", "code"),
    [
        (refusal("AccessDenied"), "AccessDenied"),
        (refusal(""), "nothing that can be read"),
        (aws.SSOTokenLoadError(error_msg="x"), "SSOTokenLoadError"),
    ],
)
def test_codes(exc, code):
    """Whatever it is has a name that an admin can look up."""
    assert code_of(exc) == code


def test_errors_become_ours():
    """What is known becomes its error, anything else the one for the unknown, with its code."""
    known = {Trouble.FORBIDDEN: errors.BucketForbidden}
    with (
        pytest.raises(errors.BucketForbidden) as caught,
        our_errors(known, unknown=errors.StoreTrouble),
    ):
        raise refusal("AccessDenied")
    with (
        pytest.raises(errors.StoreTrouble) as other,
        our_errors(known, unknown=errors.StoreTrouble),
    ):
        raise aws.SSOTokenLoadError(error_msg="x")

    assert isinstance(caught.value.__cause__, aws.ClientError)
    assert other.value.facts == {"error": "SSOTokenLoadError"}
