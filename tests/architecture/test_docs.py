"""What the documents say is there is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = {"CALLBOARD_READY_FILE"}  # `up` tells its own processes, nobody sets it
SAID = re.compile(r"`([A-Z][A-Z_]+)[=`]")


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    sources = [*(ROOT / "console").rglob("*.py"), *(ROOT / "apps").rglob("*.py")]
    code = "\n".join(path.read_text() for path in sources)
    read = set(re.findall(r'"(CALLBOARD_[A-Z_]+|REDIS_URL|[A-Z_]*DATABASE_URL)"', code)) - OWN
    table = (ROOT / "docs/deployment.md").read_text()
    told = {name for name in SAID.findall(table) if name.endswith("_URL") or "CALLBOARD" in name}
    assert read - told == set()
    assert told - read == set()
