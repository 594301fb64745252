package org.relayfs.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.MethodModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.relayfs.RelayChannel;
import org.relayfs.layout.BufferHeader;
import org.relayfs.layout.ChannelHeader;
import org.relayfs.layout.InFlightTable;
import org.relayfs.layout.SubBufferTable;
import org.relayfs.layout.WaitingWord;

/// The order in which the program touches shared memory, in its bytecode: a weaker access, a fence that is gone or a
/// store in front of another is nothing that a test which runs on x86 could notice. What the compiler alone can break
/// is tried by jcstress.
class MemoryOrderTest {
    private static final String VAR_HANDLE = "VarHandle.";

    /// An accessor's name ends in what its words are accessed by.
    private static final Map<String, List<String>> MODES = Map.of(
            "Plain", List.of("getPlain", "setPlain"),
            "Opaque", List.of("getOpaque", "setOpaque"),
            "Acquire", List.of("getAcquire"),
            "Release", List.of("setRelease"),
            "Volatile", List.of("getVolatile", "setVolatile"),
            "CompareAndSet", List.of("compareAndSet"),
            "GetAndAdd", List.of("getAndAdd"),
            "GetAndSet", List.of("getAndSet"));

    /// Those that do more than one access.
    private static final Map<String, List<String>> ACTIONS = Map.of(
            "announce", List.of("setOpaque", "setRelease"),
            "claim", List.of("compareAndSet"),
            "passOn", List.of("compareAndSet"),
            "release", List.of("setRelease", "setRelease"),
            "free", List.of("compareAndSet", "setRelease", "setRelease", "compareAndSet"));

    @Test
    void everyAccessToAWordIsOfTheModeOfItsName() throws ClassNotFoundException {
        Class<?> words = Class.forName("org.relayfs.layout.Words");
        List<String> checked = new ArrayList<>();
        for (MethodModel method : Bytecode.methods(words)) {
            String name = method.methodName().stringValue();
            List<String> modes = Bytecode.calls(method)
                    .filter(call -> call.startsWith(VAR_HANDLE))
                    .toList();
            if (!name.startsWith("<")) {
                assertThat(modes).as("Words." + name).containsExactly(VAR_HANDLE + name.replace("Plain", ""));
                checked.add(name);
            }
        }
        assertThat(checked)
                .containsExactlyInAnyOrderElementsOf(
                        MODES.values().stream().flatMap(List::stream).toList());
    }

    @ParameterizedTest
    @MethodSource("layout")
    void everyAccessorUsesTheModeOfItsName(Class<?> table, int atLeast) {
        int checked = 0;
        for (MethodModel method : Bytecode.methods(table)) {
            String name = method.methodName().stringValue();
            List<String> modes = Bytecode.calls(method)
                    .filter(call -> call.startsWith("Words."))
                    .map(call -> call.substring("Words.".length()))
                    .toList();
            if (ACTIONS.containsKey(name)) {
                assertThat(modes).as(name).containsExactlyElementsOf(ACTIONS.get(name));
            } else if (!modes.isEmpty()) {
                assertThat(modesOf(name)).as(name).containsAll(modes);
                String kind = name.startsWith("set") ? "set" : isRead(method) ? "get" : "";
                assertThat(modes)
                        .as(name + ": reads and writes have different names")
                        .allMatch(mode -> mode.startsWith(kind));
                checked++;
            }
        }
        assertThat(checked).as(table.getSimpleName()).isGreaterThanOrEqualTo(atLeast);
    }

    // Whatever returns a word, without being given one to store.
    private static boolean isRead(MethodModel method) {
        boolean isPart = List.of("GetAndAdd", "GetAndSet", "CompareAndSet").stream()
                .anyMatch(method.methodName().stringValue()::endsWith);
        return !isPart
                && method.methodTypeSymbol().returnType().descriptorString().equals("J");
    }

    static Stream<Arguments> layout() {
        return Stream.of(
                Arguments.of(BufferHeader.class, 17),
                Arguments.of(ChannelHeader.class, 9),
                Arguments.of(InFlightTable.class, 14),
                Arguments.of(SubBufferTable.class, 11),
                Arguments.of(WaitingWord.class, 2));
    }

    private static List<String> modesOf(String accessor) {
        return MODES.entrySet().stream()
                .filter(mode -> accessor.endsWith(mode.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError(accessor + ": the name has no memory order"));
    }

    @ParameterizedTest(name = "{0}.{1}")
    @MethodSource("steps")
    void stepsThatOthersRelyOnAreMadeInTheirOrder(Class<?> type, String method, List<String> steps) {
        assertThat(Bytecode.calls(type, method)).containsSubsequence(steps);
    }

    private static Arguments steps(Class<?> type, String method, String... steps) {
        return Arguments.of(type, method, List.of(steps));
    }

    static Stream<Arguments> steps() {
        return Stream.of(writing(), closing(), reading(), recovering(), beginning(), resizing(), waiting())
                .flatMap(List::stream);
    }

    /// For room.
    private static List<Arguments> waiting() {
        return List.of(
                steps(TimedWrite.class, "to", "RoomWait.arm", "RingBuffer.tryIfRoom", "RoomWait.await", "RoomWait.arm"),
                steps(Bell.class, "arm", "WaitingWord.wordCompareAndSet", "VarHandle.fullFence"),
                steps(
                        Bell.class,
                        "ring",
                        "WaitingWord.wordVolatile",
                        "WaitingWord.wordCompareAndSet",
                        "FutexCalls.wakeAll"),
                steps(Room.class, "changed", "VarHandle.fullFence", "Set.forEach", "Runnable.run"),
                steps(RingBuffer.class, "subBuffersConsumed", "BufferReader.subBuffersConsumed", "Room.changed"),
                steps(RingBuffer.class, "consumeTo", "SharedFiles.touch", "Room.changed"));
    }

    private static List<Arguments> writing() {
        return List.of(
                steps(
                        RecordWriter.class,
                        "write",
                        "RecordWriter.dataAddress",
                        "RecordWriter.writeSlowly",
                        "RecordWriter.writeClaiming",
                        "RecordWriter.writeAt",
                        "RecordWriter.writeSlowly"),
                steps(
                        RecordWriter.class,
                        "writeClaiming",
                        "InFlight.claim",
                        "RecordWriter.writeAt",
                        "InFlightTable.release",
                        "RecordWriter.writeSlowly"),
                steps(
                        RecordWriter.class,
                        "writeAt",
                        "BufferHeader.reserveOpaque",
                        "InFlightTable.wordOpaque",
                        "InFlightTable.totalOpaque",
                        "InFlightTable.recordsOpaque",
                        "RecordWriter.reserve",
                        "RecordWriter.withdraw",
                        "InFlightTable.setTotalOpaque",
                        "RecordCopy.copy",
                        "RecordWriter.publish",
                        "Reference.reachabilityFence"),
                steps(
                        EventWriter.class,
                        "logAt",
                        "BufferHeader.reserveOpaque",
                        "InFlightTable.wordOpaque",
                        "System.nanoTime",
                        "InFlightTable.setTimeOpaque",
                        "InFlightTable.announce",
                        "BufferHeader.reserveCompareAndSet",
                        "RecordWriter.withdraw",
                        "InFlightTable.setTotalOpaque",
                        "RecordCopy.putLong",
                        "EventWriter.put",
                        "InFlightTable.setRecordsRelease",
                        "RecordWriter.withdraw",
                        "Reference.reachabilityFence"),
                steps(
                        EventWriter.class,
                        "logAndSwitch",
                        "RingBuffer.announcing",
                        "RingBuffer.reserve",
                        "EventWriter.putHeader",
                        "EventWriter.put",
                        "InFlightTable.setRecordsRelease",
                        "Delivery.leave",
                        "Reference.reachabilityFence"),
                steps(RecordWriter.class, "reserve", "InFlightTable.announce", "BufferHeader.reserveCompareAndSet"),
                steps(RecordWriter.class, "publish", "InFlightTable.setRecordsRelease", "RecordWriter.withdraw"),
                steps(
                        RecordWriter.class,
                        "withdraw",
                        "InFlightTable.setWordRelease",
                        "BufferHeader.attentionOpaque",
                        "Delivery.attend"),
                steps(
                        RecordWriter.class,
                        "writeAndSwitch",
                        "RingBuffer.announcing",
                        "RingBuffer.reserve",
                        "RecordCopy.copy",
                        "InFlightTable.setRecordsRelease",
                        "Delivery.leave",
                        "Reference.reachabilityFence"),
                steps(RecordWriter.class, "add", Bytecode.STORES_OBJECT, "VarHandle.setRelease"),
                steps(RecordWriter.class, "removeAll", "VarHandle.setRelease"),
                steps(RecordWriter.class, "dataAddress", "VarHandle.getAcquire"),
                steps(RecordWriter.class, "buffer", "RecordWriter.dataAddress"),
                steps(RingReservation.class, "commit", "InFlightTable.setRecordsRelease", "RingReservation.finish"),
                steps(RingReservation.class, "giveBack", "Move.giveBack", "Holes.clear", "Holes.mark"),
                steps(RingReservation.class, "finish", "Delivery.leave"),
                steps(
                        Move.class,
                        "giveBack",
                        "InFlightTable.setDeltaOpaque",
                        "InFlightTable.setExtentOpaque",
                        "BufferHeader.reserveCompareAndSet",
                        "InFlightTable.setTotalOpaque",
                        "Ring.count",
                        "InFlightTable.setExtentOpaque"),
                steps(
                        Move.class,
                        "tryOnce",
                        "InFlightTable.setExtentOpaque",
                        "InFlightTable.setDeltaOpaque",
                        "InFlightTable.setClosingRelease",
                        "InFlightTable.setTimeOpaque",
                        "InFlightTable.announce",
                        "BufferHeader.reserveCompareAndSet",
                        "InFlightTable.setTotalOpaque",
                        "InFlightTable.setClosingRelease",
                        "InFlightTable.setWordRelease",
                        "Delivery.attend"),
                steps(InFlight.class, "enter", "InFlightTable.wordOpaque", "InFlightTable.announce", "InFlight.claim"),
                steps(InFlight.class, "own", "InFlight.use", "InFlightTable.entry"),
                steps(InFlight.class, "claim", "InFlight.use", "InFlightTable.claim"));
    }

    private static List<Arguments> closing() {
        return List.of(
                steps(
                        SubBufferSwitch.class,
                        "open",
                        "Move.tryOnce",
                        "VarHandle.storeStoreFence",
                        "Delivery.close",
                        "SubBufferHeader.write",
                        "InFlightTable.setWordRelease"),
                steps(SubBufferSwitch.class, "closeOnly", "Move.tryOnce", "Delivery.close"),
                steps(SubBufferSwitch.class, "place", "Ring.isFree", "SubBufferSwitch.open"),
                steps(SubBufferSwitch.class, "skip", "Move.tryOnce", "Delivery.closeSkipped"),
                steps(
                        SubBufferSwitch.class,
                        "jump",
                        "BufferHeader.consumedRelease",
                        "Move.tryOnce",
                        "Delivery.close",
                        "Delivery.closeSkipped",
                        "Delivery.skipTo"),
                steps(
                        Delivery.class,
                        "close",
                        "Ring.count",
                        "InFlightTable.setClosingRelease",
                        "Delivery.say",
                        "VarHandle.storeStoreFence",
                        "PaddingHeader.store",
                        "InFlightTable.setClosingRelease",
                        "VarHandle.fullFence",
                        "Delivery.deliver"),
                steps(
                        Delivery.class,
                        "closeSkipped",
                        "Delivery.say",
                        "InFlightTable.setClosingRelease",
                        "Delivery.deliver"),
                steps(Delivery.class, "say", "SubBufferTable.infoVolatile", "SubBufferTable.infoCompareAndSet"),
                steps(
                        Delivery.class,
                        "attend",
                        "BufferHeader.attentionOpaque",
                        "VarHandle.fullFence",
                        "Delivery.deliver"),
                steps(Delivery.class, "leave", "InFlightTable.wordOpaque", "InFlight.leave", "Delivery.attend"),
                steps(
                        Delivery.class,
                        "isComplete",
                        "Ring.isComplete",
                        "Ring.isClosed",
                        "Delivery.askFor",
                        "Ring.isComplete"),
                steps(
                        Delivery.class,
                        "askFor",
                        "BufferHeader.attentionVolatile",
                        "BufferHeader.attentionCompareAndSet",
                        "Delivery.fence"),
                steps(Delivery.class, "fence", "BarrierCalls.fenceAll", "VarHandle.fullFence"),
                steps(
                        PaddingHeader.class,
                        "restore",
                        "VarHandle.fullFence",
                        "SubBufferTable.infoVolatile",
                        "PaddingHeader.store"),
                steps(PaddingHeader.class, "write", "PaddingHeader.store", "PaddingHeader.restore"),
                steps(SubBufferEvent.class, "write", "SubBufferEvent.store", "PaddingHeader.restore"),
                steps(Delivery.class, "deliver", "Delivery.moveOver", "Runnable.run"),
                steps(
                        Delivery.class,
                        "moveOver",
                        "Ring.delivered",
                        "Delivery.isComplete",
                        "BufferHeader.deliveredCompareAndSet"),
                steps(Wakeup.class, "isArmed", "BufferHeader.armedVolatile"));
    }

    private static List<Arguments> reading() {
        return List.of(
                steps(BufferReader.class, "copyIntact", "BufferReader.copyExtents", "Ring.isIntact"),
                steps(RingView.class, "isIntact", "VarHandle.loadLoadFence", "RingView.reserve"),
                steps(BufferReader.class, "read", "ReadySink.accept", "BufferReader.store"),
                steps(BufferReader.class, "store", "BufferHeader.setWordOpaque", "BufferHeader.consumedRelease"),
                steps(
                        RingView.class,
                        "openBytes",
                        "BufferHeader.wordVolatile",
                        "RingView.reserve",
                        "Announced.settled",
                        "BufferHeader.wordVolatile"),
                steps(
                        Ring.class,
                        "isComplete",
                        "SubBufferTable.infoVolatile",
                        "SubBufferTable.completeVolatile",
                        "Announced.nobodyAt",
                        "Ring.markComplete"),
                steps(
                        Ring.class,
                        "isFree",
                        "SubBufferTable.completeVolatile",
                        "Announced.nobodyBefore",
                        "Ring.markComplete"),
                steps(Announced.class, "nobodyAt", "InFlightTable.wordAcquire", "InFlightTable.closingAcquire"),
                steps(Announced.class, "settled", "InFlightTable.wordAcquire"));
    }

    private static List<Arguments> recovering() {
        return List.of(
                steps(
                        Holes.class,
                        "mark",
                        "SubBufferTable.holeLapAcquire",
                        "SubBufferTable.holeLapCompareAndSet",
                        "SubBufferTable.setHoleExtentOpaque",
                        "SubBufferTable.setHoleLapRelease"),
                steps(Holes.class, "extent", "SubBufferTable.holeLapAcquire", "SubBufferTable.holeExtentOpaque"),
                steps(
                        StalledWriters.class,
                        "giveUp",
                        "StalledWriters.closeFor",
                        "StalledWriters.mark",
                        "SubBufferTable.setGivenUpVolatile",
                        "Delivery.deliver",
                        "StalledWriters.free"),
                steps(
                        Verdict.class,
                        "unbooked",
                        "BufferHeader.reserveVolatile",
                        "Verdict.booked",
                        "BufferHeader.reserveVolatile"),
                steps(
                        Verdict.class,
                        "booked",
                        "InFlightTable.wordAcquire",
                        "InFlightTable.extentAcquire",
                        "InFlightTable.totalAcquire"),
                steps(DeadWriters.class, "free", "InFlightTable.setTotalOpaque", "InFlightTable.free"));
    }

    private static List<Arguments> beginning() {
        return List.of(
                steps(
                        RingBuffer.class,
                        "initialize",
                        "SubBufferTable.setCompletePlain",
                        "BufferHeader.setWordOpaque",
                        "Geometry.reserveWord",
                        "BufferHeader.setWordVolatile"),
                steps(ChannelMemory.class, "createBuffer", "RingBuffer.initialize", "RingBuffer.begin"),
                steps(ChannelMemory.class, "publish", "ChannelHeader.versionRelease"),
                steps(CheckedHeader.class, "of", "ChannelHeader.versionAcquire", "ChannelHeader.wordPlain"),
                steps(ChannelMemory.class, "attach", "CheckedHeader.of", "ChannelMemory.enter"),
                steps(ChannelMemory.class, "attachBuffer", "BufferHeader.reserveVolatile", "MappedFile.open"),
                steps(
                        ofChannels("Generations"),
                        "<init>",
                        "Generation.<init>",
                        "Generations.fill",
                        "Generation.publish"));
    }

    private static List<Arguments> resizing() {
        return List.of(
                steps(
                        ofChannels("Generations"),
                        "moveTo",
                        "Generation.<init>",
                        "Generations.fill",
                        "Generation.publish",
                        "Generations.handOver"),
                steps(ofChannels("Generations"), "handOver", "Generation.handOverTo"),
                steps(ofChannels("Generation"), "handOverTo", "RingBuffer.handOverTo", "Generation.setState"),
                steps(RelayChannel.class, "moveTo", "Generations.moveTo", "Generation.recordWriter"),
                steps(
                        RingBuffer.class,
                        "handOverTo",
                        "Lineage.append",
                        "BufferHeader.setWordVolatile",
                        "RingBuffer.setLive",
                        "RingBuffer.closeLast",
                        "Wakeup.run"));
    }

    private static Class<?> ofChannels(String name) {
        try {
            return Class.forName("org.relayfs." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
