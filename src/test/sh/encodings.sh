# Field case 13: paths are bytes. Mounts of others break nothing, whatever their names and the locale; and one of ours can
# have any name that the locale has letters for.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program unshare
[ "$(id -u)" = 0 ] || skip "only root can mount for others"
if [ "${RELAYFS_CASE_PRIVATE:-}" = "" ]; then
    exec unshare -m env RELAYFS_CASE_PRIVATE=1 sh "$0"
fi
awk '/ - fuse.relayfs / { print $5 }' /proc/self/mountinfo | while read -r other; do
    umount -l "$(printf "%b" "$other")" || true
done
umlaut=$(printf 'gr\303\274n')
latin=$(printf 'gr\374n')
mkdir relay "$umlaut" "$latin" "ours-$umlaut" "ours-$latin"
mount -t tmpfs tmpfs "$work/$umlaut"
mount -t tmpfs tmpfs "$work/$latin"

java=$("$relayfs" --which-java)
case $relayfs in */bin/*) jar=${relayfs%/bin/*}/share/relayfs/relayfs.jar ;; *) jar=$top/target/relayfs.jar ;; esac
# The command in a locale that the launcher would not leave as it is.
bare() {
    env -u LC_CTYPE -u LANG LC_ALL=C "$java" --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -jar "$jar" "$@"
}

for locale in C C.UTF-8; do
    expect 0 env -u LC_CTYPE LC_ALL="$locale" "$relayfs" mount --log-file "$work/log" "$work/relay"
    expect 0 env -u LC_CTYPE LC_ALL="$locale" "$relayfs" list
    expect 0 env -u LC_CTYPE LC_ALL="$locale" "$relayfs" doctor
    expect 0 env -u LC_CTYPE LC_ALL="$locale" "$relayfs" umount "$work/relay"
done
expect 0 bare mount --log-file "$work/log" "$work/relay"
expect 0 bare list
expect 0 bare umount "$work/relay"

# Ours has such a name.
expect 0 env -u LC_CTYPE -u LC_ALL LANG=C "$relayfs" mount --log-file "$work/log" "$work/ours-$umlaut"
expect 0 env -u LC_CTYPE -u LC_ALL LANG=C "$relayfs" create "$work/ours-$umlaut/app"
expect 0 env -u LC_CTYPE -u LC_ALL LANG=C "$relayfs" list
expect_said app
expect 1 bare list
expect_said 'ours-gr\303\274n: this locale cannot represent these bytes; set LC_ALL=C.UTF-8'
expect 1 bare umount "$work/ours-$umlaut"
expect_said "set LC_ALL=C.UTF-8"
expect 1 bare list "$work/ours-$umlaut"
expect_said "set LC_ALL=C.UTF-8"
expect 1 bare cat "$work/ours-$umlaut/app"
expect_said "set LC_ALL=C.UTF-8"
expect 0 env -u LC_CTYPE -u LC_ALL LANG=C "$relayfs" umount "$work/ours-$umlaut"

# Bytes that are no letters in any locale of ours.
expect 32 "$relayfs" mount "$work/ours-$latin"
[ "$(printf '%s\n' "$said" | wc -l)" = 1 ] || fail "not one line: $said"
