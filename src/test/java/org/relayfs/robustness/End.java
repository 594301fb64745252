package org.relayfs.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;

/// The ways in which a mount can end under its clients.
enum End {
    TERM,
    INT,
    HUP,

    /// Leaves a dead mount, which the next one detaches, and shared memory, which `relayfs clean` removes.
    KILL {
        @Override
        void come(Daemon daemon, Load load, Pace pace) throws Exception {
            daemon.process().signal("KILL");
            pace.end("the daemon", daemon.process());
            assertThat(daemon.memory()).as("for a post-mortem").isNotEmpty();
            load.abandon(pace);
            assertOffered(daemon);
        }

        // Only offered: removed for good, the memory of dead owners that other tests still need would go, too.
        private void assertOffered(Daemon daemon) throws Exception {
            try (Client clean = Client.start(Daemon.tool("clean", "--dry-run"))) {
                String offers = clean.awaitSuccess().output();
                for (Path memory : daemon.memory()) {
                    assertThat(offers)
                            .contains(memory + ": process " + daemon.process().pid() + " has ended");
                }
            }
            daemon.removeMemory();
        }
    },

    /// Refused while somebody uses it; ends the daemon when nobody does.
    UMOUNT {
        @Override
        void come(Daemon daemon, Load load, Pace pace) throws Exception {
            try (Client busy = Client.start("umount", daemon.folder().toString())) {
                assertThat(pace.end("a refused umount", busy))
                        .as(busy.toString())
                        .isEqualTo(32);
            }
            load.finish();
            Client.shell("umount $1", daemon.folder());
            assertThat(pace.end("the daemon", daemon.process())).isZero();
        }
    },

    /// Those who have files open go on; the daemon ends with the last of them.
    LAZY_UMOUNT {
        @Override
        void come(Daemon daemon, Load load, Pace pace) throws Exception {
            Client.shell("umount -l $1", daemon.folder());
            assertThat(daemon.isMounted()).isFalse();
            pace.pause();
            load.assertFlows();
            load.readers().forEach(Client::close);
            assertThat(pace.end("the daemon", daemon.process())).isZero();
            load.abandon(pace);
        }
    },

    /// What an administrator does when a FUSE file system hangs.
    ABORT {
        @Override
        void come(Daemon daemon, Load load, Pace pace) throws Exception {
            long device = (Long) Files.getAttribute(daemon.folder(), "unix:dev");
            Client.shell(
                    "[ -e $1/$2 ] || { mount -t fusectl fusectl $1 && trap 'umount $1' EXIT; }; echo 1 > $1/$2/abort",
                    CONTROL,
                    // The minor number, as makedev(3) packs it.
                    device & 0xff | device >> 12 & 0xfff00);
            pace.end("the daemon", daemon.process());
            load.abandon(pace);
        }
    };

    /// Only root can abort a connection.
    static End[] possible() throws IOException {
        return SharedFolder.userId() == 0
                ? values()
                : Stream.of(values()).filter(end -> end != ABORT).toArray(End[]::new);
    }

    private static final Path CONTROL = Path.of("/sys/fs/fuse/connections");

    /// A signal, if nothing else.
    ///
    /// @param daemon that ends
    /// @param load   of its clients; ended, too
    /// @param pace   how long things may take
    void come(Daemon daemon, Load load, Pace pace) throws Exception {
        daemon.process().signal(name());
        int code = pace.end("the daemon", daemon.process());
        assertThat(code).isGreaterThan(128);
        assertThat(daemon.isMounted()).isFalse();
        load.abandon(pace);
    }
}
