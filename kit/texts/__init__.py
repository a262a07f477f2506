"""What texts alone can tell: which say the same, in which language, with which traces. Knows no platform."""
