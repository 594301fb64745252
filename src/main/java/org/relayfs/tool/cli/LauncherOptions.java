package org.relayfs.tool.cli;

import java.util.ArrayList;
import java.util.List;

/// What the launcher has asked of this JVM so that it starts soon. It is as good for others that run the same jar.
public final class LauncherOptions {
    private static final List<String> CACHE = List.of("-XX:AOTCache=", "-Xlog:aot=", "-Xlog:cds=");
    private static final List<String> COLLECTOR = List.of("-XX:+UseSerialGC");

    private LauncherOptions() {}

    /// {@return the options that name the cache of classes; none without the launcher, or without a cache}
    public static List<String> cache() {
        return in(ownArguments(), CACHE);
    }

    /// {@return the options that name the collector; none when the user's options name one}
    public static List<String> collector() {
        return in(ownArguments(), COLLECTOR);
    }

    private static List<String> ownArguments() {
        return List.of(ProcessHandle.current().info().arguments().orElse(new String[0]));
    }

    static List<String> cacheIn(List<String> arguments) {
        return in(arguments, CACHE);
    }

    private static List<String> in(List<String> arguments, List<String> starts) {
        List<String> found = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals("-jar")) {
                break;
            }
            for (String start : starts) {
                if (argument.startsWith(start)) {
                    found.add(argument);
                }
            }
        }
        return found;
    }
}
