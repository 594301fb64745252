/* relay_old DIR S N OUT: reads as systemtap's relay_old does: poll, produced and consumed, mmap. Files trace0, trace1, …
 * until the first that is not there. Each sub-buffer begins with its padding as a 4-byte number, which the client behind the
 * channel stores there. Ends with SIGINT.
 *
 * Its control file `<i>`, a record {cpu, produced, consumed, flushing} of 16 bytes, is systemtap's own and not relay's: here
 * trace<i>.produced and trace<i>.consumed take its place, read from their start each time, and `flushing` is told by the main
 * thread once the channel is disabled, which flushes. Its test of statfs's type is left out: ours is FUSE's. */
#include "ring.h"

static volatile int flushing;
static pthread_t threads[MAX_CPUS];
static struct ring rings[MAX_CPUS];

static void *reader(void *argument)
{
	struct ring *ring = argument;
	struct pollfd pollfd = {.fd = ring->fd, .events = POLLIN};
	sigset_t waiting;
	int last;

	sigemptyset(&waiting);
	sigaddset(&waiting, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &waiting, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &waiting);
	sigdelset(&waiting, SIGUSR2);
	pin(ring->cpu);
	do {
		if (ppoll(&pollfd, 1, NULL, &waiting) < 0 && errno != EINTR)
			die("ppoll");
		last = flushing;
		take_produced(ring);
	} while (!last);
	return NULL;
}

static void nothing(int signal)
{
	(void)signal;
}

int main(int argc, char **argv)
{
	int count = 0;
	char file[PATH_MAX];

	if (argc != 5)
		return 2;
	block_end();
	on_signal(SIGUSR2, nothing);
	while (count < MAX_CPUS) {
		struct ring *ring = &rings[count];
		ring->fd = open(path(file, "%s/trace%d", argv[1], count), O_RDONLY | O_NONBLOCK);
		if (ring->fd < 0)
			break;
		ring->cpu = count;
		ring->s = number(argv[2]);
		ring->n = number(argv[3]);
		ring->header = 4;
		ring->produced_fd = open(path(file, "%s/trace%d.produced", argv[1], count), O_RDONLY | O_NONBLOCK);
		ring->consumed_fd = open(path(file, "%s/trace%d.consumed", argv[1], count), O_RDWR | O_NONBLOCK);
		ring->out = open(path(file, "%s.%d", argv[4], count), O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (ring->produced_fd < 0 || ring->consumed_fd < 0 || ring->out < 0)
			die(file);
		if (fcntl(ring->fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(ring->consumed_fd, F_SETFD, FD_CLOEXEC) < 0)
			die("fcntl");
		ring->map = mmap(NULL, ring->s * ring->n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, ring->fd, 0);
		if (ring->map == MAP_FAILED)
			die("mmap");
		count++;
	}
	if (count == 0)
		die(file);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, reader, &rings[i]))
			die("pthread_create");
	say_ready();

	wait_for_end();
	write_text(path(file, "%s/enabled", argv[1]), "0");
	flushing = 1;
	for (int i = 0; i < count; i++) {
		pthread_kill(threads[i], SIGUSR2);
		pthread_join(threads[i], NULL);
		munmap(rings[i].map, rings[i].s * rings[i].n);
	}
	return 0;
}
