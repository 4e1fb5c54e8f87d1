"""Topics of a reader's own: a title and a description do, and marks teach."""

from tracker.core.classify import Topics, learnt
from tracker.core.values import Topic

TITLES = [f"Work {n}, online, on subject {n}" for n in range(300)]
STORES = Topic(
    "features", "Feature stores", "sharing features between training and inference"
)
CACHES = Topic("caches", "Caching", "Redis, Memcached and the invalidation of caches")


def found(title: str, *topics: Topic, text: str = "") -> dict[str, str]:
    claims = Topics(topics).of(title, text)
    return {claim.name: claim.evidence for claim in claims}


def test_a_topic_without_keywords_is_found_by_its_title() -> None:
    assert found("Building a feature store", STORES) == {
        "features": "title: Feature stores"
    }


def test_two_words_of_the_description_in_a_title_make_a_claim() -> None:
    assert found("Invalidation in a Memcached of ours", CACHES) == {
        "caches": "title: invalidation, memcached"
    }


def test_one_word_of_the_description_is_not_enough() -> None:
    assert found("Redis in anger", CACHES) == {}


def test_common_words_of_a_description_say_nothing() -> None:
    plain = Topic("plain", "Plain", "large systems for the training of models")
    assert found("Training large models", plain) == {}


def test_what_is_excluded_stays_out_whatever_the_description_says() -> None:
    picky = Topic("caches", "Caches", "Redis and Memcached", exclude=("cookbook",))
    assert found("A Redis and Memcached cookbook", picky) == {}


def test_marks_teach_the_words_that_marked_titles_share() -> None:
    yes = ["Online stores at a ferry line", "An online store for tide tables"]
    taught = learnt(STORES, yes, ["A shop for tides"], TITLES)
    assert "online store" in taught.keywords
    assert found("Our online store, rebuilt", STORES) == {}
    assert found("Our online store, rebuilt", taught) == {
        "features": "title: online store"
    }


def test_a_word_in_one_mark_or_in_an_unwanted_title_is_not_learnt() -> None:
    yes = ["Lighthouses of stone", "Lighthouses of brick"]
    assert "stone" not in learnt(STORES, yes, [], TITLES).keywords
    assert "lighthouse" in learnt(STORES, yes, [], TITLES).keywords
    assert "lighthouse" not in learnt(STORES, yes, ["A lighthouse"], TITLES).keywords


def test_words_that_many_titles_have_are_not_learnt() -> None:
    yes = ["Subjects of stone", "Subjects of brick"]
    assert learnt(STORES, yes, [], TITLES).keywords == ()


def test_keywords_are_kept_in_order_and_learnt_once() -> None:
    topic = Topic("lights", "Lights", keywords=("lighthouse", "beacon"))
    yes = ["Lighthouse lamps", "Lighthouse lamp"]
    assert learnt(topic, yes, [], TITLES).keywords == (
        "lighthouse", "beacon", "lamp", "lighthouse lamp",
    )  # fmt: skip
