// SPDX-License-Identifier: MIT
//! Making images, and making them larger.

use crate::disk::ImageDisk;
use crate::error::{fail, Error, Kind, Result};
use crate::image::{guarded, Image};
use crate::locate::{read_error, u32_at, u64_at, Gpt};
use crate::storage::{FileStorage, Storage};
use redoxfs::{BlockAddr, BlockMeta, FileSystem, BLOCK_SIZE};
use std::path::Path;

/// The headers alone are 1 MiB.
const MIN_FILE_SYSTEM: u64 = (1 << 20) + (128 << 10);
/// Partitions begin at whole MiB, as everywhere; as much is left behind them.
const MIB: u64 = 1 << 20;

fn now() -> (u64, u32) {
    // For images that are the same whenever they are made (but for the file system's UUID).
    if let Some(seconds) = std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|value| value.parse().ok())
    {
        return (seconds, 0);
    }
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    (since.as_secs(), since.subsec_nanos())
}

/// A file system over `range` of the storage.
pub fn format<S: Storage>(storage: S, range: std::ops::Range<u64>) -> Result<S> {
    let (seconds, nanoseconds) = now();
    let disk = ImageDisk::new(storage, range, 0, true);
    let fs = guarded(|| {
        FileSystem::create(disk, None, seconds, nanoseconds)
            .map_err(|_| Error::new(Kind::Unavailable, "the file system cannot be made"))
    })?;
    Ok(fs.disk.storage)
}

/// A new image file with an empty RedoxFS; there must be none yet.
pub fn make(path: &Path, size: u64, gpt: bool) -> Result<()> {
    let size = size / BLOCK_SIZE * BLOCK_SIZE;
    let needed = MIN_FILE_SYSTEM + if gpt { 2 * MIB } else { 0 };
    if size < needed {
        return fail(
            Kind::InvalidArgument,
            format!("an image of {size} bytes is too small; it takes at least {needed}"),
        );
    }
    let storage = FileStorage::create(path, size)?;
    let made = fill(storage, size, gpt);
    if made.is_err() {
        let _ = std::fs::remove_file(path);
    }
    made
}

fn fill(storage: FileStorage, size: u64, gpt: bool) -> Result<()> {
    let range = if gpt {
        partition(&storage, size)?
    } else {
        0..size
    };
    let mut storage = format(storage, range)?;
    storage
        .sync()
        .map_err(|e| Error::io("cannot write the image", &e))
}

fn partition(storage: &FileStorage, size: u64) -> Result<std::ops::Range<u64>> {
    let problem = |what: &dyn std::fmt::Display| {
        Error::new(
            Kind::Unavailable,
            format!("cannot write the partition table: {what}"),
        )
    };
    let block = gpt::disk::LogicalBlockSize::Lb512;
    let blocks = u32::try_from(size / 512 - 1).unwrap_or(u32::MAX);
    let mut file = storage.file();
    gpt::mbr::ProtectiveMBR::with_lb_size(blocks)
        .overwrite_lba0(&mut file)
        .map_err(|e| problem(&e))?;
    let mut disk = gpt::GptConfig::new()
        .writable(true)
        .logical_block_size(block)
        .create_from_device(file, None)
        .map_err(|e| problem(&e))?;
    let number = disk
        .add_partition(
            "REDOX",
            (size - 2 * MIB) / MIB * MIB + (size % MIB) / BLOCK_SIZE * BLOCK_SIZE,
            gpt::partition_types::LINUX_FS,
            0,
            Some(MIB / 512),
        )
        .map_err(|e| problem(&e))?;
    let made = disk.partitions()[&number].clone();
    disk.write().map_err(|e| problem(&e))?;
    Ok(made.first_lba * 512..(made.last_lba + 1) * 512)
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ 0xedb8_8320 & (crc & 1).wrapping_neg();
        }
    }
    !crc
}

/// A GPT header and its table, as bytes; what this program does not know stays as it is.
struct RawTable {
    header: Vec<u8>,
    entries: Vec<u8>,
}

const HEADER_CRC: usize = 16;
const HEADER_ITS_BLOCK: usize = 24;
const HEADER_OTHER_BLOCK: usize = 32;
const HEADER_FIRST_USABLE: usize = 40;
const HEADER_LAST_USABLE: usize = 48;
const HEADER_ENTRIES_BLOCK: usize = 72;
const HEADER_ENTRIES_CRC: usize = 88;
const ENTRY_LAST: usize = 40;

fn put(bytes: &mut [u8], offset: usize, value: u64) {
    bytes[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
}

fn put32(bytes: &mut [u8], offset: usize, value: u32) {
    bytes[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}

impl RawTable {
    fn read<S: Storage>(storage: &mut S, gpt: &Gpt) -> Result<Self> {
        let size = gpt.block_size;
        let mut header = vec![0; size as usize];
        storage
            .read_at(gpt.header_block * size, &mut header)
            .map_err(read_error)?;
        // locate() has looked at these.
        let count = u64::from(u32_at(&header, 80)) * u64::from(u32_at(&header, 84));
        let mut entries = vec![0; (count.div_ceil(size) * size) as usize];
        let start = u64_at(&header, HEADER_ENTRIES_BLOCK);
        let start = start
            .checked_mul(size)
            .ok_or(Error::new(Kind::DataLoss, "its partition table is damaged"))?;
        storage.read_at(start, &mut entries).map_err(read_error)?;
        Ok(Self { header, entries })
    }

    fn seal(&mut self) {
        let length = u32_at(&self.header, 80) as usize * u32_at(&self.header, 84) as usize;
        put32(
            &mut self.header,
            HEADER_ENTRIES_CRC,
            crc32(&self.entries[..length]),
        );
        put32(&mut self.header, HEADER_CRC, 0);
        // As long as every header is, and as the crate takes it to be.
        let crc = crc32(&self.header[..92]);
        put32(&mut self.header, HEADER_CRC, crc);
    }

    fn blocks(&self, gpt: &Gpt) -> u64 {
        self.entries.len() as u64 / gpt.block_size
    }

    /// The table goes before the header that names it.
    fn write<S: Storage>(
        &mut self,
        storage: &mut S,
        gpt: &Gpt,
        primary: bool,
        last: u64,
    ) -> Result<()> {
        let (its, other, entries) = if primary {
            (1, last, 2)
        } else {
            (last, 1, last - self.blocks(gpt))
        };
        put(&mut self.header, HEADER_ITS_BLOCK, its);
        put(&mut self.header, HEADER_OTHER_BLOCK, other);
        put(&mut self.header, HEADER_ENTRIES_BLOCK, entries);
        self.seal();
        let size = gpt.block_size;
        let mut write = || {
            storage.write_at(entries * size, &self.entries)?;
            storage.sync()?;
            storage.write_at(its * size, &self.header)?;
            storage.sync()
        };
        write().map_err(|e| Error::io("cannot write the partition table", &e))
    }
}

impl<S: Storage> Image<S> {
    /// Makes the image `size` bytes long and its file system as large as then fits. Stopped
    /// anywhere in between, it opens with all that is in it, and can be grown again.
    pub fn grow(&mut self, size: u64) -> Result<()> {
        self.check_usable()?;
        let disk = &mut self.fs.disk;
        if !disk.writable {
            return fail(
                Kind::PermissionDenied,
                "the image was opened for reading only",
            );
        }
        let size = size / BLOCK_SIZE * BLOCK_SIZE;
        let length = disk.storage.len();
        if size < length {
            return fail(
                Kind::InvalidArgument,
                format!("it has {length} bytes already; images do not shrink"),
            );
        }
        if let Some(why) = disk.storage.fixed_size() {
            return fail(Kind::Unimplemented, why);
        }
        if let Some(gpt) = &self.location.gpt {
            if !gpt.is_last {
                return fail(
                    Kind::FailedPrecondition,
                    format!("partition {} holds the RedoxFS, and there is another behind it: no room to grow into", gpt.partition),
                );
            }
        }
        // From here on the image is not what this program knows of it.
        self.broken = true;
        let storage = &mut disk.storage;
        let end = match self.location.gpt.clone() {
            None => {
                extend(storage, size)?;
                size
            }
            Some(gpt) => grow_partition(storage, &gpt, size)?,
        };
        disk.set_end(end);
        let there = (end - self.location.range.start) / BLOCK_SIZE - self.location.block;
        let old = self.fs.header.size() / BLOCK_SIZE;
        if there > old {
            // SAFETY: these blocks are new, and counted in the header in the same transaction.
            unsafe {
                let allocator = self.fs.allocator_mut();
                for index in old..there {
                    allocator.deallocate(BlockAddr::new(index, BlockMeta::default()));
                }
            }
            let grown = self.transact(|tx| {
                tx.header.size = (there * BLOCK_SIZE).into();
                tx.header_changed = true;
                // Writes the log anew: from what the allocator has now.
                tx.sync(true)
                    .map_err(|_| Error::new(Kind::Unavailable, "the image cannot be written"))?;
                Ok(())
            });
            // The allocator has blocks by now that the header does not count.
            self.broken = true;
            grown?;
        }
        self.location.range.end = end;
        self.location.header = self.fs.header;
        self.broken = false;
        Ok(())
    }
}

fn extend<S: Storage>(storage: &mut S, size: u64) -> Result<()> {
    if size == storage.len() {
        return Ok(());
    }
    storage
        .set_len(size)
        .map_err(|e| Error::io("the image cannot be made larger", &e))
}

/// At every moment one of the two headers is sound, and is where it is looked for.
fn grow_partition<S: Storage>(storage: &mut S, gpt: &Gpt, size: u64) -> Result<u64> {
    let mut table = RawTable::read(storage, gpt)?;
    if !gpt.primary_sound {
        // The backup is at the end, which is about to move.
        let last = gpt.header_block;
        if u64_at(&table.header, HEADER_FIRST_USABLE) < 2 + table.blocks(gpt) {
            return fail(
                Kind::DataLoss,
                "its partition table is damaged, and there is no room to repair it",
            );
        }
        table.write(storage, gpt, true, last)?;
    } else if u64_at(&table.header, HEADER_ENTRIES_BLOCK) != 2 {
        return fail(
            Kind::Unimplemented,
            "its partition table is not where tables are; it is not moved",
        );
    }
    extend(storage, size)?;
    let last = size / gpt.block_size - 1;
    let last_usable = last - table.blocks(gpt) - 1;
    // Whole blocks of the file system.
    let bytes = (last_usable + 1 - gpt.first_block) * gpt.block_size / BLOCK_SIZE * BLOCK_SIZE;
    let last_block = gpt.first_block + bytes / gpt.block_size - 1;
    let end = (last_block.max(gpt.last_block) + 1) * gpt.block_size;
    let entry = (gpt.partition as usize - 1) * 128;
    put(
        &mut table.entries,
        entry + ENTRY_LAST,
        last_block.max(gpt.last_block),
    );
    put(&mut table.header, HEADER_LAST_USABLE, last_usable);
    table.write(storage, gpt, false, last)?;
    table.write(storage, gpt, true, last)?;
    protect(storage, gpt.block_size, last)?;
    Ok(end)
}

/// The old partition table in block 0 says how large the disk is; only very old programs read it.
fn protect<S: Storage>(storage: &mut S, block_size: u64, last: u64) -> Result<()> {
    const KIND: usize = 446 + 4;
    const SIZE: usize = 446 + 12;
    let mut mbr = vec![0; block_size as usize];
    storage.read_at(0, &mut mbr).map_err(read_error)?;
    if mbr[510..512] != [0x55, 0xaa] || mbr[KIND] != 0xee {
        return Ok(());
    }
    put32(&mut mbr, SIZE, u32::try_from(last).unwrap_or(u32::MAX));
    let mut write = || {
        storage.write_at(0, &mbr)?;
        storage.sync()
    };
    write().map_err(|e| Error::io("cannot write the partition table", &e))
}
