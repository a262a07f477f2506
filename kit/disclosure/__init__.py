"""What may leave the house: the last look at the bytes of a folder, and personal data in texts."""
