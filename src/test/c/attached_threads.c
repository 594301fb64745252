/* attached_threads PATH THREADS COUNT MODE: threads log COUNT records each, 0: until standard input ends; of lengths that change, some of them reserved and
 * some of those given back; MODE is write, or observe for a thread beside them that looks at all buffers. More threads than a
 * process has entries claim them. Prints how many records and bytes were taken. */
#include "../../main/c/relayfs.h"
#include <pthread.h>

static struct relayfs_channel channel;
static unsigned long count, records, bytes;
static bool ended;

static void *log_records(void *argument)
{
	uint64_t state = (uint64_t)(uintptr_t)argument;
	unsigned long taken = 0, length_sum = 0;
	for (unsigned long i = 0; count > 0 ? i < count : !__atomic_load_n(&ended, __ATOMIC_ACQUIRE); i++) {
		char record[200];
		struct relayfs_reservation reservation;
		state = state * 6364136223846793005u + 1442695040888963407u;
		size_t length = 1 + (state >> 33) % sizeof record;
		if (i % 4 != 0) {
			memset(record, 'a' + (int)(i % 26), length);
			if (relayfs_write(&channel, record, length) < 0)
				continue;
		} else {
			if (relayfs_reserve(&channel, &reservation, length) < 0)
				continue;
			if (i % 16 == 0) {
				relayfs_abort(&reservation);
				continue;
			}
			memset(reservation.memory, 'A' + (int)(i % 26), length);
			relayfs_commit(&reservation);
		}
		taken++;
		length_sum += length;
	}
	__atomic_fetch_add(&records, taken, __ATOMIC_RELAXED);
	__atomic_fetch_add(&bytes, length_sum, __ATOMIC_RELAXED);
	return NULL;
}

static void *observe(void *unused)
{
	static char target[1 << 16];
	struct relayfs_observer observers[64];
	unsigned found = 0;
	for (unsigned slot = 0; slot < relayfs_slots(&channel) && found < 64; slot++)
		if (relayfs_observe(&observers[found], &channel, slot, RELAYFS_OLDEST) == 0)
			found++;
	while (!__atomic_load_n(&ended, __ATOMIC_ACQUIRE))
		for (unsigned i = 0; i < found; i++) {
			long length = relayfs_observe_next(&observers[i], target, sizeof target);
			for (long at = 0; at < length; at++)
				if (target[at] < 'A' || target[at] > 'z') {
					fprintf(stderr, "byte %d at %ld\n", target[at], at);
					exit(3);
				}
			if (length <= 0)
				sched_yield();
		}
	(void)unused;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[64], observer;
	if (argc != 5 || relayfs_attach(&channel, argv[1]) != 0) {
		fprintf(stderr, "%s\n", channel.message);
		return 1;
	}
	unsigned long writers = strtoul(argv[2], NULL, 10);
	bool observing = strcmp(argv[4], "observe") == 0;
	count = strtoul(argv[3], NULL, 10);
	if (observing)
		pthread_create(&observer, NULL, observe, NULL);
	for (unsigned long i = 0; i < writers && i < 64; i++)
		pthread_create(&threads[i], NULL, log_records, (void *)(uintptr_t)(i + 1));
	while (count == 0 && !ended)
		__atomic_store_n(&ended, getchar() == EOF, __ATOMIC_RELEASE);
	for (unsigned long i = 0; i < writers && i < 64; i++)
		pthread_join(threads[i], NULL);
	__atomic_store_n(&ended, true, __ATOMIC_RELEASE);
	if (observing)
		pthread_join(observer, NULL);
	relayfs_detach(&channel);
	printf("%lu %lu\n", records, bytes);
	return 0;
}
