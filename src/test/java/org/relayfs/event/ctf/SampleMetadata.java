package org.relayfs.event.ctf;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.relayfs.event.EventType;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;

/// Metadata with everything that there is.
public final class SampleMetadata {
    public static final UUID BOOT = UUID.fromString("6f1b7a5e-2f5c-4c1e-9b0a-3d2e1f00aa55");
    public static final int REQUEST = 16;
    public static final int ALL = 17;
    public static final int EMPTY = 18;

    /// Time of day at 0 of the clock: 2023-11-14 22:13:20.5 UTC.
    public static final long EPOCH = 1_700_000_000_500_000_000L;

    private SampleMetadata() {}

    public static CtfMetadata of(CtfForm form) {
        SortedMap<Long, String> threads =
                new TreeMap<>(Map.of(1L, "main", 4711L, "a \"b\" \\ \n1 é", 0x8000_0001L, "virtual"));
        SortedMap<Integer, EventType> types = new TreeMap<>();
        types.put(
                REQUEST,
                EventType.named("http.request")
                        .level(Level.WARN)
                        .field("path", FieldKind.STRING)
                        .field("status", FieldKind.I32)
                        .build());
        types.put(ALL, everyKind());
        types.put(EMPTY, EventType.named("nothing").level(Level.ERROR).build());
        return new CtfMetadata(
                form,
                new CtfEnvironment("host", BOOT.toString(), "app/log", threads),
                CtfClock.monotonic(BOOT, 5_000_000_000L, EPOCH + 5_000_000_000L),
                types);
    }

    /// A field of each kind, named as the kind; some names are words of TSDL.
    private static EventType everyKind() {
        return EventType.named("all:kinds")
                .level(Level.TRACE)
                .field("i8", FieldKind.I8)
                .field("i16", FieldKind.I16)
                .field("i32", FieldKind.I32)
                .field("i64", FieldKind.I64)
                .field("u8", FieldKind.U8)
                .field("u16", FieldKind.U16)
                .field("u32", FieldKind.U32)
                .field("u64", FieldKind.U64)
                .field("f32", FieldKind.F32)
                .field("double", FieldKind.F64)
                .field("flag", FieldKind.BOOLEAN)
                .choice("enum", List.of("GET", "PUT it"))
                .field("string", FieldKind.STRING)
                .field("data", FieldKind.BYTES)
                .field("data_length", FieldKind.U8)
                .build();
    }

    /// An event of that type.
    public static EventBytes putAll(EventBytes events, long timestamp) {
        return events.event(timestamp, ALL, 4711)
                .u8(-1)
                .u16(-2)
                .u32(-3)
                .u64(-4)
                .u8(255)
                .u16(65_535)
                .u32(0xFFFF_FFFFL)
                .u64(-1)
                .f32(1.5f)
                .f64(-2.25)
                .u8(1)
                .u16(1)
                .string("hé\"llo")
                .bytes(new byte[] {1, 2, -1})
                .u8(7);
    }
}
