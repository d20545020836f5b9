"""Text in any language: scripts, cutting, normalising, protecting, inline codes, repetition."""
