# The completion script makes bash complete our commands and options.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
need_program bash

"$relayfs" completion >relayfs.bash
cat >complete.bash <<'END'
source ./relayfs.bash
complete_line() {
    COMP_LINE=$1
    read -r -a COMP_WORDS <<<"$1"
    [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _complete_relayfs
    echo "${COMPREPLY[@]}"
}
complete_line "$1"
END
expect 0 bash complete.bash 'relayfs '
for command in mount umount list create destroy stat cat record doctor clean completion version help; do
    expect_said "$command"
done
expect 0 bash complete.bash 'relayfs rec'
[ "$said" = record ] || fail "relayfs rec: $said"
expect 0 bash complete.bash 'relayfs record --ro'
expect_said --rotate-size
expect_said --rotate-count
expect 0 bash complete.bash 'relayfs cat -'
expect_said --follow
