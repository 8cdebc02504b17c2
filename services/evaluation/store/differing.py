"""What is asked of the live tables and those of the schema `rebuilt`, side by side."""

from typing import Final, LiteralString

UNSCORED: Final[LiteralString] = """
create table rebuilt.unscored as
with due as (
    select distinct unnest(meeting_ids) as meeting_id
    from (select meeting_ids from public.sheet_due union all select meeting_ids from rebuilt.sheet_due) marks
), touched as (
    select branch_id, month from due join public.meeting_fact using (meeting_id)
    union select branch_id, month from due join rebuilt.meeting_fact using (meeting_id)
    union select branch_id, month from due join public.meeting_sheet using (meeting_id)
    union select branch_id, month from due join rebuilt.meeting_sheet using (meeting_id)
)
select distinct unit_id, t.month, true as waits
from touched t join public.branch_path p on p.branch_id = t.branch_id
    and p.from_month <= t.month and (p.to_month is null or t.month < p.to_month), unnest(p.path) as unit_id
"""
LOWEST: Final[LiteralString] = """
select d.unit_id, d.month, coalesce(u.code, '?') as code,
       coalesce((select name from public.unit_span s where s.unit_id = d.unit_id
                 order by to_char(valid_from, 'YYYY-MM') <= d.month desc, valid_from desc limit 1), '?') as name
from rebuilt.different d left join public.unit u using (unit_id)
where d.month = (select min(month) from rebuilt.different)
order by exists (select from rebuilt.branch_path b where b.branch_id = d.unit_id) desc,
         (select coalesce(sum(change), 0) from rebuilt.unit_branches b
          where b.unit_id = d.unit_id and b.month <= d.month), code, d.unit_id
limit 1
"""
BRANCHES: Final[LiteralString] = """
select branch_id from (select * from public.branch_path union all select * from rebuilt.branch_path) p
where %(unit)s = any (path) and from_month <= %(month)s and (to_month is null or %(month)s <= to_month)
group by branch_id
"""
OF_FACTS: Final[LiteralString] = """
with wanted as (
    select {key} from {live} f where branch_id = any (%(branches)s) and month = %(month)s and {counts}
    union select {key} from {rebuilt} f where branch_id = any (%(branches)s) and month = %(month)s and {counts}
)
select {key} as key, to_jsonb(l) - 'known_at' as live, to_jsonb(r) - 'known_at' as rebuilt
from wanted left join {live} l using ({key}) left join {rebuilt} r using ({key})
where to_jsonb(l) - 'known_at' is distinct from to_jsonb(r) - 'known_at'
order by 1 limit %(most)s
"""
VERSIONS: Final[LiteralString] = """
with told as materialized (
    select {key} as key, l.version as live, r.version as rebuilt
    from {live} l full join {rebuilt} r using ({key}) where l.version is distinct from r.version
)
select key, live, rebuilt, case row_number() over (order by key) when 1 then count(*) over () else 0 end as many
from told order by key limit %s
"""
ROSTERS: Final[LiteralString] = """
select branch_id as key, to_jsonb(l) as live, to_jsonb(r) as rebuilt
from (select * from public.roster_fact where branch_id = any (%(branches)s)) l
full join (select * from rebuilt.roster_fact where branch_id = any (%(branches)s)) r using (branch_id)
where to_jsonb(l) is distinct from to_jsonb(r)
order by 1 limit %(most)s
"""
PATHS: Final[LiteralString] = """
with told as (
    select of, branch_id, string_agg(
        from_month || '…' || coalesce(to_month, '') || ' ' || (
            select string_agg(coalesce(u.code, unit_id::text), ' < ' order by place)
            from unnest(path) with ordinality as on_path (unit_id, place) left join public.unit u using (unit_id)
        ), '; ' order by from_month) as path
    from (select 'live' as of, * from public.branch_path union all select 'rebuilt', * from rebuilt.branch_path) p
    where branch_id = any (%(branches)s)
    group by of, branch_id
)
select branch_id as key, l.path as live, r.path as rebuilt
from (select * from told where of = 'live') l full join (select * from told where of = 'rebuilt') r using (branch_id)
where l.path is distinct from r.path
order by 1 limit %(most)s
"""
THEN_AND_NOW: Final[LiteralString] = """
select unit_id::text, month,
       coalesce(r.regular_held, 0) as held_then, coalesce(l.regular_held, 0) as held_now,
       coalesce(r.present, 0) as present_then, coalesce(l.present, 0) as present_now
from public.unit_month l full join rebuilt.unit_month r using (unit_id, month)
where unit_id = any (%s)
order by unit_id, month
"""
