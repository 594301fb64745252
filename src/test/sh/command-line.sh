# The command line: its words and its exit codes, without a mount.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"

expect 0 "$relayfs" version
expect_said "relayfs "
expect_said "layout "
case $said in *WARNING*) fail "the JDK warned: $said" ;; esac
expect 0 "$relayfs" --version
expect_said "relayfs "
expect 0 "$relayfs" --help
expect_said "mount"
expect 0 "$relayfs" help mount
expect_said "--foreground"

# Field case 24: an error is one line, which says where the help is and what may have been meant.
refused() {
    code=0
    "$relayfs" "$@" >out 2>err || code=$?
    [ "$code" = 1 ] || fail "exit code $code: $* $(cat err)"
    [ ! -s out ] || fail "on standard output: $(cat out)"
    [ "$(wc -l <err)" = 1 ] || fail "not one line: $(cat err)"
    said=$(cat err)
}
refused
expect_said "relayfs: no command is given; see relayfs --help"
refused frobnicate
[ "$said" = "relayfs: there is no command frobnicate; see relayfs --help" ] || fail "$said"
refused mnt .
expect_said "no command mnt (did you mean mount?)"
refused help mont
expect_said "(did you mean mount?)"
refused mount --froeground .
expect_said "unknown option --froeground (did you mean --foreground?); see relayfs mount --help"
refused mount
expect_said "missing required parameter: 'DIR'; see relayfs mount --help"
refused list a b
expect_said "too many arguments: b"
refused mount -o allow_ohter .
expect_said "unknown mount option allow_ohter (did you mean allow_other?); the options are uid, gid"
expect 0 "$relayfs" umount --help
expect_said "Also called relayfs unmount."
expect 1 "$relayfs" mount / -f
expect_said "/ cannot be a mount point"
expect 32 "$relayfs" mount missing/folder
expect_said "No such directory"

expect 32 "$relayfs" umount "$work"
expect_said "is not mounted"
expect 1 "$relayfs" umount /proc
expect_said "not unmounted"
