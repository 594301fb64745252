package org.relayfs.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.relayfs.testing.Text.bytes;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.ChannelBuffer;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;
import org.relayfs.testing.Tool;
import org.relayfs.tool.cli.ExitCode;

/// The commands find relay files wherever they are, and a plain channel's counters in the root.
@MountTest
@Timeout(90)
final class PlacedChannelsIT {
    private static final String SETTINGS = "global=1 subbuf_size=4K n_subbufs=4";

    @TempDir
    private Path temp;

    private String recorded(TestMount mount, String name, String... options) throws Exception {
        Path out = temp.resolve(name);
        List<Object> command = new ArrayList<>(List.of("record", mount.path(), name, "-o", out));
        command.addAll(List.of(options));
        try (Client record = Tool.start(command.toArray())) {
            while (!Files.exists(out) || out.toFile().list().length == 0) {
                assertThat(record.isAlive()).as(record::toString).isTrue();
                Thread.sleep(10);
            }
            mount.awaitChannel(name).close();
            record.awaitSuccess();
            return record.output();
        }
    }

    @Test
    void filesElsewhere() throws Exception {
        try (TestMount mount = TestMount.open()) {
            List<Object> command = new ArrayList<>(List.of("create", mount.path(), "disk"));
            command.addAll(List.of((SETTINGS + " files=/ base=diskstat header=padding4").split(" ")));
            assertThat(Tool.run(command.toArray())).isEmpty();
            RelayChannel channel = mount.awaitChannel("disk");
            assertThat(Tool.run("list", mount.path())).containsPattern("disk +enabled .* padding4 +/\\n");
            channel.write(bytes("first\n"));
            assertThat(Tool.run("cat", mount.path(), "disk")).endsWith("first\n");
            channel.write(bytes("second\n"));
            channel.flush();
            assertThat(Tool.run("stat", mount.path(), "disk"))
                    .contains("header=padding4")
                    .containsPattern("0 +2 ");
            assertThat(recorded(mount, "disk", "--mmap")).contains("diskstat0").contains("lost: 0 records");
            assertThat(Files.readString(temp.resolve("disk/diskstat0"), StandardCharsets.ISO_8859_1))
                    .contains("second\n");
        }
    }

    @Test
    void aPlainDirectory() throws Exception {
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel = mount.relay()
                    .open("ltt", ChannelConfig.of(4096, 4).withGlobal(true).withPlainDirectory(true));
            for (int i = 0; i < 20; i++) {
                channel.write(new byte[1000]);
            }
            assertThat(Tool.run("stat", mount.path(), "ltt"))
                    .containsPattern("0 +16 .* 4\\n")
                    .contains("full 4");
            assertThat(Tool.run("stat", mount.path(), "--json")).contains("\"records\":16");
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "ltt", "-o", temp, "--mmap"))
                    .contains("header=none");
            assertThat(Tool.run("cat", mount.path(), "ltt")).hasSize(16_000);
            channel.write(bytes("last\n"));
            // It flushes at its end, through the root's control.
            try (Client record = Tool.start("record", mount.path(), "ltt", "-o", temp.resolve("ltt"))) {
                while (!Files.exists(temp.resolve("ltt/cpu0")) || Files.size(temp.resolve("ltt/cpu0")) == 0) {
                    assertThat(record.isAlive()).isTrue();
                    Thread.sleep(10);
                }
                record.signal("INT").awaitSuccess();
            }
            assertThat(channel.buffers().getFirst().produced()).isEqualTo(5);
            assertThat(Files.readString(temp.resolve("ltt/cpu0"))).isEqualTo("last\n");
        }
    }

    @Test
    void withoutCountersNothingIsRecordedFromTheMapping() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.sh("echo create ltt " + SETTINGS + " plain=1 header=padding > control");
            assertThat(Tool.refused(ExitCode.USAGE, "record", mount.path(), "ltt", "-o", temp, "--mmap"))
                    .contains("has plain=1, limit=plain=0: there are no counters beside");
        }
    }

    /// A program may give the files of several directories one name: then a recording takes the whole path.
    @Test
    void filesOfOneNameInSeveralDirectories() throws Exception {
        ChannelCallbacks placing = new ChannelCallbacks() {
            @Override
            public String onCreateBufferFile(String name, ChannelBuffer buffer) {
                return "/myapp/d" + buffer.cpu() + "/trace";
            }
        };
        try (TestMount mount = TestMount.open()) {
            RelayChannel channel =
                    mount.relay().open("app", ChannelConfig.of(4096, 4).withCallbacks(placing));
            channel.write(bytes("anywhere\n"));
            assertThat(Tool.run("cat", mount.path(), "app")).isEqualTo("anywhere\n");
            int buffers = channel.buffers().size();
            recorded(mount, "app");
            assertThat(temp.resolve("app").toFile().list())
                    .hasSize(buffers)
                    .allMatch(name -> buffers == 1 ? name.equals("trace") : name.matches("myapp\\+d\\d+\\+trace"));
        }
    }
}
