/* librelay DIR S N OUT private|shared: reads as relay-apps' librelay does (its generation with control files). DIR is a
 * channel's directory whose channel is not created yet; each sub-buffer begins with its padding as a size_t. Ends with SIGINT;
 * prints the number of dropped records then. "shared" maps with MAP_SHARED where librelay takes MAP_PRIVATE|MAP_POPULATE. */
#include "ring.h"

static struct ring rings[MAX_CPUS];
static pthread_t threads[MAX_CPUS];

static void *reader(void *argument)
{
	struct ring *ring = argument;
	struct pollfd pollfd = {.fd = ring->fd, .events = POLLIN};
	int state;

	while (1) {
		if (poll(&pollfd, 1, -1) < 0 && errno != EINTR)
			die("poll");
		/* Cancelled in the middle of a pass, it would leave half of it to the last one. */
		pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
		take_produced(ring);
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	}
	return NULL;
}

static void open_ring(struct ring *ring, int cpu, char **argv)
{
	char file[PATH_MAX];
	int shared = strcmp(argv[5], "shared") == 0;

	ring->cpu = cpu;
	ring->s = number(argv[2]);
	ring->n = number(argv[3]);
	ring->header = sizeof(size_t);
	ring->fd = open(path(file, "%s/cpu%d", argv[1], cpu), O_RDONLY | O_NONBLOCK);
	if (ring->fd < 0)
		die(file);
	ring->map = mmap(NULL, ring->s * ring->n, PROT_READ, shared ? MAP_SHARED : MAP_PRIVATE | MAP_POPULATE, ring->fd, 0);
	if (ring->map == MAP_FAILED)
		die("mmap");
	if ((ring->produced_fd = open(path(file, "%s/cpu%d.produced", argv[1], cpu), O_RDONLY)) < 0
	    || (ring->consumed_fd = open(path(file, "%s/cpu%d.consumed", argv[1], cpu), O_RDWR)) < 0
	    || (ring->out = open(path(file, "%s.%d", argv[4], cpu), O_CREAT | O_RDWR | O_TRUNC, 0644)) < 0)
		die(file);
}

int main(int argc, char **argv)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN), fd;
	char file[PATH_MAX], text[256] = "";

	if (argc != 6)
		return 2;
	block_end();
	write_text(path(file, "%s/subbuf_size", argv[1]), argv[2]);
	write_text(path(file, "%s/n_subbufs", argv[1]), argv[3]);
	write_text(path(file, "%s/enabled", argv[1]), "0");
	write_text(path(file, "%s/create", argv[1]), "1");
	for (int i = 0; i < cpus; i++)
		open_ring(&rings[i], i, argv);
	for (int i = 0; i < cpus; i++)
		if (pthread_create(&threads[i], NULL, reader, &rings[i]))
			die("pthread_create");
	write_text(path(file, "%s/enabled", argv[1]), "1");
	say_ready();

	wait_for_end();
	write_text(path(file, "%s/enabled", argv[1]), "0");
	for (int i = 0; i < cpus; i++) {
		pthread_cancel(threads[i]);
		pthread_join(threads[i], NULL);
	}
	for (int i = 0; i < cpus; i++)
		take_produced(&rings[i]);
	fd = open(path(file, "%s/dropped", argv[1]), O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
		die(file);
	printf("dropped %ld\n", number(text));
	for (int i = 0; i < cpus; i++) {
		munmap(rings[i].map, rings[i].s * rings[i].n);
		close(rings[i].fd);
		close(rings[i].produced_fd);
		close(rings[i].consumed_fd);
		close(rings[i].out);
	}
	write_text(path(file, "%s/create", argv[1]), "0");
	return 0;
}
