from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from prospectus.app.workspace import Workspace, back_up_workspace
from prospectus.domain.errors import UsageError
from prospectus.web.settings import LOOPBACK, Settings, host_name

ROOT = Path(__file__).parents[3]


def test_without_settings_it_is_asked_on_loopback_alone() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings().hosts == LOOPBACK


def test_every_setting_is_read() -> None:
    assert Settings.from_environment(
        {
            "PROSPECTUS_DATABASE": "work.db",
            "PROSPECTUS_CATALOGS": f"a{os.pathsep}b",
            "PROSPECTUS_HOSTS": "study.example, [::1]",
            "PROSPECTUS_TODAY": "2026-11-22",
            "PROSPECTUS_MOST_UPLOAD": "10",
            "PROSPECTUS_MOST_FORM": "20",
        }
    ) == Settings(
        database="work.db",
        catalogs=(Path("a"), Path("b")),
        hosts=("study.example", "[::1]"),
        today=dt.date(2026, 11, 22),
        most_upload=10,
        most_form=20,
    )


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
def test_the_server_and_a_backup_mean_the_same_database(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept" / "work.db"
    said = form.format(file)
    monkeypatch.chdir(tmp_path)
    with Workspace.open(Settings.from_environment({"PROSPECTUS_DATABASE": said}).database) as mine:
        mine.students.add("Ada", "")
    monkeypatch.setenv("PROSPECTUS_DATABASE", said)
    assert back_up_workspace(tmp_path / "backup.db").holdings.n_students == 1
    assert {one.name for one in tmp_path.iterdir()} == {"kept", "backup.db"}
    assert file.is_file()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("TODAY", "tomorrow"),
        ("MOST_UPLOAD", "0"),
        ("MOST_UPLOAD", "5 MB"),
        ("MOST_FORM", "²"),
        ("MOST_FORM", "9" * 5_000),
        ("HOSTS", "*"),
        ("HOSTS", "http://study.example"),
        ("HOSTS", "study.example:8000"),
        ("HOSTS", "localhost,a b"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings.from_environment({f"PROSPECTUS_{name}": said})
    (fault,) = caught.value.faults
    assert (fault.code, fault.at.field) == ("WEB-001", f"PROSPECTUS_{name}")


def test_all_settings_that_cannot_be_read_are_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        Settings.from_environment({"PROSPECTUS_TODAY": "x", "PROSPECTUS_MOST_FORM": "x"})
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Localhost:8000", "localhost"),
        ("localhost.", "localhost"),
        ("[::1]:80", "[::1]"),
        ("[::FFFF:127.0.0.1]", "[::ffff:127.0.0.1]"),
        ("::1", ""),
        ("a@b", ""),
        ("a:b", ""),
        ("", ""),
        ("a" * 300, ""),
    ],
)
def test_a_host_is_read_as_a_name_or_as_nothing(host: str, name: str) -> None:
    assert host_name(host) == name


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "web.md").read_text(encoding="utf-8")
    for name in ("DATABASE", "CATALOGS", "HOSTS", "TODAY", "MOST_UPLOAD", "MOST_FORM"):
        assert f"`PROSPECTUS_{name}`" in page
