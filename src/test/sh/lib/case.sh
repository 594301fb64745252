# Sourced by every shell case. A case runs in an empty folder of its own and ends with 0 (passed), 77 (skipped: it
# says why) or anything else (failed). What it mounts below its folder is detached when it ends.
# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the cases

set -eu

top=$(cd "$(dirname "$0")/../../.." && pwd)
relayfs=$top/mount-scripts/relayfs
work=$(pwd -P)
PATH=$PATH:/usr/sbin:/sbin
# Daemons log below the folder of the case.
export XDG_STATE_HOME="$work/state"

fail() {
    echo "FAILED: $*"
    exit 1
}

skip() {
    echo "$*"
    exit 77
}

need_program() {
    command -v "$1" >/dev/null 2>&1 || skip "there is no $1"
}

need_fuse() {
    if [ -r /dev/fuse ] && [ -w /dev/fuse ]; then return; fi
    [ "${RELAYFS_REQUIRE_FUSE:-0}" = 1 ] && fail "/dev/fuse cannot be opened, and RELAYFS_REQUIRE_FUSE=1"
    skip "/dev/fuse cannot be opened"
}

# expect CODE COMMAND...: runs it, keeps its output in $said, and fails unless it ends with that code.
expect() {
    expected=$1
    shift
    code=0
    said=$("$@" 2>&1) || code=$?
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $*
$said"
}

# expect_said WORDS: the last output holds these words.
expect_said() {
    case $said in
        *"$1"*) ;;
        *) fail "'$1' was not said, but: $said" ;;
    esac
}

our_mounts() {
    awk -v below="$work/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo
}

detach_mounts() {
    our_mounts | while IFS= read -r mount; do
        # The table writes a space as \040.
        mount=$(printf '%b' "$mount")
        umount -l "$mount" 2>/dev/null || fusermount3 -uz "$mount" 2>/dev/null || true
    done
}

trap detach_mounts EXIT
trap 'exit 1' INT TERM
