/* One generation in the hands of workers that die, are paused, drained and taken for dead.

   The engine as it is built: a claim raises the fence; each step is claimed, called for and recorded on its own; a record,
   a hand-over and a rescue change the job only while it is still theirs; what is published is the recorded draft, by its
   recorded id; a sweep removes what bears our marker and is not the recorded draft.

   Time is not modelled: a lease may end at any moment, so that safety never rests on clocks. What a provider or a site has
   done cannot be taken back, and neither knows of fences.

   Budgets: CR kills, SP leases that end under a living worker, RL hand-overs at a shutdown, CA cancellations by the owner,
   who may retry as often. NW workers at once; a killed one comes back. With -DATOMIC_SITE looking for the marker and
   creating are one act, as in the folder publisher, under its lock; without it anything may come between them, as at a
   site that is spoken to by HTTP. What may be broken, one at a time, is listed in `check`. */

#ifndef NW
#define NW 2
#endif
#ifndef CR
#define CR 1
#endif
#ifndef SP
#define SP 1
#endif
#ifndef RL
#define RL 1
#endif
#ifndef CA
#define CA 1
#endif
#ifndef POISON
#define POISON 3                /* a step that has lost this many workers is set aside */
#endif
#define FAULTS (CR+SP+RL+CA)
#define DRAFTS (FAULTS+1)

mtype = { ready, running, succeeded, failed, cancelled };       /* jobs.state; nothing here waits for anybody */
mtype = { content, draft, publish };                            /* jobs.step */

/* The job's row, and its generation's. */
mtype state = ready;
mtype step = content;
byte fence = 0;
byte attempt = 0;
byte crashes = 0;
byte draftId = 0;
bool strayCheck = false;
bool sweeping = false;
byte counted = 0;               /* lanes.running, with its deltas: what the limits believe is under way */

/* The site: drafts and posts that bear our marker. */
bool there[DRAFTS+1];
bool public[DRAFTS+1];
byte made = 0;

/* What has been done to it, and what is only counted. */
byte kills = 0, expiries = 0, handovers = 0, cancels = 0, retries = 0;
byte calls = 0, lateCalls = 0, published = 0;
byte recordings[3];
byte busy = 0;                  /* workers with a step in hand */
byte drafting = 0;              /* those of them that may still create a draft */
bool holderDied = false;

/* `place` and happen(): where the job's events have led. Made from transitions.json, by which the checker replays runs. */
#include "transitions.pml"

#define ACTIVE (state == ready || state == running)

#ifdef NO_FENCE
#define HELD (state == running)
#else
#define HELD (state == running && fence == my)
#endif

#ifdef SHORT_GRACE
#define GRACE true
#else
#define GRACE (drafting == 0)   /* from the job's end the sweep waits for longer than any step may last */
#endif

/* Whatever ends an attempt takes it off the lane's counters, in the same transaction. */
inline settle() {
#ifndef NO_SETTLE
    counted--
#else
    skip
#endif
}

inline count(counter) { counter++; assert(counter <= 1) }

/* What this process has in memory is gone, and its step lies there until somebody takes it back. */
inline die() {
    kills++; busy--;
    if :: state == running && fence == my -> holderDied = true :: else fi;
    forget();
#ifdef PUBLISH_OWN
    own = 0;
#endif
    goto idle
}

inline handOver() { handovers++; happen(RELEASED); state = ready; attempt--; counted-- }

inline forget() { my = 0; tries = 0; found = 0 }

/* Between any two acts a worker may be killed, or told to leave: then it puts its step back, and no attempt is spent. */
inline mayLeave() {
    if
    :: true
    :: atomic { kills < CR -> die() }
    :: atomic { handovers < RL && HELD -> handOver(); busy--; forget(); goto idle }
    fi
}

inline mayLeaveDraft() {
    if
    :: true
    :: atomic { kills < CR -> drafting--; die() }
    :: atomic { handovers < RL && HELD -> handOver(); drafting--; busy--; forget(); goto idle }
    fi
}

inline moveOn(next) { happen(RECORDED); state = ready; step = next; attempt = 0; crashes = 0; settle() }

inline look() {
    i = 1;
    do
    :: i <= DRAFTS && !there[i] -> i++
    :: i <= DRAFTS && there[i] -> found = i; break
    :: i > DRAFTS -> break
    od;
    i = 0
}

inline create() {
    assert(made < DRAFTS); made++; there[made] = true; found = made;
#ifdef PUBLISH_OWN
    own = made
#endif
}

proctype Worker() {
    byte my = 0, tries = 0, found = 0, i = 0;
#ifdef PUBLISH_OWN
    byte own = 0;
#endif
end:
idle:
    atomic {
        state == ready && !(sweeping && step == draft) ->
        happen(STARTED); state = running; holderDied = false; fence++; attempt++; my = fence; tries = attempt; busy++;
        counted++;
        if
        :: step == content -> goto content_claimed
        :: step == draft -> drafting++; goto draft_claimed
        :: step == publish -> goto publish_claimed
        fi
    }

content_claimed:
    mayLeave();
    atomic { calls++; if :: recordings[0] > 0 -> lateCalls++ :: else fi };
    mayLeave();
    atomic {
        if
        :: HELD -> count(recordings[0]); moveOn(draft)
        :: else                 /* the result is dropped, and its cost booked */
        fi;
        busy--; forget(); goto idle
    }

draft_claimed:
    mayLeaveDraft();
#ifdef ATOMIC_SITE
    atomic { look(); if :: found == 0 -> create() :: else fi };
#else
    atomic { look() };
    if
    :: found != 0
    :: found == 0 ->
        mayLeaveDraft();
#ifdef LATE_EFFECT
        /* The call is given up, and takes effect all the same. */
        if
        :: atomic { handovers < RL && HELD -> handOver() }; atomic { create(); drafting--; busy--; forget(); goto idle }
        :: true
        fi;
#endif
        atomic { create() }
    fi;
#endif
    mayLeaveDraft();
    atomic {
        if
        :: HELD ->
            count(recordings[1]); draftId = found;
            if :: tries > 1 -> strayCheck = true :: else fi;
            moveOn(publish)
        :: else
        fi;
        drafting--; busy--; forget(); goto idle
    }

publish_claimed:
    mayLeave();
    atomic {
        found = draftId;
#ifdef PUBLISH_OWN
        if :: own != 0 -> found = own :: else fi;
#endif
        if :: there[found] && !public[found] -> public[found] = true; published++ :: else fi;
        assert(published <= 1)  /* never two */
    };
    mayLeave();
    atomic {
        if
        :: HELD && there[found] -> count(recordings[2]); happen(RECORDED); happen(SUCCEEDED); state = succeeded; settle()
        :: HELD && !there[found] -> happen(FAILED); state = failed; settle()
        :: else
        fi;
        busy--; forget(); goto idle
    }
}

/* A step is taken back when its lease has ended or its worker is known to be dead. */
inline takeBack() {
    happen(RESCUED); fence++; holderDied = false; counted--;
    if
    :: crashes + 1 >= POISON -> happen(FAILED); state = failed; crashes = 0; flag()
    :: else -> state = ready; crashes++
    fi
}

/* An end in the middle of `draft` may have left a draft that nobody recorded. */
inline flag() { if :: step == draft && draftId == 0 -> strayCheck = true :: else fi }

proctype Rescuer() {
#ifdef UNGUARDED_RESCUE
    bool saw = false;
#endif
end:
    do
#ifndef NO_RESCUE
    :: atomic { state == running && holderDied -> takeBack() }
#endif
#ifdef UNGUARDED_RESCUE
    /* What was seen is written later, whatever has happened meanwhile. */
    :: atomic { state == running && expiries < SP && !saw -> expiries++; saw = true }
    :: atomic { saw -> saw = false; takeBack() }
#else
    :: atomic { state == running && !holderDied && expiries < SP -> expiries++; takeBack() }
#endif
    od
}

proctype Owner() {
end:
    do
    :: atomic {
        ACTIVE && cancels < CA ->
        if :: state == running -> counted-- :: else fi;
        cancels++; happen(CANCELLED); state = cancelled; fence++; crashes = 0; holderDied = false; flag()
       }
    :: atomic {
        (state == cancelled || state == failed) && retries < CA ->
        retries++; happen(RETRIED); state = ready; attempt = 0; crashes = 0
       }
    od
}

/* Looks at the site, then removes what it has seen there; the owner may retry in between. */
proctype Sweeper() {
    bool seen[DRAFTS+1];
    byte i = 0;
end:
    do
#ifndef NO_SWEEP
    :: atomic {
        !ACTIVE && strayCheck && GRACE ->
#ifndef RACING_SWEEP
        sweeping = true;        /* until it is done, no draft is begun */
#endif
        i = 1;
        do :: i <= DRAFTS -> seen[i] = there[i] && i != draftId; i++ :: else -> break od;
        i = 0
       };
       atomic {
        i = 1;
        do
        :: i <= DRAFTS ->
            if
            :: seen[i] && there[i] -> there[i] = false; if :: public[i] -> public[i] = false; published-- :: else fi
            :: else
            fi;
            seen[i] = false; i++
        :: else -> break
        od;
        i = 0; sweeping = false;
        if :: !ACTIVE -> strayCheck = false :: else fi
       }
#endif
    :: false
    od
}

#ifdef NO_SWEEP
#define SWEPT true
#else
#define SWEPT (!strayCheck && !sweeping)
#endif

#define ALLOWED (1 + kills + expiries + handovers + cancels)

/* Whoever looks, at any moment, finds this; and what never comes to rest leaves it waiting, which is an error too. */
active proctype Witness() {
    byte i = 0, drafts = 0;
    do
    /* Waste is bounded; after the record calls only who has lost the lease; what is done is public as recorded. */
    :: atomic { calls > ALLOWED -> assert(calls <= ALLOWED) }
    :: atomic { lateCalls > expiries + cancels -> assert(lateCalls <= expiries + cancels) }
    :: atomic { state == succeeded && !public[draftId] -> assert(public[draftId]) }
    /* Each attempt is counted once and settled once: the lane counts what runs, and nothing else. */
    :: atomic { counted != (state == running -> 1 : 0) -> assert(counted == (state == running -> 1 : 0)) }
    :: atomic {
        !ACTIVE && busy == 0 && SWEPT ->        /* at rest: exactly the recorded one */
        i = 1; drafts = 0;
        do :: i <= DRAFTS -> if :: there[i] -> drafts++ :: else fi; i++ :: else -> break od;
        assert(drafts == (draftId != 0 -> 1 : 0));
        assert(draftId == 0 || there[draftId]);
        i = 0; drafts = 0; break
       }
    od
}

init {
    atomic {
        byte n = 0;
        happen(ENQUEUED);
        do :: n < NW -> run Worker(); n++ :: else -> break od;
        run Rescuer(); run Owner(); run Sweeper()
    }
}
