package org.relayfs.tool.report;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import org.relayfs.event.perfetto.PerfettoTrace;
import org.relayfs.event.perfetto.TraceOutput;
import org.relayfs.tool.cli.ExitCode;
import org.relayfs.tool.cli.FileCommand;
import org.relayfs.tool.cli.ToolException;
import org.relayfs.tool.client.RecordOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `relayfs export`: events as a trace for a viewer.
@Command(
        name = "export",
        description = {
            "Writes events as a trace for Perfetto, which ui.perfetto.dev opens: of recordings, or of a channel with "
                    + "format=events, which it removes from there.",
            "A type NAME.begin begins a slice that NAME.end ends; a field duration is that of a slice, in nanoseconds; "
                    + "a type with nothing but a number named value is a counter."
        },
        exitCodeList = {
            "0:done; with -f: the channel was destroyed and all of it has been written",
            "1:no such recording or channel, not permitted, or a wrong option",
            "2:system error, or metadata that cannot be read",
            "3:some bytes are no events",
            "141:the reader of the output is gone"
        })
public final class ExportCommand extends FileCommand {
    @Mixin
    private EventPlaces places;

    @Mixin
    private EventChoice choice;

    @Option(
            names = {"-p", "--perfetto"},
            required = true,
            paramLabel = "FILE",
            description = "Write the trace to this file, which is replaced; -: standard output.")
    private String file;

    @Override
    protected int run() throws IOException, ToolException, InterruptedException {
        places.find();
        if (!file.equals("-")) {
            try (FileChannel channel = new FileOutputStream(file).getChannel()) {
                return export(bytes -> write(channel, bytes), false);
            }
        }
        try (FileChannel channel = new FileOutputStream(FileDescriptor.out).getChannel()) {
            return export(new RecordOutput(channel)::write, true);
        } catch (RecordOutput.GoneException e) {
            return ExitCode.BROKEN_PIPE;
        }
    }

    private int export(TraceOutput output, boolean isPrinted) throws IOException, ToolException, InterruptedException {
        EventFilter filter = choice.filter();
        return places.tell(filter, new PerfettoTarget(filter, new PerfettoTrace(output)), isPrinted);
    }

    private void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new FileSystemException(file, null, e.getMessage());
        }
    }
}
