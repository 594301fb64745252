package org.relayfs.tool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.relayfs.linux.MountTable;
import picocli.CommandLine;

/// The training run of `mount-scripts/make-cache`, which shows the JVM the classes that the command needs: it
/// mounts, looks at the mount, and unmounts. If it cannot mount, it does what it can.
public final class CacheTraining {
    private static final int PATIENCE_S = 20;
    private static final String USE = """
            cd "$1" && cat version channels control >/dev/null && ls -l >/dev/null && mkdir made && rmdir made
            echo create training/a subbuf_size=4096 n_subbufs=2 >control && echo record >training/a/write
            cat training/a/stats training/a/cpu*[0-9] >/dev/null && echo flush training/a >control
            """;

    private CacheTraining() {}

    /// Trains.
    ///
    /// @param args an empty folder to mount on
    /// @throws Exception it does not end in time
    public static void main(String[] args) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true);
        System.setOut(nowhere);
        run("version");
        run("help", "record");
        Path folder = Path.of(args[0]).toRealPath();
        Thread mount = Thread.ofPlatform().daemon().start(() -> run("mount", "-f", folder.toString()));
        if (awaitMount(folder, mount)) {
            // Others use it, and so do we, in threads that nobody waits for.
            await(new ProcessBuilder("sh", "-c", USE, "sh", folder.toString())
                    .inheritIO()
                    .start());
            inTime("list", folder.toString());
            inTime("stat", folder.toString(), "training/a");
            inTime("cat", folder.toString(), "training/a");
            inTime("destroy", folder.toString(), "training/a");
            run("umount", folder.toString());
            mount.join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        }
        System.exit(0);
    }

    private static void run(String... arguments) {
        CommandLine command = RelayfsCommand.commandLine();
        command.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        command.execute(arguments);
    }

    private static void inTime(String... arguments) throws InterruptedException {
        Thread.ofPlatform().daemon().start(() -> run(arguments)).join(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    private static boolean awaitMount(Path folder, Thread mount) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        Optional<MountTable.Mount> there = MountTable.at(folder);
        while (there.filter(MountTable.Mount::isRelayfs).isEmpty()) {
            if (!mount.isAlive() || System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(10);
            there = MountTable.at(folder);
        }
        return Files.isDirectory(folder);
    }

    private static void await(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
