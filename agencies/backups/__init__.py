"""Backups of the whole database as one encrypted file, on SQLite and on PostgreSQL.

The database does the copying with its own means, so that a backup holds exactly what the database
held at one moment, triggers and all. Keys are in none: neither those of sealed identities, nor the
master keys, nor the one that the backup itself is encrypted with.
"""

from agencies.backups.box import BackupError, Box
from agencies.backups.engines import Engine, engine

__all__ = ["BackupError", "Box", "Engine", "engine"]
