"""Draw a sheet of sample pictures to look at: python contact_sheet.py FILE.png

Rows: plain backdrop and texture = class; backdrop = texture = class; both random; ordinary;
one object from 16 to 60 pixels; centred; ordinary masks.
"""
import sys

import numpy as np
from PIL import Image

from garments import load_garments
from scenes import Recipe, draw_scenes, render, take


def contact_sheet(across=16, seed=5):
    """[h, w, 3] uint8 from held-out garments."""
    garments = load_garments("test")

    def draw(k, **recipe):
        return draw_scenes(seed + k, across, Recipe(**recipe), garments)

    sizes = take(draw(4, plain=0), np.zeros(across, int), side=np.linspace(16, 60, across), offset=0)
    rows = [draw(0, plain=1, texture_follows=1), draw(1, plain=0, backdrop_follows=1, texture_follows=1),
            draw(2, plain=0, texture_follows=0), draw(3), sizes, draw(5, plain=0, centred=True)]
    pixels = [render(scenes, garments).pixels for scenes in rows]
    pixels.append(np.repeat(render(rows[3], garments).masks[:, None] * np.uint8(255), 3, 1))
    strips = [np.concatenate(list(np.pad(row, ((0, 0), (0, 0), (1, 1), (1, 1)))), 2) for row in pixels]
    return np.concatenate(strips, 1).transpose(1, 2, 0)


if __name__ == "__main__":
    sheet = Image.fromarray(contact_sheet())
    sheet.resize((sheet.width * 2, sheet.height * 2), Image.Resampling.NEAREST).save(sys.argv[1])
