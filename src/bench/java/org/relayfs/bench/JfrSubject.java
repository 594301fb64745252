package org.relayfs.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;

/// A JFR event that holds the record in fields of type long: 1, 2, 4 or 8 of them. No stack traces, in
/// memory.
public final class JfrSubject implements Subject {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Recording recording;
    private int recordLength;

    private static long at(byte[] source, int offset, int index) {
        return (long) LONG.get(source, offset + 8 * index);
    }

    @StackTrace(false)
    static class Record8 extends Event {
        long a0;

        void fill(byte[] source, int offset) {
            a0 = at(source, offset, 0);
        }
    }

    @StackTrace(false)
    static class Record16 extends Event {
        long a0;
        long a1;

        void fill(byte[] source, int offset) {
            a0 = at(source, offset, 0);
            a1 = at(source, offset, 1);
        }
    }

    @StackTrace(false)
    static class Record32 extends Event {
        long a0;
        long a1;
        long a2;
        long a3;

        void fill(byte[] source, int offset) {
            a0 = at(source, offset, 0);
            a1 = at(source, offset, 1);
            a2 = at(source, offset, 2);
            a3 = at(source, offset, 3);
        }
    }

    @StackTrace(false)
    static class Record64 extends Event {
        long a0;
        long a1;
        long a2;
        long a3;
        long a4;
        long a5;
        long a6;
        long a7;

        void fill(byte[] source, int offset) {
            a0 = at(source, offset, 0);
            a1 = at(source, offset, 1);
            a2 = at(source, offset, 2);
            a3 = at(source, offset, 3);
            a4 = at(source, offset, 4);
            a5 = at(source, offset, 5);
            a6 = at(source, offset, 6);
            a7 = at(source, offset, 7);
        }
    }

    @Override
    public boolean open(Mode mode, int length, int threads) {
        recordLength = length;
        recording = new Recording();
        recording.setToDisk(false);
        recording.enable(Record8.class);
        recording.enable(Record16.class);
        recording.enable(Record32.class);
        recording.enable(Record64.class);
        recording.start();
        return mode == Mode.DISCARD && (length == 8 || length == 16 || length == 32 || length == 64);
    }

    @Override
    public Writer newWriter() {
        return switch (recordLength) {
            case 8 ->
                (source, offset, length) -> {
                    Record8 event = new Record8();
                    event.fill(source, offset);
                    event.commit();
                    return true;
                };
            case 16 ->
                (source, offset, length) -> {
                    Record16 event = new Record16();
                    event.fill(source, offset);
                    event.commit();
                    return true;
                };
            case 32 ->
                (source, offset, length) -> {
                    Record32 event = new Record32();
                    event.fill(source, offset);
                    event.commit();
                    return true;
                };
            default ->
                (source, offset, length) -> {
                    Record64 event = new Record64();
                    event.fill(source, offset);
                    event.commit();
                    return true;
                };
        };
    }

    @Override
    public void close() {
        recording.close();
    }
}
