from django.db import migrations

# A place given back to a closed slot leaves with its holder, whoever gives it back: it is never sold again.
FOLLOW = """
    CREATE FUNCTION closed_slot_follows_taken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.capacity := LEAST(NEW.capacity, NEW.taken);
      RETURN NEW;
    END $$;
    CREATE TRIGGER slot_closed_follows_taken BEFORE UPDATE ON providers_slot
      FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION closed_slot_follows_taken();
"""
LET_BE = """
    DROP TRIGGER slot_closed_follows_taken ON providers_slot;
    DROP FUNCTION closed_slot_follows_taken();
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0003_staff")]

    operations = [migrations.RunSQL(FOLLOW, LET_BE)]
