"""All rules, in the order in which they are told."""

import outcome_rules
import event_rules
import lane_rules
import call_rules
import post_rules
import answer_rules
import campaign_rules
from campaign_rules import figures  # noqa: F401 told beside the verdicts
from rule import RULES

#: Importing them added their rules to the list.
GROUPS = (outcome_rules, event_rules, lane_rules, call_rules, post_rules, answer_rules, campaign_rules)


def check(history, only=None):
    """Violations by rule, for the rules that were asked for or all."""
    chosen = only or RULES
    return {id: list(RULES[id].find(history)) for id in RULES if id in chosen}
