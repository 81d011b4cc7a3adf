// SPDX-License-Identifier: MIT
//! Where in an image the RedoxFS is: bare, or in a partition of a GPT.

use crate::error::{damaged, fail, Error, Kind, Result};
use crate::storage::Storage;
use gpt::disk::LogicalBlockSize;
use gpt::GptConfig;
use redoxfs::{Header, BLOCK_SIZE, HEADER_RING, SIGNATURE, VERSION};
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// How far into a bare image its first header may be, in blocks: `redoxfs-mkfs` puts a boot loader
/// before it, and the longest of those are far below these 8 MiB. Not further: what is deep in an
/// image may be a file of another file system.
const RESERVED_BLOCKS: u64 = 2048;

/// A partition table larger than this is none that a partitioning tool made (they make 128).
const MAX_PARTITIONS: u32 = 1024;
const ENTRY_SIZE: usize = 128;

#[derive(Clone, Debug)]
pub struct Location {
    /// The bytes that RedoxFS may use: the image, or the partition.
    pub range: Range<u64>,
    /// Where in the range the ring of headers begins, in blocks of 4096 bytes.
    pub block: u64,
    /// A block with a valid header, for FileSystem::open.
    pub header_block: u64,
    /// The newest header.
    pub header: Header,
    pub gpt: Option<Gpt>,
}

#[derive(Clone, Debug)]
pub struct Gpt {
    pub block_size: u64,
    /// Number of the RedoxFS partition, from 1.
    pub partition: u32,
    pub first_block: u64,
    pub last_block: u64,
    /// Nothing is behind it.
    pub is_last: bool,
    /// The header at the start of the disk and the table it names are sound.
    pub primary_sound: bool,
    /// Block 1, or the disk's last.
    pub header_block: u64,
}

/// An image as the gpt crate wants it. Reading only.
struct Reader<'a, S: Storage> {
    storage: &'a mut S,
    position: u64,
    /// Reads as zeros.
    hidden: Range<u64>,
}

impl<S: Storage> fmt::Debug for Reader<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("image")
    }
}

impl<S: Storage> Read for Reader<'_, S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.storage.len().saturating_sub(self.position);
        let count = left.min(buffer.len() as u64) as usize;
        self.storage.read_at(self.position, &mut buffer[..count])?;
        for (offset, byte) in (self.position..).zip(&mut buffer[..count]) {
            if self.hidden.contains(&offset) {
                *byte = 0;
            }
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl<S: Storage> Seek for Reader<'_, S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.storage.len().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

impl<S: Storage> Write for Reader<'_, S> {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(bytes[offset..offset + 4].try_into().unwrap())
}

pub fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(bytes[offset..offset + 8].try_into().unwrap())
}

pub fn read_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Error::new(Kind::DataLoss, "the image is shorter than it says it is")
        }
        _ => Error::io("cannot read the image", &error),
    }
}

/// The GPT header in a block, if there is one the crate can be given: it trusts the number and the
/// size of the entries.
fn plausible_gpt_header<S: Storage>(storage: &mut S, offset: u64) -> Result<Option<bool>> {
    let mut bytes = [0; 92];
    if offset
        .checked_add(512)
        .is_none_or(|end| end > storage.len())
    {
        return Ok(None);
    }
    storage.read_at(offset, &mut bytes).map_err(read_error)?;
    if &bytes[..8] != b"EFI PART" {
        return Ok(None);
    }
    Ok(Some(
        u32_at(&bytes, 80) <= MAX_PARTITIONS && u32_at(&bytes, 84) as usize == ENTRY_SIZE,
    ))
}

struct Table {
    gpt: gpt::GptDisk<()>,
    primary_sound: bool,
}

fn read_table<S: Storage>(
    storage: &mut S,
    size: LogicalBlockSize,
    use_primary: bool,
    use_backup: bool,
) -> Option<gpt::GptDisk<()>> {
    let block = size.as_u64();
    let last = storage.len() / block * block - block;
    let hidden = match (use_primary, use_backup) {
        (true, true) => 0..0,
        (true, false) => last..last + block,
        (false, true) => block..2 * block,
        (false, false) => return None,
    };
    let reader = Reader {
        storage,
        position: 0,
        hidden,
    };
    let disk = GptConfig::new()
        .writable(false)
        .logical_block_size(size)
        .open_from_device(reader)
        .ok()?;
    Some(disk.with_disk_device((), false))
}

/// None: no sign of a GPT.
fn find_table<S: Storage>(storage: &mut S) -> Result<Option<Table>> {
    let mut signs = false;
    for size in [LogicalBlockSize::Lb512, LogicalBlockSize::Lb4096] {
        let block = size.as_u64();
        if storage.len() < 3 * block {
            continue;
        }
        let last = storage.len() / block * block - block;
        let primary = plausible_gpt_header(storage, block)?;
        let backup = plausible_gpt_header(storage, last)?;
        signs |= primary.is_some() || backup.is_some();
        if primary == Some(true) {
            if let Some(gpt) = read_table(storage, size, true, backup == Some(true)) {
                if gpt.primary_header().is_ok() {
                    return Ok(Some(Table {
                        gpt,
                        primary_sound: true,
                    }));
                }
            }
        }
        if backup == Some(true) {
            if let Some(gpt) = read_table(storage, size, false, true) {
                return Ok(Some(Table {
                    gpt,
                    primary_sound: false,
                }));
            }
        }
    }
    if signs {
        return fail(
            Kind::DataLoss,
            "its partition table is damaged, and so is its backup",
        );
    }
    Ok(None)
}

enum Search {
    Nothing,
    Found(u64, Box<Header>),
    /// A signature, but no valid header.
    Broken(Error),
}

fn read_header<S: Storage>(storage: &mut S, range: &Range<u64>, block: u64) -> Result<Header> {
    let mut header = Header::default();
    storage
        .read_at(range.start + block * BLOCK_SIZE, &mut header)
        .map_err(read_error)?;
    Ok(header)
}

/// Looks for headers in the first `blocks` blocks of the range.
fn search<S: Storage>(storage: &mut S, range: &Range<u64>, blocks: u64) -> Result<Search> {
    let blocks = blocks.min((range.end - range.start) / BLOCK_SIZE);
    let mut broken = None;
    for block in 0..blocks {
        let mut start = [0; 16];
        storage
            .read_at(range.start + block * BLOCK_SIZE, &mut start)
            .map_err(read_error)?;
        if &start[..8] != SIGNATURE {
            continue;
        }
        let header = read_header(storage, range, block)?;
        if header.valid() {
            let ring = block.checked_sub(header.generation() % HEADER_RING);
            if ring.is_some_and(|ring| range.start + (ring + HEADER_RING) * BLOCK_SIZE <= range.end)
            {
                return Ok(Search::Found(block, Box::new(header)));
            }
        }
        let version = u64_at(&start, 8);
        if version != VERSION && broken.is_none() {
            broken = Some(Error::new(
                Kind::Unimplemented,
                format!(
                    "its RedoxFS is of version {version}; this program knows version {VERSION}"
                ),
            ));
        }
        if broken.is_none() {
            broken = Some(Error::new(
                Kind::DataLoss,
                "the file system is damaged: no header of it is valid",
            ));
        }
    }
    Ok(broken.map_or(Search::Nothing, Search::Broken))
}

/// Finds the RedoxFS of an image and its newest header. Only reads.
pub fn locate<S: Storage>(storage: &mut S) -> Result<Location> {
    let length = storage.len();
    if length < BLOCK_SIZE {
        return fail(
            Kind::InvalidArgument,
            "it is no disk image: shorter than one block",
        );
    }
    let Some(table) = find_table(storage)? else {
        let range = 0..length;
        return match search(storage, &range, RESERVED_BLOCKS)? {
            Search::Found(block, header) => finish(storage, range, block, *header, None),
            Search::Broken(error) => Err(error),
            Search::Nothing => fail(
                Kind::InvalidArgument,
                "it holds neither a RedoxFS nor a GPT (a qcow2 image must be converted to raw first)",
            ),
        };
    };

    let gpt = &table.gpt;
    let size = *gpt.logical_block_size();
    let last_used = gpt
        .partitions()
        .values()
        .filter(|partition| partition.is_used())
        .map(|partition| partition.last_lba)
        .max();
    let mut found = Vec::new();
    let mut broken = None;
    for (&number, partition) in gpt.partitions() {
        if !partition.is_used() {
            continue;
        }
        let (Ok(start), Ok(bytes)) = (partition.bytes_start(size), partition.bytes_len(size))
        else {
            return fail(
                Kind::DataLoss,
                format!("its partition {number} has no valid bounds"),
            );
        };
        // Also what overlaps the partition table itself.
        let last_usable = gpt.header().last_usable;
        if partition.first_lba < gpt.header().first_usable || start >= length {
            continue;
        }
        let end = start.saturating_add(bytes);
        let range = start..end.min(length) / BLOCK_SIZE * BLOCK_SIZE;
        let range = range.start..range.end.max(range.start);
        match search(storage, &range, 1 + HEADER_RING)? {
            Search::Found(block, header) => {
                if end > length {
                    return fail(
                        Kind::DataLoss,
                        format!("the image is truncated: its partition {number} ends at byte {end}, the image at {length}"),
                    );
                }
                if partition.last_lba > last_usable {
                    return fail(
                        Kind::DataLoss,
                        format!("its partition {number} reaches into the partition table"),
                    );
                }
                found.push((number, start..end, block, header));
            }
            Search::Broken(error) => broken = broken.or(Some(error)),
            Search::Nothing => {}
        }
    }
    if found.len() > 1 {
        let numbers: Vec<_> = found
            .iter()
            .map(|(number, ..)| number.to_string())
            .collect();
        return fail(
            Kind::FailedPrecondition,
            format!(
                "it has more than one RedoxFS partition ({}): which is meant is not clear",
                numbers.join(" and ")
            ),
        );
    }
    let Some((number, range, block, header)) = found.pop() else {
        return Err(broken.unwrap_or(Error::new(
            Kind::InvalidArgument,
            "none of its partitions holds a RedoxFS",
        )));
    };
    let partition = &gpt.partitions()[&number];
    for (&other, overlapping) in gpt.partitions() {
        if other != number
            && overlapping.is_used()
            && overlapping.first_lba <= partition.last_lba
            && partition.first_lba <= overlapping.last_lba
        {
            return fail(
                Kind::DataLoss,
                format!("its partitions {number} and {other} overlap"),
            );
        }
    }
    let found = Gpt {
        block_size: size.as_u64(),
        partition: number,
        first_block: partition.first_lba,
        last_block: partition.last_lba,
        is_last: Some(partition.last_lba) == last_used,
        primary_sound: table.primary_sound,
        header_block: if table.primary_sound {
            1
        } else {
            length / size.as_u64() - 1
        },
    };
    finish(storage, range, block, *header, Some(found))
}

/// The newest header of the ring, and what it must fulfil.
fn finish<S: Storage>(
    storage: &mut S,
    range: Range<u64>,
    block: u64,
    first: Header,
    gpt: Option<Gpt>,
) -> Result<Location> {
    let ring = block - first.generation() % HEADER_RING;
    let mut header = first;
    for index in 0..HEADER_RING {
        let other = read_header(storage, &range, ring + index)?;
        if other.valid() && other.generation() > header.generation() {
            header = other;
        }
    }
    if header.encrypted() {
        return fail(
            Kind::Unimplemented,
            "it is encrypted: images with a password are not supported",
        );
    }
    let offset = ring * BLOCK_SIZE;
    let there = range.end - range.start - offset;
    let size = header.size();
    if size > there {
        return fail(
            Kind::DataLoss,
            format!("the image is truncated: the file system has {size} bytes, of which {there} are there"),
        );
    }
    // What the allocator's bookkeeping takes in memory grows with the size.
    const MAX: u64 = 2 << 40;
    if size > MAX {
        return fail(
            Kind::Unimplemented,
            "file systems above 2 TiB are not supported",
        );
    }
    if size % BLOCK_SIZE != 0 || size / BLOCK_SIZE < HEADER_RING + 4 {
        return damaged(format!("a size of {size} bytes cannot be"));
    }
    Ok(Location {
        range,
        block: ring,
        header_block: block,
        header,
        gpt,
    })
}
