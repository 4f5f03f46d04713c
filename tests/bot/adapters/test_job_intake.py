import json

import pytest
import sqlalchemy as sa

from bot.adapters.job_intake import JobIntake


@pytest.fixture
def intake(database):
    """Puts jobs into an empty database; no job library runs on it."""
    return JobIntake(database)


def enqueue(intake, connection, job_id="T1/C1/1.0/1"):
    """Store a job."""
    intake.enqueue(
        connection, "Labelling.label_message", job_id=job_id, queue="messages", args={"a": "ü"}
    )


def stored(database):
    """Read the stored jobs, with the serializer of what they hold and that itself."""
    names = "workflow_uuid status name class_name config_name queue_name serialization"
    columns = ", ".join(f"s.{name}" for name in names.split())
    tables = "workflow_status s JOIN workflow_input i ON s.workflow_uuid = i.workflow_uuid"
    with database.begin() as connection:
        found = connection.execute(sa.text(f"SELECT {columns}, i.inputs FROM {tables}"))  # noqa: S608 - fixed
        return [tuple(row) for row in found]


def test_job_is_stored(intake, database):
    """A stored job names what is to be done, on which queue, and holds plain JSON."""
    with database.begin() as connection:
        enqueue(intake, connection)
    ((*job, inputs),) = stored(database)

    assert job == [
        "T1/C1/1.0/1",
        "ENQUEUED",
        "label_message",
        "Labelling",
        "labelling",
        "messages",
        "portable_json",
    ]
    assert json.loads(inputs) == {"positionalArgs": [{"a": "ü"}], "namedArgs": {}}


def test_job_is_stored_once(intake, database):
    """A job's id that is known already adds nothing."""
    for _ in range(2):
        with database.begin() as connection:
            enqueue(intake, connection)

    assert len(stored(database)) == 1


def test_job_goes_with_transaction(intake, database):
    """A job whose transaction fails was never stored."""
    with pytest.raises(KeyError):
        store_and_fail(intake, database)

    assert stored(database) == []


def store_and_fail(intake, database):
    """Store a job in a transaction that fails."""
    with database.begin() as connection:
        enqueue(intake, connection)
        raise KeyError
