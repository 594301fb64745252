package org.relayfs.event.ctf;

import org.relayfs.event.Field;

/// What takes the fields of an event, one after the other.
public interface FieldSink {
    /// Takes a signed number.
    ///
    /// @param field of which
    /// @param value its value
    void signed(Field field, long value);

    /// Takes an unsigned number.
    ///
    /// @param field of which
    /// @param value its value, unsigned
    void unsigned(Field field, long value);

    /// Takes a number of 32 bits.
    ///
    /// @param field of which
    /// @param value its value
    void decimal(Field field, float value);

    /// Takes a number of 64 bits.
    ///
    /// @param field of which
    /// @param value its value
    void decimal(Field field, double value);

    /// Takes a truth.
    ///
    /// @param field of which
    /// @param value its value: all but 0 is true
    void truth(Field field, boolean value);

    /// Takes one of some labels.
    ///
    /// @param field of which
    /// @param value its number; one that is too large has no label
    void choice(Field field, int value);

    /// Takes a text, which may be any bytes.
    ///
    /// @param field  of which
    /// @param bytes  which hold it
    /// @param start  of it
    /// @param length of it
    void text(Field field, byte[] bytes, int start, int length);

    /// Takes bytes.
    ///
    /// @param field  of which
    /// @param bytes  which hold them
    /// @param start  of them
    /// @param length of them
    void bytes(Field field, byte[] bytes, int start, int length);
}
