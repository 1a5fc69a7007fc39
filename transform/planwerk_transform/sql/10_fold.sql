-- Two ways to make spellings comparable. tidy keeps what people see (rules match against it);
-- fold goes on to the form that equal names share.
-- Immutable helpers have no "set search_path", here and in the next files: with it a call costs ten
-- times as much. They name every object of ours with its schema.

create or replace function planwerk.tidy(name text) returns text
language sql immutable parallel safe strict
as $$
    select btrim(regexp_replace(
        -- zero-width characters, direction marks, soft hyphen
        normalize(regexp_replace(
            translate(name, '‐‑‒−０１２３４５６７８９', '----0123456789'), '[\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g'
        ), nfc),
        '[\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'
    ))
$$;
comment on function planwerk.tidy(text) is
'A name in NFC without invisible characters, with plain hyphens and digits, white space collapsed; case and umlauts stay.';

create or replace function planwerk.fold(name text) returns text
language sql immutable parallel safe strict
as $$
    -- translate lowers German capitals in databases with the C locale, whose lower() is ASCII only.
    -- Normalised twice: replacing an umlaut can leave a combining mark to compose.
    select btrim(regexp_replace(normalize(
        replace(replace(replace(replace(
            lower(translate(
                normalize(planwerk.tidy(name), nfkc), 'ÄÖÜẞ', 'äöüß'
            )), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'),
        nfkc), '\s+', ' ', 'g'))
$$;
comment on function planwerk.fold(text) is
'The form under which spellings are equal: NFKC, lower case, ä = ae, ö = oe, ü = ue, ß = ss, white space collapsed.';
