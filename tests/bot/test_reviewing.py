from bot.access import Access
from bot.adapters.records import Records
from bot.answering import Asker
from bot.commands import Withhold
from bot.label_catalogue import Catalogue
from bot.reviewing import Reviewing

TEAM = "T0SANDBOX"


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
