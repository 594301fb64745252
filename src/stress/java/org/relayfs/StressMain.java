package org.relayfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jcstress.Main;

/// Runs jcstress and fails unless every planned result passed.
///
/// jcstress itself ends with code 0 even when a test failed, when every forked JVM died, and when no test matched.
public final class StressMain {
    private static final Pattern RESULTS = Pattern.compile("\\(Results: (\\d+) planned; (\\d+) passed,[^)]*\\)");

    private StressMain() {}

    /// Runs the tests and exits with 0 (all passed) or 1.
    ///
    /// @param args the arguments of jcstress
    /// @throws Exception when jcstress cannot start
    public static void main(String[] args) throws Exception {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(new Tee(console, seen), true, StandardCharsets.UTF_8));
        try {
            Main.main(args);
        } catch (AssertionError failures) {
            console.println(failures.getMessage());
        }
        System.out.flush();
        String verdict = verdict(seen.toString(StandardCharsets.UTF_8));
        console.println(verdict);
        System.exit(verdict.startsWith("OK") ? 0 : 1);
    }

    /// Judges the last line of results that jcstress printed.
    static String verdict(String output) {
        Matcher results = RESULTS.matcher(output);
        String last = null;
        long planned = 0;
        long passed = -1;
        while (results.find()) {
            last = results.group();
            planned = Long.parseLong(results.group(1));
            passed = Long.parseLong(results.group(2));
        }
        if (last == null) {
            return "FAILED: jcstress ran no test";
        }
        return (planned > 0 && planned == passed ? "OK: " : "FAILED: ") + last;
    }

    private static final class Tee extends OutputStream {
        private final OutputStream first;
        private final OutputStream second;

        Tee(OutputStream first, OutputStream second) {
            this.first = first;
            this.second = second;
        }

        @Override
        public void write(int b) throws IOException {
            first.write(b);
            second.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            first.write(bytes, offset, length);
            second.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            first.flush();
            second.flush();
        }
    }
}
