# Field case 4: neither quickstart nor check builds over a jar that somebody runs from. The daemon of a mount does not.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program mvn
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"
unset RELAYFS_JAR

# A source tree whose jar is old.
mkdir -p tree/src/main tree/target relay
cp -r "$top/mount-scripts" tree/
cp "$top/target/relayfs.jar" tree/target/
touch -d '+1 minute' tree/pom.xml
relayfs=$work/tree/mount-scripts/relayfs
export RELAYFS_DEMO="$work/demo"
refused() {
    for script in 'quickstart --once' check; do
        # shellcheck disable=SC2086 # a list
        expect 1 timeout 60 "$work/tree/mount-scripts/"$script
        expect_said "$1"
        [ "$(stat -c %i tree/target/relayfs.jar)" = "$jar" ] || fail "the jar was written anew"
    done
}
jar=$(stat -c %i tree/target/relayfs.jar)

# A command that runs.
expect 0 "$top/mount-scripts/relayfs" mount --log-file "$work/log" relay
expect 0 "$relayfs" create "$work/relay" app
"$relayfs" cat -f "$work/relay" app >/dev/null 2>&1 &
reader=$!
tries=0
until find "/proc/$reader/fd" -lname '*/relayfs.jar' 2>/dev/null | grep -q .; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || fail "cat does not start"
    sleep 0.05
done
refused "process $reader runs from target/relayfs.jar"
expect 0 "$relayfs" destroy "$work/relay" app
wait "$reader" || true # it may not have begun
expect 0 "$top/mount-scripts/relayfs" umount relay

# Nobody but the daemon of a mount, which has a copy: on to the build.
expect 0 "$relayfs" mount --log-file "$work/log" relay
mkdir programs
printf '#!/bin/sh\necho "built by $*"\nexit 1\n' >programs/mvn
chmod +x programs/mvn
expect 1 env PATH="$work/programs:$PATH" tree/mount-scripts/quickstart --once
expect_said "built by"
expect_said "the build failed"
expect 0 "$relayfs" umount relay
