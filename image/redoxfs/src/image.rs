// SPDX-License-Identifier: MIT
//! An open image: reading its tree, and changing it in one transaction.

use crate::disk::ImageDisk;
use crate::error::{damaged, fail, Error, Kind, Result};
use crate::locate::{locate, Location};
use crate::storage::Storage;
use crate::survey::{check_compiler, survey, Survey};
use redoxfs::{
    FileSystem, Node, NodeLevelData, Transaction, TreeData, TreePtr, ALLOC_LIST_ENTRIES,
    BLOCK_SIZE, DIR_ENTRY_MAX_LENGTH, RECORD_LEVEL, RECORD_SIZE,
};
use std::collections::{HashMap, HashSet};
use std::panic::{catch_unwind, AssertUnwindSafe};
use syscall::error::{ECANCELED, ENOENT, ENOSPC};

/// What Read() can hand over in one piece.
const MAX_FILE: u64 = 1 << 30;
const MAX_LINK: u64 = 1 << 16;

/// The sizes of records that are tried, as powers of two of a block: what the crate's default is;
/// and smaller ones, which fit into space that is in pieces.
const RECORD_LEVELS: [usize; 3] = [RECORD_LEVEL, 3, 0];

pub type Tx<'a, S> = Transaction<'a, ImageDisk<S>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    pub mode: u16,
    pub uid: u32,
    pub gid: u32,
    pub mtime: i64,
    pub nanoseconds: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub kind: &'static str,
    pub attributes: Attributes,
    pub size: u64,
    pub target: Vec<u8>,
}

#[derive(Clone)]
pub enum Action {
    MakeDirectory,
    WriteFile(Vec<u8>),
    MakeLink(Vec<u8>),
    Remove,
    SetAttributes,
}

#[derive(Clone)]
pub struct Change {
    pub path: String,
    pub action: Action,
    /// Not of Remove; of links the mode does not count.
    pub attributes: Attributes,
}

/// A change whose need of space is asked for.
pub struct Plan {
    pub path: String,
    /// Bytes of a file or of a link's target.
    pub size: u64,
    /// A new node is made.
    pub makes: bool,
    pub removes: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Committed {
    pub generation: u64,
    pub writes: u64,
    pub bytes: u64,
}

/// What a full check found. Damage is an error instead.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub directories: u64,
    pub files: u64,
    pub links: u64,
    pub others: u64,
    pub blocks: u64,
    pub free_blocks: u64,
    pub leaked_blocks: u64,
    pub nameless_nodes: u64,
}

pub struct Image<S: Storage> {
    pub fs: FileSystem<ImageDisk<S>>,
    pub location: Location,
    /// Until something is changed.
    survey: Option<Survey>,
    /// A write failed in the middle of a transaction.
    pub broken: bool,
}

/// The crate panics at some of what is damaged.
pub fn guarded<T>(f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f))
        .unwrap_or_else(|_| damaged("the redoxfs crate gave up reading it"))
}

fn crate_error(error: syscall::error::Error) -> Error {
    match error.errno {
        ENOSPC => Error::new(
            Kind::ResourceExhausted,
            "there is not enough space in the file system",
        ),
        _ => Error::new(
            Kind::DataLoss,
            "the file system is damaged: a block of it cannot be read",
        ),
    }
}

/// The components of a canonical path.
fn components(path: &str) -> Result<Vec<&str>> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let parts: Vec<_> = path.split('/').collect();
    if parts.iter().any(|part| matches!(*part, "" | "." | "..")) || path.contains('\0') {
        return fail(
            Kind::InvalidArgument,
            format!("{path}: not a canonical path"),
        );
    }
    Ok(parts)
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// May something of that name be made?
fn check_name(path: &str) -> Result<()> {
    let name = split(path).1;
    if name.len() > DIR_ENTRY_MAX_LENGTH {
        return fail(
            Kind::InvalidArgument,
            format!(
                "{path}: its name has {} bytes; RedoxFS holds at most {DIR_ENTRY_MAX_LENGTH}",
                name.len()
            ),
        );
    }
    if name.contains(':') {
        return fail(
            Kind::InvalidArgument,
            format!("{path}: RedoxFS holds no names with a ':'"),
        );
    }
    Ok(())
}

fn kind_of(node: &Node) -> &'static str {
    match node.mode() & Node::MODE_TYPE {
        Node::MODE_FILE => "file",
        Node::MODE_DIR => "directory",
        Node::MODE_SYMLINK => "link",
        _ => "other",
    }
}

fn no_such(path: &str) -> Error {
    Error::new(Kind::NotFound, format!("{path}: no such entry"))
}

fn find<S: Storage>(
    tx: &mut Tx<S>,
    directory: TreePtr<Node>,
    name: &str,
) -> Result<Option<TreeData<Node>>> {
    match tx.find_node(directory, name) {
        Ok(node) => return Ok(Some(node)),
        Err(error) if error.errno == ENOENT => {}
        Err(error) => return Err(crate_error(error)),
    }
    // The crate says ENOENT of what is damaged, too.
    let mut entries = Vec::new();
    tx.child_nodes(directory, &mut entries)
        .map_err(crate_error)?;
    if entries.iter().any(|entry| entry.name() == Some(name)) {
        return damaged(format!("'{name}' is in a directory where it is not found"));
    }
    Ok(None)
}

/// The directory in which the path's last component is or would be. The path is not "".
fn parent_of<S: Storage>(tx: &mut Tx<S>, path: &str) -> Result<TreePtr<Node>> {
    let parts = components(path)?;
    let mut directory = TreePtr::root();
    let mut length = 0;
    for part in &parts[..parts.len() - 1] {
        length += part.len();
        let node = find(tx, directory, part)?.ok_or_else(|| no_such(path))?;
        if !node.data().is_dir() {
            let way = &path[..length];
            return fail(
                Kind::FailedPrecondition,
                format!("{path}: {way} is not a directory"),
            );
        }
        directory = node.ptr();
        length += 1;
    }
    Ok(directory)
}

fn node_at<S: Storage>(tx: &mut Tx<S>, path: &str) -> Result<TreeData<Node>> {
    if path.is_empty() {
        return tx.read_tree(TreePtr::root()).map_err(crate_error);
    }
    let parent = parent_of(tx, path)?;
    find(tx, parent, split(path).1)?.ok_or_else(|| no_such(path))
}

fn content<S: Storage>(tx: &mut Tx<S>, node: &TreeData<Node>) -> Result<Vec<u8>> {
    // Read as it comes, not by what the size says: that may be anything.
    const CHUNK: u64 = 8 * RECORD_SIZE;
    let mut bytes = Vec::new();
    let mut chunk = vec![0; CHUNK.min(node.data().size()) as usize];
    while !chunk.is_empty() {
        let count = tx
            .read_node_inner(node, bytes.len() as u64, &mut chunk)
            .map_err(crate_error)?;
        bytes.extend_from_slice(&chunk[..count]);
        if count < chunk.len() {
            break;
        }
    }
    Ok(bytes)
}

/// How many records the node's pointers reach to.
fn reach(levels: &NodeLevelData) -> Option<u64> {
    let last = |nulls: &mut dyn DoubleEndedIterator<Item = bool>| {
        let nulls: Vec<bool> = nulls.collect();
        nulls.iter().rposition(|null| !null).map(|i| i as u64 + 1)
    };
    // Copied: the struct is packed.
    let (level0, level1, level2) = (levels.level0, levels.level1, levels.level2);
    let (level3, level4) = (levels.level3, levels.level4);
    if level3.iter().any(|pointer| !pointer.is_null())
        || level4.iter().any(|pointer| !pointer.is_null())
    {
        return None;
    }
    if let Some(lists) = last(&mut level2.iter().map(|pointer| pointer.is_null())) {
        return Some(128 + 64 * 256 + lists * 256 * 256);
    }
    if let Some(lists) = last(&mut level1.iter().map(|pointer| pointer.is_null())) {
        return Some(128 + lists * 256);
    }
    Some(last(&mut level0.iter().map(|pointer| pointer.is_null())).unwrap_or(0))
}

fn remove<S: Storage>(
    tx: &mut Tx<S>,
    parent: TreePtr<Node>,
    path: &str,
    mut node: TreeData<Node>,
) -> Result<()> {
    let mode = node.data().mode();
    if node.data().links() <= 1 && !node.data().is_dir() {
        if let Some(levels) = node.data().level_data() {
            // The crate's truncating rounds the size down to whole records, and so forgets the
            // last one. Of a size in whole records, that reaches to all there are, it forgets none.
            let Some(records) = reach(levels) else {
                return fail(
                    Kind::Unimplemented,
                    format!("{path}: files above 256 GiB are not removed"),
                );
            };
            let size = records * node.data().record_level().bytes();
            node.data_mut().set_size(size);
            tx.sync_tree(node).map_err(crate_error)?;
        }
    }
    tx.remove_node(parent, split(path).1, mode)
        .map_err(crate_error)?;
    Ok(())
}

fn set_attributes(node: &mut Node, path: &str, attributes: &Attributes) -> Result<()> {
    let Ok(mtime) = u64::try_from(attributes.mtime) else {
        return fail(
            Kind::Unimplemented,
            format!("{path}: RedoxFS holds no time before 1970"),
        );
    };
    node.set_mode(node.mode() & Node::MODE_TYPE | attributes.mode & Node::MODE_PERM);
    node.set_uid(attributes.uid);
    node.set_gid(attributes.gid);
    node.set_mtime(mtime, attributes.nanoseconds);
    Ok(())
}

fn make<S: Storage>(
    tx: &mut Tx<S>,
    parent: TreePtr<Node>,
    change: &Change,
    kind: u16,
    bytes: &[u8],
    record_level: usize,
) -> Result<()> {
    let path = &change.path;
    let mut attributes = change.attributes;
    if kind == Node::MODE_SYMLINK {
        attributes.mode = 0o777;
    }
    let Ok(time) = u64::try_from(attributes.mtime) else {
        return fail(
            Kind::Unimplemented,
            format!("{path}: RedoxFS holds no time before 1970"),
        );
    };
    let mut node = tx
        .create_node(parent, split(path).1, kind, time, attributes.nanoseconds)
        .map_err(crate_error)?;
    set_attributes(node.data_mut(), path, &attributes)?;
    if kind == Node::MODE_FILE {
        node.data_mut().record_level = (record_level as u32).into();
    }
    let mut offset = 0;
    tx.write_node_inner(&mut node, &mut offset, bytes)
        .map_err(crate_error)?;
    tx.sync_tree(node).map_err(crate_error)
}

fn apply<S: Storage>(tx: &mut Tx<S>, change: &Change, record_level: usize) -> Result<()> {
    let path = &change.path;
    let wrong = |what: &str| fail(Kind::FailedPrecondition, format!("{path}: {what}"));
    if path.is_empty() {
        return match change.action {
            Action::SetAttributes => {
                let mut node = node_at(tx, path)?;
                set_attributes(node.data_mut(), path, &change.attributes)?;
                tx.sync_tree(node).map_err(crate_error)
            }
            Action::MakeDirectory => wrong("exists"),
            Action::WriteFile(_) | Action::MakeLink(_) => wrong("is a directory"),
            Action::Remove => wrong("is the root directory"),
        };
    }
    let parent = parent_of(tx, path)?;
    let there = find(tx, parent, split(path).1)?;
    match &change.action {
        Action::MakeDirectory => {
            if there.is_some() {
                return wrong("exists");
            }
            check_name(path)?;
            make(tx, parent, change, Node::MODE_DIR, &[], 0)
        }
        Action::WriteFile(bytes) | Action::MakeLink(bytes) => {
            if let Some(node) = there {
                match kind_of(node.data()) {
                    "directory" => return wrong("is a directory"),
                    "other" => return wrong("is a special file"),
                    _ => remove(tx, parent, path, node)?,
                }
            } else {
                check_name(path)?;
            }
            if matches!(change.action, Action::WriteFile(_)) {
                return make(tx, parent, change, Node::MODE_FILE, bytes, record_level);
            }
            if bytes.is_empty() || bytes.len() as u64 > MAX_LINK {
                return fail(
                    Kind::InvalidArgument,
                    format!("{path}: a link's target has 1 to {MAX_LINK} bytes"),
                );
            }
            make(tx, parent, change, Node::MODE_SYMLINK, bytes, 0)
        }
        Action::Remove => {
            let node = there.ok_or_else(|| no_such(path))?;
            if kind_of(node.data()) == "other" {
                return wrong("is a special file");
            }
            if node.data().is_dir() {
                let mut entries = Vec::new();
                tx.child_nodes(node.ptr(), &mut entries)
                    .map_err(crate_error)?;
                if !entries.is_empty() {
                    return wrong("directory not empty");
                }
            }
            remove(tx, parent, path, node)
        }
        Action::SetAttributes => {
            let mut node = there.ok_or_else(|| no_such(path))?;
            if !node.data().is_file() && !node.data().is_dir() {
                return wrong("neither a file nor a directory");
            }
            set_attributes(node.data_mut(), path, &change.attributes)?;
            tx.sync_tree(node).map_err(crate_error)
        }
    }
}

impl<S: Storage> Image<S> {
    /// Reads all of its metadata; changes nothing.
    pub fn open(mut storage: S, writable: bool) -> Result<Self> {
        check_compiler()?;
        let location = locate(&mut storage)?;
        let mut disk = ImageDisk::new(storage, location.range.clone(), location.block, writable);
        let survey = survey(&mut disk, location.block, &location.header, None)?;
        let fs = guarded(|| {
            FileSystem::open(disk, None, Some(location.header_block), false).map_err(crate_error)
        })?;
        Ok(Self {
            fs,
            location,
            survey: Some(survey),
            broken: false,
        })
    }

    /// What the host said, if it was the host that failed.
    fn explain(&mut self, error: Error) -> Error {
        match self.fs.disk.failure.take() {
            Some(failure) => {
                let mut explained = Error::io("the image cannot be read or written", &failure);
                if explained.kind == Kind::NotFound {
                    explained.kind = Kind::Unavailable;
                }
                explained
            }
            None => error,
        }
    }

    pub fn check_usable(&self) -> Result<()> {
        if self.broken {
            return fail(
                Kind::Unavailable,
                "an earlier write to the image failed; open it anew",
            );
        }
        Ok(())
    }

    /// Within a transaction that is never committed: the crate would write now and then even if
    /// nothing was changed.
    fn reading<T>(&mut self, f: impl FnOnce(&mut Tx<S>) -> Result<T>) -> Result<T> {
        self.check_usable()?;
        let fs = &mut self.fs;
        let result = guarded(|| {
            let mut result = None;
            let _ = fs.tx(|tx| -> syscall::error::Result<()> {
                result = Some(f(tx));
                Err(syscall::error::Error::new(ECANCELED))
            });
            result.unwrap_or_else(|| damaged("no transaction"))
        });
        result.map_err(|error| self.explain(error))
    }

    pub fn look(&mut self, path: &str) -> Result<Entry> {
        self.reading(|tx| {
            let node = node_at(tx, path)?;
            let data = node.data();
            let (mtime, nanoseconds) = data.mtime();
            let mut entry = Entry {
                kind: kind_of(data),
                attributes: Attributes {
                    mode: data.mode() & Node::MODE_PERM,
                    uid: data.uid(),
                    gid: data.gid(),
                    mtime: i64::try_from(mtime).unwrap_or(i64::MAX),
                    nanoseconds,
                },
                size: 0,
                target: Vec::new(),
            };
            match entry.kind {
                "file" => entry.size = data.size(),
                "link" => {
                    if data.size() > MAX_LINK {
                        return damaged(format!("the link {path} is too long"));
                    }
                    entry.attributes.mode = 0o777;
                    entry.target = content(tx, &node)?;
                }
                _ => {}
            }
            Ok(entry)
        })
    }

    pub fn read(&mut self, path: &str) -> Result<Vec<u8>> {
        self.reading(|tx| {
            let node = node_at(tx, path)?;
            if !node.data().is_file() {
                return fail(Kind::FailedPrecondition, format!("{path}: not a file"));
            }
            if node.data().size() > MAX_FILE {
                return fail(
                    Kind::Unimplemented,
                    format!("{path}: files above 1 GiB are not read"),
                );
            }
            content(tx, &node)
        })
    }

    pub fn list(&mut self, path: &str) -> Result<Vec<String>> {
        self.reading(|tx| {
            let node = node_at(tx, path)?;
            if !node.data().is_dir() {
                return fail(Kind::FailedPrecondition, format!("{path}: not a directory"));
            }
            let mut entries = Vec::new();
            tx.child_nodes(node.ptr(), &mut entries)
                .map_err(crate_error)?;
            let mut names = Vec::new();
            for entry in &entries {
                match entry.name() {
                    Some(name) => names.push(name.to_string()),
                    None => return damaged("a directory has an entry whose name cannot be"),
                }
            }
            names.sort();
            Ok(names)
        })
    }

    /// Bytes in all, and free.
    pub fn space(&self) -> (u64, u64) {
        (
            self.fs.header.size(),
            self.fs.allocator().free() * BLOCK_SIZE,
        )
    }

    fn surveyed(&mut self) -> Result<&Survey> {
        self.check_usable()?;
        if self.survey.is_none() {
            let header = self.fs.header;
            let found = survey(&mut self.fs.disk, self.location.block, &header, None);
            self.survey = Some(found.map_err(|error| self.explain(error))?);
        }
        Ok(self.survey.as_ref().unwrap())
    }

    /// How many bytes the changes take at most before what they replace is free.
    pub fn need(&mut self, plans: &[Plan]) -> Result<u64> {
        if plans.is_empty() {
            return Ok(0);
        }
        // By directory: entries touched, and bytes of new ones.
        let mut directories: HashMap<&str, (u64, u64)> = HashMap::new();
        let mut touched = HashSet::new();
        let (mut made, mut records) = (0u64, 0u64);
        let mut removed_blocks = 0u64;
        for plan in plans {
            let (parent, name) = split(&plan.path);
            if plan.makes || plan.removes {
                let directory = directories.entry(parent).or_default();
                directory.0 += 1;
                if plan.makes {
                    directory.1 += 5 + name.len() as u64;
                }
                touched.insert(parent);
            }
            touched.insert(&plan.path);
            if plan.makes {
                made += 1;
                let whole = plan.size / RECORD_SIZE;
                let rest = (plan.size % RECORD_SIZE).div_ceil(BLOCK_SIZE);
                let blocks = whole * (RECORD_SIZE / BLOCK_SIZE)
                    + if rest > 0 {
                        rest.next_power_of_two()
                    } else {
                        0
                    };
                // Lists of records, should they be of one block each.
                records += blocks + blocks / 128 + if blocks > 128 { 4 } else { 0 };
            }
            let replaced = self.reading(|tx| {
                let node = node_at(tx, &plan.path)?;
                Ok(node.data().blocks())
            });
            removed_blocks = removed_blocks.saturating_add(replaced.unwrap_or(0));
        }
        let shapes: Vec<_> = directories
            .iter()
            .map(|(path, counts)| {
                let id = self.reading(|tx| Ok(node_at(tx, path)?.id()));
                (id.ok(), *counts)
            })
            .collect();
        let survey = self.surveyed()?;
        let mut lists = 0;
        let mut inner = 0;
        for (id, (changes, bytes)) in shapes {
            let node = id.and_then(|id| survey.nodes.get(&id));
            let (old_lists, old_inner) = node.map_or((0, 0), |node| (node.lists, node.inner));
            // Each list touched may split; those made by that split again after half a block.
            let here = 2 * old_lists.min(changes) + bytes / 1700 + 2;
            lists += here;
            inner += 2 * old_inner.min(changes) + here / 50 + 3;
        }
        let touched = touched.len() as u64;
        let tree: u64 = survey
            .tree_lists
            .iter()
            .zip(1..)
            .map(|(&there, level)| there.min(touched + made) + made / 254u64.pow(level) + 1)
            .sum();
        let metadata = made + touched + lists + inner + tree;
        // Each block taken or given back is an entry of the log; all of it is rewritten now and
        // then, in runs.
        let entries = 2 * (metadata + records) + removed_blocks.min(survey.blocks);
        let log = 4 + (entries + 2 * survey.free_runs + 64) / ALLOC_LIST_ENTRIES as u64;
        Ok((metadata + records + log) * BLOCK_SIZE)
    }

    /// All of the changes, or none.
    pub fn commit(&mut self, changes: &[Change]) -> Result<Committed> {
        self.check_usable()?;
        if changes.is_empty() {
            return Ok(Committed {
                generation: self.fs.header.generation(),
                ..Committed::default()
            });
        }
        if !self.fs.disk.writable {
            return fail(
                Kind::PermissionDenied,
                "the image was opened for reading only",
            );
        }
        let mut result = fail(Kind::ResourceExhausted, "no space");
        for record_level in RECORD_LEVELS {
            result = self.transact(|tx| {
                for change in changes {
                    apply(tx, change, record_level)?;
                }
                Ok(())
            });
            match &result {
                Err(error) if error.kind == Kind::ResourceExhausted && !self.broken => {}
                _ => break,
            }
        }
        result
    }

    /// One transaction. After an error nothing is changed.
    pub fn transact(&mut self, f: impl FnOnce(&mut Tx<S>) -> Result<()>) -> Result<Committed> {
        let before = self.fs.disk.storage.written();
        let generation = self.fs.header.generation();
        let fs = &mut self.fs;
        let result = guarded(|| {
            let mut refused = None;
            let result = fs.tx(|tx| {
                f(tx).map_err(|error| {
                    refused = Some(error);
                    syscall::error::Error::new(ECANCELED)
                })
            });
            match refused {
                Some(error) => Err(error),
                None => result.map_err(crate_error),
            }
        });
        let after = self.fs.disk.storage.written();
        match result {
            Ok(()) => {
                self.survey = None;
                Ok(Committed {
                    generation: self.fs.header.generation(),
                    writes: after.0 - before.0,
                    bytes: after.1 - before.1,
                })
            }
            Err(error) => {
                self.broken = after != before;
                let mut error = self.explain(error);
                if self.broken {
                    let now = locate(&mut self.fs.disk.storage);
                    if !now.is_ok_and(|now| now.header.generation() == generation) {
                        error.message +=
                            "; the change was written, but may not be on the disk for good";
                    }
                }
                Err(error)
            }
        }
    }

    /// Reads every block there is.
    pub fn check(&mut self) -> Result<Report> {
        self.check_usable()?;
        let mut records = Vec::new();
        let header = self.fs.header;
        let ring = self.location.block;
        let mut note = |id: u32, record: &crate::survey::Record| {
            records.push((id, record.number, record.pointer));
        };
        let found = survey(&mut self.fs.disk, ring, &header, Some(&mut note));
        let found = found.map_err(|error| self.explain(error))?;
        let free = self.fs.allocator().free();
        if free != found.free {
            return damaged(format!(
                "{} blocks are free, the redoxfs crate says {free}",
                found.free
            ));
        }
        let mut buffer = vec![0; RECORD_SIZE as usize];
        for (id, number, pointer) in records {
            let length = (BLOCK_SIZE << pointer.level()) as usize;
            let block = &mut buffer[..length];
            // SAFETY: unsafe only to discourage its use.
            let read =
                unsafe { redoxfs::Disk::read_at(&mut self.fs.disk, ring + pointer.index(), block) };
            if read.is_err() {
                let error = damaged::<()>("a record cannot be read").unwrap_err();
                return Err(self.explain(error));
            }
            if seahash::hash(block) != pointer.hash {
                return damaged(format!(
                    "a record in block {} (of node {id}) has the wrong checksum",
                    pointer.index()
                ));
            }
            let node = &found.nodes[&id];
            let offset = number
                .checked_mul(BLOCK_SIZE << node.record_level)
                .filter(|offset| *offset < node.size);
            if let Some(offset) = offset {
                // As the crate reads it: decompressed.
                let length = (BLOCK_SIZE << node.record_level).min(node.size - offset) as usize;
                let into = &mut buffer[..length];
                self.reading(|tx| {
                    let node = tx.read_tree(TreePtr::new(id)).map_err(crate_error)?;
                    match tx.read_node_inner(&node, offset, into) {
                        Ok(count) if count == length => Ok(()),
                        _ => damaged(format!("a record of node {id} cannot be decompressed")),
                    }
                })?;
            }
        }
        Ok(Report {
            directories: found.directories,
            files: found.files,
            links: found.links,
            others: found.others,
            blocks: found.blocks,
            free_blocks: found.free,
            leaked_blocks: found.leaked,
            nameless_nodes: found.nameless,
        })
    }
}
