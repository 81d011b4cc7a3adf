// SPDX-License-Identifier: MIT
//! Reads all metadata of a file system without the redoxfs crate's help: which blocks are used by
//! what, and whether everything is where it can be. The crate trusts what has the right hash: it
//! panics at, or loops over, what this refuses. So this comes before every opening by the crate.

use crate::error::{damaged, fail, Kind, Result};
use crate::locate::{u32_at, u64_at};
use redoxfs::{
    BlockLevel, BlockTrait, DirEntry, DirList, Disk, Header, TreePtr, BLOCK_SIZE,
    DIR_ENTRY_MAX_LENGTH, HEADER_RING, RECORD_LEVEL,
};
use std::collections::{HashMap, HashSet};

const BLOCK: usize = BLOCK_SIZE as usize;
/// In a TreeList, of 16 bytes each.
const TREE_POINTERS: usize = 254;
const LIST_POINTERS: usize = 256;
const HTREE_POINTERS: usize = 204;
const ALLOC_ENTRIES: usize = 255;
/// Where a DirList has its numbers: behind its entries.
const LIST_COUNT: usize = BLOCK - 4;
const LIST_LENGTH: usize = BLOCK - 2;
const RELEASE_ENTRIES: usize = (BLOCK - 16) / 4;
/// Where a Node's pointers begin, and how many there are of each level of indirection.
const NODE_POINTERS: usize = 128;
const NODE_LEVELS: [usize; 5] = [128, 64, 32, 16, 8];
/// Where a Header's pointers are.
const HEADER_TREE: usize = 48;
const HEADER_ALLOC: usize = 64;
const HEADER_RELEASE: usize = 80 + 64 * 48;

pub const ROOT: u32 = 1;
const INLINE: u32 = 1;

/// What the crate does when it opens a file system takes a step for each block of each log entry
/// and each run of free blocks. A log that takes longer than a minute was made to.
const MAX_LOG_STEPS: u64 = 1 << 32;

/// A DirList goes to the disk as rustc lays it out in memory, and nothing tells rustc how. Since 1.67
/// that is as above. Had the compiler of this program another mind, it would write directories that
/// Redox cannot read.
pub fn check_compiler() -> Result<()> {
    let mut list = match <DirList as BlockTrait>::empty(BlockLevel::default()) {
        Some(list) if list.len() == BLOCK => list,
        _ => return fail(Kind::Unimplemented, "the helper was compiled wrongly"),
    };
    list.append(&DirEntry::new(TreePtr::new(7), "name"));
    if list[..9] != *b"\x07\0\0\0\x04name" || list[LIST_COUNT..] != [1, 0, 9, 0] {
        return fail(
            Kind::Unimplemented,
            "the helper's Rust compiler lays directories out otherwise than Redox's",
        );
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    pub address: u64,
    pub hash: u64,
}

impl Pointer {
    fn of(bytes: &[u8], offset: usize) -> Self {
        Self {
            address: u64_at(bytes, offset),
            hash: u64_at(bytes, offset + 8),
        }
    }
    pub fn index(self) -> u64 {
        self.address >> 8
    }
    pub fn level(self) -> usize {
        (self.address & 0xf) as usize
    }
    pub fn decompressed_level(self) -> usize {
        (self.address >> 4 & 0xf) as usize
    }
    fn is_null(self) -> bool {
        self.index() == 0
    }
    fn is_marker(self) -> bool {
        self.address | 0xf == u64::MAX && self.hash == u64::MAX
    }
}

#[derive(Clone, Default)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    fn new(count: u64) -> Self {
        Self {
            words: vec![0; count.div_ceil(64) as usize],
        }
    }
    pub fn get(&self, index: u64) -> bool {
        self.words[(index / 64) as usize] >> (index % 64) & 1 != 0
    }
    fn set(&mut self, index: u64, value: bool) {
        let word = &mut self.words[(index / 64) as usize];
        *word = *word & !(1 << (index % 64)) | u64::from(value) << (index % 64);
    }
}

/// A record of a file's content.
pub struct Record {
    /// Which of the file's.
    pub number: u64,
    pub pointer: Pointer,
}

/// Is told of the records of nodes.
pub type OnRecord<'a> = &'a mut dyn FnMut(u32, &Record);

pub struct NodeInfo {
    pub mode: u16,
    pub links: u32,
    pub size: u64,
    pub record_level: usize,
    pub inline: bool,
    /// Of directories: how they are put together.
    pub lists: u64,
    pub inner: u64,
    /// Entries that name it.
    pub names: u32,
}

impl NodeInfo {
    pub fn is_directory(&self) -> bool {
        self.mode & 0xf000 == 0x4000
    }
}

#[derive(Default)]
pub struct Survey {
    pub blocks: u64,
    pub free: u64,
    pub nodes: HashMap<u32, NodeInfo>,
    /// Blocks of the tree of nodes, by level from the nodes up.
    pub tree_lists: [u64; 4],
    pub directories: u64,
    pub files: u64,
    pub links: u64,
    pub others: u64,
    pub metadata_blocks: u64,
    pub record_blocks: u64,
    /// Neither free nor used by anything. Redox itself leaves such: it releases all but the last
    /// record of a removed file. They cost space, not data.
    pub leaked: u64,
    /// Nodes without a name: of files that were open when they were removed.
    pub nameless: u64,
    /// Runs of free blocks.
    pub free_runs: u64,
}

struct Surveyor<'a, D: Disk> {
    disk: &'a mut D,
    ring: u64,
    used: Bits,
    survey: Survey,
    /// Name to node, of every directory.
    entries: Vec<(u32, Vec<u32>)>,
    on_record: Option<OnRecord<'a>>,
}

/// Reads everything but the content of files; what it returns is sound. `on_record` is told of each
/// record of each node.
pub fn survey<'a, D: Disk>(
    disk: &'a mut D,
    ring: u64,
    header: &Header,
    on_record: Option<OnRecord<'a>>,
) -> Result<Survey> {
    let blocks = header.size() / BLOCK_SIZE;
    let mut surveyor = Surveyor {
        disk,
        ring,
        used: Bits::new(blocks),
        survey: Survey {
            blocks,
            ..Survey::default()
        },
        entries: Vec::new(),
        on_record,
    };
    let free = surveyor.read_log(Pointer::of(header, HEADER_ALLOC))?;
    surveyor.read_tree_list(Pointer::of(header, HEADER_TREE), 3, 0)?;
    let releases = surveyor.read_releases(Pointer::of(header, HEADER_RELEASE))?;
    surveyor.check_names(&releases)?;

    let Surveyor {
        used, mut survey, ..
    } = surveyor;
    let mut before = false;
    // The block after the headers is never used.
    for index in HEADER_RING + 1..blocks {
        let is_free = free.get(index);
        match (is_free, used.get(index)) {
            (true, true) => {
                return damaged(format!("block {index} is used, and free as well"));
            }
            (false, false) => survey.leaked += 1,
            (true, false) => survey.free += 1,
            (false, true) => {}
        }
        if is_free && !before {
            survey.free_runs += 1;
        }
        before = is_free;
    }
    Ok(survey)
}

impl<D: Disk> Surveyor<'_, D> {
    /// Notes that blocks are used; by two things at once they cannot be.
    fn claim(&mut self, pointer: Pointer, what: &str) -> Result<()> {
        let count = 1u64 << pointer.level();
        let start = pointer.index();
        if pointer.level() > RECORD_LEVEL
            || start <= HEADER_RING
            || start + count > self.survey.blocks
        {
            return damaged(format!("{what} lies outside of it"));
        }
        for index in start..start + count {
            if self.used.get(index) {
                return damaged(format!("block {index} is used twice"));
            }
            self.used.set(index, true);
        }
        Ok(())
    }

    fn read(&mut self, pointer: Pointer, what: &str) -> Result<[u8; BLOCK]> {
        if pointer.level() != 0 || pointer.decompressed_level() != 0 {
            return damaged(format!("{what} is not one block"));
        }
        self.claim(pointer, what)?;
        self.survey.metadata_blocks += 1;
        let mut bytes = [0; BLOCK];
        // SAFETY: unsafe only to discourage its use.
        let count = unsafe { self.disk.read_at(self.ring + pointer.index(), &mut bytes) };
        if count != Ok(BLOCK) {
            return damaged(format!("{what} cannot be read"));
        }
        if seahash::hash(&bytes) != pointer.hash {
            return damaged(format!(
                "{what} in block {} has the wrong checksum",
                pointer.index()
            ));
        }
        Ok(bytes)
    }

    /// The allocation log: what is free.
    fn read_log(&mut self, mut pointer: Pointer) -> Result<Bits> {
        const WHAT: &str = "a block of the allocation log";
        let mut logs = Vec::new();
        while !pointer.is_null() {
            let block = self.read(pointer, WHAT)?;
            pointer = Pointer::of(&block, 0);
            logs.push(block);
        }
        if logs.is_empty() {
            return damaged("it has no allocation log");
        }
        let mut free = Bits::new(self.survey.blocks);
        let mut runs = 0u64;
        let mut steps = 0u64;
        let entries = logs.iter().rev().flat_map(|block| {
            (0..ALLOC_ENTRIES).map(|i| {
                (
                    u64_at(block, 16 + 16 * i),
                    u64_at(block, 24 + 16 * i) as i64,
                )
            })
        });
        for (index, count) in entries {
            let now_free = count > 0;
            let count = count.unsigned_abs();
            if count == 0 {
                continue;
            }
            if index <= HEADER_RING
                || index
                    .checked_add(count)
                    .is_none_or(|e| e > self.survey.blocks)
            {
                return damaged("the allocation log names blocks outside of it");
            }
            for block in index..index + count {
                if free.get(block) == now_free {
                    return damaged(format!(
                        "the allocation log {} block {block} twice",
                        if now_free { "frees" } else { "takes" }
                    ));
                }
                let neighbours = u64::from(free.get(block - 1))
                    + u64::from(block + 1 < self.survey.blocks && free.get(block + 1));
                free.set(block, now_free);
                runs = if now_free {
                    runs + 1 - neighbours
                } else {
                    runs + neighbours - 1
                };
                steps += 16 + runs;
            }
            if steps > MAX_LOG_STEPS {
                return fail(
                    Kind::Unimplemented,
                    "its allocation log is too long; let Redox mount the image once, which shortens it",
                );
            }
        }
        Ok(free)
    }

    fn read_tree_list(&mut self, pointer: Pointer, level: usize, prefix: u32) -> Result<()> {
        let block = self.read(pointer, "a block of the tree of nodes")?;
        self.survey.tree_lists[level] += 1;
        for i in 0..TREE_POINTERS {
            let child = Pointer::of(&block, 16 * i);
            // The crate takes a slot that is not marked full for one to put something in.
            let flags = u64_at(&block, 16 * TREE_POINTERS + i / 64 * 8);
            let full = flags >> (i % 64) & 1 != 0;
            let id = prefix << 8 | i as u32;
            if level == 0 && full == child.is_null() && !(id == 0 && child.is_null()) {
                return damaged(format!("the slot of node {id} is marked wrongly"));
            }
            if child.is_null() {
                continue;
            }
            if level > 0 {
                self.read_tree_list(child, level - 1, id)?;
            } else {
                if id == 0 {
                    return damaged("it has a node 0");
                }
                self.read_node(child, id)?;
            }
        }
        Ok(())
    }

    fn read_node(&mut self, pointer: Pointer, id: u32) -> Result<()> {
        let block = self.read(pointer, "a node")?;
        let mut node = NodeInfo {
            mode: u32_at(&block, 0) as u16,
            links: u32_at(&block, 10),
            size: u64_at(&block, 14),
            record_level: u32_at(&block, 66) as usize,
            inline: u32_at(&block, 70) & INLINE != 0,
            lists: 0,
            inner: 0,
            names: 0,
        };
        if node.record_level > RECORD_LEVEL {
            return damaged(format!("node {id} has records of an impossible size"));
        }
        if node.is_directory() {
            if node.inline {
                return damaged(format!("node {id} is a directory without entries"));
            }
            let marker = Pointer::of(&block, NODE_POINTERS);
            if marker.is_marker() {
                let mut ids = Vec::new();
                let mut names = HashSet::new();
                let top = Pointer::of(&block, NODE_POINTERS + 16);
                self.read_entries(top, marker.level(), &mut node, &mut ids, &mut names)?;
                self.entries.push((id, ids));
            } else if !marker.is_null() {
                return damaged(format!("directory {id} does not begin with a marker"));
            }
        } else if !node.inline {
            let mut slot = 0;
            let mut record = 0u64;
            for (level, count) in NODE_LEVELS.into_iter().enumerate() {
                for _ in 0..count {
                    let child = Pointer::of(&block, NODE_POINTERS + 16 * slot);
                    self.read_records(child, level, &mut record, id)?;
                    slot += 1;
                }
            }
        }
        self.survey.nodes.insert(id, node);
        Ok(())
    }

    fn read_records(
        &mut self,
        pointer: Pointer,
        level: usize,
        record: &mut u64,
        id: u32,
    ) -> Result<()> {
        if pointer.is_null() {
            *record += 1 << (8 * level);
            return Ok(());
        }
        if level > 0 {
            let block = self.read(pointer, "a list of records")?;
            for i in 0..LIST_POINTERS {
                self.read_records(Pointer::of(&block, 16 * i), level - 1, record, id)?;
            }
            return Ok(());
        }
        if pointer.decompressed_level() > RECORD_LEVEL {
            return damaged(format!("a record of node {id} has an impossible size"));
        }
        self.claim(pointer, "a record")?;
        self.survey.record_blocks += 1 << pointer.level();
        if let Some(tell) = &mut self.on_record {
            tell(
                id,
                &Record {
                    number: *record,
                    pointer,
                },
            );
        }
        *record += 1;
        Ok(())
    }

    fn read_entries(
        &mut self,
        pointer: Pointer,
        level: usize,
        node: &mut NodeInfo,
        ids: &mut Vec<u32>,
        names: &mut HashSet<Vec<u8>>,
    ) -> Result<()> {
        let block = self.read(pointer, "a block of a directory")?;
        if level > 0 {
            node.inner += 1;
            for i in 0..HTREE_POINTERS {
                let child = Pointer::of(&block, 20 * i + 4);
                if !child.is_null() {
                    self.read_entries(child, level - 1, node, ids, names)?;
                }
            }
            return Ok(());
        }
        node.lists += 1;
        let number = |at| usize::from(u16::from_le_bytes([block[at], block[at + 1]]));
        let (count, length) = (number(LIST_COUNT), number(LIST_LENGTH));
        let Some(mut rest) = block[..LIST_COUNT].get(..length) else {
            return damaged("a directory is longer than its block");
        };
        for _ in 0..count {
            let Some((name_length, end)) =
                rest.get(4).map(|&n| (usize::from(n), 5 + usize::from(n)))
            else {
                return damaged("a directory ends within an entry");
            };
            let Some(name) = rest.get(5..end) else {
                return damaged("a directory ends within a name");
            };
            if name_length == 0
                || name_length > DIR_ENTRY_MAX_LENGTH
                || name == b"."
                || name == b".."
                || name.contains(&b'/')
                || name.contains(&0)
                || std::str::from_utf8(name).is_err()
            {
                return damaged("a directory has an entry whose name cannot be");
            }
            if !names.insert(name.to_vec()) {
                return damaged(format!(
                    "a directory has two entries '{}'",
                    String::from_utf8_lossy(name)
                ));
            }
            ids.push(u32_at(rest, 0));
            rest = &rest[end..];
        }
        if !rest.is_empty() {
            return damaged("a directory has more bytes than entries");
        }
        Ok(())
    }

    /// Nodes that wait for their last user to close them.
    fn read_releases(&mut self, mut pointer: Pointer) -> Result<HashSet<u32>> {
        let mut ids = HashSet::new();
        while !pointer.is_null() {
            let block = self.read(pointer, "a block of the release list")?;
            pointer = Pointer::of(&block, 0);
            for i in 0..RELEASE_ENTRIES {
                let id = u32_at(&block, 16 + 4 * i);
                if id != 0 && (!self.survey.nodes.contains_key(&id) || !ids.insert(id)) {
                    return damaged("the release list names a node that is not there");
                }
            }
        }
        Ok(ids)
    }

    /// Every entry names a node; every directory has one name, and is below the root.
    fn check_names(&mut self, releases: &HashSet<u32>) -> Result<()> {
        let nodes = &mut self.survey.nodes;
        if !nodes.get(&ROOT).is_some_and(NodeInfo::is_directory) {
            return damaged("it has no root directory");
        }
        let mut parents = HashMap::new();
        for (directory, ids) in &self.entries {
            for id in ids {
                let Some(node) = nodes.get_mut(id) else {
                    return damaged(format!("an entry names node {id}, which is not there"));
                };
                node.names += 1;
                if node.is_directory() && (*id == ROOT || parents.insert(*id, *directory).is_some())
                {
                    return damaged(format!("directory {id} is in two places"));
                }
                if releases.contains(id) {
                    return damaged(format!("node {id} has a name and waits for its release"));
                }
            }
        }
        // With one parent each, what is not below the root goes round in a circle, or hangs on a
        // nameless one.
        for &start in parents.keys() {
            let mut directory = start;
            let mut steps = 0;
            while let Some(&parent) = parents.get(&directory) {
                directory = parent;
                steps += 1;
                if steps > 4096 {
                    return damaged(format!(
                        "directory {start} is within itself, or in more than 4096 others"
                    ));
                }
            }
        }
        for (id, node) in nodes.iter() {
            let names = node.names + u32::from(*id == ROOT);
            if node.links < names {
                return damaged(format!(
                    "node {id} has {names} names, but counts {}",
                    node.links
                ));
            }
            match (names, node.mode & 0xf000) {
                (0, _) => self.survey.nameless += 1,
                (_, 0x4000) => self.survey.directories += 1,
                (_, 0x8000) => self.survey.files += 1,
                (_, 0xa000) => self.survey.links += 1,
                _ => self.survey.others += 1,
            }
        }
        Ok(())
    }
}
