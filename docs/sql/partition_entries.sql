-- Partition the entries by month of Rome. Once, with the service stopped and a backup at hand: docs/operators.md.
-- Everything is one transaction: it is done whole, or nothing has happened. PostgreSQL 15 or newer.
BEGIN;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '10s';
LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE;

ALTER TABLE ledger_entry RENAME TO ledger_entry_whole;

-- Identity columns cannot be partitioned before PostgreSQL 17: a default from a sequence does the same. The key has to
-- hold the month; that an id is not drawn twice is the sequence's doing.
CREATE SEQUENCE ledger_entry_id_drawn AS bigint;
CREATE TABLE ledger_entry (
    id bigint NOT NULL DEFAULT nextval('ledger_entry_id_drawn'),
    cents bigint NOT NULL,
    at timestamptz NOT NULL,
    account_id bigint NOT NULL,
    transfer_id bigint NOT NULL,
    CONSTRAINT entry_moves_something CHECK (cents <> 0)
) PARTITION BY RANGE (at);
SELECT setval('ledger_entry_id_drawn', last_value, is_called) FROM ledger_entry_id_seq;

-- Make the months that are missing, from the first one's to the last one's. Call it again for the years to come.
CREATE FUNCTION ledger_entry_months(first date, last date) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', first)::date;
    name text;
    made int := 0;
BEGIN
    WHILE month <= last LOOP
        name := 'ledger_entry_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF ledger_entry FOR VALUES FROM (%L) TO (%L)', name,
                month::timestamp AT TIME ZONE 'Europe/Rome',
                (month + interval '1 month') AT TIME ZONE 'Europe/Rome'
            );
            -- Triggers for each row come with the partition; the one against emptying does not.
            EXECUTE format(
                'CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
                name || '_no_truncate', name
            );
            made := made + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END $$;

-- From the first entry to two years from now; what falls into no month is kept too.
SELECT ledger_entry_months(
    (COALESCE(min(at), now()) AT TIME ZONE 'Europe/Rome')::date, (now() + interval '2 years')::date
) FROM ledger_entry_whole;
CREATE TABLE ledger_entry_other PARTITION OF ledger_entry DEFAULT;
CREATE TRIGGER ledger_entry_other_no_truncate BEFORE TRUNCATE ON ledger_entry_other
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO ledger_entry (id, cents, at, account_id, transfer_id)
SELECT id, cents, at, account_id, transfer_id FROM ledger_entry_whole ORDER BY id;

DROP TABLE ledger_entry_whole;
ALTER SEQUENCE ledger_entry_id_drawn RENAME TO ledger_entry_id_seq;
ALTER SEQUENCE ledger_entry_id_seq OWNED BY ledger_entry.id;

-- What the migrations had made, by the same names.
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (id, at);
CREATE INDEX ledger_entry_account_id_e9f5e345 ON ledger_entry (account_id);
CREATE INDEX ledger_entry_transfer_id_c95afec7 ON ledger_entry (transfer_id);
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_account_id_e9f5e345_fk_ledger_account_id
    FOREIGN KEY (account_id) REFERENCES ledger_account (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_transfer_id_c95afec7_fk_ledger_transfer_id
    FOREIGN KEY (transfer_id) REFERENCES ledger_transfer (id) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER entry_sums_to_zero AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION transfer_sums_to_zero();
COMMIT;
ANALYZE ledger_entry;
