/// One CPU's buffer: reserve, publish, switch, read, consume, flush; and the folder of shared memory of a channel.
/// Not exported: programs hold a buffer by [org.relayfs.buffer.ChannelBuffer].
///
/// The ring in short. Writers compete for one word, RESERVE, by compare-and-set, the only locked instruction of a
/// record. Each announces what it is about in an entry of the in-flight table that no other writer uses, before its
/// CAS, and withdraws that after its bytes. A closed sub-buffer is complete when no entry names it. A sub-buffer is
/// opened only when nobody is in its earlier laps, so two laps never write the same memory; one that somebody is
/// still in is skipped as if it were empty, so that a preempted writer costs the others nothing.
///
/// Memory order, once for the whole package:
/// 1. The CAS of RESERVE acquires and releases. A writer that reserves in a sub-buffer reads from the opener's CAS
///    or a later one in its release sequence; what the opener had acquired (that nobody is in an earlier lap, CONSUMED)
///    therefore happens before this writer's stores.
/// 2. The announcement is a release store before the CAS. Whoever has seen RESERVE behind the close sees each
///    announcement in the sub-buffer, or a later store to the same word.
/// 3. The copy is plain; the store that withdraws the announcement releases it. Whoever finds the entry free, or used
///    for something else, sees the bytes. "Nobody is there" is kept in COMPLETE by a CAS: who reads it there sees them
///    as well.
/// 4. Withdrawing and asking are a Dekker pair: a writer withdraws, then reads ATTENTION; a closer raises ATTENTION,
///    then looks for writers. The writer has no fence: `membarrier`, which the closer calls, is the fence of both.
/// 5. Delivery and waiting are a Dekker pair: DELIVERED is moved by a volatile CAS, then ARMED is read; a waiter
///    arms by a volatile exchange, then reads DELIVERED.
/// 6. In overwrite mode a reader copies, fences its loads and reads RESERVE again; the opener's CAS is followed by
///    a store-store fence. A copy that a later lap could have touched is discarded.
///
/// Progress: reserve, switch and flush are lock-free, publishing is wait-free, but for a delivery that somebody waits
/// for; no writer waits for a preempted one, except for 16 yields when somebody is in every other sub-buffer, or all
/// entries that can be claimed are in use. Channels with client callbacks serialise their switches.
package org.relayfs.ring;
