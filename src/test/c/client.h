/* client.h: what the replayed clients share. Each ends with a message and a code other than 0 when a call fails that the
 * program it stands for takes for fatal, and by SIGALRM when it does not end in time. */
#ifndef CLIENT_H
#define CLIENT_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_CPUS 1024
#define PATIENCE_S 100

__attribute__((noreturn)) static inline void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* A path of up to four components. Not thread-safe: each thread keeps what it was given before it starts another. */
static inline char *path(char *target, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (vsnprintf(target, PATH_MAX, format, args) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		die(format);
	}
	va_end(args);
	return target;
}

static inline long number(const char *text)
{
	return strtol(text, NULL, 10);
}

/* As relay-apps do it: open, one write, close. */
static inline void write_text(const char *file, const char *text)
{
	int fd = open(file, O_RDWR);
	if (fd < 0 && (fd = open(file, O_WRONLY)) < 0)
		die(file);
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		die(file);
	close(fd);
}

static inline int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0)
			return -1;
		bytes += written;
		length -= written;
	}
	return 0;
}

static inline void pin(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0)
		die("sched_setaffinity");
}

/* Tells the test that everything is set up. */
static inline void say_ready(void)
{
	printf("ready\n");
	fflush(stdout);
}

static inline void on_signal(int signal, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	sigaction(signal, &action, NULL);
}

/* Blocks the signal that ends the program in all threads, to be taken by wait_for_end(). */
static inline void block_end(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	alarm(PATIENCE_S);
}

/* Waits for Control-C, which the test sends. */
static inline void wait_for_end(void)
{
	sigset_t set;
	int signal;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigwait(&set, &signal);
}

#endif
