"""What must hold between any two transactions, and what a client was told, asked of the tables alone.

The statements mean the same on SQLite and PostgreSQL; `select` runs one and returns its rows as lists.
"""

#: A lane's counters and deltas together count its jobs, and its work is announced.
LANE_FAULTS = """
    select * from (
        select l.id,
               l.backlog_count + coalesce((select sum(n) from lane_deltas d where d.lane_id = l.id), 0) as backlog,
               (select count(*) from jobs j where j.lane_id = l.id and j.state = 0) as ready,
               l.backlog_cost + coalesce((select sum(cost) from lane_deltas d where d.lane_id = l.id), 0.0)
                   as backlog_cost,
               coalesce((select sum(cost) from jobs j where j.lane_id = l.id and j.state = 0), 0.0) as ready_cost,
               l.running + coalesce((select sum(running) from lane_deltas d where d.lane_id = l.id), 0) as running,
               (select count(*) from jobs j where j.lane_id = l.id and j.state = 1) as performed,
               l.has_work as has_work
          from lanes l) as books
     where backlog <> ready or abs(backlog_cost - ready_cost) > 0.001 or running <> performed
        or (ready > 0 and has_work = 0)
"""

POOL_FAULTS = """
    select * from (
        select p.name,
               p.running + coalesce((select sum(running) from lane_deltas d where d.pool_id = p.id), 0) as running,
               (select count(*) from jobs j join lanes l on l.id = j.lane_id
                 where j.state = 1 and l.pool_id = p.id) as performed
          from pools p where p.limited = 1) as books
     where running <> performed
"""

#: Each names the rows that break it.
RULES = {
    "a lane's books are right": LANE_FAULTS,
    "a pool's books are right": POOL_FAULTS,
    "nobody waits for what has come": """
        select j.id, j.wait_for from jobs j join signals s on s.job_id = j.id and s.name = j.wait_for
         where j.state = 2
    """,
    "a request and its job are stored together": """
        select id from blog_generations where id not in (select id from jobs)
        union select id from jobs where id not in (select id from blog_generations)
    """,
    "a request is alive exactly as long as its job": """
        select g.id, g.is_live, j.state from blog_generations g join jobs j on j.id = g.id
         where g.is_live <> case when j.state < 3 then 1 else 0 end
    """,
    "who is done has an article and a post": """
        select g.id from blog_generations g left join blog_articles a on a.generation_id = g.id
         where g.status = 'DONE' and (a.generation_id is null or g.draft_id is null or g.url is null)
    """,
    "a job has ended exactly when its history says so": """
        select j.id, j.state from jobs j
         where (j.state in (3, 4, 5)) <> exists (
             select 1 from job_events e where e.job_id = j.id and e.kind in ('succeeded', 'failed', 'cancelled')
                and e.id = (select max(last.id) from job_events last
                             where last.job_id = j.id))
    """,
    "a job is claimed as often as its fence says": """
        select j.id, j.fence from jobs j
         where j.fence < (select count(*) from job_events e where e.job_id = j.id and e.kind = 'started')
    """,
}


#: Those that know nothing of Blog.
ENGINE_RULES = {rule: statement for rule, statement in RULES.items() if "blog_" not in statement}


def faults(select, rules=RULES):
    """What the tables say that cannot be true."""
    return [f"{rule}: {row}" for rule, statement in rules.items() for row in select(statement)]


def forgotten(select, acknowledged, seen_done=()):
    """Requests that were answered with 201 and are not there, or were shown as done and are not."""
    states = {str(row[0]): row[1] for row in select("select id, status from blog_generations")}
    lost = [f"request {id} was acknowledged and is gone" for id in acknowledged if id not in states]
    undone = [f"request {id} was shown as done and is {states.get(id)}" for id in seen_done if states.get(id) != "DONE"]
    return lost + undone
