from django.db import migrations

# What people agreed to must be there to read, word for word: once its day has come in Rome, a version is neither
# changed nor taken away. A new one follows the last in number and in day, so that the past is not rewritten
# by one that begins before it.
GUARD = """
    CREATE FUNCTION territory_terms_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE today date := (now() AT TIME ZONE 'Europe/Rome')::date;
    BEGIN
      IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'terms are never emptied' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF TG_OP <> 'INSERT' AND OLD.from_date <= today THEN
        RAISE EXCEPTION 'terms in force stay as they are'
          USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'terms_in_force_stay';
      END IF;
      IF TG_OP = 'DELETE' THEN
        RETURN OLD;
      END IF;
      IF EXISTS (
        SELECT FROM territory_terms other
        WHERE other.district_id = NEW.district_id AND other.text = NEW.text AND other.id <> NEW.id
          AND (other.version < NEW.version) <> (other.from_date < NEW.from_date)
      ) THEN
        RAISE EXCEPTION 'a version follows the one before it'
          USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'terms_follow_each_other';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER territory_terms_guard BEFORE INSERT OR UPDATE OR DELETE ON territory_terms
      FOR EACH ROW EXECUTE FUNCTION territory_terms_guard();
    CREATE TRIGGER territory_terms_no_truncate BEFORE TRUNCATE ON territory_terms
      FOR EACH STATEMENT EXECUTE FUNCTION territory_terms_guard();
"""
UNGUARD = """
    DROP TRIGGER territory_terms_no_truncate ON territory_terms;
    DROP TRIGGER territory_terms_guard ON territory_terms;
    DROP FUNCTION territory_terms_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0003_who_runs_the_site")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
