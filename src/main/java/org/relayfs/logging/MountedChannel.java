package org.relayfs.logging;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.relayfs.AttachedChannel;

/// A channel of a mount, whose process need not be this one: attached, and created there if it is missing.
final class MountedChannel extends LogChannel {
    private final LogSettings settings;
    private AttachedChannel present;
    // May have a writer yet.
    private AttachedChannel former;

    MountedChannel(LogSettings settings) throws IOException {
        this.settings = settings;
        start();
    }

    @Override
    Logs open(boolean closed) throws IOException {
        if (present != null && !closed && present.isOwnerAlive()) {
            return null;
        }
        AttachedChannel attached = attach();
        try {
            Logs logs = Logs.of(attached.events());
            if (former != null) {
                former.close();
            }
            former = present;
            present = attached;
            return logs;
        } catch (IOException | RuntimeException e) {
            attached.close();
            throw e;
        }
    }

    private AttachedChannel attach() throws IOException {
        try {
            return AttachedChannel.attach(settings.path());
        } catch (NoSuchFileException e) {
            create();
            return AttachedChannel.attach(settings.path());
        }
    }

    private void create() throws IOException {
        Path root = root();
        String line = "create " + root.relativize(settings.path()) + " format=events subbuf_size="
                + settings.subBufferSize() + " n_subbufs=" + settings.subBufferCount() + " mode="
                + settings.mode().text() + "\n";
        try {
            Files.writeString(root.resolve("control"), line, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            return; // another process was first
        } catch (FileSystemException e) {
            if ("File exists".equals(e.getReason())) {
                return;
            }
            throw e;
        }
    }

    private Path root() throws IOException {
        for (Path place = settings.path().getParent(); place != null; place = place.getParent()) {
            if (Files.exists(place.resolve("control")) && Files.exists(place.resolve("error_log"))) {
                return place;
            }
        }
        throw new NoSuchFileException(settings.path().toString(), null, "no mount of relayfs is above it; mount one");
    }
}
