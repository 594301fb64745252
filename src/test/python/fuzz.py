"""fuzz.py MOUNT SEED SECONDS COUNT [KEPT...]: does random things to all files and directories of a mount.

Goes on for SECONDS, and until it has done COUNT things. Channels that are KEPT get everything that leaves their stream alone:
no reset, no end, nobody else's reading or writing. Ends with 1, and with what it has done last, when the server fails: by EIO
(an exception that nobody expected), or by not being there any more. One call that takes longer than 20 s ends it, too.

fuzz.py MOUNT clean [KEPT...]: removes every directory but those of the channels that are KEPT.
"""
import collections
import errno
import faulthandler
import fcntl
import mmap
import os
import random
import select
import stat
import sys
import time

LONGEST_S = 20
HELD = 40
PARTS = ("a", "b", "c", "d")
BAD_PARTS = ("", ".", "...", "control", "cpu0", "stats", "channels", "-x", "x y", "\u00fc", "n" * 64, "n" * 65, "n" * 256,
             "x\n", "%s%n", "*")
ROOT = ("control", "channels", "buffers", "stats", "error_log", "version")
SETTINGS = {
    "subbuf_size": ("0", "1", "7", "16", "100", "512", "4096", "65536", "262144", "1M", "1099511627776", "-1"),
    "n_subbufs": ("0", "1", "2", "3", "8", "16", "1000", "2147483648"),
    "mode": ("no-overwrite", "overwrite", "other"),
    "global": ("0", "1", "2"),
    "events": ("level>=info", "text off", "x on", "level>=x", "\n"),
    "format": ("records", "events", "events", "x"),
    "header": ("none", "padding", "padding4", "x"),
    "create": ("0", "1", "1", "1", "2", "-1"),
    "enabled": ("0", "1", "1"),
    "blocking": ("0", "1"),
    "blocking_writes": ("0", "1"),
    "flush_interval_ms": ("0", "1", "20", "86400000", "86400001"),
    "size_reporting": ("relay", "buffer"),
    "flush": ("1", "x"),
    "reset": ("1",),
    "resize": ("1",),
    "write": ("one record\n", "x" * 100, "y" * 5000, "z" * 70000),
    "dropped": ("0",),
    "stats": ("0",),
    "memory": ("0",),
}
CPU_FILES = ("cpu0", "cpu1", "cpu0.produced", "cpu1.produced", "cpu0.consumed", "cpu1.consumed", "cpu99")
# What would change the stream of a kept channel, or take from it.
HANDS_OFF = ("create", "enabled", "reset", "resize", "write", "cpu0", "cpu1", "cpu0.consumed", "cpu1.consumed")
FLAGS = [getattr(os, n) for n in ("O_APPEND", "O_TRUNC", "O_CREAT", "O_EXCL", "O_DIRECT", "O_DIRECTORY", "O_NOFOLLOW", "O_PATH",
                                  "O_SYNC", "O_NOATIME")]
FATAL = (errno.EIO, errno.ENOTCONN, errno.ECONNABORTED, errno.ETIMEDOUT, errno.EPROTO)


class Fuzzer:
    def __init__(self, mount, seed, kept):
        self.mount = mount
        self.kept = kept
        self.random = random.Random(seed)
        self.held = []
        self.last = collections.deque(maxlen=30)
        self.count = 0
        self.outcomes = collections.Counter()
        self.actions = [(getattr(self, n), getattr(self, n).__doc__) for n in sorted(dir(self)) if n.startswith("do_")]
        self.actions = [action for action, often in self.actions for _ in range(int(often or 1))]

    # Names

    def name(self):
        if self.random.random() < 0.1:
            return self.random.choice(PARTS) + "/" + self.random.choice(BAD_PARTS)
        if self.random.random() < 0.1:
            return self.random.choice(BAD_PARTS)
        return "/".join(self.random.choice(PARTS) for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 9))))

    def directory(self):
        if self.kept and self.random.random() < 0.2:
            return self.random.choice(self.kept)
        return self.name()

    def is_kept(self, name):
        return name in self.kept

    def file(self, spared=HANDS_OFF):
        """A file, and whether it must be left alone."""
        if self.random.random() < 0.15:
            return self.random.choice(ROOT + ("cpu0", "z0", "z", "cpu0.consumed"))
        directory = self.directory()
        names = list(SETTINGS) + list(CPU_FILES) + ["z0", "z"]
        if self.is_kept(directory):
            names = [n for n in names if n not in spared]
        return directory + "/" + self.random.choice(names)

    def path(self, name):
        if ".." in name.split("/"):
            raise AssertionError("%s leads out of the mount, to files that are somebody else's" % name)
        return self.mount + "/" + name

    # Texts

    def garbage(self):
        kind = self.random.randrange(5)
        if kind == 0:
            return self.random.randbytes(self.random.choice((0, 1, 8, 100, 4095, 4096, 4097, 70000, 200000)))
        if kind == 1:
            return b"\n" * self.random.randrange(200)
        if kind == 2:
            return str(self.random.randrange(-2**70, 2**70)).encode()
        if kind == 3:
            return b"=" * self.random.randrange(2000)
        return self.random.choice((b"\0", b" 1", b"1 ", b"1\n\n", b"+1", b"0x10", b"1e3", b"\xff\xfe", b"8K", b"8k\n"))

    def text(self, name):
        values = SETTINGS.get(os.path.basename(name))
        if values is None or self.random.random() < 0.15:
            return self.garbage()
        return (self.random.choice(values) + self.random.choice(("", "\n"))).encode()

    def command(self):
        verb = self.random.choice(("create", "create", "create", "destroy", "flush", "reset", "resize", "enable", "disable", "explode"))
        name = self.name()
        if verb in ("create", "flush", "enable", "explode") and self.kept and self.random.random() < 0.2:
            name = self.random.choice(self.kept)
        words = [verb, name]
        if verb == "create":
            for key in self.random.sample(("subbuf_size", "n_subbufs", "mode", "global", "header"), self.random.randrange(5)):
                words.append(key + "=" + self.random.choice(SETTINGS[key]))
            words += self.random.choice(([], [], [], ["files=/"], ["files=/" + self.name()], ["files=" + self.name()]))
            words += self.random.choice(([], [], [], [], ["plain=1"], ["numbered=0"], ["plain=2"]))
            words += self.random.choice(([], [], [], ["base=z"], ["file_mode=0644"], ["file_mode=9"], ["nothing=1"], ["="]))
        if verb == "resize":
            for key in self.random.sample(("subbuf_size", "n_subbufs"), self.random.randrange(1, 3)):
                words.append(key + "=" + self.random.choice(SETTINGS[key]))
        return " ".join(words)

    # Things to do

    def do_commands(self):
        """4"""
        lines = [self.command() for _ in range(self.random.choice((1, 1, 1, 2, 5)))]
        self.put("control", "\n".join(lines).encode() if self.random.random() < 0.9 else self.garbage())

    def do_write(self):
        """8"""
        name = self.file()
        if name == "control":
            return self.do_commands()
        self.put(name, self.text(name))

    def put(self, name, data):
        flags = os.O_WRONLY | os.O_NONBLOCK | self.random.choice((0, os.O_TRUNC, os.O_APPEND))
        fd = os.open(self.path(name), flags)
        try:
            if self.random.random() < 0.1:
                os.pwrite(fd, data, self.random.choice((0, 1, 4096, 2**40)))
            else:
                os.write(fd, data)
        finally:
            os.close(fd)

    def do_consume(self):
        name = self.directory()
        if not self.is_kept(name):
            self.put(name + "/cpu0.consumed", self.random.choice((0, 1, 2, 100, 2**63)).to_bytes(8, "little")
                     [:self.random.choice((8, 8, 8, 7, 0))])

    def do_read(self):
        """4"""
        fd = os.open(self.path(self.file()), os.O_RDONLY | os.O_NONBLOCK)
        try:
            os.read(fd, self.random.choice((1, 8, 4096, 1 << 17, 1 << 21)))
        finally:
            os.close(fd)

    def do_truncate(self):
        """2"""
        os.truncate(self.path(self.file()), self.random.choice((0, 0, 1, 4096, 2**40)))

    def do_open(self):
        """4"""
        flags = self.random.choice((os.O_RDONLY, os.O_WRONLY, os.O_RDWR)) | os.O_NONBLOCK
        for _ in range(self.random.choice((0, 0, 1, 2))):
            flags |= self.random.choice(FLAGS)
        name = self.file() if self.random.random() < 0.8 else self.directory()
        self.held.append((os.open(self.path(name), flags, 0o600), name))
        if len(self.held) > HELD:
            os.close(self.held.pop(self.random.randrange(HELD))[0])

    def do_use_held(self):
        """6"""
        if not self.held:
            return
        fd, name = self.random.choice(self.held)
        self.last.append("  held %s" % name)
        kind = self.random.randrange(9)
        if kind == 0:
            os.read(fd, self.random.choice((0, 1, 100, 1 << 20)))
        elif kind == 1:
            if name != "control":
                os.write(fd, self.text(name))
        elif kind == 2:
            os.lseek(fd, self.random.choice((0, 1, -1, 2**40)), self.random.randrange(5))
        elif kind == 3:
            os.fstat(fd)
        elif kind == 4:
            os.ftruncate(fd, self.random.choice((0, 1, 2**40)))
        elif kind == 5:
            os.fchmod(fd, self.random.randrange(0o10000))
        elif kind == 6:
            poll = select.poll()
            poll.register(fd, self.random.choice((select.POLLIN, select.POLLOUT, 0x3fff)))
            poll.poll(self.random.choice((0, 0, 1)))
        elif kind == 7:
            fcntl.ioctl(fd, self.random.choice((0, 0x541b, 0x5401)), b"\0" * 8)
        else:
            os.pread(fd, 100, self.random.choice((0, 1, 2**40)))

    def do_close_held(self):
        if self.held:
            os.close(self.held.pop(self.random.randrange(len(self.held)))[0])

    def do_map(self):
        name = self.directory()
        fd = os.open(self.path(name + "/cpu0"), os.O_RDONLY | os.O_NONBLOCK)
        try:
            with mmap.mmap(fd, 4096, mmap.MAP_SHARED, mmap.PROT_READ) as mapping:
                mapping[self.random.randrange(1)]
        except ValueError:
            pass  # Python knows the size
        finally:
            os.close(fd)

    def do_mkdir(self):
        """4"""
        name = self.directory()
        os.mkdir(self.path(name + "/" + self.random.choice(PARTS) if self.is_kept(name) else name), self.random.randrange(0o10000))

    def do_rmdir(self):
        """3"""
        name = self.directory()
        os.rmdir(self.path(name + "/" + self.random.choice(PARTS) if self.is_kept(name) else name))

    def do_rename(self):
        """3"""
        os.rename(self.path(self.any_name()), self.path(self.any_name()))

    def do_chmod(self):
        """3"""
        os.chmod(self.path(self.any_name()), self.random.randrange(0o10000))

    def do_chown(self):
        os.chown(self.path(self.any_name()), self.random.choice((-1, 0, 1000)), self.random.choice((-1, 0, 2**31)))

    def do_times(self):
        now = self.random.choice((None, (0, 0), (2**33, 1)))
        os.utime(self.path(self.any_name()), now)

    def do_stat(self):
        """2"""
        os.stat(self.path(self.any_name()))

    def do_list(self):
        """2"""
        for entry in os.scandir(self.path(self.directory() if self.random.random() < 0.7 else "")):
            entry.stat(follow_symlinks=False)

    def do_odd_calls(self):
        kind = self.random.randrange(9)
        one, other = self.path(self.any_name()), self.path(self.any_name())
        if kind == 0:
            os.link(one, other)
        elif kind == 1:
            os.symlink(one, other)
        elif kind == 2:
            os.mknod(one, 0o600 | self.random.choice((stat.S_IFREG, stat.S_IFIFO)))
        elif kind == 3:
            os.unlink(one)
        elif kind == 4:
            os.setxattr(one, "user.x", b"x")
        elif kind == 5:
            os.listxattr(one)
        elif kind == 6:
            os.statvfs(one)
        elif kind == 7:
            os.access(one, self.random.randrange(8))
        else:
            os.readlink(one)

    def any_name(self):
        return self.random.choice((self.file(spared=()), self.directory(), ""))

    def step(self):
        action = self.random.choice(self.actions)
        self.last.append(action.__name__)
        try:
            action()
            self.outcomes["done"] += 1
        except OSError as e:
            if e.errno in FATAL:
                raise
            self.outcomes[errno.errorcode.get(e.errno, str(e.errno))] += 1
        except ValueError:
            self.outcomes["refused by Python"] += 1
        self.count += 1

    def run(self, seconds, count):
        end = time.monotonic() + seconds
        while self.count < count or time.monotonic() < end:
            if self.count % 50 == 0:
                faulthandler.dump_traceback_later(LONGEST_S, exit=True)
            self.step()
        faulthandler.cancel_dump_traceback_later()
        for fd, _ in self.held:
            os.close(fd)


def clean(mount, kept):
    os.chmod(mount, 0o700)
    os.chmod(mount + "/control", 0o600)
    os.chmod(mount + "/channels", 0o600)
    # Their files may be in directories that could not be removed before.
    for name, state in [line.split()[:2] for line in open(mount + "/channels").readlines()[1:]]:
        if state != "not-created" and name not in kept:
            with open(mount + "/control", "w") as control:
                control.write("destroy " + name)
    # Only root could do without; a directory is opened after its name was told.
    for directory, names, _ in os.walk(mount):
        for name in names:
            os.chmod(directory + "/" + name, 0o700)
    for directory, names, _ in os.walk(mount, topdown=False):
        for name in names:
            path = directory + "/" + name
            if os.path.relpath(path, mount) not in kept:
                try:
                    os.rmdir(path)
                except FileNotFoundError:
                    pass  # it went with the last channel in it


def main(mount, *rest):
    if rest[0] == "clean":
        return clean(mount, rest[1:])
    seed, seconds, count = int(rest[0]), float(rest[1]), int(rest[2])
    fuzzer = Fuzzer(mount, seed, rest[3:])
    try:
        fuzzer.run(seconds, count)
    except OSError as e:
        print("seed %d, thing %d; before:" % (seed, fuzzer.count), *fuzzer.last, file=sys.stderr)
        raise e
    print("things %d %s" % (fuzzer.count, dict(fuzzer.outcomes.most_common())))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
