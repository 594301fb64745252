package org.relayfs;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.relayfs.event.Field;
import org.relayfs.event.FieldKind;

/// Logs instances of a record class as events, see [Events#register(MethodHandles.Lookup, Class)].
/// Nothing is allocated but the instance, by who makes it. Any thread.
///
/// @param <R> the class
public final class RecordLog<R extends Record> {
    private final EventLog log;
    private final FieldKind[] kinds;
    // One for each component, with the widest type of its sort: (Object)long, double, boolean, CharSequence or byte[].
    private final MethodHandle[] getters;

    RecordLog(EventLog log, MethodHandles.Lookup lookup, Class<R> events) {
        List<Field> fields = log.type().fields();
        RecordComponent[] components = events.getRecordComponents();
        this.log = log;
        this.kinds = fields.stream().map(Field::kind).toArray(FieldKind[]::new);
        this.getters = new MethodHandle[components.length];
        for (int i = 0; i < components.length; i++) {
            getters[i] = getter(lookup, components[i], kinds[i]);
        }
    }

    private static MethodHandle getter(MethodHandles.Lookup lookup, RecordComponent component, FieldKind kind) {
        try {
            MethodHandle getter = lookup.unreflect(component.getAccessor());
            return switch (kind) {
                case F32, F64 -> getter.asType(MethodType.methodType(double.class, Object.class));
                case BOOLEAN -> getter.asType(MethodType.methodType(boolean.class, Object.class));
                case STRING -> getter.asType(MethodType.methodType(CharSequence.class, Object.class));
                case BYTES -> getter.asType(MethodType.methodType(byte[].class, Object.class));
                case ENUM -> {
                    MethodHandle label = LABEL.asType(MethodType.methodType(long.class, component.getType()));
                    yield MethodHandles.filterReturnValue(getter, label)
                            .asType(MethodType.methodType(long.class, Object.class));
                }
                default -> getter.asType(MethodType.methodType(long.class, Object.class));
            };
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(
                    "record: component=" + component + ", lookup=" + lookup
                            + ", limit=one that sees it; give MethodHandles.lookup() of its class or package",
                    e);
        }
    }

    private static final MethodHandle LABEL = label();

    private static MethodHandle label() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Enum.class, "ordinal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(long.class, Enum.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("every enum has ordinals", e);
        }
    }

    /// {@return the log of its type, to switch it or to ask for its number}
    public EventLog events() {
        return log;
    }

    /// Logs an event. A text that is null is logged as an empty one.
    ///
    /// @param event its fields
    /// @return the length of the payload, or one of [org.relayfs.buffer.WriteResult]
    /// @throws NullPointerException an enum or an array is null; nothing is logged. So with whatever
    ///     else an accessor throws
    public int log(R event) {
        EventBuilder builder = log.begin();
        boolean complete = false;
        try {
            for (int i = 0; i < getters.length; i++) {
                put(builder, kinds[i], getters[i], event);
            }
            complete = true;
        } finally {
            if (!complete) {
                builder.cancel();
            }
        }
        return builder.commit();
    }

    private static void put(EventBuilder builder, FieldKind kind, MethodHandle getter, Object event) {
        try {
            switch (kind) {
                case F32, F64 -> builder.put((double) getter.invokeExact(event));
                case BOOLEAN -> builder.put((boolean) getter.invokeExact(event));
                case STRING -> builder.put((CharSequence) getter.invokeExact(event));
                case BYTES -> builder.put((byte[]) getter.invokeExact(event));
                default -> builder.put((long) getter.invokeExact(event));
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("the accessor of a record declares no exception", e);
        }
    }
}
