// SPDX-License-Identifier: MIT
//! Where an image's bytes are: a file, or (in tests) memory.

use crate::error::{fail, Error, Kind, Result};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Bytes by offset. Errors are the host's.
pub trait Storage {
    fn len(&self) -> u64;
    /// All of `buffer`; past the end is an error.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
    fn write_at(&mut self, offset: u64, buffer: &[u8]) -> io::Result<()>;
    /// What was written so far is on the disk when it returns.
    fn sync(&mut self) -> io::Result<()>;
    fn set_len(&mut self, length: u64) -> io::Result<()>;
    /// Why `set_len` cannot be done.
    fn fixed_size(&self) -> Option<&'static str>;
    /// Writes, and bytes written, since it was opened.
    fn written(&self) -> (u64, u64);
}

/// What tests cut: after this many writes the process ends itself.
struct Stop {
    after: u64,
    /// Of the last one only the first half.
    tear: bool,
}

impl Stop {
    fn from_environment() -> Option<Self> {
        let after = std::env::var("CATION_REDOXFS_STOP_AFTER").ok()?;
        Some(Self {
            after: after.parse().ok()?,
            tear: std::env::var_os("CATION_REDOXFS_TEAR").is_some(),
        })
    }
}

pub struct FileStorage {
    file: File,
    length: u64,
    device: bool,
    writes: u64,
    bytes: u64,
    stop: Option<Stop>,
}

/// A lock over bytes `start`..=`end` of the file; it belongs to the open file, not to the process.
fn ofd_lock(file: &File, command: libc::c_int, kind: libc::c_int, start: i64, end: i64) -> bool {
    // SAFETY: an all-zero flock is a valid value, and fcntl only reads and writes this one.
    unsafe {
        let mut lock: libc::flock = std::mem::zeroed();
        lock.l_type = kind as libc::c_short;
        lock.l_whence = libc::SEEK_SET as libc::c_short;
        lock.l_start = start;
        lock.l_len = end - start + 1;
        libc::fcntl(file.as_raw_fd(), command, &mut lock) == 0
            && (command != libc::F_OFD_GETLK || lock.l_type == libc::F_UNLCK as libc::c_short)
    }
}

/// Locks as QEMU does (block/file-posix.c): byte 100 + n is locked by who uses permission n, byte
/// 200 + n by who forbids it to others; 0 is "reads what stays the same", 1 is "writes". A writer
/// shuts out all; readers go together. And flock, which other tools use.
fn lock(file: &File, write: bool) -> bool {
    let (flock, kind) = if write {
        (libc::LOCK_EX, libc::F_WRLCK)
    } else {
        (libc::LOCK_SH, libc::F_RDLCK)
    };
    // SAFETY: the descriptor is open.
    if unsafe { libc::flock(file.as_raw_fd(), flock | libc::LOCK_NB) } != 0 {
        return false;
    }
    if write {
        return ofd_lock(file, libc::F_OFD_SETLK, kind, 100, 300);
    }
    ofd_lock(file, libc::F_OFD_SETLK, kind, 100, 100)
        && ofd_lock(file, libc::F_OFD_SETLK, kind, 201, 201)
        && ofd_lock(file, libc::F_OFD_GETLK, libc::F_WRLCK, 101, 101)
        && ofd_lock(file, libc::F_OFD_GETLK, libc::F_WRLCK, 200, 200)
}

impl FileStorage {
    /// Opens and locks an image.
    pub fn open(path: &Path, write: bool) -> Result<Self> {
        let metadata = std::fs::metadata(path).map_err(|e| Error::io("cannot open it", &e))?;
        let kind = metadata.file_type();
        let device = kind.is_block_device();
        if kind.is_dir() {
            return fail(
                Kind::FailedPrecondition,
                "it is a directory, not a disk image",
            );
        }
        if !kind.is_file() && !device {
            return fail(
                Kind::FailedPrecondition,
                "it is neither a file nor a block device",
            );
        }
        // The owner's word counts for root as well.
        if write && !device && metadata.mode() & 0o222 == 0 {
            return fail(
                Kind::PermissionDenied,
                "it is read-only; chmod u+w it to change it",
            );
        }
        let mut options = OpenOptions::new();
        options.read(true).write(write);
        // Of a block device: not while it is mounted. O_NONBLOCK: were it a FIFO by now.
        options.custom_flags(libc::O_NONBLOCK | if device { libc::O_EXCL } else { 0 });
        let file = options.open(path).map_err(|e| match e.raw_os_error() {
            Some(libc::EBUSY) => Error::new(
                Kind::FailedPrecondition,
                "it is in use: the device is mounted",
            ),
            _ => Error::io("cannot open it", &e),
        })?;
        let mut storage = Self::of(file, device)?;
        let opened = storage
            .file
            .metadata()
            .map_err(|e| Error::io("cannot look at it", &e))?;
        if (opened.dev(), opened.ino()) != (metadata.dev(), metadata.ino()) {
            return fail(
                Kind::FailedPrecondition,
                "it was replaced while it was opened",
            );
        }
        if !lock(&storage.file, write) {
            return fail(
                Kind::FailedPrecondition,
                "it is in use (by a running QEMU, or by another of these programs)",
            );
        }
        // It may have grown between the opening and the lock.
        storage.measure()?;
        Ok(storage)
    }

    /// A new file of `length` bytes.
    pub fn create(path: &Path, length: u64) -> Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(|e| match e.kind() {
                io::ErrorKind::AlreadyExists => {
                    Error::new(Kind::FailedPrecondition, "there is a file already")
                }
                _ => Error::io("cannot make it", &e),
            })?;
        let sized = file.set_len(length);
        let storage = Self::of(file, false)?;
        if !lock(&storage.file, true) {
            return fail(Kind::FailedPrecondition, "it is in use");
        }
        sized.map_err(|e| Error::io("cannot make it that large", &e))?;
        Ok(Self { length, ..storage })
    }

    fn of(file: File, device: bool) -> Result<Self> {
        let mut storage = Self {
            file,
            length: 0,
            device,
            writes: 0,
            bytes: 0,
            stop: Stop::from_environment(),
        };
        storage.measure()?;
        Ok(storage)
    }

    fn measure(&mut self) -> Result<()> {
        use std::io::{Seek, SeekFrom};
        self.length = (&self.file)
            .seek(SeekFrom::End(0))
            .map_err(|e| Error::io("cannot measure it", &e))?;
        Ok(())
    }

    /// For the gpt crate.
    pub fn file(&self) -> &File {
        &self.file
    }
}

impl Storage for FileStorage {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(buffer, offset)
    }

    fn write_at(&mut self, offset: u64, buffer: &[u8]) -> io::Result<()> {
        self.writes += 1;
        if let Some(stop) = &self.stop {
            if self.writes >= stop.after {
                let length = if stop.tear {
                    buffer.len() / 2
                } else {
                    buffer.len()
                };
                let _ = self.file.write_all_at(&buffer[..length], offset);
                std::process::abort();
            }
        }
        self.bytes += buffer.len() as u64;
        self.file.write_all_at(buffer, offset)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = length;
        self.file.sync_all()
    }

    fn fixed_size(&self) -> Option<&'static str> {
        self.device.then_some("a block device cannot grow")
    }

    fn written(&self) -> (u64, u64) {
        (self.writes, self.bytes)
    }
}

/// For tests: remembers what was written, and between which syncs.
#[cfg(test)]
#[derive(Clone, Default)]
pub struct MemoryStorage {
    pub data: Vec<u8>,
    /// Offset and bytes of every write; None is a sync.
    pub log: Vec<Option<(u64, Vec<u8>)>>,
    pub logging: bool,
    /// Writes until there is no space left on the host's disk.
    pub fails_after: Option<u64>,
    writes: u64,
    bytes: u64,
}

#[cfg(test)]
impl MemoryStorage {
    pub fn of(data: Vec<u8>) -> Self {
        Self {
            data,
            ..Self::default()
        }
    }
}

#[cfg(test)]
impl Storage for MemoryStorage {
    fn len(&self) -> u64 {
        self.data.len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).unwrap();
        match self.data.get(start..start + buffer.len()) {
            Some(bytes) => buffer.copy_from_slice(bytes),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        }
        Ok(())
    }

    fn write_at(&mut self, offset: u64, buffer: &[u8]) -> io::Result<()> {
        self.writes += 1;
        self.bytes += buffer.len() as u64;
        if let Some(left) = &mut self.fails_after {
            if *left == 0 {
                return Err(io::Error::from_raw_os_error(libc::ENOSPC));
            }
            *left -= 1;
        }
        let start = usize::try_from(offset).unwrap();
        self.data[start..start + buffer.len()].copy_from_slice(buffer);
        if self.logging {
            self.log.push(Some((offset, buffer.to_vec())));
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.logging {
            self.log.push(None);
        }
        Ok(())
    }

    fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.data.resize(length as usize, 0);
        Ok(())
    }

    fn fixed_size(&self) -> Option<&'static str> {
        None
    }

    fn written(&self) -> (u64, u64) {
        (self.writes, self.bytes)
    }
}
