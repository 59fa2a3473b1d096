// Paints the frames of a picture on a canvas and sends the pointer back to the kernel.

function render({ model, el }) {
  el.classList.add("course-figure");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.style.width = `${model.get("width")}px`;
  canvas.style.aspectRatio = `${model.get("width")} / ${model.get("height")}`;
  const caption = document.createElement("p");
  caption.className = "course-caption";
  caption.setAttribute("aria-live", "polite");
  const note = document.createElement("div");
  note.className = "course-note";
  el.append(canvas, caption, note);
  const context = canvas.getContext("2d", { alpha: false });

  let asked = 0; // frames that arrived
  let painted = 0; // the newest of them on the canvas; decoding may finish out of order
  let awaiting = false; // a drag has been sent and its picture is not here yet
  let queued = null; // the newest pointer position that waits for it

  async function paint() {
    const turn = ++asked;
    const bitmap = await createImageBitmap(new Blob([model.get("frame")]));
    if (turn > painted) {
      painted = turn;
      if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
        canvas.width = bitmap.width;
        canvas.height = bitmap.height;
      }
      context.drawImage(bitmap, 0, 0);
      canvas.dataset.frame = turn;
    }
    bitmap.close();
    answered();
  }

  function tell() {
    const text = model.get("caption");
    caption.textContent = text;
    canvas.setAttribute("aria-label", text);
  }

  function grip() {
    const handles = model.get("handles");
    canvas.dataset.drag = JSON.stringify(handles);
    canvas.classList.toggle("course-grip", handles.length > 0);
    canvas.classList.toggle("course-click", model.get("clickable"));
  }

  function send(kind, event) {
    const box = canvas.getBoundingClientRect();
    const message = {
      kind,
      x: (event.clientX - box.left) / box.width,
      y: (event.clientY - box.top) / box.height,
    };
    if (awaiting) {
      queued = message;
      return;
    }
    awaiting = true;
    model.send(message);
    setTimeout(answered, 250); // a press that changes nothing brings no new frame
  }

  function answered() {
    awaiting = false;
    if (queued) {
      const message = queued;
      queued = null;
      awaiting = true;
      model.send(message);
      setTimeout(answered, 250);
    }
  }

  function press(event) {
    if (event.button !== 0 || !(model.get("clickable") || model.get("handles").length)) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    send("press", event);
  }

  function drag(event) {
    if (canvas.hasPointerCapture(event.pointerId)) send("drag", event);
  }

  async function custom(message) {
    if (message.copy === undefined) return;
    let copied = true;
    try {
      await navigator.clipboard.writeText(message.copy);
    } catch {
      copied = false; // the browser may forbid it: the line is there to be selected by hand
    }
    const code = document.createElement("code");
    code.textContent = message.copy;
    note.replaceChildren(copied ? "Copied: " : "Select and copy: ", code);
  }

  let screen;
  function watchScreen() {
    // A media query fires once when the ratio stops matching: after a zoom or a move to another screen.
    screen = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    screen.addEventListener("change", announce, { once: true });
  }

  function announce() {
    model.send({ kind: "ready", pixel_ratio: devicePixelRatio });
    watchScreen();
  }

  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", drag);
  model.on("change:frame", paint);
  model.on("change:caption", tell);
  model.on("change:handles", grip);
  model.on("msg:custom", custom);
  tell();
  grip();
  if (model.get("frame").byteLength) paint();
  announce();

  return () => {
    screen.removeEventListener("change", announce);
    model.off("change:frame", paint);
    model.off("change:caption", tell);
    model.off("change:handles", grip);
    model.off("msg:custom", custom);
  };
}

export default { render };
