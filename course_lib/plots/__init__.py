"""Results drawn on Axes: every function here draws what it is given and computes nothing."""
