/* waiting_writers FILE THREADS COUNT: so many threads, each with a descriptor of its own, write so many records of various
 * lengths to a file whose writes wait for room. A record is its length, its thread and its number, 4 bytes each, and
 * bytes that say the same. Fails when a write does. */
#include "client.h"

#include <stdint.h>

static const char *file;
static int count;

struct record {
	uint32_t length, thread, number;
	unsigned char fill[244];
};

static void *writer(void *argument)
{
	struct record record = { .thread = (uint32_t)(intptr_t)argument };
	int fd = open(file, O_WRONLY);

	if (fd < 0)
		die(file);
	for (record.number = 0; (int)record.number < count; record.number++) {
		ssize_t written;

		record.length = 12 + (record.number * 7 + record.thread) % sizeof record.fill;
		memset(record.fill, (int)(record.thread + record.number), sizeof record.fill);
		written = write(fd, &record, record.length);
		if (written != (ssize_t)record.length)
			die("write");
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	int threads;
	pthread_t *running;

	if (argc != 4)
		return 2;
	alarm(PATIENCE_S);
	file = argv[1];
	threads = number(argv[2]);
	count = number(argv[3]);
	running = calloc(threads, sizeof *running);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&running[i], NULL, writer, (void *)(intptr_t)i))
			die("pthread_create");
	for (int i = 0; i < threads; i++)
		pthread_join(running[i], NULL);
	return 0;
}
