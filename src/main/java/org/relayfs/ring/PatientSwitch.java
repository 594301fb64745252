package org.relayfs.ring;

import org.relayfs.buffer.WriteResult;

/// The switches of writers that wait for room: nothing is lost while they wait, so nothing is counted as lost, and
/// what will never fit is refused at once, also by a full buffer. For buffers without a client of their own.
final class PatientSwitch extends SubBufferSwitch {
    PatientSwitch(Ring ring, Delivery delivery) {
        super(ring, delivery, new Refusals(ring, WriteResult.FULL));
    }

    @Override
    long largest() {
        return Math.min(super.largest(), geometry.subBufferSize() - geometry.headerLength());
    }
}
