/* ring.h: the loop of the mmap readers: which sub-buffers are to be taken, and their payload behind the padding header. */
#ifndef RING_H
#define RING_H

#include "client.h"

struct ring {
	int cpu, fd, produced_fd, consumed_fd, out;
	char *map;
	size_t s, n, consumed;
	/* Width of the padding that stands at the start of each sub-buffer: 4 or sizeof(size_t). */
	size_t header;
};

static inline size_t read_counter(int fd)
{
	size_t value;
	/* A control file is read afresh from its start only. */
	if (lseek(fd, 0, SEEK_SET) != 0 || read(fd, &value, sizeof value) != sizeof value)
		die("counter");
	return value;
}

/* Takes every sub-buffer produced; says how many. */
static inline size_t take_produced(struct ring *ring)
{
	size_t produced = read_counter(ring->produced_fd), count = produced - ring->consumed;

	if (count > ring->n) {
		fprintf(stderr, "cpu %d: %zu produced, %zu consumed\n", ring->cpu, produced, ring->consumed);
		exit(1);
	}
	for (size_t i = 0; i < count; i++) {
		const char *slot = ring->map + (ring->consumed + i) % ring->n * ring->s;
		size_t padding = 0;
		memcpy(&padding, slot, ring->header);
		if (padding > ring->s - ring->header) {
			fprintf(stderr, "cpu %d: padding %zu\n", ring->cpu, padding);
			exit(1);
		}
		if (write_all(ring->out, slot + ring->header, ring->s - ring->header - padding) < 0)
			die("output");
	}
	if (count > 0) {
		ring->consumed += count;
		if (write(ring->consumed_fd, &count, sizeof count) != sizeof count)
			die("consumed");
	}
	return count;
}

#endif
