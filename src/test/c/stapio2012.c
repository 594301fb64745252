/* stapio2012 DIR bulk|merge OUT: reads as systemtap's stapio did in 2012. Files trace0, trace1, … until the first that is not
 * there. One thread a CPU: ppoll without a time limit (merge mode: 200 ms), then reads of 131,072 bytes until one returns
 * nothing. Ends with SIGINT. */
#include "client.h"

#define BUFFER_SIZE 131072

static const char *out;
static int bulk;
static volatile int stop;
static int in[MAX_CPUS];
static pthread_t threads[MAX_CPUS];

static void *reader(void *argument)
{
	int cpu = (int)(intptr_t)argument, fd;
	struct timespec timeout = {.tv_nsec = 200000000};
	struct pollfd pollfd = {.fd = in[cpu], .events = POLLIN};
	static __thread char buffer[BUFFER_SIZE];
	char file[PATH_MAX];
	sigset_t waiting;

	sigemptyset(&waiting);
	sigaddset(&waiting, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &waiting, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &waiting);
	sigdelset(&waiting, SIGUSR2);
	if (bulk)
		pin(cpu);
	fd = open(path(file, "%s.%d", out, cpu), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		die(file);
	do {
		ssize_t length;
		if (ppoll(&pollfd, 1, bulk ? NULL : &timeout, &waiting) < 0 && errno != EINTR)
			die("ppoll");
		while ((length = read(in[cpu], buffer, sizeof buffer)) > 0)
			if (write_all(fd, buffer, length) < 0)
				die(file);
	} while (!stop);
	close(fd);
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

	if (argc != 4)
		return 2;
	bulk = strcmp(argv[2], "bulk") == 0;
	out = argv[3];
	block_end();
	on_signal(SIGUSR2, nothing);
	while (count < MAX_CPUS
	       && (in[count] = open(path(file, "%s/trace%d", argv[1], count), O_RDONLY | O_NONBLOCK)) >= 0)
		count++;
	if (count == 0)
		die(file);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, reader, (void *)(intptr_t)i))
			die("pthread_create");
	say_ready();

	wait_for_end();
	stop = 1;
	for (int i = 0; i < count; i++) {
		pthread_kill(threads[i], SIGUSR2);
		pthread_join(threads[i], NULL);
	}
	return 0;
}
