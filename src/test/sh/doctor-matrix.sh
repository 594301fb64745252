# Field cases 15, 16 and 31: what doctor says beforehand and what mount does afterwards agree, in each of these environments.
# Where a mount fails, doctor has named the remedy; nobody sees an exception; nothing is made in the working directory.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program unshare
need_program setpriv
[ "$(id -u)" = 0 ] || skip "only root can make such environments"

# environment NAME WORKS|WORDS-THAT-DOCTOR-SAYS [COMMAND-BEFORE-RELAYFS...]: in a system of its own, which set_up_NAME changes.
environment() {
    if [ -z "${RELAYFS_ENVIRONMENT:-}" ]; then
        mkdir "$1"
        # Two at a time.
        case $running in *' '*) finish_one ;; esac
        (cd "$1" && RELAYFS_ENVIRONMENT=$1 unshare -m sh "$script") >"$1.said" 2>&1 &
        running="$running${running:+ }$!:$1"
        return 0
    fi
    [ "$RELAYFS_ENVIRONMENT" = "$1" ] || return 0
    name=$1 wanted=$2
    shift 2
    judge "$@"
}

finish_one() {
    first=${running%% *}
    case $running in *' '*) running=${running#* } ;; *) running= ;; esac
    wait "${first%%:*}" || failed="$failed ${first#*:}"
    cat "${first#*:}.said"
}

private_system() {
    RELAYFS_CASE_PRIVATE=1
    in_private_system
    add_user plain
    owner=plain
    options=
    chmod 0666 /dev/fuse
    mkdir -m 0777 "$here/out" "$here/cwd"
    mount -t tmpfs -o mode=1777 tmpfs /tmp
    unset XDG_STATE_HOME HOME
    cd "$here/cwd"
}

judge() {
    private_system
    "set_up_$name"
    mkdir -p "$here/relay"
    chown "$owner" "$here/relay"
    cat >"$here/try" <<END
try() { "$relayfs" "\$@" >"$here/out/\$1" 2>&1 </dev/null; echo \$? >"$here/out/\$1.code"; }
try doctor $options
try mount $options "$here/relay"
umount -l "$here/relay" 2>/dev/null # from outside, a namespace of its own could not be reached
END
    "$@" sh "$here/try" || true
    said_by_doctor=$(cat "$here/out/doctor.code") said_by_mount=$(cat "$here/out/mount.code")
    # doctor has unmounted by the same command, in the same environment.
    [ "$said_by_mount" != 0 ] || grep -q 'a mount was made, and unmounted' "$here/out/doctor" || wrong "no umount"
    case $said_by_doctor.$said_by_mount in
        # 4: it works, and somebody else has left something behind.
        0.0 | 4.0) [ "$wanted" = WORKS ] || wrong "it works" ;;
        0.* | 4.* | *.0) wrong "doctor and mount do not agree" ;;
        2.1 | 2.2 | 2.32)
            grep -q '^BAD ' "$here/out/doctor" || wrong "doctor names nothing bad"
            awk 'bad && !/^ +remedy: ../ { exit 1 } { bad = /^BAD / }' "$here/out/doctor" || wrong "no remedy"
            grep -q -e "$wanted" "$here/out/doctor" || wrong "doctor does not say '$wanted'"
            ;;
        *) wrong "exit codes" ;;
    esac
    if grep -E 'Exception|^	at ' "$here/out/doctor" "$here/out/mount"; then wrong "an exception is seen"; fi
    [ -z "$(ls -A "$here/cwd")" ] || wrong "made in the working directory: $(ls -A "$here/cwd")"
    echo "$name: $wanted"
    exit 0
}

wrong() {
    fail "$name: $1
doctor ended with $said_by_doctor:
$(cat "$here/out/doctor")
mount ended with $said_by_mount:
$(cat "$here/out/mount")"
}

# dev_with NAME...: /dev with only the most needed files and these.
dev_with() {
    mkdir /tmp/dev
    mount -t tmpfs tmpfs /tmp/dev
    for file in null zero random urandom "$@"; do cp -a "/dev/$file" /tmp/dev/; done
    mount --move /tmp/dev /dev
}
shm_of() {
    umount /dev/shm
    mount -t tmpfs -o "size=$1,mode=1777" tmpfs /dev/shm
}

set_up_root() { :; }
set_up_user() { :; }
set_up_nameless() { owner=4242; }
set_up_homeless() { :; }
set_up_no_new_privs() { :; }
set_up_device_absent() { dev_with; mkdir -m 1777 /dev/shm; mount -t tmpfs -o mode=1777 tmpfs /dev/shm; }
set_up_device_closed() { chmod 0600 /dev/fuse; }
set_up_device_forbidden() {
    mount -t tmpfs -o nodev tmpfs /tmp
    cp -a /dev/fuse /tmp/fuse
    mount --bind /tmp/fuse /dev/fuse
}
set_up_device_other() { mount --bind /dev/null /dev/fuse; }
set_up_proc_pids_only() { mount -t proc -o subset=pid proc /proc; }
set_up_proc_hidden() { mount -t proc -o hidepid=2 proc /proc; }
set_up_no_sys() { mount -t tmpfs tmpfs /sys; }
set_up_no_memory_folder() { dev_with fuse; }
set_up_memory_full() { shm_of 64m; head -c 67108864 /dev/zero >/dev/shm/filler 2>/dev/null || true; }
set_up_memory_nearly_full() { shm_of 64m; head -c 67043328 /dev/zero >/dev/shm/filler; }
set_up_memory_noexec() { mount -o remount,noexec,nosuid,nodev /dev/shm; }
set_up_memory_read_only() { mount -o remount,ro /dev/shm; }
set_up_memory_of_another() { mkdir "/dev/shm/relayfs-$(id -u plain)"; }
set_up_tmp_noexec() { mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp; }
set_up_tmp_noexec_other_given() { mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp; }
set_up_tmp_read_only() { mount -o remount,ro /tmp; }
set_up_no_fusermount() { rm -f /usr/bin/fusermount3 /usr/bin/fusermount; }
set_up_no_fusermount_for_root() { set_up_no_fusermount; }
set_up_fusermount_without_suid() { chmod u-s /usr/bin/fusermount3; }
set_up_mtab_absent() { rm /etc/mtab; }
set_up_mtab_absent_for_root() { rm /etc/mtab; }
set_up_mtab_stale() { cp /etc/mtab /etc/mtab.old && mv /etc/mtab.old /etc/mtab; }
set_up_no_libfuse() {
    : >/tmp/empty
    for file in /usr/lib/*/libfuse.so.2 /usr/lib/libfuse.so.2; do
        if [ -e "$file" ]; then mount --bind /tmp/empty "$(readlink -f "$file")"; fi
    done
}
set_up_others_forbidden() { options='-o allow_other'; echo >/etc/fuse.conf; }
set_up_others_allowed() { options='-o allow_other'; echo user_allow_other >/etc/fuse.conf; }
set_up_mounts_exhausted() { echo 'mount_max = 0' >/etc/fuse.conf; }
set_up_root_without_capability() { :; }
set_up_user_namespace() { :; }
set_up_user_namespace_only() { :; }
set_up_umlaut_elsewhere() {
    umlaut=$(printf 'gr\303\274n \374')
    mkdir "/tmp/$umlaut"
    mount -t tmpfs tmpfs "/tmp/$umlaut"
}
set_up_no_setsid() { rm /usr/bin/setsid; }
set_up_log_closed() { :; }
set_up_unknown_option() { options='-o allow_ohter'; }

script=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
failed=
running=
user='setpriv --reuid=plain --regid=plain --init-groups --reset-env --inh-caps=-all'
by_number='setpriv --reuid=4242 --regid=4242 --clear-groups --inh-caps=-all'
# shellcheck disable=SC2086 # lists of words
{
    environment root WORKS
    environment user WORKS $user
    environment nameless 'user 4242 has no name' $by_number
    environment homeless WORKS $user env HOME=/nonexistent
    environment no_new_privs no_new_privs $user setpriv --no-new-privs
    environment device_absent 'there is no /dev/fuse'
    environment device_closed '/dev/fuse cannot be opened' $user
    environment device_forbidden '/dev/fuse cannot be opened'
    environment device_other 'another device'
    environment proc_pids_only WORKS
    environment proc_hidden WORKS $user
    environment no_sys WORKS
    environment no_memory_folder 'there is no /dev/shm'
    environment memory_full '/dev/shm: tmpfs, 0 of 64M free'
    environment memory_nearly_full WORKS
    environment memory_noexec WORKS
    environment memory_read_only '/dev/shm is not a folder that this user can write to'
    environment memory_of_another 'is not a folder of this user' $user
    environment tmp_noexec 'set TMPDIR' $user env HOME=/mnt/home-plain
    environment tmp_noexec_other_given WORKS $user env TMPDIR=/mnt/home-plain
    environment tmp_read_only WORKS
    environment no_fusermount 'there is no fusermount' $user
    environment no_fusermount_for_root WORKS
    environment fusermount_without_suid 'is not set-user-id root' $user
    environment mtab_absent '/etc/mtab does not list the mounts' $user
    environment mtab_absent_for_root WORKS
    environment mtab_stale '/etc/mtab does not list the mounts' $user
    environment no_libfuse 'libfuse.so.2 cannot be loaded'
    environment others_forbidden 'the option allow_other is for root only' $user
    environment others_allowed WORKS $user
    environment mounts_exhausted 'mount_max is 0' $user
    environment root_without_capability 'root without CAP_SYS_ADMIN' setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin
    environment user_namespace WORKS unshare -U -r -m
    environment user_namespace_only 'mount failed' unshare -U -r
    environment umlaut_elsewhere WORKS env LC_ALL=C
    environment no_setsid 'missing: setsid'
    environment log_closed 'cannot write the log file' env XDG_STATE_HOME=/proc/none
    environment unknown_option 'did you mean allow_other'
}
while [ "$running" ]; do finish_one; done
[ -z "$failed" ] || fail "doctor and mount:$failed"
