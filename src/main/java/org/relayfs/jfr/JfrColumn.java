package org.relayfs.jfr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import jdk.jfr.Unsigned;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.relayfs.EventBuilder;
import org.relayfs.event.FieldKind;

/// A field of an event of the channel, and the field of JFR, in the event or in objects of it, that it comes from.
///
/// @param path  names of JFR's fields, from the event inwards
/// @param name  of the field
/// @param kind  of the field
/// @param value what a number means
record JfrColumn(List<String> path, String name, FieldKind kind, Meaning value) {
    private static final int MAX_NAME = 63;
    private static final int MAX_DEPTH = 3;

    /// What is shown as a text, whatever JFR says of its parts.
    private static final Set<String> TEXTS = Set.of(
            "java.lang.String",
            "java.lang.Thread",
            "java.lang.Class",
            "jdk.types.ClassLoader",
            "jdk.types.Method",
            "jdk.types.StackTrace",
            "char");

    /// What a number means.
    enum Meaning {
        PLAIN,
        TIME,
        DURATION
    }

    /// {@return the columns of the fields of an event}
    static List<JfrColumn> of(List<ValueDescriptor> fields) {
        List<JfrColumn> columns = new ArrayList<>();
        addAll(columns, new HashSet<>(), List.of(), fields);
        return columns;
    }

    private static void addAll(
            List<JfrColumn> columns, Set<String> names, List<String> outer, List<ValueDescriptor> fields) {
        for (ValueDescriptor field : fields) {
            List<String> path = new ArrayList<>(outer);
            path.add(field.getName());
            boolean isObject = !field.getFields().isEmpty() && !TEXTS.contains(field.getTypeName());
            if (isObject && path.size() < MAX_DEPTH) {
                addAll(columns, names, path, field.getFields());
            } else {
                columns.add(new JfrColumn(List.copyOf(path), unique(names, path), kind(field), meaning(field)));
            }
        }
    }

    private static String unique(Set<String> names, List<String> path) {
        String wanted = String.join("_", path).replaceAll("[^A-Za-z0-9_]", "_").replaceFirst("^(?=[^A-Za-z])", "x");
        String name = wanted.substring(0, Math.min(MAX_NAME, wanted.length()));
        for (int i = 2; !names.add(name); i++) {
            String end = "_" + i;
            name = wanted.substring(0, Math.min(MAX_NAME - end.length(), wanted.length())) + end;
        }
        return name;
    }

    private static Meaning meaning(ValueDescriptor field) {
        if (field.getAnnotation(Timestamp.class) != null) {
            return Meaning.TIME;
        }
        return field.getAnnotation(Timespan.class) != null ? Meaning.DURATION : Meaning.PLAIN;
    }

    private static FieldKind kind(ValueDescriptor field) {
        if (meaning(field) != Meaning.PLAIN) {
            return FieldKind.I64;
        }
        boolean unsigned = field.getAnnotation(Unsigned.class) != null;
        return switch (field.getTypeName()) {
            case "boolean" -> FieldKind.BOOLEAN;
            case "byte" -> unsigned ? FieldKind.U8 : FieldKind.I8;
            case "short" -> unsigned ? FieldKind.U16 : FieldKind.I16;
            case "int" -> unsigned ? FieldKind.U32 : FieldKind.I32;
            case "long" -> unsigned ? FieldKind.U64 : FieldKind.I64;
            case "float" -> FieldKind.F32;
            case "double" -> FieldKind.F64;
            default -> FieldKind.STRING;
        };
    }

    void put(RecordedEvent event, EventBuilder builder) {
        RecordedObject holder = event;
        for (String step : path.subList(0, path.size() - 1)) {
            holder = holder == null ? null : holder.getValue(step);
        }
        put(holder, path.getLast(), builder);
    }

    private void put(RecordedObject holder, String last, EventBuilder builder) {
        switch (value) {
            case TIME -> builder.put(holder == null ? 0 : JfrTime.nanos(holder.getInstant(last)));
            case DURATION -> builder.put(holder == null ? 0 : JfrTime.nanos(holder.getDuration(last)));
            default -> {
                Object found = holder == null ? null : holder.getValue(last);
                switch (kind) {
                    case BOOLEAN -> builder.put(found != null && (Boolean) found);
                    case F32, F64 -> builder.put(found == null ? 0.0 : ((Number) found).doubleValue());
                    case STRING -> builder.put(text(found));
                    default -> builder.put(found == null ? 0L : ((Number) found).longValue());
                }
            }
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case null -> "";
            case RecordedThread thread -> name(thread);
            case RecordedClass type -> type.getName();
            case RecordedClassLoader loader -> loader.getName() == null ? text(loader.getType()) : loader.getName();
            case RecordedMethod method -> text(method);
            case RecordedStackTrace trace ->
                trace.getFrames().stream().map(JfrColumn::frame).collect(Collectors.joining("\n"))
                        + (trace.isTruncated() ? "\n…" : "");
            default -> value.toString();
        };
    }

    private static String name(RecordedThread thread) {
        String name = thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
        return name == null || name.isEmpty() ? Long.toString(thread.getId()) : name;
    }

    private static String text(RecordedMethod method) {
        return text((Object) method.getType()) + "." + method.getName();
    }

    private static String frame(RecordedFrame frame) {
        String method = text((Object) frame.getMethod());
        return frame.getLineNumber() < 0 ? method : method + ":" + frame.getLineNumber();
    }
}
