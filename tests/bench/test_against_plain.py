import importlib.util

import pytest

from tests.bench import against_plain


@pytest.mark.timeout(300)
@pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="It comes with the extra bench."
)
def test_sample_of_comparison():
    """The plain handler answers too; killed once, Spotter loses and repeats nothing."""
    few = {"idle": 1, "burst": 4, "megapixels": 3}
    figures = {one.name: one for one in against_plain.measure(long=False, **few)}

    assert figures["idle, plain handler: post to reply"].value > 0
    assert figures["killed once, Spotter: lost"].value == 0
    assert figures["killed once, Spotter: answered twice"].value == 0
