"""Does anybody get in where they don't belong, and anything out that should not?

Each check that counts has `run(rounds) -> Figures`, `SMALL` and `LONG` as those of
`tests.endurance` have, and is run by the same command: a few rounds of it are a test of the suite,
as many as are promised by `bin/endure --long NAME`.
"""
