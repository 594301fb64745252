package org.relayfs.event.ctf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.relayfs.event.BuiltInType;
import org.relayfs.event.EventType;
import org.relayfs.event.EventTypeBuilder;
import org.relayfs.event.FieldKind;
import org.relayfs.event.Level;
import org.relayfs.event.ctf.MetadataTokens.Kind;

/// A reader of what [MetadataText] writes, and of nothing else: the text comes from a file that may be anybody's. It
/// takes time and memory in proportion to the text, and calls itself nowhere.
final class MetadataParser {
    private static final int MAX_LENGTH = 1 << 24;
    private static final int MAX_DIGITS = 18;
    private static final Map<String, FieldKind> KINDS = new HashMap<>();

    static {
        for (FieldKind kind : FieldKind.values()) {
            if (MetadataText.word(kind) != null) {
                KINDS.put(MetadataText.word(kind), kind);
            }
        }
    }

    private final MetadataTokens tokens;
    private final int length;

    MetadataParser(String text) {
        tokens = new MetadataTokens(text);
        length = text.length();
    }

    CtfMetadata parse() throws CtfException {
        if (length > MAX_LENGTH) {
            throw new CtfException("metadata: characters=" + length + ", limit=" + MAX_LENGTH);
        }
        tokens.next();
        expect(MetadataText.PREAMBLE);
        expect(MetadataText.TRACE);
        CtfForm form = tokens.is("packet.header") ? CtfForm.PACKETS : CtfForm.RAW;
        if (form == CtfForm.PACKETS) {
            expect(MetadataText.PACKET_HEADER);
        }
        expect(MetadataText.END);
        CtfEnvironment environment = environment();
        CtfClock clock = clock();
        expect(MetadataText.stream(form));
        expect(MetadataText.EVENT_HEADER);
        expect(MetadataText.builtIn(form));
        return new CtfMetadata(form, environment, clock, types(form));
    }

    private CtfEnvironment environment() throws CtfException {
        expect(MetadataText.ENVIRONMENT);
        String hostname = entry("hostname");
        String boot = entry("boot_id");
        String channel = entry("channel");
        SortedMap<Long, String> threads = new TreeMap<>();
        while (!tokens.is("}")) {
            String word = tokens.word();
            if (!word.startsWith(MetadataText.THREAD)) {
                throw expected("the name of a thread");
            }
            long thread = number(word.substring(MetadataText.THREAD.length()), 0xFFFF_FFFFL);
            threads.put(thread, entry(word));
        }
        expect(MetadataText.END);
        return new CtfEnvironment(hostname, boot, channel, threads);
    }

    private String entry(String name) throws CtfException {
        expectWord(name);
        expectWord("=");
        String value = text();
        expectWord(";");
        return value;
    }

    private CtfClock clock() throws CtfException {
        expect("clock { name =");
        String name = tokens.word();
        tokens.next();
        expect("; uuid =");
        UUID uuid = uuid();
        expect("; freq =");
        long frequency = number();
        expect("; offset_s =");
        boolean isNegative = tokens.is("-");
        if (isNegative) {
            tokens.next();
        }
        long seconds = number();
        expect("; offset =");
        long offset = number();
        expect("; " + MetadataText.CLOCK_END);
        CtfClock clock;
        try {
            clock = new CtfClock(name, frequency, isNegative ? -seconds : seconds, offset, uuid);
        } catch (IllegalArgumentException e) {
            throw tokens.wrong(e.getMessage());
        }
        expect(MetadataText.TIMESTAMP.replace("%s", name));
        return clock;
    }

    private UUID uuid() throws CtfException {
        String word = tokens.kind() == Kind.TEXT ? tokens.plain() : "";
        try {
            UUID uuid = UUID.fromString(word);
            if (uuid.toString().equals(word)) {
                tokens.next();
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            throw expected("a UUID");
        }
        throw expected("a UUID as it is usually written");
    }

    private SortedMap<Integer, EventType> types(CtfForm form) throws CtfException {
        SortedMap<Integer, EventType> types = new TreeMap<>();
        while (tokens.kind() != Kind.END) {
            expect("event { name =");
            String name = text();
            expect("; id =");
            int id = (int) number(CtfMetadata.MAX_TYPE);
            if (id < BuiltInType.FIRST_OF_PROGRAMS || types.containsKey(id)) {
                throw tokens.wrong("the number " + id + " is taken");
            }
            expect(";" + MetadataText.eventsStream(form) + " loglevel =");
            EventTypeBuilder type = EventType.named(name).level(level());
            expect("; fields := struct {");
            try {
                fields(type);
                types.put(id, type.build());
            } catch (IllegalArgumentException e) {
                throw tokens.wrong(e.getMessage());
            }
            expect("};");
            expect(MetadataText.END);
        }
        return types;
    }

    private Level level() throws CtfException {
        long number = number();
        for (Level level : Level.values()) {
            if (level.ctfNumber() == number) {
                return level;
            }
        }
        throw tokens.wrong("the level " + number + " is none");
    }

    private void fields(EventTypeBuilder type) throws CtfException {
        while (!tokens.is("}")) {
            if (tokens.is("string")) {
                expect(MetadataText.STRING);
                type.field(fieldName(), FieldKind.STRING);
            } else if (tokens.is("enum")) {
                choice(type);
            } else {
                plainField(type);
            }
            expectWord(";");
        }
    }

    private void choice(EventTypeBuilder type) throws CtfException {
        expect("enum :");
        if (tokens.is("uint8_t")) {
            expect(MetadataText.BOOLEAN.substring("enum :".length()));
            type.field(fieldName(), FieldKind.BOOLEAN);
            return;
        }
        expect("uint16_t {");
        List<String> labels = new ArrayList<>();
        do {
            if (!labels.isEmpty()) {
                tokens.next();
            }
            labels.add(text());
            expectWord("=");
            expectWord(Integer.toString(labels.size() - 1));
        } while (tokens.is(","));
        expectWord("}");
        type.choice(fieldName(), labels);
    }

    private void plainField(EventTypeBuilder type) throws CtfException {
        FieldKind kind = KINDS.get(tokens.word());
        if (kind == null) {
            throw expected("a field");
        }
        tokens.next();
        String length = tokens.word();
        if (!length.startsWith(MetadataText.LENGTH_PREFIX)) {
            type.field(fieldName(), kind);
            return;
        }
        tokens.next();
        expect("; uint8_t");
        String name = fieldName();
        if (kind != FieldKind.U32 || !length.equals(MetadataText.lengthName(name))) {
            throw expected("bytes with their number before them");
        }
        expect("[ " + length + " ]");
        type.field(name, FieldKind.BYTES);
    }

    private String fieldName() throws CtfException {
        String name = tokens.word();
        if (name.length() < 2 || name.charAt(0) != MetadataText.PREFIX) {
            throw expected("the name of a field");
        }
        tokens.next();
        return name.substring(1);
    }

    private String text() throws CtfException {
        if (tokens.kind() != Kind.TEXT) {
            throw expected("a text");
        }
        String text = tokens.plain();
        tokens.next();
        return text;
    }

    private long number() throws CtfException {
        return number(Long.MAX_VALUE);
    }

    private long number(long most) throws CtfException {
        long number = number(tokens.word(), most);
        tokens.next();
        return number;
    }

    /// As we write them: without zeros before them.
    private long number(String word, long most) throws CtfException {
        boolean isOne = !word.isEmpty()
                && word.length() <= MAX_DIGITS
                && word.chars().allMatch(c -> c >= '0' && c <= '9')
                && (word.length() == 1 || word.charAt(0) != '0');
        if (!isOne || Long.parseLong(word) > most) {
            throw expected("a number of 0 to " + most);
        }
        return Long.parseLong(word);
    }

    private void expect(String words) throws CtfException {
        MetadataTokens wanted = new MetadataTokens(words);
        wanted.next();
        while (wanted.kind() != Kind.END) {
            expectWord(wanted.word());
            wanted.next();
        }
    }

    private void expectWord(String word) throws CtfException {
        if (!tokens.is(word)) {
            throw expected(word);
        }
        tokens.next();
    }

    private CtfException expected(String what) {
        return tokens.wrong("expected " + what + ", found " + tokens.shown());
    }
}
