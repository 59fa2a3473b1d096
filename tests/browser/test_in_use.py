"""Explorers in real use: saved and opened again, restarted, run again, read aloud, on narrow pages."""

import base64
import io
import json
import os
import signal

import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from PIL import Image

from course_lib.explorers import EXPLORERS
from tests.browser.lab import VIEWPORT, new_page
from tests.browser.notebook import Notebook
from tests.browser.panel import SLIDER, Panel

VIEW = "application/vnd.jupyter.widget-view+json"
SHOWN = ("bowl", "softmax", "race", "noise_floor")  # with Play; with handles; with boxes to check; slow


@pytest.fixture
def make_notebook(folder, open_notebook):
    """A function that writes a notebook which shows these explorers, opens and runs it."""

    def make(name, explorers=SHOWN):
        write(folder / name, explorers)
        return open_notebook(name).run_all()

    return make


@pytest.fixture(scope="module")
def shown(browser, lab, folder):
    """One notebook for all tests that leave the kernel alone."""
    write(folder / "shown.ipynb", [*SHOWN, "playground", "backprop", "schedule"])
    notebook = Notebook(new_page(browser, lab), lab, "shown.ipynb").open().run_all()
    yield notebook
    assert notebook.faults == []
    notebook.close()


def write(file, explorers):
    codes = ["from course_lib.explorers import EXPLORERS"]
    codes += [f'EXPLORERS["{explorer}"]()' for explorer in explorers]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, file)


def panel_of(notebook, name):
    return next(panel for panel in panels(notebook) if panel.name == name)


def panels(notebook):
    return [Panel(root, notebook) for root in notebook.explorers().all()]


def save(notebook):
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")


def stored_pictures(file):
    """The pictures of explorers in a file, and that nothing else of them is there."""
    content = json.loads(file.read_text())
    assert "widgets" not in content["metadata"]
    data = [output["data"] for cell in content["cells"] for output in cell["outputs"]]
    assert not [each for each in data if VIEW in each]
    return [(image(each["image/png"]), "".join(each["text/plain"])) for each in data]


def image(encoded):
    return Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB")


def on_screen(panel):
    url = panel.root.locator("canvas").evaluate("(canvas) => canvas.toDataURL()")
    return image(url.partition(",")[2])


def assert_alike(stored, shown):
    """A stored picture has 256 colors of its own, and a line of text below."""
    stored, shown = (np.asarray(picture, dtype=int) for picture in (stored, shown))
    assert np.abs(stored[: len(shown)] - shown).mean() < 1


def test_the_last_picture_stands_when_a_notebook_is_opened_again(make_notebook, open_notebook, folder):
    notebook = make_notebook("kept.ipynb")
    for panel in panels(notebook):
        panel.nudge("ArrowLeft")
    shown = [(on_screen(panel), panel.look().caption) for panel in panels(notebook)]
    save(notebook)
    stored = stored_pictures(folder / "kept.ipynb")
    for (picture, caption), (seen, said) in zip(stored, shown, strict=True):
        assert caption == said
        assert_alike(picture, seen)
    notebook.close()

    again = open_notebook("kept.ipynb")  # with a new kernel, and as trusted as it was left
    assert again.page.evaluate("() => window.jupyterapp.shell.currentWidget.model.cells.get(1).trusted")
    images = again.page.locator(".jp-OutputArea-output img")
    images.nth(len(SHOWN) - 1).wait_for()
    assert again.page.get_by_text("model not found").count() == 0
    # One cell is run, and everything saved: the others keep their pictures.
    again.page.evaluate(
        """async () => {
          const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
          for (content.activeCellIndex of [0, 1]) {
            await window.jupyterapp.commands.execute('notebook:run-cell');
          }
        }"""
    )
    Panel(again.explorers().first, again).settled()
    save(again)
    for (before, _), (after, _) in zip(stored[1:], stored_pictures(folder / "kept.ipynb")[1:], strict=True):
        assert_alike(after, before)
    assert again.faults == []


def test_the_last_picture_survives_a_save_after_a_restart(make_notebook, folder):
    notebook = make_notebook("restarted.ipynb", ["bowl"])
    (panel,) = panels(notebook)
    panel.nudge("ArrowLeft")
    shown = on_screen(panel)
    save(notebook)
    notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    panel.root.locator(".course-gone").get_by_text("run this cell again").wait_for()
    notebook.page.evaluate(
        """() => {
          const { content } = window.jupyterapp.shell.currentWidget;
          content.model.cells.get(0).sharedModel.setSource('# a change');
        }"""
    )
    save(notebook)
    ((picture, _),) = stored_pictures(folder / "restarted.ipynb")
    assert_alike(picture, shown)


def test_a_saved_notebook_shows_its_pictures_as_a_web_page(make_notebook, folder):
    notebook = make_notebook("page.ipynb", ["bowl", "softmax"])
    save(notebook)
    page, _ = HTMLExporter().from_filename(str(folder / "page.ipynb"))
    assert page.count('<img alt="') == 2
    assert "widget-view" not in page


SESSION = "const { sessionContext: session } = window.jupyterapp.shell.currentWidget;"
KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
ENDINGS = {
    "restarted": "session.restartKernel()",
    "shut down": "session.shutdown()",
    "replaced": "session.changeKernel({ name: 'python3' })",
    "killed": f"void session.session.kernel.requestExecute({{ code: '{KILL}' }})",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_picture_says_at_once_that_its_kernel_is_gone(make_notebook, ending):
    notebook = make_notebook("gone.ipynb", ["bowl"])
    (panel,) = panels(notebook)
    gone = panel.root.locator(".course-gone")
    assert gone.inner_text() == ""
    assert panel.root.locator(":disabled").count() == 0
    ended = f"{{ {SESSION} return {ENDINGS[ending]}; }}"
    notebook.page.evaluate(f"() => {{ window.courseEnded = (() => {ended})(); }}")
    gone.get_by_text("run this cell again").wait_for(timeout=10_000)
    assert panel.root.locator("input:enabled, select:enabled, button:enabled").count() == 0
    assert panel.look().caption  # picture and caption stay
    if ending == "restarted":
        notebook.page.evaluate("() => window.courseEnded")
        (panel,) = panels(notebook.wait_until_idle().run_all())
        assert panel.root.locator(".course-gone").inner_text() == ""
        before = panel.settled()
        assert panel.nudge("ArrowLeft").caption != before.caption
    elif ending != "shut down":
        notebook.wait_until_idle()  # nothing is in the making when the test ends


def test_a_picture_says_when_no_answer_comes(make_notebook):
    """As where a front end does not tell of its kernel's end."""
    notebook = make_notebook("late.ipynb", ["bowl"])
    (panel,) = panels(notebook)
    kernel = int(notebook.run_code("import os; print(os.getpid())"))
    os.kill(kernel, signal.SIGSTOP)
    try:
        panel.root.locator(SLIDER).first.press("ArrowLeft")
        panel.root.locator(".course-note").get_by_text("No answer from Python").wait_for(timeout=10_000)
    finally:
        os.kill(kernel, signal.SIGCONT)
    panel.settled()
    assert panel.root.locator(".course-note").inner_text() == ""
    before = panel.look()
    assert panel.nudge("ArrowLeft").caption != before.caption


def test_a_cell_that_runs_again_lets_go_of_its_last_explorer(make_notebook):
    notebook = make_notebook("again.ipynb", ["noise_floor"])
    (panel,) = panels(notebook)
    panel.settled()
    count = """
import gc, os, threading, ipywidgets.widgets.widget as w
gc.collect()
pages = int(open("/proc/self/statm").read().split()[1]) if os.path.exists("/proc/self/statm") else 0
print(len(w._instances), threading.active_count(), pages * 4096 // 2**20)
"""

    def run_again(times):
        notebook.page.evaluate(
            """async (times) => {
              const { content } = window.jupyterapp.shell.currentWidget;
              for (let i = 0; i < times; i++) {
                content.activeCellIndex = 1;
                await window.jupyterapp.commands.execute('notebook:run-cell');
              }
            }""",
            times,
        )
        (panel,) = panels(notebook)
        slider = panel.root.locator(SLIDER).first
        slider.press("End")  # work begins that the next run must end
        return [int(number) for number in notebook.run_code(count).split()]

    widgets, few, before = run_again(10)
    now, threads, after = run_again(30)
    assert now == widgets
    assert threads <= few + 2  # work that goes on, and what the kernel begins for itself
    assert after - before < 15, f"{before} MiB, {after} MiB after 30 more runs"
    assert notebook.faults == []


# -- read aloud, and by keyboard ---------------------------------------------------------------------


def test_everything_has_a_name_and_says_its_value(shown):
    for panel in panels(shown):
        controls = {control.name: control for control in EXPLORERS[panel.name].controls}
        for setting, slider in panel.controls(SLIDER):
            control = controls[setting.removeprefix("course-control-")]
            named = panel.root.get_by_role("slider", name=control.label, exact=True)
            assert named.count() == 1, control.label
            assert named.get_attribute("aria-valuetext") == control.text(control.default)
            slider.press("ArrowLeft")
            text = named.get_attribute("aria-valuetext")
            assert text in [control.text(value) for value in control.values]
        unnamed = panel.root.evaluate(
            """(root) => [...root.querySelectorAll('button, input, select')].filter((part) =>
                 !(part.getAttribute('aria-label') || part.labels?.length || part.textContent.trim()))
                 .map((part) => part.outerHTML)"""
        )
        assert unnamed == []
        if panel.name == "bowl":
            assert panel.root.get_by_role("button", name="Play Step shown").count() == 1


def test_play_is_spoken_once(shown):
    panel = panel_of(shown, "bowl")
    panel.root.get_by_role("slider", name="Step shown").press("Home")
    panel.root.evaluate(
        """(root) => {
          window.spoken = [];
          const voices = root.querySelectorAll('[aria-live], [role=status], [role=alert]');
          for (const voice of voices) {
            new MutationObserver(() => window.spoken.push(voice.textContent))
              .observe(voice, { childList: true, characterData: true, subtree: true });
          }
        }"""
    )
    panel.root.get_by_role("button", name="Play Step shown").click()
    shown.page.wait_for_timeout(3000)
    panel.root.get_by_role("button", name="Pause Step shown").click()
    shown.page.wait_for_timeout(1500)
    spoken = shown.page.evaluate("() => window.spoken")
    assert spoken == [panel.look().caption]


def test_every_control_can_be_moved_by_keyboard_alone(shown):
    panel, page = panel_of(shown, "race"), shown.page
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    panel.click(panel.root.locator("button").first)  # focused, and its cell the active one
    before, seen = page.evaluate(active), []
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length")
    keys = {"range": "ArrowLeft", "checkbox": " ", "text": "1", "button": "Enter", "select-one": "ArrowDown"}
    for _ in range(60):
        kind = panel.root.evaluate(
            "(root) => root.contains(document.activeElement) ? document.activeElement.type : null"
        )
        if kind is None:
            break
        seen.append(kind)
        page.keyboard.press(keys[kind])
        assert page.evaluate(active) == before, f"{keys[kind]} on {kind} walked through the notebook"
        page.keyboard.press("Tab")
    assert seen.count("range") == len(panel.controls(SLIDER))
    assert {"button", "range", "text", "checkbox", "select-one"} <= set(seen)
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length") == cells
    panel.settled()


@pytest.mark.parametrize(
    ("typed", "read"), [("1,5", "1.50"), ("-2.5", "-2.50"), ("9", "3.00"), ("much", None)]
)
def test_a_typed_number_is_taken_as_it_is_meant(shown, typed, read):
    panel = panel_of(shown, "bowl")
    label = next(control.label for control in EXPLORERS["bowl"].controls if control.name == "start_x")
    field = panel.root.get_by_label(f"{label}, as a number")
    before = field.input_value()
    field.fill(typed)
    field.press("Enter")
    panel.settled()
    assert field.input_value() == (read or before)
    assert bool(panel.root.locator(".course-note").inner_text()) == (typed in ("9", "much"))


# -- narrow pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "with_files"), [(1280, True), (800, True), (600, True), (480, False)])
def test_every_explorer_fits_the_page(shown, width, with_files):
    toggle = "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
    shown.page.set_viewport_size({"width": width, "height": 800})
    if not with_files:
        shown.page.evaluate(toggle)
    try:
        shown.page.wait_for_timeout(500)
        assert [panel.name for panel in panels(shown) if not panel.fits()] == []
    finally:
        shown.page.set_viewport_size(VIEWPORT)
        if not with_files:
            shown.page.evaluate(toggle)
