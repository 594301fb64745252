package org.relayfs.fuse.data;

import org.relayfs.fuse.wire.FuseProtocol;
import org.relayfs.linux.Errno;

/// The handlers of requests on a relay file, by opcode: the only place that distinguishes requests by their
/// opcode.
final class Operations {
    private static final int OPCODES = 64;

    /// The kernel remembers the answer and does not ask again: EOPNOTSUPP for extended attributes.
    private static final Operation UNKNOWN = refusal(Errno.ENOSYS);

    /// On a node that is given up. A FORGET has no answer.
    static final Operation FORGOTTEN = (request, node, tools) -> {
        if (request.opcode() != FuseProtocol.FORGET) {
            tools.replies().error(request.unique(), Errno.ENOENT);
        }
    };

    private final Operation[] byOpcode = new Operation[OPCODES];

    /// @param nodes      that the kernel knows
    /// @param reads      answers READ
    /// @param writes     answers WRITE
    /// @param polls      answers POLL
    /// @param opening    answers OPEN and RELEASE
    /// @param attributes answers what is asked of names and attributes
    Operations(
            NodeTable nodes,
            Operation reads,
            Operation writes,
            Operation polls,
            Opening opening,
            NodeAttributes attributes) {
        byOpcode[FuseProtocol.READ] = reads;
        byOpcode[FuseProtocol.WRITE] = writes;
        byOpcode[FuseProtocol.POLL] = polls;
        byOpcode[FuseProtocol.OPEN] = opening::open;
        byOpcode[FuseProtocol.RELEASE] = Operation.persistent(opening::release);
        byOpcode[FuseProtocol.GETATTR] = Operation.brief(attributes::get);
        byOpcode[FuseProtocol.SETATTR] = attributes::set;
        byOpcode[FuseProtocol.ACCESS] = attributes::access;
        byOpcode[FuseProtocol.STATFS] = attributes::statistics;
        byOpcode[FuseProtocol.FORGET] = Operation.persistent(
                (request, node, tools) -> nodes.forget(node.id(), request.longAt(FuseProtocol.FORGET_LOOKUPS)));
        byOpcode[FuseProtocol.FLUSH] = (request, node, tools) -> tools.replies().empty(request.unique());
        byOpcode[FuseProtocol.IOCTL] = refusal(Errno.ENOTTY);
        byOpcode[FuseProtocol.FALLOCATE] = refusal(Errno.EOPNOTSUPP);
        byOpcode[FuseProtocol.FSYNC] = refusal(Errno.EINVAL);
        byOpcode[FuseProtocol.COPY_FILE_RANGE] = refusal(Errno.EINVAL);
        // EINVAL and not ESPIPE for a search of holes: cp then reads to the end instead of giving up.
        byOpcode[FuseProtocol.LSEEK] = refusal(Errno.EINVAL);
    }

    private static Operation refusal(Errno errno) {
        return (request, node, tools) -> tools.replies().error(request.unique(), errno);
    }

    /// {@return what is done for it}
    ///
    /// @param opcode of a request
    Operation of(int opcode) {
        Operation operation = opcode >= 0 && opcode < OPCODES ? byOpcode[opcode] : null;
        return operation == null ? UNKNOWN : operation;
    }
}
