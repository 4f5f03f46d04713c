import pytest
from slack_sdk import WebClient

from bot import errors
from bot.access import Access
from bot.adapters.records import Records
from bot.adapters.slack import SlackWorkspace
from bot.answering import Asker
from bot.label_catalogue import Catalogue
from bot.label_names import OFFERED_AT_MOST, LabelNames
from bot.model import ImageSource
from bot.rules import parse_rule
from bot.sandbox.faults import Fault
from bot.showing import Showing

TEAM = "T0SANDBOX"
LIST = Catalogue(
    {
        "Bridegroom": ("Person Description",),
        "Car": ("Vehicles and Automotive",),
        "Cat": ("Animals and Pets",),
        "Dog": ("Animals and Pets",),
        "Mac and Cheese": ("Food and Beverage",),
        "Mobile Home": ("Vehicles and Automotive",),
        "Mobile Phone": ("Technology and Computing",),
        "Wizard": ("Person Description",),
        "Woman": ("Person Description",),
        "Worm": ("Animals and Pets",),
    },
    {"Cell Phone": "Mobile Phone", "Automobile": "Car", "Wife To Be": "Bridegroom"},
    ("Animals and Pets", "Person Description", "Technology and Computing"),
)


class Desk:
    """Where names are typed, and what is known there."""

    def __init__(self, database, workspace):
        self.records = records = Records(database)
        showing = Showing(records.analyses, records.shows, records.withheld)
        access = Access(workspace, TEAM)
        self.names = LabelNames(access, showing, records.catalogue, slash_command="/labels")

    def see(self, *names, channel="C0PHOTOS"):
        """Have labels been seen in a channel."""
        self.records.analyses.note_seen(ImageSource(TEAM, channel, "1.0", "F1"), set(names))

    def check(self, text, person="U0BEN"):
        """The rule as it would be kept, and the note about it."""
        rule, note = self.names.checked(Asker(TEAM, person, "C0PHOTOS"), parse_rule(text))
        return str(rule), note

    def refusal(self, text, person="U0BEN"):
        """Why a rule is refused, with the example."""
        with pytest.raises(errors.CommandError) as caught:
            self.check(text, person)
        return str(caught.value)

    def offers(self, typed, person="U0BEN"):
        """What is offered to somebody who types."""
        return self.names.names_for(Asker(TEAM, person, "C0PHOTOS"), typed)


@pytest.fixture
def bare(database, slack):
    """A desk without Amazon's list, before a Slack that is asked only once."""
    url = f"{slack.url}/api/"
    client = WebClient(slack.terms.bot_token, base_url=url, timeout=2, retry_handlers=[])
    return Desk(database, SlackWorkspace(client, patient=False))


@pytest.fixture
def desk(bare):
    """A desk with Amazon's list."""
    bare.records.catalogue.replace(LIST)
    return bare


@pytest.mark.parametrize(
    "text", ["dog", "DOG over 90%", "dog and not cat", 'category:"animals and pets"']
)
def test_known_names(desk, slack, text):
    """Names that the list has are taken as they are typed, and Slack is asked nothing."""
    asked = len(slack.ledger.entries("slack"))

    assert desk.check(text) == (str(parse_rule(text)), "")
    assert len(slack.ledger.entries("slack")) == asked


def test_other_names(desk):
    """Another name for a label becomes the label's, wherever it stands, and that is said."""
    kept, note = desk.check("exact:automobile at least 2 or (dog and not cell phone)")

    assert kept == "exact:Car at least 2 or dog and not Mobile Phone"
    assert note == (
        "\nRekognition calls “automobile” *Car*.\nRekognition calls “cell phone” *Mobile Phone*."
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "cat and not dgo",
            (
                "“dgo” is not on Amazon's list of labels. Did you mean “Dog”? For example: /labels "
                "watch cat and not Dog"
            ),
        ),
        (
            "cel phone at least 2",
            (
                "“cel phone” is not on Amazon's list of labels. Did you mean “Cell Phone”? For "
                "example: /labels watch Cell Phone at least 2"
            ),
        ),
        (
            "mac and cheese",
            (
                "“mac” is not on Amazon's list of labels. Did you mean “Mac and Cheese”? For "
                'example: /labels watch "Mac and Cheese"'
            ),
        ),
        (
            "platypus",
            "“platypus” is not on Amazon's list of labels. For example: /labels watch dog",
        ),
        (
            "category:animals",
            (
                "“animals” is not on Amazon's list of categories. For example: /labels watch "
                'category:"Animals and Pets"'
            ),
        ),
        (
            'category:"animal and pets"',
            (
                "“animal and pets” is not on Amazon's list of categories. Did you mean “Animals "
                'and Pets”? For example: /labels watch category:"Animals and Pets"'
            ),
        ),
    ],
)
def test_unknown_names(desk, text, words):
    """A name that nobody knows is refused with what was meant, in the rule that was typed."""
    assert desk.refusal(text) == words


def test_seen_beside_list(desk):
    """What the list lacks is known where it was seen, and stays unsaid to who may not look."""
    desk.see("Platypus", channel="C0LAB")

    assert desk.check("platypus", person="U0ANA") == ("platypus", "")
    assert "Did you mean “Platypus”" in desk.refusal("platypos", person="U0ANA")
    assert desk.refusal("platypus").startswith("“platypus” is not on Amazon's list of labels. For")
    assert "Platypus" not in desk.refusal("platypos")


def test_withheld_names(desk):
    """Withheld labels are refused by any of their names, also as what must be missing."""
    for text in ("woman", "dog and not woman", "wife to be", "groom"):
        assert "cannot be watched: it guesses" in desk.refusal(text)
    assert "no admin has decided about it yet" in desk.refusal("wizard")


def test_withheld_is_not_suggested(desk):
    """What is withheld is not what was meant."""
    assert "Did you mean “Worm”" in desk.refusal("womn")
    assert "Did you mean" not in desk.refusal("wizzard")


def test_admins_decide(desk):
    """What an admin decided about a label holds for its other names too."""
    desk.records.withheld.change(TEAM, "Mobile Phone", is_withheld=True, person="U0ANA")
    desk.records.withheld.change(TEAM, "Woman", is_withheld=False, person="U0ANA")

    assert "an admin of this workspace withholds it" in desk.refusal("cell phone")
    assert desk.check("woman") == ("woman", "")
    assert "Cell Phone" not in desk.offers("cel")


def test_silent_slack(desk, slack):
    """When Slack does not say who may look, nobody's unknown name is taken or given away."""
    desk.see("Platypus")
    slack.faults.order("slack", "users.info", Fault("drop_before"))

    with pytest.raises(errors.SlackUnknown):
        desk.check("platypus")


def test_names_without_list(bare):
    """Without the list every name is taken; what is new, or close to another, is remarked on."""
    bare.see("Dog", "Mobile Phone")

    assert bare.check("dog and mobile phone") == ("dog and mobile phone", "")
    assert bare.check("platypus over 90%")[1].startswith("\nIt is new to me")
    assert bare.check("dog and not platypus")[1].startswith("\n“platypus” is new to me")
    assert bare.check("dgo and not mobile phone")[1].endswith(
        "\nDid you mean *Dog*? Then type `/labels watch Dog and not mobile phone`. And to undo "
        "this one: `/labels unwatch dgo and not mobile phone`."
    )
    assert "I have no list of categories" in bare.check("category:pets")[1]


def test_offered_names(desk):
    """Offered are names that begin as typed, then those with such a word, each label once."""
    desk.see("Catfish", "Phone")

    assert desk.offers("cat") == ["Catfish", "Cat"]
    assert desk.offers("PHONE") == ["Phone", "Mobile Phone"]
    assert desk.offers("mobile ") == ["Mobile Home", "Mobile Phone"]
    assert desk.offers("cell") == ["Cell Phone"]


def test_offered_for_typo(desk):
    """When nothing begins as typed, what was probably meant is offered."""
    assert desk.offers("dgo") == ["Dog"]
    assert desk.offers("xylophone") == []


def test_offers_leave_out(desk):
    """Never offered is what is withheld, waits for an admin, or was seen where one may not look."""
    desk.see("Platypus", channel="C0LAB")

    assert desk.offers("w") == ["Worm"]
    assert desk.offers("plat") == []
    assert desk.offers("plat", person="U0ANA") == ["Platypus"]


def test_offers_without_slack(desk, slack):
    """When Slack does not answer, the list alone is offered."""
    desk.see("Catfish")
    slack.faults.order("slack", "users.info", Fault("drop_before"))

    assert desk.offers("cat") == ["Cat"]


def test_offers_are_few(bare):
    """No more is offered than a menu can hold, and nothing typed yet offers what there is."""
    names = [f"Kind {number}" for number in range(200)]
    bare.records.catalogue.replace(Catalogue(dict.fromkeys(names, ())))

    assert bare.offers("") == names[:OFFERED_AT_MOST]
