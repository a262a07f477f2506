"""Publish: run the notebooks of a report, render the page, say what may leave the house."""
