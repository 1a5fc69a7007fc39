create or replace function planwerk.first_author(authors jsonb) returns text
language sql immutable parallel safe
as $$
    select coalesce(nullif(btrim(a.author ->> 'name'), ''), a.author ->> 'address', a.author ->> 'phone_number')
    from jsonb_array_elements(case jsonb_typeof(authors) when 'array' then authors else '[]' end)
        with ordinality as a (author, n)
    order by a.n
    limit 1
$$;
comment on function planwerk.first_author(jsonb) is 'Who wrote first in a conversation, by name, else by address or number.';
