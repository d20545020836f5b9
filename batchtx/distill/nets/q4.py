"""Weights in blocks of four bits (ggml's Q4_0): 32 of them share a float16 scale.

A block has 18 bytes: the scale, then 16 bytes whose low halves are the first 16 weights and whose high halves
are the others, each 8 more than it stands for. Arrays of blocks are uint8 [..., n_blocks, 18].
"""

from __future__ import annotations

import numpy as np

BLOCK, BLOCK_BYTES = 32, 18
_ZERO = 8


def unpack(array: np.ndarray) -> np.ndarray:
    """Returns weights as float32: blocks [..., n_blocks, 18] as [..., n_blocks * 32], floats as they are."""
    if array.dtype != np.uint8:
        return array.astype(np.float32)
    scales = np.ascontiguousarray(array[..., :2]).view(np.float16).astype(np.float32)
    nibbles = np.concatenate([array[..., 2:] & 15, array[..., 2:] >> 4], axis=-1)
    weights = (nibbles.astype(np.float32) - _ZERO) * scales
    return weights.reshape(*array.shape[:-2], -1)


def pack(weights: np.ndarray) -> np.ndarray:
    """Rounds weights [..., width] to blocks [..., width / 32, 18]; the largest of a block is kept exactly.

    Raises:
        ValueError: width is no multiple of 32.
    """
    blocks = weights.astype(np.float32).reshape(*weights.shape[:-1], -1, BLOCK)
    at = np.abs(blocks).argmax(-1)[..., None]
    scales = (np.take_along_axis(blocks, at, -1) / -_ZERO).astype(np.float16)
    steps = np.divide(blocks, scales, out=np.zeros_like(blocks), where=scales != 0)
    nibbles = np.clip(np.rint(steps) + _ZERO, 0, 15).astype(np.uint8)
    halves = nibbles[..., :16] | nibbles[..., 16:] << 4
    return np.concatenate([scales.view(np.uint8), halves], axis=-1)
