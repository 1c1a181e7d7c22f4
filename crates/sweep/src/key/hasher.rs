//! A self-delimiting stream of tagged values into BLAKE3.

/// Feeds tagged values to the hash: tag, kind, length where it varies, value.
#[derive(Clone)]
pub(super) struct KeyHasher(blake3::Hasher);

impl KeyHasher {
    pub(super) fn new() -> Self {
        Self(blake3::Hasher::new())
    }

    fn tag(&mut self, tag: &str, kind: u8) {
        self.0.update(&(tag.len() as u64).to_le_bytes());
        self.0.update(tag.as_bytes());
        self.0.update(&[kind]);
    }

    pub(super) fn number(&mut self, tag: &str, value: u64) {
        self.tag(tag, b'n');
        self.0.update(&value.to_le_bytes());
    }

    /// Both zeros are the same value.
    pub(super) fn real(&mut self, tag: &str, value: f64) {
        self.tag(tag, b'r');
        let value = if value == 0.0 { 0.0 } else { value };
        self.0.update(&value.to_bits().to_le_bytes());
    }

    pub(super) fn flag(&mut self, tag: &str, value: bool) {
        self.tag(tag, b'f');
        self.0.update(&[u8::from(value)]);
    }

    pub(super) fn bytes(&mut self, tag: &str, value: &[u8]) {
        self.tag(tag, b'b');
        self.0.update(&(value.len() as u64).to_le_bytes());
        self.0.update(value);
    }

    pub(super) fn text(&mut self, tag: &str, value: &str) {
        self.bytes(tag, value.as_bytes());
    }

    pub(super) fn optional(&mut self, tag: &str, value: Option<u64>) {
        self.flag(tag, value.is_some());
        if let Some(value) = value {
            self.number(tag, value);
        }
    }

    pub(super) fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}

/// What enters a key. Every implementation takes its type apart field by field, so that a new field does not compile
/// until somebody has decided whether it belongs in the key.
pub(super) trait Keyed {
    fn feed(&self, hasher: &mut KeyHasher);
}
