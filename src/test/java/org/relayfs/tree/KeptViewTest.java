package org.relayfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.relayfs.linux.ErrnoException;
import org.relayfs.testing.DeadOwner;
import org.relayfs.tree.access.AttributeChange;
import org.relayfs.tree.access.Attributes;
import org.relayfs.tree.access.Caller;

/// What clients have set of the files of a channel is there again when another mount takes the channel over.
class KeptViewTest {
    private static final String CREATE = "create app global=1 subbuf_size=4K n_subbufs=2 ";
    private static final List<String> LIVE =
            List.of("blocking", "blocking_writes", "flush_interval_ms", "size_reporting", "mode", "n_subbufs");

    private MountedTree before;
    private MountedTree after;

    @BeforeEach
    void mount() throws Exception {
        before = new MountedTree();
        after = new MountedTree();
    }

    @AfterEach
    void unmount() {
        before.close();
        after.close();
    }

    private static void change(MountedTree fs, String path, AttributeChange change) throws ErrnoException {
        fs.tree.resolve(path).setAttributes(change, MountedTree.ROOT);
    }

    private static Map<String, String> view(MountedTree fs, String directory) throws ErrnoException {
        Map<String, String> view = new TreeMap<>();
        view.put(".", permissions(fs, directory));
        for (String name : fs.list(directory)) {
            view.put(name, permissions(fs, directory + "/" + name));
        }
        for (String name : LIVE) {
            view.merge(name, fs.read(directory + "/" + name), String::concat);
        }
        return view;
    }

    private static String permissions(MountedTree fs, String path) throws ErrnoException {
        Attributes now = fs.tree.resolve(path).attributes();
        return Integer.toOctalString(now.mode()) + " " + now.uid() + " " + now.gid() + " ";
    }

    private void takeOver(DeadOwner dead) throws IOException {
        assertThat(after.relay.adopt(dead.folder()).left()).isEmpty();
    }

    @Test
    void whatWasSetIsSetAgain() throws Exception {
        before.write("/control", CREATE + "blocking=1 flush_interval_ms=70000");
        before.write("/app/blocking_writes", "1");
        before.write("/app/size_reporting", "all");
        before.write("/app/n_subbufs", "8");
        change(before, "/app", AttributeChange.ofMode(0751));
        change(before, "/app/write", AttributeChange.ofMode(0666));
        change(before, "/app/stats", AttributeChange.ofOwner(12, 34));
        change(before, "/app/cpu0", AttributeChange.ofMode(0444));
        change(before, "/app/cpu0.consumed", AttributeChange.ofOwner(56, null));
        // The files of the resized channel are others, with the same modes.
        before.write("/control", "resize app subbuf_size=8K");
        before.write("/control", "create plain global=1 subbuf_size=4K n_subbufs=2 plain=1 files=/block numbered=0");
        change(before, "/block/cpu", AttributeChange.ofMode(0440));
        try (DeadOwner dead = DeadOwner.copyOf(before.relay.folder())) {
            takeOver(dead);
            assertThat(view(after, "/app")).isEqualTo(view(before, "/app"));
            assertThat(permissions(after, "/block/cpu")).isEqualTo(permissions(before, "/block/cpu"));
            assertThat(after.read("/app/n_subbufs")).isEqualTo("2\nnext 8\n");
            // And once more.
            try (DeadOwner again = DeadOwner.copyOf(dead.folder())) {
                MountedTree third = new MountedTree();
                try {
                    assertThat(third.relay.adopt(again.folder()).left()).isEmpty();
                    assertThat(view(third, "/app")).isEqualTo(view(before, "/app"));
                } finally {
                    third.close();
                }
            }
        }
    }

    @Test
    void aDirectoryThatMkdirHasMadeStaysWithoutItsChannel() throws Exception {
        Caller other = MountedTree.STRANGER;
        change(before, "/", AttributeChange.ofMode(0777));
        before.tree.makeDirectory("/app", 0711, other);
        for (String setting : List.of("global 1", "subbuf_size 4096", "n_subbufs 2", "create 1")) {
            String[] words = setting.split(" ");
            before.write("/app/" + words[0], words[1].getBytes(StandardCharsets.US_ASCII), other);
        }
        try (DeadOwner dead = DeadOwner.copyOf(before.relay.folder())) {
            takeOver(dead);
            for (String name : before.list("/app")) {
                assertThat(permissions(after, "/app/" + name)).isEqualTo(permissions(before, "/app/" + name));
            }
            assertThat(permissions(after, "/app")).isEqualTo(permissions(before, "/app"));
            after.write("/app/create", "0".getBytes(StandardCharsets.US_ASCII), other);
            assertThat(after.exists("/app/create")).isTrue();
        }
    }

    @Test
    void whoSetsNothingHasNoFileAndWhatCannotBeIsLeftOut() throws Exception {
        before.write("/control", CREATE);
        Path view = before.relay.channel("app").orElseThrow().folder().resolve("view");
        assertThat(view).doesNotExist();
        before.write("/app/blocking", "1");
        assertThat(view).hasContent("blocking=1");
        before.write("/app/blocking", "0");
        assertThat(view).doesNotExist();
        for (String text : List.of("blocking=7\n", "attributes x\n", "attributes 9 9 9 /app\n", "next x\n=", "\0")) {
            try (DeadOwner dead = DeadOwner.copyOf(before.relay.folder())) {
                Files.writeString(dead.channel("app").resolve("view"), "size_reporting=all\n" + text);
                takeOver(dead);
                assertThat(after.read("/app/size_reporting")).isEqualTo("all\n");
                assertThat(after.read("/app/blocking")).isEqualTo("0\n");
                after.write("/control", "destroy app");
            }
        }
    }
}
