"""Accounts that act together: pairs, synchrony, copying; on plain arrays, knowing no platform."""
