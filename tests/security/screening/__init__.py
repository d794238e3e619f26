"""Snippets with known answers for `tests.security.test_screening`.

Names, streets and sentences are this folder's own: no rule reads them, and no person is meant by
them. Each list is cut in two by a hash: rules were tuned while looking at one half, and what is
promised is measured on the other.
"""
