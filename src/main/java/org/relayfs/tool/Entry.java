package org.relayfs.tool;

/// The first class of the jar. The build compiles it for Java 8, so that a Java that is too old for all others gets as
/// far
/// as to say so.
public final class Entry {
    /// What the other classes are compiled for.
    static final int NEEDED = 25;

    private static final int SYSTEM_ERROR = 2;

    private Entry() {}

    /// Runs the command.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        // 1.8, 9, 25
        String version = System.getProperty("java.specification.version");
        int dot = version.indexOf('.');
        if (Integer.parseInt(dot < 0 ? version : version.substring(0, dot)) < NEEDED) {
            System.err.println("relayfs: " + System.getProperty("java.home") + " is Java "
                    + System.getProperty("java.version") + "; relayfs needs Java " + NEEDED
                    + " or newer: run this jar with one, or run the script relayfs, which looks for one");
            System.exit(SYSTEM_ERROR);
        }
        RelayfsCommand.main(args);
    }
}
