"""permissions.py: what users may do in a folder, for comparison of one file system with another.

    permissions.py make DIR                  makes the folders and files, or what is missing of them, and sets modes and owners
    permissions.py try DIR UID GID GROUPS    does every operation on each of them as that user; prints one a line:
                                             operation, path, outcome. GROUPS are joined by commas, or none

All that has a mode is the user's 1000 and the group's 5000. Operations that succeed are undone as far as can be; `make`
does the rest.
"""
import ctypes
import errno
import os
import stat
import sys

OWNER, GROUP, OTHER_GROUP, OTHER_USER = 1000, 5000, 5001, 1001
FOLDERS = [0o700, 0o711, 0o744, 0o070, 0o2775, 0o1777]
# Control files that can be read and written, each with one mode in every folder.
CONTROL = dict(zip(
    ["subbuf_size", "n_subbufs", "mode", "global", "header", "enabled", "blocking", "blocking_writes", "flush_interval_ms", "size_reporting"],
    [0o000, 0o400, 0o440, 0o404, 0o200, 0o640, 0o060, 0o666, 0o711]))
RELAY = [0o400, 0o440, 0o060, 0o666, 0o2650]

libc = ctypes.CDLL(None, use_errno=True)
how, root = sys.argv[1:3]
on_relayfs = os.path.exists(root + "/control")


def folders():
    for mode in FOLDERS:
        yield "%s/d%04o" % (root, mode), mode


def channels(folder):
    for mode in RELAY:
        yield "%s/c%04o" % (folder, mode), mode


def put(path, text):
    with open(path, "w") as f:
        f.write(text)


def settle(path, mode):
    os.chown(path, OWNER, GROUP)
    os.chmod(path, mode)
    os.utime(path, (1, 1))


def make_file(path, mode):
    if not on_relayfs and not os.path.exists(path):
        put(path, "")
    settle(path, mode)


def make():
    for folder, mode in folders():
        for left in (folder + "/new", folder + "/sub/new"):
            if os.path.lexists(left):
                os.rmdir(left)
        for sub in [folder, folder + "/sub", folder + "/gone"] + [c for c, _ in channels(folder)]:
            if not os.path.isdir(sub):
                os.mkdir(sub)
            settle(sub, 0o755)
        for name, bits in CONTROL.items():
            make_file(folder + "/" + name, bits)
            make_file(folder + "/sub/" + name, 0o644)
        for channel, bits in channels(folder):
            if on_relayfs and not os.path.exists(channel + "/cpu0"):
                put(channel + "/global", "1")
                put(channel + "/subbuf_size", "4096")
                put(channel + "/create", "1")
            make_file(channel + "/cpu0", bits)
        if not on_relayfs:
            for left in [name for name in os.listdir(folder) if name[-1] in "23" or name == "made"]:
                os.unlink(folder + "/" + left)
        settle(folder, mode)


def outcome(call, *arguments):
    try:
        result = call(*arguments)
        return "OK" if result is None else "OK " + str(result)
    except OSError as e:
        return errno.errorcode[e.errno]


def opened(path, flags, mode=0o600):
    os.close(os.open(path, flags, mode))


def reading(path):
    return len(os.listdir(path)) > 0 or None


def entered(path):
    os.chdir(path)
    os.chdir("/")


def attributes(path):
    s = os.stat(path)
    return "%o %d %d" % (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid)


def changed_mode(path, bits):
    mode = stat.S_IMODE(os.stat(path).st_mode)
    os.chmod(path, mode | bits)
    seen = attributes(path)
    os.chmod(path, mode)
    return seen


def touched(path, times):
    if times == "access":
        access_touched(path)
    else:
        os.utime(path, times)


def access_touched(path):
    """The time of access is to be now, that of change is to stay."""
    now, omit = (1 << 30) - 1, (1 << 30) - 2
    times = (ctypes.c_long * 4)(0, now, 0, omit)
    if libc.utimensat(-100, path.encode(), times, 0) < 0:
        raise OSError(ctypes.get_errno(), "")


def undo(call, *arguments):
    """It may be that a user can do a thing and not undo it, in a folder with the sticky bit."""
    try:
        call(*arguments)
    except OSError:
        pass


def renamed(path):
    os.rename(path, path + "2")
    undo(os.rename, path + "2", path)


def moved(path):
    """As mv does: not over another file."""
    if libc.renameat2(-100, path.encode(), -100, (path + "2").encode(), 1) < 0:
        raise OSError(ctypes.get_errno(), "")
    undo(os.rename, path + "2", path)


def linked(path):
    os.link(path, path + "3")
    undo(os.unlink, path + "3")


def symlinked(path):
    os.symlink("x", path)
    undo(os.unlink, path)


def made(path, call):
    call(path)
    undo(os.unlink, path)


def made_directory(path, mode):
    os.mkdir(path, mode)
    seen = attributes(path)
    undo(os.rmdir, path)
    return seen


def ftruncated(path):
    """Whoever has a file open for writing may cut it, whatever its mode is by then."""
    fd = os.open(path, os.O_WRONLY)
    try:
        os.ftruncate(fd, 0)
    finally:
        os.close(fd)


def any_operations(path):
    for name, bits in (("read", os.R_OK), ("write", os.W_OK), ("execute", os.X_OK), ("exist", os.F_OK)):
        yield "access " + name, lambda bits=bits: os.access(path, bits)
    yield "stat", lambda: attributes(path)
    yield "chmod", lambda: changed_mode(path, 0)
    yield "chmod g+s", lambda: changed_mode(path, 0o2000)
    for name, uid, gid in (("nobody", -1, -1), ("owner", OWNER, -1), ("group", -1, GROUP), ("other group", -1, OTHER_GROUP),
                           ("group again", -1, GROUP), ("other user", OTHER_USER, -1), ("owner again", OWNER, -1)):
        yield "chown " + name, lambda uid=uid, gid=gid: os.chown(path, uid, gid)
    yield "utime now", lambda: touched(path, None)
    yield "utime named", lambda: touched(path, (1, 1))
    yield "utime access only", lambda: touched(path, "access")


def file_operations(path):
    for name, flags in (("read", os.O_RDONLY), ("write", os.O_WRONLY), ("both", os.O_RDWR),
                        ("cut", os.O_WRONLY | os.O_TRUNC), ("read and cut", os.O_RDONLY | os.O_TRUNC),
                        ("or create", os.O_RDWR | os.O_CREAT)):
        yield "open " + name, lambda flags=flags: opened(path, flags)
    yield from any_operations(path)
    yield "truncate", lambda: os.truncate(path, 0)
    yield "ftruncate", lambda: ftruncated(path)
    yield "rename", lambda: renamed(path)
    yield "move", lambda: moved(path)
    yield "link", lambda: linked(path)


def folder_operations(path):
    yield "opendir", lambda: reading(path)
    yield "chdir", lambda: entered(path)
    yield "stat missing", lambda: attributes(path + "/missing")
    yield "stat dot", lambda: attributes(path + "/.") and None
    yield "stat dotdot", lambda: attributes(path + "/..") and None
    yield from any_operations(path)
    yield "mkdir", lambda: made_directory(path + "/new", 0o755)
    yield "create", lambda: made(path + "/made", lambda p: opened(p, os.O_CREAT | os.O_WRONLY))
    yield "mknod", lambda: made(path + "/made", lambda p: os.mknod(p, 0o600))
    yield "symlink", lambda: symlinked(path + "/made")


def try_all(uid, gid, groups):
    # From a folder that was entered before: what is above it does not count any more.
    inside = {folder: os.open(folder + "/sub", os.O_RDONLY) for folder, _ in folders()}
    os.umask(0)
    os.setgroups(groups)
    os.setgid(gid)
    os.setuid(uid)

    def say(name, path, call):
        print("%s\t%s\t%s" % (name, path[len(root) + 1:], outcome(call)))

    for folder, _ in folders():
        for name, call in folder_operations(folder):
            say(name, folder, call)
        for name, call in folder_operations(folder + "/sub"):
            say(name, folder + "/sub", call)
        files = [folder + "/" + name for name in CONTROL] + [c + "/cpu0" for c, _ in channels(folder)]
        for path in files + [folder + "/sub/mode"]:
            for name, call in file_operations(path):
                say(name, path, call)
        say("open from inside", folder + "/sub/mode",
            lambda: os.close(os.open("mode", os.O_RDONLY, dir_fd=inside[folder])))
        for path in files:
            say("unlink", path, lambda: os.unlink(path))
        say("rmdir", folder + "/gone", lambda: os.rmdir(folder + "/gone"))


if how == "make":
    make()
else:
    try_all(int(sys.argv[3]), int(sys.argv[4]), [int(g) for g in sys.argv[5].split(",") if g != "none"])
