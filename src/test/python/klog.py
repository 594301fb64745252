"""klog.py DIR ROUNDS: relay-apps' klog, call by call: create through the control files, log, read, stop, destroy.

The kernel side of klog takes `subbuf_size`, `n_subbufs`, `create`, `enabled`, `dropped` and a file for each CPU. Prints what it
has read, and `dropped` of each round to standard error.
"""
import os
import select
import sys
import time

directory, rounds = sys.argv[1], int(sys.argv[2])


def put(name, text):
    fd = os.open(os.path.join(directory, name), os.O_RDWR)
    os.write(fd, text)
    os.close(fd)


def drain(fds):
    """Reads until all files return nothing."""
    total = 0
    while True:
        parts = [os.read(fd, 65536) for fd in fds]
        if not any(parts):
            return total
        for part in parts:
            os.write(1, part)
            total += len(part)


os.mkdir(directory)
for _ in range(rounds):
    put("subbuf_size", b"16384")
    put("n_subbufs", b"8")
    put("enabled", b"0")
    put("create", b"1")
    fds = []
    for cpu in range(os.sysconf("SC_NPROCESSORS_ONLN")):
        try:
            fds.append(os.open(os.path.join(directory, "cpu%d" % cpu), os.O_RDONLY | os.O_NONBLOCK))
        except FileNotFoundError:
            pass
    put("enabled", b"1")
    poller = select.poll()
    for fd in fds:
        poller.register(fd, select.POLLIN)
    end = time.monotonic() + 0.05
    while time.monotonic() < end:
        poller.poll(10)
        drain(fds)
    put("enabled", b"0")
    drain(fds)
    with open(os.path.join(directory, "dropped")) as dropped:
        print(dropped.read().strip(), file=sys.stderr)
    for fd in fds:
        os.close(fd)
    put("create", b"0")
os.rmdir(directory)
