/* stepped_writer PATH HOW STEPS: a child attaches, and logs one record of 8 letters by relayfs.h: HOW is write, reserve or abort.
 * It is killed after so many machine instructions of that. Prints "died", or "done" if it had finished before. */
#include "../../main/c/relayfs.h"
#include "client.h"
#include <sys/ptrace.h>
#include <sys/wait.h>

static int child(const char *path, const char *how)
{
	static struct relayfs_channel channel;
	struct relayfs_reservation reservation, behind;
	const char record[] = "whichone";
	bool aborting = strcmp(how, "abort") == 0;

	if (relayfs_attach(&channel, path) < 0) {
		fprintf(stderr, "%s\n", channel.message);
		return 1;
	}
	/* Behind what is aborted, so that it becomes a hole. */
	if (aborting && (relayfs_reserve(&channel, &reservation, 8) != 8 || relayfs_reserve(&channel, &behind, 8) != 8))
		return 3;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		die("ptrace");
	raise(SIGSTOP);
	if (aborting) {
		relayfs_abort(&reservation);
		memcpy(behind.memory, record, 8);
		relayfs_commit(&behind);
	} else if (strcmp(how, "write") == 0) {
		relayfs_write(&channel, record, 8);
	} else if (relayfs_reserve(&channel, &reservation, 8) == 8) {
		memcpy(reservation.memory, record, 8);
		relayfs_commit(&reservation);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	long steps = argc == 4 ? number(argv[3]) : -1;
	int status = 0;
	pid_t pid;

	if (steps < 0)
		return 2;
	if ((pid = fork()) == 0)
		return child(argv[1], argv[2]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("fork");
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	for (; steps > 0 && WIFSTOPPED(status); steps--)
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0 || waitpid(pid, &status, 0) != pid)
			die("PTRACE_SINGLESTEP");
	if (WIFEXITED(status)) {
		puts("done");
		return 0;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	puts("died");
	return 0;
}
