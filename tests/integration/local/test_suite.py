"""The suite around its services: servers, topics, mail and tokens, one suite to a folder."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import psutil
import psycopg
import pytest
from click.testing import CliRunner
from kafka import KafkaAdminClient

from deploy.local.cli import nenep
from deploy.local.errors import LocalError
from deploy.local.state import read_state
from deploy.local.suite import Suite
from deploy.local.table import APART
from shared.auth import Verifier
from shared.kafka.admin import declared_topics
from tests.support.waiting import until


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A suite without its services."""
    made = Suite(tmp_path_factory.mktemp("suite") / "data", ephemeral=True, progress=False)
    made.start(only=())
    yield made
    pids = [process.pid for process in made.processes.values()]
    made.stop()
    assert not any(pid is not None and psutil.pid_exists(pid) for pid in pids)
    assert not made.folder.exists()


def test_the_declared_topics_are_there(suite: Suite) -> None:
    admin = KafkaAdminClient(bootstrap_servers=suite.bootstrap)
    assert set(declared_topics()) <= set(admin.list_topics())
    admin.close()


def test_each_service_has_a_database_of_its_own(suite: Suite) -> None:
    for service in ("registry", "meetings", "evaluation", "notifications"):
        with psycopg.connect(suite.database_url(service)) as connection:
            found = connection.execute("SELECT current_user, current_database()").fetchone()
            assert found == (APART.get(service, service), service)


def test_the_registry_works_as_a_role_that_may_not_make_tables(suite: Suite) -> None:
    with (
        psycopg.connect(suite.database_url("registry")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE own (id int)")


def test_mail_becomes_a_file_only_its_owner_reads(suite: Suite) -> None:
    state = read_state(suite.folder)
    assert state is not None
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Nhắc lịch họp", "a@example.invalid", "b@example.invalid"
    message.set_content("Chi bộ họp ngày 05.")
    with smtplib.SMTP("127.0.0.1", state["ports"]["mail"]) as client:
        client.send_message(message)
    (path,) = suite.mail_dir.glob("*.eml")
    assert b"X-Envelope-To: b@example.invalid" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_minted_token_is_accepted_by_the_services_verifier(suite: Suite) -> None:
    jwks = str(suite.folder / "keys" / "jwks.json")
    verifier = Verifier(jwks_file=jwks, jwks_url="", issuer="nenep-local", audience="nenep")
    actor = verifier.actor(f"Bearer {suite.mint_token('province_admin')}")
    assert [(grant.role, grant.unit_id) for grant in actor.grants] == [("province_admin", None)]


def test_a_second_suite_on_the_folder_is_refused(suite: Suite) -> None:
    with pytest.raises(LocalError, match="already running"):
        Suite(suite.folder, progress=False).start(only=())
    assert suite.processes["kafka"].child.running


def test_a_killed_server_is_back_and_the_status_says_so(suite: Suite) -> None:
    before = suite.processes["postgres"].pid
    suite.kill("postgres")
    until(lambda: suite.processes["postgres"].pid not in (None, before), what="PostgreSQL under a new pid")
    suite.wait_ready()
    with psycopg.connect(suite.database_url("registry")) as connection:
        connection.execute("SELECT 1")
    shown = CliRunner().invoke(nenep, ["status", "--data", str(suite.folder)])
    assert shown.exit_code == 0, shown.output
    assert "nenep logs postgres" in shown.output
    text = (suite.folder / "suite.json").read_text()
    assert "password" not in text
    assert suite.database_url("registry").split(":")[2].split("@")[0] not in text
