"""What a rule is, and the list of them. A rule is a function that yields one sentence for each violation it finds."""

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Rule:
    id: str
    #: What holds when nothing is found.
    promise: str
    find: Callable


RULES = {}


def rule(id, promise):
    """Adds the function below to the list, in order of appearance."""

    def add(find):
        RULES[id] = Rule(id, promise, find)
        return find

    return add


def place(job, step, round):
    return f"job {job}, {step} {round}"
