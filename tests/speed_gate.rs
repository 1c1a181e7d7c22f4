//! Two builds timed in turn on the command line. Small scripts stand in for builds, and nothing here depends on how fast the
//! machine is: what times say is tested where it is computed.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use crate::sandbox::{Ended, Sandbox};

/// A sandbox with two programs that do as if they trained.
fn builds() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["old", "new"] {
        // run FILE --results DIR ...
        let path = sandbox.write(name, "#!/bin/sh\nmkdir -p \"$4\"\n");
        fs_err::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    sandbox
}

fn gate(sandbox: &Sandbox, more: &[&str]) -> Ended {
    let arguments = ["speed-gate", "sweep.toml", "--old", "./old", "--new", "./new", "--scratch", "scratch"];
    sandbox.swath(&[&arguments[..], more].concat())
}

#[test]
fn more_instructions_are_a_regression_and_fewer_are_not() {
    // A threshold that no machine reaches, so that counts alone decide.
    let sandbox = builds();
    sandbox.write("old.counts", "train 4-8-4-1 1000\nevaluate 4-8-4-1 500\n");
    for (new, code) in [("train 4-8-4-1 1011\n", 1), ("train 4-8-4-1 1009\nevaluate 4-8-4-1 400\n", 0)] {
        sandbox.write("new.counts", new);
        let counts = ["--old-counts", "old.counts", "--new-counts", "new.counts", "--threshold", "1000"];
        let ended = gate(&sandbox, &counts);
        assert_eq!(ended.code, code, "{}{}", ended.stdout, ended.stderr);
        assert!(ended.stdout.contains("| train 4-8-4-1"), "{}", ended.stdout);
    }
}

#[test]
fn too_few_blocks_a_build_that_fails_and_counts_that_are_none_are_wrong_input() {
    let sandbox = builds();
    let few = gate(&sandbox, &["--blocks", "9"]);
    assert_eq!((few.code, few.stdout.as_str()), (2, ""));
    assert!(few.stderr.contains("write `--blocks 10`"), "{}", few.stderr);
    sandbox.write("old.counts", "train many\n");
    let counts = gate(&sandbox, &["--old-counts", "old.counts", "--new-counts", "old.counts"]);
    assert_eq!(counts.code, 2);
    assert!(counts.stderr.contains("`old.counts` holds no counts: `train many`"), "{}", counts.stderr);
    sandbox.write("new", "#!/bin/sh\nmkdir -p \"$4\"\nexit 3\n");
    let failed = gate(&sandbox, &[]);
    assert_eq!(failed.code, 2);
    assert!(failed.stderr.contains("`./new`"), "{}", failed.stderr);
}
