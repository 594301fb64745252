"""program_files.py DIR SEED OPERATIONS: random operations on the files of a program, all of which must be answered as agreed.

The files are DIR/ownK/NAME-N, and NAME is what they do: `value` holds a number; `even` refuses odd ones; `throws` fails now and
then; `hangs` does not return. The latter are left to three threads of their own, and asked again at the end. Prints how many
operations there were, how many had which outcome, and the longest time that one took which had nothing to do with `hangs`.
"""
import collections
import errno
import glob
import os
import random
import re
import select
import sys
import threading
import time
import zlib

D, SEED, OPERATIONS = sys.argv[1] + '/', int(sys.argv[2]), int(sys.argv[3])
WHOLE = re.compile(rb'([a-z]+-\d+) (-?\d+) (\d+)\n')
RANDOM = random.Random(SEED)
FILES = sorted(glob.glob(D + 'own*/*-*'))
HANGING = [f for f in FILES if '/hangs' in f]
OTHERS = [f for f in FILES if '/hangs' not in f]
OUTCOMES = collections.Counter()


class Open:
    def __init__(self, path):
        self.path = path
        self.fd = os.open(path, os.O_RDWR)
        self.content = None

    def throws(self):
        return '/throws' in self.path


def outcome(f, *args):
    try:
        f(*args)
        return 'OK'
    except OSError as e:
        return errno.errorcode[e.errno]


def expect(file, wanted, found):
    if file.throws() and found == 'EIO':
        wanted = found
    if found != wanted:
        raise SystemExit('%s: %s instead of %s' % (file.path, found, wanted))
    OUTCOMES[found] += 1


def check(file, content):
    whole = WHOLE.fullmatch(content)
    name = os.path.basename(file.path).encode()
    if not whole or whole[1] != name or int(whole[3]) != zlib.crc32(name + b' ' + whole[2]):
        raise SystemExit('%s has %r' % (file.path, content))
    file.content = content


def reading(file, read):
    try:
        check(file, read())
        OUTCOMES['OK'] += 1
    except OSError as e:
        file.content = None
        expect(file, 'OK', errno.errorcode[e.errno])


def read_whole(file):
    reading(file, lambda: os.pread(file.fd, 100, 0))


def read_pieces(file):
    def pieces():
        size = RANDOM.randrange(1, 9)
        os.lseek(file.fd, 0, os.SEEK_SET)
        return b''.join(iter(lambda: os.read(file.fd, size), b''))
    reading(file, pieces)


def read_part(file):
    if file.content is None:
        return read_whole(file)
    begin, length = RANDOM.randrange(1, 40), RANDOM.randrange(1, 40)
    if os.pread(file.fd, length, begin) != file.content[begin:begin + length]:
        raise SystemExit('%s: another part than that of what was read' % file.path)
    OUTCOMES['OK'] += 1


def write_number(file):
    number = RANDOM.randrange(-1000, 1000)
    wanted = 'EINVAL' if '/even' in file.path and number % 2 else 'OK'
    expect(file, wanted, outcome(os.write, file.fd, b'%d\n' % number))


def write_garbage(file):
    garbage = RANDOM.randbytes(RANDOM.choice([1, 7, 100, 5000, 65536, 65537, 200000]))
    expect(file, 'EINVAL', outcome(os.write, file.fd, b'x' + garbage[1:]))


def change_mode(file):
    expect(file, 'OK', outcome(os.chmod, file.path, RANDOM.choice([0o600, 0o640, 0o666])))


def touch(file):
    expect(file, 'OK', outcome(os.utime, file.path, (1, RANDOM.randrange(1000000))))


def look(file):
    found = os.stat(file.path) if RANDOM.random() < 0.5 else os.fstat(file.fd)
    if found.st_size or found.st_nlink != 1:
        raise SystemExit('%s: %s' % (file.path, found))
    OUTCOMES['OK'] += 1


def poll(file):
    p = select.poll()
    p.register(file.fd, select.POLLIN | select.POLLOUT | select.POLLPRI)
    events = p.poll(RANDOM.choice([0, 1]))[0][1]
    if events not in (5, 5 | 2 | 8):
        raise SystemExit('%s: poll reports %d' % (file.path, events))
    OUTCOMES['OK'] += 1


def cut(file):
    size = RANDOM.choice([0, 0, 5])
    wanted = 'EINVAL' if size else 'OK'
    expect(file, wanted, outcome(os.truncate, file.path, size))


def names(file):
    other = os.path.dirname(file.path) + '/another'
    f, args, wanted = RANDOM.choice([
        (os.unlink, (file.path,), 'EPERM'), (os.rename, (file.path, other), 'EPERM'),
        (os.mkdir, (file.path,), 'EEXIST'), (os.rmdir, (os.path.dirname(file.path),), 'EBUSY'),
        (os.open, (file.path, os.O_CREAT | os.O_EXCL), 'EEXIST'), (os.rmdir, (file.path,), 'ENOTDIR'),
        (os.listdir, (file.path,), 'ENOTDIR'), (os.readlink, (file.path,), 'EINVAL')])
    expect(file, wanted, outcome(f, *args))


def list_names(file):
    if os.path.basename(file.path) not in os.listdir(os.path.dirname(file.path)):
        raise SystemExit('%s is not listed' % file.path)
    OUTCOMES['OK'] += 1


def hang(path):
    with open(path, 'rb', buffering=0) as f:
        hung.append(outcome(f.read, 10))


OPERATION = [read_whole, read_whole, read_pieces, read_part, read_part, write_number, write_number, write_garbage, change_mode,
             touch, look, poll, cut, names, list_names]
hung = []
threads = [threading.Thread(target=hang, args=(path,)) for path in HANGING]
for thread in threads:
    thread.start()
opened = []
longest = 0
for _ in range(OPERATIONS):
    if len(opened) < 20 or RANDOM.random() < 0.05:
        opened.append(Open(RANDOM.choice(OTHERS)))
    if len(opened) > 20:
        os.close(opened.pop(RANDOM.randrange(len(opened))).fd)
    start = time.monotonic()
    RANDOM.choice(OPERATION)(RANDOM.choice(opened))
    longest = max(longest, time.monotonic() - start)
print('others done', flush=True)
for thread in threads:
    thread.join()
for path in HANGING * 10:
    hang(path)
for found in hung:
    if found not in ('EIO', 'EBUSY'):
        raise SystemExit('a file that hangs: ' + found)
    OUTCOMES['hanging ' + found] += 1
print('operations %d, longest %.0f ms, %s' % (sum(OUTCOMES.values()), longest * 1000, dict(OUTCOMES)))
