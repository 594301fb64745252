/*
 * The C twin of the ring: src/main/c/relayfs.h, in memory of its own. It is the yardstick of the Java code.
 *
 * Reads one command a line from standard input and answers each with one line:
 *
 *     run SUBJECT MODE THREADS LENGTH COUNT     ->  WALL_NS CPU_NS
 *     lost                                      ->  records lost to stragglers so far
 *
 * SUBJECT is ring (CPU looked up for each record), fixed (always the first buffer), attached (ring, in the two channels of
 * another process that it was started with: one that overwrites, one that does not) or copy (no synchronisation at all). MODE is overwrite, discard (no-overwrite; a writer that finds its buffer full discards all of it) or read
 * (no-overwrite; another thread reads every byte). Each thread writes COUNT records. WALL_NS is the time from the
 * first thread's start to the last one's end, CPU_NS the CPU time of all writers.
 */
#define _GNU_SOURCE
#include "../../main/c/relayfs.h"

#include <pthread.h>

enum {
    MAX_THREADS = 64,
    SOURCE_SIZE = 8192,
    MAX_LENGTH = 4096,
    SPINS = 64,
};

static char *map(size_t size)
{
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("ring: mmap");
        exit(1);
    }
    return memory;
}

/* A channel with the threads of this process as its owner's. */
static void channel_init(struct relayfs_channel *c, uint64_t size, uint64_t count, bool overwrite)
{
    uint64_t slots = (uint64_t)sysconf(_SC_NPROCESSORS_CONF);
    if (!rlyfs_shape(c, size, count, slots, overwrite ? RLYFS_CHANNEL_FLAG_OVERWRITE : 0)) {
        fprintf(stderr, "ring: no such ring: %lu * %lu\n", size, count);
        exit(2);
    }
    rlyfs_take_range(c, 0);
    c->id = rlyfs_now();
    c->pid = getpid();
    c->has_barrier = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0;
    c->meta = map(RLYFS_CHANNEL_SIZE + (slots << c->stride_shift));
    c->regions = c->meta + RLYFS_CHANNEL_SIZE;
    for (uint64_t slot = 0; slot < slots; slot++) {
        char *buffer = rlyfs_region(c, slot);
        c->data[slot] = map(size * count);
        for (uint64_t index = 0; index < count; index++)
            rlyfs_store_relaxed(rlyfs_sub_buffer(buffer, index), RLYFS_SUB_COMPLETE, 1);
        rlyfs_store_relaxed(buffer, RLYFS_BUFFER_CONSUMED, count);
        rlyfs_store_relaxed(buffer, RLYFS_BUFFER_DELIVERED, count);
        rlyfs_store_relaxed(buffer, RLYFS_BUFFER_RESERVE,
                            rlyfs_reserve_word(c, 0, count - 1, size + 1, c->live_bit));
    }
    rlyfs_count_mapped(c);
}

enum subject { RING, FIXED, COPY };

struct job {
    struct relayfs_channel *channel;
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

static void discard(const struct relayfs_channel *c, uint64_t slot)
{
    char *buffer = rlyfs_region(c, slot);
    rlyfs_store_release(buffer, RLYFS_BUFFER_CONSUMED, rlyfs_load(buffer, RLYFS_BUFFER_DELIVERED));
}

/* There may be more threads than CPUs. */
static void wait_a_little(int attempt)
{
    if (attempt % SPINS == 0)
        sched_yield();
}

static void *read_all(void *argument)
{
    struct relayfs_channel *c = argument;
    static char target[1 << 20];
    int idle = 0;
    while (!__atomic_load_n(&writers_done, __ATOMIC_ACQUIRE)) {
        wait_a_little(++idle);
        for (uint64_t slot = 0; slot < c->slots; slot++) {
            char *buffer = rlyfs_region(c, slot);
            uint64_t position = rlyfs_load(buffer, RLYFS_BUFFER_CONSUMED);
            if (rlyfs_load(buffer, RLYFS_BUFFER_DELIVERED) == position)
                continue;
            uint64_t index = position % c->sub_buffer_count;
            uint64_t payload = rlyfs_payload(c, buffer, position);
            memcpy(target, c->data[slot] + index * c->sub_buffer_size, payload);
            rlyfs_store_release(buffer, RLYFS_BUFFER_CONSUMED, position + 1);
            idle = 0;
        }
    }
    return NULL;
}

static __attribute__((noinline)) void write_ring(struct job *job, bool fixed)
{
    struct relayfs_channel *c = job->channel;
    uint32_t length = job->length;
    for (uint64_t i = 0; i < job->count; i++) {
        const char *from = source + (i & 511) * 8;
        uint64_t slot = fixed ? 0 : rlyfs_current_slot(c);
        for (int attempt = 1; rlyfs_write_to(c, slot, from, length) < 0; attempt++) {
            if (job->discarding)
                discard(c, slot);
            else
                wait_a_little(attempt);
        }
    }
}

static __attribute__((noinline)) void write_copy(struct job *job)
{
    struct relayfs_channel *c = job->channel;
    uint32_t length = job->length;
    uint64_t slot = rlyfs_current_slot(c);
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

static void run(struct relayfs_channel *c, enum subject subject, bool discarding, bool reading, int threads, uint32_t length,
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

static uint64_t sum(const struct relayfs_channel *c, uint64_t offset)
{
    uint64_t total = 0;
    for (uint64_t slot = 0; slot < c->slots; slot++)
        total += rlyfs_load(rlyfs_region(c, slot), offset);
    return total;
}

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 5) {
        fprintf(stderr, "usage: ring SUBBUF_SIZE N_SUBBUFS [FOLDER_OVERWRITE FOLDER_NO_OVERWRITE]\n");
        return 2;
    }
    static struct relayfs_channel overwrite, no_overwrite, others[2];
    for (int i = 3; i < argc; i++)
        if (relayfs_attach(&others[i - 3], argv[i]) != 0) {
            fprintf(stderr, "ring: %s\n", others[i - 3].message);
            return 1;
        }
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
            bool attached = strcmp(subject, "attached") == 0, overwrites = strcmp(mode, "overwrite") == 0;
            if ((copy && (reading || threads > 1)) || (attached && argc == 3)) {
                printf("none\n");
                continue;
            }
            run(attached ? &others[overwrites ? 0 : 1] : overwrites ? &overwrite : &no_overwrite,
                copy ? COPY : strcmp(subject, "fixed") == 0 ? FIXED : RING, strcmp(mode, "discard") == 0, reading,
                threads, length, count);
        } else if (strcmp(line, "lost\n") == 0) {
            printf("%lu\n", sum(&overwrite, RLYFS_BUFFER_STRAGGLER) + sum(&no_overwrite, RLYFS_BUFFER_STRAGGLER));
        } else {
            fprintf(stderr, "ring: not understood: %s", line);
            return 2;
        }
    }
    return 0;
}
