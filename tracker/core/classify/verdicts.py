"""What somebody said of a work's topics wins over whatever else speaks."""

from collections.abc import Collection, Sequence

from tracker.core.values import Claim, Verdict

_EVIDENCE = "you said so"


def upheld(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], topics: Collection[str]
) -> tuple[Claim, ...]:
    """Return a work's topics as they are by what was said of them, each of `topics`.

    What was said of any other topic counts for nothing.
    """
    said = {one.topic: one for one in verdicts if one.topic in topics}
    ours = (Claim(name, _EVIDENCE, "") for name, one in said.items() if one.about)
    return (*(claim for claim in claims if claim.name not in said), *ours)
