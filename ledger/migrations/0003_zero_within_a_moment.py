from django.db import migrations

# All entries of a transfer are of one moment. Asked for by that moment too, they lie in one partition where the
# entries are partitioned by month; and entries of another moment have to sum to zero by themselves.
FUNCTION = """
    CREATE OR REPLACE FUNCTION transfer_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
                 WHERE e.transfer_id = NEW.transfer_id{} GROUP BY a.book HAVING sum(e.cents) <> 0) THEN
        RAISE EXCEPTION 'transfer % does not sum to zero', NEW.transfer_id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NULL;
    END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only_and_zero_per_book")]

    operations = [migrations.RunSQL(FUNCTION.format(" AND e.at = NEW.at"), FUNCTION.format(""))]
