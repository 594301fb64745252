/*
 * The protocol of a buffer's writers, for spin. `src/stress/model/run` explores it exhaustively, and each mutation below.
 *
 * Modelled: writers that reserve, copy, close, skip, open and deliver; each has a store buffer as on x86 (TSO). A store goes
 * into it, `memory` moves the oldest one to memory at any time, a load sees the own buffer first, a CAS or a full fence
 * waits until it is empty, membarrier until each has been empty once. Every load from memory is a step of its own. Not
 * modelled: EXTENT and all that concerns the dead, counters, reset, finalising, weaker machines than x86.
 *
 * Checked:
 *   missed     when all writers are done, each closed sub-buffer has been delivered
 *   torn       when DELIVERED passes a sub-buffer that has not been lapped, and when a reader takes the beginning of the open
 *              one (READER), all bytes there are in memory; the closer's padding is such bytes too
 *   reopened   when a sub-buffer is opened, nobody still has to store into an earlier lap of it
 *
 * Sizes: WRITERS writers of RECORDS records each, N = 2 sub-buffers with room for S records. Modes: overwrite, or DISCARD
 * with a reader that consumes at once; READER adds a reader of the open sub-buffer; CLEAR_IS_FENCE is the protocol without
 * membarrier.
 *
 * Mutations:
 *   NO_FENCE_IN_ATTEND           attend delivers without a fence                                               missed
 *   INFO_NOT_ORDERED             INFO is raised by a store that stays in the buffer                            missed
 *   INFO_NOT_RAISED              a late closer stores INFO over that of a later lap                            missed
 *   MARK_NOT_STICKY              complete() looks again where MARK says that nobody was there                  missed
 *   COMPARES_NEW_WORD            after a failed CAS, ATTENTION is compared with the new word                   missed
 *   COMPARES_WORD_ONLY           after a failed CAS, ATTENTION is not compared with CLOSING                    missed
 *   NO_MEMBARRIER                                                                                              missed
 *   ATTENTION_AFTER_BARRIER                                                                                    missed
 *   CLOSING_CLEARED_LATE         a closer clears CLOSING after the barrier instead of before it                missed
 *   NO_FENCE_AFTER_FAILED_CAS    without membarrier, only the clear after a record is a fence                  missed
 *   COMPLETE_IGNORES_CLOSING     complete() looks at WORD only                                                 torn
 *   ANNOUNCES_LATE               WORD is stored after the CAS                                                  torn
 *   OPENER_DOES_NOT_SCAN                                                                                       reopened
 *   OPENER_SCANS_ONE_LAP         an opener looks for the previous lap only                                     reopened
 *   OPENER_IGNORES_CLOSING       an opener looks at WORD only                                                  reopened
 */
#ifndef WRITERS
#define WRITERS 2
#endif
#ifndef RECORDS
#define RECORDS 1
#endif
#ifndef S
#define S 1
#endif
#define N 2
#define POSITIONS 16

/* A reserve word: position << 2 | offset. */
#define CLOSED 3
#define POSITION(word) ((word) >> 2)
#define OFFSET(word) ((word) & 3)
#define AT(position) ((position) << 2)
#define INDEX(position) ((position) % N)

/* INFO: position << 1 | skipped. */
#define INFO_OF(position) ((position) << 1)

mtype = { data, word, closing, info };

byte RESERVE = AT(N);   /* lap 1: zero belongs to no lap */
byte DELIVERED = N;
byte ATTENTION;         /* who was announced in a position before this one attends */
byte MARK[N];           /* the last position that nobody was found in */
byte INFO[N];
byte WORD[WRITERS];
byte CLOSING[WRITERS];

chan buffer[WRITERS] = [6] of { mtype, byte };
#define store(where, what) buffer[me]!where,what
#define fenced(writer) (len(buffer[writer]) == 0)

/* What the checks know and the protocol does not. */
byte unstored[POSITIONS];   /* a bit for each reservation whose bytes are not in memory; bit CLOSED: the padding */
byte finished;
hidden byte missed, torn, reopened;
hidden mtype where;
hidden byte what;

inline flush(writer) {
    d_step {
        buffer[writer]?where,what;
        if
        :: where == data -> unstored[POSITION(what)] = unstored[POSITION(what)] & ~(1 << OFFSET(what))
        :: where == word -> WORD[writer] = what
        :: where == closing -> CLOSING[writer] = what
        :: where == info && INFO[INDEX(what >> 1)] < what -> INFO[INDEX(what >> 1)] = what
        :: else
        fi
    }
}

active proctype memory() {
end:
    do
    :: flush(0)
#if WRITERS > 1
    :: flush(1)
#endif
#if WRITERS > 2
    :: flush(2)
#endif
    od
}

#ifdef COMPLETE_IGNORES_CLOSING
#define IN(position) (k % 2 == 0 && POSITION(seen) == (position))
#else
#define IN(position) (POSITION(seen) == (position))
#endif
#if defined(OPENER_SCANS_ONE_LAP)
#define EARLIER_LAP (POSITION(seen) == next - N)
#elif defined(OPENER_IGNORES_CLOSING)
#define EARLIER_LAP (k % 2 == 0 && seen > 0 && POSITION(seen) < next && INDEX(POSITION(seen)) == INDEX(next))
#else
#define EARLIER_LAP (seen > 0 && POSITION(seen) < next && INDEX(POSITION(seen)) == INDEX(next))
#endif

/* busy: WORD or CLOSING of somebody is such that `test` is true of it. */
inline scan(test) {
    busy = false;
    k = 0;
    do
    :: atomic {
        k < 2 * WRITERS && !busy ->
        if
        :: k / 2 == me -> seen = (k % 2 -> my_closing : my_word)
        :: else -> seen = (k % 2 -> CLOSING[k / 2] : WORD[k / 2])
        fi;
        busy = (test);
        seen = 0;
        k++
    }
    :: k == 2 * WRITERS || busy -> break
    od;
    k = 0
}

/* busy: not complete. "Nobody" is sticky, because a writer that has read an old RESERVE may still announce it. */
inline complete(position) {
    seen = MARK[INDEX(position)];
#ifdef MARK_NOT_STICKY
    seen = 0;
#endif
    if
    :: seen >= (position) -> seen = 0; busy = false
    :: else ->
        seen = 0;
        scan(IN(position));
        if
        :: busy
        :: !busy && MARK[INDEX(position)] >= (position)
        :: atomic { !busy && MARK[INDEX(position)] < (position) && fenced(me) -> MARK[INDEX(position)] = (position) }
        fi
    fi
}

/* Moves DELIVERED over all that is skipped, lapped, or closed and complete. */
inline deliver() {
    do
    :: d = DELIVERED;
        seen = INFO[INDEX(d)];
#ifdef INFO_NOT_ORDERED
        if
        :: buffer[me]??[info, eval(INFO_OF(d) | 1)] -> seen = INFO_OF(d) | 1
        :: buffer[me]??[info, eval(INFO_OF(d))] -> seen = INFO_OF(d)
        :: else
        fi;
#endif
        busy = seen < INFO_OF(d);
        lost = seen > INFO_OF(d);   /* skipped, or lapped: whoever reads it sees that in INFO */
        seen = 0;
        if
        :: busy || lost
        :: else -> complete(d)
        fi;
        if
        :: busy -> break
        :: else ->
            atomic {
                fenced(me);
                if
                :: DELIVERED == d ->
                    torn = !lost && unstored[d] > 0;
                    assert(torn == 0);
                    DELIVERED = d + 1
                :: else
                fi
            }
        fi
    od;
    busy = false;
    lost = false;
    d = 0
}

inline raise_attention(position) {
    if
    :: ATTENTION > (position)
    :: atomic { ATTENTION <= (position) && fenced(me) -> ATTENTION = (position) + 1 }
    fi
}

inline membarrier() {
#if defined(NO_MEMBARRIER) || defined(CLEAR_IS_FENCE)
    skip
#else
    atomic { fenced(me) -> k = (1 << WRITERS) - 1 };
    do /* in any order */
    :: (k & 1) && fenced(0) -> k = k & ~1
#if WRITERS > 1
    :: (k & 2) && fenced(1) -> k = k & ~2
#endif
#if WRITERS > 2
    :: (k & 4) && fenced(2) -> k = k & ~4
#endif
    :: k == 0 -> break
    od
#endif
}

proctype writer(byte me) {
    byte left = RECORDS, skips, r, next, my_word, my_closing, p, d, k, seen;
    bool busy, lost, skipping, failed;

reserve:
    if
    :: left == 0 -> goto done
    :: else
    fi;
    atomic {
        r = RESERVE;
        if
        :: OFFSET(r) < S ->
            my_word = r;
#ifndef ANNOUNCES_LATE
            store(word, r);
#endif
            goto swap
        :: else -> next = POSITION(r) + 1
        fi
    }

    /* No room. May the next sub-buffer be opened? */
#ifdef DISCARD
    if
    :: atomic { next >= DELIVERED + N -> busy = true; skips = N - 1; goto switch }
    :: next < DELIVERED + N
    fi;
#endif
#ifndef OPENER_DOES_NOT_SCAN
    seen = MARK[INDEX(next)];
    if
    :: seen >= next - N -> seen = 0
    :: else -> seen = 0; scan(EARLIER_LAP)
    fi;
#endif

switch: /* open the next one and close this one; or, if somebody is there, first close this one, then skip the next */
    atomic {
        if
        :: busy && OFFSET(r) == CLOSED && skips == N - 1 -> /* the record is refused */
            left--; skips = 0; r = 0; next = 0; busy = false;
            goto reserve
        :: else
        fi;
        if
        :: !busy -> my_word = AT(next); store(word, my_word)
        :: else
        fi;
        if
        :: OFFSET(r) < CLOSED -> my_closing = AT(POSITION(r)); store(closing, my_closing)
        :: OFFSET(r) == CLOSED && busy -> my_closing = AT(next); store(closing, my_closing)
        :: else
        fi
    }

swap:
    atomic {
        fenced(me);
        if
        :: RESERVE != r ->
            failed = true;
#ifdef COMPARES_WORD_ONLY
            p = POSITION((my_word > 0 -> my_word : my_closing));
#else
            p = POSITION((my_closing > 0 -> my_closing : my_word)); /* the earlier one */
#endif
            goto clear
        :: else
        fi;
        p = POSITION(my_closing);
        if
        :: next == 0 ->
            RESERVE = r + 1;
#ifdef ANNOUNCES_LATE
            store(word, r);
#endif
            unstored[POSITION(r)] = unstored[POSITION(r)] | (1 << OFFSET(r))
        :: next > 0 && !busy ->
            RESERVE = AT(next) + 1;
            for (k : N .. next - 1) { reopened = reopened || (INDEX(k) == INDEX(next) && unstored[k] > 0) }
            k = 0;
            assert(reopened == 0);
            unstored[next] = 1
        :: next > 0 && busy ->
            RESERVE = AT(p) + CLOSED;
            skipping = OFFSET(r) == CLOSED
        fi;
        if
        :: p > 0 && !skipping -> unstored[p] = unstored[p] | (1 << CLOSED)
        :: else
        fi;
        next = 0; r = 0; busy = false;
        if
        :: p == 0 -> goto copy
        :: else
        fi
    }

    /* Closes or skips p. INFO only rises, because a skip of a later lap may have overtaken this. */
    atomic {
        fenced(me);
        seen = INFO_OF(p) | skipping;
#ifdef INFO_NOT_ORDERED
        store(info, seen);
#else
        if
        :: INFO[INDEX(p)] < seen -> INFO[INDEX(p)] = seen
#ifdef INFO_NOT_RAISED
        :: else -> INFO[INDEX(p)] = seen
#else
        :: else
#endif
        fi;
#endif
        seen = 0;
        if
        :: skipping -> skips++
        :: else -> store(data, AT(p) + CLOSED)
        fi;
#ifndef CLOSING_CLEARED_LATE
        my_closing = 0;
        store(closing, 0)
#endif
    }
    if
    :: skipping -> skipping = false
    :: else ->
        complete(p);
        if
        :: busy ->
#ifdef ATTENTION_AFTER_BARRIER
            membarrier();
            raise_attention(p);
#else
            raise_attention(p);
            membarrier();
#endif
            complete(p);
            busy = false
        :: else
        fi
    fi;
    p = 0;
#ifdef CLOSING_CLEARED_LATE
    atomic { my_closing = 0; store(closing, 0) };
#endif
    deliver();
    if
    :: my_word > 0 -> goto copy
    :: else -> goto reserve
    fi;

copy:
    atomic {
        p = POSITION(my_word);
        store(data, my_word);
        left--;
        skips = 0
    }

clear:
    atomic {
        if
        :: my_word > 0 -> my_word = 0; store(word, 0)
        :: else
        fi;
        if
        :: my_closing > 0 -> my_closing = 0; store(closing, 0)
        :: else
        fi;
        r = 0; next = 0; busy = false
    }
    atomic {
#if defined(NO_FENCE_AFTER_FAILED_CAS)
        failed || fenced(me);
#elif defined(CLEAR_IS_FENCE)
        fenced(me);
#endif
        seen = ATTENTION;
#ifdef COMPARES_NEW_WORD
        p = (failed -> POSITION(RESERVE) : p);
#endif
        busy = p < seen;
        failed = false; p = 0; seen = 0
    }
    if
    :: busy -> /* attend */
        busy = false;
#ifndef NO_FENCE_IN_ATTEND
        fenced(me);
#endif
        deliver()
    :: else
    fi;
    goto reserve;

done:
    finished++
}

#ifdef READER
/* The limit of what may be read of the open sub-buffer is the smallest offset announced there. */
active proctype reader() {
    byte limit, k, seen;

    limit = RESERVE;
    if
    :: OFFSET(limit) == CLOSED -> goto done
    :: else
    fi;
    do
    :: atomic {
        k < WRITERS ->
        seen = WORD[k];
        if
        :: POSITION(seen) == POSITION(limit) && seen < limit -> limit = seen
        :: else
        fi;
        seen = 0;
        k++
    }
    :: k == WRITERS -> break
    od;
    atomic {
        torn = unstored[POSITION(limit)] & ((1 << OFFSET(limit)) - 1);
        assert(torn == 0)
    };
done:
    limit = 0; k = 0
}
#endif

init {
    byte i;

    atomic {
        for (i : 0 .. N - 1) { MARK[i] = i; INFO[i] = INFO_OF(i) }
        for (i : 0 .. WRITERS - 1) { run writer(i) }
        i = 0
    }
    d_step {
        finished == WRITERS;
        missed = DELIVERED != POSITION(RESERVE) + (OFFSET(RESERVE) == CLOSED);
        assert(missed == 0)
    }
}
