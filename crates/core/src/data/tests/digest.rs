//! What identifies data, and what does not.

use std::num::NonZeroU32;

use polars::df;
use proptest::prelude::*;

use super::support::{Fixture, regression, words};
use crate::spec::{DataSpec, Missing, Scale};

fn digest(text: &str, spec: &DataSpec) -> [u8; 32] {
    Fixture::csv(text).dataset(spec).unwrap().digest()
}

const TEXT: &str = "x,w,y\n1,a,1\n2,b,2.5\n3,a,-3\n";

/// Made by a separate program in Python 3 with the package blake3. A change of it changes every trial's key.
#[test]
fn a_golden_digest() {
    let hex = blake3::Hash::from_bytes(digest(TEXT, &regression())).to_hex();
    assert_eq!(hex.as_str(), "10e5e1b1c6d78e9488b649f7f4058b72989892a3180a750d1bdb2e263c6b7e9b");
}

#[test]
fn path_format_spelling_unused_columns_and_the_cutting_do_not_matter() {
    let expected = digest(TEXT, &regression());
    let named = Fixture::new("other name.CSV", TEXT.as_bytes());
    assert_eq!(named.dataset(&regression()).unwrap().digest(), expected);
    let frame = df!("x" => [1i64, 2, 3], "w" => ["a", "b", "a"], "y" => [1.0, 2.5, -3.0]).unwrap();
    let parquet = Fixture::parquet(frame.columns().to_vec());
    assert_eq!(parquet.dataset(&regression()).unwrap().digest(), expected);
    assert_eq!(
        digest("\u{feff}x,\"w\",y\r\n1.0, a ,1e0\r\n+2,\"b\",2.5\r\n3,a,-3.00\r\n\r\n", &regression()),
        expected
    );
    let spec =
        DataSpec { inputs: Some(words(&["x", "w"])), rows: NonZeroU32::new(2), scale: Scale::None, ..regression() };
    assert_eq!(digest("w,y,id,x\na,1,u,1\nb,2.5,v,2\na,-3,,3\n", &spec), expected);
}

#[test]
fn names_kinds_order_and_missing_cells_matter() {
    let spec = DataSpec { missing: Missing::Drop, ..regression() };
    let texts = [
        TEXT,
        "X,w,y\n1,a,1\n2,b,2.5\n3,a,-3\n",
        "w,x,y\na,1,1\nb,2,2.5\na,3,-3\n",
        "x,w,y\n2,b,2.5\n1,a,1\n3,a,-3\n",
        "x,w,y\n1,a,1\n2,b,2.5\n3,a,-3\n,a,-3\n",
        "x,w,y\n1,a,1\n2,b,2.5\n3,a,-3\n3,,-3\n",
    ];
    let digests: std::collections::HashSet<_> = texts.iter().map(|text| digest(text, &spec)).collect();
    assert_eq!(digests.len(), texts.len());
    let list = DataSpec { ordinal: vec![("x".to_owned(), words(&["1", "2", "3"]))], ..regression() };
    assert_ne!(digest(TEXT, &list), digest(TEXT, &regression()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_used_cell_changes_the_digest(row in 0usize..3, column in 0usize..3, number in 4u32..1000) {
        let mut cells: Vec<Vec<String>> =
            TEXT.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        cells[row + 1][column] = if column == 1 { format!("w{number}") } else { number.to_string() };
        let text = cells.iter().map(|line| line.join(",") + "\n").collect::<String>();
        prop_assert_ne!(digest(&text, &regression()), digest(TEXT, &regression()));
    }
}
