package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.relayfs.testing.Client;

/// What a daemon must live through, as if nothing had been: afterwards everything works.
enum Blow {
    /// Those who wait in reads, and those who are just asking for something, are killed.
    KILLED_CLIENTS {
        @Override
        void fall(Daemon daemon, Pace pace) throws Exception {
            Path folder = daemon.folder();
            Client.shell(
                    "cd $1; echo create victim subbuf_size=4K n_subbufs=4 > control; echo 1 > victim/blocking", folder);
            List<Client> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    clients.add(
                            Client.start("cat", folder.resolve("victim/cpu0").toString()));
                    clients.add(Client.start(
                            "grep",
                            "-r",
                            "no such word",
                            folder.resolve("kept0/stats").toString(),
                            folder.resolve("victim/stats").toString(),
                            folder.resolve("channels").toString()));
                }
                pace.pause();
                for (Client client : clients) {
                    Client.shell("kill -KILL $1 2> /dev/null || true", client.pid());
                }
                for (Client client : clients) {
                    pace.end("a killed client", client);
                }
            } finally {
                clients.forEach(Client::close);
            }
            pace.soon("end of its channel", () -> Client.shell("rmdir $1/victim", folder));
        }
    },

    /// While it is stopped nobody gets an answer, but everybody can be killed.
    STOPPED {
        @Override
        void fall(Daemon daemon, Pace pace) throws Exception {
            daemon.process().signal("STOP");
            awaitStopped(daemon.process().pid());
            try (Client client =
                    Client.start("cat", daemon.folder().resolve("channels").toString())) {
                pace.pause();
                assertThat(client.isAlive()).as("waits").isTrue();
                client.signal("KILL");
                pace.end("a killed client", client);
            } finally {
                daemon.process().signal("CONT");
            }
        }

        // A thread that has just taken a request stops before it answers, and then the client cannot be killed:
        // nothing that a server could do about it.
        private void awaitStopped(long pid) {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> Client.shell("cat /proc/$1/task/*/stat 2> /dev/null | sed 's/.*) //'", pid)
                            .lines()
                            .allMatch(state -> state.startsWith("T")));
        }
    },

    /// It can open no more files: what needs one is refused and stands in the error log, everything else works.
    NO_DESCRIPTORS {
        @Override
        void fall(Daemon daemon, Pace pace) throws Exception {
            long pid = daemon.process().pid();
            Client.shell(
                    "cd $1; echo create spare subbuf_size=4K n_subbufs=4 > control; echo buffer > spare/size_reporting",
                    daemon.folder());
            String limit = Client.shell("prlimit --pid $1 --nofile --output SOFT --noheadings", pid)
                    .strip();
            Client.shell("prlimit --pid $1 --nofile=1:", pid);
            try {
                pace.pause();
                String said = pace.soon(
                        "answer",
                        () -> Client.shell(
                                "cd $1; bash -c 'echo create more > control' 2>&1 || true; echo hello > spare/write; cat spare/cpu[0-9]; cat error_log; ls",
                                daemon.folder()));
                assertThat(said)
                        .contains("Input/output error", "Too many open files", "hello", "channels")
                        .doesNotContain("more\n");
            } finally {
                Client.shell("prlimit --pid $1 --nofile=$2:", pid, limit);
            }
            Client.shell(
                    "cd $1; echo create more > control; echo buffer > more/size_reporting; python3 -c \"$2\" spare/cpu0 more/cpu0; rmdir more spare",
                    daemon.folder(),
                    MAP);
        }
    },

    /// A client opens files until the heap is full. It waits for the collector then, as everybody does, until it is
    /// killed or gives up.
    NO_MEMORY {
        @Override
        void fall(Daemon daemon, Pace pace) throws Exception {
            try (Client client =
                    Client.start("python3", "-c", FILL, daemon.folder().toString())) {
                client.awaitLine("no memory after ");
                pace.pause();
                Client.shell("kill -KILL $1 2> /dev/null || true", client.pid());
                client.awaitEnd();
            }
        }
    };

    private static final String MAP = """
            import mmap, os, sys
            for name in sys.argv[1:]:
                with open(name, "rb", 0) as file:
                    mmap.mmap(file.fileno(), 4096, mmap.MAP_SHARED, mmap.PROT_READ)[0]
            """;

    private static final String FILL = """
            import os, resource, sys
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            for i in range(70):
                try:
                    with open(sys.argv[1] + "/control", "w") as control:
                        control.write("create " + "x" * 900)
                except OSError:
                    pass
            count = errors = 0
            while errors < 3:
                try:
                    os.read(os.open(sys.argv[1] + "/error_log", os.O_RDONLY), 1)
                    count += 1
                except OSError as e:
                    errors += 1
                    print("no memory after %d files: %s" % (count, e), flush=True)
            """;

    /// @param daemon that it falls upon
    /// @param pace   how long things may take
    abstract void fall(Daemon daemon, Pace pace) throws Exception;
}
