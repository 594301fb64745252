package org.relayfs.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.relayfs.Relay;
import org.relayfs.fuse.MountOptions;
import org.relayfs.testing.Client;
import org.relayfs.testing.MountTest;
import org.relayfs.testing.Sandbox;

/// Refused input, through the mount: the client gets the right errno, one line in `error_log` says why, and
/// nothing has changed.
@MountTest
@Timeout(90)
class RefusedInputsIT {
    private static final long QUOTA = 64 << 20;

    /// Does each of the things that its input lists, one a line: operation, path and text as JSON. Prints
    /// what came of it: errno, the log, and whether all names, attributes and contents are as they were.
    private static final String CLIENT = """
            import errno, json, os, stat, sys
            UNREADABLE = {'write', 'flush', 'reset', 'resize', 'error_log'}
            COUNTERS = {'stats', 'metrics', 'dropped'}

            def state():
                found = []
                for folder, folders, files in os.walk('.'):
                    folders.sort()
                    for name in sorted(files) + ['']:
                        path = os.path.join(folder, name)
                        s = os.lstat(path)
                        content = ''
                        if stat.S_ISREG(s.st_mode) and name not in UNREADABLE and not name.startswith('cpu0'):
                            content = open(path).read()
                        if name.endswith('produced') or name.endswith('consumed'):
                            content = open(path, 'rb').read().hex()
                        found.append((path, s.st_ino, s.st_mode, s.st_nlink, s.st_uid, s.st_gid, s.st_size, content))
                return found

            def write(path, text):
                fd = os.open(path, os.O_WRONLY)
                try:
                    os.write(fd, text.encode('latin-1'))
                finally:
                    os.close(fd)

            DO = {
                'write': write,
                'mkdir': lambda path, text: os.mkdir(path),
                'rmdir': lambda path, text: os.rmdir(path),
                'truncate': lambda path, text: os.truncate(path, int(text)),
                'open': lambda path, text: os.close(os.open(path, os.O_CREAT | os.O_WRONLY)),
                'read': lambda path, text: os.read(os.open(path, os.O_RDONLY), 1),
            }

            before = state()
            for line in sys.stdin:
                operation, path, text = json.loads(line)
                write('error_log', 'clear')
                name = 'none'
                try:
                    DO[operation](path, text)
                except OSError as e:
                    name = errno.errorcode[e.errno]
                after = state()
                changed = [a for a in after if a not in before] + [b for b in before if b not in after]
                if os.path.basename(path) == 'write':
                    changed = [c for c in changed if os.path.basename(c[0]) not in COUNTERS]
                log = open('error_log').read()
                print(json.dumps({'errno': name, 'log': log, 'changed': changed}), flush=True)
                before = after
            """;

    /// @param operation of the client's table
    /// @param path      in the mount
    /// @param text      that is written
    /// @param errno     that the client gets
    /// @param reason    the begin of the reason in the log; null: this does not stand in the log
    private record Refused(String operation, String path, String text, String errno, String reason) {
        static Refused command(String text, String errno, String reason) {
            return new Refused("write", "control", text, errno, reason);
        }

        static Refused write(String path, String text, String errno, String reason) {
            return new Refused("write", path, text, errno, reason);
        }
    }

    /// `app` was made by mkdir and is not created, `live` is, `off` is disabled, `full` is full.
    private static final List<Refused> REFUSED = List.of(
            Refused.command("create x colour=red", "EINVAL", "key: value=\"colour\", limit=subbuf_size, n_subbufs"),
            Refused.command("create x subbuf_size=0", "EINVAL", "subbuf_size: value=\"0\", limit=1 to 2147483648"),
            Refused.command("create x n_subbufs=0", "EINVAL", "n_subbufs: value=\"0\", limit=1 to 524288"),
            Refused.command("create x subbuf_size=64M global=1", "EDQUOT", "quota: bytes="),
            Refused.command("create x subbuf_size=2G n_subbufs=2", "EINVAL", ""),
            Refused.command("create ../x", "EINVAL", "name: value=\"..\""),
            Refused.command("create live/../x", "EINVAL", "name: value=\"..\""),
            Refused.command("create .", "EINVAL", "name: value=\".\""),
            Refused.command("create /x", "EINVAL", "name: value=\"\""),
            Refused.command("create x/", "EINVAL", "name: value=\"\""),
            Refused.command("create x//y", "EINVAL", "name: value=\"\""),
            Refused.command("create \u00e9", "EINVAL", "name: value=\"\\xe9\""),
            Refused.command("create " + "x".repeat(65), "ENAMETOOLONG", "name: length=65, limit=64"),
            Refused.command("create " + "x/".repeat(8) + "x", "ENAMETOOLONG", "name: depth=9, limit=8"),
            Refused.command("create x n_subbufs=-1", "EINVAL", "n_subbufs: value=\"-1\""),
            Refused.command("create x n_subbufs=4x", "EINVAL", "n_subbufs: value=\"4x\""),
            Refused.command("create x n_subbufs=4 n_subbufs=4", "EINVAL", "setting: n_subbufs is given twice"),
            Refused.command("create x mode=append", "EINVAL", "mode: value=\"append\""),
            Refused.command("create x file_mode=1777", "EINVAL", "file_mode: value=\"1777\", limit=0 to 777"),
            Refused.command("create live", "EEXIST", "channel: value=\"live\" exists"),
            Refused.command("create control/x", "ENOTDIR", "name: value=\"control\""),
            Refused.command("create", "EINVAL", "command: create needs a channel name"),
            Refused.command("destroy app", "ENOENT", "channel: value=\"app\" is not created"),
            Refused.command("remove live", "EINVAL", "command: value=\"remove\""),
            Refused.command("\n\n", "EINVAL", "command: the write was empty"),
            Refused.command("create x" + " ".repeat(70_000), "EINVAL", "commands: length=70008, limit=65536"),
            Refused.write("app/subbuf_size", "-4096", "EINVAL", "subbuf_size: value=\"-4096\""),
            Refused.write("app/subbuf_size", "64Kb", "EINVAL", "subbuf_size: value=\"64Kb\""),
            Refused.write("app/subbuf_size", "3G", "EINVAL", "subbuf_size: value=\"3G\", limit=1 to 2147483648"),
            Refused.write("app/n_subbufs", "4 ", "EINVAL", "n_subbufs: value=\"4 \""),
            Refused.write("app/n_subbufs", "\n", "EINVAL", "n_subbufs: value=\"\""),
            Refused.write("app/mode", "overwrite\n\n", "EINVAL", "mode: value=\"overwrite\\n\""),
            Refused.write("app/create", "maybe", "EINVAL", "create: value=\"maybe\""),
            Refused.write("app/write", "record", "ESHUTDOWN", "channel app: not created"),
            Refused.write("off/write", "record", "ESHUTDOWN", "channel off: disabled"),
            Refused.write("full/write", "record", "EAGAIN", "channel full: the buffer is full"),
            Refused.write("live/write", "x".repeat(4097), "EMSGSIZE", "record: length=4097, limit=4096"),
            Refused.write("live/cpu0.consumed", "1\n", "EINVAL", "consumed: length=2, limit=8"),
            new Refused("mkdir", "new\nline", "", "EINVAL", "name: value=\"new\\nline\""),
            new Refused("mkdir", "x".repeat(65), "", "ENAMETOOLONG", "name: length=65, limit=64"),
            new Refused("mkdir", "x".repeat(256), "", "ENAMETOOLONG", null),
            new Refused("mkdir", "live", "", "EEXIST", null),
            new Refused("mkdir", "live/stats", "", "EEXIST", null),
            new Refused("rmdir", "nest", "", "EBUSY", "directory /nest: "),
            new Refused("rmdir", "gone", "", "ENOENT", null),
            new Refused("rmdir", "control", "", "ENOTDIR", null),
            new Refused("truncate", "app/subbuf_size", "5", "EINVAL", null),
            new Refused("open", "app/file", "", "EACCES", null),
            new Refused("read", "live/flush", "", "EACCES", null),
            new Refused("read", "live/cpu77", "", "ENOENT", null));

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void eachHasItsErrnoAndItsLineAndChangesNothing() throws Exception {
        prepare();
        ObjectMapper json = new ObjectMapper();
        Client client = sandbox.startPython(CLIENT);
        for (Refused refused : REFUSED) {
            Sandbox.tell(client, json.writeValueAsString(List.of(refused.operation(), refused.path(), refused.text())));
        }
        List<String> answers = sandbox.end(client).succeeded().out().lines().toList();
        assertThat(answers).hasSameSizeAs(REFUSED);

        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            String trouble = trouble(REFUSED.get(i), json.readTree(answers.get(i)));
            if (!trouble.isEmpty()) {
                wrong.add(REFUSED.get(i).operation() + " " + REFUSED.get(i).path() + " "
                        + REFUSED.get(i).text() + ": " + trouble);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void prepare() throws Exception {
        sandbox.mount(Relay.create(QUOTA), MountOptions.defaults());
        sandbox.sh("""
                set -e
                mkdir app
                for name in live off full; do
                    echo create $name subbuf_size=4K n_subbufs=2 global=1
                done > control
                echo create nest/inner global=1 subbuf_size=4K > control
                echo disable off > control
                dd if=/dev/zero of=full/write bs=4K count=2 status=none
                # The attempt closes the last sub-buffer.
                ! echo more > full/write 2> /dev/null
                echo clear > error_log
                """).succeeded();
    }

    private static String trouble(Refused refused, JsonNode answer) {
        String errno = answer.get("errno").asText();
        String log = answer.get("log").asText();
        if (!errno.equals(refused.errno())) {
            return errno + " in place of " + refused.errno();
        }
        if (!answer.get("changed").isEmpty()) {
            return "changed " + answer.get("changed");
        }
        boolean rightLog = refused.reason() == null
                ? log.isEmpty()
                : log.lines().count() == 1
                        && log.contains(" " + errno + " /")
                        && log.contains("\" " + refused.reason());
        return rightLog ? "" : "logged: " + log;
    }

    /// The line before it stays done, the line after it is not looked at.
    @Test
    void aNameCannotHoldANewline() throws Exception {
        prepare();
        sandbox.python("import os; os.write(os.open('control', os.O_WRONLY),"
                        + " b'create one global=1 subbuf_size=4K\\ntwo\\ncreate three\\n')")
                .failedSaying("Invalid argument");
        sandbox.sh("[ -e one/cpu0 ] && [ ! -e two ] && [ ! -e three ]").succeeded();
        assertThat(sandbox.sh("cat error_log").succeeded().out().lines())
                .singleElement()
                .asString()
                .contains(" EINVAL /control \"two\" command: value=\"two\"");
    }
}
