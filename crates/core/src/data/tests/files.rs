//! Files that can and cannot be read.

use polars::df;
use polars::prelude::{Column, DataType, IntoColumn};
use proptest::prelude::*;

use super::support::{Fixture, parquet_bytes, refused, regression, words};
use crate::data::{Dataset, Problem, Table};
use crate::spec::{DataSpec, Missing};

#[test]
fn a_file_of_another_format_or_none_is_refused_by_its_name() {
    for name in ["data.tsv", "data", "data.csv.gz"] {
        let file = Fixture::new(name, b"x,y\n1,2\n");
        assert_eq!(refused(Table::read(&file.path)).0, Problem::UnknownFormat);
    }
    let file = Fixture::new("DATA.CSV", b"x,y\n1,2\n");
    assert_eq!(file.table().names(), ["x", "y"]);
    assert_eq!(file.table().rows(), 1);
}

#[test]
fn a_file_that_is_not_there_says_so() {
    let file = Fixture::csv("");
    let error = Table::read(&file.path.with_file_name("other.csv")).unwrap_err();
    assert!(error.to_string().ends_with("other.csv: cannot be read: there is no such file"), "{error}");
    let folder = Fixture::csv("").path.with_file_name("x.csv");
    fs_err::create_dir_all(&folder).unwrap();
    assert!(matches!(refused(Table::read(&folder)).0, Problem::Unreadable(_)));
}

#[test]
fn a_fault_of_csv_says_line_and_character() {
    let file = Fixture::csv("x,y\n1,2\n3\n");
    let error = Table::read(&file.path).unwrap_err();
    let expected = format!("{}:3:1: row 2 has 1 cells, where the header has 2", file.path.display());
    assert_eq!(error.to_string(), expected);
}

#[test]
fn parquet_columns_of_numbers_text_and_booleans_are_read() {
    let frame = df!(
        "i32" => [1i32, 2, 3], "u64" => [1u64, 2, 3], "f32" => [0.5f32, 1.5, 2.5],
        "text" => [Some(" a "), Some(""), None], "flag" => [true, false, true], "y" => [Some(1.0), None, Some(2.0)]
    );
    let file = Fixture::parquet(frame.unwrap().columns().to_vec());
    let table = file.table();
    assert_eq!(table.names(), ["i32", "u64", "f32", "text", "flag", "y"]);
    let problem = Problem::MissingCells { count: 2, rows: 3 };
    assert_eq!(refused(Dataset::new(&table, &regression(), 7)), (problem, Some(2), None, Some("text".to_owned())));
    let spec = DataSpec { inputs: Some(words(&["i32", "u64", "f32", "flag"])), ..regression() };
    let spec = DataSpec { missing: Missing::Drop, ..spec };
    let dataset = Dataset::new(&table, &spec, 7).unwrap();
    assert_eq!(dataset.input_names().collect::<Vec<_>>(), ["i32", "u64", "f32", "flag=false", "flag=true"]);
}

#[test]
fn a_parquet_number_that_is_not_finite_is_refused_at_its_row() {
    let file = Fixture::parquet(df!("x" => [1.0, f64::NAN], "y" => [1.0, 2.0]).unwrap().columns().to_vec());
    let problem = Problem::NotFinite("NaN".to_owned());
    assert_eq!(refused(file.dataset(&regression())), (problem, Some(2), None, Some("x".to_owned())));
}

#[test]
fn a_nested_parquet_column_is_refused_where_it_is_used_and_ignored_where_not() {
    let list = Column::new("x".into(), [1.0, 2.0, 3.0]).as_materialized_series().implode().unwrap();
    let nested = list.into_column().new_from_index(0, 3);
    assert!(matches!(nested.dtype(), DataType::List(_)));
    let mut columns = df!("y" => [1.0, 2.0, 3.0], "z" => [1i64, 5, 6]).unwrap().columns().to_vec();
    columns.push(nested);
    let file = Fixture::parquet(columns);
    assert_eq!(file.table().names(), ["y", "z", "x"]);
    let (problem, _, _, column) = refused(file.dataset(&regression()));
    assert_eq!(problem, Problem::UnusableType("largelist".to_owned()));
    assert_eq!(column.as_deref(), Some("x"));
    let spec = DataSpec { inputs: Some(words(&["z"])), ..regression() };
    assert_eq!(file.dataset(&spec).unwrap().inputs(), 1);
}

#[test]
fn an_empty_parquet_table_is_refused() {
    let file = Fixture::parquet(df!("x" => Vec::<f64>::new(), "y" => Vec::<f64>::new()).unwrap().columns().to_vec());
    assert_eq!(refused(Table::read(&file.path)).0, Problem::NoRows);
    assert_eq!(refused(Table::read(&Fixture::new("data.parquet", b"").path)).0, Problem::Empty);
}

#[test]
fn a_parquet_file_cut_short_anywhere_is_refused() {
    let bytes = parquet_bytes(df!("x" => [1.0, 2.0], "y" => ["a", "b"]).unwrap().columns().to_vec());
    for length in (0..bytes.len()).step_by(7) {
        let file = Fixture::new("data.parquet", &bytes[..length]);
        let problem = refused(Table::read(&file.path)).0;
        assert!(matches!(problem, Problem::Malformed { format: "Parquet", .. } | Problem::Empty), "{problem:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_damaged_parquet_file_is_read_or_refused_but_never_brings_the_program_down(
        place in 0.0..1.0, byte: u8,
    ) {
        let mut bytes = parquet_bytes(df!("x" => [1.0, 2.0], "y" => ["a", "b"]).unwrap().columns().to_vec());
        let place = (place * bytes.len() as f64) as usize;
        bytes[place] = byte;
        let file = Fixture::new("data.parquet", &bytes);
        if let Ok(table) = Table::read(&file.path) {
            let _ = Dataset::new(&table, &regression(), 7);
        }
    }
}
