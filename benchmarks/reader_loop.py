"""The `reader` package's refresh; run by a Python that has it, as a file.

`python reader_loop.py add DATABASE URLS` makes its database, `… update DATABASE`
brings it up to date and prints how many entries were new.
"""

import sys
from pathlib import Path

from reader import make_reader  # type: ignore[import-not-found]  # not ours to install

_WORKERS = 10

if __name__ == "__main__":
    action, database, *rest = sys.argv[1:]
    reader = make_reader(database)
    if action == "add":
        for url in Path(rest[0]).read_text().split():
            reader.add_feed(url)
    else:
        before = reader.get_entry_counts().total
        # Due or not: else it asks for no feed twice within the hour.
        reader.update_feeds(workers=_WORKERS, scheduled=False)
        print(reader.get_entry_counts().total - before)
    reader.close()
