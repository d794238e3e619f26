"""Every migration is run on a database with rows in it.

`frozen/` holds the demonstration as it stood under the migrations of a release, one file each:
written by that release's code, and never changed afterwards. A release freezes its own:

    python -m tests.upgrades.freeze NAME DATABASE.sqlite3
"""
