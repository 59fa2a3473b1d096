"""What must hold for every explorer on the screen. Each check yields what is wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.panel import SLIDER, Look, Panel

_DIGEST_OF_CODE = """
import hashlib
from course_lib.explorers import EXPLORERS
copied = {code}
copied.show()
pixels = copied.picture.pixels.copy()
pixels[..., 3] = 255
print(hashlib.sha1(pixels.tobytes()).hexdigest(), copied.caption)
"""


def check_explorer(panel: Panel) -> Iterator[str]:
    """Every check, with a Reset where one left its mark, which must bring the default picture back.

    What each position of each control draws is swept without a browser; here is what only a browser shows.
    """
    yield from check_look(panel)  # a chapter may begin with other settings than the default
    first = panel.click(panel.button("reset"))
    yield from _legible(panel, first)
    for check in (controls, preset, pin, seed, play, stop, drag):
        yield from check(panel)
        now = panel.look()
        if (now.pixels, now.caption) != (first.pixels, first.caption):
            now = panel.click(panel.button("reset"))
        if (now.pixels, now.caption) != (first.pixels, first.caption):
            yield f"Reset after {check.__name__} does not bring the default picture back: {now.caption}"


def check_look(panel: Panel) -> Iterator[str]:
    """What it looks like as it stands; for one that is checked elsewhere in the same chapter."""
    yield from _legible(panel, panel.settled())


def _legible(panel: Panel, look: Look) -> Iterator[str]:
    if look.caption != look.alt:
        yield f"caption and alternative text differ: {look.caption!r}, {look.alt!r}"
    if not look.caption.strip().endswith("."):
        yield f"the caption is not a sentence: {look.caption!r}"
    if "nan" in look.caption.lower().split():
        yield f"the caption shows a NaN: {look.caption!r}"
    canvas, output = (
        panel.root.locator("canvas"),
        panel.root.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]"),
    )
    if canvas.bounding_box()["width"] > output.bounding_box()["width"]:
        yield "the picture is wider than the notebook"


def _follows(panel: Panel, what: str, before: Look, looks: list[Look]) -> Iterator[str]:
    """Picture and caption changed at least once while something moved, and were legible throughout."""
    for look in looks:
        yield from _legible(panel, look)
    if len({look.pixels for look in [before, *looks]}) < 2:
        yield f"the picture does not follow {what}"
    elif len({look.caption for look in [before, *looks]}) < 2:
        yield f"the caption does not follow {what}"


def controls(panel: Panel) -> Iterator[str]:
    """Every control is moved by hand; the copied line names each, and makes the very picture shown."""
    looks, moved = [panel.look()], []
    for setting, slider in panel.controls(SLIDER):
        now, last = int(slider.input_value()), int(slider.get_attribute("max"))
        looks.append(panel.press(slider, "ArrowRight" if now < last / 2 else "ArrowLeft"))
        moved.append(setting)
    for setting, menu in panel.controls("select"):
        chosen = menu.locator("option:checked").all_text_contents()
        others = [text for text in menu.locator("option").all_text_contents() if [text] != chosen]
        looks.append(panel.choose(menu, others[0]))
        moved.append(setting)
    for setting, box in panel.controls("input[type=checkbox]"):
        looks.append(panel.click(box))
        moved.append(setting)
    yield from _follows(panel, "the controls", looks[0], looks[1:])
    yield from _copies(panel, [name.removeprefix("course-control-") for name in moved])


def _copies(panel: Panel, moved: list[str]) -> Iterator[str]:
    look = panel.click(panel.button("copy"))
    code = panel.page.evaluate("() => navigator.clipboard.readText()")
    if code not in panel.root.locator(".course-note").inner_text():
        yield f"the copied line is not shown: {code!r}"
    if forgotten := [name for name in moved if f"{name}=" not in code]:
        yield f"{', '.join(forgotten)} moved on the screen, but not in the copied line: {code}"
    told = panel.notebook.run_code(_DIGEST_OF_CODE.format(code=code))
    digest, _, caption = told.partition(" ")
    if caption.strip() != look.caption.strip():
        yield f"the copied line says something else: {code} says {caption!r}, not {look.caption!r}"
    elif digest != look.pixels:
        yield f"the copied line does not make this very picture: {code}"


def preset(panel: Panel) -> Iterator[str]:
    buttons = panel.root.locator("button.course-preset").all()
    if buttons:
        before = panel.look()
        yield from _follows(panel, "the last preset", before, [panel.click(buttons[-1])])
        if not panel.root.locator(".course-word").inner_text().strip():
            yield f"preset {buttons[-1].inner_text()!r} does not say what to look for"


def pin(panel: Panel) -> Iterator[str]:
    button = panel.button("pin")
    pinned = panel.click(button)
    if "pinned" not in pinned.caption or button.inner_text() != "Unpin":
        yield f"Pin does not say that it pinned: {pinned.caption!r}"
    moved = panel.nudge("ArrowLeft")
    yield from _follows(panel, "the sliders while pinned", pinned, [moved])
    if panel.click(button).pixels == moved.pixels:
        yield "the ghost of a pinned curve cannot be seen"


def seed(panel: Panel) -> Iterator[str]:
    if panel.button("seed").count():
        before = panel.look()
        if panel.click(panel.button("seed")).pixels == before.pixels:
            yield "the picture does not follow New seed"


def play(panel: Panel) -> Iterator[str]:
    for setting, button in panel.controls("button.course-play"):
        slider = panel.root.locator(f".{setting} {SLIDER}")
        before = panel.press(slider, "Home")
        interval = 6000 / (int(slider.get_attribute("max")) + 1)  # the shorter, the longer a frame
        wanted = min(5, 1500 / interval / 2)
        button.click()
        for _ in range(15):
            panel.page.wait_for_timeout(100)
            frames = panel.look().frame - before.frame
            if frames >= wanted:
                break
        else:
            yield f"{setting}: {frames} frames in 1.5 s of playing"
        paused = panel.click(button)
        panel.page.wait_for_timeout(300)
        if panel.look().frame != paused.frame:
            yield f"{setting}: frames keep coming after a pause"


def stop(panel: Panel) -> Iterator[str]:
    if not panel.button("stop").count():
        return
    _, slider = panel.controls(SLIDER)[0]
    slider.focus()
    panel.page.keyboard.press("End")
    for _ in range(20):  # the bar appears with the first part; quick work may be done before it does
        if panel.is_busy():
            # At once: the work may be done, and the button gone, before a pointer gets there.
            panel.button("stop").evaluate("(button) => button.click()")
            panel.page.wait_for_timeout(300)
            if panel.is_busy():
                yield "Stop does not stop the work"
            break
        panel.page.wait_for_timeout(20)
    panel.settled()


def drag(panel: Panel) -> Iterator[str]:
    """Each point that can be dragged follows the pointer; in one direction if it sets one number."""
    for index, point in enumerate(panel.drag_points()):
        names = [f"course-control-{name}" for name in point["settings"]]
        before, shown = panel.look(), panel.readouts()
        # Towards the middle of its panel, away from the ends of the sliders; not far, for others may be near.
        across, down = (0.04, 0.05) if len(names) > 1 else (0.02, 0.05)
        end = (
            point["x"] + (across if point["x"] % 0.5 < 0.25 else -across),
            point["y"] + (down if point["y"] < 0.5 else -down),
        )
        look = panel.drag((point["x"], point["y"]), end)
        yield from _follows(panel, f"the dragged point {names}", before, [look])
        now, there = panel.readouts(), panel.drag_points()[index]
        if all(shown.get(name) == now.get(name) for name in names):
            yield f"the sliders do not follow the dragged point: {names} {shown} {now}"
        misses = [abs(there["x"] - end[0]) > 0.02, abs(there["y"] - end[1]) > 0.03]
        if all(misses) or (len(names) > 1 and any(misses)):
            yield f"the point {names} was dragged to {end} and is at {(there['x'], there['y'])}"
