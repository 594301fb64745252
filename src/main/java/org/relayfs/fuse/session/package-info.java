/// The session: threads that read the device and hand each request to its plane; the way through libfuse; the folder
/// that is mounted on. Not exported.
///
/// ```
///                              names, directories, control files
///                            +--> LibFuseRequests --> libfuse --> ControlPlane --> tree
///   /dev/fuse --> SessionThread
///       ^                    +--> DataPlane --> Operation --> RingBuffer
///       |                         relay files                     |
///       +------- PollNotifier <-------- Waiters <---- deliveries--+
/// ```
///
/// - LOOKUP and GETATTR of other files are answered by `NameRequests`, once `KnownNodes` has seen libfuse do it.
/// - A relay file is handed over when its name is looked up: the reply that libfuse composes is replaced by one
///   that carries a node id of ours, and the kernel sends everything it wants of that node under that id.
/// - A request is answered by the thread that read it. The one exception is a read that waits (`blocking`): it is
///   kept in a `ReadQueue` and answered by whoever finds data for it.
/// - Lock order: `NodeTable`, then `BackingFile`; `ReadQueue`, then the buffer's own reader lock. Nothing is locked
///   while libfuse runs, and no lock is held while an invalidation is written to the device: the kernel waits there
///   for page fills, which our own threads must answer.
package org.relayfs.fuse.session;
