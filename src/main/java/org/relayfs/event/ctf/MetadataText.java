package org.relayfs.event.ctf;

import java.util.List;
import java.util.Locale;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;

/// The text of `metadata`, in CTF's language TSDL. Every alignment is said: readers put gaps where none is.
final class MetadataText {
    /// CTF's readers look for the first line.
    static final String PREAMBLE = """
            /* CTF 1.8 */
            typealias integer { size = 8; align = 8; signed = true; } := int8_t;
            typealias integer { size = 16; align = 8; signed = true; } := int16_t;
            typealias integer { size = 32; align = 8; signed = true; } := int32_t;
            typealias integer { size = 64; align = 8; signed = true; } := int64_t;
            typealias integer { size = 8; align = 8; signed = false; } := uint8_t;
            typealias integer { size = 16; align = 8; signed = false; } := uint16_t;
            typealias integer { size = 32; align = 8; signed = false; } := uint32_t;
            typealias integer { size = 64; align = 8; signed = false; } := uint64_t;
            typealias floating_point { exp_dig = 8; mant_dig = 24; align = 8; } := float32_t;
            typealias floating_point { exp_dig = 11; mant_dig = 53; align = 8; } := float64_t;
            """;

    static final String TRACE = "trace { major = 1; minor = 8; byte_order = le;";
    static final String PACKET_HEADER =
            "packet.header := struct { uint32_t magic; uint32_t stream_id; uint64_t stream_instance_id; };";
    static final String END = "};";
    static final String ENVIRONMENT = "env { domain = \"relayfs\"; format = " + CtfEnvironment.FORMAT + ";";
    static final String THREAD = "thread_";
    static final String CLOCK_END = "absolute = true; };";

    /// The clock's name is to be put in.
    static final String TIMESTAMP =
            "typealias integer { size = 64; align = 8; signed = false; map = clock.%s.value; } := timestamp_t;";

    /// Without a packet header that says which, there can be one kind of streams only, and readers refuse its number.
    private static final String NUMBERED = " stream_id = 0;";

    private static final String PACKET_CONTEXT = """
            packet.context := struct {
                    timestamp_t timestamp_begin; timestamp_t timestamp_end;
                    uint64_t content_size; uint64_t packet_size;
                    uint64_t packet_seq_num; uint64_t events_discarded; uint64_t cpu_id;
                };""";

    /// The length is in the context because it is no part of a header that CTF knows.
    static final String EVENT_HEADER = """
                event.header := struct { timestamp_t timestamp; integer { size = 12; align = 1; signed = false; } id; };
                event.context := struct {
                    integer { size = 20; align = 1; signed = false; } length;
                    integer { size = 32; align = 1; signed = false; } thread;
                };
            };
            """;

    static final String LABEL_TYPE = "enum : uint16_t";
    static final String BOOLEAN = "enum : uint8_t { \"false\" = 0, \"true\" = 1 }";
    static final String STRING = "string { encoding = UTF8; }";

    /// What leads each name, so that it is none of TSDL's own words. Readers take it away.
    static final char PREFIX = '_';

    static final String LENGTH_PREFIX = "___";

    /// Those that take the whole payload.
    private static final String LENGTH = "[stream.event.context.length];";
    private static final String CHARACTERS =
            "integer { size = 8; align = 8; signed = false; encoding = UTF8; } _text" + LENGTH;

    private MetadataText() {}

    static String of(CtfMetadata metadata) {
        boolean packets = metadata.form() == CtfForm.PACKETS;
        StringBuilder text = new StringBuilder(PREAMBLE);
        text.append(TRACE)
                .append(packets ? "\n    " + PACKET_HEADER + "\n" : " ")
                .append(END + "\n");
        environment(metadata.environment(), text);
        clock(metadata.clock(), text);
        text.append(stream(metadata.form())).append(EVENT_HEADER).append(builtIn(metadata.form()));
        String number = eventsStream(metadata.form());
        metadata.types().forEach((id, type) -> event(id, type, number, text));
        return text.toString();
    }

    private static void environment(CtfEnvironment environment, StringBuilder text) {
        text.append(ENVIRONMENT + "\n");
        for (List<String> entry : List.of(
                List.of("hostname", environment.hostname()),
                List.of("boot_id", environment.bootId()),
                List.of("channel", environment.channel()))) {
            text.append("    ").append(entry.getFirst()).append(" = ");
            quote(entry.getLast(), text);
            text.append(";\n");
        }
        environment.threads().forEach((thread, name) -> {
            text.append("    " + THREAD).append(thread).append(" = ");
            quote(name, text);
            text.append(";\n");
        });
        text.append(END + "\n");
    }

    /// Escapes as C has them: the number has three digits always, so that no digit behind it belongs to it.
    private static void quote(String plain, StringBuilder text) {
        text.append('"');
        plain.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').append((char) c);
            } else if (c < ' ' || c == 0x7F) {
                text.append(String.format(Locale.ROOT, "\\%03o", c));
            } else {
                text.append((char) c);
            }
        });
        text.append('"');
    }

    private static void clock(CtfClock clock, StringBuilder text) {
        text.append("clock { name = ").append(clock.name());
        text.append("; uuid = \"").append(clock.uuid());
        text.append("\"; freq = ").append(clock.frequency());
        text.append("; offset_s = ").append(clock.offsetSeconds());
        text.append("; offset = ").append(clock.offset());
        text.append("; " + CLOCK_END + "\n");
        text.append(TIMESTAMP.replace("%s", clock.name())).append('\n');
    }

    /// {@return how the streams begin}
    static String stream(CtfForm form) {
        return form == CtfForm.PACKETS ? "stream { id = 0;\n    " + PACKET_CONTEXT + "\n" : "stream {\n";
    }

    /// {@return what says of an event which streams have it}
    static String eventsStream(CtfForm form) {
        return form == CtfForm.PACKETS ? NUMBERED : "";
    }

    /// {@return the types that every trace has}
    static String builtIn(CtfForm form) {
        String stream = eventsStream(form);
        StringBuilder text = new StringBuilder();
        List<BuiltInType> types = List.of(BuiltInType.values());
        for (int id = 0; id < types.size(); id++) {
            EventType type = types.get(id).type();
            switch (types.get(id)) {
                case LOST -> event(id, type, stream, "        uint8_t _hole" + LENGTH + "\n", text);
                case TEXT -> event(id, type, stream, "        " + CHARACTERS + "\n", text);
                case BYTES -> event(id, type, stream, "        uint8_t _bytes" + LENGTH + "\n", text);
                case SUB_BUFFER -> event(id, type, stream, text);
            }
        }
        return text.toString();
    }

    private static void event(int id, EventType type, String stream, StringBuilder text) {
        StringBuilder fields = new StringBuilder();
        for (Field field : type.fields()) {
            fields.append("        ");
            field(field, fields);
            fields.append(";\n");
        }
        event(id, type, stream, fields.toString(), text);
    }

    private static void event(int id, EventType type, String stream, String fields, StringBuilder text) {
        text.append("event { name = \"").append(type.name());
        text.append("\"; id = ").append(id);
        text.append(";")
                .append(stream)
                .append(" loglevel = ")
                .append(type.level().ctfNumber());
        text.append(";\n    fields := struct {").append(fields.isEmpty() ? " " : "\n" + fields + "    ");
        text.append("};\n" + END + "\n");
    }

    private static void field(Field field, StringBuilder text) {
        String name = PREFIX + field.name();
        switch (field.kind()) {
            case BOOLEAN -> text.append(BOOLEAN + " ").append(name);
            case STRING -> text.append(STRING + " ").append(name);
            case BYTES -> {
                text.append("uint32_t ").append(lengthName(field.name())).append("; ");
                text.append("uint8_t ")
                        .append(name)
                        .append('[')
                        .append(lengthName(field.name()))
                        .append(']');
            }
            case ENUM -> {
                text.append(LABEL_TYPE + " { ");
                for (int i = 0; i < field.labels().size(); i++) {
                    text.append(i == 0 ? "\"" : ", \"")
                            .append(field.labels().get(i))
                            .append("\" = ")
                            .append(i);
                }
                text.append(" } ").append(name);
            }
            default -> text.append(word(field.kind())).append(' ').append(name);
        }
    }

    /// The name of the number before a sequence of bytes: none that a field can have. With one `_` less, readers that
    /// take one away would find it twice, if there is a field of this name.
    static String lengthName(String field) {
        return LENGTH_PREFIX + field + "_length";
    }

    /// {@return the name of a kind that needs one word only, or null}
    static String word(FieldKind kind) {
        return switch (kind) {
            case I8 -> "int8_t";
            case I16 -> "int16_t";
            case I32 -> "int32_t";
            case I64 -> "int64_t";
            case U8 -> "uint8_t";
            case U16 -> "uint16_t";
            case U32 -> "uint32_t";
            case U64 -> "uint64_t";
            case F32 -> "float32_t";
            case F64 -> "float64_t";
            case BOOLEAN, ENUM, STRING, BYTES -> null;
        };
    }
}
