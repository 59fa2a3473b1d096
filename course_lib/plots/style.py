"""One look for all pictures: colors that color-blind readers can tell apart, and legible sizes.

The colors are those of Okabe and Ito, "Color Universal Design" (2008).
"""

BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GRAY = "#8A8A8A"
LIGHT = "#D9D9D9"

STYLE = {
    "font.size": 10.0,
    "axes.titlesize": 10.5,
    "axes.titlepad": 21.0,  # room for a legend between the title and the axes
    "axes.labelsize": 10.0,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "legend.fontsize": 9.0,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.axisbelow": True,
    "lines.linewidth": 1.8,
    "figure.facecolor": "white",
}
