"""What the lanes have counted, by which turns are taken and caps are kept, against the jobs that are there."""

from collections import Counter

from rule import rule


@rule("settled", "A lane counts the jobs that run and those that wait for their turn: each attempt once, settled once.")
def settled(history):
    # A change that has not been folded in yet is a row of its own.
    running, waiting = Counter(), Counter()
    for row in history.tables["lane_deltas"]:
        running[row["lane_id"]] += row["running"]
        waiting[row["lane_id"]] += row["n"]
    for lane in history.tables["lanes"]:
        id = lane["id"]
        for state, counted, what in ((1, lane["running"] + running[id], "run"),
                                     (0, lane["backlog_count"] + waiting[id], "wait for their turn")):
            there = sum(1 for job in history.jobs.values() if job.get("lane_id") == id and job["state"] == state)
            if counted != there:
                yield f"lane {id} counts {counted} jobs that {what}, and there are {there}"
