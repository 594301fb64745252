# An ordinary user mounts through fusermount3 and can do all but passthrough; others see nothing of it, or, with
# allow_other, what the modes permit.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program fusermount3
in_private_system
add_user relayfs-owner
add_user relayfs-other
groupadd relayfs-readers
home=$here/home-relayfs-owner
owner() { as relayfs-owner "$@"; }
other() { as relayfs-other "$@"; }
denied() {
    ! said=$("$@" 2>&1) || fail "not refused: $*"
    expect_said "Permission denied"
}
mkdir "$here/roots"
# Others may go through, which is for the owner to say.
chmod 0755 "$home"
owner mkdir "$home/relay"
owner "$relayfs" version >/dev/null || skip "an ordinary user cannot run Java here"

# Without the device: what is wrong and what to do.
chmod 0600 /dev/fuse
expect 32 owner "$relayfs" mount "$home/relay"
expect_said "/dev/fuse"
chmod 0666 /dev/fuse

# All but passthrough works, and all belongs to the owner.
expect 0 owner "$relayfs" mount "$home/relay"
expect 0 owner sh -euc "
    cd $home/relay
    echo create app subbuf_size=4K n_subbufs=4 global=1 >control
    [ \"\$(find . ! -user relayfs-owner -o ! -group relayfs-owner)\" = '' ]
    grep -qx 'mmap cached' version
    mkdir made && rmdir made
    echo one >app/write
    [ \"\$(cat app/cpu0)\" = one ]
    chmod 0440 app/dropped && chown relayfs-owner app/dropped && touch app/stats
    [ \"\$(stat -c %a app/dropped)\" = 440 ]"
expect 0 owner "$relayfs" create "$home/relay" second header=padding global=1
expect 0 owner "$relayfs" list "$home/relay"
expect_said second
expect 0 owner "$relayfs" stat "$home/relay" app
expect_said "lost: 0 records"
expect 0 owner sh -c "echo two >$home/relay/app/write"
expect 0 owner "$relayfs" cat "$home/relay" app
[ "$said" = two ] || fail "cat: $said"
owner "$relayfs" record --mmap "$home/relay" second -o "$home/out" >recorded 2>&1 &
record=$!
tries=0
until [ -e "$home/out/cpu0" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || fail "nothing is recorded: $(cat recorded)"
    sleep 0.05
done
expect 0 owner sh -c "echo three >$home/relay/second/write"
expect 0 owner "$relayfs" destroy "$home/relay" second
wait "$record" || fail "record: $(cat recorded)"
[ "$(cat "$home/out/cpu0")" = three ] || fail "recorded: $(cat "$home/out/cpu0")"

# Nobody else, root neither: not by the mount, not by the memory, which root may look at.
for who in other env; do
    denied "$who" ls "$home/relay"
    denied "$who" cat "$home/relay/version"
    denied "$who" sh -c "echo create x >$home/relay/control"
done
memory=/dev/shm/relayfs-$(id -u relayfs-owner)
[ "$(stat -c '%U %a' "$memory" "$memory"/* | sort -u)" = 'relayfs-owner 700' ] || fail "$(ls -lR "$memory")"
[ "$(find "$memory" -type f -printf '%u %m\n' | sort -u)" = 'relayfs-owner 600' ] || fail "$(ls -lR "$memory")"
denied other ls "$memory"
expect 32 other "$relayfs" umount "$home/relay"
expect 0 owner "$relayfs" umount "$home/relay"
[ -z "$(our_mounts)" ] || fail "still mounted"
[ ! -e "$memory" ] || fail "memory is left: $(ls -lR "$memory")"

# Not on what belongs to somebody else, and passthrough is for root.
expect 32 owner "$relayfs" mount "$here/roots"
expect 32 owner "$relayfs" mount -o mmap=passthrough "$home/relay"
expect_said "passthrough"

# Somebody else was first with the folder of the memory: a folder of theirs, a link; or it is open to others.
other mkdir "$memory"
expect 32 owner "$relayfs" mount "$home/relay"
expect_said "$memory: not a directory of this user"
rmdir "$memory"
owner mkdir "$home/elsewhere"
other ln -s "$home/elsewhere" "$memory"
expect 32 owner "$relayfs" mount "$home/relay"
expect_said "$memory: not a directory of this user"
[ -z "$(ls "$home/elsewhere")" ] || fail "a link was followed"
rm "$memory"
owner mkdir -m 0755 "$memory"
expect 32 owner "$relayfs" mount "$home/relay"
expect_said "run chmod 0700"
rmdir "$memory"

# allow_other is for root to permit. Then others can do what the modes permit.
expect 32 owner "$relayfs" mount -o allow_other "$home/relay"
expect_said "user_allow_other"
echo user_allow_other >>/etc/fuse.conf
expect 0 owner "$relayfs" mount -o allow_other "$home/relay"
expect 0 owner sh -c "cd $home/relay && echo create app global=1 subbuf_size=4K >control && echo seen >app/write"
expect 0 other sh -euc "cd $home/relay; ls . app; cat version; grep ^app channels"
for file in control error_log app/cpu0 app/stats app/dropped app/subbuf_size app/cpu0.produced; do
    denied other cat "$home/relay/$file"
done
denied other sh -c "echo create x >$home/relay/control"
denied other mkdir "$home/relay/x"
denied other rmdir "$home/relay/app"
expect 1 other chmod 0666 "$home/relay/app/cpu0"
expect_said "not permitted"
expect 0 owner chmod 0444 "$home/relay/app/cpu0"
expect 0 other cat "$home/relay/app/cpu0"
[ "$said" = seen ] || fail "read by another: $said"
expect 0 cat "$home/relay/app/cpu0"

# One user cannot hold all that the daemon has: after 1024 open files it is told so, and the owner goes on.
cat >"$here/holder.py" <<'END'
import errno, os, resource, sys
uid, gid, relay = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
resource.setrlimit(resource.RLIMIT_NOFILE, (8192, 8192))

def hold():
    held = []
    try:
        while len(held) < 8000:
            held.append(os.open(relay + '/channels', os.O_RDONLY))
            os.read(held[-1], 1)
    except OSError as e:
        print(len(held), errno.errorcode[e.errno], flush=True)

ready, done = os.pipe(), os.pipe()
if os.fork() == 0:
    os.close(done[1])
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    hold()
    os.write(ready[1], b'.')
    os.read(done[0], 1)
    os._exit(0)
os.close(ready[1])
os.read(ready[0], 1)
print('root reads on:', open(relay + '/version').readline())
os.close(done[1])
os.wait()
END
if command -v python3 >/dev/null 2>&1; then
    expect 0 python3 "$here/holder.py" "$(id -u relayfs-other)" "$(id -g relayfs-other)" "$home/relay"
    expect_said "1024 ENFILE"
    expect_said "root reads on: relayfs"
    expect 0 other cat "$home/relay/version"
fi
expect 0 owner fusermount3 -u "$home/relay"

# What root mounts for others stays root's, whoever checks the modes. Further groups of a user count, too.
for options in allow_other allow_other,default_permissions; do
    expect 0 "$relayfs" mount --log-file "$work/log" -o "$options" "$here/roots"
    echo 'create app global=1 subbuf_size=4K' >"$here/roots/control"
    echo secret >"$here/roots/app/write"
    expect 0 owner grep -q ^app "$here/roots/channels"
    for file in app/cpu0 app/stats app/dropped control error_log app/subbuf_size app/cpu0.consumed; do
        denied owner cat "$here/roots/$file"
    done
    [ "$(stat -c '%U %a' "$here/roots/app/cpu0")" = 'root 400' ] || fail "$(ls -l "$here/roots/app")"
    chgrp relayfs-readers "$here/roots/app/dropped"
    chmod 0440 "$here/roots/app/dropped"
    said=$(setpriv --reuid=relayfs-owner --regid="$(id -g relayfs-owner)" --groups="$(getent group relayfs-readers | cut -d: -f3)" \
        cat "$here/roots/app/dropped" 2>&1) || true
    [ "$said" = 0 ] || fail "$options, in a further group: $said"
    [ "$(cat "$here/roots/app/cpu0")" = secret ] || fail "root cannot read its own"
    expect 0 "$relayfs" umount "$here/roots"
done
for name in relayfs-owner relayfs-other; do
    userdel --force "$name"
    ! id "$name" 2>/dev/null || fail "$name is left"
done
