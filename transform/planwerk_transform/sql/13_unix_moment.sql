-- Inside the objects that Missive's rows carry, moments are seconds since 1970. What is none must not
-- break a view for all other rows.
create or replace function planwerk.unix_moment(seconds jsonb) returns timestamptz
language sql immutable parallel safe
as $$
    select case
        when jsonb_typeof(seconds) = 'number' and seconds::numeric between 0 and 253402300799 then to_timestamp(seconds::double precision)
    end
$$;
comment on function planwerk.unix_moment(jsonb) is
'The moment that a JSON number of seconds since 1970 stands for; null for anything else.';
