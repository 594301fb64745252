package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.tree.MountedTree.OWNER;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;

/// Everybody does everything at once: nothing but the named refusals comes out, and nothing is left behind.
@Timeout(60)
class TreeConcurrencyTest {
    private static final Set<Errno> EXPECTED =
            EnumSet.of(Errno.ENOENT, Errno.EEXIST, Errno.EBUSY, Errno.ENODEV, Errno.ESHUTDOWN, Errno.EAGAIN);
    private static final long RUN_NS = TimeUnit.MILLISECONDS.toNanos(1500);

    private final AtomicBoolean stop = new AtomicBoolean();
    private MountedTree fs;

    @BeforeEach
    void mount() throws Exception {
        fs = new MountedTree();
    }

    @AfterEach
    void unmount() {
        fs.close();
    }

    private Callable<Long> repeated(Callable<?> action) {
        return () -> {
            long attempts = 0;
            for (; !stop.get(); attempts++) {
                try {
                    action.call();
                } catch (ErrnoException refused) {
                    assertThat(EXPECTED).as(refused.getMessage()).contains(refused.errno());
                }
            }
            return attempts;
        };
    }

    private void runAll(List<Callable<Long>> actions) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(actions.size())) {
            List<Future<Long>> results = new ArrayList<>();
            actions.forEach(action -> results.add(threads.submit(action)));
            Thread.sleep(TimeUnit.NANOSECONDS.toMillis(RUN_NS));
            stop.set(true);
            for (Future<Long> result : results) {
                assertThat(result.get()).isPositive();
            }
        }
    }

    private Callable<Long> writing(String path, String text) {
        return repeated(() -> {
            fs.write(path, text);
            return null;
        });
    }

    @Test
    void createDestroyMkdirRmdirReadAndWriteAtOnce() throws Exception {
        String settings = " subbuf_size=4K n_subbufs=2 global=1";
        runAll(List.of(
                writing("/control", "create a/b" + settings),
                writing("/control", "destroy a/b"),
                writing("/control", "create c files=/a/b base=x" + settings),
                writing("/control", "create d files=/a/b base=x1" + settings),
                writing("/control", "destroy c"),
                writing("/control", "destroy d"),
                writing("/a/b/create", "1"),
                writing("/a/b/write", "record"),
                repeated(() -> {
                    fs.makeDirectory("/a/b");
                    return null;
                }),
                repeated(() -> {
                    fs.tree.removeDirectory("/a/b", OWNER);
                    return null;
                }),
                repeated(() -> {
                    for (String name : fs.list("/a/b")) {
                        fs.tree.resolve("/a/b/" + name).attributes();
                    }
                    fs.read("/channels");
                    fs.read("/buffers");
                    fs.read("/stats");
                    return null;
                })));
        remove("/c");
        remove("/d");
        remove("/a/b");
        remove("/a");
        assertThat(fs.list("/")).hasSameSizeAs(RootFiles.NAMES);
        assertThat(fs.relay.channels()).isEmpty();
        assertThat(fs.tree.resolve("/").attributes().links()).isEqualTo(2);
    }

    @Test
    void theApiAndControlFilesAtOnce() throws Exception {
        ChannelConfig config = ChannelConfig.of(4096, 2).withGlobal(true);
        runAll(List.of(
                repeated(() -> {
                    try (RelayChannel channel = fs.relay.open("app", config)) {
                        channel.write(new byte[10]);
                    } catch (IllegalStateException taken) {
                        Thread.onSpinWait();
                    }
                    return null;
                }),
                writing("/control", "create app subbuf_size=4K n_subbufs=2 global=1"),
                writing("/control", "destroy app"),
                writing("/app/enabled", "0"),
                writing("/app/flush", "1")));
        remove("/app");
        assertThat(fs.list("/")).hasSameSizeAs(RootFiles.NAMES);
        assertThat(fs.relay.channels()).isEmpty();
    }

    private void remove(String path) {
        try {
            fs.tree.removeDirectory(path, OWNER);
        } catch (ErrnoException gone) {
            assertThat(gone.errno()).isEqualTo(Errno.ENOENT);
        }
    }
}
