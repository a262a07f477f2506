"""What texts alone can tell: which say the same, in which language, with which artefacts of keyboards and programs. Knows no platform."""
