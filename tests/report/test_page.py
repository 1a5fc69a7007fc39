"""The page in a real Chromium, as a reader has it from a disk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

OPEN_ALL = "for (const closed of document.querySelectorAll('details')) closed.open = true"


@pytest.fixture
def open_page(browser, report):
    """Open the report; whatever it complains of or asks the network for fails the test."""
    contexts = []
    complaints = []

    def open_report(**options):
        contexts.append(
            browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        )
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: complaints.append(request.url))
        page.goto(report.as_uri())
        assert complaints.pop(0) == report.as_uri()
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert [each for each in complaints if not each.startswith("data:")] == []


def shown_codes(page):
    return page.locator("#cost-group-table tbody tr:visible").evaluate_all(
        "rows => rows.map(row => row.dataset.code)"
    )


def drawn(page):
    """Return the texts of the tiles that the chart of the cost groups shows."""
    return page.locator("#cost-group-chart .slicetext").all_text_contents()


def test_a_click_goes_down_the_cost_groups_and_the_path_goes_up(open_page):
    page = open_page(locale="en")
    assert shown_codes(page) == ["400"]
    assert not any("441" in text for text in drawn(page))
    page.locator("#cost-group-chart .slice", has_text="440").last.click()
    assert shown_codes(page) == ["441"]
    assert any("441" in text for text in drawn(page))
    assert page.inner_text("#cost-group-path b") == "440 Electrical systems"
    page.get_by_role("button", name="DIN 276").click()
    assert shown_codes(page) == ["400"]
    assert not any("441" in text for text in drawn(page))


def test_the_keyboard_goes_down_too(open_page):
    page = open_page(locale="en")
    page.locator("#cost-group-table button").first.focus()
    page.keyboard.press("Enter")
    assert shown_codes(page) == ["410", "440"]
    assert page.evaluate("document.activeElement.textContent") == "440"
    page.keyboard.press("Enter")
    assert shown_codes(page) == ["441"]
    assert (
        page.evaluate("document.activeElement.textContent")
        == "400 Structure \N{EN DASH} building services"
    )


def test_the_page_speaks_the_language_of_the_browser_until_told_otherwise(open_page):
    page = open_page(locale="de-AT")
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.title() == page.inner_text("h1") == "Planwerk-Bericht"
    legend = page.locator("#months-chart .legendtext").first
    assert legend.text_content() == "Aufgaben"
    assert "Mär" in " ".join(page.locator("#months-chart .xtick").all_text_contents())
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == page.inner_text("h1") == "Planwerk report"
    assert legend.text_content() == "Tasks"
    assert "Mar" in " ".join(page.locator("#months-chart .xtick").all_text_contents())


def test_page_and_charts_follow_the_colour_scheme_at_once(open_page):
    page = open_page(color_scheme="light", locale="fr-FR")  # neither language: English
    colours = """() => [
        getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector('#tasks-chart .ytick text')).fill,
        getComputedStyle(document.querySelector('#months-chart .point path')).fill,
        getComputedStyle(document.querySelector('#cost-group-chart .surface')).fill,
    ]"""
    light = page.evaluate(colours)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        f"light => ({colours})().every((each, n) => each !== light[n])", arg=light
    )
    page.get_by_role("button", name="Light/dark").click()
    assert page.evaluate(colours) == light


def test_axe_finds_nothing_in_either_language_or_scheme(open_page):
    page = open_page(color_scheme="light", locale="de")
    page.evaluate(OPEN_ALL)
    for scheme, language in (("light", "de"), ("dark", "en")):
        page.emulate_media(color_scheme=scheme)
        page.click(f"[data-language={language}]")
        assert Axe().run(page).response["violations"] == [], (scheme, language)


def test_print_is_light_without_controls_and_with_all_tables(open_page):
    page = open_page(color_scheme="dark", locale="en")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        page.locator("button:visible:not(.code), nav:visible, summary:visible:not(.tree *)").count()
        == 0
    )
    assert not page.is_visible("#cost-group-chart")
    assert shown_codes(page) == ["400", "410", "440", "441"]
    for in_closed_details in ("0.12", "shared_labels", "Earlier or without a date"):
        assert page.get_by_text(in_closed_details, exact=True).bounding_box()["height"] > 0
    assert page.locator("#months-chart .main-svg").first.bounding_box()["width"] < 700
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_names_are_text_and_nothing_else(open_page, figures):
    page = open_page(locale="en")
    page.evaluate(OPEN_ALL)
    assert page.title() == "Planwerk report"
    assert page.locator("main img, main script, main u, main i, main section b b").count() == 0
    assert page.locator(".labels h3").all_text_contents() == [
        row["name"] for row in figures.unmatched_labels
    ]
    assert page.get_by_role("rowheader", name="</script><b>Hof</b>").is_visible()
    assert page.locator("#tasks-chart .ytick", has_text="<i>Hostile</i>").count() == 1


def test_a_rule_is_copied_as_it_stands(open_page):
    page = open_page(locale="en", permissions=["clipboard-read", "clipboard-write"])
    rule = page.locator(".rule").first
    rule.get_by_role("button").click()
    assert page.evaluate("navigator.clipboard.readText()") == rule.locator("code").text_content()
    assert page.get_by_role("status").text_content() == "Copied"


def test_nothing_sticks_out_of_the_page(open_page):
    page = open_page(locale="de")
    page.evaluate(OPEN_ALL)
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width
