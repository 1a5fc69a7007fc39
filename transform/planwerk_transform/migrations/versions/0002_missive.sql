-- Missive's labels nest: a rule may read a label's name or its whole path. Labels that the token's
-- owner may not list are known only from the conversations that carry them.

alter table planwerk.rule add column reads text not null default 'name';
alter table planwerk.default_rule add column reads text not null default 'name';
comment on column planwerk.rule.reads is
'What the pattern is matched against: name = the label''s own name; path = the names from the top label down to it, joined by " / ".';
comment on column planwerk.default_rule.reads is 'As in planwerk.rule.';
comment on column planwerk.rule.source is 'Only for labels of this source (teamwork, missive); empty = any.';
comment on column planwerk.rule.pattern is
'Regular expression, case-insensitive, matched against what the column reads says, in NFC with white space collapsed.
cost_group: one group () = the start of a code that is trusted as printed (lists, fourth levels and 43x after it are read by the parser); two groups = code and words, where the words must resemble the name of the cost group; no group = the code is in value.
location: groups 1 to 3 = building, floor, room. task_type: the type is in value. ignore: the label is not reported as unmatched.
Use (?: ) where nothing is to be captured.';

comment on table planwerk.label is 'Every label of every source (Teamwork: tags, Missive: shared labels) and what became of it; filled by triggers.';
comment on column planwerk.label.source is 'teamwork or missive.';
comment on table planwerk.label_cost_group is 'The cost groups that a label names, itself or by a label above it.';
comment on table planwerk.label_location is 'The deepest location that a label names, itself or by a label above it.';
comment on table planwerk.label_task_type is 'The task type that a label names, itself or by a label above it.';

create table planwerk.unlisted_label (
    id text primary key,
    name text,
    parent_id text,
    name_with_parent_names text,
    seen_at timestamptz
);
comment on table planwerk.unlisted_label is 'Missive labels that conversations carry and /shared_labels does not list, because only others may see them; filled by triggers.';
comment on column planwerk.unlisted_label.id is 'Id in Missive.';
comment on column planwerk.unlisted_label.name is 'Name without its parents.';
comment on column planwerk.unlisted_label.parent_id is 'Label above, where the conversation says so.';
comment on column planwerk.unlisted_label.name_with_parent_names is 'Names from the top label down, joined by /, where the conversation says so.';
comment on column planwerk.unlisted_label.seen_at is 'When a conversation that carries it was last read and had changed.';

create table planwerk.moved_entry (
    id text primary key,
    conversation_id text not null
);
comment on table planwerk.moved_entry is 'Messages and comments that a merge moved to another conversation, while their own rows do not say so yet; filled by triggers.';
comment on column planwerk.moved_entry.id is 'Message or comment.';
comment on column planwerk.moved_entry.conversation_id is 'Conversation that has it now.';

-- Their arguments or results change.
drop function if exists planwerk.parse_label_locations(text [], text [], text []);
drop function if exists planwerk.parse_label_task_types(text [], text [], text []);
drop function if exists planwerk.match_rules(text, text [], text []);
drop function if exists planwerk.read_locations(text [], text []);
drop function if exists planwerk.read_task_types(text [], text []);
drop function if exists planwerk.read_cost_groups(text [], text []);
