"""agent.py: a process that makes the system calls it is told to.

One JSON object a line comes in, {"call": NAME, "arguments": [...]}; one goes out, {"value": ...} or {"errno": "EAGAIN"}.
Bytes are strings of Latin-1, flags names joined by "|". read(2), ioctl and mmap go past Python's own wrappers, which repeat
interrupted calls and know better what may be mapped.
"""
import ctypes
import errno
import fcntl
import json
import mmap as mmap_module
import os
import select as select_module
import signal
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.read.restype = libc.readv.restype = libc.write.restype = ctypes.c_ssize_t
libc.mmap.restype = libc.mremap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
FAILED = ctypes.c_void_p(-1).value
NAMES = {95: "EOPNOTSUPP"}
POLL = {n: getattr(select_module, n) for n in
        ("POLLIN", "POLLRDNORM", "POLLPRI", "POLLOUT", "POLLWRNORM", "POLLERR", "POLLHUP", "POLLNVAL", "POLLRDHUP")}
MMAP = dict(vars(mmap_module), MAP_POPULATE=0x8000, PROT_NONE=0)
buffer = ctypes.create_string_buffer(4 << 20)


def flags(text, names):
    value = 0
    for name in text.split("|"):
        value |= names[name]
    return value


def mask(value):
    return "|".join(n for n, bit in POLL.items() if value & bit)


def checked(result):
    if result == -1 or result == FAILED:
        raise OSError(ctypes.get_errno(), "")
    return result


def open(path, how, mode=0o600):
    return os.open(path, flags(how, vars(os)), mode)


epolls = {}


def close(fd):
    if fd in epolls:
        epolls.pop(fd).close()
    else:
        os.close(fd)


def read(fd, count):
    length = checked(libc.read(fd, buffer, ctypes.c_size_t(count)))
    return buffer.raw[:length].decode("latin-1") if length < 4096 else ctypes.string_at(buffer, length).decode("latin-1")


def read_length(fd, count):
    """Only how many bytes there were."""
    return checked(libc.read(fd, buffer, ctypes.c_size_t(count)))


def read_to(fd, address):
    """To an address that may not be there."""
    return checked(libc.read(fd, ctypes.c_void_p(address), ctypes.c_size_t(100)))


def read_all(fd, count):
    """Reads of `count` bytes until one returns nothing."""
    parts = []
    while True:
        part = read(fd, count)
        if not part:
            return "".join(parts)
        parts.append(part)


def readv(fd, *counts):
    parts = [bytearray(count) for count in counts]
    length = os.readv(fd, parts)
    return [bytes(part).decode("latin-1") for part in parts], length


def preadv2(fd, count, offset, how):
    part = bytearray(count)
    return bytes(part[:os.preadv(fd, [part], offset, getattr(os, how) if how else 0)]).decode("latin-1")


def pread(fd, count, offset):
    return os.pread(fd, count, offset).decode("latin-1")


def lseek(fd, offset, whence):
    return os.lseek(fd, offset, whence)


def write(fd, data):
    return os.write(fd, data.encode("latin-1"))


def write_once(fd, data):
    """Python's own write repeats an interrupted call."""
    bytes_ = data.encode("latin-1")
    return checked(libc.write(fd, bytes_, ctypes.c_size_t(len(bytes_))))


def pwrite(fd, data, offset):
    return os.pwrite(fd, data.encode("latin-1"), offset)


def put(path, text):
    """echo -n TEXT > PATH"""
    fd = os.open(path, os.O_WRONLY | os.O_TRUNC)
    try:
        return os.write(fd, text.encode("latin-1"))
    finally:
        os.close(fd)


def cat(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        return read_all(fd, 1 << 20)
    finally:
        os.close(fd)


def counter(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        return struct.unpack("N", os.read(fd, 8))[0]
    finally:
        os.close(fd)


def consume(path, count):
    fd = os.open(path, os.O_WRONLY)
    try:
        return os.write(fd, struct.pack("N", count))
    finally:
        os.close(fd)


def poll(fd, timeout_ms, events="POLLIN"):
    poller = select_module.poll()
    poller.register(fd, flags(events, POLL))
    ready = poller.poll(timeout_ms)
    return mask(ready[0][1]) if ready else ""


def select(fd, timeout_ms):
    readable, writable, other = select_module.select([fd], [fd], [fd], timeout_ms / 1000)
    return "".join(name for name, ready in (("r", readable), ("w", writable), ("x", other)) if ready)


def epoll_create(fd, how):
    epoll = select_module.epoll()
    epoll.register(fd, flags(how, vars(select_module)))
    epolls[epoll.fileno()] = epoll
    return epoll.fileno()


def epoll_wait(epoll, timeout_ms):
    ready = epolls[epoll].poll(timeout_ms / 1000)
    return mask(ready[0][1]) if ready else ""


def _attributes(s):
    return {"mode": oct(s.st_mode), "uid": s.st_uid, "nlink": s.st_nlink, "size": s.st_size, "ino": s.st_ino,
            "blksize": s.st_blksize, "blocks": s.st_blocks, "mtime": s.st_mtime_ns}


def fstat(fd):
    return _attributes(os.fstat(fd))


def stat(path):
    return _attributes(os.stat(path))


def set_flags(fd, how):
    """F_SETFL, and what F_GETFL then says of them."""
    wanted = flags(how, vars(os))
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | wanted)
    return fcntl.fcntl(fd, fcntl.F_GETFL) & wanted == wanted


def aio_read(fd, count, offset):
    """A read by Linux AIO, as io_submit(2) and its relatives have it."""
    setup, destroy, events, submit = (0, 1, 4, 2) if os.uname().machine == "aarch64" else (206, 207, 208, 209)
    context = ctypes.c_ulong()
    checked(libc.syscall(setup, 1, ctypes.byref(context)))
    block = ctypes.create_string_buffer(struct.pack(
        "=QIIHhIQQqQII", 0, 0, 0, 0, 0, fd, ctypes.addressof(buffer), count, offset, 0, 0, 0))
    blocks = (ctypes.c_void_p * 1)(ctypes.addressof(block))
    done = ctypes.create_string_buffer(32)
    try:
        checked(libc.syscall(submit, context, ctypes.c_long(1), blocks))
        checked(libc.syscall(events, context, ctypes.c_long(1), ctypes.c_long(1), done, None))
    finally:
        libc.syscall(destroy, context)
    result = struct.unpack("=QQqq", done.raw)[2]
    if result < 0:
        raise OSError(-result, "aio")
    return buffer.raw[:result].decode("latin-1")


def read_across_the_end(fd, good):
    """Reads 4096 bytes into a buffer of which only so many bytes are there; what arrived in them."""
    page = os.sysconf("SC_PAGE_SIZE")
    address = mmap(-1, 2 * page, "PROT_READ|PROT_WRITE", "MAP_PRIVATE|MAP_ANONYMOUS")
    munmap(address + page, page)
    start = address + page - good
    length = checked(libc.read(fd, ctypes.c_void_p(start), ctypes.c_size_t(4096)))
    return [length, ctypes.string_at(start, good).decode("latin-1")]


def fd_link(fd):
    return os.readlink("/proc/self/fd/%d" % fd)


def fd_position(fd):
    with __builtins__.open("/proc/self/fdinfo/%d" % fd) as info:
        return int(info.readline().split()[1])


def listdir(path):
    return sorted(os.listdir(path))


def ftruncate(fd, size):
    os.ftruncate(fd, size)


def mmap(fd, length, protection, how, offset=0):
    return checked(libc.mmap(None, length, flags(protection, MMAP), flags(how, MMAP), fd, offset))


def munmap(address, length):
    checked(libc.munmap(address, length))


def mremap(address, length, new_length):
    return checked(libc.mremap(address, length, new_length, 1))


def peek(address, length):
    return ctypes.string_at(address, length).decode("latin-1")


def poke(address, data):
    ctypes.memmove(address, data.encode("latin-1"), len(data))


def peek_in_child(address, length):
    """What a child sees; how it died if it died of it."""
    into, out_of = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(out_of, ctypes.string_at(address, length))
        os._exit(0)
    os.close(out_of)
    data = b""
    while part := os.read(into, 65536):
        data += part
    os.close(into)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return data.decode("latin-1")


def ioctl(fd, request, length):
    data = ctypes.create_string_buffer(max(length, 8))
    checked(libc.ioctl(fd, ctypes.c_ulong(request), data))
    return struct.unpack("i", data.raw[:4])[0]


def fallocate(fd, length):
    checked(libc.fallocate(fd, 0, ctypes.c_long(0), ctypes.c_long(length)))


def fsync(fd):
    os.fsync(fd)


def fdatasync(fd):
    os.fdatasync(fd)


def sync_file_range(fd):
    checked(libc.sync_file_range(fd, ctypes.c_long(0), ctypes.c_long(0), 7))


def fadvise(fd):
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_SEQUENTIAL)


def readahead(fd):
    checked(libc.readahead(fd, ctypes.c_long(0), ctypes.c_size_t(4096)))


def flock(fd):
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lockf(fd):
    """A POSIX read lock."""
    fcntl.lockf(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)


def chmod(path, mode):
    os.chmod(path, mode)


def fchmod(fd, mode):
    os.fchmod(fd, mode)


def futimens(fd):
    os.utime(fd)


def getxattr(path):
    return os.getxattr(path, "user.x").decode("latin-1")


def setxattr(path):
    os.setxattr(path, "user.x", b"1")


def listxattr(path):
    return os.listxattr(path)


def splice_to_pipe(fd, count):
    into, out_of = os.pipe()
    try:
        return os.splice(fd, out_of, count)
    finally:
        os.close(into)
        os.close(out_of)


def sendfile(path, fd, count):
    out = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        return os.sendfile(out, fd, None, count)
    finally:
        os.close(out)


def copy_file_range(path, fd, count):
    out = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        return os.copy_file_range(fd, out, count)
    finally:
        os.close(out)


def rename(old, new):
    os.rename(old, new)


def link(old, new):
    os.link(old, new)


def symlink(old, new):
    os.symlink(old, new)


def mknod(path):
    os.mknod(path, 0o600)


def unlink(path):
    os.unlink(path)


def mkdir(path):
    os.mkdir(path)


def rmdir(path):
    os.rmdir(path)


def truncate(path, size):
    os.truncate(path, size)


def dup(fd):
    return os.dup(fd)


def read_in_child(fd, count):
    """A child reads from the descriptor that it inherits."""
    into, out_of = os.pipe()
    if os.fork() == 0:
        os.write(out_of, read(fd, count).encode("latin-1"))
        os._exit(0)
    os.close(out_of)
    data = os.read(into, count)
    os.close(into)
    os.wait()
    return data.decode("latin-1")


def become(uid):
    """For the rest of its life."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def raise_limit(count):
    import resource
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


def interruptible():
    """A signal USR1 from now on interrupts the call that is waiting."""
    libc.siginterrupt(signal.SIGUSR1, 1)
    signal.signal(signal.SIGUSR1, lambda number, frame: None)
    signal.siginterrupt(signal.SIGUSR1, True)


def serve():
    print(json.dumps({"value": os.getpid()}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"value": globals()[command["call"]](*command["arguments"])}
        except OSError as e:
            answer = {"errno": NAMES.get(e.errno, errno.errorcode.get(e.errno, str(e.errno)))}
        print(json.dumps(answer), flush=True)


serve()
