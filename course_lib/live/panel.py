"""The live view of an explorer: takes what the browser sends, and shows what comes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.live.controls import Choice, Control, Seed, Several, Slider
from course_lib.live.figure_view import FigureView
from course_lib.live.undisturbed import prompt_threads, usual_errors

_PLAY = 6000  # milliseconds from the first to the last position of a slider that plays ...
_FRAME = 60  # ... but no faster than this a frame
_BREATH = 0.015  # seconds that slow work rests after a picture, so that it is sent and painted at once
_GRIP = 20  # CSS pixels around a handle in which a press takes hold of it


class Panel:
    """Connects an explorer to its `view`, which is what the notebook shows.

    Quick work is painted before the callback returns. Slow work runs on a thread that paints each part as
    it comes; the next move ends it.
    """

    def __init__(self, explorer):
        self.explorer = explorer
        self._lock = explorer.picture.lock
        self._running: threading.Event | None = None  # cleared to stop the slow work
        self._pixel_ratio = 1.0
        self._pressed, self._held = None, ()  # the axes under the pointer; the settings of the handle it took
        width, height = (round(100 * side) for side in explorer.size)
        self.controls = {c.name: c for c in explorer.controls if not isinstance(c, Seed)}
        sliders = [control for control in self.controls.values() if isinstance(control, Slider)]
        self.positions = {slider.name: self._positions(slider) for slider in sliders}
        self._shown_at = {  # value of a slider -> what the browser shows of it; most values are positions
            slider.name: {
                value: {"at": at, "text": slider.text(value)}
                for at, value in enumerate(self.positions[slider.name])
            }
            for slider in sliders
        }
        self.view = FigureView(
            name=explorer.name,
            title=(type(explorer).__doc__ or explorer.name).strip().splitlines()[0],
            controls=[self._browser_form(control) for control in self.controls.values()],
            presets=[(name, explorer.look_for.get(name, "")) for name in explorer.presets],
            word="Press one, and read here what to look for.",
            chance=bool(explorer.next_seeds()),
            slow=explorer.is_slow,
            clickable=explorer.has_pointer,
            width=width,
            height=height,
        )
        self.view.on_msg(self._on_message)
        self.follow()

    def close(self) -> None:
        """End the work that goes on, and take the view off the screen."""
        with self._lock:
            self._call_off()
        layout = self.view.layout
        self.view.close()
        layout.close()

    # -- from the explorer to the screen ---------------------------------------------------------

    def follow(self) -> None:
        """Show the explorer as it is, its work finished."""
        with self._lock:
            self._stop()
            self._paint(as_key=True)  # what a cell shows is stored with the notebook

    def _paint(self, *, as_key: bool = False) -> None:
        explorer = self.explorer
        with usual_errors():
            explorer.show(self._pixel_ratio)
            self.view.show(
                explorer.picture.pixels,
                explorer.caption,
                as_key=as_key,
                handles=self._handles(),
                values=self._values(),
                pinned=explorer.pinned is not None,
            )

    def _handles(self) -> list[dict]:
        picture = self.explorer.picture
        by_label = {axes.get_label(): axes for axes in picture.figure.axes}
        handles = []
        for axes, x, y, names in self.explorer.handles(self.explorer.result):
            across, down = picture.to_fraction(by_label[axes], x, y)
            handles.append({"x": round(across, 4), "y": round(down, 4), "settings": list(names)})
        return handles

    def _values(self) -> dict[str, Any]:
        """What each control shows; options and positions go by their numbers."""
        settings = self.explorer.settings
        return {name: self._shown(control, settings[name]) for name, control in self.controls.items()}

    def _shown(self, control: Control, value: Any) -> Any:
        match control:
            case Slider():
                return self._position(control, value)
            case Choice():
                return list(control.options).index(value)
            case Several():
                return [at for at, option in enumerate(control.options) if option in value]
        return value

    def _position(self, control: Slider, value: float) -> dict[str, Any]:
        """The position of a slider that is nearest to a value, and the value in words."""
        if known := self._shown_at[control.name].get(value):
            return known
        return {"at": control.nearest(value, self.positions[control.name]), "text": control.text(value)}

    def _positions(self, control: Slider) -> tuple[float, ...]:
        """The positions of a slider, those of the presets among them."""
        presets = {preset.get(control.name, control.default) for preset in self.explorer.presets.values()}
        return tuple(sorted(presets | set(control.values)))

    def _browser_form(self, control: Control) -> dict[str, Any]:
        form = {"kind": type(control).__name__.lower(), "name": control.name, "label": control.label}
        if isinstance(control, (Choice, Several)):
            form["options"] = [str(option) for option in control.options]
        if isinstance(control, Slider):
            form["texts"] = [shown["text"] for shown in self._shown_at[control.name].values()]
            pace = np.clip(_PLAY / len(form["texts"]), _FRAME, _PLAY / 8)
            form["interval"] = int(pace) if control.play else 0
        return form

    # -- from the screen to the explorer ---------------------------------------------------------

    def _on_message(self, _widget, message: dict, _buffers) -> None:
        if message["kind"] == "ready":
            self._match_screen(message["pixel_ratio"])
            return
        with self._lock:
            before = self.view.frame
            try:
                with usual_errors():
                    getattr(self, f"_on_{message['kind']}")(message)
            finally:
                if self.view.frame == before:  # no frame tells the browser to send its next message
                    self.view.send({"answered": True})

    def _match_screen(self, pixel_ratio: float) -> None:
        # From 1 to 3 covers the screens there are; a bitmap far beyond that would only be slow.
        pixel_ratio = float(np.clip(pixel_ratio, 1.0, 3.0))
        with self._lock:
            if pixel_ratio != self._pixel_ratio:
                self._pixel_ratio = pixel_ratio
                self._paint()

    def _on_set(self, message: dict) -> None:
        name, value = message["name"], message["value"]
        match self.controls[name]:
            case Slider():
                value = self.positions[name][value]
            case Choice() as control:
                value = control.options[value]
            case Several() as control:
                value = tuple(control.options[at] for at in value)
        self._change({name: value})

    def _on_type(self, message: dict) -> None:
        control = self.controls[message["name"]]
        try:
            typed = control.read(message["text"])
        except ValueError as error:
            self.view.send({"note": f"{error}."})
            return
        value = control.clip(typed)
        away = abs(value - typed) > 1e-9 * abs(typed)
        nearest = f"{control.label}: {control.text(value)} is the nearest to {typed:g} that there is."
        self.view.send({"note": nearest if away else ""})
        self._change({control.name: value})

    def _on_preset(self, message: dict) -> None:
        explorer, name = self.explorer, message["name"]
        self.view.word = explorer.look_for.get(name, "")
        self._change(explorer.defaults() | explorer.presets[name])

    def _on_reset(self, _message: dict) -> None:
        self.explorer.unpin()
        self.view.send({"note": ""})
        self._change(self.explorer.defaults())

    def _on_pin(self, _message: dict) -> None:
        self.explorer.pin() if self.explorer.pinned is None else self.explorer.unpin()

    def _on_seed(self, _message: dict) -> None:
        self._change(self.explorer.next_seeds())

    def _on_copy(self, _message: dict) -> None:
        self.view.send({"copy": self.explorer.code})

    def _on_stop(self, _message: dict) -> None:
        self._stop()

    def _on_press(self, message: dict) -> None:
        x, y = message["x"], message["y"]
        self._pressed, self._held = self.explorer.picture.locate(x, y), self._handle_at(x, y)
        self._move_to(x, y)
        if not self._held:  # a press may bring a handle to the pointer
            self._held = self._handle_at(x, y)

    def _on_drag(self, message: dict) -> None:
        self._move_to(message["x"], message["y"])

    def _move_to(self, x: float, y: float) -> None:
        if self._pressed is None:
            return
        explorer = self.explorer
        place = self._pressed.get_label(), *explorer.picture.to_data(self._pressed, x, y)
        wanted = explorer.drag(self._held, *place) if self._held else explorer.pointer(*place)
        controls = {name: explorer.control(name) for name in wanted}
        self._change(  # a drag may go past the end of a slider
            {n: c.clip(wanted[n]) if isinstance(c, Slider) else wanted[n] for n, c in controls.items()}
        )

    def _handle_at(self, x: float, y: float) -> tuple[str, ...]:
        """The settings of the handle under the pointer; none where there is none."""
        width, height = self.view.width, self.view.height

        def distance(handle: dict) -> float:
            return np.hypot(width * (handle["x"] - x), height * (handle["y"] - y))

        nearest = min(self.view.handles, key=distance, default=None)
        return tuple(nearest["settings"]) if nearest and distance(nearest) < _GRIP else ()

    def _change(self, settings: dict) -> bool:
        """Take these settings over and show them; return whether any is new."""
        explorer = self.explorer
        with self._lock:
            settings = explorer.validate(settings)
            if all(explorer.settings[name] == value for name, value in settings.items()):
                return False
            self._call_off()
            explorer.change(**settings)
            if explorer.takes_long:
                self._start()
            else:
                self.view.progress = -1.0
                self._paint()
            return True

    # -- slow work -------------------------------------------------------------------------------

    def _start(self) -> None:
        """Take the first part, which comes at once, and let a thread go on."""
        parts = self.explorer.results()
        running = self._running = threading.Event()
        running.set()
        fraction, result = next(parts)
        self._take(fraction, result)
        if result is None:
            self.view.values = self._values()  # the picture comes later
        if running.is_set():  # there is more to come
            threading.Thread(target=self._work, args=(running, parts), daemon=True).start()

    def _call_off(self) -> None:
        if self._running is not None:
            self._running.clear()
            self._running = None

    def _stop(self) -> None:
        self._call_off()
        self.view.progress = -1.0

    def _work(self, running: threading.Event, parts: Iterator) -> None:
        with prompt_threads():
            time.sleep(_BREATH)
            for fraction, result in parts:
                with self._lock:
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
            self.view.progress = fraction
