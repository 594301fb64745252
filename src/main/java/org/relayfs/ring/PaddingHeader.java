package org.relayfs.ring;

import java.lang.invoke.VarHandle;
import org.relayfs.layout.EventLayout;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.RecordCopy;

/// The built-in header: the first bytes of a sub-buffer hold its padding as a native number, 0 while it is open.
/// Clients
/// of relay write a `size_t` there, which has 8 bytes, or an `unsigned`, which has 4. The first event of a sub-buffer
/// has such a number, too.
///
/// The opener stores 0, the closer the padding, and either may be the later one: a preempted opener must not
/// overwrite what the closer wrote. The opener stores 0, fences, then checks whether its lap has been closed; the
/// closer marks the lap closed and then stores. Whichever store is last, it is the padding.
///
/// @param length 4 or 8, or 0 for channels without a header
record PaddingHeader(int length) implements SubBufferHeader {
    @Override
    public void write(Ring ring, long lap, int index, long inFlight) {
        store(ring, index, 0);
        restore(ring, lap, index);
    }

    /// Stores the padding again, if the lap has been closed since 0 was stored.
    static void restore(Ring ring, long lap, int index) {
        // pairs with: Delivery.close
        VarHandle.fullFence();
        long info = SubBufferTable.infoVolatile(ring.entry(index));
        if (info >>> ring.geometry.offsetBits() == lap) {
            store(ring, index, ring.geometry.subBufferSize() - (info & ring.geometry.offsetMask()));
        }
    }

    static void store(Ring ring, int index, long padding) {
        if (ring.geometry.hasEvents()) {
            RecordCopy.putInt(ring.address(index, EventLayout.UNUSED_OFFSET), (int) padding);
        } else if (ring.geometry.headerLength() == Integer.BYTES) {
            RecordCopy.putInt(ring.address(index, 0), (int) padding);
        } else {
            RecordCopy.putLong(ring.address(index, 0), padding);
        }
    }
}
