#!/usr/bin/env python3
"""Writes transitions.json as Promela, so that the model and the replay of real runs go by the same machine.

`happen(STARTED)` moves `place` on, or fails when the event cannot follow there.
"""

import json
from pathlib import Path

moves = json.loads((Path(__file__).parent / "transitions.json").read_text(encoding="utf-8"))["events"]
print("/* Made from transitions.json by transitions.py. */")
for number, place in enumerate(moves):
    print(f"#define AT_{place.upper()} {number}")
print("byte place = AT_NONE;\n#define happen(event) happen_##event()")
for kind in sorted({kind for events in moves.values() for kind in events}):
    sources = {place: events[kind] for place, events in moves.items() if kind in events}
    allowed = " || ".join(f"place == AT_{place.upper()}" for place in sources)
    print(f"inline happen_{kind.upper()}() {{\n    assert({allowed});\n    if")
    for place, next in sources.items():
        print(f"    :: place == AT_{place.upper()} -> place = AT_{next.upper()}")
    print("    fi\n}")
