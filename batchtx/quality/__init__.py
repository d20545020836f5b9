"""Quality estimation: one score per segment, 0 (look at it) to 1 (probably fine). Advice, not proof."""
