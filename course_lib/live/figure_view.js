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
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

  let shownKey = null; // the key and the patch of the last message
  let shownPatch = null;
  let asked = 0; // keys that arrived
  let frames = 0; // frames painted
  let key = null; // the pixels of the key, one 32-bit number each; null while it is being decoded
  let image = null; // what is on the canvas
  let awaiting = false; // a pointer position has been sent and is not answered yet
  let queued = null; // the newest pointer position that waits for it

  function changed() {
    // One message may bring a key and a patch. This is called once, when both are set.
    const newKey = model.get("key") !== shownKey;
    const newPatch = model.get("patch") !== shownPatch;
    [shownKey, shownPatch] = [model.get("key"), model.get("patch")];
    if (newKey) paintKey();
    else if (newPatch) paintPatch();
  }

  async function paintKey() {
    const turn = ++asked;
    key = null;
    const bitmap = await createImageBitmap(new Blob([model.get("key")]));
    if (turn === asked) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      context.drawImage(bitmap, 0, 0);
      image = context.getImageData(0, 0, bitmap.width, bitmap.height);
      key = new Uint32Array(image.data.buffer.slice(0));
      paintPatch();
    }
    bitmap.close();
  }

  function paintPatch() {
    if (key === null) return; // its key paints it
    const patch = model.get("patch");
    const pixels = new Uint32Array(image.data.buffer);
    pixels.set(key);
    if (patch.byteLength) {
      // A copy, because the message may begin at any byte and 32-bit numbers may not.
      const numbers = new Uint32Array(patch.buffer.slice(patch.byteOffset, patch.byteOffset + patch.byteLength));
      const runs = numbers[0];
      let color = 1 + 2 * runs;
      for (let run = 0; run < runs; run++) {
        const [first, end] = [numbers[1 + 2 * run], numbers[2 + 2 * run]];
        pixels.set(numbers.subarray(color, color + end - first), first);
        color += end - first;
      }
    }
    context.putImageData(image, 0, 0);
    canvas.dataset.frame = ++frames;
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
  }

  function answered() {
    awaiting = false;
    if (queued) {
      const message = queued;
      queued = null;
      awaiting = true;
      model.send(message);
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
    if (message.answered) answered(); // the pointer changed nothing, so that no frame comes
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
  model.on("change", changed);
  model.on("change:caption", tell);
  model.on("change:handles", grip);
  model.on("msg:custom", custom);
  tell();
  grip();
  if (model.get("key").byteLength) changed();
  announce();

  return () => {
    screen.removeEventListener("change", announce);
    model.off("change", changed);
    model.off("change:caption", tell);
    model.off("change:handles", grip);
    model.off("msg:custom", custom);
  };
}

export default { render };
