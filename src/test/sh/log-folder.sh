# Field cases 15 and 23: the log of a user without a home is in a folder of the user's own below TMPDIR, and in no other: not
# in one that is a link, that is somebody else's, or that others may write to. The user's number may be 2^31 or more.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program setpriv
in_private_system
unset XDG_STATE_HOME
chmod 0666 /dev/fuse
uid=4000000000
echo "many:x:$uid:$uid::/nonexistent:/bin/sh" >>/etc/passwd
echo "many:x:$uid:" >>/etc/group
mkdir -m 1777 "$here/tmp"
mkdir "$here/relay"
chown "$uid:$uid" "$here/relay"
log=$here/tmp/relayfs-log-$uid
many() { setpriv --reuid="$uid" --regid="$uid" --clear-groups --reset-env --inh-caps=-all env TMPDIR="$here/tmp" "$@"; }
refused() {
    expect 2 many "$relayfs" mount "$here/relay"
    expect_said "no home, and $log cannot hold the log: $1; --log-file names another"
    [ -z "$(our_mounts)" ] || fail "it is mounted"
}

mkdir "$here/elsewhere"
chown "$uid:$uid" "$here/elsewhere"
ln -s "$here/elsewhere" "$log"
refused 'not a folder of this user'
rm "$log"
: >"$log"
chown "$uid:$uid" "$log"
refused 'not a folder of this user'
rm "$log"
mkdir -m 0777 "$log"
refused 'not a folder of this user'
chown "$uid:$uid" "$log"
refused 'other users may write to it'
chmod 0775 "$log"
refused 'other users may write to it'
rmdir "$log"
[ -z "$(ls -A "$here/elsewhere")" ] || fail "written: $(ls -A "$here/elsewhere")"

# A path that does not begin with / is none.
mkdir -m 1777 "$here/cwd"
cd "$here/cwd"
expect 0 many env XDG_STATE_HOME=state HOME=home "$relayfs" mount "$here/relay"
[ -z "$(ls -A)" ] || fail "made in the working directory: $(ls -A)"
expect 0 many "$relayfs" umount "$here/relay"
cd "$work"

expect 0 many "$relayfs" mount "$here/relay"
[ "$(stat -c '%a %u' "$log")" = "700 $uid" ] || fail "$(stat -c '%a %u' "$log")"
grep -q 'mounted on' "$log/mnt-relay.log" || fail "no log"
[ "$(stat -c '%a %u' "/dev/shm/relayfs-$uid")" = "700 $uid" ] || fail "memory: $(ls -l /dev/shm)"
[ "$(many stat -c %u "$here/relay/control")" = "$uid" ] || fail "owner: $(many stat -c %u "$here/relay/control")"
expect 0 many "$relayfs" create "$here/relay" app global=1 subbuf_size=4K
expect 0 many "$relayfs" doctor
expect 0 many "$relayfs" umount "$here/relay"
[ -z "$(ls -A /dev/shm)" ] || fail "left: $(ls -A /dev/shm)"
# The same folder serves again.
expect 0 many "$relayfs" mount "$here/relay"
expect 0 many "$relayfs" umount "$here/relay"
