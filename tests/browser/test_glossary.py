"""The glossary in a real JupyterLab: searched, sorted, by keyboard, in the dark, and kept as a table."""

import json

import pytest
from playwright.sync_api import expect

from course_lib.teaching.glossary import TERMS
from tests.browser.test_predict import VIEW, contrast


@pytest.fixture
def opened(open_notebook):
    return open_notebook("glossary.ipynb").run_all()


@pytest.fixture
def table(opened):
    shown = opened.page.locator(".course-glossary")
    expect(shown).to_have_count(1)
    return shown


def first_words(table):
    return table.locator("tbody tr:visible td:first-child").all_text_contents()


def test_a_search_leaves_the_lines_that_have_every_word(opened, table):
    field = table.get_by_role("searchbox", name="Search")
    expect(table.get_by_role("status")).to_have_text(f"{len(TERMS)} of {len(TERMS)} terms")
    field.fill("学习率 test")
    expect(table.get_by_role("status")).to_have_text(f"1 of {len(TERMS)} terms")
    assert first_words(table) == ["learning-rate range test"]
    field.fill("")
    expect(table.get_by_role("status")).to_have_text(f"{len(TERMS)} of {len(TERMS)} terms")
    assert opened.faults == []


def test_a_heading_sorts_by_the_keyboard_and_says_so(opened, table):
    chapter = table.get_by_role("columnheader", name="chapter")
    chapter.get_by_role("button").focus()
    opened.page.keyboard.press("Enter")
    expect(chapter).to_have_attribute("aria-sort", "ascending")
    chapters = table.locator("tbody td:last-child").all_text_contents()
    assert chapters == sorted(chapters)
    opened.page.keyboard.press("Space")
    expect(chapter).to_have_attribute("aria-sort", "descending")
    expect(table.get_by_role("columnheader", name="English")).to_have_attribute("aria-sort", "none")
    assert table.locator("tbody td:last-child").all_text_contents() == sorted(chapters, reverse=True)
    assert opened.faults == []


def test_terms_without_a_symbol_come_last_in_either_order(table):
    symbol = table.get_by_role("columnheader", name="symbol")
    for _ in range(2):
        symbol.get_by_role("button").click()
        symbols = table.locator("tbody td:nth-child(3)").all_text_contents()
        filled = sum(map(bool, symbols))
        assert all(symbols[:filled])


def test_typing_does_not_command_the_notebook(opened, table):
    cells = opened.page.locator(".jp-Cell").count()
    table.get_by_role("searchbox").focus()
    opened.page.keyboard.type("add bxx")  # in command mode, a, b and x add and cut cells
    assert table.get_by_role("searchbox").input_value() == "add bxx"
    assert opened.page.locator(".jp-Cell").count() == cells


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_is_legible_in_every_theme(opened, table, theme):
    opened.page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme
    )
    opened.page.wait_for_timeout(300)  # the theme's sheet is loaded
    for part in ("label", "input", ".course-count", "th button", "tbody tr:nth-child(2) td"):
        assert contrast(table.locator(part).first) > 4.5, part


def test_a_saved_notebook_keeps_the_table(opened, table, folder):
    opened.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    content = json.loads((folder / "glossary.ipynb").read_text())
    assert "widgets" not in content["metadata"]
    (data,) = [output["data"] for cell in content["cells"] for output in cell.get("outputs", [])]
    assert VIEW not in data
    assert "".join(data["text/html"]).count("<tr>") == len(TERMS) + 1
