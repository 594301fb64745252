# Field case 14: what the user asks of the JVM, in whichever variable, goes before what the launcher asks; and what can be
# had once only, like a port, is the daemon's.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

# A collector, a tier, an archive and a folder of the user's own.
echo '-XX:+UseParallelGC' >argfile
for options in -XX:+UseZGC '-XX:+UnlockExperimentalVMOptions -XX:+UseEpsilonGC' -XX:-UseSerialGC -Xshare:auto -XX:AOTMode=off \
        -XX:SharedArchiveFile=/nonexistent.jsa -XX:-TieredCompilation -Djava.io.tmpdir="$work"; do
    for variable in JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS RELAYFS_OPTS; do
        expect 0 env "$variable=$options" TMPDIR="$work" "$relayfs" version
        expect_said "relayfs "
    done
done
expect 0 env JDK_JAVA_OPTIONS="@$work/argfile" "$relayfs" version
expect 0 env JAVA_TOOL_OPTIONS="-XX:VMOptionsFile=$work/argfile" "$relayfs" version

# What the JVM has in the end: a java that says what it was asked for.
mkdir -p jdk/bin
echo 'JAVA_VERSION="25"' >jdk/release
# shellcheck disable=SC2016 # for the java to be
printf '#!/bin/sh\necho "[$JAVA_TOOL_OPTIONS]" "$@"\n' >jdk/bin/java
chmod +x jdk/bin/java
: >relayfs.jar
: >relayfs.aot
touch -r relayfs.jar relayfs.aot
asked() { said=$(env RELAYFS_JAVA="$work/jdk" RELAYFS_JAR="$work/relayfs.jar" "$@" 2>&1); }
lacks() { case $said in *"$1"*) fail "$1 is asked for, too: $said" ;; esac; }
asked "$relayfs" list
for option in -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:AOTCache=; do expect_said "$option"; done
asked RELAYFS_OPTS='-XX:+UseZGC -XX:TieredStopAtLevel=4 -Xshare:off' "$relayfs" list
for option in UseSerialGC TieredStopAtLevel=1 AOTCache; do lacks "$option"; done
asked RELAYFS_OPTS='-XX:+UseStringDeduplication -Xlog:gc' "$relayfs" list
expect_said -XX:+UseSerialGC
for command in "mount $work" "mount -o ro $work"; do
    # shellcheck disable=SC2086 # a list
    asked JAVA_TOOL_OPTIONS=-Dfor=daemon RELAYFS_OPTS=-Dfor=daemon "$relayfs" $command
    lacks -Dfor=daemon
done
asked JAVA_TOOL_OPTIONS=-Dfor=it RELAYFS_OPTS=-Dfor=him "$relayfs" mount -f "$work"
expect_said '[-Dfor=it]'
expect_said -Dfor=him

# A java without a word on its version is asked, also when it says first what options it has picked up.
rm jdk/release
ln -sf "$("$relayfs" --which-java)" jdk/bin/java
real=$(readlink -f jdk/bin/java)
printf '#!/bin/sh\nexec %s "$@"\n' "$real" >asked-java
chmod +x asked-java
expect 0 env RELAYFS_JAVA="$work/asked-java" JAVA_TOOL_OPTIONS=-Dx=y "$relayfs" --which-java

need_fuse
mkdir relay
port=$((20000 + $$ % 20000))
for options in "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:$port" \
        "-Dcom.sun.management.jmxremote.port=$port -Dcom.sun.management.jmxremote.authenticate=false \
         -Dcom.sun.management.jmxremote.ssl=false -Dcom.sun.management.jmxremote.host=127.0.0.1 \
         -Dcom.sun.management.jmxremote.local.only=false -XX:+UseParallelGC"; do
    for variable in JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS RELAYFS_OPTS; do
        expect 0 env "$variable=$options" "$relayfs" mount --log-file "$work/log" relay
        # It is the daemon that listens.
        grep -qE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$port") [0-9A-F:]+ 0A " /proc/net/tcp /proc/net/tcp6 ||
            fail "nobody listens on $port: $variable=$options"
        expect 0 "$relayfs" umount relay
    done
done
