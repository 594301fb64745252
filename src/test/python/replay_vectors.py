"""replay_vectors.py ROOT: replays scenarios of relay's own behaviour through the files of a mount alone.

A scenario a line comes in, as in the vector files, with "channel", the directory to use, when the channel exists already
(its client reserves a header); otherwise one is made through the mount's control file, with "setting" as its header, whose
bytes then count as those that the client would have put there. Writes a line for each scenario
whose state after some step is not the one expected, and the number of scenarios and steps at the end.
"""
import json
import os
import select
import struct
import sys

root = sys.argv[1]
LETTERS = bytes(range(ord("a"), ord("z") + 1))


class Channel:
    """The open files of a global channel."""

    def __init__(self, name):
        self.folder = os.path.join(root, name)
        self.relay = self.open("cpu0", os.O_RDONLY | os.O_NONBLOCK)
        os.chmod(os.path.join(self.folder, "cpu0"), 0o600)  # 0400: only root writes all the same
        self.records = self.open("cpu0", os.O_WRONLY)
        self.produced = self.open("cpu0.produced", os.O_RDONLY)
        self.consumed = self.open("cpu0.consumed", os.O_RDWR)
        self.stats = self.open("stats", os.O_RDONLY)
        self.flush = self.open("flush", os.O_WRONLY)
        self.reset = self.open("reset", os.O_WRONLY)
        self.poller = select.poll()
        self.poller.register(self.relay, select.POLLIN)
        self.letters = 0

    def open(self, name, flags):
        return os.open(os.path.join(self.folder, name), flags)

    def close(self):
        for fd in (self.relay, self.records, self.produced, self.consumed, self.stats, self.flush, self.reset):
            os.close(fd)

    def write(self, count):
        start = self.letters % 26
        self.letters += count
        record = (LETTERS * (count // 26 + 2))[start:start + count]
        try:
            os.write(self.records, record)
        except OSError:
            pass  # refused: full or too big. The counters say so.

    def carry_out(self, operation, count):
        if operation == "write":
            self.write(count)
        elif operation == "read":
            return os.read(self.relay, count).decode("latin-1")
        elif operation == "flush":
            os.write(self.flush, b"1")
        elif operation == "consumed":
            os.write(self.consumed, struct.pack("N", count))
        elif operation == "reset":
            os.write(self.reset, b"1")
        return None

    def state(self):
        header, line = os.pread(self.stats, 4096, 0).decode().splitlines()
        stats = dict(zip(header.split(), line.split()))
        ready = self.poller.poll(0)
        events = ready[0][1] if ready else 0
        return {
            "P": struct.unpack("N", os.pread(self.produced, 8, 0))[0],
            "C": struct.unpack("N", os.pread(self.consumed, 8, 0))[0],
            "size": os.fstat(self.relay).st_size,
            "full": int(stats["full"]),
            "big": int(stats["big"]),
            "poll": "IN" if events & select.POLLIN else "ERR" if events else "",
        }


def control(text):
    with open(os.path.join(root, "control"), "w") as file:
        file.write(text)


def with_dots(data, expected):
    return data and "".join("." if e == "." else d for d, e in zip(data, expected)) + data[len(expected):]


def replay(channel, steps, padded):
    """Returns what is wrong, or None, and how many steps were taken."""
    for number, step in enumerate(steps, 1):
        data = channel.carry_out(step["op"], step.get("n", 0))
        if padded:
            data = with_dots(data, step.get("data"))
        if "instead" in step:
            # The kernel delivers data twice here.
            again = os.read(channel.relay, step["n"])
            wrong = None if (data, again) == (step["instead"], b"") else "%s and %s" % (data, again)
            return wrong, number
        state = channel.state()
        wrong = [name for name, value in state.items() if value != step[name]]
        if wrong or data != step.get("data"):
            return "step %d %s: data %r, state %r" % (number, json.dumps(step), data, state), number
    return None, len(steps)


def main():
    scenarios = total = 0
    for line in sys.stdin:
        scenario = json.loads(line)
        name = scenario.get("channel", "vector")
        if "channel" not in scenario:
            control("create %s global=1 subbuf_size=%d n_subbufs=%d mode=%s header=%s\n"
                    % (name, scenario["subbuf_size"], scenario["n_subbufs"], scenario["mode"], scenario.get("setting", "none")))
        channel = Channel(name)
        wrong, steps = replay(channel, scenario["steps"], "setting" in scenario)
        channel.close()
        control("destroy %s\n" % name)
        if wrong:
            print("scenario %d: %s" % (scenarios + 1, wrong))
        scenarios += 1
        total += steps
    print("scenarios %d steps %d" % (scenarios, total))


main()
