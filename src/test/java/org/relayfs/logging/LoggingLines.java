package org.relayfs.logging;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/// A program that logs each line of its standard input and says so; at the line `exit`, it logs on from many threads
/// while it calls [System#exit(int)], and prints how often each call had returned before that. Its argument is the
/// framework.
public final class LoggingLines {
    private static final int THREADS = 4;
    private static final int ENOUGH = 200;

    private LoggingLines() {}

    public static void main(String[] args) throws Exception {
        LoggingThreads.Call call = LoggingThreads.call(args[0]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals("exit")) {
                exit(call);
            }
            call.log(9, Integer.parseInt(line), null);
            System.out.println("logged " + line);
        }
    }

    private static void exit(LoggingThreads.Call call) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            Thread.ofPlatform().start(() -> {
                for (int number = 0; ; number++) {
                    call.log(thread, number, null);
                    if (number == ENOUGH) {
                        enough.countDown();
                    }
                }
            });
        }
        enough.await();
        System.exit(0);
    }
}
