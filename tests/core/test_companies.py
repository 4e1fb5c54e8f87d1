"""Companies from affiliations, addresses, ids and sites; and from nothing else."""

from time import process_time

import pytest

from tracker.core.classify import Companies
from tracker.core.classify.mentions import finder
from tracker.core.values import Company

ACME = Company(
    "acme",
    "Acme",
    aliases=("Acme Robotics", "roadrunner", "ARL", "Coyote Labs"),
    exclude=("Acme Valley", "Universidad de Acme"),
    domains=("acme.example", "acme-labs.co.uk"),
    ids=("https://ror.org/012345678",),
    sites=("blog.acme.example", "shared.example/acme", "open.example/blog/*"),
)
SNAP = Company("snap", "Snap", aliases=("Snap Research",), alone=("Snap",))
OTHER = Company("other", "Other Works", sites=("shared.example/acme/other",))
FOUND = Companies((ACME, SNAP, OTHER))


@pytest.mark.parametrize(
    ("affiliation", "companies"),
    [
        ("Acme", {"acme"}),
        ("ACME Inc., Oslo", {"acme"}),
        ("1Acme\u2217, 2University of Oslo", {"acme"}),
        ("University of Oslo+Acme", {"acme"}),
        ("Oslo-Acme Joint Lab at the University of Oslo", {"acme"}),
        ("RoadRunner, Oslo", {"acme"}),
        ("CoyoteLabs", {"acme"}),
        ("coyote-labs", set()),
        ("ARL, Oslo", {"acme"}),
        ("Arl, Oslo", set()),
        ("acme growers' association", set()),
        ("Acmeology Department", set()),
        ("Acme-based studies", set()),
        ("Acme Valley College", set()),
        ("Universidad de Acme, Oslo", set()),
        ("Acme Valley College and Acme", {"acme"}),
        ("AcmeResearchOslo", {"acme"}),
        ("CoyoteLabsOslo", set()),
        ("@Acme, Oslo", {"acme"}),
        ("ada@Acme, Oslo", set()),
        ("Ex-Acme", set()),
        ("University of Oslo, funded by Acme", set()),
        ("Former Acme, Oslo", set()),
        ("formerly at Acme Robotics", set()),
        ("Work done while interning at Acme", {"acme"}),
        ("Acme, formerly at Snap Research", {"acme"}),
        ("\uff21cme", {"acme"}),
        ("Acme" + " and more" * 500, {"acme"}),
        ("", set()),
    ],
)
def test_a_name_counts_as_whole_words_with_its_first_letter(
    affiliation: str, companies: set[str]
) -> None:
    assert set(FOUND.named(affiliation)) == companies


@pytest.mark.parametrize(
    ("affiliation", "is_named"),
    [
        ("Snap", True),
        ("Snap, Inc.", True),
        ("Snap Inc., Santa Monica", True),
        ("Snap Technologies Ltd", True),
        ("University of Oslo + Snap", True),
        ("University of Oslo and Snap1", True),
        ("Snap Research NYC", True),
        ("snap", False),
        ("Department of Snap Judgements", False),
        ("Snap Hill, Oslo", False),
        ("University of Oslo, Snap", True),
        ("University of Oslo, Snap, Inc., Norway", True),
        ("Hill University, Snap Labs, Norway", True),
        ("1Snap, Norway", True),
        ("SnapResearch", True),
        ("Hill University, Snap, Norway", False),
        ("Ada Lovelace, MD, Snap, Hill Law School", False),
        ("Society for New Art and Plays (Snap), Oslo", False),
        ("Hill University - Snap - Norway", False),
    ],
)
def test_an_everyday_word_counts_only_where_it_stands_alone(
    affiliation: str, *, is_named: bool
) -> None:
    assert (FOUND.named(affiliation) == ("snap",)) is is_named


@pytest.mark.parametrize(
    ("affiliation", "is_named"),
    [
        ("ada@acme.example", True),
        ("{ada, grace}@acme.example", True),
        ("ada@research.acme.example", True),
        ("ada at acme dot example", True),
        ("ada [at] acme [dot] example", True),
        ("ada(at)acme(dot)example", True),
        ("ada@acme-labs.co.uk", True),
        ("acme.example, Oslo", True),
        ("www.acme.example/people/ada", False),
        ("University of Oslo, https://www.acme.example/people/ada", False),
        ("University of Oslo, https://pages.acme.example", False),
        ("University of Oslo, acme.example/ada", False),
        ("University of Oslo, Acme.example/ada", False),
        ("University of Oslo, acme.example", False),
        ("University of Oslo, pages.acme.example", False),
        ("University of Oslo, my page at acme.example/ada", False),
        ("University of Oslo, https://oslo.example/Acme", False),
        ("https://ror.org/012345678", True),
        ("Somewhere, https://ror.org/012345678", True),
        ("ada@notacme.example", False),
        ("ada@acme.example.org", False),
        ("Acme@cs.oslo.example", False),
        ("https://ror.org/0123456789", False),
    ],
)
def test_an_address_or_an_id_names_its_company(
    affiliation: str, *, is_named: bool
) -> None:
    assert (FOUND.named(affiliation) == ("acme",)) is is_named


def test_a_short_first_word_of_a_name_keeps_its_space() -> None:
    found = Companies((Company("x", "X (Acme)", ("X Corp",)),))
    assert found.named("X Corp., Oslo") == found.named("XCorp") == ("x",)


def test_a_name_is_found_however_many_of_its_words_are_glued() -> None:
    found = Companies((Company("acme", "Acme of Old Oslo"),))
    assert found.named("AcmeofOldOslo") == ("acme",)


def test_an_alias_with_an_at_sign_is_a_domain_as_it_used_to_be() -> None:
    old = Companies((Company("acme", "Acme", ("@acme.example",)),))
    assert old.named("ada@acme.example") == ("acme",)


@pytest.mark.parametrize(
    ("url", "evidence"),
    [
        ("https://blog.acme.example/2026/ranking", ("acme", "site: blog.acme.example")),
        ("https://www.blog.acme.example/", ("acme", "site: blog.acme.example")),
        ("https://shared.example/Acme/1", ("acme", "site: shared.example/acme")),
        (
            "https://shared.example/acme/other/1",
            ("other", "site: shared.example/acme/other"),
        ),
        ("https://shared.example/en-GB/acme/1", ("acme", "site: shared.example/acme")),
        ("https://shared.example/us/en/acme/1", ("acme", "site: shared.example/acme")),
        ("https://shared.example/acmeology", None),
        ("https://open.example/blog/pins", ("acme", "site: open.example/blog")),
        ("https://open.example/blog/pins/", ("acme", "site: open.example/blog")),
        ("https://open.example/blog/ada/pins", None),
        ("https://open.example/blog", None),
        ("https://shared.example/", None),
        ("https://acme.example/", None),
    ],
)
def test_a_post_is_of_the_company_on_whose_site_it_is(
    url: str, evidence: tuple[str, str] | None
) -> None:
    claims = [(claim.name, claim.evidence) for claim in FOUND.of_site(url, "news")]
    assert claims == ([evidence] if evidence else [])


def test_several_companies_are_found_with_the_affiliation_that_names_each() -> None:
    claims = FOUND.of(("Snap + Acme", "Acme, Oslo"), "kdd")
    assert [(c.name, c.evidence, c.source) for c in claims] == [
        ("acme", "Snap + Acme", "kdd"),
        ("snap", "Snap + Acme", "kdd"),
    ]


@pytest.mark.parametrize("filling", ["a", "a.", "a@", "{", " dot ", "Acme ", "-", "("])
def test_a_hostile_affiliation_takes_no_time(filling: str) -> None:
    start = process_time()
    Companies((ACME, SNAP)).named(filling * 200_000)
    assert process_time() - start < 0.5


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        ("Pins", "Online tests at Acme show more saves.", {"acme": "at Acme"}),
        ("Pins", "Users of\nthe RoadRunner app.", {"acme": "Users of the RoadRunner"}),
        ("Pins", "Now seen on the RoadRunner app.", {}),
        ("Ranking ads in Acme Search", "", {"acme": "in Acme"}),
        ("Two towers", "We compare it with Acme and RoadRunner.", {}),
        ("Two towers", "Ratings of films, in Acme 20M.", {}),
        ("Two towers", "Code is available at Acme.", {}),
        ("A test at Acme Valley", "", {}),
        ("A feed at Snap", "", {}),
        ("At Acmeology", "", {}),
    ],
)
def test_a_text_names_a_company_only_as_where_its_work_was_done(
    title: str, text: str, said: dict[str, str]
) -> None:
    only_alone = Company("snap", "Snap", alone=("Snap",))
    assert finder((ACME, only_alone))(title, text) == said
