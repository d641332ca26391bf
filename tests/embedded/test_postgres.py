"""The PostgreSQL of our own, tried for real: as root and as anybody else."""

import os
import signal
import threading
from pathlib import Path

import psycopg
import pytest

from marketplace.embedded import binaries, processes
from marketplace.embedded.postgres import Cluster
from marketplace.embedded.telling import CannotGoOn


def test_it_starts_keeps_its_port_and_stops(data_folder: Path) -> None:
    with Cluster(data_folder / "postgres").in_use() as cluster:
        first = cluster.url
        with psycopg.connect(first) as connection:
            row = connection.execute(
                "SELECT current_user, rolsuper, pg_encoding_to_char(encoding), datcollate"
                " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
            ).fetchone()

    with Cluster(data_folder / "postgres").in_use() as again:
        second = again.url

    assert row == ("market", False, "UTF8", "C.UTF-8")
    assert second == first
    assert again.port is None
    assert not processes.working_in(again.data)


def test_it_never_runs_as_root_and_its_passwords_are_private(data_folder: Path) -> None:
    with Cluster(data_folder / "postgres").in_use() as cluster:
        assert cluster.pid
        assert Path(f"/proc/{cluster.pid}").stat().st_uid != 0

    assert (data_folder / "postgres/passwords.json").stat().st_mode & 0o777 == 0o600
    assert cluster.data.stat().st_mode & 0o077 == 0


def test_nobody_enters_without_the_password(data_folder: Path) -> None:
    with Cluster(data_folder / "postgres").in_use() as cluster:
        for stranger in ("market:wrong", "market", "postgres"):
            with pytest.raises(psycopg.OperationalError, match="password"):
                psycopg.connect(f"postgresql://{stranger}@127.0.0.1:{cluster.port}/market")


def test_it_listens_on_127_0_0_1_only(data_folder: Path) -> None:
    with Cluster(data_folder / "postgres").in_use() as cluster:
        wanted = f":{cluster.port:04X}"
        listening = [
            fields[1]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            if Path(table).exists()
            for fields in map(str.split, Path(table).read_text().splitlines()[1:])
            if fields[3] == "0A" and fields[1].endswith(wanted)
        ]
        sockets = [
            line
            for line in Path("/proc/net/unix").read_text().splitlines()
            if f"PGSQL.{cluster.port}" in line
        ]

    assert listening == [f"0100007F{wanted}"]
    assert not sockets


def test_every_acknowledged_row_survives_kill_9(data_folder: Path) -> None:
    acknowledged = 0

    def write(url: str) -> None:
        nonlocal acknowledged
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE TABLE row (number int)")
                while True:
                    connection.execute("INSERT INTO row VALUES (%s)", [acknowledged])
                    acknowledged += 1
                    half_way.set()
        except psycopg.OperationalError:
            pass

    with Cluster(data_folder / "postgres").in_use() as cluster:
        half_way = threading.Event()
        writer = threading.Thread(target=write, args=[cluster.url])
        writer.start()
        assert half_way.wait(10)
        victims = processes.working_in(cluster.data)
        for victim in victims:
            processes.send(victim, signal.SIGKILL)
        writer.join(10)
        cluster.revive()
        with psycopg.connect(cluster.url) as connection:
            row = connection.execute("SELECT count(*), max(number) FROM row").fetchone()

    assert len(victims) > 1
    assert row
    # One more may have been written whose answer was lost.
    assert row[0] in {acknowledged, acknowledged + 1}


def test_the_last_user_stops_it(data_folder: Path) -> None:
    first = Cluster(data_folder / "postgres")
    second = Cluster(data_folder / "postgres")
    with first.in_use():
        with second.in_use():
            assert first.pid == second.pid
        assert first.port

    assert first.port is None


def test_a_lock_file_with_a_strangers_process_id_is_no_obstacle(data_folder: Path) -> None:
    with Cluster(data_folder / "postgres").in_use() as cluster:
        pass
    # As after a restart of the machine, when the old number belongs to somebody else.
    owner = cluster.data.stat()
    lock = cluster.data / "postmaster.pid"
    lock.write_text(
        f"{os.getpid()}\n{cluster.data}\n1\n{cluster.port or 5432}\n\n127.0.0.1\n 1 1\nready   \n"
    )
    os.chown(lock, owner.st_uid, owner.st_gid)

    with Cluster(data_folder / "postgres").in_use() as again:
        assert again.pid != os.getpid()
        psycopg.connect(again.url).close()


def test_without_the_wheel_debians_programs_serve(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not binaries.DEBIAN.is_dir():
        pytest.skip("this machine has no PostgreSQL of Debian's")
    monkeypatch.setattr(binaries, "WHEEL", "a_wheel_that_nobody_installed")

    with Cluster(data_folder / "postgres").in_use() as cluster, psycopg.connect(cluster.url) as connection:
        assert cluster.programs.folder.is_relative_to(binaries.DEBIAN)
        assert connection.info.server_version // 10_000 == cluster.programs.major


def test_without_any_programs_it_says_what_to_install(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "WHEEL", "a_wheel_that_nobody_installed")

    with pytest.raises(CannotGoOn, match="apt-get install postgresql"):
        Cluster(data_folder / "postgres", debian=data_folder / "nothing")


def test_a_folder_of_somebody_elses_is_refused(data_folder: Path) -> None:
    (data_folder / "postgres").symlink_to("/")

    with pytest.raises(CannotGoOn, match="belongs to somebody else"):
        Cluster(data_folder / "postgres")
