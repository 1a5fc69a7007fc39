-- target-postgres inserts a batch and then updates the same rows, and delivers unchanged rows again
-- on every run. One trigger on every raw table drops an update that changes nothing but the
-- loader's bookkeeping. Version and deletion mark count as changes: ACTIVATE_VERSION marks every
-- row deleted whose version did not move. Where nothing but the version moves, the bookkeeping stays,
-- so that it always tells of the load that last changed the row.
-- No "set search_path": it would cost more per row than the comparison; the operator is qualified.
create or replace function planwerk.drop_unchanged_update() returns trigger
language plpgsql
as $$
declare
    candidate record := new;
begin
    candidate._sdc_extracted_at := old._sdc_extracted_at;
    candidate._sdc_received_at := old._sdc_received_at;
    candidate._sdc_batched_at := old._sdc_batched_at;
    candidate._sdc_sequence := old._sdc_sequence;
    candidate._sdc_sync_started_at := old._sdc_sync_started_at;
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
'Trigger of every raw table: drops updates that change nothing but the bookkeeping of the loader, and keeps the bookkeeping where only the version moves.';
