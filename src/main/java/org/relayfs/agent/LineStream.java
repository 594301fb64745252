package org.relayfs.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/// Hands on what is printed, and logs each line of it. Any thread.
final class LineStream extends OutputStream {
    // A longer line is logged in parts.
    private static final int LONGEST = 8192;

    private final PrintStream former;
    private final Target target;
    private final String name;
    private final Charset charset;
    // Guarded by this.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    // What logging itself prints is not logged. Guarded by this.
    private boolean logging;

    private LineStream(PrintStream former, Target target, String name) {
        this.former = former;
        this.target = target;
        this.name = name;
        this.charset = former.charset();
    }

    /// {@return a stream that prints as the former one does}
    ///
    /// @param name of the stream
    static PrintStream over(PrintStream former, Target target, String name) {
        return new PrintStream(new LineStream(former, target, name), true, former.charset());
    }

    @Override
    public void write(int value) {
        former.write(value);
        synchronized (this) {
            add((byte) value);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        former.write(bytes, offset, length);
        synchronized (this) {
            for (int i = offset; i < offset + length; i++) {
                add(bytes[i]);
            }
        }
    }

    private void add(byte value) {
        if (logging) {
            return;
        }
        if (value != '\n') {
            line.write(value);
        }
        if (value == '\n' || line.size() == LONGEST) {
            String text = line.toString(charset);
            line.reset();
            logging = true;
            try {
                target.line(name, text);
            } finally {
                logging = false;
            }
        }
    }

    @Override
    public void flush() {
        former.flush();
    }

    @Override
    public void close() throws IOException {
        former.close();
    }
}
