"""Questions in a real JupyterLab: by keyboard, read aloud, in the dark, kept, and without a kernel."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

VIEW = "application/vnd.jupyter.widget-view+json"
OPTIONS = """\
from course_lib.teaching import predict

predict(
    "01-mirror",
    "At which η does the first step land as far from 0 as it began?",
    {"0.1": "At 0.1 it lands at 0.", "0.2": "Yes: `1 − 10·0.2` is −1.", "1": "At 1 it is far away."},
    right="0.2",
)"""
NUMBER = """\
predict("01-limit", "What is the largest stable rate?", {0.2: "Yes, 2/10.", 0.1: "That is 1/10."},
        right=0.2, otherwise="Two divided by the curvature.", unit="per step")"""


@pytest.fixture
def asked(folder, open_notebook, tmp_path):
    """A notebook with two questions, at a desk of its own."""
    desk = f'import os\n\nos.environ["COURSE_DESK"] = {str(tmp_path / "desk")!r}'
    cells = [nbformat.v4.new_code_cell(code) for code in (desk, OPTIONS, NUMBER)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "questions.ipynb")
    return open_notebook("questions.ipynb").run_all()


def questions(notebook):
    expect(notebook.page.locator(".course-question")).to_have_count(2)
    return notebook.page.locator(".course-question").all()


def guesses(tmp_path):
    return json.loads((tmp_path / "desk" / "progress.json").read_text())["guesses"]


def test_the_first_guess_is_kept_and_every_answer_replied_to(asked, tmp_path):
    first, _ = questions(asked)
    expect(first.get_by_role("status")).to_be_empty()
    first.get_by_label("0.1").check()
    first.get_by_role("button", name="Commit").click()
    expect(first.get_by_role("status")).to_have_text("At 0.1 it lands at 0.")
    assert guesses(tmp_path)["01-mirror"]["guess"] == "0.1"
    first.get_by_label("0.2").check()
    first.get_by_role("button", name="See another answer").click()
    expect(first.get_by_role("status")).to_contain_text("Yes: 1 − 10·0.2 is −1.")
    expect(first.get_by_role("status")).to_contain_text(
        "Your first guess was 0.1; it is the one that counts."
    )
    expect(first.locator(".course-said code")).to_have_text("1 − 10·0.2")
    assert guesses(tmp_path)["01-mirror"]["guess"] == "0.1"
    assert asked.faults == []


def test_the_keyboard_alone_does(asked, tmp_path):
    first, second = questions(asked)
    first.get_by_label("0.1").focus()
    asked.page.keyboard.press("ArrowDown")
    asked.page.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_contain_text("is −1")
    field = second.get_by_role("textbox", name=re.compile("Your number"))
    field.focus()
    asked.page.keyboard.type("0,19")
    asked.page.keyboard.press("Enter")
    expect(second.get_by_role("status")).to_have_text("Two divided by the curvature.")
    field.fill("much")
    asked.page.keyboard.press("Enter")
    expect(second.get_by_role("status")).to_have_text("Type a number, such as 0.2.")
    assert {name: kept["right"] for name, kept in guesses(tmp_path).items()} == {
        "01-mirror": True,
        "01-limit": False,
    }
    assert asked.faults == []


def test_it_is_read_aloud(asked):
    first, second = questions(asked)
    group = first.get_by_role("group", name=re.compile(r"Predict\. At which η does the first step"))
    expect(group.get_by_role("radio")).to_have_count(3)
    expect(second.get_by_role("textbox")).to_have_accessible_name(re.compile("Your number.*per step"))


def test_a_guess_is_shown_again_when_the_cell_runs_again(asked):
    first, _ = questions(asked)
    first.get_by_label("0.2").check()
    first.get_by_role("button", name="Commit").click()
    expect(first.get_by_role("status")).to_contain_text("Yes")
    asked.run_all()
    first, _ = questions(asked)
    expect(first.get_by_role("status")).to_contain_text("Yes")
    expect(first.get_by_label("0.2")).to_be_checked()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_it_is_legible_in_every_theme(asked, theme):
    asked.page.evaluate(
        "(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme
    )
    first, _ = questions(asked)
    first.get_by_label("0.1").check()
    first.get_by_role("button").click()
    expect(first.get_by_role("status")).to_contain_text("lands")
    asked.page.wait_for_timeout(300)  # the theme's sheet is loaded
    for part in ("legend", ".course-option", ".course-said p", "button"):
        assert contrast(first.locator(part).first) > 4.5, part


def contrast(part):
    """The ratio of WCAG between a text's color and what is behind it."""
    text, behind = part.evaluate(
        """(part) => {
          let behind = part;
          const behindIt = (element) => getComputedStyle(element).backgroundColor;
          const clear = (element) => /rgba.*, 0\\)|transparent/.test(behindIt(element));
          while (behind.parentElement && clear(behind)) behind = behind.parentElement;
          return [getComputedStyle(part).color, behindIt(behind)];
        }"""
    )
    bright, dark = sorted((luminance(text), luminance(behind)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(color):
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_saved_notebook_keeps_the_question_in_words(asked, folder):
    questions(asked)
    asked.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    content = json.loads((folder / "questions.ipynb").read_text())
    assert "widgets" not in content["metadata"]
    data = [output["data"] for cell in content["cells"] for output in cell["outputs"]]
    assert len(data) == 2
    assert not [each for each in data if VIEW in each]
    assert "○ 0.2" in "".join(data[0]["text/plain"])
    assert "<li>0.2</li>" in "".join(data[0]["text/html"])
