/* skbtrace ROOT LENGTH OUT CONTEXT…: reads as skbtrace does. Each context (hardirq, softirq, syscall) is a channel with files
 * trace.CONTEXT.cpu<i>; LENGTH is S times N, rounded up to pages. Ends with SIGINT.
 *
 * One thread a CPU: epoll_wait(EPOLLIN|EPOLLET, 100 ms); on an event reads until one returns nothing or EAGAIN; EPOLLERR is
 * fatal. At the end the channels are disabled, which flushes, and one more round reads without being asked to. */
#include "client.h"
#include <sys/epoll.h>

#define MAX_CONTEXTS 8

static const char *root, *out;
static char **contexts;
static int context_count;
static size_t length;
static volatile int stop;
static pthread_t threads[MAX_CPUS];

static void drain(int in, int fd, char *buffer)
{
	ssize_t count;
	while ((count = read(in, buffer, length)) > 0)
		if (write_all(fd, buffer, count) < 0)
			die("output");
	if (count < 0 && errno != EAGAIN)
		die("read");
}

static void *reader(void *argument)
{
	int cpu = (int)(intptr_t)argument, epoll = epoll_create1(0), in[MAX_CONTEXTS], to[MAX_CONTEXTS];
	char *buffer = malloc(length), file[PATH_MAX];

	pin(cpu);
	for (int i = 0; i < context_count; i++) {
		struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = i};
		path(file, "%s/%s/trace.%s.cpu%d", root, contexts[i], contexts[i], cpu);
		if ((in[i] = open(file, O_RDONLY | O_NONBLOCK)) < 0)
			die(file);
		path(file, "%s%s.%d", out, contexts[i], cpu);
		if ((to[i] = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644)) < 0)
			die(file);
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, in[i], &event) < 0)
			die("epoll_ctl");
	}
	while (!stop) {
		struct epoll_event events[MAX_CONTEXTS];
		int count = epoll_wait(epoll, events, MAX_CONTEXTS, 100);
		if (count < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < count; i++) {
			if (events[i].events & EPOLLERR) {
				fprintf(stderr, "EPOLLERR\n");
				exit(1);
			}
			drain(in[events[i].data.u32], to[events[i].data.u32], buffer);
		}
	}
	for (int i = 0; i < context_count; i++) {
		drain(in[i], to[i], buffer);
		close(in[i]);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char file[PATH_MAX];

	if (argc < 5 || argc - 4 > MAX_CONTEXTS)
		return 2;
	root = argv[1];
	length = number(argv[2]);
	out = argv[3];
	contexts = argv + 4;
	context_count = argc - 4;
	block_end();
	for (int i = 0; i < cpus; i++)
		if (pthread_create(&threads[i], NULL, reader, (void *)(intptr_t)i))
			die("pthread_create");
	say_ready();

	wait_for_end();
	for (int i = 0; i < context_count; i++)
		write_text(path(file, "%s/%s/enabled", root, contexts[i]), "0");
	stop = 1;
	for (int i = 0; i < cpus; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
