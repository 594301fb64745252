package org.relayfs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.relayfs.ChannelCallbacks;
import org.relayfs.ChannelConfig;
import org.relayfs.RelayChannel;
import org.relayfs.buffer.SubBufferStart;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.TestMount;

/// The file `dropped` counts the records that writers were told to be lost, and nothing else.
@MountTest
@Timeout(60)
class DroppedIT {
    /// Makes so many writes of 100 bytes, and prints how many were refused and what `dropped` says.
    private static final String WRITER = """
            fd = os.open(D + 'app/write', os.O_WRONLY)
            refused = 0
            for i in range(1000):
                try:
                    assert os.write(fd, b'%099d\\n' % i) == 100
                except BlockingIOError:
                    refused += 1
            for i in range(3):
                open(D + 'app/flush', 'w').write('1')
            print(refused, open(D + 'app/dropped').read().strip())
            try:
                os.write(fd, bytes(4097))
            except OSError as e:
                print(errno.errorcode[e.errno], open(D + 'app/dropped').read().strip())
            """;

    @Test
    void inOverwriteModeNothingIsDroppedButWhatIsTooBig() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.sh("echo create app subbuf_size=4096 n_subbufs=4 global=1 mode=overwrite > control");
            assertThat(mount.python(WRITER)).isEqualTo("0 0\nEMSGSIZE 1");
            assertThat(mount.sh("tail -n 1 app/stats | cut -d ' ' -f 7,8,11"))
                    .as("records, switches while full, lost bytes: stats goes on counting as relay does")
                    .matches("1000 [1-9][0-9]* 4097");
            assertThat(mount.sh("echo 1 > app/reset; cat app/dropped")).isEqualTo("0");
        }
    }

    @Test
    void inNoOverwriteModeItIsWhatTheWriterWasRefused() throws Exception {
        try (TestMount mount = TestMount.open()) {
            mount.sh("echo create app subbuf_size=4096 n_subbufs=4 global=1 > control");
            assertThat(mount.python(WRITER))
                    .as("4 times 40 fit; a flush of a full buffer loses nothing")
                    .isEqualTo("840 840\nEMSGSIZE 841");
        }
    }

    @Test
    void aClientThatOverwritesDropsNothing() throws Exception {
        ChannelCallbacks always = new ChannelCallbacks() {
            @Override
            public boolean onSubBufferStart(SubBufferStart start) {
                return true;
            }
        };
        try (TestMount mount = TestMount.open();
                RelayChannel channel = mount.relay()
                        .open("app", ChannelConfig.of(4096, 4).withGlobal(true).withCallbacks(always))) {
            assertThat(mount.python(WRITER)).isEqualTo("0 0\nEMSGSIZE 1");
            assertThat(channel.dropped()).isOne();
        }
    }
}
