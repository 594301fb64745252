/* stpd DIR S N OUT: reads as systemtap's stpd of 2005 and 2006 does: a thread a CPU, poll without a limit, produced and consumed,
 * a private mapping, padding as an `unsigned` at the start of each sub-buffer; into a file a CPU, and at the end these are merged
 * by the sequence numbers of the records into OUT. A record is its sequence number, its length (4 bytes each) and its text.
 *
 * What stpd asks the module (STP_BUF_INFO by netlink, in 2006 a file /proc/systemtap/MODULE/CPU) it asks cpu<i>.produced and
 * cpu<i>.consumed here; STP_EXIT, which flushes, is the end of `enabled`. Ends with SIGINT. */
#include "ring.h"

static struct ring rings[MAX_CPUS];
static pthread_t threads[MAX_CPUS];
static FILE *parts[MAX_CPUS];

struct head {
	uint32_t sequence, length;
};

static void *reader(void *argument)
{
	struct ring *ring = argument;
	struct pollfd pollfd = {.fd = ring->fd, .events = POLLIN};
	int state;

	pin(ring->cpu);
	do {
		if (poll(&pollfd, 1, -1) < 0 && errno != EINTR)
			die("poll");
		/* Cancelled in the middle of a pass, it would leave half of it to the last one. */
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
		take_produced(ring);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	} while (1);
	return NULL;
}

static void open_ring(struct ring *ring, int cpu, char **argv)
{
	char file[PATH_MAX];

	ring->cpu = cpu;
	ring->s = number(argv[2]);
	ring->n = number(argv[3]);
	ring->header = sizeof(unsigned);
	ring->fd = open(path(file, "%s/cpu%d", argv[1], cpu), O_RDONLY | O_NONBLOCK);
	if (ring->fd < 0)
		die(file);
	if ((ring->produced_fd = open(path(file, "%s/cpu%d.produced", argv[1], cpu), O_RDONLY)) < 0
	    || (ring->consumed_fd = open(path(file, "%s/cpu%d.consumed", argv[1], cpu), O_RDWR)) < 0
	    || (parts[cpu] = fopen(path(file, "%s.%d", argv[4], cpu), "w+")) == NULL)
		die(file);
	ring->out = fileno(parts[cpu]);
	ring->map = mmap(NULL, ring->s * ring->n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, ring->fd, 0);
	if (ring->map == MAP_FAILED)
		die("mmap");
}

static int next(FILE *part, struct head *head)
{
	return fread(head, sizeof *head, 1, part) == 1;
}

/* The record with the smallest number of those that are first in their files, again and again. */
static void merge(int cpus, const char *out)
{
	struct head heads[MAX_CPUS];
	int left[MAX_CPUS], first;
	FILE *merged = fopen(out, "w");
	char text[4096];

	if (merged == NULL)
		die(out);
	for (int i = 0; i < cpus; i++) {
		rewind(parts[i]);
		left[i] = next(parts[i], &heads[i]);
	}
	do {
		first = -1;
		for (int i = 0; i < cpus; i++)
			if (left[i] && (first < 0 || heads[i].sequence < heads[first].sequence))
				first = i;
		if (first < 0)
			break;
		if (heads[first].length > sizeof text || fread(text, heads[first].length, 1, parts[first]) != 1) {
			fprintf(stderr, "cpu %d: record %u of %u bytes\n", first, heads[first].sequence, heads[first].length);
			exit(1);
		}
		fwrite(text, heads[first].length, 1, merged);
		left[first] = next(parts[first], &heads[first]);
	} while (1);
	if (fclose(merged))
		die(out);
}

int main(int argc, char **argv)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char file[PATH_MAX];

	if (argc != 5)
		return 2;
	block_end();
	for (int i = 0; i < cpus; i++)
		open_ring(&rings[i], i, argv);
	for (int i = 0; i < cpus; i++)
		if (pthread_create(&threads[i], NULL, reader, &rings[i]))
			die("pthread_create");
	say_ready();

	wait_for_end();
	write_text(path(file, "%s/enabled", argv[1]), "0");
	for (int i = 0; i < cpus; i++) {
		pthread_cancel(threads[i]);
		pthread_join(threads[i], NULL);
		take_produced(&rings[i]);
		munmap(rings[i].map, rings[i].s * rings[i].n);
		close(rings[i].fd);
	}
	merge(cpus, argv[4]);
	return 0;
}
