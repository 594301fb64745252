package org.relayfs.event.perfetto;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.relayfs.event.ctf.CtfEnvironment;
import org.relayfs.event.ctf.CtfMetadata;
import org.relayfs.event.ctf.EventStream;
import org.relayfs.event.ctf.TypeTable;

/// The tracks that events lie in: each is described before its first event. Of threads, those that were seen last are
/// known; one that comes back is described anew, which changes nothing.
final class Tracks {
    private static final int MAX_THREADS = 1 << 16;
    private static final int MAX_LANES = 1 << 16;
    private static final long FIRST_LANE = 1L << 62;
    private static final int CPU_MASK = (1 << 20) - 1;

    private static final int UUID = 1;
    private static final int NAME = 2;
    private static final int PROCESS = 3;
    private static final int THREAD = 4;
    private static final int PARENT = 5;
    private static final int COUNTER = 8;
    /// Of a process and of a thread.
    private static final int PROCESS_NUMBER = 1;

    private static final int PROCESS_NAME = 6;
    private static final int THREAD_NUMBER = 2;
    private static final int THREAD_NAME = 5;

    private final PacketWriter packets;
    private final IdentityHashMap<TypeTable, TrackGroup> groups = new IdentityHashMap<>();
    private final Map<Long, ThreadTrack> threads = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ThreadTrack> eldest) {
            return size() > MAX_THREADS;
        }
    };
    private int laneCount;

    Tracks(PacketWriter packets) {
        this.packets = packets;
    }

    /// {@return the group of a stream's trace}
    TrackGroup group(EventStream stream) throws IOException {
        TrackGroup known = groups.get(stream.types());
        if (known != null) {
            return known;
        }
        TrackGroup group = new TrackGroup(groups.size(), stream.types());
        groups.put(stream.types(), group);
        CtfEnvironment environment = stream.types().metadata().environment();
        ProtoWriter writer = begin(group.uuid());
        int process = writer.begin(PROCESS);
        writer.number(PROCESS_NUMBER, group.process());
        writer.text(PROCESS_NAME, environment.channel() + " on " + environment.hostname());
        writer.end(process);
        packets.endTrack();
        return group;
    }

    private ProtoWriter begin(long uuid) {
        ProtoWriter writer = packets.beginTrack();
        writer.number(UUID, uuid);
        return writer;
    }

    /// {@return the track of the thread that has written an event}
    ThreadTrack thread(TrackGroup group, long number) throws IOException {
        long uuid = group.thread(number);
        ThreadTrack track = threads.computeIfAbsent(uuid, ThreadTrack::new);
        CtfMetadata metadata = group.types().metadata();
        if (track.needs(metadata)) {
            ProtoWriter writer = begin(uuid);
            int thread = writer.begin(THREAD);
            writer.number(PROCESS_NUMBER, group.process());
            writer.number(THREAD_NUMBER, number);
            String name = metadata.environment().threads().get(number);
            if (name != null) {
                writer.text(THREAD_NAME, name);
            }
            writer.end(thread);
            packets.endTrack();
        }
        return track;
    }

    /// {@return the track of a CPU}
    long cpu(TrackGroup group, int cpu) throws IOException {
        // A raw stream may say anything.
        int number = cpu & CPU_MASK;
        if (group.isNewCpu(number)) {
            below(group.uuid(), group.cpu(number), "CPU " + number);
        }
        return group.cpu(number);
    }

    /// {@return the track of a counter}
    long counter(TrackGroup group, int id, String name) throws IOException {
        if (group.isNewCounter(id)) {
            ProtoWriter writer = begin(group.counter(id));
            writer.number(PARENT, group.uuid());
            writer.text(NAME, name);
            writer.end(writer.begin(COUNTER));
            packets.endTrack();
        }
        return group.counter(id);
    }

    /// {@return a track below a thread's where a slice has room, or null if there are too many}
    ThreadTrack.Lane lane(ThreadTrack thread, String name, long start, long end) throws IOException {
        ThreadTrack.Lane free = thread.lane(name, start, end);
        if (free != null || laneCount == MAX_LANES) {
            return free;
        }
        ThreadTrack.Lane lane = new ThreadTrack.Lane(FIRST_LANE + laneCount, end);
        laneCount++;
        thread.add(name, lane);
        below(thread.uuid(), lane.uuid, name);
        return lane;
    }

    private void below(long parent, long uuid, String name) throws IOException {
        ProtoWriter writer = begin(uuid);
        writer.number(PARENT, parent);
        writer.text(NAME, name);
        packets.endTrack();
    }
}
