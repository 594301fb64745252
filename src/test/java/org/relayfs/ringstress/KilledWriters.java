package org.relayfs.ringstress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.relayfs.testing.Client;
import org.relayfs.testing.PidNamespace;
import org.relayfs.testing.Programs;

/// Writers in other PID namespaces, one of which is killed and started again at a time. Each life has writer numbers of
/// its own. For one thread.
final class KilledWriters implements AutoCloseable {
    private static final int BIG_LENGTH = 5000;
    private static final int LOOK_MS = 20;

    private final Path progress;
    private final List<Place> places = new ArrayList<>();
    private final Set<Integer> killed = new HashSet<>();
    private final Map<Integer, String> channels = new HashMap<>();
    private int writers;
    private int kills;

    /// @param progress file of all writers
    /// @param first    number of the first writer
    KilledWriters(Path progress, int first) {
        this.progress = progress;
        this.writers = first;
    }

    /// What is started again whenever it was killed.
    private final class Place {
        private final PidNamespace namespace;
        private final String channel;
        private final Path path;
        private final int threads;
        private final boolean java;
        private Client process;
        private int first;
        private long sinceNs;

        Place(PidNamespace namespace, String channel, Path path, int threads, boolean java) throws Exception {
            this.namespace = namespace;
            this.channel = channel;
            this.path = path;
            this.threads = threads;
            this.java = java;
            start();
        }

        private void start() throws Exception {
            first = writers;
            for (int i = 0; i < threads; i++) {
                channels.put(writers++, channel);
            }
            sinceNs = 0;
            process = namespace.start(java ? inJava() : inC());
        }

        private List<String> inJava() {
            return Client.java(
                    AttachedWriters.class,
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx64m",
                    "--",
                    path.toString(),
                    progress.toString(),
                    Integer.toString(first),
                    Integer.toString(threads),
                    "false",
                    "400",
                    Integer.toString(BIG_LENGTH));
        }

        private List<String> inC() throws Exception {
            return List.of(
                    Programs.c("stress_writers"),
                    path.toString(),
                    progress.toString(),
                    Integer.toString(first),
                    Integer.toString(threads));
        }

        /// Lets it write as soon as it can.
        private void look() throws IOException, InterruptedException {
            if (sinceNs == 0 && process.takeLine(0) != null) {
                sinceNs = System.nanoTime();
                process.input().write('\n');
                process.input().flush();
            }
            if (!process.isAlive()) {
                throw new AssertionError("it has ended by itself: " + process);
            }
        }

        private void kill() {
            process.close();
            for (int i = 0; i < threads; i++) {
                killed.add(first + i);
            }
        }

        private void end() throws Exception {
            if (sinceNs == 0) {
                kill(); // it has not begun
                return;
            }
            process.input().close();
            process.awaitSuccess();
            process.close();
        }
    }

    /// @param channel its name
    /// @param path    how to attach to it
    void addJava(PidNamespace namespace, String channel, Path path, int threads) throws Exception {
        places.add(new Place(namespace, channel, path, threads, true));
    }

    /// @param channel its name
    /// @param path    how to attach to it
    void addC(PidNamespace namespace, String channel, Path path) throws Exception {
        places.add(new Place(namespace, channel, path, 1, false));
    }

    /// Kills one after the other: that of those that write which has written for the longest time.
    ///
    /// @param endNs  when to end, if there have been enough kills: on a slow machine programs take seconds to begin
    /// @param least  how many kills are enough
    /// @param eachMs from one kill to the next
    void killUntil(long endNs, int least, long eachMs) throws Exception {
        long nextNs = System.nanoTime() + eachMs * 1_000_000;
        while ((System.nanoTime() < endNs || kills < least) && writers < Progress.MAX_WRITERS - 2) {
            Thread.sleep(LOOK_MS);
            Place oldest = null;
            for (Place place : places) {
                place.look();
                if (place.sinceNs != 0 && (oldest == null || place.sinceNs < oldest.sinceNs)) {
                    oldest = place;
                }
            }
            if (oldest != null && System.nanoTime() >= nextNs) {
                oldest.kill();
                oldest.start();
                kills++;
                nextNs += eachMs * 1_000_000;
            }
        }
    }

    /// Lets those that live end by themselves.
    void end() throws Exception {
        for (Place place : places) {
            place.end();
        }
    }

    /// {@return how many processes were killed while they wrote}
    int kills() {
        return kills;
    }

    boolean isKilled(int writer) {
        return killed.contains(writer);
    }

    /// {@return the numbers of all writers that a channel has had}
    List<Integer> of(String channel) {
        return channels.keySet().stream()
                .filter(writer -> channels.get(writer).equals(channel))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        places.forEach(place -> place.process.close());
    }
}
