/// What a program holds of a channel's buffers: contracts only. None of them lets a caller steer the life of a buffer
/// or
/// reach its memory but through a read-only view. The work is done in `org.relayfs.ring`, which is not exported.
package org.relayfs.buffer;
