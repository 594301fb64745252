/// The buffers of a channel as a program holds them: contracts only. None of them lets a caller control the life of
/// a buffer or reach its memory other than through a read-only view. The work is done in `org.relayfs.ring`, which
/// is not exported.
package org.relayfs.buffer;
