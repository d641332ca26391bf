from django.db import migrations

from kernel.append_only import append_only

SUMS_TO_ZERO = """
    CREATE FUNCTION transfer_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
                 WHERE e.transfer_id = NEW.transfer_id GROUP BY a.book HAVING sum(e.cents) <> 0) THEN
        RAISE EXCEPTION 'transfer % does not sum to zero', NEW.transfer_id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER entry_sums_to_zero AFTER INSERT ON ledger_entry
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION transfer_sums_to_zero();
"""
NO_SUMS = "DROP TRIGGER entry_sums_to_zero ON ledger_entry; DROP FUNCTION transfer_sums_to_zero();"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(*append_only("ledger_entry")),
        migrations.RunSQL(*append_only("ledger_transfer")),
        migrations.RunSQL(*append_only("ledger_checkpoint")),
        migrations.RunSQL(SUMS_TO_ZERO, NO_SUMS),
    ]
