"""What the commands of two checkouts cost, by turns: start-up before DIR [ROUNDS] runs this.

    start_up_before.py BEFORE AFTER ROUNDS

Both are checkouts with a built target/relayfs.jar. CPU time is that of the whole tree of processes that a command starts
and waits for, so the daemon of a mount has a line of its own: what it has used when the mount answers.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

trees = {"before": sys.argv[1], "after": sys.argv[2]}
rounds = int(sys.argv[3])
folder = tempfile.mkdtemp()
mount_point = os.path.join(folder, "mnt")
os.mkdir(mount_point)
os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
figures = {}


def note(what, kind, milliseconds):
    figures.setdefault(what, {"before": [], "after": []})[kind].append(milliseconds)


def run(kind, *words):
    """Runs a command and notes what it cost."""
    environment = dict(os.environ, RELAYFS_JAR=os.path.join(trees[kind], "target/relayfs.jar"))
    command = [os.path.join(trees[kind], "mount-scripts/relayfs"), *words]
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{kind}: relayfs {' '.join(words)} ended with code {process.returncode}")
    note(f"relayfs {words[0]}, CPU", kind, (used.ru_utime + used.ru_stime) * 1000)
    note(f"relayfs {words[0]}, until it returns", kind, (time.monotonic() - start) * 1000)


def daemon_cpu():
    """The CPU time of the process that serves the mount; it comes in ticks of 10 ms."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            if words[0].endswith(b"java") and mount_point.encode() in words:
                with open(f"/proc/{pid}/stat", "rb") as file:
                    fields = file.read().rsplit(b")", 1)[1].split()
                return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass  # it has ended
    sys.exit("the daemon is not there")


def one_round(kind):
    run(kind, "version")
    run(kind, "mount", mount_point)
    note("its daemon, CPU", kind, daemon_cpu())
    run(kind, "list", mount_point)
    run(kind, "umount", mount_point)


try:
    for number in range(rounds + 1):
        for kind in ("before", "after") if number % 2 else ("after", "before"):
            one_round(kind)
        if number == 0:
            figures.clear()  # files were read for the first time
finally:
    subprocess.run(["umount", "-l", mount_point], stderr=subprocess.DEVNULL, check=False)
    shutil.rmtree(folder)

print("| ms, median of", rounds, "| before | after | before ÷ after |")
print("|---|---|---|---|")
for what, kinds in figures.items():
    ratio = statistics.median(b / a for b, a in zip(kinds["before"], kinds["after"]))
    print(f"| {what} | {statistics.median(kinds['before']):.0f} | {statistics.median(kinds['after']):.0f} | {ratio:.2f} |")
