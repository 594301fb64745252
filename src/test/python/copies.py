"""copies.py CALL FILE COPY: copies a file by one of the usual calls of a language; those of node as they are made.

node's fs.readFile and fs.copyFile ask fstat for the size, and stop there; Go's io.Copy and Rust's std::io::copy try
copy_file_range, and read when they may not. (Rust: also sendfile from the descriptor's own position.)
"""
import os
import pathlib
import shutil
import sys

call, file, copy = sys.argv[1:]


def whole(data):
    with open(copy, "wb") as target:
        target.write(data)


def read_size(size):
    """What is read when the size is believed; all of it when it is 0."""
    source = os.open(file, os.O_RDONLY)
    parts = []
    while size > 0 or os.fstat(source).st_size == 0:
        part = os.read(source, min(size, 512 << 10) if size else 8192)
        if not part:
            break
        parts.append(part)
        size -= len(part) if size else 0
    return b"".join(parts)


def by_kernel_or_read(*calls):
    source = os.open(file, os.O_RDONLY)
    target = os.open(copy, os.O_WRONLY | os.O_CREAT)
    for kernel_call in calls:
        try:
            while kernel_call(target, source):
                pass
        except OSError:
            pass  # then the next way
    while part := os.read(source, 32 << 10):
        os.write(target, part)


if call == "copyfile":
    shutil.copyfile(file, copy)
elif call == "copyfileobj":
    with open(file, "rb") as source, open(copy, "wb") as target:
        shutil.copyfileobj(source, target)
elif call == "read":
    whole(open(file, "rb").read())
elif call == "unbuffered read":
    whole(open(file, "rb", buffering=0).read())
elif call == "text":
    whole(open(file).read().encode())
elif call == "lines":
    whole("".join(open(file)).encode())
elif call == "pathlib":
    whole(pathlib.Path(file).read_bytes())
elif call == "readinto":
    source, buffer, parts = open(file, "rb"), bytearray(1 << 20), []
    while count := source.readinto(buffer):
        parts.append(bytes(buffer[:count]))
    whole(b"".join(parts))
elif call == "node readFile":
    whole(read_size(os.stat(file).st_size))
elif call == "go io.Copy":
    by_kernel_or_read(lambda target, source: os.copy_file_range(source, target, 1 << 30))
elif call == "rust io::copy":
    by_kernel_or_read(
        lambda target, source: os.copy_file_range(source, target, 1 << 30),
        lambda target, source: os.sendfile(target, source, None, 1 << 30))
else:
    sys.exit("unknown: " + call)
