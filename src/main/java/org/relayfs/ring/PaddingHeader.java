package org.relayfs.ring;

import java.lang.invoke.VarHandle;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.memory.RecordCopy;

/// The built-in header: the first 8 bytes of a sub-buffer hold its padding as a native `size_t`, 0 while it is open.
///
/// The opener stores 0, the closer the padding, and either may be the later one: a preempted opener must not
/// overwrite what the closer wrote. The opener stores 0, fences, then checks whether its lap has been closed; the
/// closer marks the lap closed and then stores. Whichever store is last, it is the padding.
///
/// @param length 8, or 0 for channels without a header
record PaddingHeader(int length) implements SubBufferHeader {
    @Override
    public void write(Ring ring, long lap, int index) {
        store(ring, index, 0);
        // pairs with: Delivery.close
        VarHandle.fullFence();
        long info = SubBufferTable.infoVolatile(ring.entry(index));
        if (info >>> ring.geometry.offsetBits() == lap) {
            store(ring, index, ring.geometry.subBufferSize() - (info & ring.geometry.offsetMask()));
        }
    }

    static void store(Ring ring, int index, long padding) {
        RecordCopy.putLong(ring.address(index, 0), padding);
    }
}
