/// One CPU's buffer: reserve, commit, switch, read, consume, flush; and the folder of shared memory of a channel.
/// Not exported: programs hold a buffer by [org.relayfs.buffer.ChannelBuffer].
///
/// The ring in short. Writers compete for one word, RESERVE, by compare-and-set; a record's bytes become visible
/// when the COMMIT word of its sub-buffer says that nothing in it is outstanding. A sub-buffer is opened only when
/// all earlier laps of it are balanced, so two laps never write the same memory; one that still owes a commit is
/// skipped as if it were empty, so that a preempted writer costs the others nothing.
///
/// Memory order, once for the whole package:
/// 1. The CAS of RESERVE acquires and releases. A writer that reserves in a sub-buffer reads from the opener's CAS
///    or a later one in its release sequence; what the opener had acquired (the balanced COMMIT of the earlier lap,
///    CONSUMED) therefore happens before this writer's stores.
/// 2. The copy is plain; the add to COMMIT releases it. All adds are read-modify-writes, one release sequence:
///    whoever acquires the balanced word sees the bytes of every writer of the lap, and INFO, which the closer
///    stored before its own add.
/// 3. Delivery and waiting are a Dekker pair: DELIVERED is moved by a volatile CAS, then ARMED is read; a waiter
///    arms by a volatile exchange, then reads DELIVERED.
/// 4. In overwrite mode a reader copies, fences its loads and reads RESERVE again; the opener's CAS is followed by
///    a store-store fence. A copy that a later lap could have touched is discarded.
///
/// Progress: reserve, switch and flush are lock-free, commit is wait-free; no writer waits for a preempted one,
/// except for 16 yields when every other sub-buffer owes a commit. Channels with client callbacks serialise their
/// switches.
package org.relayfs.ring;
