/* interrupted_reader FILE OUT COUNT: reads in a loop, with signals that interrupt it all the time, and writes what it gets to
 * OUT. Says "interrupted" when that has happened COUNT times. Ends when a read returns 0: the channel is destroyed and read
 * out. */
#include "client.h"
#include <sys/time.h>

static void nothing(int signal)
{
	(void)signal;
}

int main(int argc, char **argv)
{
	static char buffer[1 << 16];
	struct itimerval interval = {.it_interval.tv_usec = 300, .it_value.tv_usec = 300};
	long interrupts = 0, wanted;
	ssize_t length;
	int in, out;

	if (argc != 4)
		return 2;
	wanted = number(argv[3]);
	on_signal(SIGALRM, nothing);
	if ((in = open(argv[1], O_RDONLY)) < 0)
		die(argv[1]);
	if ((out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644)) < 0)
		die(argv[2]);
	say_ready();
	setitimer(ITIMER_REAL, &interval, NULL);
	while ((length = read(in, buffer, sizeof buffer)) != 0) {
		if (length < 0 && errno != EINTR)
			die("read");
		if (length < 0 && ++interrupts == wanted) {
			printf("interrupted\n");
			fflush(stdout);
		}
		if (length > 0 && write_all(out, buffer, length) < 0)
			die(argv[2]);
	}
	return 0;
}
