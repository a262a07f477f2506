"""Figures: mirrors metrics; a metric's table in, Axes out, and beside each the sentence that describes it.

Contract: `plot_x(table, *, ax=None) -> Axes` and `alt_x(table) -> str`. Figures
never compute statistics and never hold post text.
"""
