-- What Missive and people write as addresses and names. An index is made of some of this, so nothing
-- here may fail, whatever is in a row; who changes a result has to build that index anew.

create or replace function planwerk.mail_address(written text) returns text
language sql immutable parallel safe
as $$
    select case
        when written ~ '^[ \t\r\n<]*[^\s@<>,;:()"]+@[^\s@<>,;:()"]+[ \t\r\n>]*$' and length(written) <= 320
            then lower(btrim(written, E' \t\r\n<>'))
    end
$$;
comment on function planwerk.mail_address(text) is
'A mail address in the one form that persons are known by; null for what is none, such as undisclosed-recipients:;';

create or replace function planwerk.person_name(written text) returns text
language sql immutable parallel safe
as $$
    select nullif(
        regexp_replace(
            case when tidied.name ~ '^([''"]).*\1$' then btrim(tidied.name, '''" ') else tidied.name end,
            -- an address is no name
            '^\S+@\S+$', ''
        ),
        ''
    )
    from (select planwerk.tidy(written) as name) as tidied
$$;
comment on function planwerk.person_name(text) is
'A name without quotes around it; null for none and for a mere address.';

create or replace function planwerk.participants(
    from_field jsonb, to_fields jsonb, cc_fields jsonb, bcc_fields jsonb, reply_to_fields jsonb
)
returns table (role text, address text, name text)
language sql immutable parallel safe
as $$
    select field.role, planwerk.mail_address(p.person ->> 'address'), p.person ->> 'name'
    from (
        values ('from', from_field), ('to', to_fields), ('cc', cc_fields), ('bcc', bcc_fields), ('reply_to', reply_to_fields)
    ) as field (role, people)
    cross join lateral jsonb_path_query(field.people, '$[*]') as p (person)
    where planwerk.mail_address(p.person ->> 'address') is not null
$$;
comment on function planwerk.participants(jsonb, jsonb, jsonb, jsonb, jsonb) is
'Who a mail is from and to, as far as they have mail addresses; names as written.';

create or replace function planwerk.participant_addresses(
    from_field jsonb, to_fields jsonb, cc_fields jsonb, bcc_fields jsonb, reply_to_fields jsonb
)
returns text []
language sql immutable parallel safe
as $$
    select array_remove(
        array(
            select planwerk.mail_address(a.address #>> '{}')
            from jsonb_path_query(
                jsonb_build_array(from_field, to_fields, cc_fields, bcc_fields, reply_to_fields), '$[*].address'
            ) as a (address)
        ),
        null
    )
$$;
comment on function planwerk.participant_addresses(jsonb, jsonb, jsonb, jsonb, jsonb) is
'The same addresses alone, under the index that finds the mails of a person.';

create index if not exists messages_participants on raw_missive.messages
using gin (planwerk.participant_addresses(from_field, to_fields, cc_fields, bcc_fields, reply_to_fields));
