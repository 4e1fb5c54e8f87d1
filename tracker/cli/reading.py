"""`tracker list`, `search` and `show`."""

import argparse
import sys

from tracker.bootstrap import App
from tracker.bootstrap.library import Library, Merger, Seen, Sighting, Wanted
from tracker.cli import naming, output
from tracker.cli.opening import opened
from tracker.core.values import Claim, Item, ItemKind, Related, Signal, Verdict
from tracker.core.weekly import Reader

_EMPTY = "nothing is stored yet; `tracker fetch` reads the sources"
_NOT_YET = "nothing found; for a new topic `tracker fetch` looks through the store"
_NOTHING = "nothing found; `tracker list` shows all that is stored"


def list_command(options: argparse.Namespace) -> int:
    """Print the items one asks for, the newest first."""
    with opened(options) as app:
        asked = wanted(app, options)
        library = Library(app)
        found = library.items(asked)
        if options.format == "atom":
            _print_feed(found, _described(app, options))
            return 0
        nothing = _NOT_YET if options.topic else _NOTHING
        what = nothing if library.count(Wanted()) else _EMPTY
        _print_items(found, what, json=options.format == "json")
        more = library.count(asked) - len(found)
        if more > 0 and options.format == "table":
            output.console(stderr=True).print(f"and {more:,} more; see --limit")
    return 0


def wanted(app: App, options: argparse.Namespace) -> Wanted:
    """Return what the options of `tracker list` ask for."""
    reader = app.reader(options.reader)
    naming.known(options.topic, [t.name for t in app.config.topics], "topic")
    since, until = options.since, options.until
    return Wanted(
        topic=options.topic,
        companies=_companies(app, reader, options),
        venue=options.venue,
        kind=ItemKind(options.kind) if options.kind else None,
        since=app.days(reader, since, since).start if since else None,
        until=app.days(reader, until, until).end if until else None,
        state=options.state,
        reader=app.reader_number(reader),
        limit=options.limit,
    )


def _print_feed(items: list[Item], what: str) -> None:
    from tracker.render.atom import atom, of_items

    sys.stdout.flush()
    sys.stdout.buffer.write(atom(of_items(items, what)))


def _described(app: App, options: argparse.Namespace) -> str:
    """Return what is listed, in words: it names the feed, and stays its id."""
    topics = {topic.name: topic.title for topic in app.config.topics}
    called = options.company
    company = naming.company(app.config.companies, called) if called else None
    parts = (
        topics.get(options.topic),
        company.title if company else None,
        "companies you follow" if options.followed else None,
        options.venue,
        f"{options.kind}s" if options.kind else None,
        options.state,
    )
    return ", ".join(filter(None, parts)) or "all that is new"


def _companies(
    app: App, reader: Reader, options: argparse.Namespace
) -> tuple[str, ...] | None:
    """Return the companies asked for, None for any."""
    if options.followed:
        return app.followed(reader)
    if options.company is None:
        return None
    return (naming.company(app.config.companies, options.company).name,)


def search_command(options: argparse.Namespace) -> int:
    """Print the items that hold all words, the best match first."""
    words = " ".join(f'"{w}"' if " " in w else w for w in options.words)
    with opened(options) as app:
        library = Library(app)
        found = library.search(words, options.limit)
        what = _NOTHING if library.count(Wanted()) else _EMPTY
        _print_items(found, what, json=options.json)
    return 0


def _print_items(items: list[Item], nothing: str, *, json: bool) -> None:
    if json:
        output.print_json([_item(item) for item in items])
        return
    if not items:
        print(nothing, file=sys.stderr)
        return
    rows = [(f"#{item.id}", _when(item), item.title, _where(item)) for item in items]
    output.table(rows, ("item", "date", "title", "from"))


def _when(item: Item) -> str:
    return f"{item.published or item.first_seen:%Y-%m-%d}"


def _where(item: Item) -> str:
    claimed = [claim.name for claim in (*item.venues, *item.companies)]
    return ", ".join(claimed or item.sources[:1])


def _item(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "kind": str(item.kind),
        "title": item.title,
        "url": item.url,
        "links": list(item.links),
        "authors": list(item.authors),
        "published": output.stamp(item.published),
        "first_seen": output.stamp(item.first_seen),
        "sources": list(item.sources),
        "topics": [claim.name for claim in item.topics],
        "companies": [claim.name for claim in item.companies],
        "venue": item.venues[-1].name if item.venues else None,
    }


def show_command(options: argparse.Namespace) -> int:
    """Print an item with its text, marks and evidence, or how it is scored."""
    from tracker.cli import arithmetic

    with opened(options) as app:
        library, reader = Library(app), app.reader(options.reader)
        found = library.sighting(options.item, reader)
        why = library.why(found, reader) if options.why else None
    if options.json:
        output.print_json(
            _sighting(found) | ({"why": arithmetic.data(why)} if why else {})
        )
    else:
        print(arithmetic.text(why) if why else _sighting_text(found))
    return 0


def _sighting(found: Sighting) -> dict[str, object]:
    item = found.item
    return _item(item) | {
        "summary": item.summary,
        "withdrawn": item.withdrawn,
        "evidence": {
            "topics": [_claim(claim) for claim in item.topics],
            "companies": [_claim(claim) for claim in item.companies],
            "venues": [_claim(claim) for claim in item.venues],
        },
        "signals": [_signal_data(one) for one in item.signals],
        "mentions": [_mention_data(one) for one in found.mentions],
        "mergers": [
            {"item": one.item, "reason": one.reason, "at": output.stamp(one.at)}
            for one in found.mergers
        ],
        "apart": list(found.apart),
        "related": [_related_data(one) for one in item.related],
        "deleted": output.stamp(found.deleted),
        "said": [
            {"topic": v.topic, "about": v.about, "since": output.stamp(v.since)}
            for v in found.verdicts
        ],
        "mark": {
            "state": str(found.mark.state),
            "rating": found.mark.rating,
            "note": found.mark.note,
        },
    }


def _signal_data(signal: Signal) -> dict[str, object]:
    return {
        "name": str(signal.name),
        "value": signal.value,
        "source": signal.source,
        "since": output.stamp(signal.since),
    }


def _related_data(one: Related) -> dict[str, object]:
    return {
        "item": one.item,
        "kind": str(one.kind),
        "title": one.title,
        "url": one.url,
        "source": one.source,
        "evidence": one.evidence,
    }


def _mention_data(seen: Seen) -> dict[str, object]:
    return {
        "id": seen.id,
        "source": seen.source,
        "url": seen.url,
        "first_seen": output.stamp(seen.first_seen),
        "joined_by": seen.joined_by,
    }


def _claim(claim: Claim) -> dict[str, object]:
    return {
        "name": claim.name,
        "evidence": claim.evidence,
        "source": claim.source,
        "weight": claim.weight,
        "since": output.stamp(claim.since),
    }


def _sighting_text(found: Sighting) -> str:
    import textwrap

    item, mark = found.item, found.mark
    lines = [f"#{item.id}  {item.title}"]
    lines += ["WITHDRAWN"] if item.withdrawn else []
    if found.deleted:
        undo = f"`tracker delete --undo {item.id}` brings it back"
        lines.append(f"DELETED on {found.deleted:%Y-%m-%d}; {undo}")
    lines += [", ".join(item.authors)] if item.authors else []
    lines += [link for link in (item.url, *item.links) if link]
    lines += ["", *textwrap.wrap(item.summary, 80), ""] if item.summary else [""]
    lines += [f"about {claim.name} ({claim.evidence})" for claim in item.topics]
    lines += [f"from {claim.name} ({_stated(claim)})" for claim in item.companies]
    lines += [f"accepted at {claim.name} ({_stated(claim)})" for claim in item.venues]
    lines += [_denied(one) for one in found.verdicts if not one.about]
    lines += [_signal(signal) for signal in item.signals]
    lines += [_seen(one, len(found.mentions)) for one in found.mentions]
    lines += [_merger(one) for one in found.mergers]
    lines += [_beside(one) for one in item.related]
    lines += [f"apart from #{other}, as you said" for other in found.apart]
    rating = f", rated {mark.rating}" if mark.rating else ""
    lines += [f"marked {mark.state}{rating}"]
    lines += [f"note: {mark.note}"] if mark.note else []
    return "\n".join(lines)


def _stated(claim: Claim) -> str:
    """Return what shows a claim, the source that stated it, and since when."""
    since = f" since {claim.since:%Y-%m-%d}" if claim.since else ""
    return f"{claim.evidence}; by {claim.source}{since}"


def _denied(one: Verdict) -> str:
    return f"not about {one.topic}, as you said on {one.since:%Y-%m-%d}"


def _seen(one: Seen, of: int) -> str:
    """Return where an item was seen; the number is for `tracker split`."""
    number = f"mention {one.id}" if of > 1 else ""
    how = f"joined by {one.joined_by}" if one.joined_by else ""
    told = "; ".join(part for part in (number, how) if part)
    when = f"seen at {one.source} on {one.first_seen:%Y-%m-%d}"
    return f"{when} ({told})" if told else when


def _merger(one: Merger) -> str:
    when = f" on {one.at:%Y-%m-%d}" if one.at else ""
    return f"joined with #{one.item}{when}" + (
        f" by {one.reason}" if one.reason else ""
    )


def _beside(one: Related) -> str:
    """Return what stands beside an item, and why; the number is for `tracker split`."""
    if one.kind is ItemKind.POST:
        how = f"with a post by {one.source}, #{one.item}, about it"
    else:
        how = f"about #{one.item}"
    return f"{how}: {one.evidence} (\u201c{one.title}\u201d)"


def _signal(signal: Signal) -> str:
    when = f", {signal.since:%Y-%m-%d}" if signal.since else ""
    return f"{signal.name}: {signal.value} ({signal.source}{when})"
