//! Text that came from outside, made fit to be shown: without control characters, and harmless in a spreadsheet.

/// `text` without what a terminal or a page could be made to obey: C0 and C1 controls (escape included) and the
/// marks that change the direction of reading. Line breaks and tabs become one space.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).filter(|c| !is_hidden(*c)).collect()
}

/// [`plain`] text for a cell of a CSV file: where a spreadsheet would take it for a formula, it begins with `'`.
///
/// A text that is a number is left alone, so that a level of `-0.5` stays one (the rule is OWASP's: `=`, `+`, `-`,
/// `@`, tab and carriage return at the start, also behind blanks).
pub fn csv_cell(text: &str) -> String {
    let shown = plain(text);
    let begins_like_a_formula =
        text.starts_with(['\t', '\r']) || shown.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let is_number = shown.parse::<f64>().is_ok_and(f64::is_finite);
    if begins_like_a_formula && !is_number { format!("'{shown}") } else { shown }
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{61C}' | '\u{FEFF}'
        )
}

/// Words with their first letter a capital one.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{csv_cell, is_hidden, plain};

    #[test]
    fn escape_codes_and_marks_of_direction_are_stripped() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\nd\u{9b}e\u{2066}"), "a[31mbc de");
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_quoted() {
        for formula in ["=1+1", "+1+1", "-x", "@sum", "\t=1", "\r=1", "  =1", "\u{a0}=1", "\u{202e}=1"] {
            assert!(csv_cell(formula).starts_with('\''), "{formula:?}");
        }
    }

    #[test]
    fn numbers_and_common_texts_stay_as_they_are() {
        for text in ["-0.5", "+1e-3", "wide", "step(factor=0.5, every=10)", ""] {
            assert_eq!(csv_cell(text), text);
        }
        assert_eq!(csv_cell("-inf"), "'-inf");
    }

    proptest! {
        #[test]
        fn no_hidden_character_passes(text in any::<String>()) {
            prop_assert!(!csv_cell(&text).chars().any(is_hidden));
        }
    }
}
