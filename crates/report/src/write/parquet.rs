//! Frames as Parquet: compressed with Zstandard, a row group a frame.

use polars::prelude::{DataFrame, PolarsResult};
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

/// Rows that a frame should have to be a good row group.
pub const ROWS_PER_GROUP: usize = 1 << 18;

/// The bytes of a Parquet file of frames of one schema, written one by one; the same for equal frames. Without a
/// frame there is no schema, hence no byte.
///
/// # Errors
/// The first error of `frames`, or where polars cannot write a column, which it can for all of ours.
pub fn parquet(mut frames: impl Iterator<Item = PolarsResult<DataFrame>>) -> PolarsResult<Vec<u8>> {
    let Some(first) = frames.next().transpose()? else { return Ok(Vec::new()) };
    let mut bytes = Vec::new();
    let mut writer = ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
        .batched(first.schema())?;
    writer.write_batch(&first)?;
    for frame in frames {
        writer.write_batch(&frame?)?;
    }
    writer.finish()?;
    Ok(bytes)
}
