/* blktrace2005 DIR OUT: reads as blktrace's first versions of 2005 do: a thread a CPU, open without O_NONBLOCK, and for each
 * event a poll of 100 ms, a read of the 64 bytes of its head, and another one of what belongs to it; what is cut is read on,
 * and nothing there is asked for again. At the end, once the trace is stopped, which flushes, it reads until a read returns
 * nothing. An event is a head of 64 bytes (magic, sequence number, at its end the length of the rest) and the rest; the rest
 * goes to OUT.<cpu>. The ioctls that start and stop are the file `enabled` here. Ends with SIGINT. */
#include "client.h"

#define MAGIC 0x65617401u

struct event {
	uint32_t magic, sequence;
	unsigned char fields[52];
	uint32_t length;
};

static const char *directory, *out;
static volatile int done;

/* Returns 0 when there is nothing more. */
static int read_data(int fd, char *buffer, size_t length)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	size_t got = 0;

	while (got < length) {
		int last = done;
		ssize_t part;

		if (!last)
			poll(&pollfd, 1, 100);
		part = read(fd, buffer + got, length - got);
		if (part < 0 && errno != EAGAIN)
			die("read");
		if (part > 0)
			got += part;
		else if (last)
			break;
	}
	if (got != 0 && got != length) {
		fprintf(stderr, "%zu bytes of %zu at the end\n", got, length);
		exit(1);
	}
	return got == length;
}

static void *trace(void *argument)
{
	int cpu = (int)(intptr_t)argument, in, file;
	char name[PATH_MAX], rest[4096];
	struct event event;

	pin(cpu);
	if ((in = open(path(name, "%s/trace%d", directory, cpu), O_RDONLY)) < 0
	    || (file = open(path(name, "%s.%d", out, cpu), O_WRONLY | O_CREAT | O_TRUNC, 0644)) < 0)
		die(name);
	while (read_data(in, (char *)&event, sizeof event)) {
		if (event.magic != MAGIC || event.length > sizeof rest) {
			fprintf(stderr, "cpu %d: magic %x, length %u\n", cpu, event.magic, event.length);
			exit(1);
		}
		if (!read_data(in, rest, event.length) || write_all(file, rest, event.length) < 0)
			die("rest");
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static pthread_t threads[MAX_CPUS];
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char file[PATH_MAX];

	if (argc != 3)
		return 2;
	block_end();
	directory = argv[1];
	out = argv[2];
	write_text(path(file, "%s/enabled", directory), "1");
	for (int i = 0; i < cpus; i++)
		if (pthread_create(&threads[i], NULL, trace, (void *)(intptr_t)i))
			die("pthread_create");
	say_ready();

	wait_for_end();
	write_text(path(file, "%s/enabled", directory), "0");
	done = 1;
	for (int i = 0; i < cpus; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
