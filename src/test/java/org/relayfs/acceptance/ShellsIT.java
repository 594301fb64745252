package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.relayfs.Relay;
import org.relayfs.fuse.MmapMode;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;

/// What people do with files in a shell.
@MountTest
@Timeout(60)
class ShellsIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private String sh(String script) throws Exception {
        return sandbox.sh(script).succeeded().out();
    }

    @Test
    void listingsShowModesAndOwners() throws Exception {
        sandbox.mount();
        sh("echo create app global=1 subbuf_size=4K > control");
        String user = sh("echo $(id -un) $(id -gn)").strip();
        assertThat(sh("ls -l . | sed 1d | awk '{ print $1, $3, $4, $5, $NF }'")).isEqualTo("""
                drwxr-xr-x USER 0 app
                -r--r--r-- USER 0 buffers
                -r--r--r-- USER 0 channels
                -rw------- USER 0 control
                -rw------- USER 0 error_log
                -r--r--r-- USER 0 metrics
                -r-------- USER 0 stats
                -r--r--r-- USER 0 version
                """.replace("USER", user));
        assertThat(sh("stat -c '%a %n' app/*")).isEqualTo("""
                600 app/blocking
                600 app/blocking_writes
                400 app/cpu0
                600 app/cpu0.consumed
                400 app/cpu0.produced
                600 app/create
                400 app/dropped
                600 app/enabled
                600 app/events
                200 app/flush
                600 app/flush_interval_ms
                600 app/format
                600 app/global
                600 app/header
                400 app/memory
                400 app/metadata
                600 app/mode
                600 app/n_subbufs
                200 app/reset
                200 app/resize
                600 app/size_reporting
                400 app/stats
                600 app/subbuf_size
                200 app/write
                """);
        assertThat(sh("stat -c '%F, %h links, inode %i' .")).isEqualTo("directory, 3 links, inode 1\n");
        assertThat(sh("stat -c '%F, %h links' app app/write"))
                .isEqualTo("directory, 2 links\nregular empty file, 1 links\n");
        assertThat(sh("find . -type f | wc -l")).isEqualTo("31\n");
        assertThat(sh("find . | xargs stat -c %i | sort | uniq -d"))
                .as("inodes given twice")
                .isEmpty();
        // The word depends on the coreutils: field case 28.
        assertThat(sh("stat -f -c %T . ; df . | tail -n 1 | cut -d ' ' -f 1")).matches("fuse(blk)?\nrelayfs\n");
    }

    @Test
    void aRelayFilesSizeIsWhatWasDelivered() throws Exception {
        // With cached mappings, which an ordinary user gets, it is that of the ring.
        sandbox.mount(Relay.create(), MountOptions.defaults().withMmap(MmapMode.OFF));
        sh("echo create app global=1 subbuf_size=4K > control");
        assertThat(sh("""
                size() { stat -c %s app/cpu0; }
                size
                echo record > app/write
                size
                echo 1 > app/flush
                size
                cat app/cpu0 > /dev/null
                size
                echo buffer > app/size_reporting
                size
                """)).isEqualTo("0\n0\n7\n7\n32768\n");
    }

    @Test
    void attributesCanBeChanged() throws Exception {
        sandbox.mount();
        sh("mkdir app && chmod 640 app/mode && chmod g+w,o+r app/mode && chmod 711 app && touch -d @1000 app/mode");
        assertThat(sh("stat -c '%a %Y' app/mode && stat -c %a app")).isEqualTo("664 1000\n711\n");
        sh("echo overwrite > app/mode && chgrp $(id -g) app/mode");
        assertThat(sh("stat -c %a app/mode; cat app/mode")).isEqualTo("664\noverwrite\n");
        assertThat(sh("[ $(stat -c %Y app/mode) -gt 1000 ] && echo written")).isEqualTo("written\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void redirectionsSteerAChannel(String shell) throws Exception {
        sandbox.mount();
        assertThat(sandbox.run(shell, "-c", """
                set -e
                mkdir app
                echo 4096 > app/subbuf_size
                printf 2 > app/n_subbufs
                echo overwrite >| app/mode
                echo 1 >> app/global
                : > app/header
                echo 1 > app/create
                cat app/create app/enabled
                echo 0 > app/enabled
                cat app/enabled
                echo 1 > app/enabled
                echo one > app/write
                echo two >> app/write
                read -r stats < app/stats
                echo "${stats%% *}"
                cat app/cpu0
                echo 0 > app/create
                ls app | grep -c cpu || cat app/create
                echo 1 > app/create
                cat < app/mode
                rmdir app
                """).succeeded().out())
                .isEqualTo("1\n1\n0\ncpu\none\ntwo\n0\n0\noverwrite\n");
    }

    /// Shells read a script or a `while read` loop piecewise, and go back to the end of the line.
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash"})
    void aLoopReadsRecordsLineByLine(String shell) throws Exception {
        sandbox.mount();
        sh("echo create app global=1 > control");
        assertThat(sandbox.run(shell, "-c", """
                for n in 1 2 3 4 5; do echo "line $n" > app/write; done
                while read -r line; do echo "<$line>"; done < app/cpu0
                """).succeeded().out())
                .isEqualTo("<line 1>\n<line 2>\n<line 3>\n<line 4>\n<line 5>\n");
    }

    @Test
    void truncatingIsTakenAndChangesNothing() throws Exception {
        sandbox.mount();
        assertThat(sh("""
                mkdir app
                : > app/subbuf_size
                truncate -s 0 app/n_subbufs
                cat app/subbuf_size app/n_subbufs
                """)).isEqualTo("262144\n8\n");
        sandbox.sh("truncate -s 1 app/n_subbufs").failedSaying("Invalid argument");
    }

    @Test
    void directoriesNest() throws Exception {
        sandbox.mount();
        assertThat(sh("""
                set -e
                mkdir -p web/front/access
                echo 1 > web/front/access/global
                echo 1 > web/front/access/create
                echo create web/back/access global=1 > control
                echo front > web/front/access/write
                echo back > web/back/access/write
                cat web/*/access/cpu0
                awk 'NR > 1 { print $1 }' channels | sort
                rmdir web/front/access web/front
                echo destroy web/back/access > control
                find web -type d
                rmdir web
                ls
                """)).isEqualTo("""
                back
                front
                web
                web/back/access
                web/front
                web/front/access
                web
                buffers
                channels
                control
                error_log
                metrics
                stats
                version
                """);
        sh("mkdir web web/front");
        sandbox.sh("rmdir web").failedSaying("Device or resource busy");
    }

    @Test
    void filesCannotBeMadeMovedOrRemoved() throws Exception {
        sandbox.mount();
        sh("echo create app global=1 > control");
        String before = sh("ls -lAiR --time-style=+");
        for (String command : List.of(
                "rm -f app/mode",
                "rm -f app/cpu0",
                "mv control other",
                "mv app other",
                "mv app/cpu0 app/cpu1",
                "ln control other",
                "ln app/cpu0 app/other",
                "ln -s control other")) {
            sandbox.sh(command).failedSaying("Operation not permitted");
        }
        sandbox.sh("touch app/other").failedSaying("Permission denied");
        sandbox.sh("mkfifo app/other").failedSaying("Permission denied");
        sandbox.sh("echo 1 > app/other").failedSaying("Permission denied");
        assertThat(sh("ls -lAiR --time-style=+")).isEqualTo(before);
    }
}
