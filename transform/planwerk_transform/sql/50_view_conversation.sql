-- Conversations with names instead of ids. Names and lists are subqueries: they cost nothing when a
-- query does not ask for the column, and leave one table alone in the "from", as the view item needs.
create or replace view planwerk.conversation as
select
    c.id,
    coalesce(
        nullif(btrim(c.subject), ''), nullif(btrim(c.latest_message_subject), ''), planwerk.first_author(c.authors), '(no subject)'
    ) as title,
    planwerk.conversation_status(c.merged_into_id, c.is_deleted, c.is_trashed, c.is_junked, c.users) as status,
    c.team_id,
    coalesce((select t.name from raw_missive.teams as t where t.id = c.team_id), c.team ->> 'name') as team_name,
    c.organization_id,
    coalesce(
        (select o.name from raw_missive.organizations as o where o.id = c.organization_id), c.organization ->> 'name'
    ) as organization_name,
    c.shared_label_ids as label_ids,
    array(
        select l.name
        from unnest(c.shared_label_ids) as label (id)
        cross join lateral (
            select x.name from planwerk.label as x
            where x.source = 'missive' and x.source_id = label.id and not x.is_deleted
            offset 0
        ) as l
        order by l.name
    ) as labels,
    array(
        select array_to_string(l.path, ' / ')
        from unnest(c.shared_label_ids) as label (id)
        cross join lateral (
            select x.path from planwerk.label as x
            where x.source = 'missive' and x.source_id = label.id and not x.is_deleted
            offset 0
        ) as l
        order by 1
    ) as label_paths,
    array(
        select coalesce(
            (select u.name from raw_missive.users as u where u.id = assignee.id),
            jsonb_path_query_first(c.users, '$[*] ? (@.id == $id).name', jsonb_build_object('id', assignee.id)) #>> '{}',
            assignee.id
        )
        from unnest(c.assignee_ids) as assignee (id)
        order by 1
    ) as assignees,
    array(
        select distinct a.name
        from jsonb_array_elements(case jsonb_typeof(c.authors) when 'array' then c.authors else '[]' end) as e (author)
        cross join lateral (
            select coalesce(nullif(btrim(e.author ->> 'name'), ''), e.author ->> 'address', e.author ->> 'phone_number') as name
        ) as a
        where a.name is not null
        order by a.name
    ) as people,
    array(
        select distinct e.colleague ->> 'name'
        from jsonb_array_elements(case jsonb_typeof(c.users) when 'array' then c.users else '[]' end) as e (colleague)
        where e.colleague ->> 'name' is not null
        order by 1
    ) as members,
    array(
        select lc.code
        from unnest(c.shared_label_ids) as label (id)
        cross join lateral (
            select x.code from planwerk.label_cost_group as x
            join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
            where x.label_source = 'missive' and x.label_id = label.id and not l.is_deleted
                and not exists (
                    select from planwerk.assignment as a
                    where a.item_kind = 'conversation' and a.item_id = c.id and a.cost_group_code = x.code
                )
            offset 0
        ) as lc
        union
        select a.cost_group_code from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.category = 'cost_group' and a.verdict = 'include'
        order by 1
    ) as cost_group_codes,
    array(
        select array_to_string(loc.path, ' / ')
        from unnest(c.shared_label_ids) as label (id)
        cross join lateral (
            select place.path from planwerk.label_location as x
            join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
            join planwerk.location as place on place.id = x.location_id
            where x.label_source = 'missive' and x.label_id = label.id and not l.is_deleted
                and not exists (
                    select from planwerk.assignment as a
                    where a.item_kind = 'conversation' and a.item_id = c.id and a.location_id = x.location_id
                )
            offset 0
        ) as loc
        union
        select array_to_string(place.path, ' / ') from planwerk.assignment as a
        join planwerk.location as place on place.id = a.location_id and place.merged_into_id is null
        where a.item_kind = 'conversation' and a.item_id = c.id and a.category = 'location' and a.verdict = 'include'
        order by 1
    ) as location_paths,
    coalesce(
        (
            select tt.name from planwerk.assignment as a
            join planwerk.task_type as tt on tt.id = a.task_type_id
            where a.item_kind = 'conversation' and a.item_id = c.id and a.category = 'task_type' and a.verdict = 'include'
        ),
        (
            select named.name
            from unnest(c.shared_label_ids) as label (id)
            cross join lateral (
                select tt.name, tt.is_default, r.position, tt.id from planwerk.label_task_type as x
                join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
                join planwerk.task_type as tt on tt.id = x.task_type_id
                join planwerk.rule as r on r.id = x.rule_id
                where x.label_source = 'missive' and x.label_id = label.id and not l.is_deleted
                    and not exists (
                        select from planwerk.assignment as a
                        where a.item_kind = 'conversation' and a.item_id = c.id and a.task_type_id = tt.id
                    )
                offset 0
            ) as named
            order by named.is_default, named.position, named.id
            limit 1
        )
    ) as task_type,
    c.messages_count,
    c.attachments_count,
    c.drafts_count,
    c.tasks_count,
    c.completed_tasks_count,
    (
        select min(m.delivered_at)
        from planwerk.message_place as place
        join raw_missive.messages as m on m.id = place.id
        where place.conversation_id = c.id
    ) as first_message_at,
    (
        select max(m.delivered_at)
        from planwerk.message_place as place
        join raw_missive.messages as m on m.id = place.id
        where place.conversation_id = c.id
    ) as last_message_at,
    c.color,
    c.created_at,
    c.last_activity_at as updated_at,
    coalesce(c.is_trashed, false) as is_trashed,
    coalesce(c.is_junked, false) as is_junked,
    coalesce(c.is_guest, false) as is_guest,
    c.merged_into_id,
    coalesce(c.is_deleted or c.is_trashed or c.is_junked or c.merged_into_id is not null, false) as is_deleted,
    c.web_url as url,
    planwerk.project_of_item('conversation', c.id, 'missive', c.shared_label_ids) as project_id,
    (
        select p.name from raw_teamwork.projects as p
        where p.id = planwerk.project_of_item('conversation', c.id, 'missive', c.shared_label_ids)
    ) as project_name,
    array(
        select distinct coalesce(p.name, a.address)
        from planwerk.message_place as place
        join raw_missive.messages as m on m.id = place.id
        cross join lateral unnest(
            planwerk.participant_addresses(m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields)
        ) as a (address)
        left join planwerk.person as p on p.address = a.address
        where place.conversation_id = c.id
        order by 1
    ) as participants,
    exists (
        select from planwerk.message_place as place
        join raw_missive.messages as m on m.id = place.id
        cross join lateral unnest(
            planwerk.participant_addresses(m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields)
        ) as a (address)
        left join planwerk.person as p on p.address = a.address
        where place.conversation_id = c.id and p.is_internal is not true
    ) as is_external
from raw_missive.conversations as c;
comment on view planwerk.conversation is 'Missive conversations with names instead of ids.';
comment on column planwerk.conversation.id is 'Id in Missive.';
comment on column planwerk.conversation.title is 'Subject of the conversation, else of its newest message, else who wrote first.';
comment on column planwerk.conversation.status is 'open, closed, trashed (for everybody), spam (for everybody), deleted or merged.';
comment on column planwerk.conversation.team_id is 'Team.';
comment on column planwerk.conversation.team_name is 'Name of the team.';
comment on column planwerk.conversation.organization_id is 'Organization, empty for a private conversation.';
comment on column planwerk.conversation.organization_name is 'Name of the organization.';
comment on column planwerk.conversation.label_ids is 'Ids of the shared labels, as loaded.';
comment on column planwerk.conversation.labels is 'Names of the shared labels; labels deleted in Missive are left out.';
comment on column planwerk.conversation.label_paths is 'The same with the names above them, joined by " / ".';
comment on column planwerk.conversation.assignees is 'Colleagues in charge.';
comment on column planwerk.conversation.people is 'Everybody who wrote a message, by name, else by address.';
comment on column planwerk.conversation.members is 'Colleagues with access.';
comment on column planwerk.conversation.cost_group_codes is 'DIN 276 cost groups named by the labels or by a person.';
comment on column planwerk.conversation.location_paths is 'Locations named by the labels or by a person, from the building down.';
comment on column planwerk.conversation.task_type is 'Type that a person said, else the labels; empty if none.';
comment on column planwerk.conversation.messages_count is 'Messages, by Missive''s own count; 0 for a chat among colleagues.';
comment on column planwerk.conversation.attachments_count is 'Attachments, by Missive''s own count.';
comment on column planwerk.conversation.drafts_count is 'Drafts.';
comment on column planwerk.conversation.tasks_count is 'Tasks.';
comment on column planwerk.conversation.completed_tasks_count is 'Completed tasks.';
comment on column planwerk.conversation.first_message_at is 'When its first message was sent or received.';
comment on column planwerk.conversation.last_message_at is 'When its newest message was sent or received.';
comment on column planwerk.conversation.color is 'Colour: #rrggbb, good, warning or danger.';
comment on column planwerk.conversation.created_at is 'When it began.';
comment on column planwerk.conversation.updated_at is 'Last message, comment or change of status.';
comment on column planwerk.conversation.is_trashed is 'In the trash of everybody with access.';
comment on column planwerk.conversation.is_junked is 'In the spam of everybody with access.';
comment on column planwerk.conversation.is_guest is 'The owner of the token is now only a guest; what was read before is kept.';
comment on column planwerk.conversation.merged_into_id is 'Conversation that it was merged into.';
comment on column planwerk.conversation.is_deleted is 'Deleted, merged into another, or in trash or spam of everybody with access.';
comment on column planwerk.conversation.url is 'Web address.';
comment on column planwerk.conversation.project_id is 'The project that a person or the labels name; empty if they name none or several, see item_project.';
comment on column planwerk.conversation.project_name is 'Name of the project.';
comment on column planwerk.conversation.participants is 'Everybody that its mails are from or to, by the names of planwerk.person, else by address.';
comment on column planwerk.conversation.is_external is 'Somebody from outside the office is among them.';
