"""From a checkpoint to a scored bundle with its card."""
