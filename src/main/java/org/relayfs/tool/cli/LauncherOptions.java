package org.relayfs.tool.cli;

import java.util.ArrayList;
import java.util.List;

/// What the launcher has asked of this JVM so that it starts soon. It is as good for others that run the same jar.
public final class LauncherOptions {
    private static final List<String> STARTS = List.of("-XX:AOTCache=", "-Xlog:aot=", "-Xlog:cds=");

    private LauncherOptions() {}

    /// {@return the options that name the cache of classes; none without the launcher, or without a cache}
    public static List<String> cache() {
        return cacheIn(List.of(ProcessHandle.current().info().arguments().orElse(new String[0])));
    }

    static List<String> cacheIn(List<String> arguments) {
        List<String> found = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals("-jar")) {
                break;
            }
            if (STARTS.stream().anyMatch(argument::startsWith)) {
                found.add(argument);
            }
        }
        return found;
    }
}
