# The launcher takes the first Java that is new enough, and says what it looked at when there is none.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

# A folder that looks like a JDK of version $2.
jdk() {
    mkdir -p "$1/bin"
    printf 'JAVA_VERSION="%s"\n' "$2" >"$1/release"
    printf '#!/bin/sh\necho "ran %s" "$@"\n' "$1" >"$1/bin/java"
    chmod +x "$1/bin/java"
}

jdk old 17.0.1
jdk new 25.0.3
jdk newer 26-ea
jdk home/.sdkman/candidates/java/25-tem 25
mkdir tools
for tool in sh sed dirname readlink cat; do
    ln -s "$(command -v $tool)" tools/
done

launch() {
    env -i PATH="$work/tools" HOME="$work/home" "$@"
}

# The order: RELAYFS_JAVA, JAVA_HOME, PATH.
expect 0 launch RELAYFS_JAVA="$work/newer" JAVA_HOME="$work/new" "$relayfs" --which-java
expect_said "$work/newer/bin/java"
expect 0 launch RELAYFS_JAVA="$work/newer/bin/java" "$relayfs" --which-java
expect_said "$work/newer/bin/java"
expect 0 launch JAVA_HOME="$work/new" PATH="$work/newer/bin:$work/tools" "$relayfs" --which-java
expect_said "$work/new/bin/java"
expect 0 launch JAVA_HOME="$work/old" PATH="$work/newer/bin:$work/tools" "$relayfs" --which-java
expect_said "$work/newer/bin/java"

# A copy that knows no other folders than those of the home.
sed 's|/usr/lib/jvm/\*||; s|/usr/java/\* /opt/java/\* /opt/jdk\*||' "$relayfs" >copy
chmod +x copy
expect 0 launch PATH="$work/old/bin:$work/tools" "$work/copy" --which-java
expect_said "$work/home/.sdkman/candidates/java/25-tem/bin/java"

# What is wrong, and the remedy.
expect 2 launch RELAYFS_JAVA="$work/old" "$relayfs" version
expect_said "$work/old/bin/java is Java 17"
expect_said "Point it to"
expect 2 launch HOME="$work" PATH="$work/old/bin:$work/tools" "$work/copy" version
expect_said "no Java 25 or newer was found"
expect_said "$work/old/bin/java is Java 17"
expect_said "Remedy: install"
expect 2 launch JAVA_HOME="$work/new" RELAYFS_JAR=/nonexistent.jar "$relayfs" version
expect_said "RELAYFS_JAR=/nonexistent.jar cannot be read"
expect 2 launch JAVA_HOME="$work/new" "$work/copy" version
if [ ! -e /usr/local/share/relayfs/relayfs.jar ] && [ ! -e /usr/share/relayfs/relayfs.jar ]; then
    expect_said "relayfs.jar was not found"
    expect_said "Remedy: in a source tree, build it"
fi

# Field case 23: a Java for musl is none for us.
jdk musl 25.0.3
echo 'LIBC="musl"' >>musl/release
expect 2 launch RELAYFS_JAVA="$work/musl" "$relayfs" version
expect_said "musl/bin/java is Java 25 for musl: relayfs needs glibc"
expect 0 launch JAVA_HOME="$work/musl" PATH="$work/newer/bin:$work/tools" "$relayfs" --which-java
expect_said "$work/newer/bin/java"

# The arguments arrive as they were, and the options of the user.
: >relayfs.jar
expect 0 launch JAVA_HOME="$work/new" RELAYFS_JAR="$work/relayfs.jar" RELAYFS_OPTS="-Da=b -Xmx64m" \
    "$relayfs" umount 'a  folder'
expect_said "-Da=b -Xmx64m"
expect_said "-jar $work/relayfs.jar umount a  folder"

# mount -t fuse.relayfs has its own order of words; record has a -o, too.
mkdir app
expect 0 launch JAVA_HOME="$work/new" RELAYFS_JAR="$work/relayfs.jar" "$relayfs" anything "$work/app" -o rw,dev,suid
expect_said "-jar $work/relayfs.jar mount -o rw,dev,suid $work/app"
expect 0 launch JAVA_HOME="$work/new" RELAYFS_JAR="$work/relayfs.jar" "$relayfs" record app -o out
expect_said "-jar $work/relayfs.jar record app -o out"
rm -r tools
