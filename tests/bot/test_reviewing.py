import pytest

from bot.access import Access
from bot.adapters.records import Records
from bot.answering import Answering, Asker
from bot.commands import Withhold
from bot.label_catalogue import Catalogue
from bot.reviewing import Reviewing

TEAM = "T0SANDBOX"


@pytest.fixture
def ask(workspace, database):
    """Type a command as ben, who is an admin here, and give the answer."""
    access, records = Access(workspace, TEAM, admins=["U0BEN"]), Records(database)
    reviewing = Reviewing(access, records.withheld, records.catalogue, slash_command="/pics")
    answering = Answering(reviewing.answers, slash_command="/pics", label_emoji="label")
    return lambda text: answering.answer(Asker(TEAM, "U0BEN", "C0PHOTOS"), text)


@pytest.mark.parametrize("name", ["woman", "WOMAN", "Woman"])
def test_sensitive_label_warns(ask, name):
    """An admin who shows what a person is hears what that means, and how to undo it."""
    assert ask(f"show {name}") == (
        f":warning: From now on I show *{name}* in every channel. Mind that it guesses somebody's "
        "gender from their looks: such guesses are often wrong, and hurt. "
        f"`/pics withhold {name}` undoes that."
    )


def test_harmless_label_does_not(ask):
    """About a label that says nothing of the kind there is nothing to mind."""
    ask("withhold tattoo")

    assert ask("show tattoo") == "From now on I show *tattoo*. `/pics withhold tattoo` undoes that."


def test_other_name_is_decided(database, workspace):
    """What an admin withholds by another name of Amazon's list is withheld by the label's own."""
    records = Records(database)
    records.catalogue.replace(Catalogue({"Mobile Phone": ()}, {"Cell Phone": "Mobile Phone"}))
    access = Access(workspace, TEAM, admins=["U0BEN"])
    reviewing = Reviewing(access, records.withheld, records.catalogue, slash_command="/labels")
    decide = reviewing.answers[Withhold]
    answer = decide(Asker(TEAM, "U0BEN", "C0PHOTOS"), Withhold("cell phone", is_withheld=True))

    assert answer.startswith("From now on I say *Mobile Phone* to nobody.")
    assert records.withheld.changes(TEAM) == {"Mobile Phone": True}
