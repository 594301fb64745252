package org.relayfs.tool.client;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.relayfs.linux.Errno;
import org.relayfs.linux.FileCalls;
import org.relayfs.linux.SystemCallException;
import org.relayfs.linux.WaitCalls;

/// The events that one thread waits for with poll(2): data in relay files, the end of a pipe's reader, and a
/// wake-up by another thread. [#wake] may be called by any thread, everything else by the one that waits.
public final class WaitSet implements Closeable {
    /// The descriptor of standard output.
    public static final int STANDARD_OUTPUT = 1;

    private static final int ENDED = WaitCalls.POLLERR | WaitCalls.POLLHUP | WaitCalls.POLLNVAL;
    private static final int ENTRY_SIZE = 8;
    private static final int EVENTS_OFFSET = 4;
    private static final int REVENTS_OFFSET = 6;

    private final List<ClientFile> files = new ArrayList<>();
    private final int output;

    /// Entry 0 is the event, entry 1 the output; the files follow.
    private MemorySegment entries;

    /// Guarded by this; a number below 0 once it is closed.
    private int event;

    /// Waits for no output.
    ///
    /// @throws IOException no descriptor is left
    public WaitSet() throws IOException {
        this(-1);
    }

    /// Waits for the end of an output's reader, too.
    ///
    /// @param output descriptor of a pipe that is written to, or -1 for none
    /// @throws IOException no descriptor is left
    public WaitSet(int output) throws IOException {
        this.output = output;
        this.event = (int) SystemCallException.check(WaitCalls.eventfd(), "eventfd", "to wait with");
        setFiles(List.of());
    }

    /// Sets what to wait for.
    ///
    /// @param waitedFor the relay files to wait for from now on, open ones
    public void setFiles(List<ClientFile> waitedFor) {
        files.clear();
        files.addAll(waitedFor);
        long size = ENTRY_SIZE * (files.size() + 2L);
        if (entries == null || entries.byteSize() < size) {
            entries = Arena.ofAuto().allocate(2 * size, ENTRY_SIZE);
        }
        setEntry(0, event, (short) WaitCalls.POLLIN);
        setEntry(1, output, (short) 0);
        for (int i = 0; i < files.size(); i++) {
            setEntry(i + 2, files.get(i).descriptor(), (short) WaitCalls.POLLIN);
        }
    }

    private void setEntry(int index, int descriptor, short events) {
        long offset = (long) index * ENTRY_SIZE;
        entries.set(JAVA_INT, offset, descriptor);
        entries.set(JAVA_SHORT, offset + EVENTS_OFFSET, events);
        entries.set(JAVA_SHORT, offset + REVENTS_OFFSET, (short) 0);
    }

    /// Waits until there is something to do.
    ///
    /// @param timeoutMs at most so long
    /// @throws IOException poll failed
    public void await(int timeoutMs) throws IOException {
        int count = WaitCalls.poll(entries, files.size() + 2L, timeoutMs);
        if (Errno.EINTR.is(count)) {
            setFiles(new ArrayList<>(files));
        } else {
            SystemCallException.check(count, "poll", files.size() + " relay files");
        }
    }

    private short answer(int index) {
        return entries.get(JAVA_SHORT, (long) index * ENTRY_SIZE + REVENTS_OFFSET);
    }

    /// Looks at what the last wait has found.
    ///
    /// @return true when nobody reads the output any more
    public boolean isOutputGone() {
        return (answer(1) & ENDED) != 0;
    }

    /// Looks at what the last wait has found.
    ///
    /// @param index of a file among those waited for
    /// @return true when there are data in it, or it has ended
    public boolean isReady(int index) {
        return answer(index + 2) != 0;
    }

    /// Looks at what the last wait has found.
    ///
    /// @param index of a file among those waited for
    /// @return true when nothing more will come than what is there
    public boolean hasEnded(int index) {
        return (answer(index + 2) & ENDED) != 0;
    }

    /// Looks at what the last wait has found.
    ///
    /// @param index of a file among those waited for
    /// @return true when it has ended because its channel was resized: another file has its name
    public boolean isReplaced(int index) {
        return (answer(index + 2) & ENDED) == WaitCalls.POLLHUP;
    }

    /// Ends this wait and all that follow.
    public synchronized void wake() {
        if (event >= 0) {
            WaitCalls.signal(event);
        }
    }

    /// Closes what is its own, not the files.
    @Override
    public synchronized void close() {
        if (event >= 0) {
            FileCalls.close(event);
            event = -1;
        }
    }
}
