"""Products without one of their guards, which the campaign must find out: tests of the test.

A guard is taken away by a trigger in the schedule's own database, so that the program under test stays as it is. What
no trigger can take away, publishing by the recorded id, is taken from the model: Models/lease/check, PUBLISH_OWN.
"""

from dataclasses import dataclass

from matrix import Schedule

NO_FENCE = """
    create function campaign_mutant() returns trigger language plpgsql as $$
        begin new.fence := 1; return new; end $$;
    create trigger campaign_mutant before update on jobs for each row execute function campaign_mutant();
"""
NO_GUARD = {
    "postgres": """
        create function campaign_mutant() returns trigger language plpgsql as $$
            begin if new.state = 1 then new.lease_until := 0; end if; return new; end $$;
        create trigger campaign_mutant before update on jobs for each row execute function campaign_mutant();
    """,
    "sqlite": """
        create trigger campaign_mutant after update on jobs when new.state = 1 and new.lease_until <> 0
        begin update jobs set lease_until = 0 where id = new.id; end;
    """,
}
NO_SETTLEMENT = {
    "postgres": """
        create function campaign_mutant() returns trigger language plpgsql as $$
            begin if new.running < 0 then new.running := 0; end if; return new; end $$;
        create trigger campaign_mutant before insert on lane_deltas for each row execute function campaign_mutant();
    """,
    "sqlite": """
        create trigger campaign_mutant after insert on lane_deltas when new.running < 0
        begin update lane_deltas set running = 0 where id = new.id; end;
    """,
}


@dataclass(frozen=True)
class Mutant:
    #: What it lacks.
    without: str
    schedule: Schedule
    #: What takes it away.
    trigger: str
    #: Rules of which one at least must flag it.
    rules: frozenset
    #: The sandbox's.
    speed: float

    @property
    def name(self):
        return f"without.{self.without}.{self.schedule.name}"


def mutant(without, schedule, trigger, *rules, speed=40):
    return Mutant(without, Schedule(*schedule), trigger, frozenset(rules), speed)


MUTANTS = [
    # On SQLite no trigger can: the claim is told the fence before one could change it.
    # The stopped worker comes back while its successor waits for the same answer: at a slow provider.
    mutant("fence", ("content", "full_body", "stop", "postgres"), NO_FENCE, "one-result", "ended", "calls-bounded",
           "no-late-calls", "transitions", speed=3),
    # Whoever looks finds a living worker's step, if it lasts until the next look.
    mutant("guard", ("content", "full_body", "throw", "postgres"), NO_GUARD["postgres"], "calls-bounded", speed=5),
    mutant("guard", ("content", "full_body", "throw", "sqlite"), NO_GUARD["sqlite"], "calls-bounded", speed=5),
    mutant("settlement", ("ideas", "full_body", "throw", "postgres"), NO_SETTLEMENT["postgres"], "settled"),
    mutant("settlement", ("ideas", "full_body", "throw", "sqlite"), NO_SETTLEMENT["sqlite"], "settled"),
]
