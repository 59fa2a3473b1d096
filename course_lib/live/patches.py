"""Pictures as bytes: whole, or as what differs from another."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
from PIL import Image, ImageDraw, ImageFont


def patch_between(key: np.ndarray, pixels: np.ndarray) -> bytes:
    """The pixels that differ from those of the key, as runs of neighbors.

    Little-endian uint32: the number of runs n; the first pixel of each run and the one after its last, 2n
    numbers; then the new colors, one RGBA a pixel. Empty where the sizes differ.

    Args:
        key, pixels: pictures of shape (height, width, 4), uint8.

    Example:
        >>> key = np.zeros((1, 5, 4), dtype=np.uint8)
        >>> pixels = key.copy()
        >>> pixels[0, 2:4] = 7
        >>> np.frombuffer(patch_between(key, pixels), "<u4")[:3]
        array([1, 2, 4], dtype=uint32)
    """
    if key.shape != pixels.shape:
        return b""
    old, new = (np.ascontiguousarray(image).view("<u4").ravel() for image in (key, pixels))
    differs = old != new
    bounds = np.flatnonzero(np.diff(differs, prepend=False, append=False)).astype("<u4")
    return np.array(len(bounds) // 2, "<u4").tobytes() + bounds.tobytes() + new[differs].tobytes()


def patched(key: bytes, patch: bytes) -> np.ndarray:
    """The picture that a browser makes of a key and a patch.

    Args:
        key: a file with a whole picture.
        patch: what `patch_between` made, or nothing.

    Returns:
        Pixels of shape (height, width, 4), uint8.

    Example:
        >>> pixels = np.full((2, 3, 4), 255, dtype=np.uint8)
        >>> pixels[0, 1, :3] = 9
        >>> white = to_webp(np.full_like(pixels, 255), small=False)
        >>> bool(np.all(patched(white, patch_between(np.full_like(pixels, 255), pixels)) == pixels))
        True
    """
    pixels = np.array(Image.open(io.BytesIO(key)).convert("RGBA"))
    if patch:
        numbers = np.frombuffer(patch, "<u4")
        n_runs = int(numbers[0])
        bounds = numbers[1 : 1 + 2 * n_runs].reshape(-1, 2).astype(int)
        lengths = np.diff(bounds, axis=1).ravel()
        first = np.repeat(bounds[:, 0] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        pixels.reshape(-1, 4).view("<u4")[first + np.arange(lengths.sum()), 0] = numbers[1 + 2 * n_runs :]
    return pixels


def to_webp(pixels: np.ndarray, *, small: bool) -> bytes:
    """A picture without loss: quickly, or in half the bytes, to be stored with the notebook."""
    height, width = pixels.shape[:2]
    image = Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
    file = io.BytesIO()
    quality, method = (50, 2) if small else (0, 0)
    image.save(file, "WEBP", lossless=True, quality=quality, method=method)
    return file.getvalue()


def to_png(pixels: np.ndarray, note: str = "", font_size: int = 12) -> bytes:
    """A picture for files, in 256 colors, which a chart can do with, over a line of text."""
    image = Image.fromarray(pixels).convert("RGB")
    if note:
        frame = image
        image = Image.new("RGB", (frame.width, frame.height + 2 * font_size), "white")
        image.paste(frame)
        font = ImageFont.truetype(mpl.font_manager.findfont("DejaVu Sans"), font_size)
        ImageDraw.Draw(image).text((font_size, frame.height), note, "#555555", font)
    # Maximum coverage keeps rare colors apart, such as those of a legend; one round of
    # k-means then makes the frequent ones exact.
    image = image.quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
