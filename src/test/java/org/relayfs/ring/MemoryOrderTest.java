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
            "claim", List.of("compareAndSet"),
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
                Arguments.of(BufferHeader.class, 14),
                Arguments.of(ChannelHeader.class, 9),
                Arguments.of(InFlightTable.class, 10),
                Arguments.of(SubBufferTable.class, 11));
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
        return Stream.of(writing(), closing(), reading(), recovering(), beginning())
                .flatMap(List::stream);
    }

    private static List<Arguments> writing() {
        return List.of(
                steps(
                        RecordWriter.class,
                        "write",
                        "RecordWriter.dataAddress",
                        "BufferHeader.reserveOpaque",
                        "InFlightTable.announceOpaque",
                        "BufferHeader.reserveCompareAndSet",
                        "InFlightTable.extentOpaque",
                        "RecordCopy.copy",
                        "RecordWriter.commit",
                        "InFlightTable.clearRelease",
                        "Reference.reachabilityFence"),
                steps(
                        RecordWriter.class,
                        "writeAndSwitch",
                        "RingBuffer.announcing",
                        "RingBuffer.reserve",
                        "RecordCopy.copy",
                        "RecordWriter.commit",
                        "InFlight.leave",
                        "Reference.reachabilityFence"),
                steps(
                        RecordWriter.class,
                        "commit",
                        "InFlightTable.extentOpaque",
                        "SubBufferTable.commitGetAndAdd",
                        "Delivery.settle"),
                steps(RecordWriter.class, "add", Bytecode.STORES_OBJECT, "VarHandle.setRelease"),
                steps(RecordWriter.class, "removeAll", "VarHandle.setRelease"),
                steps(RecordWriter.class, "dataAddress", "VarHandle.getAcquire"),
                steps(RecordWriter.class, "buffer", "RecordWriter.dataAddress"),
                steps(
                        RingReservation.class,
                        "commit",
                        "InFlightTable.committingOpaque",
                        "Delivery.commit",
                        "RingReservation.finish"),
                steps(
                        RingReservation.class,
                        "giveBack",
                        "InFlightTable.statesOpaque",
                        "BufferHeader.reserveCompareAndSet",
                        "Holes.clear",
                        "Holes.mark",
                        "InFlightTable.statesOpaque",
                        "Delivery.commit"));
    }

    private static List<Arguments> closing() {
        return List.of(
                steps(
                        SubBufferSwitch.class,
                        "open",
                        "InFlightTable.announceOpaque",
                        "InFlightTable.closingRelease",
                        "BufferHeader.reserveCompareAndSet",
                        "InFlightTable.statesOpaque",
                        "VarHandle.storeStoreFence",
                        "Delivery.close",
                        "InFlightTable.closingRelease",
                        "SubBufferSwitch.writeHeader"),
                steps(
                        SubBufferSwitch.class,
                        "closeOnly",
                        "InFlightTable.announceOpaque",
                        "InFlightTable.closingRelease",
                        "BufferHeader.reserveCompareAndSet",
                        "Delivery.close",
                        "InFlightTable.closingRelease"),
                steps(
                        SubBufferSwitch.class,
                        "skip",
                        "InFlightTable.announceOpaque",
                        "InFlightTable.closingRelease",
                        "BufferHeader.reserveCompareAndSet",
                        "Delivery.closeSkipped",
                        "InFlightTable.closingRelease"),
                steps(
                        SubBufferSwitch.class,
                        "jump",
                        "BufferHeader.consumedRelease",
                        "InFlightTable.announceOpaque",
                        "InFlightTable.closingRelease",
                        "BufferHeader.reserveCompareAndSet",
                        "Delivery.close",
                        "InFlightTable.closingRelease",
                        "Delivery.closeSkipped",
                        "Delivery.skipTo"),
                steps(
                        SubBufferSwitch.class,
                        "writeHeader",
                        "SubBufferHeader.write",
                        "InFlightTable.committingOpaque",
                        "Delivery.commit",
                        "InFlightTable.statesOpaque"),
                steps(
                        Delivery.class,
                        "close",
                        "Ring.count",
                        "InFlightTable.closingRelease",
                        "SubBufferTable.setInfoVolatile",
                        "VarHandle.storeStoreFence",
                        "PaddingHeader.store",
                        "SubBufferTable.commitGetAndAdd",
                        "Delivery.settle"),
                steps(
                        Delivery.class,
                        "closeSkipped",
                        "SubBufferTable.setInfoVolatile",
                        "SubBufferTable.commitGetAndAdd",
                        "Delivery.deliver"),
                steps(
                        PaddingHeader.class,
                        "write",
                        "PaddingHeader.store",
                        "VarHandle.fullFence",
                        "SubBufferTable.infoVolatile",
                        "PaddingHeader.store"),
                steps(Delivery.class, "deliver", "Delivery.moveOver", "Runnable.run"),
                steps(
                        Delivery.class,
                        "moveOver",
                        "Ring.delivered",
                        "Ring.isComplete",
                        "BufferHeader.deliveredCompareAndSet"),
                steps(Wakeup.class, "isArmed", "BufferHeader.armedVolatile"));
    }

    private static List<Arguments> reading() {
        return List.of(
                steps(
                        BufferReader.class,
                        "copyIntact",
                        "BufferReader.copyExtents",
                        "VarHandle.loadLoadFence",
                        "Ring.reserve"),
                steps(BufferReader.class, "read", "ReadySink.accept", "BufferReader.store"),
                steps(BufferReader.class, "store", "BufferHeader.setWordOpaque", "BufferHeader.consumedRelease"),
                steps(Ring.class, "openBytes", "SubBufferTable.commitVolatile", "Ring.reserve"),
                steps(Ring.class, "isComplete", "SubBufferTable.commitVolatile", "SubBufferTable.infoVolatile"));
    }

    private static List<Arguments> recovering() {
        return List.of(
                steps(
                        Holes.class,
                        "mark",
                        "SubBufferTable.holeLapAcquire",
                        "SubBufferTable.holeLapCompareAndSet",
                        "SubBufferTable.holeExtentRelease"),
                steps(
                        StalledWriters.class,
                        "giveUp",
                        "StalledWriters.mark",
                        "SubBufferTable.setGivenUpVolatile",
                        "SubBufferTable.commitGetAndAdd",
                        "Delivery.deliver"));
    }

    private static List<Arguments> beginning() {
        return List.of(
                steps(
                        RingBuffer.class,
                        "initialize",
                        "SubBufferTable.commitPlain",
                        "BufferHeader.setWordOpaque",
                        "Geometry.reserveWord",
                        "BufferHeader.setWordVolatile"),
                steps(ChannelMemory.class, "createBuffer", "RingBuffer.initialize", "RingBuffer.begin"),
                steps(ChannelMemory.class, "publish", "ChannelHeader.versionRelease"),
                steps(ChannelMemory.class, "attach", "ChannelHeader.versionAcquire", "ChannelHeader.wordPlain"),
                steps(ChannelMemory.class, "attachBuffer", "BufferHeader.reserveVolatile", "MappedFile.open"),
                steps(
                        RelayChannel.class,
                        "<init>",
                        "ChannelMemory.create",
                        "RelayChannel.addBuffer",
                        "ChannelMemory.publish"));
    }
}
