/// Every offset and width of the shared memory, and the only code that reads or writes its control words. Not
/// exported: nothing here checks an address.
///
/// Each accessor takes the absolute address of the structure it belongs to and has its memory order in its name,
/// spelled as in [java.lang.invoke.VarHandle]: `...Plain`, `...Opaque`, `...Acquire`, `...Release`, `...Volatile`,
/// `...CompareAndSet`, `...GetAndAdd`, `...GetAndSet` (the last three volatile). `announce`, `claim`, `release` and
/// `free` of the in-flight table are more than one access. Addresses are trusted: they come from mappings that the
/// caller keeps reachable.
///
/// The tables of `docs/shared-memory.md` describe this memory; a test compares the two.
package org.relayfs.layout;
