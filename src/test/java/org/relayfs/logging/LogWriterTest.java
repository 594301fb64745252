package org.relayfs.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelMode;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.WriteResult;
import org.relayfs.event.EventType;
import org.relayfs.event.Level;
import org.relayfs.testing.RawEvents;

@Timeout(120)
class LogWriterTest {
    private static final int MOST_ROUNDS = 100;
    private static final int CLEAN_ROUNDS = 10;
    private static final String NAME = "writer-test";

    private static LogWriter writer(long subBufferSize, int count, ChannelMode mode, Duration block) throws Exception {
        return LogWriter.open(new LogSettings(NAME, null, subBufferSize, count, mode, block));
    }

    private static RelayChannel channel() throws Exception {
        return LogChannels.relay().channel(NAME).orElseThrow();
    }

    @AfterEach
    void noChannelStays() throws Exception {
        LogChannels.relay().channel(NAME).ifPresent(RelayChannel::close);
        LogChannels.forget(NAME);
    }

    /// {@return the texts of the fields of all events, those of one joined by bars}
    private static List<String> lines() throws Exception {
        List<String> lines = new ArrayList<>();
        for (var buffer : channel().buffers()) {
            for (RawEvents.Event event : RawEvents.read(buffer)) {
                EventType type = channel().events().types().get(event.id());
                if (type != null) {
                    lines.add(type.name() + " " + event.text().replace('\0', '|'));
                }
            }
        }
        return lines;
    }

    @Test
    void textsOfAnyLengthAndAlphabetAreWhole() throws Exception {
        LogWriter writer = writer(1 << 16, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        String ascii = "x".repeat(1000);
        String mixed = "y".repeat(255) + "\uD83D\uDE00" + "z".repeat(300) + "\u20ac";
        for (String message : List.of(ascii, mixed, "half \uD83D", "nul \0", "")) {
            assertThat(writer.begin(Level.INFO).message(message).write()).isPositive();
        }
        assertThat(lines().stream().map(line -> line.substring("log.info ".length(), line.indexOf('|'))))
                .containsExactly(ascii, mixed, "half ?", "nul \uFFFD", "");
    }

    @Test
    void aContextIsJson() throws Exception {
        LogWriter writer = writer(1 << 16, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        LogEntry entry =
                writer.begin(Level.DEBUG).message("m").logger("l").level("FINE").thread(7, "t");
        entry.context("a", "\"\\\n");
        entry.context("b", null);
        entry.marker("ONE");
        entry.marker("TWO");
        assertThat(entry.write()).isPositive();
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("log.debug m|l|FINE|")
                .contains("|t|{\"a\":\"\\\"\\\\\\u000a\",\"b\":null}|ONE,TWO||||");
    }

    /// A record that would not fit loses its stack before its message, and is there.
    @Test
    void whatIsTooLongIsCut() throws Exception {
        LogWriter writer = writer(4096, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        Throwable deep = new IllegalStateException("deep");
        StackTraceElement[] frames = new StackTraceElement[200];
        Arrays.fill(frames, new StackTraceElement("some.Class", "method", "Class.java", 1));
        deep.setStackTrace(frames);
        assertThat(writer.begin(Level.ERROR).message("short").throwable(deep).write())
                .isPositive();
        assertThat(writer.begin(Level.ERROR)
                        .message("\u20ac".repeat(5000))
                        .throwable(deep)
                        .write())
                .isPositive();
        List<String> lines = lines();
        assertThat(lines.get(0))
                .startsWith("log.error short|")
                .contains("|deep|")
                .endsWith("\u2026|");
        assertThat(lines.get(1)).startsWith("log.error \u20ac\u20ac\u20ac").contains("\u20ac\u2026|", "|deep|");
        assertThat(writer.lost()).isZero();
    }

    @Test
    void aThrowableThatThrowsLosesNoRecord() throws Exception {
        LogWriter writer = writer(4096, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        assertThat(writer.begin(Level.WARN).message("m").throwable(new Rude()).write())
                .isPositive();
        assertThat(lines())
                .singleElement()
                .asString()
                .contains("(its message cannot be read: java.lang.IllegalStateException)", "(its stack cannot be");
    }

    /// Refuses to say what it is.
    private static final class Rude extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException();
        }

        @Override
        public void printStackTrace(PrintWriter to) {
            throw new IllegalStateException();
        }
    }

    /// A message whose toString() logs.
    @Test
    void loggingWhileAMessageIsMadeDisturbsNeither() throws Exception {
        LogWriter writer = writer(4096, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        LogEntry outer = writer.begin(Level.INFO);
        outer.messageText().append("outer ");
        assertThat(writer.begin(Level.INFO).message("inner").write()).isPositive();
        outer.messageText().append("goes on");
        assertThat(outer.write()).isPositive();
        assertThat(lines().stream().map(line -> line.substring(0, line.indexOf('|'))))
                .containsExactly("log.info inner", "log.info outer goes on");
    }

    @Test
    void aFullChannelIsWaitedForOrCounted() throws Exception {
        LogWriter dropping = writer(256, 2, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        int logged = fill(dropping);
        assertThat(dropping.lost()).isOne();
        LogWriter waiting = writer(256, 2, ChannelMode.NO_OVERWRITE, Duration.ofSeconds(60));
        Thread.currentThread().interrupt(); // who was interrupted before waits all the same
        Thread reader = Thread.ofPlatform().start(() -> {
            while (waiting.begin(Level.INFO) == null) {
                Thread.onSpinWait();
            }
            channelUnchecked().reset();
        });
        assertThat(waiting.begin(Level.INFO).message("waited").write()).isPositive();
        assertThat(Thread.interrupted()).isTrue();
        reader.join();
        assertThat(logged).isPositive();
        assertThat(waiting.lost()).isZero();
    }

    private static RelayChannel channelUnchecked() {
        try {
            return channel();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int fill(LogWriter writer) {
        int logged = 0;
        while (writer.begin(Level.INFO).message("full").write() != WriteResult.FULL) {
            logged++;
        }
        return logged;
    }

    /// The present channel is closed, the next record makes one anew.
    @Test
    void aChannelThatWasClosedIsMadeAnew() throws Exception {
        LogWriter writer = writer(4096, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        channel().close();
        assertThat(writer.begin(Level.INFO).message("again").write()).isPositive();
        assertThat(lines()).singleElement().asString().startsWith("log.info again|");
    }

    @Test
    void aLevelThatIsOffMakesNoRecord() throws Exception {
        LogWriter writer = writer(4096, 4, ChannelMode.NO_OVERWRITE, Duration.ZERO);
        channel().events().setLevel(Level.WARN);
        assertThat(writer.begin(Level.INFO)).isNull();
        assertThat(writer.begin(Level.WARN).message("on").write()).isPositive();
    }

    /// As AllocationTest does, with whoever waits for room, too.
    @Test
    void recordsAllocateNothing() throws Exception {
        LogWriter writer = writer(4096, 8, ChannelMode.OVERWRITE, Duration.ofSeconds(1));
        int clean = 0;
        long last = 0;
        for (int round = 0; round < MOST_ROUNDS && clean < CLEAN_ROUNDS; round++) {
            last = allocated(writer);
            clean = last == 0 ? clean + 1 : 0;
        }
        assertThat(clean)
                .as("clean rounds in a row; the last has allocated %d bytes", last)
                .isEqualTo(CLEAN_ROUNDS);
    }

    private static long allocated(LogWriter writer) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            LogEntry entry = writer.begin(Level.INFO);
            entry.messageText().append("order ").append(i);
            entry.logger("shop.Orders").level("INFO").thread(1, "main");
            entry.context("user", "42");
            int ignored = entry.write();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
