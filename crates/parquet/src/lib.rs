//! What a Parquet file promises, looked at before polars allocates it.
//!
//! A damaged header may promise 2^61 bytes, and an allocation that fails ends the process: nothing could catch it. Whoever
//! reads Parquet files, data or what a run left, has their pages checked first.
//!
//! | module | what it holds |
//! |---|---|
//! | `page_header` | the headers of pages: how many bytes and values each promises |
//!
//! This crate must never know who reads a file and for what, and imports nothing of ours.

mod page_header;

pub use page_header::check_pages;
