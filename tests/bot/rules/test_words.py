from bot.rules import label_key


def test_keys_forgive_spelling():
    """Labels are compared without regard to case, quotes' shape, spaces and composition."""
    assert label_key("FARMER\u2019S  MARKET") == label_key("Farmer's Market")
    assert label_key("CAN\u0303O") == label_key("caño")
