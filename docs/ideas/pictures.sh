#!/bin/sh
# Run the sweeps of docs/ideas and copy the pictures that the pages show. Give the program to run them with:
# docs/ideas/pictures.sh target/release/swath
set -eu
program=${1:?"say which program trains, for example target/release/swath"}
cd "$(dirname "$0")/../.."

for sweep in $(grep -oh 'sweeps/[a-z_]*\.toml' docs/ideas/*.md | sort -u); do
    "$program" run --quiet "$sweep"
done

# A page shows images/SWEEP-PICTURE.svg. The name of a sweep has no "-".
for image in $(grep -oh 'images/[a-z0-9_-]*\.svg' docs/ideas/*.md | sort -u); do
    name=${image#images/}
    cp "results/${name%%-*}/plots/${name#*-}" "docs/ideas/$image"
done
