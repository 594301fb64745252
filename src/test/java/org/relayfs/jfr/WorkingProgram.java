package org.relayfs.jfr;

/// Waits for a line, works, and ends when its input does.
final class WorkingProgram {
    static final int COUNT = 2_000;

    private WorkingProgram() {}

    static void main() throws Exception {
        System.out.println("ready");
        while (System.in.read() != '\n') {
            // Waits for the recording.
        }
        for (int i = 0; i < COUNT; i++) {
            Work.done(i);
        }
        System.gc();
    }
}
