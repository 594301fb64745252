# Those who follow a channel end when its daemon does: with all that there was when it ends in an orderly way, with an
# error when it is killed. Nobody waits for a daemon that does not answer for ever.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
export XDG_STATE_HOME="$work/state"
mkdir relay

# start_all: a daemon, a channel with a record that nobody has read, record, cat -f and stat --watch.
start_all() {
    expect 0 "$relayfs" mount --log-file "$work/log" relay
    daemon=$(daemon_of "$work/relay")
    expect 0 "$relayfs" create "$work/relay" recorded
    expect 0 "$relayfs" create "$work/relay" printed
    rm -rf out
    "$relayfs" record "$work/relay" recorded -o out >record.said 2>&1 &
    record=$!
    "$relayfs" cat -f "$work/relay" printed >cat.said 2>&1 &
    cat=$!
    "$relayfs" stat "$work/relay" --watch 0.1 >stat.said 2>&1 &
    stat=$!
    echo hello >relay/printed/write
    wait_for 'grep -q hello cat.said'
    wait_for 'ls out/cpu* >/dev/null 2>&1'
    wait_for '[ -s stat.said ]'
    echo hello >relay/recorded/write
}

wait_for() {
    tries=0
    until eval "$1"; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail "in vain: $1: $(cat record.said cat.said stat.said)"
        sleep 0.05
    done
}

# ends_with CODE PID: within the seconds that a test has.
ends_with() {
    code=0
    wait "$2" || code=$?
    [ "$code" = "$1" ] || fail "ended with $code instead of $1: $(cat record.said cat.said stat.said)"
}

start_all
kill -TERM "$daemon"
ends_with 0 "$record"
ends_with 0 "$cat"
kill "$stat" 2>/dev/null || true
wait "$stat" || true
[ "$(cat out/cpu*)" = hello ] || fail "recorded: $(cat out/cpu*)"
grep -q '^lost: 0 records' record.said || fail "no summary: $(cat record.said)"
[ "$(cat cat.said)" = hello ] || fail "printed: $(cat cat.said)"

start_all
# shellcheck disable=SC2016 # for later
wait_for '[ "$(cat out/cpu*)" = hello ]'
kill -KILL "$daemon"
ends_with 2 "$record"
ends_with 2 "$cat"
ends_with 2 "$stat"
forget "$daemon"
# The latter, when the daemon dies while the kernel waits for its answer.
gone='^relayfs: .*(Transport endpoint is not connected|Software caused connection abort)'
grep -q '^all ' record.said || fail "no summary: $(cat record.said)"
tail -n 1 record.said | grep -qE "$gone" || fail "recorded: $(cat record.said)"
tail -n 1 cat.said | grep -qE "$gone" || fail "printed: $(cat cat.said)"
tail -n 1 stat.said | grep -qE "$gone" || fail "watched: $(tail -n 3 stat.said)"

# The next mount takes the place of the dead one. A stopped daemon: a signal ends them, at the latest when it goes on. The
# kernel lets nobody go whose request the daemon has taken already.
start_all
kill -STOP "$daemon"
kill -TERM "$record" "$cat" "$stat"
sleep 0.5
kill -CONT "$daemon"
for process in "$record" "$cat" "$stat"; do wait "$process" || true; done
expect 0 "$relayfs" umount relay
