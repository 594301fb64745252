"""prelude.py: what stands before the Python of a test.

`D` is the mount, `errno_of(f, …)` the name of the error that f gives, `Map(fd, length)` a mapping that does not care for
`st_size`, `writable(name)` a relay file that may be written to, `control(name, text)` writes a control file, `later` calls after 0.2 s.
"""
import ctypes
import errno
import mmap
import os
import select
import signal
import sys
import threading
import time

D = sys.argv[1] + '/'

_c = ctypes.CDLL(None, use_errno=True)
_c.mmap.restype = ctypes.c_void_p
_c.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]


def errno_of(f, *args):
    try:
        f(*args)
        return 'OK'
    except OSError as e:
        return errno.errorcode[e.errno]


class Map:
    def __init__(self, fd, length, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ):
        self.address = _c.mmap(None, length, prot, flags, fd, 0)
        if self.address == 2 ** 64 - 1:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

    def get(self, offset, length):
        return ctypes.string_at(self.address + offset, length)


def writable(name):
    """A relay file that its owner may write to, also one who is not root: its mode is 0400."""
    os.chmod(D + name, 0o600)
    return D + name


def control(name, text):
    with open(D + name, 'w') as f:
        f.write(text)


def later(f, *args):
    t = threading.Timer(0.2, f, args)
    t.daemon = True
    t.start()


