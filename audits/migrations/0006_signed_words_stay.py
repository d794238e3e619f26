"""PostgreSQL keeps what was signed off: no statement changes it without a correction.

While an agency's return is signed off or nil, its words, answers, grades and points can be
neither changed nor removed, and nothing can be added to them, unless the transaction has made
a correction of that very return and named it in `maca.correction`. Reopening a return needs its
status row. What texts said before, and corrections themselves, are never changed or removed.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTIONS = """
-- Whether a row was written by the transaction that asks, or by a savepoint of it. A row that
-- somebody else wrote later and committed has a higher number too, but is not in progress.
CREATE FUNCTION maca_written_now(written xid) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    present bigint := pg_current_xact_id()::text::bigint;
BEGIN
    RETURN age(written) <= 0
       AND pg_xact_status((present - age(written))::text::xid8) = 'in progress';
END $$;

CREATE FUNCTION maca_is_correcting(of_return uuid) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM audits_correction c
         WHERE c.id::text = current_setting('maca.correction', true)
           AND c.agency_return_id = of_return
           AND maca_written_now(c.xmin)
    );
END $$;

CREATE FUNCTION maca_refuse(doing text, of_table text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'This return is signed off: % on % needs a correction with a reason.',
                    lower(doing), of_table
          USING ERRCODE = 'integrity_constraint_violation',
                HINT = 'Correct the return on its page, or ask the officer to reopen it.';
END $$;

-- The return a row belongs to; none for what the meeting wrote or agreed.
CREATE FUNCTION maca_return_of(way text, said jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
    IF said IS NULL THEN
        RETURN NULL;
    ELSIF way = 'return' THEN
        RETURN (said ->> 'agency_return_id')::uuid;
    ELSIF way = 'case return' THEN
        RETURN (SELECT agency_return_id FROM audits_casereturn
                 WHERE id = (said ->> 'case_return_id')::uuid);
    ELSIF (said ->> 'agreed')::boolean THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT agency_return_id FROM audits_point WHERE id = (said ->> 'point_id')::uuid);
END $$;

-- Arguments: the way to the return, and the columns that say nothing of what was signed off.
CREATE FUNCTION maca_keep_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - string_to_array(TG_ARGV[1], ' ') END;
    after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - string_to_array(TG_ARGV[1], ' ') END;
    of_return uuid;
BEGIN
    IF before IS DISTINCT FROM after THEN
        FOR of_return IN
            SELECT r.id FROM audits_agencyreturn r
             WHERE r.id IN (maca_return_of(TG_ARGV[0], before), maca_return_of(TG_ARGV[0], after))
               AND r.stage IN ('signed_off', 'nil')
               -- A return may be brought in whole: its rows with it, and only then.
               AND (TG_OP <> 'INSERT' OR (r.signed_off_at IS NOT NULL AND NOT maca_written_now(r.xmin)))
        LOOP
            IF NOT maca_is_correcting(of_return) THEN
                PERFORM maca_refuse(TG_OP, TG_TABLE_NAME);
            END IF;
        END LOOP;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION maca_keep_signed_return() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['stage', 'extended_to'];
BEGIN
    IF OLD.stage NOT IN ('signed_off', 'nil') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM maca_refuse(TG_OP, TG_TABLE_NAME);
    END IF;
    IF maca_is_correcting(OLD.id) THEN
        free := free || ARRAY['overview', 'revision'];
    END IF;
    IF OLD.signed_off_at IS NULL THEN
        free := free || ARRAY['signed_off_at', 'signed_off_by_id'];
    END IF;
    IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free THEN
        PERFORM maca_refuse(TG_OP, TG_TABLE_NAME);
    END IF;
    IF NEW.stage <> OLD.stage AND NOT EXISTS (
        SELECT 1 FROM audits_statuschange s
         WHERE s.agency_return_id = OLD.id AND s.to_stage = NEW.stage AND maca_written_now(s.xmin)
    ) THEN
        RAISE EXCEPTION 'This return is signed off: it is reopened with a status row that says why.'
              USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION maca_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What % holds is kept as it was: it can be added to, never changed or removed.',
                    TG_TABLE_NAME
          USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER maca_keep_signed BEFORE UPDATE OR DELETE ON audits_agencyreturn
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed_return();
-- A case that joins the sample brings an empty case return, and its return is reopened at once.
CREATE TRIGGER maca_keep_signed BEFORE UPDATE OR DELETE ON audits_casereturn
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed('return', 'auditor_id');
CREATE TRIGGER maca_keep_signed_new BEFORE INSERT ON audits_casereturn
    FOR EACH ROW WHEN (NEW.stage <> 'not_started' OR NEW.known <> '')
    EXECUTE FUNCTION maca_keep_signed('return', '');
CREATE TRIGGER maca_keep_signed BEFORE INSERT OR UPDATE OR DELETE ON audits_answer
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed('case return', '');
CREATE TRIGGER maca_keep_signed BEFORE INSERT OR UPDATE OR DELETE ON audits_engagemententry
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed('case return', '');
CREATE TRIGGER maca_keep_signed BEFORE INSERT OR UPDATE OR DELETE ON audits_restorativeaction
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed('return', '');
CREATE TRIGGER maca_keep_signed BEFORE INSERT OR UPDATE OR DELETE ON audits_point
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed('return', '');
CREATE TRIGGER maca_keep_signed BEFORE INSERT OR UPDATE OR DELETE ON audits_pointplacement
    FOR EACH ROW EXECUTE FUNCTION maca_keep_signed('placement', '');
CREATE TRIGGER maca_append_only BEFORE UPDATE OR DELETE ON audits_textrevision
    FOR EACH ROW EXECUTE FUNCTION maca_append_only();
CREATE TRIGGER maca_append_only BEFORE UPDATE OR DELETE ON audits_correction
    FOR EACH ROW EXECUTE FUNCTION maca_append_only();
"""

KEPT = (
    "agencyreturn",
    "casereturn",
    "answer",
    "engagemententry",
    "restorativeaction",
    "point",
    "pointplacement",
)
REMOVE = (
    "".join(f"DROP TRIGGER maca_keep_signed ON audits_{name};\n" for name in KEPT)
    + """
DROP TRIGGER maca_keep_signed_new ON audits_casereturn;
DROP TRIGGER maca_append_only ON audits_textrevision;
DROP TRIGGER maca_append_only ON audits_correction;
DROP FUNCTION maca_append_only();
DROP FUNCTION maca_keep_signed_return();
DROP FUNCTION maca_keep_signed();
DROP FUNCTION maca_return_of(text, jsonb);
DROP FUNCTION maca_refuse(text, text);
DROP FUNCTION maca_is_correcting(uuid);
DROP FUNCTION maca_written_now(xid);
"""
)


def put_up(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTIONS, params=None)
        editor.execute(TRIGGERS, params=None)


def take_down(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(REMOVE, params=None)


class Migration(migrations.Migration):
    dependencies = [("audits", "0005_contributors_in_the_return")]

    operations = [migrations.RunPython(put_up, take_down)]
