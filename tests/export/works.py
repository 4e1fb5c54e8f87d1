"""Works of our own to export."""

from dataclasses import replace
from datetime import UTC, datetime

from tracker.core.values import Claim, Item, ItemKind, Mark, MarkState
from tracker.export.work import Work

DAY = datetime(2026, 3, 4, tzinfo=UTC)
KDD = (Claim("KDD 2026", "listed by KDD", "kdd"),)


def item(**fields: object) -> Item:
    plain = Item(
        id=12,
        kind=ItemKind.PAPER,
        title="Ranking 100% of Pins & {Boards} with BERT_base",
        url="https://arxiv.org/abs/2603.00001",
        first_seen=DAY,
        published=DAY,
        authors=("Ada Lovelace", "Aaron van den Oord", "Acme Research Team"),
        summary="We rank. It costs $5 ~ 5%, #1 \\o/ and 2^3.",
        topics=(Claim("ranking", "title: ranking", "kdd"),),
        venues=KDD,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]  # fields of an Item


def work(**fields: object) -> Work:
    ids = ("arxiv:2603.00001", "doi:10.1145/1.2_3", "title:x", "guid:kdd 1")
    mark = Mark(MarkState.TO_READ, 4, "ask about 5%")
    return Work(item(**fields), "lovelace2026ranking", ids, mark)


def post(**fields: object) -> Work:
    told = item(kind=ItemKind.POST, venues=(), url="https://blog.example/a", **fields)
    return Work(told, "lovelace2026ranking", ("url:https://blog.example/a",))
