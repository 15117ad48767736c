"""The attacker: how far may each hidden figure be narrowed by all that is published? Linear programming with HiGHS.

What is here knows nothing of how a pattern was chosen. A figure passes only by feasible points, which are checked against every
relation, so that a solver's error can fail a safe table but not pass an unsafe one. The attacker solves for real numbers; where the
relations form a two-way table or a hierarchy with whole bounds, whole numbers narrow no further; elsewhere they may, which is not
looked at.
"""

from farr.lab.disclosure.attack.audit import failing, interval, intervals
from farr.lab.disclosure.attack.knowledge import AuditError, Knowledge, Relation, Target, is_possible

__all__ = ["AuditError", "Knowledge", "Relation", "Target", "failing", "interval", "intervals", "is_possible"]
