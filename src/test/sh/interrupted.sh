# Field case 29: a mount that is interrupted while it comes up does not come up later; an interrupted quickstart takes its
# mount and its folder away.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program setsid
mkdir relay

daemons() { pgrep -f "mount -f .*$work/$1" || true; }
wait_for() {
    tries=0
    until eval "$1"; do
        tries=$((tries + 1))
        [ "$tries" -lt 1000 ] || fail "in vain: $1: $(cat said)"
        sleep 0.02
    done
}

# in_group COMMAND...: starts it as a terminal does, in a process group of its own and with the signals as they should be.
# Nothing that was said before is taken for its words, even before it has the file.
in_group() {
    : >said
    setsid env --default-signal=HUP,INT,TERM "$@" >said 2>&1 &
    group=$!
}
in_group true
wait "$group" || skip "env cannot give a program its SIGINT back"

# Ctrl-C reaches the whole group; a signal from elsewhere only the command. The daemon is caught while it mounts.
for signal in INT TERM HUP KILL; do
    for target in group command; do
        in_group "$relayfs" mount --log-file "$work/log" "$work/relay"
        # shellcheck disable=SC2016 # for later
        wait_for '[ -n "$(daemons relay)" ] || ! kill -0 "$group" 2>/dev/null'
        case $target in group) kill -s "$signal" -- "-$group" ;; command) kill -s "$signal" "$group" ;; esac ||
            fail "the command had ended: $(cat said)"
        code=0
        wait "$group" || code=$?
        if [ "$code" = 0 ]; then
            echo "mounted before $signal came"
            expect 0 "$relayfs" umount relay
            continue
        fi
        # shellcheck disable=SC2016 # for later
        wait_for '[ -z "$(daemons relay)" ]'
        [ -z "$(our_mounts)" ] || fail "$signal to the $target: mounted all the same: $(cat log)"
    done
done
grep -q 'nobody is waiting any more' log || fail "nothing was interrupted: $(cat log)"

# quickstart, at several points of its way.
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"
export RELAYFS_DEMO="$work/demo folder"
# shellcheck disable=SC2016 # for later
for moment in '[ -n "$(daemons "demo folder")" ]' '[ -d "$RELAYFS_DEMO/demo" ]' 'grep -q "^record 3," said'; do
    for signal in INT HUP; do
        in_group "$top/mount-scripts/quickstart"
        wait_for "$moment"
        kill -s "$signal" -- "-$group"
        code=0
        wait "$group" || code=$?
        case $signal:$code in INT:130 | HUP:129) ;; *) fail "$signal: exit code $code: $(cat said)" ;; esac
        # A process that is just becoming the daemon can be overlooked by quickstart: it finds nobody waiting, and ends.
        # shellcheck disable=SC2016 # for later
        wait_for '[ -z "$(daemons "demo folder")" ]'
        [ -z "$(our_mounts)" ] || fail "$signal at $moment left the mount: $(cat said)"
        [ ! -e "$RELAYFS_DEMO" ] || fail "$signal at $moment left the folder: $(cat said)"
    done
done
