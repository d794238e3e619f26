"""Both databases keep what was published: a document is neither changed nor removed.

A later migration that alters the table calls `take_down` before and `put_up` after: SQLite makes
such a table anew and forgets what guarded it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = "A published document stays as it is: publish a new version instead."

# The function is that of signed words (audits, 0006).
POSTGRESQL = """
CREATE TRIGGER maca_append_only BEFORE UPDATE OR DELETE ON reports_document
    FOR EACH ROW EXECUTE FUNCTION maca_append_only();
CREATE TRIGGER maca_never_emptied BEFORE TRUNCATE ON reports_document
    FOR EACH STATEMENT EXECUTE FUNCTION maca_append_only();
"""

POSTGRESQL_DOWN = """
DROP TRIGGER maca_append_only ON reports_document;
DROP TRIGGER maca_never_emptied ON reports_document;
"""

# "insert or replace" removes a row without its trigger, so one that is there is refused too.
SQLITE = {
    "maca_document_unaltered": f"""BEFORE UPDATE ON reports_document
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    "maca_document_unremoved": f"""BEFORE DELETE ON reports_document
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    "maca_document_unreplaced": f"""BEFORE INSERT ON reports_document
        WHEN EXISTS (SELECT 1 FROM reports_document WHERE "id" = NEW."id"
            OR ("audit_id" = NEW."audit_id" AND "kind" = NEW."kind" AND "version" = NEW."version"))
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",  # noqa: S608
}


def put_up(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL, params=None)
    else:
        for name, rule in SQLITE.items():
            editor.execute(f"CREATE TRIGGER {name} {rule}", params=None)


def take_down(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL_DOWN, params=None)
    else:
        for name in SQLITE:
            editor.execute(f"DROP TRIGGER {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0006_signed_words_stay"),
        ("reports", "0002_documents_named_in_the_activity"),
    ]

    operations = [migrations.RunPython(put_up, take_down)]
