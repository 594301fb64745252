package org.relayfs;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.relayfs.buffer.ChannelName;
import org.relayfs.buffer.WriteResult;

/// A place to log to from anywhere, whether its channel is there or not: old relayfs' klog. It names a channel. While
/// none of that name is open in this program, a call costs a look at one word; from its opening on, records go there.
/// Whoever opens and closes the channel does not matter: the program, or somebody on a mount (`mkdir`, `create`).
///
/// ```java
/// private static final Klog TRACE = Klog.of("app/trace"); // a constant: the JIT knows where the word is
///
/// TRACE.log("began\n");
/// Klog.klog("began\n"); // the same for the channel named klog
/// ```
///
/// If several relays of the program have a channel of the name, records go to the one that was opened last, and when
/// that is closed to none, until one is opened again.
///
/// Any number of threads, platform or virtual, also while the channel is opened and closed: lock-free, no system call.
/// Nothing is added to a text, no end of line either. What a writer is told is what [RelayChannel#write] tells it.
public final class Klog {
    private static final ConcurrentMap<String, Klog> ALL = new ConcurrentHashMap<>();
    /// Guarded by itself; a leaf: nothing else is locked meanwhile. Weakly: nobody has to close a relay.
    private static final Set<Relay> RELAYS = Collections.newSetFromMap(new WeakHashMap<>());

    private static final Klog KLOG = of("klog");

    private final String name;
    /// The open channel, or null. Changed under this object's lock, which is taken after that of a relay.
    private volatile RelayChannel channel;

    private Klog(String name) {
        this.name = name;
    }

    /// Names a channel, which need not be there. Kept for the life of the program: for names that are in the program,
    /// not for names that come from outside.
    ///
    /// @param name of the channel: the path of its directory
    /// @return always the same object for the same name
    /// @throws IllegalArgumentException not a name
    public static Klog of(String name) {
        String path = ChannelName.of(name).toString();
        Klog klog = ALL.computeIfAbsent(path, Klog::new);
        List<Relay> relays;
        synchronized (RELAYS) {
            relays = List.copyOf(RELAYS);
        }
        // A channel that is opened meanwhile finds the name in the table.
        relays.forEach(relay -> relay.showTo(klog));
        return klog;
    }

    /// Logs a text to the channel `klog`.
    ///
    /// @param text of the record, which is logged as UTF-8
    /// @return as [#log(CharSequence)]
    public static int klog(CharSequence text) {
        return KLOG.log(text);
    }

    /// {@return the name of the channel}
    public String name() {
        return name;
    }

    /// {@return true while a channel of the name is open: what is costly to make need not be made otherwise}
    public boolean isOpen() {
        return channel != null;
    }

    /// Logs a text, as UTF-8 and without making a String or an array of it. A surrogate without its other half is
    /// logged as a question mark.
    ///
    /// @param text of the record; not looked at while there is no channel
    /// @return the length of the record in bytes, or one of [WriteResult]; [WriteResult#CLOSED] while there is no
    ///     channel
    public int log(CharSequence text) {
        RelayChannel open = channel;
        return open == null ? WriteResult.CLOSED : open.write(text);
    }

    /// Logs bytes.
    ///
    /// @param bytes of the record; not looked at while there is no channel
    /// @return the length of the record, or one of [WriteResult]; [WriteResult#CLOSED] while there is no channel
    public int log(byte[] bytes) {
        RelayChannel open = channel;
        return open == null ? WriteResult.CLOSED : open.write(bytes);
    }

    /// Logs some of an array's bytes.
    ///
    /// @param bytes  of the record; not looked at while there is no channel
    /// @param offset of the first byte
    /// @param length of the record
    /// @return `length`, or one of [WriteResult]; [WriteResult#CLOSED] while there is no channel
    /// @throws IndexOutOfBoundsException the range is not in the array, and there is a channel
    public int log(byte[] bytes, int offset, int length) {
        RelayChannel open = channel;
        return open == null ? WriteResult.CLOSED : open.write(bytes, offset, length);
    }

    /// A relay is about to open channels.
    static void know(Relay relay) {
        synchronized (RELAYS) {
            RELAYS.add(relay);
        }
    }

    /// A channel was opened. Under its relay's lock.
    static void opened(RelayChannel channel) {
        Klog klog = ALL.get(channel.name());
        if (klog != null) {
            klog.use(channel);
        }
    }

    /// Under the lock of the channel's relay.
    synchronized void use(RelayChannel open) {
        channel = open;
    }

    /// A channel was closed. Under its relay's lock.
    static void closed(RelayChannel channel) {
        Klog klog = channel.name() == null ? null : ALL.get(channel.name());
        if (klog != null) {
            klog.drop(channel);
        }
    }

    private synchronized void drop(RelayChannel closed) {
        if (channel == closed) {
            channel = null;
        }
    }

    @Override
    public String toString() {
        return "klog " + name;
    }
}
