"""Topics of a reader's own: a title and a description do."""

from tracker.core.classify import Topics
from tracker.core.values import Topic

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
