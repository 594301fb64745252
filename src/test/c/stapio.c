/* stapio DIR bulk|merge OUT: reads as systemtap's stapio does (2026). Its probe for bulk mode, a write to `.cmd`, is the
 * second argument here. Ends with SIGINT.
 *
 * One thread a CPU, with SIGUSR2 blocked: ppoll(POLLIN, 200 ms), whatever it says; then a 12-byte header, which must come
 * from one read, and the body in pieces. Bulk: OUT.<cpu> gets headers and bodies. Merge: OUT gets the bodies in the order
 * of their sequence numbers, which begin with 1; a gap is waited for up to 2 s and then counted as lost. */
#include "client.h"
#include <time.h>

#define TIMEOUT_MS 200
#define MAX_MESSAGE 131072
#define WINDOW (1 << 17)

struct header {
	unsigned char magic[4];
	uint32_t sequence;
	uint32_t length;
};

struct message {
	uint32_t length;
	char body[];
};

static const unsigned char MAGIC[4] = {0xF0, 0x9F, 0xA9, 0xBA};
static const char *out;
static int bulk;
static volatile int stop;
static int in[MAX_CPUS];
static pthread_t threads[MAX_CPUS], serializer;
static long lost;

/* A message waits in the slot of its number. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static struct message *pending[WINDOW];
static uint32_t expected = 1, highest;
static int readers_done;

static void queue(const struct header *header, const char *body)
{
	struct message *m = malloc(sizeof *m + header->length);
	m->length = header->length;
	memcpy(m->body, body, header->length);
	pthread_mutex_lock(&lock);
	if (header->sequence < expected || header->sequence >= expected + WINDOW || pending[header->sequence % WINDOW]) {
		fprintf(stderr, "message %u is no news, or far too early\n", header->sequence);
		exit(1);
	}
	pending[header->sequence % WINDOW] = m;
	if (header->sequence > highest)
		highest = header->sequence;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
}

static void *serialize(void *argument)
{
	int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	(void)argument;
	if (fd < 0)
		die(out);
	pthread_mutex_lock(&lock);
	while (1) {
		struct message *m = pending[expected % WINDOW];
		if (!m) {
			struct timespec until;
			if (readers_done && expected > highest)
				break;
			clock_gettime(CLOCK_REALTIME, &until);
			until.tv_sec += 2;
			if ((pthread_cond_timedwait(&arrived, &lock, &until) == ETIMEDOUT || readers_done)
			    && expected <= highest && !pending[expected % WINDOW]) {
				lost++;
				expected++;
			}
			continue;
		}
		pending[expected++ % WINDOW] = NULL;
		pthread_mutex_unlock(&lock);
		if (write_all(fd, m->body, m->length) < 0)
			die(out);
		free(m);
		pthread_mutex_lock(&lock);
	}
	pthread_mutex_unlock(&lock);
	close(fd);
	return NULL;
}

static void *reader(void *argument)
{
	int cpu = (int)(intptr_t)argument, fd = -1;
	struct timespec timeout = {.tv_nsec = TIMEOUT_MS * 1000000L};
	char *body = malloc(MAX_MESSAGE);
	struct pollfd pollfd = {.fd = in[cpu], .events = POLLIN};
	sigset_t waiting;

	sigemptyset(&waiting);
	sigaddset(&waiting, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &waiting, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &waiting);
	sigdelset(&waiting, SIGUSR2);
	pin(cpu);
	if (bulk) {
		char file[PATH_MAX];
		fd = open(path(file, "%s.%d", out, cpu), O_WRONLY | O_CREAT | O_TRUNC, 0644);
		if (fd < 0)
			die(file);
	}
	while (!stop) {
		struct header header;
		ssize_t length;
		uint32_t got = 0;

		if (ppoll(&pollfd, 1, &timeout, &waiting) < 0 && errno != EINTR)
			die("ppoll");
		length = read(in[cpu], &header, sizeof header);
		if (length <= 0)
			continue;
		if (length < (ssize_t)sizeof header) {
			fprintf(stderr, "a header of %zd bytes\n", length);
			__sync_fetch_and_add(&lost, 1);
			continue;
		}
		while (memcmp(header.magic, MAGIC, sizeof MAGIC)) {
			fprintf(stderr, "no header at cpu %d\n", cpu);
			memmove(&header, (char *)&header + 1, sizeof header - 1);
			if (read(in[cpu], (char *)&header + sizeof header - 1, 1) != 1)
				break;
		}
		if (header.length == 0 || header.length > MAX_MESSAGE)
			continue;
		while (got < header.length && (length = read(in[cpu], body + got, header.length - got)) > 0)
			got += length;
		header.length = got;
		if (!bulk)
			queue(&header, body);
		else if (write_all(fd, (char *)&header, sizeof header) < 0 || write_all(fd, body, got) < 0)
			die(out);
	}
	return NULL;
}

static void nothing(int signal)
{
	(void)signal;
}

int main(int argc, char **argv)
{
	int base, open_count = 0, cpus = sysconf(_SC_NPROCESSORS_CONF);

	if (argc != 4 || (base = open(argv[1], O_RDONLY | O_DIRECTORY)) < 0)
		die("usage");
	bulk = strcmp(argv[2], "bulk") == 0;
	out = argv[3];
	block_end();
	on_signal(SIGUSR2, nothing);
	for (int i = 0; i < cpus && i < MAX_CPUS; i++) {
		char file[32];
		snprintf(file, sizeof file, "trace%d", i);
		in[i] = openat(base, file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		open_count += in[i] >= 0;
	}
	if (open_count == 0)
		die("no trace file");
	if (!bulk && pthread_create(&serializer, NULL, serialize, NULL))
		die("pthread_create");
	for (int i = 0; i < cpus; i++)
		if (in[i] >= 0 && pthread_create(&threads[i], NULL, reader, (void *)(intptr_t)i))
			die("pthread_create");
	say_ready();

	wait_for_end();
	/* The readers are to drain what the flush has produced. */
	usleep(2 * TIMEOUT_MS * 1000);
	stop = 1;
	for (int i = 0; i < cpus; i++)
		if (in[i] >= 0) {
			pthread_kill(threads[i], SIGUSR2);
			pthread_join(threads[i], NULL);
			close(in[i]);
		}
	if (!bulk) {
		pthread_mutex_lock(&lock);
		readers_done = 1;
		pthread_cond_signal(&arrived);
		pthread_mutex_unlock(&lock);
		pthread_join(serializer, NULL);
	}
	fprintf(stderr, "lost %ld\n", lost);
	return lost != 0;
}
