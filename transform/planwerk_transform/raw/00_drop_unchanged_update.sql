-- target-postgres inserts a batch and then updates the same rows, and delivers unchanged rows again
-- on every run. One trigger on every raw table drops an update that changes nothing but the
-- loader's bookkeeping. Deletion mark and, in a full table, version count as changes:
-- ACTIVATE_VERSION marks every row deleted whose version did not move. Where nothing but the version
-- moves, the bookkeeping stays, so that it always tells of the load that last changed the row.
--
-- A version is the server's time at the beginning of a run. Of two runs at once, started by hand or
-- left over from a killed Meltano, the older one must not pull a row below the version of the newer
-- one, which would mark it deleted, nor put its older answer over the newer one, which the newer one's
-- checkpoint has passed. The argument is the column of the last change, for a table that is read by
-- it. Both must be older: the source itself may set the last change back.
-- No "set search_path": it would cost more per row than the comparison; the operator is qualified.
create or replace function planwerk.drop_unchanged_update() returns trigger
language plpgsql
as $$
declare
    candidate record;
begin
    -- more than a day is no run at the same time, but a server whose clock was wrong
    if old._sdc_table_version - new._sdc_table_version between 1 and 86400000 then
        if tg_nargs = 1
            and (to_jsonb(new) ->> tg_argv[0])::timestamptz < (to_jsonb(old) ->> tg_argv[0])::timestamptz
        then
            return null;
        end if;
        new._sdc_table_version := old._sdc_table_version;
    end if;
    candidate := new;
    candidate._sdc_extracted_at := old._sdc_extracted_at;
    candidate._sdc_received_at := old._sdc_received_at;
    candidate._sdc_batched_at := old._sdc_batched_at;
    candidate._sdc_sequence := old._sdc_sequence;
    candidate._sdc_sync_started_at := old._sdc_sync_started_at;
    if tg_nargs = 1 then
        candidate._sdc_table_version := old._sdc_table_version;
    end if;
    if candidate operator(pg_catalog.*=) old then
        return null;
    end if;
    candidate._sdc_table_version := old._sdc_table_version;
    if candidate operator(pg_catalog.*=) old then
        candidate._sdc_table_version := new._sdc_table_version;
        return candidate;
    end if;
    return new;
end
$$;
comment on function planwerk.drop_unchanged_update() is
'Trigger of every raw table: drops updates that change nothing but the bookkeeping of the loader or come from an older run than the stored row, and keeps the bookkeeping where only the version moves.';
