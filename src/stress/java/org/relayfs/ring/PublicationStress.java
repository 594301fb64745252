package org.relayfs.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.relayfs.layout.Geometry;

/// A writer finds a buffer with all that belongs to it, or finds none.
@JCStressTest
@Outcome(id = "-100", expect = Expect.ACCEPTABLE, desc = "looked before the buffer was added")
@Outcome(id = "8", expect = Expect.ACCEPTABLE, desc = "found the buffer and wrote")
@State
public class PublicationStress {
    private final RingBuffer source = StressBuffers.create(8, 2, 0, false);
    private final RecordWriter writer;

    /// The record needs a switch, so that the write goes through the buffer's objects.
    public PublicationStress() {
        Geometry geometry = source.ring.geometry;
        TestBuffers.writer(source).write(0, new byte[1], 0, 1);
        writer = new RecordWriter(geometry, source.ring.region, 0, 1, 0);
    }

    @Actor
    public void owner() {
        Ring ring = source.ring;
        long offset = ring.region - ring.meta.address();
        Ring own = new Ring(ring.geometry, false, ring.meta, offset, ring.data, ring.processes);
        writer.add(0, new RingBuffer(own, null, source.dataPath()));
    }

    @Actor
    public void writer(I_Result r) {
        r.r1 = writer.write(0, new byte[8], 0, 8);
    }
}
