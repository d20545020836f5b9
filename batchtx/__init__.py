"""batchtx: batch document translation on ordinary CPUs, Chinese to English first."""

__version__ = "0.1.0"
