package program;

import org.relayfs.layout.BufferHeader;

/// Reads a word of memory wherever it likes, if it is let.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println(BufferHeader.reserveVolatile(0));
    }
}
