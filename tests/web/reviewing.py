"""What tests of the review send, say, and are answered."""

from farr.lab.model.asking.client import ServiceHeld
from farr.portal.benchmarks.service import ReleaseService
from farr.portal.settings import FARR

GOOD = b"age band,spells,share\n65-74,1200,12.5%\n75-84,1010,-\n85+,640,-1.25\n"
SECRET = "the third row adds up to the second"


class HoldingService(ReleaseService):
    """A release service that holds whatever it is asked."""

    is_there = True

    def __init__(self):
        super().__init__(FARR)

    def answer(self, *_, **__):
        raise ServiceHeld("held for review as review-1a2b3c4d", ("review-1a2b3c4d",))
