"""The live view of an explorer: its picture, its controls and its buttons, as widgets."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from functools import partial

import ipywidgets as widgets
import numpy as np

from course_lib.live.controls import Choice, Control, Seed, Several, Slider, Toggle
from course_lib.live.figure_view import FigureView

_PLAY = 6000  # milliseconds from the first to the last position of a slider that plays ...
_FRAME = 60  # ... but no faster than this a frame
_BREATH = 0.015  # seconds that slow work rests after a picture, so that it is sent and painted at once
_SWITCH = 0.001  # seconds for which it may keep other threads waiting; Python's 5 ms would delay each move
_GRIP = 20  # CSS pixels around a handle in which a press takes hold of it


class Panel:
    """Connects an explorer to widgets; `root` is what the notebook shows.

    Quick work is painted before the callback returns. Slow work runs on a thread that paints each part as
    it comes; the next move ends it.
    """

    def __init__(self, explorer):
        self.explorer = explorer
        # Layouts and styles are shared: each is a message when a chapter opens, and stored with it.
        self._row = widgets.Layout(flex_flow="row wrap", align_items="center", overflow="visible")
        self._cell = widgets.Layout(overflow="visible", margin="0 18px 0 0")
        self._wide = widgets.Layout(width="390px")
        self._auto = widgets.Layout(width="auto")
        self._input_style = widgets.SliderStyle(description_width="130px")
        self._button_style = widgets.ButtonStyle()
        self._following = False  # the widgets are being set from the settings, not the other way round
        self._running: threading.Event | None = None  # cleared to stop the slow work
        self._pixel_ratio = 1.0
        width, height = (round(100 * side) for side in explorer.size)
        self.view = FigureView(width=width, height=height, clickable=explorer.has_pointer)
        self.view.on_msg(self._on_message)
        self.inputs = {
            control.name: self._input(control)
            for control in explorer.controls
            if not isinstance(control, Seed)
        }
        self.players: dict[str, widgets.Play] = {}
        for name, widget in self.inputs.items():
            widget.observe(partial(self._on_input, name), "value")
        self.root = widgets.VBox([*self._presets(), self.view, self._controls(), self._buttons()])
        self.root.add_class("course-explorer").add_class(f"course-explorer-{explorer.name}")
        self.follow()

    # -- from the explorer to the screen ---------------------------------------------------------

    def follow(self) -> None:
        """Show the explorer as it is, its work finished: the picture first, then the widgets."""
        with self.explorer.picture.lock:
            self._stop()
            self._paint(as_key=True)  # what a cell shows is stored with the notebook
            self._set_widgets(self.inputs)

    def _paint(self, *, as_key: bool = False) -> None:
        explorer = self.explorer
        explorer.show(self._pixel_ratio)
        self.view.show(explorer.picture.pixels, explorer.caption, self._handles(), as_key=as_key)

    def _handles(self) -> list[dict]:
        picture = self.explorer.picture
        by_label = {axes.get_label(): axes for axes in picture.figure.axes}
        handles = []
        for axes, x, y, names in self.explorer.handles(self.explorer.result):
            across, down = picture.to_fraction(by_label[axes], x, y)
            handles.append({"x": round(across, 4), "y": round(down, 4), "settings": list(names)})
        return handles

    def _set_widgets(self, names=()) -> None:
        """Bring the named inputs and all players up to date."""
        self._following = True
        try:
            for name in names:
                self.inputs[name].value = self._shown(name)
            for name, play in self.players.items():
                play.value = self.explorer.settings[name]
            self.pin_button.description = "Pin" if self.explorer.pinned is None else "Unpin"
        finally:
            self._following = False

    def _shown(self, name: str):
        """What the input of a setting can show of it: a log slider its nearest position."""
        control, value = self.explorer.control(name), self.explorer.settings[name]
        if not (isinstance(control, Slider) and control.log):
            return value
        return min(self._positions(control), key=lambda position: abs(np.log(position / value)))

    def _positions(self, control: Slider) -> list[float]:
        """The positions of a log slider, those of the presets among them."""
        presets = {preset.get(control.name, control.default) for preset in self.explorer.presets.values()}
        return sorted(presets | set(control.values))

    # -- from the screen to the explorer ---------------------------------------------------------

    def _on_input(self, name: str, change) -> None:
        control, value = self.explorer.control(name), change.new
        if isinstance(control, Slider) and not control.log:
            value = control.clip(value)  # the browser sends 0.30000000000000004
        with self.explorer.picture.lock:  # another thread may be setting the widgets right now
            if not self._following:
                self._change({name: value})

    def _on_tick(self, name: str, change) -> None:
        with self.explorer.picture.lock:
            if not self._following:
                self._change({name: change.new}, and_widgets=True)

    def _change(self, settings: dict, *, and_widgets: bool = False) -> bool:
        """Take these settings over and paint them; return whether a new frame has been sent."""
        explorer = self.explorer
        with explorer.picture.lock:
            if all(explorer.settings[name] == value for name, value in settings.items()):
                return False
            self._call_off()
            explorer.change(**settings)
            if explorer.takes_long:
                painted = self._start()
            else:
                self._show_progress(None)
                self._paint()
                painted = True
            self._set_widgets(self.inputs if and_widgets else ())
            return painted

    def _on_message(self, _widget, message, _buffers) -> None:
        kind = message.get("kind")
        if kind == "ready" and message["pixel_ratio"] != self._pixel_ratio:
            with self.explorer.picture.lock:
                # From 1 to 3 covers the screens there are; a bitmap far beyond that would only be slow.
                self._pixel_ratio = float(np.clip(message["pixel_ratio"], 1.0, 3.0))
                self._paint()
        elif kind in ("press", "drag"):
            self._on_pointer(kind, message["x"], message["y"])

    def _on_pointer(self, kind: str, x: float, y: float) -> None:
        picture = self.explorer.picture
        with picture.lock:
            if kind == "press":
                self._pressed, self._held = picture.locate(x, y), self._handle_at(x, y)
            wanted, settings = {}, {}
            if self._pressed is not None:
                place = self._pressed.get_label(), *picture.to_data(self._pressed, x, y)
                explorer = self.explorer
                wanted = explorer.drag(self._held, *place) if self._held else explorer.pointer(*place)
            for name, value in wanted.items():
                control = self.explorer.control(name)  # a drag may go past the end of a slider
                settings[name] = control.clip(value) if isinstance(control, Slider) else value
            if not self._change(settings, and_widgets=True):
                self.view.send({"answered": True})  # no new frame tells the browser to send its next position
            if kind == "press" and not self._held:  # a press may bring a handle to the pointer
                self._held = self._handle_at(x, y)

    def _handle_at(self, x: float, y: float) -> tuple[str, ...]:
        """The settings of the handle under the pointer; none where there is none."""
        width, height = self.view.width, self.view.height

        def distance(handle: dict) -> float:
            return np.hypot(width * (handle["x"] - x), height * (handle["y"] - y))

        nearest = min(self.view.handles, key=distance, default=None)
        return tuple(nearest["settings"]) if nearest and distance(nearest) < _GRIP else ()

    # -- slow work -------------------------------------------------------------------------------

    def _start(self) -> bool:
        """Take the first part, which comes at once, and let a thread go on; return whether it was painted."""
        parts = self.explorer.results()
        running = self._running = threading.Event()
        running.set()
        fraction, result = next(parts)
        self._take(fraction, result)
        if running.is_set():  # there is more to come
            sys.setswitchinterval(_SWITCH)
            threading.Thread(target=self._work, args=(running, parts), daemon=True).start()
        return result is not None

    def _call_off(self) -> None:
        if self._running is not None:
            self._running.clear()
            self._running = None

    def _stop(self, *_) -> None:
        with self.explorer.picture.lock:
            self._call_off()
            self._show_progress(None)

    def _work(self, running: threading.Event, parts: Iterator) -> None:
        time.sleep(_BREATH)
        for fraction, result in parts:
            with self.explorer.picture.lock:
                if not running.is_set():
                    return
                self._take(fraction, result)
            if result is not None:
                time.sleep(_BREATH)

    def _take(self, fraction: float, result) -> None:
        """Paint a part, if there is anything to paint, and say how far the work is."""
        if result is not None:
            self.explorer.show_part(result)
            self._paint()
        if fraction == 1:
            self._stop()
        elif result is not None or fraction == 0:
            self._show_progress(fraction)

    def _show_progress(self, fraction: float | None) -> None:
        shown = "hidden" if fraction is None else "visible"
        self.progress.value = fraction or 0.0
        self.work.layout.visibility = shown

    # -- the widgets -----------------------------------------------------------------------------

    def _presets(self) -> list[widgets.Widget]:
        """A row of settings worth seeing; pressing one also says what to look for."""
        explorer = self.explorer
        if not explorer.presets:
            return []
        word = widgets.HTML("Press one, and read here what to look for.").add_class("course-word")

        def choose(name, _):
            self._change({**explorer.defaults(), **explorer.presets[name]}, and_widgets=True)
            word.value = explorer.look_for.get(name, "")

        buttons = [
            self._button(name, partial(choose, name), explorer.look_for.get(name, ""), "preset")
            for name in explorer.presets
        ]
        return [widgets.Box(buttons, layout=self._row), word]

    def _controls(self) -> widgets.Widget:
        boxes = []
        for name, widget in self.inputs.items():
            control = self.explorer.control(name)
            player = [self._player(control)] if getattr(control, "play", False) else []
            box = widgets.HBox([widget, *player], layout=self._cell)
            boxes.append(box.add_class("course-control").add_class(f"course-control-{name}"))
        return widgets.Box(boxes, layout=self._row)

    def _player(self, control: Slider) -> widgets.Play:
        """Runs a slider in time. A link in the browser would cost the slider a second message a move."""
        play = widgets.Play(
            min=control.low,
            max=control.high,
            step=_step(control),
            value=control.default,
            interval=int(np.clip(_PLAY / len(control.values), _FRAME, _PLAY / 8)),
        )
        play.observe(partial(self._on_tick, control.name), "value")
        self.players[control.name] = play
        return play

    def _buttons(self) -> widgets.Widget:
        explorer = self.explorer

        def reset(_):
            explorer.unpin()
            self._change(explorer.defaults(), and_widgets=True)

        def pin(_):
            explorer.pin() if explorer.pinned is None else explorer.unpin()

        def new_seed(_):
            self._change(explorer.next_seeds())

        def copy(_):
            self.view.send({"copy": explorer.code})

        self.pin_button = self._button(
            "Pin", pin, "Keep the present curves in gray, to compare with", "button-pin"
        )
        self.stop_button = self._button("Stop", self._stop, "Keep what there is", "button-stop")
        self.progress = widgets.FloatProgress(max=1.0, layout=widgets.Layout(width="160px"))
        self.progress.add_class("course-progress")
        self.work = widgets.HBox([self.progress, self.stop_button])  # it comes and goes
        self._show_progress(None)
        buttons = [self._button("Reset", reset, "Back to the start", "button-reset"), self.pin_button]
        if explorer.next_seeds():
            buttons.append(self._button("New seed", new_seed, "The same, with other chance", "button-seed"))
        buttons.append(
            self._button("Copy as code", copy, "The Python line that makes this picture", "button-copy")
        )
        if explorer.is_slow:
            buttons.append(self.work)
        return widgets.Box(buttons, layout=self._row)

    def _button(self, text: str, on_click, tooltip: str, kind: str) -> widgets.Button:
        button = widgets.Button(
            description=text, tooltip=tooltip, layout=self._auto, style=self._button_style
        )
        button.on_click(on_click)
        return button.add_class("course-button").add_class(f"course-{kind}")

    def _input(self, control: Control) -> widgets.Widget:
        common = {"description": control.label, "value": control.default, "layout": self._wide}
        if isinstance(control, Toggle):
            return widgets.Checkbox(indent=False, **common)
        common["style"] = self._input_style
        match control:
            case Choice():
                return widgets.Dropdown(options=list(control.options), **common)
            case Several():
                rows = len(control.options)
                return widgets.SelectMultiple(options=list(control.options), rows=rows, **common)
            case Slider(log=True):
                # FloatLogSlider would snap a default of 0.1 to its own grid: here the grid is ours.
                options = [(f"{value:.3g}", value) for value in self._positions(control)]
                return widgets.SelectionSlider(options=options, **common)
        limits = {"min": control.low, "max": control.high, "step": _step(control)}
        if control.integer:
            return widgets.IntSlider(**limits, **common)
        return widgets.FloatSlider(readout_format=".2f", **limits, **common)


def _step(control: Slider) -> float | int:
    step = control.values[1] - control.values[0]
    return step if control.integer else round(step, 10)
