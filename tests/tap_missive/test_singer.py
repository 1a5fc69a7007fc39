"""singer-sdk's standard tests, and what `--about` and `--discover` say."""

import json
import os
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from planwerk_sandbox.server import running
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from tap_missive.tap import TapMissive

ROOT = Path(__file__).parents[2]

# Known before the sandbox runs, so it is none of those that the system hands out meanwhile.
PORT = 20_000 + (3 * os.getpid() + 1) % 10_000


@pytest.fixture(scope="module", autouse=True)
def sandbox_of_standard_tests():
    with running(scale=0.05, port=PORT):
        yield


TestTapMissive = get_tap_test_class(
    TapMissive,
    config={
        "api_url": f"http://127.0.0.1:{PORT}/missive/v1",
        "api_token": "missive_pat-sandbox",
        "requests_per_minute": 100_000,
        "requests_per_quarter_hour": 1_000_000,
    },
    suite_config=SuiteConfig(ignore_no_records_for_streams=["rejected_rows"]),
)


def printed(*arguments):
    result = CliRunner().invoke(TapMissive.cli, arguments)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_every_setting_and_column_is_described():
    about = printed("--about", "--format=json")
    settings = about["settings"]["properties"]
    assert all(setting["description"] for setting in settings.values())
    for stream in printed("--discover")["streams"]:
        for name, column in stream["schema"]["properties"].items():
            assert column["description"], f"{stream['stream']}.{name}"


def test_discovery_needs_no_credentials():
    assert len(printed("--discover")["streams"]) == 13


def test_meltano_yml_has_the_settings_that_about_shows():
    about = printed("--about", "--format=json")["settings"]["properties"]
    project = yaml.safe_load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    (plugin,) = [
        plugin for plugin in project["plugins"]["extractors"] if plugin["name"] == "tap-missive"
    ]
    own = {name for name in about if name not in BUILT_INTO_THE_SDK}
    assert {setting["name"] for setting in plugin["settings"]} == own
    for setting in plugin["settings"]:
        described = about[setting["name"]]
        assert setting["description"] == described["description"], setting["name"]
        default = OF_THIS_PROJECT.get(setting["name"], described.get("default"))
        assert setting.get("value") == default, setting["name"]
        assert setting.get("sensitive", False) == described.get("secret", False), setting["name"]
        # Meltano reads it as a Decimal, and then cannot write the tap's configuration.
        assert setting.get("kind") != "decimal", setting["name"]


OF_THIS_PROJECT = {"spool_folder": ".planwerk/missive"}
"""Settings that are other than the tap's own default here."""

BUILT_INTO_THE_SDK = {
    "stream_maps",
    "stream_map_config",
    "faker_config",
    "flattening_enabled",
    "flattening_max_depth",
    "flattening_max_key_length",
    "flattening_separator",
    "flattening_exclude_streams",
    "batch_config",
}


def test_the_readme_lists_every_setting_stream_and_key():
    readme = (ROOT / "tap-missive" / "README.md").read_text(encoding="utf-8")
    about = printed("--about", "--format=json")["settings"]["properties"]
    for name, setting in about.items():
        if name not in BUILT_INTO_THE_SDK:
            assert f"| `{name}` | {setting['description']}" in readme, name
    for stream in TapMissive(config={}, validate_config=False).streams.values():
        assert f"| `{stream.name}` | `{'`, `'.join(stream.primary_keys)}` |" in readme, stream.name
