/*
 * relayfs.h: writes into the channels of a relayfs from another process, through shared memory, and looks at what is in
 * them. relayfs(3) describes it, docs/shared-memory.md the memory. One header of C11 that is valid C++17, too; for gcc and
 * clang, 64 bits, Linux. Define _GNU_SOURCE or include it first.
 *
 * Results are lengths, or negative: one of enum relayfs_result from what writes and reads, -errno from what attaches.
 *
 * Threads: any number may write, reserve and commit. Attaching and detaching a struct relayfs_channel, and an observer, are
 * one thread's at a time. Not for signal handlers; a thread that writes must not be cancelled. A child of fork() must not
 * use what its parent has attached; it may detach it, which then changes nothing for the parent.
 *
 * Consuming is the owner's, who alone moves CONSUMED: programs consume by reading the files of the mount. An observer
 * consumes nothing.
 *
 * Nothing that comes from shared memory is used as an index, an offset or a length before it is bounded. Somebody who may
 * write there can still make a file shorter: an access then ends in SIGBUS, as with any mapped file.
 *
 * Names that begin with rlyfs_ or RLYFS_ are private.
 */
#ifndef RELAYFS_H
#define RELAYFS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef F_OFD_SETLK
#error "relayfs.h: define _GNU_SOURCE before the first #include"
#endif
#if __SIZEOF_POINTER__ != 8
#error "relayfs.h: needs words of 64 bits"
#endif

/* Why a record was not taken; all but DISABLED and CLOSED are counted in the channel's stats. */
enum relayfs_result {
    RELAYFS_FULL = -1,      /* no room, in a channel that does not overwrite */
    RELAYFS_TOO_BIG = -2,   /* longer than a sub-buffer less its header */
    RELAYFS_STRAGGLER = -3, /* somebody who does not finish is in each sub-buffer, or every entry is claimed */
    RELAYFS_DISABLED = -4,  /* the channel is disabled */
    RELAYFS_CLOSED = -5,    /* the channel is closed, or was not attached for writing */
    RELAYFS_DAMAGED = -6    /* the shared memory holds what cannot be there */
};

/* Where an observer begins. */
enum relayfs_start {
    RELAYFS_OLDEST, /* with the oldest bytes that are still there */
    RELAYFS_UNREAD, /* with the first that no reader of the mount's file has had */
    RELAYFS_NEWEST  /* with those that come after now */
};

/* The layout: what LayoutTest compares with the program. */
enum {
    RLYFS_LAYOUT_VERSION = 4,

    /* ChannelHeader */
    RLYFS_CHANNEL_VERSION = 0,
    RLYFS_CHANNEL_MAGIC = 8,
    RLYFS_CHANNEL_SUB_BUFFER_SIZE = 16,
    RLYFS_CHANNEL_SUB_BUFFER_COUNT = 24,
    RLYFS_CHANNEL_FLAGS = 32,
    RLYFS_CHANNEL_BUFFER_SLOTS = 40,
    RLYFS_CHANNEL_BUFFER_STRIDE = 48,
    RLYFS_CHANNEL_STATE = 56,
    RLYFS_CHANNEL_LOCKS = 72,
    RLYFS_CHANNEL_CLAIMED_USED = 80,
    RLYFS_CHANNEL_THREADS_USED = 88,
    RLYFS_CHANNEL_WAITING = 128,
    RLYFS_CHANNEL_PROCESSES = 2048,
    RLYFS_CHANNEL_PROCESS_STRIDE = 16,
    RLYFS_CHANNEL_PROCESS_SLOTS = 128,
    RLYFS_CHANNEL_SIZE = 4096,
    RLYFS_CHANNEL_FLAG_OVERWRITE = 1,
    RLYFS_CHANNEL_FLAG_PADDING_HEADER = 2,
    RLYFS_CHANNEL_FLAG_GLOBAL = 4,
    RLYFS_CHANNEL_FLAG_CALLBACKS = 8,
    RLYFS_CHANNEL_FLAG_SHORT_PADDING_HEADER = 16,
    RLYFS_CHANNEL_FLAG_EVENTS = 32,
    RLYFS_CHANNEL_STATE_CLOSED = 3,
    RLYFS_CHANNEL_STATE_MOVED = 4,

    /* BufferHeader */
    RLYFS_BUFFER_RESERVE = 0,
    RLYFS_BUFFER_ATTENTION = 8,
    RLYFS_BUFFER_CONSUMED = 128,
    RLYFS_BUFFER_READ_OFFSET = 136,
    RLYFS_BUFFER_ROOM_WAITING = 160,
    RLYFS_BUFFER_DELIVERED = 256,
    RLYFS_BUFFER_ARMED = 264,
    RLYFS_BUFFER_CLOSED_BYTES = 384,
    RLYFS_BUFFER_FULL = 392,
    RLYFS_BUFFER_FULL_BYTES = 400,
    RLYFS_BUFFER_BIG = 408,
    RLYFS_BUFFER_BIG_BYTES = 416,
    RLYFS_BUFFER_STRAGGLER = 424,
    RLYFS_BUFFER_STRAGGLER_BYTES = 432,
    RLYFS_BUFFER_SKIPPED = 440,
    RLYFS_BUFFER_ABANDONED = 448,
    RLYFS_BUFFER_ABANDONED_BYTES = 456,
    RLYFS_BUFFER_RETURNED = 464,
    RLYFS_BUFFER_REFUSED = 472,
    RLYFS_BUFFER_BASE = 512,
    RLYFS_BUFFER_FINALIZED = 536,
    RLYFS_BUFFER_FORMER_BYTES = 656,
    RLYFS_BUFFER_IN_FLIGHT = 896,
    RLYFS_BUFFER_SUB_BUFFERS = 15232,
    RLYFS_BUFFER_DAMAGED = 2,
    RLYFS_BUFFER_MOVED = 3,

    /* InFlightTable */
    RLYFS_ENTRY_WORD = 0,
    RLYFS_ENTRY_EXTENT = 8,
    RLYFS_ENTRY_TOTAL = 16,
    RLYFS_ENTRY_RECORDS = 24,
    RLYFS_ENTRY_CLOSING = 32,
    RLYFS_ENTRY_OWNER = 40,
    RLYFS_ENTRY_DELTA = 48,
    RLYFS_ENTRY_STRIDE = 64,
    RLYFS_ENTRY_CLAIMED_ENTRIES = 64,
    RLYFS_ENTRY_OWNER_ENTRIES = 64,
    RLYFS_ENTRY_RANGES = 12,
    RLYFS_ENTRY_RANGE_ENTRIES = 8,
    RLYFS_ENTRY_ENTRIES = 224,

    /* SubBufferTable */
    RLYFS_SUB_INFO = 0,
    RLYFS_SUB_COMPLETE = 8,
    RLYFS_SUB_GIVEN_UP = 16,
    RLYFS_SUB_HOLES = 64,
    RLYFS_SUB_HOLE_STRIDE = 16,
    RLYFS_SUB_HOLE_COUNT = 8,
    RLYFS_SUB_STRIDE = 192,

    /* EventLayout */
    RLYFS_EVENT_SUB_BUFFER_SIZE = 80,
    RLYFS_EVENT_MIN_SUB_BUFFER_SIZE = 256
};

#define RLYFS_MAGIC UINT64_C(0x31534659414C4552) /* RELAYFS1 */
#define RLYFS_WORD_LIMIT (UINT64_C(1) << 62)     /* all reserve words are smaller */
#define RLYFS_NO_CLAIM RLYFS_WORD_LIMIT          /* in a WORD: busy, and nothing reserved */
#define RLYFS_COUNTED RLYFS_WORD_LIMIT           /* in a CLOSING: the payload is counted */
#define RLYFS_TOTAL_SHIFT 40
#define RLYFS_RECORD_SHIFT 43
#define RLYFS_MOVES (UINT64_C(1) << 41)
#define RLYFS_RETURNS (UINT64_C(1) << 42)
#define RLYFS_FROM_START (UINT64_C(1) << 44)

#define RLYFS_MAX_BUFFER_SIZE (UINT64_C(1) << 31)
#define RLYFS_MAX_SUB_BUFFERS UINT64_C(524288)
#define RLYFS_MAX_SLOTS 1024
#define RLYFS_MAX_YIELDS 16
#define RLYFS_MAX_TRIES 1000
#define RLYFS_MAX_LAPPED 3
#define RLYFS_PATIENCE_NS UINT64_C(1000000000)
#define RLYFS_LOOK_NS UINT64_C(50000000)
#define RLYFS_MAX_SLEEP_NS UINT64_C(100000000)
#define RLYFS_LOOKS 0xFF

/* Beside the results. Look again; somebody is everywhere; one was skipped. */
#define RLYFS_RETRY (-101L)
#define RLYFS_STALLED (-102L)
#define RLYFS_SKIPPED (-103L)
/* The channel was resized: another buffer takes the record. */
#define RLYFS_MOVED (-104L)

#define RLYFS_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define RLYFS_FAST static inline __attribute__((always_inline))
#define RLYFS_SLOW static __attribute__((noinline, unused))

/* A channel of another process. All but the message is private. */
struct relayfs_channel {
    uint64_t id;     /* no other attachment of this process has it; 0: not for writing */
    uint64_t mapped; /* the slots below this one have buffers to write to, all of them */
    uint64_t slots;
    char *regions;
    uint64_t sub_buffer_size;
    uint64_t sub_buffer_count;
    uint64_t buffer_size;
    uint64_t offset_mask;
    uint64_t live_bit;
    uint64_t live_mask;
    uint64_t index_mask;
    uint64_t process_bits; /* this process's slot, in place for an EXTENT */
    uint64_t header_length;
    int index_shift;
    int index_bits;
    int stride_shift;
    bool overwrite;
    bool global;
    bool has_barrier;
    bool is_mapping; /* some thread looks for new buffers */
    bool is_resized; /* the folder is not the channel's, but in it */
    /* Of a channel that was resized meanwhile: what takes the records in place of this. */
    struct relayfs_channel *next;
    bool is_over;      /* in all buffers */
    bool is_left;      /* nobody of this process is in this any more */
    bool is_following; /* some thread changes the above */
    struct relayfs_channel *eyes; /* the same channel for observers, who look at generations that are over, too */
    uint32_t looks;    /* whether this can be left */
    unsigned long generation;
    uint64_t looked_ns;

    uint64_t first_entry; /* of this process's threads */
    uint64_t entry_count;
    uint32_t threads[RLYFS_ENTRY_OWNER_ENTRIES]; /* which of its threads have them; 0: none */

    char *meta;
    size_t meta_size;
    char *bell; /* the first page of meta, writable for observers, too */
    char *doorbell;
    uint64_t process;
    uint64_t first_lock;
    int channel; /* the channel's folder; that of a later generation is in it */
    int folder;
    int locks;
    pid_t pid;

    char message[256];           /* why it could not be attached */
    char *data[RLYFS_MAX_SLOTS]; /* of each slot: address of its sub-buffers, NULL while there are none */
};

/* Space for one record, to be filled and then committed or aborted. */
struct relayfs_reservation {
    void *memory;
    size_t length;
    /* private */
    struct relayfs_channel *channel;
    char *buffer;
    char *entry;
    uint64_t word;
};

/* A reader of one buffer that consumes nothing. */
struct relayfs_observer {
    uint64_t position; /* of the sub-buffer that the next byte is in, in the sequence of all */
    uint64_t offset;   /* of that byte */
    uint64_t missed;   /* sub-buffers that were used again before it had all of them, or knew that it had */
    /* private */
    struct relayfs_channel *channel;
    char *buffer;
    const char *data;
    uint64_t base;         /* where the last reset began */
    uint64_t passed;       /* bytes, holes included */
    uint64_t origin;       /* what closed bytes, less passed ones and those ahead, were when nothing was missed */
    uint64_t missed_bytes; /* as of the last time that somebody asked */
    uint64_t since_ns;     /* it has waited for the last record of a closed channel */
    int lapped;            /* how often in a row it was overtaken */
    bool has_origin;
};

/* What a thread remembers: the channel that it has written to last, and its entry there. */
struct rlyfs_here {
    uint64_t channel; /* its id, if the thread has an entry there */
    uint64_t without; /* its id, if it has none */
    uint64_t entry;   /* offset in a region */
    uint32_t thread;
    pid_t pid;
};

static __thread struct rlyfs_here rlyfs_here;

/* Words. */

static inline uint64_t *rlyfs_word(char *base, uint64_t offset)
{
    return (uint64_t *)(void *)(base + offset);
}

static inline uint64_t rlyfs_load(char *base, uint64_t offset)
{
    return __atomic_load_n(rlyfs_word(base, offset), __ATOMIC_SEQ_CST);
}

static inline uint64_t rlyfs_load_relaxed(char *base, uint64_t offset)
{
    return __atomic_load_n(rlyfs_word(base, offset), __ATOMIC_RELAXED);
}

static inline uint64_t rlyfs_load_acquire(char *base, uint64_t offset)
{
    return __atomic_load_n(rlyfs_word(base, offset), __ATOMIC_ACQUIRE);
}

static inline void rlyfs_store(char *base, uint64_t offset, uint64_t value)
{
    __atomic_store_n(rlyfs_word(base, offset), value, __ATOMIC_SEQ_CST);
}

static inline void rlyfs_store_relaxed(char *base, uint64_t offset, uint64_t value)
{
    __atomic_store_n(rlyfs_word(base, offset), value, __ATOMIC_RELAXED);
}

static inline void rlyfs_store_release(char *base, uint64_t offset, uint64_t value)
{
    __atomic_store_n(rlyfs_word(base, offset), value, __ATOMIC_RELEASE);
}

static inline void rlyfs_add(char *base, uint64_t offset, uint64_t delta)
{
    (void)__atomic_fetch_add(rlyfs_word(base, offset), delta, __ATOMIC_SEQ_CST);
}

static inline bool rlyfs_cas(char *base, uint64_t offset, uint64_t expected, uint64_t value)
{
    return __atomic_compare_exchange_n(rlyfs_word(base, offset), &expected, value, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static inline uint64_t rlyfs_min(uint64_t one, uint64_t other)
{
    return one < other ? one : other;
}

/* Places. */

static inline char *rlyfs_region(const struct relayfs_channel *c, uint64_t slot)
{
    return c->regions + (slot << c->stride_shift);
}

static inline char *rlyfs_entry(char *buffer, uint64_t index)
{
    return buffer + RLYFS_BUFFER_IN_FLIGHT + index * RLYFS_ENTRY_STRIDE;
}

static inline char *rlyfs_sub_buffer(char *buffer, uint64_t index)
{
    return buffer + RLYFS_BUFFER_SUB_BUFFERS + index * RLYFS_SUB_STRIDE;
}

static inline uint64_t rlyfs_index(const struct relayfs_channel *c, uint64_t word)
{
    return word >> c->index_shift & c->index_mask;
}

static inline uint64_t rlyfs_lap(const struct relayfs_channel *c, uint64_t word)
{
    return word >> (c->index_shift + c->index_bits);
}

static inline uint64_t rlyfs_offset(const struct relayfs_channel *c, uint64_t word)
{
    return word & c->offset_mask;
}

static inline uint64_t rlyfs_position(const struct relayfs_channel *c, uint64_t word)
{
    return rlyfs_lap(c, word) * c->sub_buffer_count + rlyfs_index(c, word);
}

static inline bool rlyfs_is_open(const struct relayfs_channel *c, uint64_t word)
{
    return rlyfs_offset(c, word) <= c->sub_buffer_size;
}

static inline uint64_t rlyfs_reserve_word(const struct relayfs_channel *c, uint64_t lap, uint64_t index, uint64_t offset,
                                          uint64_t live)
{
    return (lap << c->index_bits | index) << c->index_shift | live | offset;
}

static inline uint64_t rlyfs_start_of(const struct relayfs_channel *c, uint64_t position)
{
    return rlyfs_reserve_word(c, position / c->sub_buffer_count, position % c->sub_buffer_count, 0, 0);
}

static inline uint64_t rlyfs_closed(const struct relayfs_channel *c, uint64_t word)
{
    return word - rlyfs_offset(c, word) + c->sub_buffer_size + 1;
}

/* Equal for all reserve words of a sub-buffer in one lap. */
static inline uint64_t rlyfs_place(const struct relayfs_channel *c, uint64_t word)
{
    return word >> c->index_shift;
}

static inline uint64_t rlyfs_distance(const struct relayfs_channel *c, uint64_t word)
{
    return rlyfs_position(c, word) * c->sub_buffer_size + rlyfs_min(rlyfs_offset(c, word), c->sub_buffer_size);
}

static inline uint64_t rlyfs_last_lap(const struct relayfs_channel *c)
{
    return (RLYFS_WORD_LIMIT >> (c->index_shift + c->index_bits)) - 1;
}

static inline bool rlyfs_is_reserve_word(const struct relayfs_channel *c, uint64_t word)
{
    return word != 0 && word < RLYFS_WORD_LIMIT && rlyfs_index(c, word) < c->sub_buffer_count
        && rlyfs_offset(c, word) <= c->sub_buffer_size + 1;
}

/* Wakes the readers that have mapped the channel, if one waits. Who fails was forestalled, after his own delivery. */
static inline void rlyfs_wake_mapped(const struct relayfs_channel *c)
{
    uint64_t word = rlyfs_load(c->meta, RLYFS_CHANNEL_WAITING);
    if ((word & 1) != 0 && rlyfs_cas(c->meta, RLYFS_CHANNEL_WAITING, word, word + 1))
        (void)syscall(SYS_futex, c->meta + RLYFS_CHANNEL_WAITING, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

/* Wakes whoever waits for a delivery; of the readers of the mount's files, the owner, by its doorbell. */
static inline void rlyfs_wake(const struct relayfs_channel *c, char *buffer)
{
    rlyfs_wake_mapped(c);
    if (rlyfs_load(buffer, RLYFS_BUFFER_ARMED) != 0 && c->doorbell != NULL) {
        uint32_t *bell = (uint32_t *)(void *)c->doorbell;
        (void)__atomic_fetch_add(bell, 1, __ATOMIC_SEQ_CST);
        (void)syscall(SYS_futex, bell, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
    }
}

/* Keeps writers of all processes out of a buffer whose words cannot be. */
RLYFS_SLOW void rlyfs_damaged(const struct relayfs_channel *c, char *buffer)
{
    if (c->id == 0)
        return;
    rlyfs_store(buffer, RLYFS_BUFFER_FINALIZED, RLYFS_BUFFER_DAMAGED);
    uint64_t word = rlyfs_load(buffer, RLYFS_BUFFER_RESERVE);
    while ((word & c->live_bit) != 0 && !rlyfs_cas(buffer, RLYFS_BUFFER_RESERVE, word, word ^ c->live_bit))
        word = rlyfs_load(buffer, RLYFS_BUFFER_RESERVE);
    rlyfs_wake(c, buffer);
}

/* In place of a word that cannot be one: the first, which admits no writers. */
static inline uint64_t rlyfs_reserve(const struct relayfs_channel *c, char *buffer)
{
    uint64_t word = rlyfs_load(buffer, RLYFS_BUFFER_RESERVE);
    if (RLYFS_UNLIKELY(!rlyfs_is_reserve_word(c, word))) {
        rlyfs_damaged(c, buffer);
        word = rlyfs_reserve_word(c, 0, c->sub_buffer_count - 1, c->sub_buffer_size + 1, 0);
    }
    return word;
}

static inline uint64_t rlyfs_bounded(const struct relayfs_channel *c, char *buffer, uint64_t value, uint64_t limit)
{
    if (RLYFS_UNLIKELY(value > limit)) {
        rlyfs_damaged(c, buffer);
        return limit;
    }
    return value;
}

/* The reserve word is read after the position and never goes back. */
static inline uint64_t rlyfs_delivered(const struct relayfs_channel *c, char *buffer)
{
    uint64_t position = rlyfs_load(buffer, RLYFS_BUFFER_DELIVERED);
    return rlyfs_bounded(c, buffer, position, rlyfs_position(c, rlyfs_reserve(c, buffer)) + 1);
}

static inline uint64_t rlyfs_consumed(const struct relayfs_channel *c, char *buffer)
{
    uint64_t position = rlyfs_load_acquire(buffer, RLYFS_BUFFER_CONSUMED);
    return rlyfs_bounded(c, buffer, position, rlyfs_position(c, rlyfs_reserve(c, buffer)) + c->sub_buffer_count);
}

/* Who is in a sub-buffer. The words of entries are compared, never used as an index. */

static inline uint64_t rlyfs_claimed_used(const struct relayfs_channel *c)
{
    return rlyfs_min(rlyfs_load(c->meta, RLYFS_CHANNEL_CLAIMED_USED), RLYFS_ENTRY_CLAIMED_ENTRIES);
}

static inline uint64_t rlyfs_end_of_threads(const struct relayfs_channel *c)
{
    return RLYFS_ENTRY_CLAIMED_ENTRIES
        + rlyfs_min(rlyfs_load(c->meta, RLYFS_CHANNEL_THREADS_USED), RLYFS_ENTRY_ENTRIES - RLYFS_ENTRY_CLAIMED_ENTRIES);
}

/* The entries between those that were ever claimed and those of threads are not looked at. */
static inline uint64_t rlyfs_next_entry(uint64_t index, uint64_t claimed)
{
    return index + 1 == claimed ? (uint64_t)RLYFS_ENTRY_CLAIMED_ENTRIES : index + 1;
}

static inline uint64_t rlyfs_first_entry(uint64_t claimed)
{
    return claimed == 0 ? (uint64_t)RLYFS_ENTRY_CLAIMED_ENTRIES : 0;
}

static inline uint64_t rlyfs_closing(char *entry)
{
    return rlyfs_load_acquire(entry, RLYFS_ENTRY_CLOSING) & ~RLYFS_COUNTED;
}

static inline bool rlyfs_nobody_at(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    uint64_t place = rlyfs_place(c, rlyfs_start_of(c, position));
    uint64_t claimed = rlyfs_claimed_used(c), end = rlyfs_end_of_threads(c);
    for (uint64_t i = rlyfs_first_entry(claimed); i < end; i = rlyfs_next_entry(i, claimed)) {
        char *entry = rlyfs_entry(buffer, i);
        uint64_t word = rlyfs_load_acquire(entry, RLYFS_ENTRY_WORD);
        if (word != 0 && (rlyfs_place(c, word) == place || rlyfs_place(c, rlyfs_closing(entry)) == place))
            return false;
    }
    return true;
}

static inline bool rlyfs_is_before(const struct relayfs_channel *c, uint64_t word, uint64_t index, uint64_t lap)
{
    return word != 0 && word < RLYFS_NO_CLAIM && rlyfs_index(c, word) == index && rlyfs_lap(c, word) < lap;
}

static inline bool rlyfs_nobody_before(const struct relayfs_channel *c, char *buffer, uint64_t index, uint64_t lap)
{
    uint64_t claimed = rlyfs_claimed_used(c), end = rlyfs_end_of_threads(c);
    for (uint64_t i = rlyfs_first_entry(claimed); i < end; i = rlyfs_next_entry(i, claimed)) {
        char *entry = rlyfs_entry(buffer, i);
        uint64_t word = rlyfs_load_acquire(entry, RLYFS_ENTRY_WORD);
        if (rlyfs_is_before(c, word, index, lap) || (word != 0 && rlyfs_is_before(c, rlyfs_closing(entry), index, lap)))
            return false;
    }
    return true;
}

/* "Nobody found" is kept: a writer whose CAS is going to fail may announce itself there later. */
static inline bool rlyfs_mark_complete(char *sub, uint64_t lap)
{
    uint64_t mark = rlyfs_load(sub, RLYFS_SUB_COMPLETE);
    while (mark <= lap && !rlyfs_cas(sub, RLYFS_SUB_COMPLETE, mark, lap + 1))
        mark = rlyfs_load(sub, RLYFS_SUB_COMPLETE);
    return true;
}

static inline bool rlyfs_is_free(const struct relayfs_channel *c, char *buffer, uint64_t index, uint64_t lap)
{
    char *sub = rlyfs_sub_buffer(buffer, index);
    return rlyfs_load(sub, RLYFS_SUB_COMPLETE) >= lap
        || (rlyfs_nobody_before(c, buffer, index, lap) && rlyfs_mark_complete(sub, lap - 1));
}

static inline uint64_t rlyfs_info_lap(const struct relayfs_channel *c, uint64_t info)
{
    return info >> (c->index_shift - 1);
}

static inline bool rlyfs_is_closed_at(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    char *sub = rlyfs_sub_buffer(buffer, position % c->sub_buffer_count);
    return rlyfs_info_lap(c, rlyfs_load(sub, RLYFS_SUB_INFO)) == position / c->sub_buffer_count;
}

static inline bool rlyfs_is_given_up(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    char *sub = rlyfs_sub_buffer(buffer, position % c->sub_buffer_count);
    return rlyfs_load(sub, RLYFS_SUB_GIVEN_UP) >> 1 == position / c->sub_buffer_count + 1;
}

static inline bool rlyfs_is_complete(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    uint64_t lap = position / c->sub_buffer_count;
    char *sub = rlyfs_sub_buffer(buffer, position % c->sub_buffer_count);
    uint64_t info = rlyfs_load(sub, RLYFS_SUB_INFO);
    if (rlyfs_info_lap(c, info) == lap
        && ((info & c->offset_mask) == c->offset_mask || rlyfs_load(sub, RLYFS_SUB_COMPLETE) > lap
            || (rlyfs_nobody_at(c, buffer, position) && rlyfs_mark_complete(sub, lap))))
        return true;
    return rlyfs_is_given_up(c, buffer, position)
        || rlyfs_position(c, rlyfs_reserve(c, buffer)) >= position + c->sub_buffer_count;
}

/* Delivery. */

static inline void rlyfs_fence_all(const struct relayfs_channel *c)
{
    if (!c->has_barrier || syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0) != 0) {
        for (int i = 0; i < RLYFS_MAX_YIELDS; i++)
            sched_yield();
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    }
}

/* False when somebody has asked before, who looks himself after the fence. */
static inline bool rlyfs_ask_for(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    uint64_t wanted = c->has_barrier ? rlyfs_start_of(c, position + 1) : (uint64_t)INT64_MAX;
    uint64_t asked = rlyfs_load(buffer, RLYFS_BUFFER_ATTENTION);
    while (asked < wanted) {
        if (rlyfs_cas(buffer, RLYFS_BUFFER_ATTENTION, asked, wanted)) {
            rlyfs_fence_all(c);
            return true;
        }
        asked = rlyfs_load(buffer, RLYFS_BUFFER_ATTENTION);
    }
    return false;
}

static inline bool rlyfs_is_left(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    return rlyfs_is_complete(c, buffer, position)
        || (rlyfs_is_closed_at(c, buffer, position) && rlyfs_ask_for(c, buffer, position)
            && rlyfs_is_complete(c, buffer, position));
}

/* Moves DELIVERED over everything that is complete, in order: at most N steps, what is a lap behind is complete. */
RLYFS_SLOW void rlyfs_deliver(const struct relayfs_channel *c, char *buffer)
{
    bool moved = false;
    uint64_t position = rlyfs_delivered(c, buffer);
    uint64_t last = rlyfs_position(c, rlyfs_reserve(c, buffer));
    while (position <= last && rlyfs_is_left(c, buffer, position)) {
        uint64_t next = (last > position + c->sub_buffer_count ? last - c->sub_buffer_count : position) + 1;
        moved |= rlyfs_cas(buffer, RLYFS_BUFFER_DELIVERED, position, next);
        position = rlyfs_delivered(c, buffer);
        last = rlyfs_position(c, rlyfs_reserve(c, buffer));
    }
    if (moved)
        rlyfs_wake(c, buffer);
}

RLYFS_SLOW void rlyfs_attend(const struct relayfs_channel *c, char *buffer, uint64_t word)
{
    if (word < rlyfs_load_relaxed(buffer, RLYFS_BUFFER_ATTENTION) || !c->has_barrier) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        rlyfs_deliver(c, buffer);
    }
}

RLYFS_FAST void rlyfs_withdraw(const struct relayfs_channel *c, char *buffer, char *entry, uint64_t word)
{
    rlyfs_store_release(entry, RLYFS_ENTRY_WORD, 0);
    /* For the compiler; the processor's fence is the closer's membarrier. */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (RLYFS_UNLIKELY(word < rlyfs_load_relaxed(buffer, RLYFS_BUFFER_ATTENTION) || !c->has_barrier))
        rlyfs_attend(c, buffer, word);
}

/* Entries. */

static inline bool rlyfs_is_claimed(char *buffer, char *entry)
{
    return entry < rlyfs_entry(buffer, RLYFS_ENTRY_CLAIMED_ENTRIES);
}

static inline void rlyfs_release(char *entry)
{
    rlyfs_store_release(entry, RLYFS_ENTRY_WORD, 0);
    rlyfs_store_release(entry, RLYFS_ENTRY_OWNER, 0);
}

/* Gives an entry back and delivers what its writer has completed, if somebody waits for that. */
static inline void rlyfs_leave(const struct relayfs_channel *c, char *buffer, char *entry)
{
    uint64_t word = rlyfs_load_relaxed(entry, RLYFS_ENTRY_WORD);
    if (rlyfs_is_claimed(buffer, entry))
        rlyfs_release(entry);
    else
        rlyfs_store_release(entry, RLYFS_ENTRY_WORD, 0);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (word != 0)
        rlyfs_attend(c, buffer, word);
}

/* Lets those who look for announcements look so far. */
static inline void rlyfs_use(const struct relayfs_channel *c, uint64_t offset, uint64_t wanted)
{
    uint64_t used = rlyfs_load(c->meta, offset);
    while (used < wanted && !rlyfs_cas(c->meta, offset, used, wanted))
        used = rlyfs_load(c->meta, offset);
}

static inline bool rlyfs_has_ended(const struct relayfs_channel *c, uint32_t thread)
{
    return syscall(SYS_tgkill, c->pid, thread, 0) != 0 && errno == ESRCH;
}

/* Which entry of this process's range is the calling thread's: one that it has, is free, or whose thread has ended. */
static inline uint64_t rlyfs_search_entry(struct relayfs_channel *c, uint32_t self)
{
    for (uint64_t i = 0; i < c->entry_count; i++)
        if (__atomic_load_n(&c->threads[i], __ATOMIC_RELAXED) == self)
            return i;
    for (uint64_t i = 0; i < c->entry_count; i++) {
        uint32_t other = __atomic_load_n(&c->threads[i], __ATOMIC_ACQUIRE);
        if ((other == 0 || rlyfs_has_ended(c, other))
            && __atomic_compare_exchange_n(&c->threads[i], &other, self, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
            return i;
    }
    return c->entry_count;
}

/* Finds out once which entry the calling thread has in the channel. */
RLYFS_SLOW void rlyfs_enter_thread(struct relayfs_channel *c)
{
    struct rlyfs_here *here = &rlyfs_here;
    int error = errno;
    if (here->pid != c->pid) {
        here->pid = c->pid;
        here->thread = (uint32_t)syscall(SYS_gettid);
    }
    uint64_t number = rlyfs_search_entry(c, here->thread);
    if (number < c->entry_count) {
        uint64_t index = c->first_entry + number;
        rlyfs_use(c, RLYFS_CHANNEL_THREADS_USED, index + 1 - RLYFS_ENTRY_CLAIMED_ENTRIES);
        here->entry = RLYFS_BUFFER_IN_FLIGHT + index * RLYFS_ENTRY_STRIDE;
        here->channel = c->id;
        here->without = 0;
    } else {
        here->channel = 0;
        here->without = c->id;
    }
    errno = error;
}

/* An entry for any length of time and any thread, or NULL when all are claimed. */
static inline char *rlyfs_claim(const struct relayfs_channel *c, char *buffer)
{
    for (uint64_t i = 0; i < RLYFS_ENTRY_CLAIMED_ENTRIES; i++) {
        char *entry = rlyfs_entry(buffer, i);
        if (rlyfs_load_acquire(entry, RLYFS_ENTRY_OWNER) == 0) {
            rlyfs_use(c, RLYFS_CHANNEL_CLAIMED_USED, i + 1);
            if (rlyfs_cas(entry, RLYFS_ENTRY_OWNER, 0, c->process + 1))
                return entry;
        }
    }
    return NULL;
}

static inline char *rlyfs_claim_patiently(const struct relayfs_channel *c, char *buffer)
{
    char *entry = rlyfs_claim(c, buffer);
    for (int i = 0; entry == NULL && i < RLYFS_MAX_YIELDS; i++) {
        sched_yield();
        entry = rlyfs_claim(c, buffer);
    }
    return entry;
}

static inline uint64_t rlyfs_bits(uint64_t total, uint64_t records)
{
    return (total & 1) << RLYFS_TOTAL_SHIFT | (records & 1) << RLYFS_RECORD_SHIFT;
}

static inline uint64_t rlyfs_moved(uint64_t total, uint64_t delta)
{
    return (total + 2 * delta) ^ 1;
}

static inline void rlyfs_announce(char *entry, uint64_t word, uint64_t extent)
{
    rlyfs_store_relaxed(entry, RLYFS_ENTRY_EXTENT, extent);
    rlyfs_store_release(entry, RLYFS_ENTRY_WORD, word);
}

static inline uint64_t rlyfs_extent(const struct relayfs_channel *c, char *entry)
{
    return c->process_bits
        | rlyfs_bits(rlyfs_load_relaxed(entry, RLYFS_ENTRY_TOTAL), rlyfs_load_relaxed(entry, RLYFS_ENTRY_RECORDS));
}

/* For one write: the thread's own, if that is free, else a claimed one. */
static inline char *rlyfs_enter(struct relayfs_channel *c, char *buffer)
{
    if (rlyfs_here.channel != c->id && rlyfs_here.without != c->id)
        rlyfs_enter_thread(c);
    if (rlyfs_here.channel == c->id) {
        char *own = buffer + rlyfs_here.entry;
        if (rlyfs_load_relaxed(own, RLYFS_ENTRY_WORD) == 0) {
            rlyfs_announce(own, RLYFS_NO_CLAIM, rlyfs_extent(c, own));
            return own;
        }
    }
    return rlyfs_claim_patiently(c, buffer);
}

/* Another generation takes all records; then this one may be empty memory. */
static inline bool rlyfs_is_over(const struct relayfs_channel *c)
{
    return __atomic_load_n(&c->is_over, __ATOMIC_ACQUIRE);
}

/* Changes of the reserve word. */

/* Tries one: CLAIM is where the reservation begins, or RLYFS_NO_CLAIM; EXTENT its length and flags; CLOSING what is closed
 * or skipped, or 0. When it fails, nothing is announced any more. */
static inline bool rlyfs_try_move(const struct relayfs_channel *c, char *buffer, char *entry, uint64_t claim,
                                  uint64_t length, uint64_t closing, uint64_t from, uint64_t to)
{
    uint64_t total = rlyfs_load_relaxed(entry, RLYFS_ENTRY_TOTAL);
    uint64_t delta = rlyfs_distance(c, to) - rlyfs_distance(c, from);
    uint64_t extent = rlyfs_extent(c, entry) | RLYFS_MOVES | length;
    rlyfs_store_relaxed(entry, RLYFS_ENTRY_EXTENT, extent);
    rlyfs_store_relaxed(entry, RLYFS_ENTRY_DELTA, delta);
    rlyfs_store_release(entry, RLYFS_ENTRY_CLOSING, closing);
    rlyfs_announce(entry, claim, extent);
    if (rlyfs_cas(buffer, RLYFS_BUFFER_RESERVE, from, to)) {
        rlyfs_store_relaxed(entry, RLYFS_ENTRY_TOTAL, rlyfs_moved(total, delta));
        return true;
    }
    rlyfs_store_release(entry, RLYFS_ENTRY_CLOSING, 0);
    rlyfs_store_release(entry, RLYFS_ENTRY_WORD, RLYFS_NO_CLAIM);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    rlyfs_attend(c, buffer, closing != 0 && closing < claim ? closing : claim);
    return false;
}

/* Says how a lap ended, unless a later one has ended meanwhile. */
static inline void rlyfs_say(const struct relayfs_channel *c, char *buffer, uint64_t lap, uint64_t index,
                             uint64_t payload)
{
    char *sub = rlyfs_sub_buffer(buffer, index);
    uint64_t before = rlyfs_load(sub, RLYFS_SUB_INFO);
    while (rlyfs_info_lap(c, before) < lap
           && !rlyfs_cas(sub, RLYFS_SUB_INFO, before, lap << (c->index_shift - 1) | payload))
        before = rlyfs_load(sub, RLYFS_SUB_INFO);
}

static inline char *rlyfs_data_of(const struct relayfs_channel *c, char *buffer)
{
    return c->data[(uint64_t)(buffer - c->regions) >> c->stride_shift];
}

static inline void rlyfs_store_padding(const struct relayfs_channel *c, char *buffer, uint64_t index, uint64_t padding)
{
    char *target = rlyfs_data_of(c, buffer) + index * c->sub_buffer_size;
    uint32_t short_padding = (uint32_t)padding;
    /* S need not be a multiple of 8. */
    if (c->header_length == sizeof short_padding)
        memcpy(target, &short_padding, sizeof short_padding);
    else
        memcpy(target, &padding, sizeof padding);
}

static inline void rlyfs_close(const struct relayfs_channel *c, char *buffer, uint64_t word, char *entry)
{
    uint64_t payload = rlyfs_offset(c, word), padding = c->sub_buffer_size - payload;
    rlyfs_add(buffer, RLYFS_BUFFER_CLOSED_BYTES, payload);
    rlyfs_store_release(entry, RLYFS_ENTRY_CLOSING, word | RLYFS_COUNTED);
    rlyfs_say(c, buffer, rlyfs_lap(c, word), rlyfs_index(c, word), payload);
    if (c->header_length > 0 && padding != 0) {
        /* INFO before the padding, or an opener could miss the one and wipe out the other. */
        __atomic_thread_fence(__ATOMIC_RELEASE);
        rlyfs_store_padding(c, buffer, rlyfs_index(c, word), padding);
    }
    rlyfs_store_release(entry, RLYFS_ENTRY_CLOSING, 0);
    /* Others look for this announcement, too. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    rlyfs_deliver(c, buffer);
}

static inline bool rlyfs_close_only(const struct relayfs_channel *c, char *buffer, uint64_t word, char *entry)
{
    bool done = rlyfs_try_move(c, buffer, entry, RLYFS_NO_CLAIM, 0, word, word, rlyfs_closed(c, word));
    if (done)
        rlyfs_close(c, buffer, word, entry);
    return done;
}

/* No more sub-buffers have somebody in them than there are entries. */
static inline bool rlyfs_others_may_be_free(const struct relayfs_channel *c, char *buffer, uint64_t word)
{
    uint64_t count = c->sub_buffer_count;
    if (count > RLYFS_ENTRY_ENTRIES + 1)
        return true;
    for (uint64_t ahead = 2; ahead <= count; ahead++) {
        uint64_t position = rlyfs_position(c, word) + ahead;
        if ((ahead == count && rlyfs_is_open(c, word)) || rlyfs_is_free(c, buffer, position % count, position / count))
            return true;
    }
    return false;
}

/* Closing and skipping are two steps, so that each announces the one sub-buffer that it owes. */
static inline long rlyfs_skip(const struct relayfs_channel *c, char *buffer, uint64_t word, uint64_t lap,
                              uint64_t index, char *entry)
{
    if (!rlyfs_others_may_be_free(c, buffer, word))
        return RLYFS_STALLED;
    if (rlyfs_is_open(c, word)) {
        rlyfs_close_only(c, buffer, word, entry);
        return RLYFS_RETRY;
    }
    uint64_t skipped = rlyfs_reserve_word(c, lap, index, c->sub_buffer_size + 1, word & c->live_bit);
    if (!rlyfs_try_move(c, buffer, entry, RLYFS_NO_CLAIM, 0, skipped, word, skipped))
        return RLYFS_RETRY;
    rlyfs_add(buffer, RLYFS_BUFFER_SKIPPED, 1);
    rlyfs_say(c, buffer, lap, index, c->offset_mask);
    rlyfs_store_release(entry, RLYFS_ENTRY_CLOSING, 0);
    rlyfs_deliver(c, buffer);
    return RLYFS_SKIPPED;
}

/* Counts a refusal by its cause. */
static inline long rlyfs_refuse(char *buffer, long result, uint64_t length)
{
    if (result == RELAYFS_FULL) {
        rlyfs_add(buffer, RLYFS_BUFFER_FULL, 1);
        rlyfs_add(buffer, RLYFS_BUFFER_REFUSED, length > 0 ? 1 : 0);
        rlyfs_add(buffer, RLYFS_BUFFER_FULL_BYTES, length);
    } else if (result == RELAYFS_TOO_BIG) {
        rlyfs_add(buffer, RLYFS_BUFFER_BIG, 1);
        rlyfs_add(buffer, RLYFS_BUFFER_BIG_BYTES, length);
    } else if (result == RELAYFS_STRAGGLER) {
        rlyfs_add(buffer, RLYFS_BUFFER_STRAGGLER, 1);
        rlyfs_add(buffer, RLYFS_BUFFER_STRAGGLER_BYTES, length);
    }
    return result;
}

/* The answer to a writer for whom there is no entry. */
static inline long rlyfs_no_entry(char *buffer, uint64_t length)
{
    if (rlyfs_load(buffer, RLYFS_BUFFER_FINALIZED) == RLYFS_BUFFER_MOVED)
        return RLYFS_MOVED;
    return rlyfs_refuse(buffer, RELAYFS_STRAGGLER, length);
}

/* Why a buffer that is not live takes no records. */
static inline long rlyfs_why_not_live(char *buffer)
{
    uint64_t end = rlyfs_load(buffer, RLYFS_BUFFER_FINALIZED);
    if (end == 0)
        return RELAYFS_DISABLED;
    if (end == RLYFS_BUFFER_MOVED)
        return RLYFS_MOVED;
    return end == RLYFS_BUFFER_DAMAGED ? RELAYFS_DAMAGED : RELAYFS_CLOSED;
}

/* Whichever of opener and closer stores the padding later, it stays. The opener's claim goes on behind the header. */
static inline void rlyfs_write_header(const struct relayfs_channel *c, char *buffer, uint64_t lap, uint64_t index)
{
    rlyfs_store_padding(c, buffer, index, 0);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    uint64_t info = rlyfs_load(rlyfs_sub_buffer(buffer, index), RLYFS_SUB_INFO);
    uint64_t payload = rlyfs_min(info & c->offset_mask, c->sub_buffer_size);
    if (rlyfs_info_lap(c, info) == lap)
        rlyfs_store_padding(c, buffer, index, c->sub_buffer_size - payload);
}

/* Opens a free sub-buffer: header and record are reserved by one CAS. */
static inline long rlyfs_open(const struct relayfs_channel *c, char *buffer, uint64_t word, uint64_t lap,
                              uint64_t index, uint64_t length, char *entry)
{
    bool fits = c->header_length + length <= c->sub_buffer_size;
    uint64_t taken = fits ? c->header_length + length : c->header_length;
    bool closing = rlyfs_is_open(c, word);
    uint64_t opened = rlyfs_reserve_word(c, lap, index, 0, word & c->live_bit);
    if (!rlyfs_try_move(c, buffer, entry, opened, taken | RLYFS_FROM_START, closing ? word : 0, word, opened + taken))
        return RLYFS_RETRY;
    /* The new lap's number before its bytes, for those who copy and look then. */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    if (closing)
        rlyfs_close(c, buffer, word, entry);
    if (c->header_length > 0) {
        rlyfs_write_header(c, buffer, lap, index);
        rlyfs_store_release(entry, RLYFS_ENTRY_WORD, opened + c->header_length);
    }
    return fits ? (long)(opened + c->header_length) : rlyfs_refuse(buffer, RELAYFS_TOO_BIG, length);
}

static inline long rlyfs_place_next(const struct relayfs_channel *c, char *buffer, uint64_t word, uint64_t length,
                                    char *entry)
{
    uint64_t index = rlyfs_index(c, word) + 1 == c->sub_buffer_count ? 0 : rlyfs_index(c, word) + 1;
    uint64_t lap = rlyfs_lap(c, word) + (index == 0);
    if (lap > rlyfs_last_lap(c))
        return RLYFS_STALLED;
    if (!rlyfs_is_free(c, buffer, index, lap))
        return rlyfs_reserve(c, buffer) == word ? rlyfs_skip(c, buffer, word, lap, index, entry) : RLYFS_RETRY;
    return rlyfs_open(c, buffer, word, lap, index, length, entry);
}

/* One attempt to get from WORD to an open sub-buffer that holds LENGTH more bytes. PATIENT: a full buffer is no loss. */
static inline long rlyfs_step(const struct relayfs_channel *c, char *buffer, uint64_t word, uint64_t length, char *entry,
                              bool patient)
{
    bool open = rlyfs_is_open(c, word);
    bool full = rlyfs_position(c, word) + 1 >= rlyfs_consumed(c, buffer) + c->sub_buffer_count;
    if (full && !c->overwrite) {
        if (open && !rlyfs_close_only(c, buffer, word, entry))
            return RLYFS_RETRY;
        if (!open && rlyfs_reserve(c, buffer) != word)
            return RLYFS_RETRY;
        return patient ? (long)RELAYFS_FULL : rlyfs_refuse(buffer, RELAYFS_FULL, length);
    }
    if (open && c->sub_buffer_count == 1) {
        if (!rlyfs_close_only(c, buffer, word, entry))
            return RLYFS_RETRY;
        word = rlyfs_closed(c, word);
    }
    long placed = rlyfs_place_next(c, buffer, word, length, entry);
    if (full && placed != RLYFS_RETRY && placed != RLYFS_STALLED && placed != RLYFS_SKIPPED)
        rlyfs_add(buffer, RLYFS_BUFFER_FULL, 1);
    return placed;
}

/* Takes space: the reserve word that names it, or one of enum relayfs_result. PATIENT: what will never fit is refused at once,
 * also by a full buffer, which counts nothing. */
static inline long rlyfs_take(const struct relayfs_channel *c, char *buffer, uint64_t length, char *entry, bool patient)
{
    int yields = 0;
    /* Who has skipped all of them finds none that is free, whatever the table says. */
    int64_t skips = (int64_t)c->sub_buffer_count;
    for (;;) {
        uint64_t word = rlyfs_reserve(c, buffer);
        if ((word & c->live_bit) == 0)
            return rlyfs_why_not_live(buffer);
        if (length > c->sub_buffer_size - (patient ? c->header_length : 0))
            return rlyfs_refuse(buffer, RELAYFS_TOO_BIG, length);
        if (rlyfs_offset(c, word) + length <= c->sub_buffer_size) {
            if (rlyfs_try_move(c, buffer, entry, word, length, 0, word, word + length))
                return (long)word;
            continue;
        }
        long placed = rlyfs_step(c, buffer, word, length, entry, patient);
        if (placed == RLYFS_STALLED || (placed == RLYFS_SKIPPED && skips-- <= 0)) {
            if (yields++ == RLYFS_MAX_YIELDS)
                return rlyfs_refuse(buffer, RELAYFS_STRAGGLER, length);
            sched_yield();
        } else if (placed != RLYFS_RETRY && placed != RLYFS_SKIPPED) {
            return placed;
        }
    }
}

/* Writing. */

static inline char *rlyfs_address(const struct relayfs_channel *c, uint64_t slot, uint64_t word)
{
    return c->data[slot] + rlyfs_index(c, word) * c->sub_buffer_size + rlyfs_offset(c, word);
}

RLYFS_FAST long rlyfs_write_at_once(const struct relayfs_channel *c, uint64_t slot, char *buffer, char *entry,
                                       const void *source, size_t length)
{
    uint64_t word = rlyfs_load_relaxed(buffer, RLYFS_BUFFER_RESERVE);
    uint64_t busy = rlyfs_load_relaxed(entry, RLYFS_ENTRY_WORD);
    /* Not live: the flipped bit makes the offset larger than any sub-buffer. Closed: S+1. Entry busy: its word is. */
    uint64_t end = (((word & c->live_mask) ^ c->live_bit) + length) | busy;
    if (RLYFS_UNLIKELY(end > c->sub_buffer_size || length - 1 >= c->sub_buffer_size))
        return RLYFS_RETRY;
    uint64_t total = rlyfs_load_relaxed(entry, RLYFS_ENTRY_TOTAL);
    uint64_t records = rlyfs_load_relaxed(entry, RLYFS_ENTRY_RECORDS);
    rlyfs_announce(entry, word, c->process_bits | rlyfs_bits(total, records) | length);
    if (RLYFS_UNLIKELY(!rlyfs_cas(buffer, RLYFS_BUFFER_RESERVE, word, word + length))) {
        rlyfs_withdraw(c, buffer, entry, word);
        return RLYFS_RETRY;
    }
    rlyfs_store_relaxed(entry, RLYFS_ENTRY_TOTAL, rlyfs_moved(total, length));
    /* Behind the CAS, which would wait for it. Damage, which the slow path finds: that the word was moved makes no difference. */
    if (RLYFS_UNLIKELY(rlyfs_index(c, word) >= c->sub_buffer_count)) {
        rlyfs_withdraw(c, buffer, entry, word);
        return RLYFS_RETRY;
    }
    memcpy(rlyfs_address(c, slot, word), source, length);
    rlyfs_store_release(entry, RLYFS_ENTRY_RECORDS, records + 1);
    rlyfs_withdraw(c, buffer, entry, word);
    return (long)length;
}

RLYFS_SLOW long rlyfs_write_next(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length);

/* One try, in this generation only: RLYFS_MOVED when another one takes the record. */
static inline long rlyfs_try_write(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length, bool patient)
{
    char *buffer = rlyfs_region(c, slot), *entry = rlyfs_enter(c, buffer);
    long placed = entry == NULL ? rlyfs_no_entry(buffer, length) : rlyfs_take(c, buffer, length, entry, patient);
    if (placed >= 0 && length > 0) {
        memcpy(rlyfs_address(c, slot, (uint64_t)placed), source, length);
        rlyfs_store_release(entry, RLYFS_ENTRY_RECORDS, rlyfs_load_relaxed(entry, RLYFS_ENTRY_RECORDS) + 1);
    }
    if (entry != NULL)
        rlyfs_leave(c, buffer, entry);
    if (placed >= 0)
        return (long)length;
    return rlyfs_is_over(c) ? RLYFS_MOVED : placed;
}

/* For a record that needs a switch, or whose thread has no entry that is free. */
RLYFS_SLOW long rlyfs_write_slowly(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length)
{
    long written = rlyfs_try_write(c, slot, source, length, false);
    return written == RLYFS_MOVED ? rlyfs_write_next(c, slot, source, length) : written;
}

/* For a thread that has no entry of its own, one locked instruction more; and for the first record of one that has. */
RLYFS_SLOW long rlyfs_write_claiming(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length)
{
    char *buffer = rlyfs_region(c, slot);
    if (rlyfs_here.channel != c->id && rlyfs_here.without != c->id)
        rlyfs_enter_thread(c);
    bool own = rlyfs_here.channel == c->id;
    char *entry = own ? buffer + rlyfs_here.entry : rlyfs_claim(c, buffer);
    if (entry == NULL)
        return rlyfs_write_slowly(c, slot, source, length);
    long written = rlyfs_write_at_once(c, slot, buffer, entry, source, length);
    if (!own)
        rlyfs_release(entry);
    return written == RLYFS_RETRY ? rlyfs_write_slowly(c, slot, source, length) : written;
}

/* Files. */

__attribute__((format(printf, 3, 4))) RLYFS_SLOW int rlyfs_fail(struct relayfs_channel *c, int error,
                                                               const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(c->message, sizeof c->message, format, arguments);
    va_end(arguments);
    return -error;
}

static inline uint64_t rlyfs_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* Maps a whole regular file that has at least so many bytes; NULL and errno when it cannot. */
RLYFS_SLOW char *rlyfs_map(int folder, const char *name, uint64_t minimum, bool writing, size_t *size)
{
    int fd = openat(folder, name, (writing ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    struct stat status;
    void *bytes = MAP_FAILED;
    if (fstat(fd, &status) != 0) {
        /* errno says why. */
    } else if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size < minimum) {
        errno = EUCLEAN;
    } else {
        *size = (size_t)status.st_size;
        bytes = mmap(NULL, *size, writing ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
    }
    int error = errno;
    close(fd);
    errno = error;
    return bytes == MAP_FAILED ? NULL : (char *)bytes;
}

static inline uint64_t rlyfs_data_size(const struct relayfs_channel *c)
{
    return (c->buffer_size + 4095) & ~UINT64_C(4095);
}

static inline void rlyfs_count_mapped(struct relayfs_channel *c)
{
    uint64_t mapped = 0;
    while (c->id != 0 && !rlyfs_is_over(c) && mapped < c->slots && c->data[mapped] != NULL)
        mapped++;
    __atomic_store_n(&c->mapped, mapped, __ATOMIC_RELEASE);
}

/* Maps a slot's buffer, if its owner has made one. The region of a slot without is not to be touched. */
RLYFS_SLOW void rlyfs_map_slot(struct relayfs_channel *c, uint64_t slot)
{
    char name[32];
    size_t size;
    (void)snprintf(name, sizeof name, "cpu%u", (unsigned)slot);
    if (c->data[slot] != NULL || faccessat(c->folder, name, F_OK, 0) != 0
        || rlyfs_load(rlyfs_region(c, slot), RLYFS_BUFFER_RESERVE) == 0)
        return;
    char *data = rlyfs_map(c->folder, name, rlyfs_data_size(c), c->id != 0, &size);
    if (data != NULL && size != rlyfs_data_size(c))
        (void)munmap(data, size);
    else if (data != NULL)
        __atomic_store_n(&c->data[slot], data, __ATOMIC_RELEASE);
    rlyfs_count_mapped(c);
}

/* The slot itself, if it has a buffer, else the first that has; SLOTS when there is none. Looks for new ones now and then. */
RLYFS_SLOW uint64_t rlyfs_slot_or_other(struct relayfs_channel *c, uint64_t slot)
{
    int error = errno;
    uint64_t now = rlyfs_now();
    if (now - __atomic_load_n(&c->looked_ns, __ATOMIC_RELAXED) > RLYFS_LOOK_NS
        && !__atomic_test_and_set(&c->is_mapping, __ATOMIC_ACQUIRE)) {
        __atomic_store_n(&c->looked_ns, now, __ATOMIC_RELAXED);
        rlyfs_map_slot(c, slot);
        __atomic_clear(&c->is_mapping, __ATOMIC_RELEASE);
    }
    errno = error;
    for (uint64_t other = slot;; other = 0) {
        for (; other < c->slots; other++)
            if (__atomic_load_n(&c->data[other], __ATOMIC_ACQUIRE) != NULL)
                return other;
        if (slot == 0)
            return c->slots;
        slot = 0;
    }
}

static inline uint64_t rlyfs_slot_of(const struct relayfs_channel *c, uint64_t cpu)
{
    if (cpu < c->slots)
        return cpu;
    return c->slots > 1 ? cpu % c->slots : 0;
}

static inline uint64_t rlyfs_current_slot(const struct relayfs_channel *c)
{
    return rlyfs_slot_of(c, (uint32_t)sched_getcpu());
}

RLYFS_SLOW struct relayfs_channel *rlyfs_follow(struct relayfs_channel *c);
RLYFS_SLOW void rlyfs_try_leave(struct relayfs_channel *c);
RLYFS_SLOW struct relayfs_channel *rlyfs_eyes(struct relayfs_channel *c);

/* The generation that takes all records, as far as is known; those before it are left on the way. An observer's attachment is
 * never left: its memory may not be written to. */
static inline struct relayfs_channel *rlyfs_present(struct relayfs_channel *c)
{
    for (; rlyfs_is_over(c); c = c->next)
        if (c->id != 0 && !__atomic_load_n(&c->is_left, __ATOMIC_RELAXED))
            rlyfs_try_leave(c);
    return c;
}

/* The youngest that is known. */
static inline struct relayfs_channel *rlyfs_youngest(const struct relayfs_channel *c)
{
    struct relayfs_channel *next = __atomic_load_n(&c->next, __ATOMIC_ACQUIRE), *last = next;
    for (; next != NULL; next = __atomic_load_n(&next->next, __ATOMIC_ACQUIRE))
        last = next;
    return last;
}

RLYFS_SLOW long rlyfs_write_elsewhere(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length)
{
    c = rlyfs_present(c);
    uint64_t other = c->id == 0 ? c->slots : rlyfs_slot_or_other(c, slot);
    if (other == c->slots)
        return RELAYFS_CLOSED;
    return rlyfs_write_claiming(c, other, source, length);
}

/* In the generation after one in whose buffer it was refused. */
RLYFS_SLOW long rlyfs_write_next(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length)
{
    struct relayfs_channel *next = rlyfs_follow(c);
    if (next == NULL || next->slots != c->slots)
        return RELAYFS_CLOSED;
    return rlyfs_write_elsewhere(next, slot, source, length);
}

RLYFS_FAST long rlyfs_write_to(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length)
{
    if (RLYFS_UNLIKELY(rlyfs_here.channel != c->id || slot >= __atomic_load_n(&c->mapped, __ATOMIC_ACQUIRE)))
        return rlyfs_write_elsewhere(c, slot, source, length);
    char *buffer = rlyfs_region(c, slot);
    long written = rlyfs_write_at_once(c, slot, buffer, buffer + rlyfs_here.entry, source, length);
    return RLYFS_UNLIKELY(written == RLYFS_RETRY) ? rlyfs_write_slowly(c, slot, source, length) : written;
}

/* Logs one record into the buffer of the current CPU. */
RLYFS_FAST long relayfs_write(struct relayfs_channel *c, const void *source, size_t length)
{
    return rlyfs_write_to(c, rlyfs_current_slot(c), source, length);
}

/* Asks to be woken when there is room in a buffer. Arm first, then try, then wait: either the try sees the room, or whoever makes
 * it sees that somebody waits, or the word has changed when the kernel looks at it. */
static inline uint32_t rlyfs_arm_room(char *buffer)
{
    uint64_t word = rlyfs_load(buffer, RLYFS_BUFFER_ROOM_WAITING);
    for (int i = 0; i < RLYFS_MAX_TRIES && (word & 1) == 0; i++) {
        if (rlyfs_cas(buffer, RLYFS_BUFFER_ROOM_WAITING, word, word | 1))
            word |= 1;
        else
            word = rlyfs_load(buffer, RLYFS_BUFFER_ROOM_WAITING);
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    return (uint32_t)word;
}

/* Now and then the sleep ends by itself: nobody wakes those of an owner that has died. */
static inline void rlyfs_await_room(char *buffer, uint32_t armed, uint64_t left_ns)
{
    int error = errno;
    uint64_t sleep_ns = rlyfs_min(left_ns, RLYFS_MAX_SLEEP_NS);
    struct timespec timeout = {(time_t)(sleep_ns / 1000000000), (long)(sleep_ns % 1000000000)};
    (void)syscall(SYS_futex, buffer + RLYFS_BUFFER_ROOM_WAITING, FUTEX_WAIT, armed, &timeout, NULL, 0);
    errno = error;
}

/* Waits for room in one generation. That it has given up is counted, what was refused meanwhile is not. */
static inline long rlyfs_write_waiting(struct relayfs_channel *c, uint64_t slot, const void *source, size_t length,
                                       uint64_t start_ns, uint64_t timeout_ns)
{
    char *buffer = rlyfs_region(c, slot);
    for (;;) {
        uint32_t armed = rlyfs_arm_room(buffer);
        long written = rlyfs_try_write(c, slot, source, length, true);
        if (written != RELAYFS_FULL)
            return written;
        uint64_t passed_ns = rlyfs_now() - start_ns;
        if (passed_ns >= timeout_ns)
            return rlyfs_refuse(buffer, RELAYFS_FULL, length);
        rlyfs_await_room(buffer, armed, timeout_ns - passed_ns);
    }
}

RLYFS_SLOW long rlyfs_write_in_time(struct relayfs_channel *c, const void *source, size_t length, uint64_t timeout_ns)
{
    uint64_t slot = rlyfs_current_slot(c), start_ns = rlyfs_now();
    for (c = rlyfs_present(c); c != NULL && c->id != 0; c = rlyfs_present(c)) {
        uint64_t other = rlyfs_slot_or_other(c, slot), slots = c->slots;
        if (other == slots)
            return RELAYFS_CLOSED;
        long written = rlyfs_write_waiting(c, other, source, length, start_ns, timeout_ns);
        if (written != RLYFS_MOVED)
            return written;
        c = rlyfs_follow(c);
        if (c == NULL || c->slots != slots)
            return RELAYFS_CLOSED;
    }
    return RELAYFS_CLOSED;
}

/* Logs one record, and waits while a channel that does not overwrite is full: asleep, until a reader has made room. RELAYFS_FULL:
 * there was none in time, which is counted then. Whatever else refuses a record does so at once. A signal does not end the wait. */
static inline long relayfs_write_timeout(struct relayfs_channel *c, const void *source, size_t length, uint64_t timeout_ns)
{
    uint64_t slot = rlyfs_current_slot(c);
    if (!RLYFS_UNLIKELY(rlyfs_here.channel != c->id || slot >= __atomic_load_n(&c->mapped, __ATOMIC_ACQUIRE))) {
        char *buffer = rlyfs_region(c, slot);
        long written = rlyfs_write_at_once(c, slot, buffer, buffer + rlyfs_here.entry, source, length);
        if (written != RLYFS_RETRY)
            return written;
    }
    return rlyfs_write_in_time(c, source, length, timeout_ns);
}

/* Logs one record into the buffer of a given CPU. -EINVAL: there can be no such CPU. */
static inline long relayfs_write_to(struct relayfs_channel *c, unsigned cpu, const void *source, size_t length)
{
    if (cpu >= c->slots && !c->global)
        return -EINVAL;
    return rlyfs_write_to(c, rlyfs_slot_of(c, cpu), source, length);
}

/* Reservations. */

/* Reserves space for one record in the current CPU's buffer. At most 64 can be open in a buffer, those of all processes
 * together. Any thread may commit or abort it, once. A result below 0: nothing is reserved. */
static inline long relayfs_reserve(struct relayfs_channel *c, struct relayfs_reservation *r, size_t length)
{
    uint64_t slot = rlyfs_current_slot(c);
    long placed = RLYFS_MOVED;
    memset(r, 0, sizeof *r);
    for (c = rlyfs_present(c); placed == RLYFS_MOVED; c = rlyfs_present(r->channel)) {
        uint64_t other = c->id == 0 ? c->slots : rlyfs_slot_or_other(c, slot);
        if (other == c->slots)
            return RELAYFS_CLOSED;
        char *buffer = rlyfs_region(c, other), *entry = rlyfs_claim_patiently(c, buffer);
        placed = entry == NULL ? rlyfs_no_entry(buffer, length) : rlyfs_take(c, buffer, length, entry, false);
        if (entry != NULL && (placed < 0 || length == 0))
            rlyfs_leave(c, buffer, entry);
        r->channel = c;
        if (placed >= 0 && length > 0) {
            r->memory = rlyfs_address(c, other, (uint64_t)placed);
            r->length = length;
            r->buffer = buffer;
            r->entry = entry;
            r->word = (uint64_t)placed;
            return (long)length;
        }
        if (placed < 0 && (placed == RLYFS_MOVED || rlyfs_is_over(c))) {
            placed = RLYFS_MOVED;
            r->channel = rlyfs_follow(c);
            if (r->channel == NULL)
                return RELAYFS_CLOSED;
        }
    }
    r->channel = NULL;
    return placed < 0 ? placed : 0;
}

/* True when a reset has thrown its sub-buffer away. */
static inline bool rlyfs_is_thrown_away(const struct relayfs_channel *c, char *buffer, uint64_t word)
{
    return rlyfs_position(c, word) < rlyfs_load_relaxed(buffer, RLYFS_BUFFER_BASE);
}

static inline void rlyfs_finish(struct relayfs_reservation *r)
{
    if (r->channel != NULL)
        rlyfs_leave(r->channel, r->buffer, r->entry);
    memset(r, 0, sizeof *r);
}

/* The record is complete. */
static inline void relayfs_commit(struct relayfs_reservation *r)
{
    if (r->channel != NULL && !rlyfs_is_thrown_away(r->channel, r->buffer, r->word))
        rlyfs_store_release(r->entry, RLYFS_ENTRY_RECORDS, rlyfs_load_relaxed(r->entry, RLYFS_ENTRY_RECORDS) + 1);
    rlyfs_finish(r);
}

/* Takes it back, if nothing was reserved behind it. */
static inline bool rlyfs_give_back(const struct relayfs_reservation *r)
{
    uint64_t total = rlyfs_load_relaxed(r->entry, RLYFS_ENTRY_TOTAL), length = r->length;
    uint64_t records = rlyfs_bits(0, rlyfs_load_relaxed(r->entry, RLYFS_ENTRY_RECORDS));
    uint64_t extent = r->channel->process_bits | length | records;
    rlyfs_store_relaxed(r->entry, RLYFS_ENTRY_DELTA, 0 - length);
    /* From here on the space may be somebody else's. */
    rlyfs_store_relaxed(r->entry, RLYFS_ENTRY_EXTENT, extent | rlyfs_bits(total, 0) | RLYFS_MOVES | RLYFS_RETURNS);
    if (rlyfs_cas(r->buffer, RLYFS_BUFFER_RESERVE, r->word + length, r->word)) {
        rlyfs_store_relaxed(r->entry, RLYFS_ENTRY_TOTAL, rlyfs_moved(total, 0 - length));
        /* Before the announcement goes, for those who read the open sub-buffer. */
        rlyfs_add(r->buffer, RLYFS_BUFFER_RETURNED, 1);
        return true;
    }
    rlyfs_store_relaxed(r->entry, RLYFS_ENTRY_EXTENT, extent | rlyfs_bits(total ^ 1, 0));
    return false;
}

/* Marks a hole, if there is a place for it in the sub-buffer. */
static inline bool rlyfs_mark_hole(const struct relayfs_channel *c, char *buffer, uint64_t word, uint64_t length)
{
    char *sub = rlyfs_sub_buffer(buffer, rlyfs_index(c, word));
    int64_t mark = (int64_t)rlyfs_lap(c, word) + 1;
    for (uint64_t i = 0; i < RLYFS_SUB_HOLE_COUNT; i++) {
        uint64_t hole = RLYFS_SUB_HOLES + i * RLYFS_SUB_HOLE_STRIDE;
        int64_t taken = (int64_t)rlyfs_load_acquire(sub, hole);
        if (taken < mark && taken > -mark && rlyfs_cas(sub, hole, (uint64_t)taken, (uint64_t)-mark)) {
            rlyfs_store_relaxed(sub, hole + 8, rlyfs_offset(c, word) << 32 | length);
            rlyfs_store_release(sub, hole, (uint64_t)mark);
            return true;
        }
    }
    return false;
}

/* Gives the space back, or leaves a hole that readers pass over. */
static inline void relayfs_abort(struct relayfs_reservation *r)
{
    if (r->channel != NULL && !rlyfs_give_back(r)) {
        const struct relayfs_channel *c = r->channel;
        memset(r->memory, 0, r->length);
        /* After a reset nobody reads it; when it took too long the owner has marked and counted it. */
        if (!rlyfs_is_thrown_away(c, r->buffer, r->word)
            && !rlyfs_is_given_up(c, r->buffer, rlyfs_position(c, r->word))) {
            (void)rlyfs_mark_hole(c, r->buffer, r->word, r->length);
            rlyfs_add(r->buffer, RLYFS_BUFFER_ABANDONED, 1);
            rlyfs_add(r->buffer, RLYFS_BUFFER_ABANDONED_BYTES, r->length);
        }
    }
    rlyfs_finish(r);
}

/* Life. */

/* False when the owner is certainly gone, or has closed its relay: nobody reads what is written. A system call. */
static inline bool relayfs_is_owner_alive(const struct relayfs_channel *c)
{
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_len = 1;
    return fcntl(c->locks, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

/* True once the channel is closed: writes are refused for good, and what is in it can still be read. */
static inline bool relayfs_is_closed(const struct relayfs_channel *c)
{
    const struct relayfs_channel *last = rlyfs_youngest(c);
    return rlyfs_load(last != NULL ? last->meta : c->meta, RLYFS_CHANNEL_STATE) == RLYFS_CHANNEL_STATE_CLOSED;
}

/* How many slots for buffers there are: possible CPUs, or 1. */
static inline unsigned relayfs_slots(const struct relayfs_channel *c)
{
    return (unsigned)c->slots;
}

static inline size_t relayfs_sub_buffer_size(const struct relayfs_channel *c)
{
    const struct relayfs_channel *last = rlyfs_youngest(c);
    return (size_t)(last != NULL ? last : c)->sub_buffer_size;
}

static inline size_t relayfs_sub_buffer_count(const struct relayfs_channel *c)
{
    const struct relayfs_channel *last = rlyfs_youngest(c);
    return (size_t)(last != NULL ? last : c)->sub_buffer_count;
}

/* The sub-buffers of a slot, as mmap of its relay file shows them; NULL when it has no buffer. */
static inline const char *relayfs_data(struct relayfs_channel *c, unsigned slot)
{
    if (rlyfs_youngest(c) != NULL)
        c = rlyfs_youngest(c);
    if (slot >= c->slots || rlyfs_slot_or_other(c, slot) != slot)
        return NULL;
    return c->data[slot];
}

/* Observing. */

/* Where the last reset began. */
static inline uint64_t rlyfs_base(const struct relayfs_channel *c, char *buffer)
{
    uint64_t base = rlyfs_load(buffer, RLYFS_BUFFER_BASE);
    return rlyfs_bounded(c, buffer, base, rlyfs_position(c, rlyfs_reserve(c, buffer)) + c->sub_buffer_count);
}

/* The oldest sub-buffer whose bytes no later lap has touched. */
static inline uint64_t rlyfs_oldest(const struct relayfs_channel *c, char *buffer)
{
    uint64_t next = rlyfs_position(c, rlyfs_reserve(c, buffer)) + 1;
    return next - rlyfs_min(next, c->sub_buffer_count);
}

/* How many sub-buffers have been closed. */
static inline uint64_t rlyfs_closed_position(const struct relayfs_channel *c, uint64_t word)
{
    return rlyfs_position(c, word) + !rlyfs_is_open(c, word);
}

static inline void rlyfs_miss_up_to(struct relayfs_observer *o, uint64_t position)
{
    if (o->position >= position)
        return;
    /* Of one that it has read while it was open it cannot tell whether more has come, unless it was full. */
    o->missed += position - o->position - (o->offset == o->channel->sub_buffer_size);
    o->position = position;
    o->offset = 0;
}

/* Passes over what a reset has thrown away, and what was used again. Who is overtaken again and again starts further ahead,
 * because the oldest is always the next to go. */
static inline void rlyfs_keep_up(struct relayfs_observer *o)
{
    uint64_t base = rlyfs_base(o->channel, o->buffer);
    if (base != o->base) {
        o->base = base;
        o->has_origin = false;
        if (o->position < base) {
            o->position = base;
            o->offset = 0;
        }
    }
    rlyfs_miss_up_to(o, rlyfs_oldest(o->channel, o->buffer));
    if (o->lapped > RLYFS_MAX_LAPPED) {
        o->lapped = 0;
        rlyfs_miss_up_to(o, rlyfs_delivered(o->channel, o->buffer) - 1);
    }
}

/* Payload of a delivered sub-buffer; 0 when it was skipped. */
static inline uint64_t rlyfs_payload(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    uint64_t info = rlyfs_load(rlyfs_sub_buffer(buffer, position % c->sub_buffer_count), RLYFS_SUB_INFO);
    uint64_t payload = info & c->offset_mask;
    return rlyfs_info_lap(c, info) == position / c->sub_buffer_count && payload <= c->sub_buffer_size ? payload : 0;
}

/* How many bytes of the open sub-buffer are there, up to the first that somebody announces; 0 when it is not open. If no
 * reservation was given back meanwhile, who has reserved before the word is still announced, or has stored his bytes. */
static inline uint64_t rlyfs_settled(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    for (int tries = 0; tries < RLYFS_MAX_TRIES; tries++) {
        uint64_t returned = rlyfs_load(buffer, RLYFS_BUFFER_RETURNED);
        uint64_t word = rlyfs_reserve(c, buffer);
        if (rlyfs_position(c, word) != position || !rlyfs_is_open(c, word))
            return 0;
        uint64_t limit = rlyfs_offset(c, word);
        uint64_t claimed = rlyfs_claimed_used(c), end = rlyfs_end_of_threads(c);
        for (uint64_t i = rlyfs_first_entry(claimed); i < end; i = rlyfs_next_entry(i, claimed)) {
            uint64_t announced = rlyfs_load_acquire(rlyfs_entry(buffer, i), RLYFS_ENTRY_WORD);
            if (announced != 0 && rlyfs_place(c, announced) == rlyfs_place(c, word))
                limit = rlyfs_min(limit, rlyfs_offset(c, announced));
        }
        if (rlyfs_load(buffer, RLYFS_BUFFER_RETURNED) == returned)
            return limit;
    }
    return 0;
}

/* The next bytes that are no hole: from *BEGIN, which may be moved on, to what is returned. */
static inline uint64_t rlyfs_piece(const struct relayfs_channel *c, char *buffer, uint64_t position, uint64_t *begin,
                                   uint64_t limit)
{
    char *sub = rlyfs_sub_buffer(buffer, position % c->sub_buffer_count);
    uint64_t mark = position / c->sub_buffer_count + 1, end = limit;
    if (rlyfs_load(sub, RLYFS_SUB_GIVEN_UP) == (mark << 1 | 1))
        *begin = limit;
    /* A hole may follow another, in any order. */
    for (uint64_t round = 0, before = limit + 1; round < RLYFS_SUB_HOLE_COUNT && before != *begin; round++) {
        before = *begin;
        end = limit;
        for (uint64_t i = 0; i < RLYFS_SUB_HOLE_COUNT; i++) {
            uint64_t hole = RLYFS_SUB_HOLES + i * RLYFS_SUB_HOLE_STRIDE;
            uint64_t from = 0, to = 0;
            if (rlyfs_load_acquire(sub, hole) == mark) {
                uint64_t extent = rlyfs_load_relaxed(sub, hole + 8);
                from = extent >> 32;
                to = rlyfs_min(from + (extent & UINT32_MAX), limit);
            }
            if (from <= *begin && *begin < to)
                *begin = to;
            else if (from > *begin && from < end)
                end = from;
        }
    }
    return end;
}

/* Copies what is there of the observer's sub-buffer from its offset on, and moves the offset. */
static inline size_t rlyfs_copy(struct relayfs_observer *o, uint64_t limit, char *target, size_t size)
{
    const char *data = o->data + o->position % o->channel->sub_buffer_count * o->channel->sub_buffer_size;
    size_t copied = 0;
    while (o->offset < limit && copied < size) {
        uint64_t begin = o->offset;
        uint64_t end = rlyfs_piece(o->channel, o->buffer, o->position, &begin, limit);
        uint64_t length = rlyfs_min(end - begin, size - copied);
        memcpy(target + copied, data + begin, length);
        copied += length;
        o->offset = begin + length;
    }
    return copied;
}

/* What was closed since the observer began, less what it has passed and what is ahead of it: what it has missed. The words of
 * the sum belong together if the same sub-buffer was open before and after, and every closer was done. */
static inline bool rlyfs_look_for_missed(struct relayfs_observer *o)
{
    const struct relayfs_channel *c = o->channel;
    uint64_t word = rlyfs_reserve(c, o->buffer), end = rlyfs_closed_position(c, word), ahead = 0;
    uint64_t closed = rlyfs_load(o->buffer, RLYFS_BUFFER_CLOSED_BYTES);
    if (o->position + c->sub_buffer_count <= rlyfs_position(c, word))
        return false;
    for (uint64_t each = o->position; each < end; each++) {
        if (!rlyfs_is_closed_at(c, o->buffer, each))
            return false;
        ahead += rlyfs_payload(c, o->buffer, each);
    }
    uint64_t after = rlyfs_reserve(c, o->buffer);
    if (rlyfs_closed_position(c, after) != end || rlyfs_is_open(c, after) != rlyfs_is_open(c, word)
        || rlyfs_load(o->buffer, RLYFS_BUFFER_CLOSED_BYTES) != closed)
        return false;
    uint64_t sum = closed + o->offset - o->passed - ahead;
    if (!o->has_origin)
        o->origin = sum - o->missed_bytes;
    o->has_origin = true;
    if ((int64_t)(sum - o->origin - o->missed_bytes) > 0)
        o->missed_bytes = sum - o->origin;
    return true;
}

/* Bytes that were used again before the observer had them, holes and headers included. Takes a look at each sub-buffer. */
static inline uint64_t relayfs_observe_missed(struct relayfs_observer *o)
{
    for (int tries = 0; o->channel != NULL && tries < RLYFS_MAX_TRIES; tries++) {
        rlyfs_keep_up(o);
        if (rlyfs_look_for_missed(o))
            break;
    }
    return o->missed_bytes;
}

/* Places an observer at the oldest bytes of a buffer; false when the slot has none. */
static inline bool rlyfs_observe_in(struct relayfs_observer *o, struct relayfs_channel *c, uint64_t slot)
{
    if (slot >= c->slots || rlyfs_slot_or_other(c, slot) != slot)
        return false;
    o->data = c->data[slot];
    o->channel = c;
    o->buffer = rlyfs_region(c, slot);
    o->base = rlyfs_base(c, o->buffer);
    o->position = o->base;
    o->offset = 0;
    o->has_origin = false;
    o->since_ns = 0;
    rlyfs_miss_up_to(o, rlyfs_oldest(c, o->buffer));
    return true;
}

/* The same, or in the next generation, where its files had gone before they were mapped. */
static inline bool rlyfs_observe_from(struct relayfs_observer *o, struct relayfs_channel *c, uint64_t slot)
{
    for (; c != NULL; c = rlyfs_follow(c))
        if (rlyfs_observe_in(o, c, slot))
            return true;
        else if (rlyfs_load(c->meta, RLYFS_CHANNEL_STATE) != RLYFS_CHANNEL_STATE_MOVED)
            return false;
    return false;
}

/* Bytes of all closed sub-buffers, those of former generations included, once that before this one has gone. */
static inline uint64_t rlyfs_all_bytes(char *buffer)
{
    return rlyfs_load(buffer, RLYFS_BUFFER_FORMER_BYTES) + rlyfs_load(buffer, RLYFS_BUFFER_CLOSED_BYTES);
}

/* Goes on in a later generation. What was in those between, which have gone, was missed. */
static inline void rlyfs_observe_later(struct relayfs_observer *o, struct relayfs_channel *next)
{
    const struct relayfs_channel *c = o->channel;
    uint64_t before = rlyfs_all_bytes(o->buffer);
    if (!rlyfs_observe_from(o, next, (uint64_t)(o->buffer - c->regions) >> c->stride_shift))
        return;
    uint64_t former = rlyfs_load(o->buffer, RLYFS_BUFFER_FORMER_BYTES);
    if (o->channel->generation > c->generation + 1 && former > before)
        o->missed_bytes += former - before;
    (void)relayfs_observe_missed(o);
}

/* Begins to observe a buffer. -ENODEV: the slot has none. Otherwise another -errno: the channel cannot be mapped. */
static inline int relayfs_observe(struct relayfs_observer *o, struct relayfs_channel *c, unsigned slot,
                                  enum relayfs_start start)
{
    memset(o, 0, sizeof *o);
    c = rlyfs_eyes(c);
    if (c == NULL)
        return -errno;
    if (rlyfs_youngest(c) != NULL)
        c = rlyfs_youngest(c);
    if (!rlyfs_observe_from(o, c, slot))
        return -ENODEV;
    c = o->channel;
    uint64_t consumed = rlyfs_consumed(c, o->buffer);
    if (start == RELAYFS_UNREAD && consumed >= o->position) {
        o->position = consumed;
        o->offset = rlyfs_min(rlyfs_load_relaxed(o->buffer, RLYFS_BUFFER_READ_OFFSET), c->sub_buffer_size);
    } else if (start == RELAYFS_NEWEST) {
        while (rlyfs_load(o->buffer, RLYFS_BUFFER_FINALIZED) == RLYFS_BUFFER_MOVED && (c = rlyfs_follow(c)) != NULL)
            if (!rlyfs_observe_from(o, c, slot))
                return -ENODEV;
            else
                c = o->channel;
        c = o->channel;
        /* Up to what is settled: behind that, a record could still be given back, and another begin in its place. */
        o->position = rlyfs_closed_position(c, rlyfs_reserve(c, o->buffer));
        o->offset = rlyfs_settled(c, o->buffer, o->position);
    }
    o->missed = 0;
    (void)relayfs_observe_missed(o);
    return 0;
}

/* A sub-buffer that a reset has passed over while somebody was in it is not. */
static inline bool rlyfs_is_whole(const struct relayfs_channel *c, char *buffer, uint64_t position)
{
    char *sub = rlyfs_sub_buffer(buffer, position % c->sub_buffer_count);
    return rlyfs_load(sub, RLYFS_SUB_COMPLETE) > position / c->sub_buffer_count || rlyfs_is_given_up(c, buffer, position);
}

/* True when nothing will come: of a channel that was closed. Nobody waits more than a second for a record that is not
 * finished. */
static inline bool rlyfs_has_had_all(struct relayfs_observer *o)
{
    const struct relayfs_channel *c = o->channel;
    uint64_t word = rlyfs_reserve(c, o->buffer), now = rlyfs_now();
    bool last = o->position == rlyfs_position(c, word) && rlyfs_is_open(c, word);
    if (last ? o->offset >= rlyfs_offset(c, word) : o->position >= rlyfs_closed_position(c, word))
        return true;
    if (o->since_ns == 0)
        o->since_ns = now;
    return now - o->since_ns > RLYFS_PATIENCE_NS;
}

/* Takes what is there of one sub-buffer, and goes on to the next one behind the end. False when nothing can come now. */
static inline bool rlyfs_take_next(struct relayfs_observer *o, char *target, size_t size, size_t *copied)
{
    struct relayfs_channel *c = o->channel;
    bool closed = o->position < rlyfs_delivered(c, o->buffer);
    uint64_t position = o->position, offset = o->offset, limit = 0;
    if (!closed)
        limit = rlyfs_settled(c, o->buffer, position);
    else if (rlyfs_is_whole(c, o->buffer, position))
        limit = rlyfs_payload(c, o->buffer, position);
    *copied = rlyfs_copy(o, limit, target, size);
    uint64_t reached = o->offset;
    /* The bytes before the look at the word: it says whether they were still those. */
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (position < rlyfs_oldest(c, o->buffer)) {
        o->offset = offset;
        o->lapped++;
        *copied = 0;
        return true;
    }
    o->lapped = 0;
    o->passed += reached - offset;
    if (closed && reached >= limit) {
        o->position++;
        o->offset = 0;
    }
    return closed;
}

/*
 * Copies the next bytes, at most SIZE, all from one sub-buffer; a record may be cut by SIZE, as by read(2). Consumes nothing.
 * When MISSED has grown, what was missed lies before these bytes.
 *
 * Returns their number; 0: nothing now; RELAYFS_CLOSED: the channel is closed, and nothing will come; RELAYFS_DAMAGED.
 */
static inline long relayfs_observe_next(struct relayfs_observer *o, void *target, size_t size)
{
    struct relayfs_channel *c = o->channel;
    if (c == NULL)
        return RELAYFS_CLOSED;
    uint64_t end = rlyfs_load(o->buffer, RLYFS_BUFFER_FINALIZED);
    if (end == RLYFS_BUFFER_DAMAGED || !rlyfs_is_reserve_word(c, rlyfs_load(o->buffer, RLYFS_BUFFER_RESERVE)))
        return RELAYFS_DAMAGED;
    /* Empty ones are passed over, each at most once. */
    for (uint64_t left = c->sub_buffer_count + RLYFS_MAX_LAPPED; size > 0 && left > 0; left--) {
        size_t copied = 0;
        rlyfs_keep_up(o);
        bool more = rlyfs_take_next(o, (char *)target, size, &copied);
        if (copied > 0)
            return (long)copied;
        if (!more)
            break;
    }
    if (end == 0 || !rlyfs_has_had_all(o))
        return 0;
    if (end != RLYFS_BUFFER_MOVED)
        return RELAYFS_CLOSED;
    /* Resized: what comes is in the next generation. */
    struct relayfs_channel *next = rlyfs_follow(c);
    if (next == NULL)
        return RELAYFS_CLOSED;
    rlyfs_observe_later(o, next);
    return 0;
}

/*
 * Waiting for a delivery, in any buffer of the channel: first arm, then look whether there is something, and if not, wait for
 * what was armed. Bound the wait: nobody wakes for a record in an open sub-buffer, or when the owner dies.
 */
static inline uint32_t relayfs_arm(struct relayfs_channel *c)
{
    if (rlyfs_youngest(c) != NULL)
        c = rlyfs_youngest(c);
    for (;;) {
        uint64_t word = rlyfs_load(c->bell, RLYFS_CHANNEL_WAITING);
        if ((word & 1) != 0 || rlyfs_cas(c->bell, RLYFS_CHANNEL_WAITING, word, word | 1))
            return (uint32_t)(word | 1);
    }
}

/* Sleeps until somebody delivers, or has since ARMED was returned, or for so many milliseconds; maybe for less. */
static inline void relayfs_wait(struct relayfs_channel *c, uint32_t armed, unsigned milliseconds)
{
    struct timespec timeout;
    int error = errno;
    if (rlyfs_youngest(c) != NULL)
        c = rlyfs_youngest(c);
    timeout.tv_sec = (time_t)(milliseconds / 1000);
    timeout.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    (void)syscall(SYS_futex, c->bell + RLYFS_CHANNEL_WAITING, FUTEX_WAIT, armed, &timeout, NULL, 0);
    errno = error;
}

/* Attaching. */

RLYFS_SLOW int rlyfs_check_layout(struct relayfs_channel *c, const char *path)
{
    uint64_t version = rlyfs_load_acquire(c->meta, RLYFS_CHANNEL_VERSION);
    uint64_t magic = rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_MAGIC);
    if (version != RLYFS_LAYOUT_VERSION || magic != RLYFS_MAGIC)
        return rlyfs_fail(c, EPROTONOSUPPORT, "%s: layout of the shared memory: version=%llu%s, known here=%d", path,
                          (unsigned long long)version, magic != RLYFS_MAGIC ? " (not relayfs)" : "",
                          (int)RLYFS_LAYOUT_VERSION);
    return 0;
}

static inline int rlyfs_bits_of(uint64_t value)
{
    return value == 0 ? 0 : 64 - __builtin_clzll(value);
}

/* Derives all numbers from S, N and the number of slots; false when they cannot be. */
static inline bool rlyfs_shape(struct relayfs_channel *c, uint64_t size, uint64_t count, uint64_t slots, uint64_t flags)
{
    int offset_bits = rlyfs_bits_of(size + 1);
    if (size < 1 || size > RLYFS_MAX_BUFFER_SIZE || count < 1 || count > RLYFS_MAX_SUB_BUFFERS
        || size * count > RLYFS_MAX_BUFFER_SIZE || slots < 1 || slots > RLYFS_MAX_SLOTS)
        return false;
    c->slots = slots;
    c->sub_buffer_size = size;
    c->sub_buffer_count = count;
    c->buffer_size = size * count;
    c->offset_mask = (UINT64_C(1) << offset_bits) - 1;
    c->live_bit = UINT64_C(1) << offset_bits;
    c->live_mask = c->live_bit | c->offset_mask;
    c->index_shift = offset_bits + 1;
    c->index_bits = rlyfs_bits_of(count - 1);
    c->index_mask = (UINT64_C(1) << c->index_bits) - 1;
    c->stride_shift = rlyfs_bits_of(((RLYFS_BUFFER_SUB_BUFFERS + count * RLYFS_SUB_STRIDE + 4095) & ~UINT64_C(4095)) - 1);
    c->overwrite = (flags & RLYFS_CHANNEL_FLAG_OVERWRITE) != 0;
    c->global = (flags & RLYFS_CHANNEL_FLAG_GLOBAL) != 0;
    c->header_length = (flags & RLYFS_CHANNEL_FLAG_PADDING_HEADER) != 0 ? 8 : 0;
    if ((flags & RLYFS_CHANNEL_FLAG_SHORT_PADDING_HEADER) != 0)
        c->header_length += 4; /* both would be 12, which is damage */
    if ((flags & RLYFS_CHANNEL_FLAG_EVENTS) != 0)
        return (c->header_length += RLYFS_EVENT_SUB_BUFFER_SIZE) == RLYFS_EVENT_SUB_BUFFER_SIZE
            && size >= RLYFS_EVENT_MIN_SUB_BUFFER_SIZE;
    return c->header_length <= 8 && (c->header_length == 0 || c->header_length + 1 < size);
}

/* Which entries the threads of a process have, by its slot. */
static inline void rlyfs_take_range(struct relayfs_channel *c, uint64_t process)
{
    c->process = process;
    c->process_bits = process << 32;
    c->first_entry = RLYFS_ENTRY_CLAIMED_ENTRIES;
    c->entry_count = RLYFS_ENTRY_OWNER_ENTRIES;
    if (process > 0) {
        c->first_entry += RLYFS_ENTRY_OWNER_ENTRIES + (process - 1) * RLYFS_ENTRY_RANGE_ENTRIES;
        c->entry_count = process <= RLYFS_ENTRY_RANGES ? RLYFS_ENTRY_RANGE_ENTRIES : 0;
    }
}

RLYFS_SLOW int rlyfs_map_meta(struct relayfs_channel *c, const char *path, bool writing)
{
    c->meta = rlyfs_map(c->folder, "meta", RLYFS_CHANNEL_SIZE, writing, &c->meta_size);
    if (c->meta == NULL)
        return rlyfs_fail(c, errno, "%s/meta: %s", path, strerror(errno));
    int result = rlyfs_check_layout(c, path);
    if (result < 0)
        return result;
    uint64_t flags = rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_FLAGS);
    if (writing && (flags & RLYFS_CHANNEL_FLAG_CALLBACKS) != 0)
        return rlyfs_fail(c, EOPNOTSUPP, "%s: it has callbacks, so only its owner can write to it", path);
    if (writing && (flags & RLYFS_CHANNEL_FLAG_EVENTS) != 0)
        return rlyfs_fail(c, EOPNOTSUPP, "%s: it is a channel of events, which this cannot write", path);
    if ((flags & ~(2 * (uint64_t)RLYFS_CHANNEL_FLAG_EVENTS - 1)) != 0)
        return rlyfs_fail(c, EOPNOTSUPP, "%s: it has properties that are not known here", path);
    if (!rlyfs_shape(c, rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_SUB_BUFFER_SIZE),
                     rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_SUB_BUFFER_COUNT),
                     rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_BUFFER_SLOTS), flags)
        || rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_BUFFER_STRIDE) != UINT64_C(1) << c->stride_shift
        || c->meta_size < RLYFS_CHANNEL_SIZE + (c->slots << c->stride_shift))
        return rlyfs_fail(c, EUCLEAN, "%s: meta is damaged", path);
    c->regions = c->meta + RLYFS_CHANNEL_SIZE;
    c->first_lock = rlyfs_load_relaxed(c->meta, RLYFS_CHANNEL_LOCKS) & (uint64_t)INT32_MAX;
    return 0;
}

/* True when a process has announced something in a buffer, or claimed an entry. */
RLYFS_SLOW bool rlyfs_is_in(const struct relayfs_channel *c, char *buffer, uint64_t process)
{
    uint64_t claimed = rlyfs_claimed_used(c), end = rlyfs_end_of_threads(c);
    for (uint64_t i = 0; i < end; i++) {
        char *entry = rlyfs_entry(buffer, i);
        if ((i < claimed && rlyfs_load_acquire(entry, RLYFS_ENTRY_OWNER) == process + 1)
            || (rlyfs_load_acquire(entry, RLYFS_ENTRY_WORD) != 0
                && (rlyfs_load_acquire(entry, RLYFS_ENTRY_EXTENT) >> 32 & 0xFF) == process))
            return true;
    }
    return false;
}

RLYFS_SLOW bool rlyfs_is_in_flight(const struct relayfs_channel *c, uint64_t process)
{
    for (uint64_t slot = 0; slot < c->slots; slot++) {
        char name[32];
        (void)snprintf(name, sizeof name, "cpu%u", (unsigned)slot);
        if (faccessat(c->folder, name, F_OK, 0) == 0 && rlyfs_is_in(c, rlyfs_region(c, slot), process))
            return true;
    }
    return false;
}

/* When this process was started, in clock ticks since boot: for people who look. 0 where it cannot be told. */
RLYFS_SLOW uint64_t rlyfs_start_time(void)
{
    char text[2048];
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[length > 0 ? length : 0] = 0;
    /* The name of the program, in parentheses, may hold anything. The 20th word behind it. */
    char *field = strrchr(text, ')');
    for (int i = 0; field != NULL && i < 20; i++)
        field = strchr(field + 1, ' ');
    return field == NULL ? 0 : strtoull(field, NULL, 10);
}

RLYFS_SLOW bool rlyfs_lock(const struct relayfs_channel *c, uint64_t process, short type)
{
    struct flock lock;
    memset(&lock, 0, sizeof lock);
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = (off_t)(c->first_lock + process);
    lock.l_len = 1;
    return fcntl(c->locks, F_OFD_SETLK, &lock) == 0;
}

/* Takes a free slot, or that of a process that is dead and owes nothing: its lock first, then its words. */
RLYFS_SLOW int rlyfs_take_slot(struct relayfs_channel *c, const char *path)
{
    for (uint64_t process = 1; process < RLYFS_CHANNEL_PROCESS_SLOTS; process++) {
        uint64_t at = RLYFS_CHANNEL_PROCESSES + process * RLYFS_CHANNEL_PROCESS_STRIDE;
        if (!rlyfs_lock(c, process, F_WRLCK)) {
            if (errno != EAGAIN && errno != EACCES)
                return rlyfs_fail(c, errno, "%s: locks: %s", path, strerror(errno));
            continue;
        }
        uint64_t pid = rlyfs_load_acquire(c->meta, at);
        if ((pid == 0 || !rlyfs_is_in_flight(c, process)) && rlyfs_cas(c->meta, at, pid, (uint64_t)c->pid)) {
            rlyfs_store_relaxed(c->meta, at + 8, rlyfs_start_time());
            rlyfs_take_range(c, process);
            return 0;
        }
        (void)rlyfs_lock(c, process, F_UNLCK);
    }
    return rlyfs_fail(c, EUSERS, "%s: too many processes have attached: limit=%d", path,
                      (int)RLYFS_CHANNEL_PROCESS_SLOTS - 1);
}

RLYFS_SLOW int rlyfs_enter_process(struct relayfs_channel *c, const char *path)
{
    size_t size = 0;
    int result = rlyfs_take_slot(c, path);
    if (result < 0)
        return result;
    c->id = rlyfs_now();
    c->bell = c->meta;
    c->has_barrier = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0;
    c->doorbell = rlyfs_map(c->folder, c->is_resized ? "../../doorbell" : "../doorbell", 4096, true, &size);
    if (c->doorbell == NULL)
        return rlyfs_fail(c, errno, "%s/../doorbell: %s", path, strerror(errno));
    return 0;
}

/* All that an observer may store: that it waits. */
RLYFS_SLOW int rlyfs_map_bell(struct relayfs_channel *c, const char *path)
{
    int fd = openat(c->folder, "meta", O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    void *page = fd < 0 ? MAP_FAILED : mmap(NULL, RLYFS_CHANNEL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (page == MAP_FAILED)
        return rlyfs_fail(c, error, "%s/meta: %s", path, strerror(error));
    c->bell = (char *)page;
    return 0;
}

/* The channel's folder of shared memory, by itself or by what the file `memory` of a directory on a mount names. */
RLYFS_SLOW int rlyfs_open_folder(struct relayfs_channel *c, const char *path)
{
    char named[4096] = "";
    int folder = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (folder < 0)
        return rlyfs_fail(c, errno, "%s: %s", path, strerror(errno));
    int file = openat(folder, "memory", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 && errno == ENOENT) {
        c->channel = folder;
        return 0;
    }
    int error = errno;
    ssize_t length = file < 0 && error != ENOTDIR ? -1 : read(file < 0 ? folder : file, named, sizeof named - 1);
    if (length < 0 && (file >= 0 || error == ENOTDIR))
        error = errno;
    if (file >= 0)
        close(file);
    close(folder);
    if (length < 0)
        return rlyfs_fail(c, error, "%s/memory: %s", path, strerror(error));
    if (length == 0 || named[0] == '\n')
        return rlyfs_fail(c, ENXIO, "%s: no channel is created there", path);
    named[strcspn(named, "\n")] = 0;
    c->channel = named[0] == '/' ? open(named, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (c->channel < 0)
        return rlyfs_fail(c, named[0] == '/' ? errno : EUCLEAN, "%s: names %s: %s", path, named,
                          named[0] == '/' ? strerror(errno) : "not a path");
    return 0;
}

RLYFS_SLOW void rlyfs_give_slot_back(struct relayfs_channel *c)
{
    uint64_t at = RLYFS_CHANNEL_PROCESSES + c->process * RLYFS_CHANNEL_PROCESS_STRIDE;
    rlyfs_store_relaxed(c->meta, at + 8, 0);
    (void)rlyfs_cas(c->meta, at, (uint64_t)c->pid, 0);
}

/* Leaves a channel. No thread may be writing or hold a reservation, and no observer be used, from now on. */
static inline void relayfs_detach(struct relayfs_channel *c)
{
    struct relayfs_channel *others[] = {c->next, c->eyes};
    if (c->id != 0 && !c->is_left && c->pid == getpid())
        rlyfs_give_slot_back(c);
    /* Drops the lock, unless a child of this process has it open, too. */
    if (c->locks >= 0)
        close(c->locks);
    if (c->folder >= 0)
        close(c->folder);
    if (c->channel >= 0)
        close(c->channel);
    for (uint64_t slot = 0; slot < c->slots; slot++) {
        if (c->data[slot] != NULL)
            (void)munmap(c->data[slot], rlyfs_data_size(c));
        c->data[slot] = NULL;
    }
    if (c->doorbell != NULL)
        (void)munmap(c->doorbell, 4096);
    if (c->bell != NULL && c->bell != c->meta)
        (void)munmap(c->bell, RLYFS_CHANNEL_SIZE);
    if (c->meta != NULL)
        (void)munmap(c->meta, c->meta_size);
    c->id = 0;
    c->mapped = 0;
    c->slots = 0;
    c->doorbell = NULL;
    c->meta = NULL;
    c->bell = NULL;
    c->locks = -1;
    c->folder = -1;
    c->channel = -1;
    c->next = NULL;
    c->eyes = NULL;
    c->is_over = false;
    for (int i = 0; i < 2; i++)
        if (others[i] != NULL) {
            relayfs_detach(others[i]);
            free(others[i]);
        }
}

/* Generations of a channel: 0 is the channel's folder itself, the others are folders in it. */

/* True when one is complete and, for who writes, takes records in at least one of its buffers. */
RLYFS_SLOW bool rlyfs_is_of_use(int channel, unsigned long generation, bool writing)
{
    char name[32] = "meta";
    if (generation > 0)
        (void)snprintf(name, sizeof name, "%lu/meta", generation);
    size_t size = 0;
    char *meta = rlyfs_map(channel, name, RLYFS_CHANNEL_SIZE, false, &size);
    if (meta == NULL)
        return false;
    bool useful = rlyfs_load_acquire(meta, RLYFS_CHANNEL_VERSION) != 0
        && (!writing || rlyfs_load(meta, RLYFS_CHANNEL_STATE) != RLYFS_CHANNEL_STATE_MOVED);
    (void)munmap(meta, size);
    return useful;
}

/* The oldest from FIRST on. No younger one will do: a record in it would be read after one that comes to the older one later.
 * When there is none, FIRST, which is told why then. */
RLYFS_SLOW unsigned long rlyfs_find_generation(int channel, unsigned long first, bool writing)
{
    unsigned long oldest = 0;
    int copy = first == 0 && rlyfs_is_of_use(channel, 0, writing) ? -1
                                                                  : openat(channel, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    if (copy >= 0 && folder == NULL)
        close(copy);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        char *end = NULL;
        unsigned long number = strtoul(entry->d_name, &end, 10);
        if (number > 0 && *end == 0 && number >= first && (oldest == 0 || number < oldest)
            && rlyfs_is_of_use(channel, number, writing))
            oldest = number;
    }
    if (folder != NULL)
        closedir(folder);
    return oldest == 0 ? first : oldest;
}

RLYFS_SLOW int rlyfs_attach_one(struct relayfs_channel *c, const char *path, unsigned long first, bool writing)
{
    char name[32];
    c->generation = rlyfs_find_generation(c->channel, first, writing);
    c->is_resized = c->generation > 0;
    (void)snprintf(name, sizeof name, "%lu", c->generation);
    c->folder = openat(c->channel, c->is_resized ? name : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (c->folder < 0)
        return rlyfs_fail(c, errno, "%s/%s: %s", path, c->is_resized ? name : ".", strerror(errno));
    int result = rlyfs_map_meta(c, path, writing);
    if (result == 0) {
        c->locks = openat(c->folder, c->is_resized ? "../../locks" : "../locks",
                          (writing ? O_RDWR : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC);
        if (c->locks < 0)
            result = rlyfs_fail(c, errno, "%s/../locks: %s", path, strerror(errno));
    }
    if (result == 0)
        result = writing ? rlyfs_enter_process(c, path) : rlyfs_map_bell(c, path);
    for (uint64_t slot = 0; result == 0 && slot < c->slots; slot++)
        rlyfs_map_slot(c, slot);
    /* Some of its files may have been missing, and it takes no records. */
    if (result == 0 && writing && rlyfs_load(c->meta, RLYFS_CHANNEL_STATE) == RLYFS_CHANNEL_STATE_MOVED)
        result = -ENOENT;
    return result;
}

/* Attaches to the oldest generation from FIRST on. Again when the channel is resized meanwhile: the files of a generation that is
 * over may go at any time. */
RLYFS_SLOW int rlyfs_attach_from(struct relayfs_channel *c, const char *path, unsigned long first, bool writing)
{
    for (int i = 0;; i++) {
        int channel = c->channel, result = rlyfs_attach_one(c, path, first, writing);
        if (result == 0)
            return 0;
        c->channel = -1;
        relayfs_detach(c);
        c->channel = channel;
        if (result != -ENOENT || i == RLYFS_MAX_YIELDS)
            return result;
        sched_yield();
    }
}

/* Attaches to a generation from FIRST on, in memory of its own; NULL when it cannot. */
RLYFS_SLOW struct relayfs_channel *rlyfs_attach_another(struct relayfs_channel *c, unsigned long first, bool writing)
{
    struct relayfs_channel *other = (struct relayfs_channel *)calloc(1, sizeof *other);
    if (other == NULL)
        return NULL;
    other->locks = -1;
    other->folder = -1;
    other->pid = c->pid;
    other->channel = fcntl(c->channel, F_DUPFD_CLOEXEC, 0);
    if (other->channel >= 0 && rlyfs_attach_from(other, "generation", first, writing) == 0)
        return other;
    relayfs_detach(other);
    free(other);
    return NULL;
}

/* The generation after one that takes no more records in at least one of its buffers; NULL when there is none. */
RLYFS_SLOW struct relayfs_channel *rlyfs_follow(struct relayfs_channel *c)
{
    int error = errno;
    struct relayfs_channel *next;
    while ((next = __atomic_load_n(&c->next, __ATOMIC_ACQUIRE)) == NULL
           && __atomic_test_and_set(&c->is_following, __ATOMIC_ACQUIRE))
        sched_yield();
    if (next == NULL) {
        next = __atomic_load_n(&c->next, __ATOMIC_ACQUIRE);
        if (next == NULL)
            next = rlyfs_attach_another(c, c->generation + 1, c->id != 0);
        __atomic_store_n(&c->next, next, __ATOMIC_RELEASE);
        __atomic_clear(&c->is_following, __ATOMIC_RELEASE);
    }
    if (next != NULL && rlyfs_load(c->meta, RLYFS_CHANNEL_STATE) == RLYFS_CHANNEL_STATE_MOVED) {
        __atomic_store_n(&c->mapped, 0, __ATOMIC_RELEASE);
        __atomic_store_n(&c->is_over, true, __ATOMIC_RELEASE);
    }
    errno = error;
    return next;
}

/* What observers of a channel look at: the attachment itself, if it is not for writing. */
RLYFS_SLOW struct relayfs_channel *rlyfs_eyes(struct relayfs_channel *c)
{
    if (c->id == 0)
        return c;
    while (__atomic_test_and_set(&c->is_following, __ATOMIC_ACQUIRE))
        sched_yield();
    if (c->eyes == NULL)
        c->eyes = rlyfs_attach_another(c, 0, false);
    __atomic_clear(&c->is_following, __ATOMIC_RELEASE);
    return c->eyes;
}

/* Puts empty memory in the place of a file's, which goes back to the system. Not by the library's function: the thread sanitizer
 * would take that for a store, which a thread that comes late must not meet. The kernel exchanges each page at once. */
static inline void rlyfs_empty(char *memory, size_t size)
{
    (void)syscall(SYS_mmap, memory, size, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0L);
}

/* Leaves a generation that takes no records, unless somebody of this process holds a reservation there. A thread may still be on its
 * way to find out: it finds a buffer that admits no writers, and nobody waits for what it announces, because the lock is gone. */
RLYFS_SLOW void rlyfs_try_leave(struct relayfs_channel *c)
{
    if ((__atomic_fetch_add(&c->looks, 1, __ATOMIC_RELAXED) & RLYFS_LOOKS) != 0
        || __atomic_test_and_set(&c->is_following, __ATOMIC_ACQUIRE))
        return;
    int error = errno;
    bool used = c->is_left;
    for (uint64_t slot = 0; slot < c->slots && !used; slot++)
        used = c->data[slot] != NULL && rlyfs_is_in(c, rlyfs_region(c, slot), c->process);
    if (!used) {
        rlyfs_give_slot_back(c);
        (void)rlyfs_lock(c, c->process, F_UNLCK);
        for (uint64_t slot = 0; slot < c->slots; slot++)
            if (c->data[slot] != NULL)
                rlyfs_empty(c->data[slot], rlyfs_data_size(c));
        rlyfs_empty(c->meta, c->meta_size);
        __atomic_store_n(&c->is_left, true, __ATOMIC_RELAXED);
    }
    errno = error;
    __atomic_clear(&c->is_following, __ATOMIC_RELEASE);
}

RLYFS_SLOW int rlyfs_attach(struct relayfs_channel *c, const char *path, bool writing)
{
    memset(c, 0, sizeof *c);
    c->locks = -1;
    c->folder = -1;
    c->channel = -1;
    c->pid = getpid();
    int result = rlyfs_open_folder(c, path);
    if (result == 0)
        result = rlyfs_attach_from(c, path, 0, writing);
    if (result < 0)
        relayfs_detach(c);
    return result;
}

/*
 * Attaches to a channel, for writing and observing. PATH is its directory on a mount, or its folder of shared memory.
 *
 * Returns 0 or -errno, and c->message says more. EPROTONOSUPPORT: another layout; EOPNOTSUPP: a channel with callbacks; EUSERS:
 * too many processes; EUCLEAN: its memory is damaged; ENXIO: no channel is created in the directory.
 */
static inline int relayfs_attach(struct relayfs_channel *c, const char *path)
{
    return rlyfs_attach(c, path, true);
}

/* The same for observing only: stores nothing into the shared memory but that it waits, and writes are refused. */
static inline int relayfs_attach_observer(struct relayfs_channel *c, const char *path)
{
    return rlyfs_attach(c, path, false);
}

RLYFS_SLOW bool rlyfs_is_same(int a, int b)
{
    struct stat one, other;
    return fstat(a, &one) == 0 && fstat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/*
 * Goes on in the channel that was created anew at PATH, in the way in which C was attached, once writes are refused as
 * RELAYFS_CLOSED or the owner has died. As for relayfs_detach, no thread may be writing or hold a reservation; observers of C are
 * at their end, and begin again with relayfs_observe.
 *
 * Returns 1 when C is that channel now; 0 when there is none, or still the same; or -errno as relayfs_attach does, with C->message.
 * Nothing has changed then, and not with 0.
 */
static inline int relayfs_reattach(struct relayfs_channel *c, const char *path)
{
    struct relayfs_channel *other = (struct relayfs_channel *)calloc(1, sizeof *other);
    if (other == NULL)
        return rlyfs_fail(c, ENOMEM, "%s: %s", path, strerror(ENOMEM));
    int result = rlyfs_attach(other, path, c->id != 0);
    if (result < 0 && result != -ENOENT && result != -ENXIO)
        memcpy(c->message, other->message, sizeof c->message);
    else
        result = result == 0 && !rlyfs_is_same(c->channel, other->channel) ? 1 : 0;
    if (result == 1) {
        relayfs_detach(c);
        *c = *other;
    } else {
        relayfs_detach(other);
    }
    free(other);
    return result;
}

#endif
