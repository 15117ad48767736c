"""What holds for every test."""

import os

from hypothesis import settings

# No test asserts on time, and a build repeats its examples: what it finds, the next one finds too.
settings.register_profile("farr", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("farr")

# Spark on few cores: its tests run beside all others.
os.environ.setdefault("FARR_SPARK_MASTER", "local[2]")
