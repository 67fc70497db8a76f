"""Archives of every kind and malice (reliability-security.md row 20)."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.platform.engine import archives
from apps.platform.engine.sources import BadSource

FILES = {"main.py": b"print(1)", "src/a.txt": b"a" * 1000}


def tar(path: Path, mode: str = "w:gz", files: Any = FILES, **fields: Any) -> Path:
    with tarfile.open(path, mode) as made:  # type: ignore[call-overload] # the mode is a parameter here
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for field, value in fields.items():
                setattr(info, field, value)
            made.addfile(info, io.BytesIO(content))
    return path


def zipped(path: Path, files: Any = FILES, attributes: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = attributes << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content)
    return path


def unpacked(archive: Path) -> dict[str, bytes]:
    folder = archive.with_name("out")
    folder.mkdir()
    archives.unpack(archive, folder)
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tars_of_every_compression(tmp_path: Path, mode: str) -> None:
    assert unpacked(tar(tmp_path / "a", mode)) == FILES


def test_zip_and_the_folder_around_everything(tmp_path: Path) -> None:
    around = {f"repo-main/{name}": content for name, content in FILES.items()}
    assert unpacked(zipped(tmp_path / "a", around)) == FILES


def test_a_lone_src_is_no_folder_around(tmp_path: Path) -> None:
    files = {"src/__main__.py": b""}
    assert unpacked(tar(tmp_path / "a", files=files)) == files


NAMES = ["../x", "/etc/x", "a/../../x", "..", "a\\..\\x", "./../x", "a/" * 600 + "x"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("make", [tar, zipped])
def test_names_that_lead_outside(tmp_path: Path, make: Callable[..., Path], name: str) -> None:
    with pytest.raises(BadSource):
        unpacked(make(tmp_path / "a", files={name: b"x"}))
    assert not (tmp_path / "x").exists()


KINDS = [
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
]


@pytest.mark.parametrize("kind", KINDS)
def test_links_and_devices_in_tars(tmp_path: Path, kind: bytes) -> None:
    archive = tar(tmp_path / "a", files={"x": b""}, type=kind, linkname="/etc/passwd")
    with pytest.raises(BadSource, match="a link or a device"):
        unpacked(archive)


def test_links_in_zips(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="a link or a device"):
        unpacked(zipped(tmp_path / "a", {"x": b"/etc/passwd"}, 0o120777))


def test_a_file_twice(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with tarfile.open(path, "w:gz") as made:
        for _ in range(2):
            made.addfile(tarfile.TarInfo("same"), io.BytesIO())
    with pytest.raises(BadSource, match="cannot be unpacked"):
        unpacked(path)


@pytest.mark.parametrize("make", [tar, zipped])
def test_a_bomb_by_its_ratio(tmp_path: Path, make: Callable[..., Path]) -> None:
    with pytest.raises(BadSource, match="200 times its size"):
        unpacked(make(tmp_path / "a", files={"x": bytes(30 << 20)}))


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="larger than 64 MiB"):
        unpacked(tar(tmp_path / "a", "w", files={"x": bytes((64 << 20) + 1)}))


def test_more_files_than_allowed(tmp_path: Path) -> None:
    files = {f"f{number}": b"" for number in range(10_001)}
    with pytest.raises(BadSource, match="more than 10000 files"):
        unpacked(zipped(tmp_path / "a", files))


def test_a_header_of_gigabytes_is_not_read_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("pax")
    info.type = tarfile.XHDTYPE
    info.size = 3 << 30
    (tmp_path / "a").write_bytes(info.tobuf() + bytes(100_000))
    with pytest.raises(BadSource):
        unpacked(tmp_path / "a")


def test_a_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a", {"x": bytes(20 << 20)})
    data = path.read_bytes()
    directory = data.rindex(b"PK\x01\x02")
    lying = data[: directory + 24] + struct.pack("<I", 10) + data[directory + 28 :]
    path.write_bytes(lying)
    with pytest.raises(BadSource):
        unpacked(path)


@pytest.mark.parametrize("content", [b"", b"nothing of an archive" * 100, b"\x1f\x8bbroken"])
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(BadSource, match="cannot be unpacked"):
        unpacked(tmp_path / "a")


def test_a_tar_cut_short(tmp_path: Path) -> None:
    path = tar(tmp_path / "a")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BadSource):
        unpacked(path)
