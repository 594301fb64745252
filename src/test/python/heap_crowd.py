"""Makes as many channels, open files and pollers as there may be, and more, and then expects to be served."""
import errno, os, resource, select, sys, time

CHANNELS, FILES = 2000, 10_000
root = sys.argv[1] + "/"
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def refusals(what, count):
    refused = set()
    for number in range(count):
        try:
            what(number)
        except OSError as error:
            refused.add(errno.errorcode[error.errno])
    return " ".join(sorted(refused)) or "none"


def create(number):
    control = os.open(root + "control", os.O_WRONLY)
    try:
        os.write(control, b"create c%d subbuf_size=4096 n_subbufs=2 global=1" % number)
    finally:
        os.close(control)


files = []
print("channels refused:", refusals(create, CHANNELS))
write = os.open(root + "c0/write", os.O_WRONLY)
print("files refused:", refusals(lambda _: files.append(os.open(root + "c0/cpu0", os.O_RDONLY)), min(FILES, hard - 50)))
poll = select.poll()
for file in files:
    poll.register(file, select.POLLIN)
assert poll.poll(0) == []
os.write(write, bytes(4096))
os.write(write, bytes(4096))  # which closes the first
deadline = time.monotonic() + 30
while len(poll.poll(1000)) < len(files):
    assert time.monotonic() < deadline, "not all pollers were told"
print("read", len(os.read(files[-1], 4096)))
