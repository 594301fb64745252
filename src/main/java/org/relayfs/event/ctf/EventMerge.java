package org.relayfs.event.ctf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.relayfs.event.ctf.EventStream.Step;

/// The events of several streams in one order: by time, CPU and position; what a stream has is told in its own order.
/// It looks at one event of each stream. One thread.
///
/// A stream that has nothing now may get events that are older than those of the others. What is younger than a limit
/// waits for them; what comes after younger ones all the same is told when it comes, and [#isLate()].
public final class EventMerge {
    /// Waits for nothing.
    public static final long ALL = Long.MAX_VALUE;

    /// Of one stream, at what it is.
    private static final class Head {
        final EventStream stream;
        final CtfClock clock;
        final int number;
        Step step = Step.NOTHING;
        long time;

        Head(EventStream stream, CtfClock clock, int number) {
            this.stream = stream;
            this.clock = clock;
            this.number = number;
        }

        /// {@return whether there is something}
        boolean advance() throws IOException {
            step = stream.next();
            time = clock.realtime(stream.timestamp());
            return step != Step.NOTHING && step != Step.END;
        }

        boolean isBefore(Head other) {
            if (time != other.time) {
                return time < other.time;
            }
            if (stream.cpu() != other.stream.cpu()) {
                return stream.cpu() < other.stream.cpu();
            }
            int order = Long.compareUnsigned(stream.position(), other.stream.position());
            return order == 0 ? number < other.number : order < 0;
        }
    }

    /// Streams that have something: a heap, the first one on top.
    private Head[] heads = new Head[16];

    private int count;
    private final List<Head> idle = new ArrayList<>();
    private int added;
    private Head current;
    private long latest = Long.MIN_VALUE;
    private boolean isLate;

    /// Adds a stream.
    ///
    /// @param stream is asked by this object only from now on
    /// @param clock  of its trace
    public void add(EventStream stream, CtfClock clock) {
        idle.add(new Head(stream, clock, added));
        added++;
    }

    /// Looks whether streams that had nothing have something now.
    ///
    /// @throws IOException bytes cannot be read
    public void look() throws IOException {
        if (current != null) {
            settle();
        }
        for (int i = idle.size() - 1; i >= 0; i--) {
            Head head = idle.get(i);
            boolean isThere = head.advance();
            if (isThere || head.step == Step.END) {
                idle.remove(i);
            }
            if (isThere) {
                push(head);
            }
        }
    }

    /// Goes on to what comes next.
    ///
    /// @param limit a time of day in nanoseconds since 1970: while a stream has nothing, only what is older
    /// @return the stream that has it, or null
    /// @throws IOException bytes cannot be read
    public EventStream next(long limit) throws IOException {
        if (current != null) {
            settle();
        }
        if (count == 0 || !idle.isEmpty() && heads[0].time > limit) {
            return null;
        }
        current = heads[0];
        isLate = current.time < latest;
        latest = Math.max(latest, current.time);
        return current.stream;
    }

    /// The top has been told.
    private void settle() throws IOException {
        if (current.advance()) {
            sink();
        } else {
            if (current.step == Step.NOTHING) {
                idle.add(current);
            }
            count--;
            heads[0] = heads[count];
            heads[count] = null;
            if (count > 0) {
                sink();
            }
        }
        current = null;
    }

    private void push(Head head) {
        if (count == heads.length) {
            heads = Arrays.copyOf(heads, 2 * count);
        }
        int at = count;
        count++;
        while (at > 0 && head.isBefore(heads[(at - 1) / 2])) {
            heads[at] = heads[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heads[at] = head;
    }

    private void sink() {
        Head head = heads[0];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child + 1 < count && heads[child + 1].isBefore(heads[child])) {
                child++;
            }
            if (child >= count || !heads[child].isBefore(head)) {
                heads[at] = head;
                return;
            }
            heads[at] = heads[child];
            at = child;
        }
    }

    /// {@return what the stream that [#next] has returned is at}
    public Step step() {
        return current.step;
    }

    /// {@return its time of day in nanoseconds since 1970}
    public long time() {
        return current.time;
    }

    /// {@return whether something younger was told before}
    public boolean isLate() {
        return isLate;
    }

    /// {@return the time of the oldest that waits for streams that have nothing, or [#ALL] if nothing waits}
    public long oldestWaiting() {
        return count == 0 ? ALL : heads[0].time;
    }

    /// {@return whether no stream can have anything any more}
    public boolean hasEnded() {
        return count == 0 && idle.isEmpty() && current == null;
    }
}
