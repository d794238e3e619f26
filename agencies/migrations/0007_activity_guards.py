"""Both databases keep the activity: appended to, and never changed, removed or emptied.

An entry must continue its chain; the head of the chain moves with it and in no other way. Chains
are counted in the register, which is a row among them. The refusals are part of the database, so
they hold for a console as for the application. A later migration that alters one of the two tables
calls `take_down` before and `put_up` after: SQLite makes such a table anew and forgets what
guarded it.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = "Activity can be appended to, never altered or removed."
CONTINUES = "An entry of the activity must continue its chain."
MOVES = "The head of a chain moves with its entries alone."
OPENS = "A chain of the activity is opened empty and counted in the register."

POSTGRESQL = f"""
CREATE FUNCTION maca_activity_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION maca_activity_continues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE agencies_activitychain SET "count" = NEW."number", "hash" = NEW."hash"
     WHERE "key" = NEW."chain" AND "count" = NEW."number" - 1 AND "hash" = NEW."previous";
    IF NOT FOUND THEN
        RAISE EXCEPTION '{CONTINUES}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION maca_activity_chain_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."key" <> 'register' THEN
        UPDATE agencies_activitychain SET "count" = NEW."opened", "hash" = NEW."opening"
         WHERE "key" = 'register' AND "count" = NEW."opened" - 1;
        IF NOT FOUND OR NEW."count" <> 0 OR NEW."hash" <> '' THEN
            RAISE EXCEPTION '{OPENS}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- Moved by one of the two triggers above, it is not the first trigger at work.
CREATE FUNCTION maca_activity_chain_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '{MOVES}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER maca_activity_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON agencies_activity
    FOR EACH STATEMENT EXECUTE FUNCTION maca_activity_kept();
CREATE TRIGGER maca_activity_continues BEFORE INSERT ON agencies_activity
    FOR EACH ROW EXECUTE FUNCTION maca_activity_continues();
CREATE TRIGGER maca_activity_kept BEFORE DELETE OR TRUNCATE ON agencies_activitychain
    FOR EACH STATEMENT EXECUTE FUNCTION maca_activity_kept();
CREATE TRIGGER maca_activity_chain_opens BEFORE INSERT ON agencies_activitychain
    FOR EACH ROW EXECUTE FUNCTION maca_activity_chain_opens();
CREATE TRIGGER maca_activity_chain_moves BEFORE UPDATE ON agencies_activitychain
    FOR EACH STATEMENT EXECUTE FUNCTION maca_activity_chain_moves();
"""  # noqa: S608 - constants alone

POSTGRESQL_DOWN = """
DROP TRIGGER maca_activity_kept ON agencies_activity;
DROP TRIGGER maca_activity_continues ON agencies_activity;
DROP TRIGGER maca_activity_kept ON agencies_activitychain;
DROP TRIGGER maca_activity_chain_opens ON agencies_activitychain;
DROP TRIGGER maca_activity_chain_moves ON agencies_activitychain;
DROP FUNCTION maca_activity_kept();
DROP FUNCTION maca_activity_continues();
DROP FUNCTION maca_activity_chain_opens();
DROP FUNCTION maca_activity_chain_moves();
"""

# "insert or replace" removes a row without its trigger, so an id that is there is refused too.
SQLITE = {
    "maca_activity_unaltered": f"""BEFORE UPDATE ON agencies_activity
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    "maca_activity_unremoved": f"""BEFORE DELETE ON agencies_activity
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    "maca_activity_continues": f"""BEFORE INSERT ON agencies_activity
        WHEN EXISTS (SELECT 1 FROM agencies_activity WHERE "id" = NEW."id") OR NOT EXISTS (
            SELECT 1 FROM agencies_activitychain WHERE "key" = NEW."chain"
               AND "count" = NEW."number" - 1 AND "hash" = NEW."previous")
        BEGIN SELECT RAISE(ABORT, '{CONTINUES}'); END""",  # noqa: S608
    "maca_activity_continued": """AFTER INSERT ON agencies_activity
        BEGIN UPDATE agencies_activitychain SET "count" = NEW."number", "hash" = NEW."hash"
               WHERE "key" = NEW."chain"; END""",
    "maca_activity_chain_unremoved": f"""BEFORE DELETE ON agencies_activitychain
        BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    "maca_activity_chain_opens": f"""BEFORE INSERT ON agencies_activitychain
        WHEN EXISTS (SELECT 1 FROM agencies_activitychain WHERE "key" = NEW."key")
          OR (NEW."key" <> 'register' AND (NEW."count" <> 0 OR NEW."hash" <> '' OR NOT EXISTS (
            SELECT 1 FROM agencies_activitychain
             WHERE "key" = 'register' AND "count" = NEW."opened" - 1)))
        BEGIN SELECT RAISE(ABORT, '{OPENS}'); END""",  # noqa: S608
    "maca_activity_chain_opened": """AFTER INSERT ON agencies_activitychain
        WHEN NEW."key" <> 'register'
        BEGIN UPDATE agencies_activitychain SET "count" = NEW."opened", "hash" = NEW."opening"
               WHERE "key" = 'register'; END""",
    "maca_activity_chain_moves": f"""BEFORE UPDATE ON agencies_activitychain
        WHEN NEW."key" <> OLD."key" OR NEW."count" <> OLD."count" + 1
          OR NEW."opened" IS NOT OLD."opened" OR NEW."opening" <> OLD."opening"
          OR NOT (EXISTS (SELECT 1 FROM agencies_activity WHERE "chain" = NEW."key"
                             AND "number" = NEW."count" AND "hash" = NEW."hash")
               OR (NEW."key" = 'register' AND EXISTS (SELECT 1 FROM agencies_activitychain
                           WHERE "opened" = NEW."count" AND "opening" = NEW."hash")))
        BEGIN SELECT RAISE(ABORT, '{MOVES}'); END""",  # noqa: S608
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
        ("agencies", "0006_activity_chains"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                fields=("chain", "number"), name="activity_number_in_chain"
            ),
        ),
        migrations.RunPython(put_up, take_down),
    ]
