/* stress_writers PATH PROGRESS FIRST THREADS: attaches, says "ready", and logs records as StressRecord has them, until standard
 * input ends or somebody kills it. The threads are the writers FIRST and on; what each was told it notes in its line of the file
 * PROGRESS, as Progress has it. */
#include "../../main/c/relayfs.h"
#include "client.h"

#define HEADER 24
#define MAX_RECORD 600
#define LINE 128

enum { ACCEPTED, ACCEPTED_BYTES, FULL, BIG, STRAGGLER, LOST_BYTES };

static struct relayfs_channel channel;
static char *progress;
static uint32_t first_writer;
static bool ended;
static uint32_t crc_table[256];

static void make_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
		crc_table[i] = crc;
	}
}

static uint32_t checksum(const unsigned char *bytes, size_t length)
{
	uint32_t crc = ~0u;
	for (size_t i = 0; i < length; i++)
		crc = crc >> 8 ^ crc_table[(crc ^ bytes[i]) & 0xFF];
	return ~crc;
}

/* Slowly enough, with its place reserved, to be killed while it is at it. */
static void fill(unsigned char *record, uint32_t length, uint32_t writer, uint64_t number, uint64_t noise)
{
	uint32_t zero = 0, sum;
	memcpy(record, &length, 4);
	memcpy(record + 8, &writer, 4);
	memcpy(record + 12, &zero, 4);
	memcpy(record + 16, &number, 8);
	for (uint32_t i = HEADER; i < length; i++)
		record[i] = (unsigned char)(noise >> i % 56);
	sum = checksum(record + 8, length - 8);
	memcpy(record + 4, &sum, 4);
}

static void note(uint32_t writer, int count, uint64_t delta)
{
	uint64_t *word = (uint64_t *)(void *)(progress + (size_t)writer * LINE) + count;
	__atomic_store_n(word, *word + delta, __ATOMIC_RELEASE);
}

static long log_record(uint32_t writer, uint64_t number, uint32_t length, uint64_t noise)
{
	struct relayfs_reservation reservation;
	unsigned char record[MAX_RECORD];
	long result;

	if (noise % 8 < 3) {
		fill(record, length, writer, number, noise);
		return relayfs_write(&channel, record, length);
	}
	if ((result = relayfs_reserve(&channel, &reservation, length)) < 0)
		return result;
	fill(reservation.memory, length, writer, number, noise);
	relayfs_commit(&reservation);
	return result;
}

static void *log_records(void *argument)
{
	uint32_t writer = first_writer + (uint32_t)(uintptr_t)argument;
	uint64_t state = writer * 0x9E3779B97F4A7C15ULL + 1, number = 0, refused = 0;

	while (!__atomic_load_n(&ended, __ATOMIC_RELAXED)) {
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		uint64_t noise = state >> 16;
		uint32_t length = HEADER + (uint32_t)(noise >> 8) % (noise % 64 == 0 ? MAX_RECORD - HEADER + 1 : 76);
		long result = log_record(writer, number, length, noise);
		if (result > 0) {
			number++;
			refused = 0;
			note(writer, ACCEPTED_BYTES, length);
			note(writer, ACCEPTED, 1);
		} else if (result < 0) {
			if (result != RELAYFS_FULL && result != RELAYFS_STRAGGLER) {
				fprintf(stderr, "writer %u: %ld\n", writer, result);
				exit(3);
			}
			note(writer, LOST_BYTES, length);
			note(writer, result == RELAYFS_FULL ? FULL : STRAGGLER, 1);
			if (++refused % 8 == 0)
				usleep(20);
			else
				sched_yield();
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[16];
	long count = argc == 5 ? number(argv[4]) : 0;
	struct stat status;
	int fd;

	if (count < 1 || count > 16)
		return 2;
	make_table();
	if ((fd = open(argv[2], O_RDWR)) < 0 || fstat(fd, &status) < 0
	    || (progress = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED)
		die(argv[2]);
	first_writer = (uint32_t)number(argv[3]);
	if (relayfs_attach(&channel, argv[1]) < 0) {
		fprintf(stderr, "%s\n", channel.message);
		return 1;
	}
	for (long i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, log_records, (void *)i);
	say_ready();
	while (getchar() != EOF)
		;
	__atomic_store_n(&ended, true, __ATOMIC_RELAXED);
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	relayfs_detach(&channel);
	return 0;
}
