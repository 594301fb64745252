package org.relayfs.tree;

import java.nio.ByteBuffer;
import org.relayfs.linux.Errno;
import org.relayfs.linux.ErrnoException;
import org.relayfs.tree.access.Caller;
import org.relayfs.tree.text.ControlText;

/// The `control` file: executes the lines of one write in order. The first line that is refused ends it; those
/// before it remain in effect.
final class ControlCommands implements ControlAction {
    static final String PATH = "/control";

    private static final int MAX_LENGTH = 65536;

    private final ChannelLifecycle lifecycle;
    private final ErrorLog errorLog;

    ControlCommands(ChannelLifecycle lifecycle, ErrorLog errorLog) {
        this.lifecycle = lifecycle;
        this.errorLog = errorLog;
    }

    static byte[] help() {
        return ControlText.bytes("""
                create NAME [subbuf_size=BYTES] [n_subbufs=COUNT] [mode=no-overwrite|overwrite] [global=0|1]
                            [header=none|padding|padding4] [format=records|events] [base=NAME]
                            [file_mode=OCTAL] [files=DIRECTORY] [numbered=0|1] [plain=0|1]
                            [blocking=0|1] [blocking_writes=0|1] [flush_interval_ms=MS]
                            [size_reporting=relay|buffer|all]
                destroy NAME
                flush NAME
                reset NAME
                resize NAME [subbuf_size=BYTES] [n_subbufs=COUNT]
                enable NAME
                disable NAME
                """);
    }

    @Override
    public void write(ByteBuffer source, Caller caller) throws ErrnoException {
        String text = read(source);
        boolean empty = true;
        for (String line : text.split("\n")) {
            if (!line.isBlank()) {
                empty = false;
                carryOut(line);
            }
        }
        if (empty) {
            throw refused(text, new ErrnoException(Errno.EINVAL, "command: the write was empty; see cat control"));
        }
    }

    private String read(ByteBuffer source) throws ErrnoException {
        ByteBuffer start = source.slice(source.position(), Math.min(source.remaining(), ControlCommand.MAX_LENGTH));
        try {
            return ControlText.of("commands", source, MAX_LENGTH);
        } catch (ErrnoException tooLong) {
            throw refused(ControlText.of("commands", start, ControlCommand.MAX_LENGTH), tooLong);
        }
    }

    private void carryOut(String line) throws ErrnoException {
        try {
            ControlCommand command = ControlCommand.parse(line);
            switch (command.verb()) {
                case CREATE -> lifecycle.create(command);
                case DESTROY -> lifecycle.destroy(command.name());
                case FLUSH -> lifecycle.require(command.name()).flush();
                case RESET -> lifecycle.require(command.name()).reset();
                case RESIZE -> lifecycle.resize(command);
                case ENABLE -> lifecycle.require(command.name()).setEnabled(true);
                case DISABLE -> lifecycle.require(command.name()).setEnabled(false);
            }
        } catch (ErrnoException refusal) {
            throw refused(line, refusal);
        }
    }

    private ErrnoException refused(String text, ErrnoException refusal) {
        errorLog.add(PATH, text, refusal);
        return refusal;
    }
}
