"""What an audit hands back: the canonical answer, how far it is proven, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from prospectus.domain.course import CourseCode
from prospectus.domain.plan import Standing, Witness
from prospectus.domain.requirement import NodeId


class AuditStatus(Enum):
    """Whether the answer is proven to be the canonical one."""

    PROVEN = "proven"
    LIMIT = "limit"


class Reason(Enum):
    """Why something on the record is not used, the most final first.

    `failed` to `no_credit`: it is no use at all. `nothing`: no leaf names it. `floor`, `basis`,
    `source`: a leaf names it and asks for more. `waiver`: it brings none of the credits that a
    leaf asks. `piece`: it stands for a course only with others. `shared`: it counts toward another
    award, and no more may. `choice`: only children that were not chosen
    would take it. `conferral`: it ends after the day judged. `cap`: a most is reached. `full`:
    what holds the places would have to give way. `reserved`: so would what is still to take.
    """

    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    AUDITED = "audited"
    NO_CREDIT = "no_credit"
    EXPIRED = "expired"
    TRIED_TOO_OFTEN = "tried_too_often"
    REPLACED = "replaced"
    EXCLUDED = "excluded"
    NOTHING = "nothing"
    FLOOR = "floor"
    BASIS = "basis"
    SOURCE = "source"
    WAIVER = "waiver"
    PIECE = "piece"
    SHARED = "shared"
    CHOICE = "choice"
    CONFERRAL = "conferral"
    CAP = "cap"
    FULL = "full"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """An attempt that no counting leaf holds, and why.

    `node` is the leaf, cap or `any` that the reason speaks of, `path` the ids from the root to
    it (one id where it is a rule beside the tree). `holders` are attempts that hold its places,
    or, where the attempt is no use, the attempt that stands in its stead.
    """

    attempt: str
    reason: Reason
    node: NodeId | None = None
    path: tuple[NodeId, ...] = ()
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a node still lacks, in its smallest form.

    So many `courses`, or `credits`, each out of `one_of` (catalogue courses in code order, those
    that fit now; empty where no course can help). `chosen` is what the cheapest completion puts
    there, `credits_of` those of them that it takes for more than their least credits, with how
    many. `minima` names measures inside the leaf that are not reached either.
    """

    node: NodeId
    path: tuple[NodeId, ...]
    courses: int = 0
    credits: Fraction = Fraction(0)
    one_of: tuple[CourseCode, ...] = ()
    chosen: tuple[CourseCode, ...] = ()
    credits_of: tuple[tuple[CourseCode, Fraction], ...] = ()
    minima: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """An active node: how it stands, and the attempts that it holds (leaves only).

    Means, milestones and what they pull down are not judged here: `standing` is that of the
    courses, None for a mean or a milestone. `domain.meaning` gives the verdict on the whole.
    """

    node: NodeId
    standing: Standing | None
    held: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A declared `any` for which nothing was declared: its children by credits left.

    `credits` pairs each child with the fewest credits left under it, None where no course of the
    catalogue can complete it; `tied` are those as good as the one taken: as few credits left, and
    as many held by their own leaves.
    """

    node: NodeId
    taken: tuple[NodeId, ...]
    credits: tuple[tuple[tuple[NodeId, ...], Fraction | None], ...]
    tied: tuple[tuple[NodeId, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """The canonical answer of docs/language.md, section 8, with its witness.

    `credits_left` is the credits of the cheapest completion; None where no set of catalogue
    courses completes the degree (then the witness holds as much as it can and completes
    nothing). `bound` is a proven least for it: the same number where `status` is proven.
    `is_completion_sure` is False where a course of the completion may prove not to fit its leaf,
    `is_sure` also where what is held, or a least that is reached, leans on an approval not
    granted or on an attribute nobody knows. `met` lists the nodes met now, in file order. `nodes`
    are the active nodes in file order. `searched` counts the steps of the search. `is_only`: no
    other choices leave as few credits.
    """

    witness: Witness
    credits_left: Fraction | None
    bound: Fraction
    status: AuditStatus
    met: tuple[NodeId, ...]
    nodes: tuple[NodeState, ...]
    unused: tuple[Unused, ...] = ()
    missing: tuple[Missing, ...] = ()
    ties: tuple[Tie, ...] = ()
    is_completion_sure: bool = True
    is_sure: bool = True
    searched: int = 0
    is_only: bool = False

    @property
    def is_proven(self) -> bool:
        """Return whether the answer is proven to be the canonical one."""
        return self.status is AuditStatus.PROVEN

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is left to take."""
        return self.credits_left == 0 and not self.witness.completion

    def standing(self, node: str) -> Standing | None:
        """Return how the courses of an active node stand.

        Raises
        ------
        KeyError
            When the node is not active under the witness.
        """
        for state in self.nodes:
            if state.node == node:
                return state.standing
        raise KeyError(node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One catalogue course, and what is left once it is taken.

    Where `is_proven` is False less may be left.
    """

    course: CourseCode
    credits_left: Fraction
    completes: tuple[NodeId, ...] = ()
    is_proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysLeft:
    """How many cheapest completions (sets of courses) there are under the choices taken.

    `is_exact` False: the count stopped at a bound, there are at least so many.
    """

    count: int
    is_exact: bool
