//! The cells of CSV files that this program writes and reads again (RFC 4180): commas, one line feed a row, quotes doubled
//! in quotes. Tables that are only written are polars' work.

use std::borrow::Cow;

use crate::text::plain;

/// Row by row the cells of a text; an error names the line that is none.
pub(crate) fn cells(text: &str) -> impl Iterator<Item = Result<Vec<Cow<'_, str>>, usize>> {
    text.lines().enumerate().map(|(place, line)| row(line).ok_or(place + 1))
}

/// A row of cells, line feed included; a line break in a cell becomes a blank.
pub(crate) fn line(cells: &[&str]) -> String {
    let quoted = |cell: &&str| {
        let cell = plain(cell);
        if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    let mut line = cells.iter().map(quoted).collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

/// No cell that we write holds a line break, so a line is a row.
fn row(line: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = match rest.strip_prefix('"') {
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (cell, after) = rest.split_at(end);
                (Cow::Borrowed(cell), after)
            }
            Some(quoted) => {
                let (cell, after) = unquote(quoted)?;
                (Cow::Owned(cell), after)
            }
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(cells),
            None => return None,
        }
    }
}

/// The text up to the closing quote, and what stands behind it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        cell.push_str(rest.get(..end)?);
        rest = rest.get(end + 1..)?;
        match rest.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None => return Some((cell, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    fn cells(text: &str) -> Result<Vec<Vec<String>>, usize> {
        super::cells(text).map(|row| Ok(row?.into_iter().map(String::from).collect())).collect()
    }

    #[test]
    fn quotes_commas_and_empty_cells_are_read_as_they_were_written() {
        let text = "key,axis,\n\"a,b\",\"say \"\"no\"\"\",1.5\n,,\n";
        let read = cells(text).unwrap();
        assert_eq!(read, [vec!["key", "axis", ""], vec!["a,b", "say \"no\"", "1.5"], vec!["", "", ""]]);
    }

    #[test]
    fn what_is_written_reads_back() {
        let row = ["a,b", "say \"no\"", "", "1.5"];
        assert_eq!(cells(&line(&row)).unwrap(), [row]);
    }

    #[test]
    fn a_quote_that_is_not_closed_or_closes_too_early_is_named_by_its_line() {
        assert_eq!(cells("a,b\n\"a,b\n"), Err(2));
        assert_eq!(cells("\"a\"b,c\n"), Err(1));
    }
}
