"""No secret shows up in what a tap writes, wherever somebody has put it."""

import json
import logging

import pytest
from click.testing import CliRunner
from tap_craft.tap import TapCraft
from tap_kit.secrets import Hidden
from tap_missive.tap import TapMissive
from tap_teamwork.tap import TapTeamwork

SECRET = "1Kb7sSc5uXY29secret"
LINK = f"https://connect.craft.do/links/{SECRET}/api/v1"
TAPS = {
    TapTeamwork: {"base_url": "http://127.0.0.1:1", "api_key": "twp_another"},
    TapMissive: {"api_url": "http://127.0.0.1:1", "api_token": "missive_pat-another"},
    TapCraft: {"api_url": "http://127.0.0.1:1/links/another-one/api/v1"},
}


def settings_of(tap):
    """Return the tap's own settings, but for the folder, which is named if it cannot be used."""
    others = ("stream_map", "faker", "flattening", "batch", "spool_folder")
    return [name for name in tap.config_jsonschema["properties"] if not name.startswith(others)]


@pytest.fixture
def say(tmp_path, monkeypatch, caplog, waits):
    """Run a tap's command line; return all that it printed and logged, at every level."""
    monkeypatch.setattr("platformdirs.user_state_path", lambda name: tmp_path / name)
    caplog.set_level(logging.DEBUG)

    def say(tap, config, *arguments):
        file = tmp_path / "config.json"
        file.write_text(config if isinstance(config, str) else json.dumps(config))
        caplog.clear()
        done = CliRunner().invoke(tap.cli, ["--config", str(file), *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.exit_code, done.output + done.stderr + caplog.text

    return say


@pytest.mark.parametrize("tap", TAPS)
def test_no_setting_repeats_a_secret_that_was_put_into_it(say, tap):
    for name in settings_of(tap):
        for value in (LINK, f"https://{SECRET}@x.example", [SECRET]):
            _, said = say(tap, TAPS[tap] | {name: value})
            assert SECRET not in said, (name, value)
            assert "Traceback" not in said, (name, value)
        for argument in ("--test", "--discover"):
            _, said = say(tap, TAPS[tap] | {name: SECRET}, argument)
            assert SECRET not in said, (name, argument)


@pytest.mark.parametrize("tap", TAPS)
def test_a_setting_that_cannot_be_used_is_named_with_what_it_has_to_be(say, tap):
    for name, words in {
        "lookback_seconds": "has to be of type integer",
        "start_date": "has to be a date",
        "request_timeout_seconds": "has to be of type integer",
        "read_again_from": "has to be a date",
        "read_again_ids": 'has to be a list of ids, such as ["123"]',
    }.items():
        code, said = say(tap, TAPS[tap] | {name: "bald"})
        assert code == 1
        variable = f"{tap.name.upper().replace('-', '_')}_{name.upper()}"
        assert f"The setting {name} ({variable}) {words}" in said
    code, said = say(tap, {})
    assert code == 1
    assert "is missing" in said


@pytest.mark.parametrize("tap", TAPS)
def test_files_that_are_no_json_are_named_and_not_shown(say, tap, tmp_path):
    for content in (f'{{"api_key": "{SECRET}', f'["{SECRET}"]', f'"{SECRET}"', ""):
        code, said = say(tap, content)
        assert code == 1
        assert "A configuration file is not the JSON it should be" in said
        assert SECRET not in said
        file = tmp_path / "state.json"
        file.write_text(content)
        for option in ("--state", "--catalog"):
            code, said = say(tap, TAPS[tap], option, str(file))
            assert code == 1
            assert "Traceback" not in said
            assert SECRET not in said
        assert file.read_text() == content


def test_an_environment_variable_that_is_no_number_is_named(monkeypatch, caplog):
    monkeypatch.setenv("TAP_TEAMWORK_PAGE_SIZE", SECRET)
    done = CliRunner().invoke(TapTeamwork.cli, ["--config=ENV"])
    assert done.exit_code == 1
    assert "TAP_TEAMWORK_PAGE_SIZE has to be a whole number" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("tap", "setting"), [(TapTeamwork, "base_url"), (TapMissive, "api_url"), (TapCraft, "api_url")]
)
def test_an_address_that_would_show_the_key_is_refused(say, tap, setting):
    path = "/links/x/api/v1" if tap is TapCraft else ""
    for address in (f"http://x.example{path}", f"https://{SECRET}:x@x.example{path}"):
        code, said = say(tap, TAPS[tap] | {setting: address})
        assert code == 1
        assert SECRET not in said
        assert setting in said.splitlines()[-1]


def test_no_level_of_logging_shows_a_link_or_a_key(say):
    config = {"api_url": f"http://127.0.0.1:1/links/{SECRET}/api/v1", "api_key": f"key-{SECRET}"}
    code, said = say(TapCraft, config)
    assert code == 1
    assert SECRET not in said


def test_what_is_logged_with_a_trace_is_hidden_too(caplog):
    hidden = Hidden()
    hidden.add([SECRET, "ä key/with signs"])
    hidden.guard_logs()
    try:
        int(f"refused {LINK}")
    except ValueError:
        logging.getLogger("x").exception("for %s", "%C3%A4%20key%2Fwith%20signs")
    assert SECRET not in caplog.text
    assert "%C3%A4" not in caplog.text
    assert "'refused https://connect.craft.do/links/***/api/v1" in caplog.text
