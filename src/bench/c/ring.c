/*
 * The ring of src/main/java/org/relayfs/ring in C: the same words at the same offsets, the same order of the same
 * atomic operations. It is the yardstick of the Java code, so a change of the algorithm there belongs here too.
 *
 * Left out because no writer of the benchmark gets there: padding header, client callbacks, reservations and the
 * entries that are claimed, holes, dead writers, giving up.
 *
 * Reads one command a line from standard input and answers each with one line:
 *
 *     run SUBJECT MODE THREADS LENGTH COUNT     ->  WALL_NS CPU_NS
 *     lost                                      ->  records lost to stragglers so far
 *
 * SUBJECT is ring (CPU looked up for each record), fixed (always the first buffer) or copy (no synchronisation at
 * all). MODE is overwrite, discard (no-overwrite; a writer that finds its buffer full discards all of it) or read
 * (no-overwrite; another thread reads every byte). Each thread writes COUNT records. WALL_NS is the time from the
 * first thread's start to the last one's end, CPU_NS the CPU time of all writers.
 */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_CPUS = 1024,
    MAX_THREADS = 64,
    SOURCE_SIZE = 8192,
    MAX_LENGTH = 4096,
    MAX_YIELDS = 16,
    SPINS = 64,

    /* BufferHeader */
    RESERVE = 0,
    ATTENTION = 8,
    CONSUMED = 128,
    DELIVERED = 256,
    ARMED = 264,
    CLOSED_BYTES = 384,
    FULL = 392,
    FULL_BYTES = 400,
    STRAGGLER = 424,
    STRAGGLER_BYTES = 432,
    SKIPPED = 440,
    IN_FLIGHT = 896,

    /* InFlightTable */
    WORD = 0,
    EXTENT = 8,
    TOTAL = 16,
    RECORDS = 24,
    CLOSING = 32,
    DELTA = 48,
    ENTRY_SIZE = 64,
    CLAIMED_ENTRIES = 64,
    ENTRIES = 224,

    /* SubBufferTable */
    SUB_BUFFERS = IN_FLIGHT + ENTRIES * ENTRY_SIZE,
    INFO = 0,
    COMPLETE = 8,
    GIVEN_UP = 16,
    SUB_BUFFER_STRIDE = 192,
};

/* In a WORD: in use, and nothing reserved. In a CLOSING: the payload is counted. */
#define NO_CLAIM (1UL << 62)
#define COUNTED (1UL << 62)

/* In an EXTENT. */
#define MOVES (1UL << 41)
#define FROM_START (1UL << 44)

#define REFUSED (-1L)
#define RETRY (-2L)
#define STALLED (-3L)
#define PASSED (-4L)

struct channel {
    char *first_buffer;
    int stride_shift;
    uint64_t threads_used;
    uint64_t slots;
    char *data[MAX_CPUS];
    uint64_t sub_buffer_size;
    uint64_t offset_mask;
    uint64_t live_bit;
    uint64_t live_mask;
    uint64_t index_mask;
    uint64_t sub_buffer_count;
    uint64_t closed_offset;
    uint64_t process_bits;
    int index_shift;
    int index_bits;
    bool overwrite;
};

static __thread uint64_t thread_number;
static bool barrier_available;

static uint64_t *word_at(char *base, uint64_t offset)
{
    return (uint64_t *)(base + offset);
}

static uint64_t load(char *base, uint64_t offset)
{
    return __atomic_load_n(word_at(base, offset), __ATOMIC_SEQ_CST);
}

static uint64_t load_relaxed(char *base, uint64_t offset)
{
    return __atomic_load_n(word_at(base, offset), __ATOMIC_RELAXED);
}

static uint64_t load_acquire(char *base, uint64_t offset)
{
    return __atomic_load_n(word_at(base, offset), __ATOMIC_ACQUIRE);
}

static void store_relaxed(char *base, uint64_t offset, uint64_t value)
{
    __atomic_store_n(word_at(base, offset), value, __ATOMIC_RELAXED);
}

static void store_release(char *base, uint64_t offset, uint64_t value)
{
    __atomic_store_n(word_at(base, offset), value, __ATOMIC_RELEASE);
}

static uint64_t fetch_add(char *base, uint64_t offset, uint64_t delta)
{
    return __atomic_fetch_add(word_at(base, offset), delta, __ATOMIC_SEQ_CST);
}

static bool compare_and_set(char *base, uint64_t offset, uint64_t expected, uint64_t value)
{
    return __atomic_compare_exchange_n(word_at(base, offset), &expected, value, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static char *buffer_at(const struct channel *c, uint64_t slot)
{
    return c->first_buffer + (slot << c->stride_shift);
}

static char *in_flight_at(char *buffer, uint64_t index)
{
    return buffer + IN_FLIGHT + index * ENTRY_SIZE;
}

static char *entry_of(char *buffer, uint64_t index)
{
    return buffer + SUB_BUFFERS + index * SUB_BUFFER_STRIDE;
}

static uint64_t index_of(const struct channel *c, uint64_t word)
{
    return word >> c->index_shift & c->index_mask;
}

static uint64_t lap_of(const struct channel *c, uint64_t word)
{
    return word >> (c->index_shift + c->index_bits);
}

static uint64_t position_of(const struct channel *c, uint64_t word)
{
    return lap_of(c, word) * c->sub_buffer_count + index_of(c, word);
}

static bool is_open(const struct channel *c, uint64_t word)
{
    return (word & c->offset_mask) <= c->sub_buffer_size;
}

static uint64_t reserve_word(const struct channel *c, uint64_t lap, uint64_t index, uint64_t offset, uint64_t live)
{
    return (lap << c->index_bits | index) << c->index_shift | live | offset;
}

static uint64_t place_of(const struct channel *c, uint64_t word)
{
    return word >> c->index_shift;
}

static uint64_t start_of(const struct channel *c, uint64_t position)
{
    return reserve_word(c, position / c->sub_buffer_count, position % c->sub_buffer_count, 0, 0);
}

static uint64_t distance_of(const struct channel *c, uint64_t word)
{
    uint64_t offset = word & c->offset_mask;
    return position_of(c, word) * c->sub_buffer_size
        + (offset < c->sub_buffer_size ? offset : c->sub_buffer_size);
}

static uint64_t closed(const struct channel *c, uint64_t word)
{
    return word - (word & c->offset_mask) + c->closed_offset;
}

/* Who is in a sub-buffer. */

static bool nobody_at(const struct channel *c, char *buffer, uint64_t position)
{
    uint64_t place = place_of(c, start_of(c, position));
    for (uint64_t i = 0; i < c->threads_used; i++) {
        char *in_flight = in_flight_at(buffer, CLAIMED_ENTRIES + i);
        uint64_t word = load_acquire(in_flight, WORD);
        if (word != 0
            && (place_of(c, word) == place || place_of(c, load_acquire(in_flight, CLOSING) & ~COUNTED) == place))
            return false;
    }
    return true;
}

static bool is_before(const struct channel *c, uint64_t word, uint64_t index, uint64_t lap)
{
    return word != 0 && word < NO_CLAIM && index_of(c, word) == index && lap_of(c, word) < lap;
}

static bool nobody_before(const struct channel *c, char *buffer, uint64_t index, uint64_t lap)
{
    for (uint64_t i = 0; i < c->threads_used; i++) {
        char *in_flight = in_flight_at(buffer, CLAIMED_ENTRIES + i);
        uint64_t word = load_acquire(in_flight, WORD);
        if (is_before(c, word, index, lap)
            || (word != 0 && is_before(c, load_acquire(in_flight, CLOSING) & ~COUNTED, index, lap)))
            return false;
    }
    return true;
}

/* "Nobody found" is kept: a writer whose CAS is going to fail may announce itself there later. */
static bool mark_complete(char *entry, uint64_t lap)
{
    uint64_t mark = load(entry, COMPLETE);
    while (mark <= lap && !compare_and_set(entry, COMPLETE, mark, lap + 1))
        mark = load(entry, COMPLETE);
    return true;
}

static bool is_free(const struct channel *c, char *buffer, uint64_t index, uint64_t lap)
{
    char *entry = entry_of(buffer, index);
    return load(entry, COMPLETE) >= lap || (nobody_before(c, buffer, index, lap) && mark_complete(entry, lap - 1));
}

static uint64_t info_lap(const struct channel *c, uint64_t info)
{
    return info >> (c->index_shift - 1);
}

static bool is_closed(const struct channel *c, char *buffer, uint64_t position)
{
    return info_lap(c, load(entry_of(buffer, position % c->sub_buffer_count), INFO)) == position / c->sub_buffer_count;
}

static bool is_complete(const struct channel *c, char *buffer, uint64_t position)
{
    uint64_t lap = position / c->sub_buffer_count;
    char *entry = entry_of(buffer, position % c->sub_buffer_count);
    uint64_t info = load(entry, INFO);
    if (info_lap(c, info) == lap
        && ((info & c->offset_mask) == c->offset_mask || load(entry, COMPLETE) > lap
            || (nobody_at(c, buffer, position) && mark_complete(entry, lap))))
        return true;
    return load(entry, GIVEN_UP) >> 1 == lap + 1
        || position_of(c, load(buffer, RESERVE)) - position >= c->sub_buffer_count;
}

/* Delivery. */

static void fence_all(void)
{
    if (!barrier_available || syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0) != 0) {
        for (int i = 0; i < MAX_YIELDS; i++)
            sched_yield();
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
    }
}

/* False when somebody has asked before, who looks himself after the fence. */
static bool ask_for(const struct channel *c, char *buffer, uint64_t position)
{
    uint64_t wanted = barrier_available ? start_of(c, position + 1) : (uint64_t)INT64_MAX;
    uint64_t asked = load(buffer, ATTENTION);
    while (asked < wanted) {
        if (compare_and_set(buffer, ATTENTION, asked, wanted)) {
            fence_all();
            return true;
        }
        asked = load(buffer, ATTENTION);
    }
    return false;
}

static bool is_left(const struct channel *c, char *buffer, uint64_t position)
{
    return is_complete(c, buffer, position)
        || (is_closed(c, buffer, position) && ask_for(c, buffer, position) && is_complete(c, buffer, position));
}

static void deliver(const struct channel *c, char *buffer)
{
    bool moved = false;
    uint64_t position = load(buffer, DELIVERED);
    uint64_t last = position_of(c, load(buffer, RESERVE));
    while (position <= last && is_left(c, buffer, position)) {
        uint64_t lapped = last - c->sub_buffer_count;
        uint64_t next = ((int64_t)lapped > (int64_t)position ? lapped : position) + 1;
        moved |= compare_and_set(buffer, DELIVERED, position, next);
        position = load(buffer, DELIVERED);
        last = position_of(c, load(buffer, RESERVE));
    }
    if (moved && load(buffer, ARMED) != 0)
        store_relaxed(buffer, ARMED, 0);
}

static __attribute__((noinline)) void attend(const struct channel *c, char *buffer, uint64_t word)
{
    if (word < load_relaxed(buffer, ATTENTION) || !barrier_available) {
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        deliver(c, buffer);
    }
}

static inline void withdraw(const struct channel *c, char *buffer, char *in_flight, uint64_t word)
{
    store_release(in_flight, WORD, 0);
    /* For the compiler; the processor's fence is the closer's membarrier. */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (word < load_relaxed(buffer, ATTENTION) || !barrier_available)
        attend(c, buffer, word);
}

/* Changes of the reserve word. */

static uint64_t count_bits(uint64_t total, uint64_t records)
{
    return (total & 1) << 40 | (records & 1) << 43;
}

static uint64_t moved(uint64_t total, uint64_t delta)
{
    return (total + 2 * delta) ^ 1;
}

static void announce(char *in_flight, uint64_t word, uint64_t extent)
{
    store_relaxed(in_flight, EXTENT, extent);
    store_release(in_flight, WORD, word);
}

static uint64_t extent_of(const struct channel *c, char *in_flight)
{
    return c->process_bits | count_bits(load_relaxed(in_flight, TOTAL), load_relaxed(in_flight, RECORDS));
}

static bool try_move(const struct channel *c, char *buffer, char *in_flight, uint64_t claim, uint64_t length,
                     uint64_t closing, uint64_t from, uint64_t to)
{
    uint64_t total = load_relaxed(in_flight, TOTAL);
    uint64_t delta = distance_of(c, to) - distance_of(c, from);
    uint64_t extent = extent_of(c, in_flight) | MOVES | length;
    store_relaxed(in_flight, EXTENT, extent);
    store_relaxed(in_flight, DELTA, delta);
    store_release(in_flight, CLOSING, closing);
    announce(in_flight, claim, extent);
    if (compare_and_set(buffer, RESERVE, from, to)) {
        store_relaxed(in_flight, TOTAL, moved(total, delta));
        return true;
    }
    store_release(in_flight, CLOSING, 0);
    store_release(in_flight, WORD, NO_CLAIM);
    attend(c, buffer, closing != 0 && closing < claim ? closing : claim);
    return false;
}

/* Says how a lap ended, unless a later one has ended meanwhile. */
static void say(const struct channel *c, char *buffer, uint64_t lap, uint64_t index, uint64_t payload)
{
    char *entry = entry_of(buffer, index);
    uint64_t before = load(entry, INFO);
    while (info_lap(c, before) < lap
           && !compare_and_set(entry, INFO, before, lap << (c->index_shift - 1) | payload))
        before = load(entry, INFO);
}

static void close_sub_buffer(const struct channel *c, char *buffer, uint64_t word, char *in_flight)
{
    uint64_t payload = word & c->offset_mask;
    fetch_add(buffer, CLOSED_BYTES, payload);
    store_release(in_flight, CLOSING, word | COUNTED);
    say(c, buffer, lap_of(c, word), index_of(c, word), payload);
    store_release(in_flight, CLOSING, 0);
    /* Others look for this announcement, too. */
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    deliver(c, buffer);
}

static bool close_only(const struct channel *c, char *buffer, uint64_t word, char *in_flight)
{
    bool done = try_move(c, buffer, in_flight, NO_CLAIM, 0, word, word, closed(c, word));
    if (done)
        close_sub_buffer(c, buffer, word, in_flight);
    return done;
}

static bool others_may_be_free(const struct channel *c, char *buffer, uint64_t word)
{
    uint64_t count = c->sub_buffer_count;
    if (count > ENTRIES + 1)
        return true;
    for (uint64_t ahead = 2; ahead <= count; ahead++) {
        uint64_t position = position_of(c, word) + ahead;
        if ((ahead == count && is_open(c, word)) || is_free(c, buffer, position % count, position / count))
            return true;
    }
    return false;
}

static long skip(const struct channel *c, char *buffer, uint64_t word, uint64_t lap, uint64_t index, char *in_flight)
{
    if (!others_may_be_free(c, buffer, word))
        return STALLED;
    if (is_open(c, word)) {
        close_only(c, buffer, word, in_flight);
        return RETRY;
    }
    uint64_t skipped = reserve_word(c, lap, index, c->closed_offset, word & c->live_bit);
    if (!try_move(c, buffer, in_flight, NO_CLAIM, 0, skipped, word, skipped))
        return RETRY;
    fetch_add(buffer, SKIPPED, 1);
    say(c, buffer, lap, index, c->offset_mask);
    store_release(in_flight, CLOSING, 0);
    deliver(c, buffer);
    return PASSED;
}

static long place(const struct channel *c, char *buffer, uint64_t word, uint64_t length, char *in_flight)
{
    uint64_t index = index_of(c, word) + 1 == c->sub_buffer_count ? 0 : index_of(c, word) + 1;
    uint64_t lap = lap_of(c, word) + (index == 0);
    if (!is_free(c, buffer, index, lap))
        return load(buffer, RESERVE) == word ? skip(c, buffer, word, lap, index, in_flight) : RETRY;
    bool closing = is_open(c, word);
    uint64_t opened = reserve_word(c, lap, index, 0, word & c->live_bit);
    if (!try_move(c, buffer, in_flight, opened, length | FROM_START, closing ? word : 0, word, opened + length))
        return RETRY;
    /* The new lap's number before its bytes. */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    if (closing)
        close_sub_buffer(c, buffer, word, in_flight);
    return (long)opened;
}

static long step(const struct channel *c, char *buffer, uint64_t word, uint64_t length, char *in_flight)
{
    bool open = is_open(c, word);
    bool full = position_of(c, word) + 1 - load(buffer, CONSUMED) >= c->sub_buffer_count;
    if (full && !c->overwrite) {
        if (open && !close_only(c, buffer, word, in_flight))
            return RETRY;
        if (!open && load(buffer, RESERVE) != word)
            return RETRY;
        fetch_add(buffer, FULL, 1);
        fetch_add(buffer, FULL_BYTES, length);
        return REFUSED;
    }
    if (open && c->sub_buffer_count == 1) {
        if (!close_only(c, buffer, word, in_flight))
            return RETRY;
        word = closed(c, word);
    }
    long placed = place(c, buffer, word, length, in_flight);
    if (full && placed >= 0)
        fetch_add(buffer, FULL, 1);
    return placed;
}

static long reserve(const struct channel *c, char *buffer, uint64_t length, char *in_flight)
{
    int yields = 0;
    /* Who has skipped all of them finds none that is free, whatever the table says. */
    int64_t skips = (int64_t)c->sub_buffer_count;
    for (;;) {
        uint64_t word = load(buffer, RESERVE);
        if ((word & c->live_bit) == 0)
            return REFUSED;
        if ((word & c->offset_mask) + length <= c->sub_buffer_size) {
            if (try_move(c, buffer, in_flight, word, length, 0, word, word + length))
                return (long)word;
            continue;
        }
        long placed = step(c, buffer, word, length, in_flight);
        if (placed == STALLED || (placed == PASSED && skips-- <= 0)) {
            if (yields++ == MAX_YIELDS) {
                fetch_add(buffer, STRAGGLER, 1);
                fetch_add(buffer, STRAGGLER_BYTES, length);
                return REFUSED;
            }
            sched_yield();
        } else if (placed != RETRY && placed != PASSED) {
            return placed;
        }
    }
}

static __attribute__((noinline)) int write_slowly(const struct channel *c, uint64_t slot, const char *source,
                                                  uint32_t length, char *in_flight)
{
    char *buffer = buffer_at(c, slot);
    announce(in_flight, NO_CLAIM, extent_of(c, in_flight));
    long placed = reserve(c, buffer, length, in_flight);
    if (placed >= 0) {
        uint64_t word = (uint64_t)placed;
        memcpy(c->data[slot] + index_of(c, word) * c->sub_buffer_size + (word & c->offset_mask), source, length);
        store_release(in_flight, RECORDS, load_relaxed(in_flight, RECORDS) + 1);
    }
    withdraw(c, buffer, in_flight, load_relaxed(in_flight, WORD));
    return placed < 0 ? (int)placed : (int)length;
}

static inline int ring_write(const struct channel *c, uint64_t slot, const char *source, uint32_t length)
{
    char *buffer = buffer_at(c, slot);
    char *in_flight = in_flight_at(buffer, CLAIMED_ENTRIES + thread_number);
    uint64_t word = load_relaxed(buffer, RESERVE);
    uint64_t busy = load_relaxed(in_flight, WORD);
    uint64_t end = (((word & c->live_mask) ^ c->live_bit) + length) | busy;
    if (end > c->sub_buffer_size || length == 0)
        return write_slowly(c, slot, source, length, in_flight);
    uint64_t total = load_relaxed(in_flight, TOTAL);
    uint64_t records = load_relaxed(in_flight, RECORDS);
    announce(in_flight, word, c->process_bits | count_bits(total, records) | length);
    if (!compare_and_set(buffer, RESERVE, word, word + length)) {
        withdraw(c, buffer, in_flight, word);
        return write_slowly(c, slot, source, length, in_flight);
    }
    store_relaxed(in_flight, TOTAL, moved(total, length));
    /* The address of the data is looked up behind the CAS, which would wait for it. */
    memcpy(c->data[slot] + index_of(c, word) * c->sub_buffer_size + (word & c->offset_mask), source, length);
    store_release(in_flight, RECORDS, records + 1);
    withdraw(c, buffer, in_flight, word);
    return (int)length;
}

static inline uint64_t current_slot(const struct channel *c)
{
    uint64_t cpu = (uint32_t)sched_getcpu();
    return cpu < c->slots ? cpu : cpu % c->slots;
}

static char *map(size_t size)
{
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("ring: mmap");
        exit(1);
    }
    return memory;
}

static int bits(uint64_t value)
{
    return value == 0 ? 0 : 64 - __builtin_clzl(value);
}

static void channel_init(struct channel *c, uint64_t size, uint64_t count, bool overwrite)
{
    int offset_bits = bits(size + 1);
    c->sub_buffer_size = size;
    c->sub_buffer_count = count;
    c->closed_offset = size + 1;
    c->offset_mask = (1UL << offset_bits) - 1;
    c->live_bit = 1UL << offset_bits;
    c->live_mask = c->live_bit | c->offset_mask;
    c->index_shift = offset_bits + 1;
    c->index_bits = bits(count - 1);
    c->index_mask = (1UL << c->index_bits) - 1;
    c->overwrite = overwrite;
    c->slots = (uint64_t)sysconf(_SC_NPROCESSORS_CONF);
    c->stride_shift = bits(((SUB_BUFFERS + count * SUB_BUFFER_STRIDE + 4095) & ~4095UL) - 1);
    if (c->slots > MAX_CPUS)
        c->slots = MAX_CPUS;
    c->first_buffer = map(c->slots << c->stride_shift);
    for (uint64_t slot = 0; slot < c->slots; slot++) {
        char *buffer = buffer_at(c, slot);
        c->data[slot] = map(size * count);
        for (uint64_t index = 0; index < count; index++)
            store_relaxed(entry_of(buffer, index), COMPLETE, 1);
        store_relaxed(buffer, CONSUMED, count);
        store_relaxed(buffer, DELIVERED, count);
        store_relaxed(buffer, RESERVE, reserve_word(c, 0, count - 1, c->closed_offset, c->live_bit));
    }
}

enum subject { RING, FIXED, COPY };

struct job {
    const struct channel *channel;
    enum subject subject;
    uint64_t number;
    uint32_t length;
    uint64_t count;
    pthread_barrier_t *barrier;
    bool discarding;
    uint64_t start_ns, end_ns, cpu_ns;
};

static char source[SOURCE_SIZE];
static bool writers_done;

static uint64_t now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000UL + (uint64_t)time.tv_nsec;
}

static void discard(const struct channel *c, uint64_t slot)
{
    char *buffer = buffer_at(c, slot);
    store_release(buffer, CONSUMED, load(buffer, DELIVERED));
}

/* There may be more threads than CPUs. */
static void wait_a_little(int attempt)
{
    if (attempt % SPINS == 0)
        sched_yield();
}

static void *read_all(void *argument)
{
    const struct channel *c = argument;
    static char target[1 << 20];
    int idle = 0;
    while (!__atomic_load_n(&writers_done, __ATOMIC_ACQUIRE)) {
        wait_a_little(++idle);
        for (uint64_t slot = 0; slot < c->slots; slot++) {
            char *buffer = buffer_at(c, slot);
            uint64_t position = load(buffer, CONSUMED);
            if (load(buffer, DELIVERED) == position)
                continue;
            uint64_t index = position % c->sub_buffer_count;
            uint64_t payload = load(entry_of(buffer, index), INFO) & c->offset_mask;
            memcpy(target, c->data[slot] + index * c->sub_buffer_size, payload);
            store_release(buffer, CONSUMED, position + 1);
            idle = 0;
        }
    }
    return NULL;
}

static __attribute__((noinline)) void write_ring(struct job *job, bool fixed)
{
    const struct channel *c = job->channel;
    uint32_t length = job->length;
    for (uint64_t i = 0; i < job->count; i++) {
        const char *from = source + (i & 511) * 8;
        uint64_t slot = fixed ? 0 : current_slot(c);
        for (int attempt = 1; ring_write(c, slot, from, length) < 0; attempt++) {
            if (job->discarding)
                discard(c, slot);
            else
                wait_a_little(attempt);
        }
    }
}

static __attribute__((noinline)) void write_copy(struct job *job)
{
    const struct channel *c = job->channel;
    uint32_t length = job->length;
    uint64_t slot = current_slot(c);
    char *data = c->data[slot];
    uint64_t limit = c->sub_buffer_size * c->sub_buffer_count - length;
    uint64_t to = 0;
    for (uint64_t i = 0; i < job->count; i++) {
        memcpy(data + to, source + (i & 511) * 8, length);
        to = to + length <= limit ? to + length : 0;
    }
}

static void *work(void *argument)
{
    struct job *job = argument;
    thread_number = job->number;
    pthread_barrier_wait(job->barrier);
    uint64_t cpu = now(CLOCK_THREAD_CPUTIME_ID);
    job->start_ns = now(CLOCK_MONOTONIC);
    if (job->subject == COPY)
        write_copy(job);
    else
        write_ring(job, job->subject == FIXED);
    job->end_ns = now(CLOCK_MONOTONIC);
    job->cpu_ns = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return NULL;
}

static void start(pthread_t *thread, void *(*function)(void *), void *argument)
{
    int error = pthread_create(thread, NULL, function, argument);
    if (error != 0) {
        fprintf(stderr, "ring: pthread_create: %s\n", strerror(error));
        exit(1);
    }
}

static void run(struct channel *c, enum subject subject, bool discarding, bool reading, int threads, uint32_t length,
                uint64_t count)
{
    struct job jobs[MAX_THREADS];
    pthread_t ids[MAX_THREADS], reader;
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    writers_done = false;
    if (c->threads_used < (uint64_t)threads)
        c->threads_used = (uint64_t)threads;
    if (reading)
        start(&reader, read_all, c);
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){c, subject, (uint64_t)i, length, count, &barrier, discarding, 0, 0, 0};
        if (i > 0)
            start(&ids[i], work, &jobs[i]);
    }
    work(&jobs[0]);
    uint64_t begin = jobs[0].start_ns, end = jobs[0].end_ns, cpu = jobs[0].cpu_ns;
    for (int i = 1; i < threads; i++) {
        pthread_join(ids[i], NULL);
        begin = jobs[i].start_ns < begin ? jobs[i].start_ns : begin;
        end = jobs[i].end_ns > end ? jobs[i].end_ns : end;
        cpu += jobs[i].cpu_ns;
    }
    __atomic_store_n(&writers_done, true, __ATOMIC_RELEASE);
    if (reading)
        pthread_join(reader, NULL);
    pthread_barrier_destroy(&barrier);
    printf("%lu %lu\n", end - begin, cpu);
}

static uint64_t sum(const struct channel *c, uint64_t offset)
{
    uint64_t total = 0;
    for (uint64_t slot = 0; slot < c->slots; slot++)
        total += load(buffer_at(c, slot), offset);
    return total;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: ring SUBBUF_SIZE N_SUBBUFS\n");
        return 2;
    }
    barrier_available = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0;
    static struct channel overwrite, no_overwrite;
    channel_init(&overwrite, strtoul(argv[1], NULL, 10), strtoul(argv[2], NULL, 10), true);
    channel_init(&no_overwrite, overwrite.sub_buffer_size, overwrite.sub_buffer_count, false);
    memset(source, 'x', sizeof source);
    setvbuf(stdout, NULL, _IOLBF, 0);
    char line[128], subject[16], mode[16];
    int threads;
    uint32_t length;
    uint64_t count;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "run %15s %15s %d %u %lu", subject, mode, &threads, &length, &count) == 5
            && threads >= 1 && threads <= MAX_THREADS && length <= MAX_LENGTH) {
            bool copy = strcmp(subject, "copy") == 0, reading = strcmp(mode, "read") == 0;
            if (copy && (reading || threads > 1)) {
                printf("none\n");
                continue;
            }
            run(strcmp(mode, "overwrite") == 0 ? &overwrite : &no_overwrite,
                copy ? COPY : strcmp(subject, "fixed") == 0 ? FIXED : RING, strcmp(mode, "discard") == 0, reading,
                threads, length, count);
        } else if (strcmp(line, "lost\n") == 0) {
            printf("%lu\n", sum(&overwrite, STRAGGLER) + sum(&no_overwrite, STRAGGLER));
        } else {
            fprintf(stderr, "ring: not understood: %s", line);
            return 2;
        }
    }
    return 0;
}
