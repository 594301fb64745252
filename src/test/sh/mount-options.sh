# The options of mount that show in the mount.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
export XDG_STATE_HOME="$work/state"
mkdir relay
# Who is not root cannot go into what is another's.
if [ "$(id -u)" = 0 ]; then
    uid=12 gid=34 others=allow_other
else
    uid=$(id -u) gid=$(id -g) others=default_permissions
fi

expect 0 "$relayfs" mount --log-file "$work/log" -o "mode=750,uid=$uid,gid=$gid,size=1M,nr_channels=2" relay
[ "$(stat -c '%a %u %g' relay)" = "750 $uid $gid" ] || fail "root: $(stat -c '%a %u %g' relay)"
expect 1 "$relayfs" create "$work/relay" large
expect_said "quota: bytes="
expect_said "of 1048576"
expect 0 "$relayfs" create "$work/relay" small subbuf_size=4K n_subbufs=2
mkdir relay/second
! mkdir relay/third 2>/dev/null || fail "nr_channels is ignored"
expect 0 "$relayfs" umount relay

# How buffers are mapped; who may use the mount, and who checks it; what can be changed.
for options in mmap=off mmap=cached,ro "default_permissions,$others"; do
    expect 0 "$relayfs" mount --log-file "$work/log" -o "$options" relay
    shown=$(awk -v dir="$work/relay" '$5 == dir { print $6 "," $NF }' /proc/self/mountinfo)
    case $options in
        mmap=off) grep -qx 'mmap off' relay/version || fail "$options: $(cat relay/version)" ;;
        *ro)
            grep -qx 'mmap cached' relay/version || fail "$options: $(cat relay/version)"
            case $shown in ro,*) ;; *) fail "$options: shown as $shown" ;; esac
            expect 1 mkdir relay/app
            expect_said "Read-only file system"
            ;;
        *)
            for option in default_permissions "$others"; do
                case $shown in *"$option"*) ;; *) fail "$option is not in $shown" ;; esac
            done
            ;;
    esac
    expect 0 "$relayfs" umount relay
done
touch relay/file
expect 32 "$relayfs" mount --log-file "$work/log" relay
expect_said "the option nonempty mounts anyway"
if [ "${RELAYFS_CASE_ALONE:-}" = yes ]; then
    # What the daemon has said before its last word is not repeated.
    mkdir -m 0700 "/dev/shm/relayfs-$(id -u)" "/dev/shm/relayfs-$(id -u)/999999999-1-1"
    expect 32 "$relayfs" mount --log-file "$work/log" relay
    [ "$(echo "$said" | grep -c 'note: dead')" = 1 ] || fail "said twice: $said"
    rm -r "/dev/shm/relayfs-$(id -u)"
fi
expect 0 "$relayfs" mount --log-file "$work/log" -o nonempty,nr_channels=1,threads=1 relay
[ ! -e relay/file ] || fail "what is below is seen"
expect 0 "$relayfs" umount relay
rm relay/file

# What mount(8) hands to every helper, also from an fstab, means nothing here.
swallowed=defaults,rw,auto,noauto,user=me,nouser,users,owner,group,nofail,_netdev,dev,nodev,suid,nosuid,exec,noexec,atime
swallowed=$swallowed,noatime,relatime,norelatime,strictatime,diratime,nodiratime,async,sync,dirsync,lazytime,nolazytime
swallowed=$swallowed,silent,loud,iversion,noiversion,mand,nomand,comment=x,x-systemd.automount,X-mount.mkdir=755,,
expect 0 "$relayfs" mount --log-file "$work/log" -o "$swallowed" relay
expect 0 "$relayfs" umount relay

# A value that is none is named, with its limit and the remedy; MountSettingsTest has them all.
refused() {
    expect 1 "$relayfs" mount -o "$1" relay
    [ "$said" = "relayfs: mount option $1: $2" ] || fail "$1: $said"
}
refused uid=root 'limit=0 to 4294967294; id -u USER prints it'
refused mode=888 'limit=0 to 777; write it in octal, as chmod takes it'
refused size=9223372036854775807 'limit=1 to 140737488355328; bytes, or with K, M or G, as in size=512M'
refused size=much 'limit=1 to 140737488355328; bytes, or with K, M or G, as in size=512M'
refused mmap=fast 'mmap mode: mmap=fast, limit=auto, passthrough, cached or off'

# auto_unmount: the mount goes with its daemon, however that ends. It is fusermount that sees to it, and it looks once: on a
# machine with much to do it has been seen to leave a mount that was not quite dead yet. So it has three tries.
auto_unmounts() {
    expect 0 "$relayfs" mount --log-file "$work/log" --pid-file "$work/pid" -o auto_unmount relay
    # Its own word: /proc may be that of another PID namespace.
    daemon=$(cat "$work/pid")
    kill -KILL "$daemon"
    tries=0
    while [ -n "$(our_mounts)" ] && [ "$tries" -lt 200 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
    forget "$daemon"
    [ -z "$(our_mounts)" ] && return
    detach_mounts
    return 1
}
if command -v fusermount >/dev/null 2>&1; then
    auto_unmounts || auto_unmounts || auto_unmounts || fail "the mount stays"
fi
