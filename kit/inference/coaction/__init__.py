"""Accounts that act together: pairs of posts on one thing, what chance explains, and what is left."""
