import argparse
import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST_PORT = 65_535


@dataclass(frozen=True)
class Options:
    """What the person asked of `up`. `port` 0 picks a free one."""

    home: Path
    host: str
    port: int
    platform_port: int | None
    platform: bool
    api_url: str
    api_token: str
    as_json: bool
    allow_loopback: bool


def parse(argv: list[str]) -> Options:
    """The command line as a value; exits with a sentence when it makes no sense."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start all of Callboard.")
    parser.add_argument("--host", default="127.0.0.1", help="address the Console listens on")
    parser.add_argument("--port", type=port, default=8000, help="the Console's port, 0: a free one")
    parser.add_argument("--platform-port", type=port, help="default: 8010, or a free one")
    parser.add_argument("--no-platform", action="store_true", help="the Console alone")
    parser.add_argument("--api-url", default="", help="with --no-platform: the API to use")
    parser.add_argument("--api-token", default="", help="or CALLBOARD_API_TOKEN")
    parser.add_argument(
        "--allow-loopback",
        action="store_true",
        help="let webhooks and builds call addresses of this machine",
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON when ready")
    given = parser.parse_args(argv)
    token = given.api_token or os.environ.get("CALLBOARD_API_TOKEN", "")
    if given.no_platform and not (given.api_url and token):
        parser.error("--no-platform needs --api-url and --api-token")
    if given.api_url and not given.api_url.startswith(("http://", "https://")):
        parser.error("--api-url must start with http:// or https://")
    if given.api_url and not given.no_platform:
        parser.error("--api-url goes with --no-platform")
    home = Path(os.environ.get("CALLBOARD_HOME") or ROOT / "var").resolve()
    url = given.api_url.rstrip("/").removesuffix("/v2")
    return Options(
        home=home,
        host=given.host,
        port=given.port,
        platform_port=given.platform_port,
        platform=not given.no_platform,
        api_url=url,
        api_token=token,
        as_json=given.json,
        allow_loopback=given.allow_loopback,
    )


def port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port. Use a number from 0 to {LAST_PORT}")
    return number
