package org.relayfs.jfr;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.relayfs.Events;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs the events of JDK Flight Recorder into a channel of events, each type as a type of the same
/// name.
///
/// ```java
/// Map<String, String> settings = Configuration.getConfiguration("default").getSettings();
/// try (JfrStream stream = JfrStream.record(channel.events(), settings)) {
///     run();
/// } // all events until here are in the channel, or counted as refused
/// ```
///
/// JFR hands events over once a second, so they stand in the channel up to some seconds after they
/// happened: field `startTime` says when that was. The fields are JFR's own, in their order:
///
/// | in JFR | in the channel |
/// |---|---|
/// | time | [I64][org.relayfs.event.FieldKind#I64], nanoseconds since 1970 |
/// | duration | I64, nanoseconds |
/// | whole number, floating-point number, boolean | the kind of that width and sign |
/// | text, character, method | [STRING][org.relayfs.event.FieldKind#STRING] |
/// | thread, class, class loader | STRING: its name |
/// | stack trace | STRING: a line for each frame, the innermost first |
/// | other object | its fields, called `OBJECT_FIELD` |
///
/// What is null in JFR is 0 or an empty text. A thread of JFR's logs the events, in the order of their
/// times within a second. It waits for nothing: what the channel refuses is counted, here and in the
/// channel. Any thread.
public final class JfrStream implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JfrStream.class);

    private final Events events;
    private final EventStream stream;
    private final long patienceNs;
    // By System.nanoTime(), once it is being closed: all that is left waits no longer than one event may.
    private volatile Long lastNs;
    // By JFR's number of a type; used by JFR's thread alone. A type that the channel refuses is null.
    private final Map<Long, JfrType> types = new HashMap<>();
    private final LongAdder logged = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    private JfrStream(Events events, EventStream stream, Duration patience) {
        this.events = Objects.requireNonNull(events, "events");
        this.stream = stream;
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience: value=" + patience + ", limit=0 or more");
        }
        this.patienceNs = patience.toNanos();
        stream.onEvent(this::take);
        stream.onClose(ended::countDown);
        stream.onError(e -> LOG.warn("an event of JFR could not be read", e));
    }

    /// Records events of this JVM, beside other recordings.
    ///
    /// @param events   of a channel
    /// @param settings of the recording, as JFR has them: `jdk.GCPhasePause#enabled` = `true`,
    ///     `jdk.JavaMonitorEnter#threshold` = `10 ms`; those of a `jdk.jfr.Configuration`, or [#only]
    /// @return the stream, which has begun
    public static JfrStream record(Events events, Map<String, String> settings) {
        return record(events, settings, Duration.ZERO);
    }

    /// Records events of this JVM, beside other recordings, and waits while a channel that does not
    /// overwrite is full. JFR goes on meanwhile, and keeps in its files what is not logged yet.
    ///
    /// @param events   of a channel
    /// @param settings of the recording, as above
    /// @param patience how long an event waits for room at most, before it is refused and counted; 0 or
    ///     more
    /// @return the stream, which has begun
    /// @throws IllegalArgumentException the patience is negative
    public static JfrStream record(Events events, Map<String, String> settings, Duration patience) {
        RecordingStream recording = new RecordingStream();
        recording.setSettings(settings);
        JfrStream result = new JfrStream(events, recording, patience);
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = result.thread(begun);
        FlightRecorderListener listener = new FlightRecorderListener() {
            @Override
            public void recordingStateChanged(Recording changed) {
                // It is told by the thread that has changed it.
                if (Thread.currentThread() == thread && changed.getState() == RecordingState.RUNNING) {
                    begun.countDown();
                }
            }
        };
        FlightRecorder.addListener(listener);
        try {
            thread.start();
            awaitPatiently(begun);
        } finally {
            FlightRecorder.removeListener(listener);
        }
        return result;
    }

    /// Follows the recordings of another JVM, with all that they record from now on and all that its
    /// repository still has. It ends when that JVM ends in order.
    ///
    /// @param events     of a channel
    /// @param repository of JFR in that JVM: a folder of it, or `jcmd PID JFR.configure` shows it
    /// @return the stream, which has begun
    /// @throws IOException it cannot be read
    public static JfrStream follow(Events events, Path repository) throws IOException {
        return follow(events, repository, Duration.ZERO);
    }

    /// Follows the recordings of another JVM, and waits while a channel that does not overwrite is
    /// full.
    ///
    /// @param events     of a channel
    /// @param repository of JFR in that JVM, as above
    /// @param patience   how long an event waits for room at most, before it is refused and counted; 0
    ///     or more
    /// @return the stream, which has begun
    /// @throws IOException it cannot be read
    /// @throws IllegalArgumentException the patience is negative
    public static JfrStream follow(Events events, Path repository, Duration patience) throws IOException {
        EventStream stream = EventStream.openRepository(repository);
        stream.setStartTime(Instant.EPOCH);
        JfrStream result = new JfrStream(events, stream, patience);
        result.thread(new CountDownLatch(1)).start();
        return result;
    }

    // One that startAsync() made would keep the JVM alive.
    private Thread thread(CountDownLatch begun) {
        return Thread.ofPlatform().daemon().name("relayfs-jfr").unstarted(() -> {
            try {
                stream.start();
            } catch (RuntimeException e) {
                LOG.warn("the stream of JFR has ended", e);
            } finally {
                begun.countDown();
                ended.countDown();
            }
        });
    }

    private static void awaitPatiently(CountDownLatch begun) {
        boolean interrupted = false;
        while (true) {
            try {
                begun.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// {@return settings that record all events of some types, however short they are}
    ///
    /// @param names of the types, for example `jdk.GCPhasePause`
    public static Map<String, String> only(String... names) {
        Map<String, String> settings = new HashMap<>();
        for (String name : names) {
            settings.put(name + "#enabled", "true");
            settings.put(name + "#threshold", "0 ms");
        }
        return settings;
    }

    private void take(RecordedEvent event) {
        if (log(event)) {
            logged.increment();
        } else {
            refused.increment();
        }
    }

    private boolean log(RecordedEvent event) {
        long id = event.getEventType().getId();
        if (!types.containsKey(id)) {
            types.put(id, register(event));
        }
        JfrType type = types.get(id);
        try {
            return type != null && type.log(event, patience()) >= 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long patience() {
        Long last = lastNs;
        return last == null ? patienceNs : Math.max(0, Math.min(patienceNs, last - System.nanoTime()));
    }

    private JfrType register(RecordedEvent event) {
        try {
            return JfrType.register(events, event.getEventType());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "events of JFR's type {} are refused: {}",
                    event.getEventType().getName(),
                    e.getMessage());
            return null;
        }
    }

    /// {@return how many events the channel has accepted}
    public long logged() {
        return logged.sum();
    }

    /// {@return how many events it has refused: it was full, the type is switched off or has another
    /// form in the channel, … Its own counts tell the causes}
    public long refused() {
        return refused.sum();
    }

    /// Waits for the end of the stream: that of the JVM whose repository is followed, or [#close].
    ///
    /// @param timeout to wait at most
    /// @return false when it goes on
    /// @throws InterruptedException while it waited
    public boolean await(Duration timeout) throws InterruptedException {
        return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Ends the recording, when it is one of this JVM, and logs all events until now. Of another JVM's,
    /// those that JFR has handed over are in the channel; the last second may be missing, unless
    /// [#await] has seen the end. Waits for JFR, which takes milliseconds, or longer with many events.
    /// A stream does not keep the JVM alive: what JFR has not handed over when the JVM ends is missing,
    /// unless the stream was closed before; a shutdown hook may be too late, because JFR has one of its
    /// own.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        lastNs = System.nanoTime() + patienceNs;
        try (stream) {
            if (stream instanceof RecordingStream recording) {
                recording.stop();
            }
        }
    }
}
