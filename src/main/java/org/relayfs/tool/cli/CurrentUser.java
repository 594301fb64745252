package org.relayfs.tool.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The user who runs this process.
public final class CurrentUser {
    private CurrentUser() {}

    public static int uid() {
        return attribute("unix:uid");
    }

    public static int gid() {
        return attribute("unix:gid");
    }

    public static boolean isRoot() {
        return uid() == 0;
    }

    private static int attribute(String name) {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), name);
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/self: " + name, e);
        }
    }
}
