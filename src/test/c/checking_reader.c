/* checking_reader DIR: takes everything out of a channel until it is destroyed, and checks each record as it comes: whole, and
 * later than the last one of its writer in the same buffer. Prints for each writer how many there were, and the sum of what
 * their numbers are mixed to: two lists of numbers with the same count and sum are the same list. Ends with 3 when a record is
 * not as it was written, with 1 when the mount is gone. */
#include "client.h"
#include <dirent.h>

#define MAGIC 0x6b636568
#define MAX_WRITERS 16
#define MAX_RECORD 4096
#define CHUNK (1 << 18)

/* As CheckedRecord writes it; then words that follow from writer and number. */
struct record {
	uint32_t magic;
	uint32_t length;
	uint64_t writer;
	uint64_t number;
	uint64_t words[];
};

struct stream {
	char name[NAME_MAX + 1];
	uint64_t next[MAX_WRITERS];
	size_t kept;
	char *bytes;
};

static uint64_t counts[MAX_WRITERS], sums[MAX_WRITERS];

static uint64_t mix(uint64_t number)
{
	uint64_t z = (number + 1) * 0x9E3779B97F4A7C15ULL;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
	return z ^ z >> 31;
}

__attribute__((noreturn)) static void wrong(const struct stream *stream, const struct record *record, const char *what)
{
	fprintf(stderr, "%s: %s: magic %x, length %u, writer %lu, number %lu\n", stream->name, what, record->magic,
		record->length, record->writer, record->number);
	exit(3);
}

static void check(struct stream *stream, const struct record *record)
{
	uint64_t first = mix(record->number ^ record->writer << 56);
	size_t words = (record->length - sizeof *record) / sizeof(uint64_t);

	for (size_t i = 0; i < words; i++)
		if (record->words[i] != first + i)
			wrong(stream, record, "torn");
	if (record->number < stream->next[record->writer])
		wrong(stream, record, "doubled or out of order");
	stream->next[record->writer] = record->number + 1;
	counts[record->writer]++;
	sums[record->writer] += mix(record->number);
}

static void take(struct stream *stream, size_t length)
{
	size_t at = 0, end = stream->kept + length;

	while (end - at >= sizeof(struct record)) {
		struct record *record = (struct record *)(stream->bytes + at);
		if (record->magic != MAGIC || record->length < sizeof *record || record->length > MAX_RECORD ||
		    record->length % 8 != 0 || record->writer >= MAX_WRITERS)
			wrong(stream, record, "no record");
		if (record->length > end - at)
			break;
		check(stream, record);
		at += record->length;
	}
	memmove(stream->bytes, stream->bytes + at, end - at);
	stream->kept = end - at;
}

/* Returns 0 once the channel is destroyed and read out. */
static int drain(struct stream *stream, struct pollfd *pollfd)
{
	ssize_t length;

	while ((length = read(pollfd->fd, stream->bytes + stream->kept, CHUNK)) > 0)
		take(stream, length);
	/* EIO: the server had no memory to answer with. Nothing is consumed then. */
	if (length < 0 && errno != EAGAIN && errno != EINTR && errno != EIO)
		die(stream->name);
	return length != 0 || !(pollfd->revents & POLLHUP);
}

int main(int argc, char **argv)
{
	static struct stream streams[MAX_CPUS];
	static struct pollfd pollfds[MAX_CPUS];
	struct dirent *entry;
	int count = 0, living;
	DIR *directory;

	if (argc != 2)
		return 2;
	if (!(directory = opendir(argv[1])) || chdir(argv[1]) < 0)
		die(argv[1]);
	while ((entry = readdir(directory))) {
		int cpu, end = 0;
		if (sscanf(entry->d_name, "cpu%d%n", &cpu, &end) == 1 && entry->d_name[end] == 0 && count < MAX_CPUS) {
			strcpy(streams[count].name, entry->d_name);
			streams[count].bytes = malloc(CHUNK + MAX_RECORD);
			pollfds[count].events = POLLIN;
			if ((pollfds[count].fd = open(entry->d_name, O_RDONLY | O_NONBLOCK)) < 0)
				die(entry->d_name);
			count++;
		}
	}
	closedir(directory);
	/* Nobody needs the mount to stay busy because of this. */
	if (chdir("/") < 0)
		die("/");
	say_ready();
	for (living = count; living > 0;) {
		/* Also what is in open sub-buffers, which poll does not tell of. */
		if (poll(pollfds, count, 20) < 0 && errno != EINTR)
			die("poll");
		for (int i = 0; i < count; i++) {
			if (pollfds[i].fd >= 0 && !drain(&streams[i], &pollfds[i])) {
				if (streams[i].kept != 0)
					wrong(&streams[i], (struct record *)streams[i].bytes, "half a record at the end");
				close(pollfds[i].fd);
				pollfds[i].fd = -1;
				living--;
			}
		}
	}
	for (int i = 0; i < MAX_WRITERS; i++)
		if (counts[i] > 0)
			printf("read %d %lu %lu\n", i, counts[i], sums[i]);
	return 0;
}
