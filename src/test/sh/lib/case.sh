# Sourced by every shell case. A case runs in an empty folder of its own and ends with 0 (passed), 77 (skipped: it
# says why) or anything else (failed). What it mounts below its folder is detached when it ends.
# shellcheck shell=sh
# shellcheck disable=SC2034 # used by the cases

set -eu

# As root, a case has a mount namespace, without other relayfs, and a shared memory of its own: other daemons, and what other
# tests have left, do not disturb it, nor it them.
if [ -z "${RELAYFS_CASE_ALONE:-}" ] && [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    exec env RELAYFS_CASE_ALONE=new unshare -m sh "$0"
fi
if [ "${RELAYFS_CASE_ALONE:-}" = new ]; then
    export RELAYFS_CASE_ALONE=yes
    mount -t tmpfs -o "mode=1777,size=$(df -kP /dev/shm | awk 'NR == 2 { print $2 }')k" tmpfs /dev/shm
    awk '/ - fuse.relayfs / { print $5 }' /proc/self/mountinfo | while IFS= read -r other; do
        umount -l "$(printf '%b' "$other")" || true
    done
fi

top=$(cd "$(dirname "$0")/../../.." && pwd)
relayfs=$top/mount-scripts/relayfs
work=$(pwd -P)
PATH=$PATH:/usr/sbin:/sbin
# What programs say is compared, so it is to be English.
export LC_ALL=C
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

# need_fuse: skips the case where nothing can be mounted; RELAYFS_REQUIRE_FUSE=1 makes that a failure.
need_fuse() {
    # shellcheck source=/dev/null # its own names are its own
    if obstacle=$(. "$top/mount-scripts/prepare.sh" && can_mount); then return; fi
    [ "${RELAYFS_REQUIRE_FUSE:-0}" = 1 ] && fail "RELAYFS_REQUIRE_FUSE=1, but: $obstacle"
    skip "$obstacle"
}

# expect CODE COMMAND...: runs it, keeps its output in $said, and fails unless it ends with that code. Who is not alone shares
# the memory with other tests, which kill daemons: what is noted about that is not of this case.
expect() {
    expected=$1
    shift
    code=0
    said=$("$@" 2>&1) || code=$?
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $*
$said"
    if [ -z "${RELAYFS_CASE_ALONE:-}" ]; then
        said=$(printf '%s' "$said" | grep -v '^relayfs: note: dead processes have left' || true)
    fi
}

# expect_said WORDS: the last output holds these words.
expect_said() {
    case $said in
        *"$1"*) ;;
        *) fail "'$1' was not said, but: $said" ;;
    esac
}

# in_private_system: goes on in a mount namespace of its own, where /usr, /etc, /dev/fuse and /dev/shm can be changed: nobody
# else sees it, and it ends with the case, however that ends. With let_others_reach_relayfs.
in_private_system() {
    need_program unshare
    [ "$(id -u)" = 0 ] || skip "only root has mount namespaces of its own"
    if [ "${RELAYFS_CASE_PRIVATE:-}" = "" ]; then
        exec unshare -m env RELAYFS_CASE_PRIVATE=1 sh "$0"
    fi
    mkdir layers
    mount -t tmpfs -o mode=0755 tmpfs layers
    for folder in usr etc; do
        mkdir "layers/$folder" "layers/$folder.work"
        mount -t overlay -o "lowerdir=/$folder,upperdir=$work/layers/$folder,workdir=$work/layers/$folder.work" \
            overlay "/$folder" || skip "there is no overlay file system"
    done
    mount -t tmpfs -o mode=1777 tmpfs /dev/shm
    cp -a /dev/fuse layers/fuse
    mount --bind layers/fuse /dev/fuse
    let_others_reach_relayfs
}

# let_others_reach_relayfs: in a mount namespace of one's own, $here is a folder that other users can reach, wherever the
# sources are, with relayfs in it.
let_others_reach_relayfs() {
    here=/mnt
    mount -t tmpfs -o mode=0755 tmpfs "$here"
    mkdir -p "$here/bin" "$here/share/relayfs"
    cp "$top/mount-scripts/relayfs" "$here/bin/relayfs"
    chmod 0755 "$here/bin/relayfs"
    # With its cache of classes, if check has made one, which is known by the jar's time.
    for file in relayfs.jar relayfs.aot; do
        [ -e "$top/target/$file" ] || continue
        cp -p "$top/target/$file" "$here/share/relayfs/$file"
        chmod 0644 "$here/share/relayfs/$file"
    done
    relayfs=$here/bin/relayfs
}

# add_user NAME: a user of the private system, with a home.
add_user() {
    need_program useradd
    need_program setpriv
    useradd --no-log-init --user-group --create-home --home-dir "$here/home-$1" --shell /bin/sh "$1" || fail "cannot make the user $1"
}

# as USER COMMAND...: as that user would run it after a login.
as() {
    user=$1
    shift
    setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --reset-env --inh-caps=-all \
        env TMPDIR="$here/home-$user" "$@"
}

our_mounts() {
    awk -v below="$work/" -v here="${here:-$work}/" \
        '/ - fuse/ && (index($5, below) == 1 || index($5, here) == 1) { print $5 }' /proc/self/mountinfo
}

detach_mounts() {
    our_mounts | while IFS= read -r mount; do
        # The table writes a space as \040.
        mount=$(printf '%b' "$mount")
        umount -l "$mount" 2>/dev/null || fusermount3 -uz "$mount" 2>/dev/null || true
    done
}

# daemon_of DIR: the process that serves the mount there; the same folder may be another mount's elsewhere.
daemon_of() {
    for process in $(pgrep -f "mount -f .*$1\$"); do
        if [ "$(readlink "/proc/$process/ns/mnt")" = "$(readlink /proc/self/ns/mnt)" ]; then echo "$process"; fi
    done
}

# forget PROCESS: removes the memory that a killed daemon leaves for recovery.
forget() { rm -rf "/dev/shm/relayfs-$(id -u)/$1"-*; }

# end_children PROCESS: what it has started and is still there, in the background of a case that has failed.
end_children() {
    for child in $(pgrep -P "$1"); do
        end_children "$child"
        kill -KILL "$child" 2>/dev/null || true
    done
}

trap 'end_children $$; detach_mounts' EXIT
trap 'exit 1' INT TERM
