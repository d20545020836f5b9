"""The distillation system: trains the students that the translate path loads as bundles."""

LOG_FORMAT = "%(asctime)s %(message)s"
