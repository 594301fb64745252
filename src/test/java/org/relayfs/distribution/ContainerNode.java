package org.relayfs.distribution;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.relayfs.memory.SharedFolder;
import org.relayfs.testing.Client;

/// A machine that runs containers, as far as the kernel has a part in them: each has mounts, processes and IPC of its
/// own, volumes with the propagation that it asks for, and the image of `docs/recipes/Dockerfile`, laid over this
/// system's files. What it makes of mounts is gone with it.
final class ContainerNode implements AutoCloseable {
    private static final long PATIENCE_S = 20;
    private static final String PATH = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
    private static final String JAVA = "/opt/test/java";
    private static final String LIBRARY = "/opt/test/library";

    // $1: its folder; $2: of a JDK; then what the application's class path has. Anyone may read it.
    private static final String NODE = """
            set -eu
            mount -t tmpfs node "$1"
            cd "$1"
            mkdir upper work root volumes
            mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" image root || { echo none; exit 0; }
            mount --bind /dev root/dev
            mount --bind /proc root/proc
            mount --bind /sys root/sys
            mkdir -p root/opt/test/java root/opt/test/library
            mount --bind "$2" root/opt/test/java
            shift 2
            cp -r --parents "$@" root/opt/test/library
            chmod -R a+rX root/opt/test/library
            echo ready
            exec cat
            """;

    // $1: a folder; $2: bytes of memory, or 0. As kubelet does, anyone may write there.
    private static final String VOLUME = """
            set -eu
            mkdir -p "$1"
            if [ "$2" = 0 ]; then mount --bind "$1" "$1"; else mount -t tmpfs -o "size=$2" volume "$1"; fi
            chmod 777 "$1"
            mount --make-shared "$1"
            """;

    // $1: the image; $2: user:group; then volume, target and propagation of each mount, --, and the command.
    private static final String CONTAINER = """
            set -eu
            root=$1
            user=$2
            shift 2
            while [ "$1" != -- ]; do
                mkdir -p "$root$2"
                mount --rbind "$1" "$root$2"
                mount --make-"$3" "$root$2"
                shift 3
            done
            shift
            mount -t proc proc "$root/proc"
            exec chroot --userspec="$user" "$root" "$@"
            """;

    private final Path folder;
    private final Client node;

    private ContainerNode(Path folder, Client node) {
        this.folder = folder;
        this.node = node;
    }

    /// Makes one. Skips the test where an ordinary user or the kernel may not.
    ///
    /// @param folder an empty one
    static ContainerNode open(Path folder) throws Exception {
        assumeTrue(SharedFolder.userId() == 0, "only root can make containers");
        List<String> command = new ArrayList<>(
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", NODE, "node", folder.toString()));
        command.add(System.getProperty("java.home"));
        command.addAll(library());
        Client node = Client.start(command);
        String line = node.takeLine(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        if (!"ready".equals(line)) {
            node.close();
            assumeTrue(!"none".equals(line), "needs overlay mounts: " + node.errors());
            throw new AssertionError(node.toString());
        }
        return new ContainerNode(folder, node);
    }

    private List<String> inside(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--target", Long.toString(node.pid()), "--mount"));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /// Does what the image's file says after its packages are there.
    void build(Path dockerfile) throws Exception {
        for (String line : Files.readAllLines(dockerfile)) {
            String[] words = line.split(" +", 3);
            if (words[0].equals("COPY")) {
                Path source = Path.of(words[1]).toAbsolutePath();
                root("mkdir -p \"$(dirname \"$2\")\"; cp -r \"$1\" \"$2\"", source, image(words[2]));
            } else if (words[0].equals("RUN") && !words[1].equals("apt-get")) {
                root(
                        "exec chroot \"$1\" env RELAYFS_JAVA=$2 sh -c \"$3\"",
                        image("/"),
                        JAVA,
                        line.substring("RUN ".length()));
            }
        }
    }

    /// Makes the volumes of containers.
    void provide(ContainerFile file) throws Exception {
        for (ContainerFile.Container container : file.containers().values()) {
            for (ContainerFile.Mount mount : container.mounts()) {
                Path volume = volume(mount.volume());
                if (!Files.exists(seen(volume))) {
                    root(VOLUME, volume, file.memories().getOrDefault(mount.volume(), 0L));
                }
            }
        }
    }

    private void root(String script, Object... arguments) throws Exception {
        List<String> command = inside("sh", "-c", script, "sh");
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        try (Client client = Client.start(command)) {
            client.awaitSuccess();
        }
    }

    private Path image(String path) {
        return Path.of(folder + "/root" + path);
    }

    private Path volume(String name) {
        return folder.resolve("volumes").resolve(name);
    }

    /// {@return a path of the node as this process can open it}
    private Path seen(Path path) {
        return Path.of("/proc/" + node.pid() + "/root" + path);
    }

    /// {@return the folder of a volume, for this process}
    Path look(String volume) {
        return seen(volume(volume));
    }

    // The library, its tests, and Logback.
    private static List<String> library() {
        return Stream.concat(
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(element -> element.endsWith("classes")
                                        || element.contains("slf4j-api")
                                        || element.contains("logback-core")
                                        || element.contains("jctools")),
                        Stream.of(System.getProperty("logback.jar")))
                .map(element -> Path.of(element).toAbsolutePath().toString())
                .toList();
    }

    /// {@return the application's class path, as the image has it}
    static String classPath() {
        return library().stream().map(element -> LIBRARY + element).collect(Collectors.joining(":"));
    }

    /// Writes a file of the image.
    void write(String path, String text) throws Exception {
        Path file = seen(image(path));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /// Starts a container.
    ///
    /// @param words what it runs when its file does not say it; then the image's java is the first word
    /// @return the container; its end is that of all its processes
    Client start(ContainerFile.Container container, String... words) throws Exception {
        List<String> command = inside(
                "unshare",
                "--mount",
                "--pid",
                "--ipc",
                "--fork",
                "--kill-child",
                "--propagation",
                "unchanged",
                "sh",
                "-c",
                CONTAINER,
                "container",
                image("").toString(),
                container.user());
        for (ContainerFile.Mount mount : container.mounts()) {
            command.addAll(List.of(volume(mount.volume()).toString(), mount.target(), mount.propagation()));
        }
        command.addAll(List.of("--", "env", "-i", PATH, "RELAYFS_JAVA=" + JAVA));
        command.addAll(container.environment());
        if (container.command().isEmpty()) {
            command.add(JAVA + "/bin/java");
            command.addAll(Arrays.asList(words));
        } else {
            command.addAll(container.command());
        }
        return Client.start(command);
    }

    // The process that a container's command is, as this system numbers it.
    private static Optional<String> first(Client container) {
        return ProcessHandle.of(container.pid())
                .flatMap(process -> process.children().findFirst())
                .map(process -> Long.toString(process.pid()));
    }

    /// Ends a container as engines do.
    static void end(Client container) throws Exception {
        Client.shell("kill -TERM \"$1\"", first(container).orElseThrow());
        container.awaitEnd();
    }

    /// {@return whether a container's own probe succeeds}
    static boolean isReady(Client running, ContainerFile.Container container) throws Exception {
        Optional<String> first = first(running);
        if (first.isEmpty()) {
            return false;
        }
        List<String> command = new ArrayList<>(
                List.of("nsenter", "--target", first.get(), "--mount", "--pid", "--root", "--wd", "env", "-i"));
        command.addAll(List.of(PATH, "RELAYFS_JAVA=" + JAVA));
        command.addAll(container.probe());
        try (Client probe = Client.start(command)) {
            return probe.awaitEnd() == 0;
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
