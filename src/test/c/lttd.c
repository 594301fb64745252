/* lttd ROOT OUT: reads as lttd of the first Linux Trace Toolkit does. It walks through ROOT, makes each directory that it
 * finds in OUT, and opens every file that it finds, whatever its name, for reading without waiting. One thread polls all of
 * them without a limit of time, and reads each that is ready until a read returns less than it has asked for; a file that is
 * hung up is read to its end and left out from then on. Ends when all of them are.
 *
 * lttd takes sub-buffers by ioctls of its own; a read takes their place. */
#include "client.h"
#include <dirent.h>

#define MAX_FILES 4096
#define CHUNK 65536

static struct pollfd polled[MAX_FILES];
static int outputs[MAX_FILES], file_count;

static void open_pairs(const char *source, const char *target)
{
	char from[PATH_MAX], to[PATH_MAX];
	struct dirent *entry;
	DIR *directory = opendir(source);

	if (!directory)
		die(source);
	if (mkdir(target, 0755) < 0 && errno != EEXIST)
		die(target);
	while ((entry = readdir(directory)) != NULL) {
		struct stat status;
		if (entry->d_name[0] == '.')
			continue;
		path(from, "%s/%s", source, entry->d_name);
		path(to, "%s/%s", target, entry->d_name);
		if (stat(from, &status) < 0)
			die(from);
		if (S_ISDIR(status.st_mode)) {
			open_pairs(from, to);
		} else if (S_ISREG(status.st_mode)) {
			if (file_count == MAX_FILES)
				die("too many files");
			polled[file_count].fd = open(from, O_RDONLY | O_NONBLOCK);
			polled[file_count].events = POLLIN | POLLPRI;
			if (polled[file_count].fd < 0)
				die(from);
			outputs[file_count] = open(to, O_WRONLY | O_CREAT | O_EXCL, 0644);
			if (outputs[file_count] < 0)
				die(to);
			file_count++;
		}
	}
	closedir(directory);
}

static void copy(int i)
{
	static char buffer[CHUNK];
	ssize_t count;

	do {
		count = read(polled[i].fd, buffer, sizeof buffer);
		if (count < 0)
			die("read");
		if (write_all(outputs[i], buffer, count) < 0)
			die("output");
	} while (count > 0);
}

int main(int argc, char **argv)
{
	int living;

	if (argc != 3)
		return 2;
	alarm(PATIENCE_S);
	open_pairs(argv[1], argv[2]);
	living = file_count;
	say_ready();
	while (living > 0) {
		if (poll(polled, file_count, -1) < 0)
			die("poll");
		for (int i = 0; i < file_count; i++) {
			short seen = polled[i].revents;
			if (polled[i].fd < 0 || seen == 0)
				continue;
			copy(i);
			if (seen & (POLLERR | POLLHUP | POLLNVAL)) {
				close(polled[i].fd);
				polled[i].fd = -1;
				living--;
			}
		}
	}
	printf("files %d\n", file_count);
	return 0;
}
