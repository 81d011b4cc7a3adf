// SPDX-License-Identifier: MIT
//! What the redoxfs crate reads and writes: the RedoxFS part of an image, and nothing beside it.

use crate::storage::Storage;
use redoxfs::{Disk, BLOCK_SIZE, HEADER_RING};
use std::io;
use std::ops::Range;
use syscall::error::{Error, Result, EIO, EROFS};

pub struct ImageDisk<S: Storage> {
    pub storage: S,
    /// Bytes of the image.
    range: Range<u64>,
    /// Blocks of the headers. What a header names must be on the disk before it is.
    headers: Range<u64>,
    pub writable: bool,
    /// What the host said when the crate was told EIO.
    pub failure: Option<io::Error>,
}

impl<S: Storage> ImageDisk<S> {
    /// `ring` is the block of the range with the first header.
    pub fn new(storage: S, range: Range<u64>, ring: u64, writable: bool) -> Self {
        Self {
            storage,
            range,
            headers: ring..ring + HEADER_RING,
            writable,
            failure: None,
        }
    }

    pub fn set_end(&mut self, end: u64) {
        self.range.end = end;
    }

    fn place(&self, block: u64, length: usize) -> Option<u64> {
        let start = self
            .range
            .start
            .checked_add(block.checked_mul(BLOCK_SIZE)?)?;
        (start.checked_add(length as u64)? <= self.range.end).then_some(start)
    }

    fn told<T>(&mut self, result: io::Result<T>) -> Result<T> {
        result.map_err(|error| {
            self.failure = Some(error);
            Error::new(EIO)
        })
    }
}

impl<S: Storage> Disk for ImageDisk<S> {
    unsafe fn read_at(&mut self, block: u64, buffer: &mut [u8]) -> Result<usize> {
        let start = self.place(block, buffer.len()).ok_or(Error::new(EIO))?;
        let result = self.storage.read_at(start, buffer);
        self.told(result)?;
        Ok(buffer.len())
    }

    unsafe fn write_at(&mut self, block: u64, buffer: &[u8]) -> Result<usize> {
        if !self.writable {
            return Err(Error::new(EROFS));
        }
        let start = self.place(block, buffer.len()).ok_or(Error::new(EIO))?;
        let header = self.headers.contains(&block);
        if header {
            let result = self.storage.sync();
            self.told(result)?;
        }
        let result = self.storage.write_at(start, buffer);
        self.told(result)?;
        if header {
            let result = self.storage.sync();
            self.told(result)?;
        }
        Ok(buffer.len())
    }

    fn size(&mut self) -> Result<u64> {
        Ok(self.range.end - self.range.start)
    }
}
