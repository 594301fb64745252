/*
 * Uses files as programs do and tells how long it took. One command a line on standard input, one line in answer:
 *
 *     open PATH             ->  0
 *     read CHUNK BYTES      ->  NS READ          until so many bytes are read or there are no more
 *     trip CHUNK COUNT      ->  NS NS ...        each of COUNT reads of CHUNK bytes
 *     poll                  ->  NS               CLOCK_MONOTONIC when poll(2) has returned; has then read all there is
 *     map PATH BYTES        ->  0                maps the file and touches every page
 *     scan COUNT            ->  NS               copies all of the mapping to private memory, COUNT times
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "file_client: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000UL + (uint64_t)time.tv_nsec;
}

static size_t read_some(int fd, char *target, size_t length)
{
    ssize_t count = read(fd, target, length);
    if (count < 0)
        die("read");
    return (size_t)count;
}

static void read_all(int fd, char *target, size_t chunk, size_t bytes)
{
    uint64_t start = now();
    size_t total = 0, count = 1;
    while (total < bytes && count > 0) {
        count = read_some(fd, target, chunk < bytes - total ? chunk : bytes - total);
        total += count;
    }
    printf("%lu %zu\n", now() - start, total);
}

static void trip(int fd, char *target, size_t chunk, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t start = now();
        read_some(fd, target, chunk);
        printf("%lu ", now() - start);
    }
    printf("\n");
}

static void wait_for_data(int fd, char *target)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    if (poll(&wanted, 1, 10000) != 1)
        die("poll: nothing in 10 s");
    uint64_t end = now();
    while (read_some(fd, target, 1 << 20) > 0)
        continue;
    printf("%lu\n", end);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    static char target[1 << 20];
    memset(target, 0, sizeof target);
    char *line = NULL, *mapping = NULL, *copy = NULL;
    size_t size = 0, chunk, count, mapped = 0;
    char path[4096];
    int fd = -1;
    while (getline(&line, &size, stdin) > 0) {
        if (sscanf(line, "open %4095[^\n]", path) == 1) {
            if (fd >= 0)
                close(fd);
            fd = open(path, O_RDONLY);
            if (fd < 0)
                die(path);
            printf("0\n");
        } else if (sscanf(line, "read %zu %zu", &chunk, &count) == 2 && chunk <= sizeof target) {
            read_all(fd, target, chunk, count);
        } else if (sscanf(line, "trip %zu %zu", &chunk, &count) == 2 && chunk <= sizeof target) {
            trip(fd, target, chunk, count);
        } else if (strcmp(line, "poll\n") == 0) {
            wait_for_data(fd, target);
        } else if (sscanf(line, "map %4095s %zu", path, &mapped) == 2) {
            int file = open(path, O_RDONLY);
            if (file < 0)
                die(path);
            mapping = mmap(NULL, mapped, PROT_READ, MAP_SHARED, file, 0);
            copy = malloc(mapped);
            if (mapping == MAP_FAILED || copy == NULL)
                die(path);
            close(file);
            memcpy(copy, mapping, mapped);
            printf("0\n");
        } else if (sscanf(line, "scan %zu", &count) == 1) {
            uint64_t start = now();
            for (size_t i = 0; i < count; i++)
                memcpy(copy, mapping, mapped);
            printf("%lu\n", now() - start);
        } else {
            fprintf(stderr, "file_client: not understood: %s", line);
            return 2;
        }
    }
    return 0;
}
