"""Text itself: scripts, cutting, normalising, protecting, numerals, numbering, repetition."""
