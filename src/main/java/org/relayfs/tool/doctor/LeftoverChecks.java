package org.relayfs.tool.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.relayfs.linux.CurrentUser;
import org.relayfs.memory.OwnerFolder;
import org.relayfs.memory.RemovedMemory;
import org.relayfs.memory.SharedFolder;
import org.relayfs.tool.cli.ByteSize;
import org.relayfs.tool.client.MountRoot;

/// The search for what dead processes have left behind.
final class LeftoverChecks {
    private static final int PATIENCE_MS = 2000;

    List<Finding> all() throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        for (Path mountPoint : MountRoot.mountPoints()) {
            findings.add(mount(mountPoint));
        }
        Map<Path, List<OwnerFolder>> left = OwnerFolder.list(CurrentUser.isRoot()).stream()
                .filter(OwnerFolder::isLeftBehind)
                .collect(Collectors.groupingBy(folder -> folder.path().getParent(), TreeMap::new, Collectors.toList()));
        for (Map.Entry<Path, List<OwnerFolder>> home : left.entrySet()) {
            findings.add(memory(home.getKey(), home.getValue()));
        }
        for (long pid : RemovedMemory.owners()) {
            findings.add(removed(pid));
        }
        return findings;
    }

    private static Finding removed(long pid) {
        return Finding.left(
                "shared memory",
                "process " + pid + " lives, but its shared memory was removed: no process can attach to its channels",
                "create its channels again, or mount again; if systemd-logind removes it, RemoveIPC=no in logind.conf");
    }

    private static Finding memory(Path home, List<OwnerFolder> folders) throws IOException {
        long size = 0;
        for (OwnerFolder folder : folders) {
            size += folder.size();
        }
        String all = home.equals(SharedFolder.ofUser(CurrentUser.uid())) ? "" : " --all-users";
        return Finding.left(
                "shared memory",
                home + ": " + folders.size() + (folders.size() == 1 ? " folder" : " folders")
                        + " of processes that have ended, " + ByteSize.text(size),
                "relayfs clean" + all + " removes it, and -n only lists it; relayfs recover saves what was not read,"
                        + " relayfs mount --adopt takes the channels over");
    }

    /// Asks in a thread of its own, which is abandoned if there is no answer.
    private static Finding mount(Path mountPoint) throws InterruptedException {
        CompletableFuture<IOException> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("relayfs-probe").start(() -> answer.complete(probe(mountPoint)));
        String umount = "relayfs umount -l " + mountPoint;
        try {
            IOException failure = answer.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
            return switch (failure) {
                case null -> Finding.ok("mount", mountPoint + " answers");
                case AccessDeniedException _ -> Finding.ok("mount", mountPoint + " is another user's");
                default -> Finding.left("mount", mountPoint + ": its daemon is gone", umount);
            };
        } catch (TimeoutException e) {
            return Finding.left(
                    "mount",
                    mountPoint + ": no answer in " + PATIENCE_MS + " ms",
                    "its daemon may be stopped (kill -CONT resumes it) or hung; " + umount);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("StreamResourceLeak") // it is closed at once
    private static IOException probe(Path mountPoint) {
        try {
            Files.readAttributes(mountPoint, "unix:mode");
            Files.list(mountPoint).close();
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
