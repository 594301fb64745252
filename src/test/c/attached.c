/* attached: does with relayfs.h what it is told, one command a line of standard input, and answers each with one line.
 *
 *     attach PATH | attach-observer PATH   0, or -errno and a message
 *     reattach PATH                        1, 0, or -errno and a message
 *     write TEXT | write-to CPU TEXT       the result
 *     write-timeout MILLISECONDS TEXT      the result
 *     reserve LENGTH | commit TEXT | abort the result, 0, 0
 *     observe SLOT START                   0 or -errno
 *     next SIZE                            the result, sub-buffers missed so far, and the bytes
 *     missed                               bytes
 *     wait MILLISECONDS                    1 if it has ended before that
 *     alive | closed                       0 or 1
 *     detach                               0
 */
#include "../../main/c/relayfs.h"

static struct relayfs_channel channel;
static struct relayfs_reservation reservation;
static struct relayfs_observer observer;

static long commit(const char *text)
{
	memcpy(reservation.memory, text, reservation.length);
	relayfs_commit(&reservation);
	return 0;
}

static long stop(void)
{
	relayfs_abort(&reservation);
	return 0;
}

static long next(size_t size)
{
	static char bytes[1 << 16];
	long result = relayfs_observe_next(&observer, bytes, size < sizeof bytes ? size : sizeof bytes);
	printf("%ld %lu %.*s\n", result, observer.missed, result > 0 ? (int)result : 0, bytes);
	return 0;
}

static long attach(int (*how)(struct relayfs_channel *, const char *), const char *path)
{
	int result = how(&channel, path);
	if (result == 0)
		return 0;
	printf("%d %s\n", result, channel.message);
	return 1;
}

static long detach(void)
{
	relayfs_detach(&channel);
	return 0;
}

int main(void)
{
	static char line[1 << 17];
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = 0;
		char *argument = strchr(line, ' ');
		if (argument != NULL)
			*argument++ = 0;
		else
			argument = line + strlen(line);
		char *second = argument + strcspn(argument, " ");
		if (*second != 0)
			second++;
		unsigned number = (unsigned)strtoul(argument, NULL, 10);
		if (strcmp(line, "attach") == 0) {
			if (attach(relayfs_attach, argument) == 0)
				puts("0");
		} else if (strcmp(line, "attach-observer") == 0) {
			if (attach(relayfs_attach_observer, argument) == 0)
				puts("0");
		} else if (strcmp(line, "reattach") == 0) {
			int result = relayfs_reattach(&channel, argument);
			printf("%d %s\n", result, result < 0 ? channel.message : "");
		} else if (strcmp(line, "write") == 0) {
			printf("%ld\n", relayfs_write(&channel, argument, strlen(argument)));
		} else if (strcmp(line, "write-to") == 0) {
			printf("%ld\n", relayfs_write_to(&channel, number, second, strlen(second)));
		} else if (strcmp(line, "write-timeout") == 0) {
			uint64_t timeout_ns = number * UINT64_C(1000000);
			printf("%ld\n", relayfs_write_timeout(&channel, second, strlen(second), timeout_ns));
		} else if (strcmp(line, "reserve") == 0) {
			printf("%ld\n", relayfs_reserve(&channel, &reservation, number));
		} else if (strcmp(line, "commit") == 0) {
			printf("%ld\n", commit(argument));
		} else if (strcmp(line, "abort") == 0) {
			printf("%ld\n", stop());
		} else if (strcmp(line, "observe") == 0) {
			enum relayfs_start start = strcmp(second, "oldest") == 0 ? RELAYFS_OLDEST
				: strcmp(second, "unread") == 0 ? RELAYFS_UNREAD : RELAYFS_NEWEST;
			printf("%d\n", relayfs_observe(&observer, &channel, number, start));
		} else if (strcmp(line, "next") == 0) {
			next(number);
		} else if (strcmp(line, "missed") == 0) {
			printf("%lu\n", relayfs_observe_missed(&observer));
		} else if (strcmp(line, "wait") == 0) {
			uint64_t start = rlyfs_now();
			relayfs_wait(&channel, relayfs_arm(&channel), number);
			printf("%d\n", rlyfs_now() - start < number * 1000000UL);
		} else if (strcmp(line, "alive") == 0) {
			printf("%d\n", relayfs_is_owner_alive(&channel));
		} else if (strcmp(line, "closed") == 0) {
			printf("%d\n", relayfs_is_closed(&channel));
		} else if (strcmp(line, "detach") == 0) {
			printf("%ld\n", detach());
		} else {
			printf("not understood: %s\n", line);
		}
	}
	return 0;
}
