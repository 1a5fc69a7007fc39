"""singer-sdk's standard tests in all flavours, and what `--about` and `--discover` say."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from planwerk_sandbox.server import running
from singer_sdk.testing import SuiteConfig, get_tap_test_class
from tap_craft.tap import TapCraft

ROOT = Path(__file__).parents[2]

# Known before the sandbox runs, so it is none of those that the system hands out meanwhile.
PORT = 20_000 + (3 * os.getpid() + 2) % 10_000


@pytest.fixture(scope="module", autouse=True)
def sandbox_of_standard_tests():
    with running(scale=0.05, port=PORT) as sandbox:
        documents = sandbox.craft.truth("documents")
        sandbox.craft.repair_documents(*(row["id"] for row in documents if row["_broken"]))
        yield


def standard_tests(flavour, *without):
    return get_tap_test_class(
        TapCraft,
        config={
            "api_url": f"http://127.0.0.1:{PORT}/craft/links/sandbox-{flavour}/api/v1",
            "requests_per_ten_seconds": 100_000,
            "requests_per_minute": 1_000_000,
            "start_date": "2025-12-01T00:00:00Z",
        },
        suite_config=SuiteConfig(ignore_no_records_for_streams=["rejected_rows", *without]),
    )


TestSpace = standard_tests("space")
TestDocuments = standard_tests("documents", "folders", "tasks")
TestDaily = standard_tests("daily", "folders", "collections", "collection_items")


def printed(*arguments):
    result = CliRunner().invoke(TapCraft.cli, arguments)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_every_setting_and_column_is_described():
    about = printed("--about", "--format=json")
    settings = about["settings"]["properties"]
    assert all(setting["description"] for setting in settings.values())
    for stream in printed("--discover")["streams"]:
        for name, column in stream["schema"]["properties"].items():
            assert column["description"], f"{stream['stream']}.{name}"


def test_link_and_key_are_secrets():
    settings = printed("--about", "--format=json")["settings"]["properties"]
    assert {name for name, setting in settings.items() if setting.get("secret")} == {
        "api_url",
        "api_key",
    }


def test_discovery_needs_no_credentials():
    assert len(printed("--discover")["streams"]) == 7


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
    readme = (ROOT / "tap-craft" / "README.md").read_text(encoding="utf-8")
    about = printed("--about", "--format=json")["settings"]["properties"]
    for name, setting in about.items():
        if name not in BUILT_INTO_THE_SDK:
            assert f"| `{name}` | {setting['description']}" in readme, name
    for stream in TapCraft(config={}, validate_config=False).streams.values():
        assert f"| `{stream.name}` | `{'`, `'.join(stream.primary_keys)}` |" in readme, stream.name
