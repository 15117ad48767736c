"""How long the gate may take: seconds of its own thread's processor, so that a busy machine refuses nothing that an idle one shows."""

import time

# Of the clock and of the processor alike, before either has told how busy the machine is.
_AS_IF_IDLE = 1.0


class Deadline:
    """So many `seconds` of this thread's processor from now on. HiGHS, told to take one thread, works in the thread that calls it."""

    def __init__(self, seconds: float) -> None:
        self._begun, self._begun_by_clock = time.thread_time(), time.monotonic()
        self._end = self._begun + seconds

    def left(self) -> float:
        """Seconds of processor, less than nothing where they are over."""
        return self._end - time.thread_time()

    def taken(self) -> float:
        """Seconds of processor since it began."""
        return time.thread_time() - self._begun

    def is_over(self) -> bool:
        return self.left() < 0

    def left_by_clock(self) -> float:
        """What is left, in the seconds by the clock that it will take as busy as the machine has been: for who counts by the clock."""
        by_clock = time.monotonic() - self._begun_by_clock
        busy = (by_clock + _AS_IF_IDLE) / (self.taken() + _AS_IF_IDLE)
        return max(self.left(), 0.0) * max(busy, 1.0)

    def at_most(self, seconds: float) -> "Deadline":
        """The sooner of this one and one of so many seconds from now on."""
        return Deadline(min(self.left(), seconds))
