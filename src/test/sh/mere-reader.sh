# Who may read a channel and no more can record it, and is told what is not known, and what is not recorded.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_fuse
need_program setpriv
[ "${RELAYFS_CASE_ALONE:-}" = yes ] || skip "only root can be somebody else"

let_others_reach_relayfs
mkdir "$here/relay"
install -d -o 65534 "$here/out"
expect 0 "$relayfs" mount --log-file "$work/log" -o allow_other "$here/relay"
expect 0 "$relayfs" create "$here/relay" app global=1 header=padding subbuf_size=4K n_subbufs=4
app=$here/relay/app
chmod 0444 "$app/cpu0" "$app/header"
chmod 0666 "$app/cpu0.produced" "$app/cpu0.consumed"
chmod 0400 "$app/stats"
record() {
    expect 0 setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent \
        "$relayfs" record "$here/relay" app -d 0.5 -o "$here/out" "$@"
    expect_said "lost: unknown: no permission to read stats"
}

# From the mapping, the sub-buffer that is being written cannot be had without closing it.
echo one >"$app/write"
record --mmap
expect_said "the current sub-buffer is not recorded: no permission to write flush"
[ ! -s "$here/out/cpu0" ] || fail "recorded: $(cat "$here/out/cpu0")"

# A read takes it as it is.
record --force
case $said in *'no permission to write flush'*) fail "$said" ;; esac
[ "$(tr -d '\0' <"$here/out/cpu0")" = one ] || fail "recorded: $(od -c "$here/out/cpu0")"
expect 0 "$relayfs" umount "$here/relay"
