/* chunks FILE OUT: reads as much as there is, again and again, and writes what each read has returned to OUT: its length in 4
 * bytes, then the bytes. Ends with SIGINT, after a last read that returned nothing. */
#include "client.h"

#define LENGTH (1 << 20)

static volatile int end;

static void on_end(int signal)
{
	(void)signal;
	end = 1;
}

int main(int argc, char **argv)
{
	static char buffer[LENGTH];
	int in, out;

	if (argc != 3)
		return 2;
	alarm(PATIENCE_S);
	on_signal(SIGINT, on_end);
	if ((in = open(argv[1], O_RDONLY)) < 0)
		die(argv[1]);
	if ((out = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0644)) < 0)
		die(argv[2]);
	say_ready();
	while (1) {
		int last = end;
		ssize_t length = read(in, buffer, sizeof buffer);
		uint32_t word = length;
		if (length < 0 && errno != EINTR)
			die("read");
		if (length <= 0 && last)
			return 0;
		if (length <= 0)
			usleep(1000);
		else if (write_all(out, (char *)&word, sizeof word) < 0 || write_all(out, buffer, length) < 0)
			die("write");
	}
}
