//! The word that was meant.

/// The nearest of some words, if one is near enough to be meant.
pub(super) fn nearest<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for word in words {
        let lower = word.to_lowercase();
        let likeness = strsim::jaro_winkler(&written, &lower);
        // A distance of two makes any word of three letters out of any other.
        let close = strsim::damerau_levenshtein(&written, &lower) <= 2.min(lower.chars().count() / 2);
        if (likeness > 0.8 || close) && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Help for a word that is not known: the nearest, or all that may stand there.
pub(super) fn help(written: &str, words: &[&str]) -> String {
    match nearest(written, words.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None if words.is_empty() => "nothing may stand here".to_owned(),
        None => format!("known here: {}", listed(words)),
    }
}

/// Words with backticks and commas.
pub(super) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_find_their_word_and_strangers_none() {
        for (written, meant) in
            [("sede", "seed"), ("activaton", "activation"), ("Adam", "adam"), ("epoch", "epochs"), ("relou", "relu")]
        {
            assert_eq!(nearest(written, ["seed", "activation", "adam", "epochs", "relu"]), Some(meant), "{written}");
        }
        assert_eq!(nearest("tan", ["mse", "adam", "sgd"]), None);
        assert_eq!(help("zzz", &["mse", "mae"]), "known here: `mse`, `mae`");
    }
}
