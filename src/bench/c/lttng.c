/*
 * LTTng-UST, told what to write as ring.c is. The session is made by src/bench/run, before this starts.
 *
 *     run record MODE THREADS LENGTH COUNT      ->  WALL_NS CPU_NS, or none when MODE is not overwrite
 *     lost                                      ->  0
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TRACEPOINT_CREATE_PROBES
#define TRACEPOINT_DEFINE
#include "lttng_record.h"

enum { MAX_THREADS = 64, SOURCE_SIZE = 8192, MAX_LENGTH = 4096 };

struct job {
    unsigned int length;
    uint64_t count;
    pthread_barrier_t *barrier;
    uint64_t start_ns, end_ns, cpu_ns;
};

static char source[SOURCE_SIZE];

static uint64_t now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000UL + (uint64_t)time.tv_nsec;
}

static void *work(void *argument)
{
    struct job *job = argument;
    pthread_barrier_wait(job->barrier);
    uint64_t cpu = now(CLOCK_THREAD_CPUTIME_ID);
    job->start_ns = now(CLOCK_MONOTONIC);
    for (uint64_t i = 0; i < job->count; i++)
        tracepoint(relayfs_bench, record, source + (i & 511) * 8, job->length);
    job->end_ns = now(CLOCK_MONOTONIC);
    job->cpu_ns = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    return NULL;
}

static void run(int threads, unsigned int length, uint64_t count)
{
    struct job jobs[MAX_THREADS];
    pthread_t ids[MAX_THREADS];
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, (unsigned int)threads);
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){length, count, &barrier, 0, 0, 0};
        if (i > 0 && pthread_create(&ids[i], NULL, work, &jobs[i]) != 0)
            return;
    }
    work(&jobs[0]);
    uint64_t begin = jobs[0].start_ns, end = jobs[0].end_ns, cpu = jobs[0].cpu_ns;
    for (int i = 1; i < threads; i++) {
        pthread_join(ids[i], NULL);
        begin = jobs[i].start_ns < begin ? jobs[i].start_ns : begin;
        end = jobs[i].end_ns > end ? jobs[i].end_ns : end;
        cpu += jobs[i].cpu_ns;
    }
    pthread_barrier_destroy(&barrier);
    printf("%lu %lu\n", end - begin, cpu);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    memset(source, 'x', sizeof source);
    if (!tracepoint_enabled(relayfs_bench, record)) {
        fprintf(stderr, "lttng: the tracepoint is not enabled: start the session first\n");
        return 1;
    }
    char line[128], mode[16];
    int threads;
    unsigned int length;
    uint64_t count;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "run record %15s %d %u %lu", mode, &threads, &length, &count) == 4 && threads >= 1
            && threads <= MAX_THREADS && length <= MAX_LENGTH) {
            if (strcmp(mode, "overwrite") == 0)
                run(threads, length, count);
            else
                printf("none\n");
        } else if (strcmp(line, "lost\n") == 0) {
            printf("0\n");
        } else {
            fprintf(stderr, "lttng: not understood: %s", line);
            return 2;
        }
    }
    return 0;
}
