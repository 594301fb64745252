# Field case 23: where setsid(1) is that of busybox, or none, no daemon can be started: one line says so.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
mkdir relay bin
for answer in 'setsid: unrecognized option: fork' 'sh: setsid: not found'; do
    printf '#!/bin/sh\necho "%s" >&2\nexit 1\n' "$answer" >bin/setsid
    chmod +x bin/setsid
    expect 2 env PATH="$work/bin:$PATH" "$relayfs" mount --log-file "$work/log" relay
    [ "$said" = "relayfs: no daemon can be started: it needs the setsid of util-linux, which knows --fork" ] || fail "said: $said"
done
[ -z "$(our_mounts)" ] || fail "mounted: $(our_mounts)"
