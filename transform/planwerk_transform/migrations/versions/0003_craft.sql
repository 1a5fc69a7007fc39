-- Craft's folders are labels.

comment on column planwerk.rule.source is 'Only for labels of this source (teamwork, missive, craft); empty = any.';
comment on table planwerk.label is 'Every label of every source (Teamwork: tags, Missive: shared labels, Craft: folders) and what became of it; filled by triggers.';
comment on column planwerk.label.source is 'teamwork, missive or craft.';
