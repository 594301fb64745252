/* blktrace_loop ROOT S N OUT CHANNEL…: reads as blktrace 2.0 does, a channel for each of its devices. The ioctls of its
 * set-up, start and stop are the commands of our control files here. OUT is a prefix of files OUT<channel>.<cpu>, or "-":
 * whole records to standard output, as in `blktrace -o - | …`. Ends with SIGINT; prints the number of dropped records then.
 *
 * One thread a CPU for all devices: open(O_RDONLY|O_NONBLOCK); poll(POLLIN, 500 ms, or 50 ms with "-"); one read of S bytes
 * for each POLLIN, with "-" after every poll, because nobody wants to wait for a sub-buffer to fill; at the end reads,
 * without poll, until a round in which all of them returned nothing. To a file it reads straight into the mapped file. */
#include "client.h"

#define MAX_DEVICES 8
#define WINDOW (1 << 20)

/* One relay file and where its bytes go. */
struct stream {
	int in, out;
	char *buffer, *map;
	size_t map_begin, map_length, size, kept;
};

struct tracer {
	pthread_t thread;
	int cpu;
	struct pollfd polls[MAX_DEVICES];
	struct stream streams[MAX_DEVICES];
};

static const char *root, *out;
static char **channels;
static int devices, piped;
static size_t s;
static volatile int done;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t start_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t start_wait = PTHREAD_COND_INITIALIZER;
static int started;

/* Where the next S bytes of the file go; the file is cut to its length at the end. */
static char *map_for(struct stream *t)
{
	if (t->size + s > t->map_begin + t->map_length) {
		if (t->map)
			munmap(t->map, t->map_length);
		t->map_begin = t->size & ~(size_t)(getpagesize() - 1);
		t->map_length = (WINDOW + s + getpagesize()) & ~(size_t)(getpagesize() - 1);
		if (ftruncate(t->out, t->map_begin + t->map_length) < 0)
			die("ftruncate");
		t->map = mmap(NULL, t->map_length, PROT_READ | PROT_WRITE, MAP_SHARED, t->out, t->map_begin);
		if (t->map == MAP_FAILED)
			die("mmap output");
	}
	return t->map + (t->size - t->map_begin);
}

/* The second word of a record is its length. What is cut is kept until the rest comes. */
static void pass_on_whole_records(struct stream *t, size_t length)
{
	size_t whole = 0;
	uint32_t record;
	t->kept += length;
	while (t->kept - whole >= 8) {
		memcpy(&record, t->buffer + whole + 4, sizeof record);
		if (record > t->kept - whole)
			break;
		whole += record;
	}
	pthread_mutex_lock(&output);
	if (write_all(STDOUT_FILENO, t->buffer, whole) < 0)
		die("write to the pipe");
	pthread_mutex_unlock(&output);
	memmove(t->buffer, t->buffer + whole, t->kept - whole);
	t->kept -= whole;
}

/* Returns how many files gave something. */
static int handle_all(struct tracer *t, int force)
{
	int count = 0;
	for (int i = 0; i < devices; i++) {
		struct stream *stream = &t->streams[i];
		ssize_t length;
		if (!(t->polls[i].revents & POLLIN) && !force)
			continue;
		length = read(stream->in, piped ? stream->buffer + stream->kept : map_for(stream), s);
		if (length < 0 && errno != EAGAIN) {
			perror("read");
			t->polls[i].events = 0;
		}
		if (length <= 0)
			continue;
		if (piped)
			pass_on_whole_records(stream, length);
		stream->size += length;
		count++;
	}
	return count;
}

static void open_all(struct tracer *t)
{
	char file[PATH_MAX];
	for (int i = 0; i < devices; i++) {
		struct stream *stream = &t->streams[i];
		stream->in = open(path(file, "%s/%s/trace%d", root, channels[i], t->cpu), O_RDONLY | O_NONBLOCK);
		if (stream->in < 0)
			die(file);
		if (piped)
			stream->buffer = malloc(2 * s);
		else if ((stream->out = open(path(file, "%s%s.%d", out, channels[i], t->cpu),
					     O_RDWR | O_CREAT | O_TRUNC, 0644)) < 0)
			die(file);
		t->polls[i] = (struct pollfd){.fd = stream->in, .events = POLLIN};
	}
}

static void *trace(void *argument)
{
	struct tracer *t = argument;

	pin(t->cpu);
	open_all(t);
	pthread_mutex_lock(&start_lock);
	started++;
	pthread_cond_broadcast(&start_wait);
	pthread_mutex_unlock(&start_lock);

	while (!done) {
		int ready = poll(t->polls, devices, piped ? 50 : 500);
		if (ready > 0 || piped)
			handle_all(t, piped);
		else if (ready < 0 && errno != EINTR)
			die("poll");
	}
	while (handle_all(t, 1) > 0)
		;
	for (int i = 0; i < devices && !piped; i++)
		if (ftruncate(t->streams[i].out, t->streams[i].size) < 0)
			die("ftruncate");
	return NULL;
}

static void control(const char *command, const char *channel, const char *arguments)
{
	char file[PATH_MAX], text[PATH_MAX];
	write_text(path(file, "%s/control", root), path(text, "%s %s %s\n", command, channel, arguments));
}

static void print_dropped(const char *channel)
{
	char file[PATH_MAX], text[256] = "";
	int fd = open(path(file, "%s/%s/dropped", root, channel), O_RDONLY);
	if (fd < 0 && errno == ENOENT)
		return;
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		die(file);
	fprintf(stderr, "dropped %d\n", atoi(text));
	close(fd);
}

int main(int argc, char **argv)
{
	static struct tracer tracers[MAX_CPUS];
	/* blktrace takes the configured ones and fails when one of them has no file; that one may be offline here. */
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char geometry[128];

	if (argc < 6 || argc - 5 > MAX_DEVICES)
		return 2;
	root = argv[1];
	s = number(argv[2]);
	snprintf(geometry, sizeof geometry, "base=trace subbuf_size=%s n_subbufs=%s", argv[2], argv[3]);
	out = argv[4];
	channels = argv + 5;
	devices = argc - 5;
	piped = strcmp(out, "-") == 0;
	block_end();

	for (int i = 0; i < devices; i++) { /* BLKTRACESETUP */
		control("create", channels[i], geometry);
		control("disable", channels[i], "");
	}
	for (int i = 0; i < cpus; i++) {
		tracers[i].cpu = i;
		if (pthread_create(&tracers[i].thread, NULL, trace, &tracers[i]))
			die("pthread_create");
	}
	pthread_mutex_lock(&start_lock);
	while (started < cpus)
		pthread_cond_wait(&start_wait, &start_lock);
	pthread_mutex_unlock(&start_lock);
	for (int i = 0; i < devices; i++) /* BLKTRACESTART */
		control("enable", channels[i], "");
	fprintf(stderr, "ready\n");

	wait_for_end();
	for (int i = 0; i < devices; i++) /* BLKTRACESTOP, which flushes */
		control("disable", channels[i], "");
	done = 1;
	for (int i = 0; i < cpus; i++)
		pthread_join(tracers[i].thread, NULL);
	for (int i = 0; i < devices; i++)
		print_dropped(channels[i]);
	for (int i = 0; i < cpus * devices; i++)
		close(tracers[i / devices].streams[i % devices].in);
	for (int i = 0; i < devices; i++) /* BLKTRACETEARDOWN */
		control("destroy", channels[i], "");
	return 0;
}
