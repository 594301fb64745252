# Field case 4: a jar that is built or installed anew does not change a daemon that runs; a program that embeds relayfs
# and whose jar is taken away from under it answers what it can no more with an error, and says so.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"
mkdir relay temp
export RELAYFS_JAR="$work/relayfs.jar" TMPDIR="$work/temp"

# A new jar in the place of the old one, as a build writes it: the same file with other bytes.
spoil() {
    head -c 5000000 /dev/zero | tr '\0' x 1<>"$RELAYFS_JAR"
    [ "$(stat -c %i "$RELAYFS_JAR")" = "$inode" ] || fail "the jar is another file"
}

renew() {
    rm -f "$RELAYFS_JAR"
    cp "$top/target/relayfs.jar" "$RELAYFS_JAR"
    inode=$(stat -c %i "$RELAYFS_JAR")
}

# use: what needs classes that were not needed before.
use() {
    expect 0 timeout 10 cat relay/channels
    expect_said "app"
    expect 0 timeout 10 sh -c 'echo hello >relay/app/write && cat relay/app/cpu* && cat relay/app/stats'
    expect_said hello
    expect 1 timeout 10 sh -c 'echo nonsense >relay/control'
    expect 0 timeout 10 cat relay/error_log
    expect_said nonsense
    expect 0 timeout 10 rmdir relay/app
}

ended() {
    tries=0
    while kill -0 "$1" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 400 ] || fail "process $1 does not end"
        sleep 0.05
    done
}

# A daemon.
renew
expect 0 "$relayfs" mount --log-file "$work/log" relay
daemon=$(daemon_of "$work/relay")
echo create app global=1 >relay/control
spoil
use
kill "$daemon"
ended "$daemon"
[ -z "$(our_mounts)" ] || fail "the daemon has left its mount: $(cat log)"
if grep -qE 'ERROR|WARN' log; then fail "the daemon complained: $(cat log)"; fi

# In the foreground.
renew
"$relayfs" mount -f relay >said 2>&1 &
foreground=$!
tries=0
until grep -q '^mounted on' said; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "no mount: $(cat said)"
    sleep 0.05
done
echo create app global=1 >relay/control
spoil
use
kill "$foreground"
ended "$foreground"
[ -z "$(our_mounts)" ] || fail "the foreground has left its mount: $(cat said)"
[ -z "$(find temp -name '*.jar' -o -name 'tmp.*')" ] || fail "left behind: $(ls temp)"

# A program.
renew
mkfifo fifo
"$("$relayfs" --which-java)" --enable-native-access=ALL-UNNAMED -cp "$RELAYFS_JAR:$top/target/example-classes" \
    org.relayfs.examples.EmbeddedLogger relay 1 1 <fifo >said 2>&1 &
program=$!
exec 3>fifo
tries=0
until grep -q '^written' said; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "no mount: $(cat said)"
    sleep 0.05
done
spoil
expect 1 timeout 10 cat relay/channels
expect_said "Input/output error"
# The answer comes first.
tries=0
until grep -q "ERROR .*failed" said; do
    tries=$((tries + 1))
    [ "$tries" -lt 400 ] || fail "not a word: $(cat said)"
    sleep 0.05
done
code=0
timeout 10 sh -c 'echo hello >relay/control' 2>>said || code=$?
[ "$code" = 1 ] || [ "$code" = 2 ] || fail "echo ended with $code: $(cat said)"
kill -KILL "$program"
wait "$program" || true
forget "$program"
