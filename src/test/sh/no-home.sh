# Field case 15: users without a home, without a name, or who may not gain privileges: it works, or they are told why not
# before anything is built; no folder "?" is made.
# shellcheck source=src/test/sh/lib/case.sh
. "$(dirname "$0")/lib/case.sh"
[ -r "$top/target/relayfs.jar" ] || skip "there is no target/relayfs.jar"
need_fuse
need_program setpriv
in_private_system
unset RELAYFS_JAR XDG_STATE_HOME XDG_RUNTIME_DIR
chmod 0666 /dev/fuse
add_user relayfs-homeless
relayfs_user="setpriv --reuid=relayfs-homeless --regid=relayfs-homeless --init-groups --inh-caps=-all"
nobody="setpriv --reuid=54321 --regid=54321 --clear-groups --inh-caps=-all"

# tree OWNER: a source tree of that user's own, in which everything is built.
tree() {
    rm -rf "$here/tree"
    mkdir -p "$here/tree/target" "$here/tree/src/main"
    cp -r "$top/mount-scripts" "$top/pom.xml" "$here/tree/"
    cp -r "$top/src/examples" "$here/tree/src/"
    cp "$top/target/relayfs.jar" "$here/tree/target/"
    chmod -R go+rX "$here/tree"
    chown -R "$1" "$here/tree"
    cd "$here/tree"
}
quickstart=$here/tree/mount-scripts/quickstart
no_question_mark() { [ -z "$(find "$here" -name '?')" ] || fail "made: $(find "$here" -name '?')"; }
PATH=$(dirname "$("$relayfs" --which-java)"):$PATH

# Without HOME, and with one that is of no use.
tree relayfs-homeless
$relayfs_user env -u HOME "$relayfs" version >/dev/null 2>&1 || skip "an ordinary user cannot run Java here"
# shellcheck disable=SC2086 # lists
for home in '-u HOME' HOME=/ HOME=/nonexistent; do
    expect 0 $relayfs_user env $home "$quickstart" --once
    expect_said "logged 50 lost 0"
    expect 0 $relayfs_user env $home "$quickstart" --stop
    no_question_mark
done

# Without a name: fusermount3 wants one. What is built, is built all the same.
tree 54321
# shellcheck disable=SC2086 # lists
for home in '-u HOME' HOME=/; do
    expect 1 $nobody env $home "$quickstart" --once
    expect_said "The user 54321 has no name"
    expect_said "useradd --uid 54321"
    no_question_mark
done
if command -v mvn >/dev/null 2>&1; then
    # shellcheck disable=SC2016,SC2086 # for the shell inside; a list
    expect 1 $nobody env -u HOME sh -c 'here=$PWD/mount-scripts; . mount-scripts/prepare.sh; need_home; run_maven 60 -o validate'
    [ -d target/home/.m2 ] || fail "Maven has its own idea of a home: $said"
    no_question_mark
fi

# Who may not gain privileges; root without the one that it takes.
tree relayfs-homeless
# shellcheck disable=SC2086 # a list
expect 1 $relayfs_user --no-new-privs "$quickstart" --once
expect_said "no_new_privs"
tree root
expect 1 setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$quickstart" --once
expect_said "CAP_SYS_ADMIN"
cd "$work"
userdel --force relayfs-homeless
