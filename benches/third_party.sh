# Sourced: share_third_party FROM INTO makes the target folder INTO anew, with links to all that FROM has built but this
# workspace's own crates. FROM and INTO are folders of one profile, such as target/release.
#
# Cargo takes two checkouts of a workspace in one target folder for the same, and what was built last for what is asked for.
# So another checkout is built in a folder of its own; only third-party crates, most of the time, need no second build.
share_third_party() {
    local part
    rm -rf "$2"
    mkdir -p "$2"
    for part in deps build .fingerprint; do
        if [ -d "$1/$part" ]; then cp -al "$1/$part" "$2/$part"; fi
    done
    find "$2" -depth \( -name 'swath*' -o -name 'libswath*' -o -name 'instructions*' \) -exec rm -rf {} +
}
