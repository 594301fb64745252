/* waiting_readers FILE COUNT: so many threads, each with a descriptor of its own, wait in read(2) until it returns 0. Prints
 * the length of every read. SIGINT does not end it: the channel's end does. */
#include "client.h"

static const char *file;
static pthread_barrier_t all_open;

static void *reader(void *argument)
{
	static __thread char buffer[4096];
	int fd = open(file, O_RDONLY);
	ssize_t length;

	if (fd < 0)
		die(file);
	pthread_barrier_wait(&all_open);
	do {
		length = read(fd, buffer, sizeof buffer);
		if (length < 0)
			die("read");
		printf("%zd\n", length);
		fflush(stdout);
	} while (length > 0);
	return argument;
}

int main(int argc, char **argv)
{
	int count;
	pthread_t *threads;
	pthread_attr_t attributes;

	if (argc != 3)
		return 2;
	alarm(PATIENCE_S);
	file = argv[1];
	count = number(argv[2]);
	threads = calloc(count, sizeof *threads);
	pthread_barrier_init(&all_open, NULL, count + 1);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 1 << 17);
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], &attributes, reader, NULL))
			die("pthread_create");
	pthread_barrier_wait(&all_open);
	say_ready();
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
