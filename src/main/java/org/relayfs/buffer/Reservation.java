package org.relayfs.buffer;

import java.lang.foreign.MemorySegment;

/// Space for one record, to be filled in place and then committed or aborted: relay's `relay_reserve`, with the
/// commit that relay lacks. Reusable: after a commit or an abort it can take the next reservation.
///
/// Threading: one thread at a time. It may be handed to another thread if the caller provides a happens-before
/// edge. Every access is checked against the reserved range; the checks cannot be switched off.
///
/// A reservation that stays open for longer than the channel's `abandonAfter` holds back the delivery of its
/// sub-buffer and is then given up: readers skip it. Committing it later is harmless.
///
/// At most 64 can be open in a buffer at a time, those of all processes together; the next is refused as
/// [WriteResult#STRAGGLER]. So commit or abort soon: a record of a thread that has no entry of its own (a virtual
/// thread, or one of very many) needs one of the 64 for as long as the write takes, and so does its flush or reset.
///
/// Made by `RelayChannel.newReservation()` or `AttachedChannel.newReservation()`; nothing else implements this.
public interface Reservation {
    /// {@return true between a successful reserve and the commit or abort}
    boolean isOpen();

    /// {@return bytes reserved}
    int length();

    /// {@return the buffer it is in}
    ChannelBuffer buffer();

    /// The reserved bytes, which hold whatever was there before. Do not use it after the commit: the next record
    /// may be there.
    ///
    /// @return exactly the reserved bytes
    MemorySegment memory();

    /// Stores one byte.
    ///
    /// @param offset in the reservation
    /// @param value  the byte
    /// @throws IndexOutOfBoundsException outside the reservation
    /// @throws IllegalStateException not open
    void putByte(long offset, byte value);

    /// Stores four bytes.
    ///
    /// @param offset in the reservation, aligned or not
    /// @param value  stored in native order
    /// @throws IndexOutOfBoundsException outside the reservation
    /// @throws IllegalStateException not open
    void putInt(long offset, int value);

    /// Stores eight bytes.
    ///
    /// @param offset in the reservation, aligned or not
    /// @param value  stored in native order
    /// @throws IndexOutOfBoundsException outside the reservation
    /// @throws IllegalStateException not open
    void putLong(long offset, long value);

    /// Stores bytes of an array.
    ///
    /// @param offset in the reservation
    /// @param source from
    /// @param from   its first byte
    /// @param count  bytes
    /// @throws IndexOutOfBoundsException outside the reservation or the array
    /// @throws IllegalStateException not open
    void putBytes(long offset, byte[] source, int from, int count);

    /// Publishes the record.
    ///
    /// @throws IllegalStateException not open
    void commit();

    /// Releases the space. If nothing was reserved after it, it leaves no trace; otherwise it becomes a hole of
    /// zero bytes that readers skip, counted as abandoned. (A sub-buffer can mark 8 holes; more are delivered as
    /// zero bytes.)
    ///
    /// @throws IllegalStateException not open
    void abort();
}
