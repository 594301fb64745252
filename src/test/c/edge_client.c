/* edge_client FILE BYTES: waits with edge-triggered epoll and reads until nothing is left, until it has BYTES in all. When
 * 5 s bring no event, a wake-up was missed: says what poll and read say then, and ends with 3. Prints how often it was woken. */
#include "client.h"
#include <sys/epoll.h>

#define LIMIT_MS 5000

int main(int argc, char **argv)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	int epoll = epoll_create1(0), fd;
	long bytes = 0, events = 0, wanted;
	static char buffer[1 << 16];

	if (argc != 3)
		return 2;
	alarm(PATIENCE_S);
	wanted = number(argv[2]);
	if ((fd = open(argv[1], O_RDONLY | O_NONBLOCK)) < 0)
		die(argv[1]);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll_ctl");
	say_ready();
	while (bytes < wanted) {
		ssize_t length;
		int count = epoll_wait(epoll, &event, 1, LIMIT_MS);
		if (count < 0)
			die("epoll_wait");
		if (count == 0) {
			struct pollfd pollfd = {.fd = fd, .events = POLLIN};
			poll(&pollfd, 1, 0);
			length = read(fd, buffer, sizeof buffer);
			printf("missed after %ld bytes, %ld events: poll says %#x, read %zd\n", bytes, events, pollfd.revents,
			       length);
			return 3;
		}
		events++;
		while ((length = read(fd, buffer, sizeof buffer)) > 0)
			bytes += length;
		if (length < 0)
			die("read");
	}
	printf("bytes %ld events %ld\n", bytes, events);
	return 0;
}
