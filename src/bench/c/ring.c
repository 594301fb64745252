/*
 * The ring of src/main/java/org/relayfs/ring in C: the same words at the same offsets, the same order of the same
 * atomic operations. It is the yardstick of the Java code, so a change of the algorithm there belongs here too.
 *
 * Left out because no writer of the benchmark gets there: padding header, client callbacks, holes, giving up.
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
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_CPUS = 1024,
    MAX_THREADS = 64,
    SOURCE_SIZE = 8192,
    MAX_LENGTH = 4096,
    MAX_YIELDS = 16,
    LAP_SHIFT = 56,
    SPINS = 64,

    /* BufferHeader */
    RESERVE = 0,
    CONSUMED = 128,
    DELIVERED = 256,
    ARMED = 264,
    CLOSED_BYTES = 384,
    RECORDS = 392,
    FULL = 400,
    FULL_BYTES = 408,
    BIG = 416,
    STRAGGLER = 432,
    STRAGGLER_BYTES = 440,
    SKIPPED = 448,
    IN_FLIGHT = 896,

    /* InFlightTable */
    WORD = 0,
    EXTENT = 8,
    CLOSING = 16,
    ENTRY_SIZE = 32,
    THREAD_ENTRIES = 32,
    IN_FLIGHT_SIZE = 64 * ENTRY_SIZE,

    /* SubBufferTable */
    SUB_BUFFERS = IN_FLIGHT + IN_FLIGHT_SIZE,
    COMMIT = 0,
    INFO = 8,
    GIVEN_UP = 16,
    SUB_BUFFER_STRIDE = 192,
};

/* States in an extent. */
#define RESERVED (1UL << 40)
#define COMMITTING (1UL << 41)

#define REFUSED (-1L)
#define RETRY (-2L)
#define STALLED (-3L)

struct channel {
    char *first_buffer;
    uint64_t stride;
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
    uint64_t pile_bit;
    uint64_t settle_mask;
    int index_shift;
    int index_bits;
    bool overwrite;
};

static __thread uint64_t thread_id;

static uint64_t *word_at(char *base, uint64_t offset)
{
    return (uint64_t *)(base + offset);
}

static uint64_t load(char *base, uint64_t offset)
{
    return __atomic_load_n(word_at(base, offset), __ATOMIC_SEQ_CST);
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

static int64_t laps_ahead(uint64_t commit, uint64_t lap)
{
    return (int64_t)(((commit >> LAP_SHIFT) - lap) << LAP_SHIFT) >> LAP_SHIFT;
}

static bool is_complete(const struct channel *c, char *buffer, uint64_t position)
{
    uint64_t lap = position / c->sub_buffer_count;
    char *entry = entry_of(buffer, position % c->sub_buffer_count);
    uint64_t commit = load(entry, COMMIT);
    if ((commit & c->offset_mask) == 0 && laps_ahead(commit, lap) >= 1)
        return true;
    return load(entry, INFO) == (lap << (c->index_shift - 1) | c->offset_mask)
        || load(entry, GIVEN_UP) >> 1 == lap + 1
        || position_of(c, load(buffer, RESERVE)) - position >= c->sub_buffer_count;
}

static void deliver(const struct channel *c, char *buffer)
{
    bool moved = false;
    uint64_t position = load(buffer, DELIVERED);
    while (position <= position_of(c, load(buffer, RESERVE)) && is_complete(c, buffer, position)) {
        moved |= compare_and_set(buffer, DELIVERED, position, position + 1);
        position = load(buffer, DELIVERED);
    }
    if (moved && load(buffer, ARMED) != 0)
        store_relaxed(buffer, ARMED, 0);
}

static void count_records(const struct channel *c, char *buffer, char *entry)
{
    uint64_t word = load(entry, COMMIT);
    uint64_t records = (word & ((1UL << LAP_SHIFT) - 1)) / c->live_bit;
    if (records != 0 && compare_and_set(entry, COMMIT, word, word - records * c->live_bit))
        fetch_add(buffer, RECORDS, records);
}

static void settle(const struct channel *c, char *buffer, char *entry, uint64_t commit)
{
    if ((commit & c->offset_mask) == 0) {
        count_records(c, buffer, entry);
        deliver(c, buffer);
    } else if ((commit & c->pile_bit) != 0) {
        count_records(c, buffer, entry);
    }
}

static void close_sub_buffer(const struct channel *c, char *buffer, uint64_t word)
{
    uint64_t payload = word & c->offset_mask;
    char *entry = entry_of(buffer, index_of(c, word));
    __atomic_store_n(word_at(entry, INFO), lap_of(c, word) << (c->index_shift - 1) | payload, __ATOMIC_SEQ_CST);
    fetch_add(buffer, CLOSED_BYTES, payload);
    uint64_t delta = (1UL << LAP_SHIFT) - payload;
    settle(c, buffer, entry, fetch_add(entry, COMMIT, delta) + delta);
}

static bool close_only(const struct channel *c, char *buffer, uint64_t word, char *in_flight)
{
    store_release(in_flight, CLOSING, word);
    uint64_t closed = word - (word & c->offset_mask) + c->closed_offset;
    bool done = compare_and_set(buffer, RESERVE, word, closed);
    if (done)
        close_sub_buffer(c, buffer, word);
    store_release(in_flight, CLOSING, 0);
    return done;
}

static bool others_may_be_free(const struct channel *c, char *buffer, uint64_t word)
{
    uint64_t count = c->sub_buffer_count;
    for (uint64_t ahead = 2; ahead <= count; ahead++) {
        uint64_t commit = load(entry_of(buffer, (index_of(c, word) + ahead) % count), COMMIT);
        if ((commit & c->offset_mask) == 0 || (ahead == count && is_open(c, word)))
            return true;
    }
    return false;
}

static long skip(const struct channel *c, char *buffer, uint64_t word, uint64_t lap, uint64_t index, char *in_flight)
{
    if (!others_may_be_free(c, buffer, word))
        return STALLED;
    bool open = is_open(c, word);
    store_release(in_flight, CLOSING, open ? word : 0);
    uint64_t skipped = reserve_word(c, lap, index, c->closed_offset, word & c->live_bit);
    bool done = compare_and_set(buffer, RESERVE, word, skipped);
    if (done && open)
        close_sub_buffer(c, buffer, word);
    store_release(in_flight, CLOSING, 0);
    if (done) {
        char *entry = entry_of(buffer, index);
        __atomic_store_n(word_at(entry, INFO), lap << (c->index_shift - 1) | c->offset_mask, __ATOMIC_SEQ_CST);
        fetch_add(entry, COMMIT, 1UL << LAP_SHIFT);
        deliver(c, buffer);
        fetch_add(buffer, SKIPPED, 1);
    }
    return RETRY;
}

static long place(const struct channel *c, char *buffer, uint64_t word, uint64_t length, char *in_flight)
{
    uint64_t index = index_of(c, word) + 1 == c->sub_buffer_count ? 0 : index_of(c, word) + 1;
    uint64_t lap = lap_of(c, word) + (index == 0);
    uint64_t commit = load(entry_of(buffer, index), COMMIT);
    if ((commit & c->offset_mask) != 0 || laps_ahead(commit, lap) != 0)
        return load(buffer, RESERVE) == word ? skip(c, buffer, word, lap, index, in_flight) : RETRY;
    bool closing = is_open(c, word);
    uint64_t opened = reserve_word(c, lap, index, 0, word & c->live_bit);
    store_relaxed(in_flight, EXTENT, c->process_bits | length);
    store_relaxed(in_flight, WORD, opened);
    store_release(in_flight, CLOSING, closing ? word : 0);
    bool done = compare_and_set(buffer, RESERVE, word, opened + length);
    if (done && closing)
        close_sub_buffer(c, buffer, word);
    store_release(in_flight, CLOSING, 0);
    return done ? (long)opened : RETRY;
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
    long placed = place(c, buffer, word, length, in_flight);
    if (full && placed != RETRY && placed != STALLED)
        fetch_add(buffer, FULL, 1);
    return placed;
}

static __attribute__((noinline)) long reserve_slowly(const struct channel *c, char *buffer, uint64_t length,
                                                     char *in_flight)
{
    int yields = 0;
    for (;;) {
        uint64_t word = load(buffer, RESERVE);
        if ((word & c->live_bit) == 0)
            return REFUSED;
        if ((word & c->offset_mask) + length <= c->sub_buffer_size) {
            store_relaxed(in_flight, EXTENT, c->process_bits | length);
            store_relaxed(in_flight, WORD, word);
            if (compare_and_set(buffer, RESERVE, word, word + length))
                return (long)word;
            continue;
        }
        long placed = step(c, buffer, word, length, in_flight);
        if (placed == STALLED) {
            if (yields++ == MAX_YIELDS) {
                fetch_add(buffer, STRAGGLER, 1);
                fetch_add(buffer, STRAGGLER_BYTES, length);
                return REFUSED;
            }
            sched_yield();
        } else if (placed != RETRY) {
            return placed;
        }
    }
}

static inline int ring_write(const struct channel *c, uint64_t slot, const char *source, uint32_t length)
{
    char *data = c->data[slot];
    char *buffer = c->first_buffer + slot * c->stride;
    char *in_flight = buffer + IN_FLIGHT + (thread_id & (THREAD_ENTRIES - 1)) * ENTRY_SIZE;
    uint64_t word = __atomic_load_n(word_at(buffer, RESERVE), __ATOMIC_RELAXED);
    uint64_t busy = __atomic_load_n(word_at(in_flight, WORD), __ATOMIC_RELAXED);
    uint64_t end = ((word & c->live_mask) ^ c->live_bit) + length + busy;
    bool taken = false;
    if (end <= c->sub_buffer_size && length != 0) {
        store_relaxed(in_flight, EXTENT, c->process_bits | length);
        store_relaxed(in_flight, WORD, word);
        taken = compare_and_set(buffer, RESERVE, word, word + length);
    }
    if (!taken) {
        long placed = reserve_slowly(c, buffer, length, in_flight);
        if (placed < 0) {
            store_release(in_flight, WORD, 0);
            return (int)placed;
        }
        word = (uint64_t)placed;
    }
    store_relaxed(in_flight, EXTENT, c->process_bits | RESERVED | length);
    uint64_t index = index_of(c, word);
    memcpy(data + index * c->sub_buffer_size + (word & c->offset_mask), source, length);
    store_relaxed(in_flight, EXTENT, c->process_bits | RESERVED | COMMITTING | length);
    char *entry = entry_of(buffer, index);
    uint64_t delta = c->live_bit + length;
    uint64_t commit = fetch_add(entry, COMMIT, delta) + delta;
    if ((commit & c->settle_mask) - 1 >= c->pile_bit - 1)
        settle(c, buffer, entry, commit);
    store_release(in_flight, WORD, 0);
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
    c->pile_bit = 1UL << (LAP_SHIFT - 1);
    c->settle_mask = c->pile_bit | c->offset_mask;
    c->overwrite = overwrite;
    c->slots = (uint64_t)sysconf(_SC_NPROCESSORS_CONF);
    c->stride = (SUB_BUFFERS + count * SUB_BUFFER_STRIDE + 4095) & ~4095UL;
    if (c->slots > MAX_CPUS)
        c->slots = MAX_CPUS;
    c->first_buffer = map(c->slots * c->stride);
    for (uint64_t slot = 0; slot < c->slots; slot++) {
        char *buffer = c->first_buffer + slot * c->stride;
        c->data[slot] = map(size * count);
        for (uint64_t index = 0; index < count; index++)
            store_relaxed(entry_of(buffer, index), COMMIT, 1UL << LAP_SHIFT);
        store_relaxed(buffer, CONSUMED, count);
        store_relaxed(buffer, DELIVERED, count);
        store_relaxed(buffer, RESERVE, reserve_word(c, 0, count - 1, c->closed_offset, c->live_bit));
    }
}

enum subject { RING, FIXED, COPY };

struct job {
    const struct channel *channel;
    enum subject subject;
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
    char *buffer = c->first_buffer + slot * c->stride;
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
            char *buffer = c->first_buffer + slot * c->stride;
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
    static uint64_t ids;
    thread_id = __atomic_fetch_add(&ids, 1, __ATOMIC_RELAXED);
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
    if (reading)
        start(&reader, read_all, c);
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){c, subject, length, count, &barrier, discarding, 0, 0, 0};
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
        total += load(c->first_buffer + slot * c->stride, offset);
    return total;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: ring SUBBUF_SIZE N_SUBBUFS\n");
        return 2;
    }
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
