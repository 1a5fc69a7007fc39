-- Names resemble each other when their words do. A word is compared by its stem: folded, without
-- umlaut and German ending, so that "Außenwand" and "Außenwände" are one word, and so are
-- "Küchentechnik" and "küchentechnisch".

create or replace function planwerk.words(name text) returns text []
language sql immutable parallel safe
as $$
    select array_remove(regexp_split_to_array(
        regexp_replace(
            replace(replace(replace(replace(
                regexp_replace(
                    planwerk.fold(translate(name, '_', ' ')),
                    '\m(?:und|oder|sowie|fuer|d(?:er|ie|as|es|en|em)|i[nm]|a[nm]|zu[rm]?|vo[nm]|mit|nach|kgr?(?= ?[0-9]))\M', ' ', 'g'
                ), 'ae', 'a'), 'oe', 'o'), 'ue', 'u'), 'technisch', 'technik'),
            '([[:alpha:]]{4})(?:en|ern?|es?|(?<!io)n|s)\M', '\1', 'g'
        ), '[^[:alpha:]]+'
    ), '')
$$;
comment on function planwerk.words(text) is
'Stems of the words of a name, in order, without articles and the like.';

-- Words that many cost groups share say nothing about a single one.
create or replace function planwerk.generic_words() returns text []
language sql immutable parallel safe
as $$
    select planwerk.words(
        'Anlage technisch sonstige weitere allgemeine besondere zusätzlich provisorisch Maßnahme System Bau '
        'baulich Bauwerk Konstruktion baukonstruktiv Einbau außen innen vertikal '
        'horizontal Fläche Kosten Leistung Herstellung Gebäude Planung Einrichtung nutzungsspezifisch '
        'verfahrenstechnisch öffentlich nichtöffentlich'
    )
$$;
comment on function planwerk.generic_words() is
'Stems that do not tell one cost group from another.';

create or replace function planwerk.is_same_word(word text, name_word text) returns boolean
language sql immutable parallel safe
as $$
    select word = name_word or (
        length(word) >= 3
        and left(name_word, length(word)) = word
        and substr(name_word, length(word) + 1)
        ~ ('^(?:e|[enrs]{0,4}(?:(?:anlag|system|netz|technik|flach|arbeit|massnahm|einrichtung|konstruktion|'
            || 'versorgung|entsorgung|beseitigung)s?)+)$')
    )
$$;
comment on function planwerk.is_same_word(text, text) is
'Whether a word of a label stands for a word of a name: equal, or the name''s without a general tail (Lüftung, Lüftungsanlagen).';

create or replace function planwerk.is_kindred_word(word text, name_word text) returns boolean
language sql immutable parallel safe
as $$
    -- Not a longer word that ends with the name's: a street's name is no street (Schulstraße 5).
    select length(word) >= 4 and length(name_word) >= 4 and (
        word in (left(name_word, length(word)), right(name_word, length(word)))
        or left(word, length(name_word)) = name_word
    )
$$;
comment on function planwerk.is_kindred_word(text, text) is
'Whether a word of a label begins or ends a word of a name, or begins with it (Abdichtung, Bauwerksabdichtung; Straßenbau, Straße): enough to tell which edition a trusted code is of.';
