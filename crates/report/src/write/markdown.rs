//! A page as Markdown that reads well in a terminal: wrapped paragraphs, tables with aligned columns.

use crate::draw::Picture;
use crate::page::{Align, Block, Table};
use crate::text::plain;

/// Columns of a terminal that paragraphs are wrapped to.
const WIDTH: usize = 100;

/// The page as GitHub-flavoured Markdown, with one line feed at its end.
pub fn markdown(page: &[Block]) -> String {
    let mut text = String::new();
    write_blocks(&mut text, page);
    text
}

fn write_blocks(text: &mut String, blocks: &[Block]) {
    for block in blocks {
        if !text.is_empty() && !matches!(block, Block::Figures(_)) {
            text.push('\n');
        }
        match block {
            // They say again, for the eye, what the words below say.
            Block::Figures(_) => {}
            Block::Heading(level, title) => {
                text.push_str(&"#".repeat(usize::from((*level).clamp(1, 6))));
                text.push(' ');
                text.push_str(&escape(title));
                text.push('\n');
            }
            Block::Paragraph(words) => wrap(text, "", "", words),
            Block::List(items) => items.iter().for_each(|item| wrap(text, "- ", "  ", item)),
            Block::Table(table) => write_table(text, table),
            Block::Folded(title, table) => {
                wrap(text, "", "", title);
                text.push('\n');
                write_table(text, table);
            }
            Block::Picture(picture) => write_picture(text, picture),
            Block::Row(pictures) => {
                for (place, picture) in pictures.iter().enumerate() {
                    if place > 0 {
                        text.push('\n');
                    }
                    write_picture(text, picture);
                }
            }
            Block::Fold(title, blocks) => {
                wrap(text, "", "", title);
                write_blocks(text, blocks);
            }
        }
    }
}

/// The picture's file with its caption; of one that is no file, its title and the numbers behind it.
fn write_picture(text: &mut String, picture: &Picture) {
    if picture.is_timed {
        wrap(text, "", "", &format!("{}:", picture.title));
        text.push('\n');
        write_table(text, &picture.table);
        return;
    }
    // The title stands between brackets, which it may not close. The description stands in the file.
    let title = escape(&picture.title).replace(']', "\\]");
    text.push_str(&format!("![{title}]({})\n\n", picture.file_name()));
    wrap(text, "", "", &picture.caption);
}

/// `text` so that Markdown shows it as it is: no markup, no link, no image, no cell border, no control character.
pub fn escape(text: &str) -> String {
    let shown = plain(text);
    let mut escaped = String::with_capacity(shown.len());
    let mut before = ' ';
    let mut rest = shown.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        // An underscore inside a word is no emphasis, and `batch_size` should stay readable in a terminal. A colon
        // before `//`, a point after `www` and an @ would otherwise become links. A tag begins with no digit.
        let is_markup = match c {
            '\\' | '|' | '`' | '[' | '!' | '*' | '~' | '@' => true,
            '<' => !after.is_ascii_digit(),
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '&' => after.is_alphanumeric() || after == '#',
            ':' => after == '/',
            '.' => before == 'w' && after.is_alphanumeric(),
            _ => false,
        };
        if is_markup {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

fn wrap(text: &mut String, first_indent: &str, indent: &str, words: &str) {
    let mut line = String::from(first_indent);
    let mut length = 0;
    for word in escape(words).split_whitespace() {
        // A word is never moved to the start of a line where it would begin a list or a heading.
        let fits = line.chars().count() + 1 + word.chars().count() <= WIDTH;
        if length > 0 && !fits && !begins_a_block(word) {
            text.push_str(line.trim_end());
            text.push('\n');
            indent.clone_into(&mut line);
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            line.push_str(word);
        } else if begins_a_block(word) {
            // A backslash makes text of a mark only, so before the point of `1.`, not before its digit.
            let digits = word.trim_end_matches(['.', ')']);
            let number = if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits } else { "" };
            line.push_str(number);
            line.push('\\');
            line.push_str(word.strip_prefix(number).unwrap_or(word));
        } else {
            line.push_str(word);
        }
        length += 1;
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Whether a line that begins with `word` would become a list, a heading, a quotation or a rule.
fn begins_a_block(word: &str) -> bool {
    let is_ordinal =
        word.strip_suffix(['.', ')']).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let is_all = |mark: char| word.chars().all(|c| c == mark);
    is_ordinal || word.starts_with('>') || ['-', '+', '#', '='].into_iter().any(is_all)
}

fn write_table(text: &mut String, table: &Table) {
    let titles: Vec<String> = table.columns.iter().map(|column| escape(&column.title)).collect();
    let rows: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.cells.iter().map(|cell| escape(cell)).collect()).collect();
    let width = |place: usize| {
        let cells = rows.iter().chain([&titles]).filter_map(|row| row.get(place));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
    };
    let columns: Vec<(usize, Align)> =
        table.columns.iter().enumerate().map(|(place, column)| (width(place), column.align)).collect();

    write_row(text, &columns, &titles);
    for (width, align) in &columns {
        let dashes = "-".repeat(width + 1);
        let end = match align {
            Align::Left => "-",
            Align::Right => ":",
        };
        text.push_str(&["|", &dashes, end].concat());
    }
    text.push_str("|\n");
    for row in &rows {
        write_row(text, &columns, row);
    }
}

fn write_row(text: &mut String, columns: &[(usize, Align)], cells: &[String]) {
    for ((width, align), cell) in columns.iter().zip(cells) {
        let fill = " ".repeat(width.saturating_sub(cell.chars().count()));
        let (left, right) = match align {
            Align::Left => (cell, &fill),
            Align::Right => (&fill, cell),
        };
        text.push_str(&["| ", left, right, " "].concat());
    }
    text.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_names_become_text() {
        assert_eq!(escape("<img src=x>"), "\\<img src=x>");
        assert_eq!(escape("p <0.001 </b> <"), "p <0.001 \\</b> \\<");
        assert_eq!(escape("![a](b)"), "\\!\\[a](b)");
        assert_eq!(escape("a|b`c`"), "a\\|b\\`c\\`");
        assert_eq!(escape("http://x.y www.z a@b"), "http\\://x.y www\\.z a\\@b");
        assert_eq!(escape("_x_ batch_size &lt; R&D"), "\\_x\\_ batch_size \\&lt; R\\&D");
        assert_eq!(escape("a\u{1b}[2Jb\u{202e}"), "a\\[2Jb");
    }

    #[test]
    fn columns_are_aligned_and_numbers_stand_at_the_right() {
        let mut table = Table::new().words(["level"]).numbers(["loss"]);
        table.row(vec!["wide".to_owned(), "0.1".to_owned()]);
        table.row(vec!["a|b".to_owned(), "10.25".to_owned()]);
        insta::assert_snapshot!(markdown(&[Block::Table(table)]), @r"
        | level |  loss |
        |-------|------:|
        | wide  |   0.1 |
        | a\|b  | 10.25 |
        ");
    }

    #[test]
    fn no_wrapped_line_begins_a_list_or_a_heading() {
        let words = "word ".repeat(19) + "long - 1. # > next";
        let text = markdown(&[Block::Paragraph(words)]);
        assert!(text.lines().all(|line| line.starts_with("word") || line.starts_with("next")), "{text}");
    }

    #[test]
    fn a_paragraph_that_begins_like_a_list_is_none() {
        let text = |words: &str| markdown(&[Block::Paragraph(words.to_owned())]);
        assert_eq!(text("- a"), "\\- a\n");
        assert_eq!(text("1. a"), "1\\. a\n");
        assert_eq!(text("12.5 a"), "12.5 a\n");
        assert_eq!(text("## a"), "\\## a\n");
    }

    proptest! {
        #[test]
        fn no_cell_breaks_out_of_its_row(cells in prop::collection::vec(any::<String>(), 1..5)) {
            let mut table = Table::new().words(["a"]);
            for cell in &cells {
                table.row(vec![cell.clone()]);
            }
            let text = markdown(&[Block::Table(table)]);
            prop_assert_eq!(text.split_inclusive('\n').count(), cells.len() + 2);
            for line in text.lines() {
                let borders = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
                prop_assert_eq!(borders, 2);
            }
        }
    }
}
