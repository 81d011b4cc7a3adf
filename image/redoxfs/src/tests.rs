// SPDX-License-Identifier: MIT
//! What needs an image in memory: thousands of damaged ones, writes that the host lost, and the
//! redoxfs crate's own view of what was written. The rest is image/redoxfs_tree_test.cc.

use crate::disk::ImageDisk;
use crate::error::Kind;
use crate::image::{Action, Attributes, Change, Image, Plan};
use crate::locate::{locate, u32_at, u64_at};
use crate::protocol::{decode, encode};
use crate::size::format;
use crate::storage::{MemoryStorage, Storage};
use redoxfs::{FileSystem, Node, TreePtr, BLOCK_SIZE};
use std::collections::BTreeMap;
use std::panic::{catch_unwind, AssertUnwindSafe};

const BLOCK: usize = BLOCK_SIZE as usize;
const MIB: u64 = 1 << 20;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }
}

fn change(path: &str, action: Action) -> Change {
    Change {
        path: path.to_string(),
        action,
        attributes: Attributes {
            mode: 0o755,
            uid: 1,
            gid: 2,
            mtime: 1_700_000_000,
            nanoseconds: 5,
        },
    }
}

fn file(path: &str, size: usize, seed: u64) -> Change {
    change(path, Action::WriteFile(Random(seed + 1).bytes(size)))
}

fn installation() -> Vec<Change> {
    let mut changes = vec![
        change("usr", Action::MakeDirectory),
        change("usr/bin", Action::MakeDirectory),
        file("usr/bin/cat", 30000, 1),
        file("usr/bin/ls", 150000, 2),
        change("usr/bin/text", Action::WriteFile(vec![b'x'; 50000])),
        file("usr/release", 10, 3),
        change("usr/dir", Action::MakeLink(b"bin/ls".to_vec())),
    ];
    for i in 0..60 {
        changes.push(file(&format!("usr/{}{i}", "n".repeat(150)), 3, i));
    }
    changes
}

fn upgrade() -> Vec<Change> {
    vec![
        file("usr/bin/cat", 41000, 4),
        change("usr/bin/ls", Action::MakeLink(b"cat".to_vec())),
        change("usr/bin/text", Action::Remove),
        change("usr/bin", Action::SetAttributes),
        file("usr/new", 70000, 5),
    ]
}

fn open(data: &[u8]) -> crate::error::Result<Image<MemoryStorage>> {
    Image::open(MemoryStorage::of(data.to_vec()), true)
}

fn bare(size: u64) -> Vec<u8> {
    format(MemoryStorage::of(vec![0; size as usize]), 0..size)
        .unwrap()
        .data
}

fn installed(empty: &[u8]) -> Vec<u8> {
    let mut image = open(empty).unwrap();
    image.commit(&installation()).unwrap();
    image.fs.disk.storage.data
}

/// Partitions in MiB from their starts, of which some hold a RedoxFS.
fn partitioned(size: u64, block: gpt::disk::LogicalBlockSize, parts: &[(u64, bool)]) -> Vec<u8> {
    let mut disk = std::io::Cursor::new(vec![0; size as usize]);
    gpt::mbr::ProtectiveMBR::with_lb_size((size / block.as_u64() - 1) as u32)
        .overwrite_lba0(&mut disk)
        .unwrap();
    let mut table = gpt::GptConfig::new()
        .writable(true)
        .logical_block_size(block)
        .create_from_device(disk, None)
        .unwrap();
    let mut ranges = Vec::new();
    for (i, (mib, redox)) in parts.iter().enumerate() {
        let kind = gpt::partition_types::LINUX_FS;
        let name = i.to_string();
        let number = table
            .add_partition(&name, mib * MIB, kind, 0, Some(MIB / block.as_u64()))
            .unwrap();
        let made = &table.partitions()[&number];
        if *redox {
            ranges.push(made.first_lba * block.as_u64()..(made.last_lba + 1) * block.as_u64());
        }
    }
    let mut storage = MemoryStorage::of(table.write().unwrap().into_inner());
    for range in ranges {
        storage = format(storage, range).unwrap();
    }
    storage.data
}

type Entries = BTreeMap<String, (&'static str, Attributes, Vec<u8>)>;

fn everything(image: &mut Image<MemoryStorage>) -> crate::error::Result<Entries> {
    let mut entries = Entries::new();
    let mut left = vec![String::new()];
    while let Some(path) = left.pop() {
        let entry = image.look(&path)?;
        let mut bytes = entry.target;
        match entry.kind {
            "file" => bytes = image.read(&path)?,
            "directory" => left.extend(image.list(&path)?.into_iter().map(|name| {
                if path.is_empty() {
                    name
                } else {
                    format!("{path}/{name}")
                }
            })),
            _ => {}
        }
        entries.insert(path, (entry.kind, entry.attributes, bytes));
    }
    Ok(entries)
}

fn entries_of(data: &[u8]) -> Entries {
    everything(&mut open(data).unwrap()).unwrap()
}

/// The file system as the crate opens it, writing as a mount does.
fn crate_open(data: &[u8]) -> FileSystem<ImageDisk<MemoryStorage>> {
    let mut storage = MemoryStorage::of(data.to_vec());
    let at = locate(&mut storage).unwrap();
    let disk = ImageDisk::new(storage, at.range, at.block, true);
    FileSystem::open(disk, None, None, true).unwrap()
}

/// Whatever an image holds: an error or a tree, soon, and no panic that gets out.
fn attack(data: Vec<u8>) -> Option<Vec<u8>> {
    let mut image = Image::open(MemoryStorage::of(data), true).ok()?;
    let _ = everything(&mut image);
    let checked = image.check();
    let changed = image.commit(&upgrade()).is_ok();
    let other = image.commit(&[file("new", 5000, 1)]).is_ok();
    if checked.is_ok() && (changed || other) {
        return Some(image.fs.disk.storage.data);
    }
    None
}

#[test]
fn no_damage_gets_through() {
    let images = [
        installed(&bare(2 * MIB)),
        installed(&partitioned(
            4 * MIB,
            gpt::disk::LogicalBlockSize::Lb512,
            &[(2, true)],
        )),
    ];
    let mut random = Random(42);
    let mut opened = 0;
    for round in 0..500 {
        let mut data = images[round % 2].clone();
        // What decides: the partition tables, the headers, and what is in use behind them.
        for _ in 0..1 + random.below(4) {
            let length = data.len();
            let at = match random.below(6) {
                0 => 440 + random.below(1700),
                1 => length - 1 - random.below(17000),
                2 => {
                    let ring = if round % 2 == 0 { 0 } else { MIB as usize };
                    ring + random.below(6) * BLOCK + random.below(200)
                }
                _ => {
                    let ring = if round % 2 == 0 { 0 } else { MIB as usize };
                    (ring + 256 * BLOCK + random.below(250 * BLOCK)).min(length - 1)
                }
            };
            let run = 1 + random.below(8);
            let value = random.next() as u8;
            for byte in data.iter_mut().skip(at).take(run) {
                *byte = match value % 3 {
                    0 => 0xff,
                    1 => value,
                    _ => *byte ^ 1 << (value >> 5),
                };
            }
        }
        if random.below(20) == 0 {
            data.truncate(random.below(data.len()));
        }
        opened += u32::from(attack(data).is_some());
    }
    assert!(opened > 20, "only {opened} were not damaged");
}

/// Changes bytes of a block and then every checksum on the way to the newest header.
fn reseal(data: &mut [u8], block: usize, depth: u32) {
    let headers = 256;
    let range = block * BLOCK..(block + 1) * BLOCK;
    let hash = seahash::hash(&data[range]).to_le_bytes();
    // Whoever names it: by its address at level 0. There is one such place in what is in use.
    let address = ((block as u64) << 8).to_le_bytes();
    for other in headers + 1..data.len() / BLOCK {
        for at in (other * BLOCK..(other + 1) * BLOCK - 15).step_by(4) {
            if data[at..at + 8] == address && data[at + 8..at + 16] != hash && other != block {
                data[at + 8..at + 16].copy_from_slice(&hash);
                if depth < 16 {
                    reseal(data, other, depth + 1);
                }
                return;
            }
        }
    }
    let mut storage = MemoryStorage::of(data.to_vec());
    let Ok(at) = locate(&mut storage) else { return };
    let header = (at.header.generation() % 256) as usize * BLOCK;
    for slot in [48, 64, 3152] {
        if data[header + slot..header + slot + 8] == address {
            data[header + slot + 8..header + slot + 16].copy_from_slice(&hash);
        }
    }
    seal_header(&mut data[header..header + BLOCK]);
}

fn seal_header(header: &mut [u8]) {
    let hash = seahash::hash(&header[..BLOCK - 24]).to_le_bytes();
    header[BLOCK - 24..BLOCK - 16].copy_from_slice(&hash);
    header[BLOCK - 16..BLOCK - 8].fill(0);
    header[BLOCK - 8..].copy_from_slice(&hash);
}

#[test]
fn no_damage_with_right_checksums_gets_through() {
    let good = installed(&bare(2 * MIB));
    let mut storage = MemoryStorage::of(good.clone());
    let at = locate(&mut storage).unwrap();
    let newest = (at.header.generation() % 256) as usize * BLOCK;
    let mut random = Random(7);
    let (mut opened, mut changed) = (0, 0);
    for _ in 0..400 {
        let mut data = good.clone();
        let block = match random.below(5) {
            0 => newest / BLOCK,
            _ => 257 + random.below(200),
        };
        if data[block * BLOCK..(block + 1) * BLOCK]
            .iter()
            .all(|b| *b == 0)
        {
            continue;
        }
        for _ in 0..1 + random.below(3) {
            let at = block * BLOCK
                + match random.below(4) {
                    0 => BLOCK - 40 + random.below(40),
                    1 => random.below(BLOCK),
                    _ => random.below(180),
                };
            let values = [0, 0, 1, 7, 0x10, 0x7f, 0x80, 0xff, random.next()];
            let value = values[random.below(values.len())] as u8;
            let run = [1, 1, 2, 8, 16][random.below(5)];
            data.iter_mut().skip(at).take(run).for_each(|b| *b = value);
        }
        if block < 257 {
            seal_header(&mut data[block * BLOCK..(block + 1) * BLOCK]);
        } else {
            reseal(&mut data, block, 0);
        }
        changed += 1;
        if let Some(after) = attack(data) {
            opened += 1;
            // What was sound stays so.
            let after = Image::open(MemoryStorage::of(after), false);
            after
                .map(drop)
                .expect("sound before a change, not after it");
        }
    }
    assert!(changed > 150 && opened > 10, "{changed} {opened}");
}

#[test]
fn sizes_that_cannot_be() {
    let good = bare(2 * MIB);
    for size in [0, 1, 4096, 2 * MIB + 4096, 1 << 40, 1 << 62, u64::MAX] {
        let mut data = good.clone();
        for block in 0..256 {
            let header = &mut data[block * BLOCK..(block + 1) * BLOCK];
            if header[0] == b'R' {
                header[32..40].copy_from_slice(&size.to_le_bytes());
                seal_header(header);
            }
        }
        assert_eq!(open(&data).err().unwrap().kind, Kind::DataLoss, "{size}");
    }
}

/// The host crashes: of what was written since the last sync, anything may be missing.
#[test]
fn lost_writes_leave_old_or_new() {
    let before = installed(&bare(2 * MIB));
    let mut image = open(&before).unwrap();
    image.fs.disk.storage.logging = true;
    let done = image.commit(&upgrade()).unwrap();
    let log = std::mem::take(&mut image.fs.disk.storage.log);
    let after = image.fs.disk.storage.data;
    let writes: Vec<_> = log.iter().flatten().collect();
    assert_eq!(writes.len() as u64, done.writes);
    assert!(log.len() > writes.len());
    let (old, new) = (entries_of(&before), entries_of(&after));
    assert_ne!(old, new);

    let mut random = Random(3);
    let (mut saw_old, mut saw_new) = (0, 0);
    for _ in 0..400 {
        let end = random.below(log.len() + 1);
        let synced = log[..end].iter().rposition(Option::is_none).unwrap_or(0);
        let mut data = before.clone();
        for (i, write) in log[..end].iter().enumerate() {
            let Some((offset, bytes)) = write else {
                continue;
            };
            let at = *offset as usize;
            if i < synced || random.below(2) == 0 {
                data[at..at + bytes.len()].copy_from_slice(bytes);
            } else if random.below(2) == 0 {
                // Torn somewhere: sectors are whole.
                let torn = random.below(bytes.len() / 512) * 512;
                data[at..at + torn].copy_from_slice(&bytes[..torn]);
            }
        }
        let mut image = open(&data).unwrap();
        let entries = everything(&mut image).unwrap();
        assert_eq!(image.check().unwrap().leaked_blocks, 0);
        saw_old += u32::from(entries == old);
        saw_new += u32::from(entries == new);
        assert!(entries == old || entries == new);
    }
    assert!(saw_old > 0 && saw_new > 0);
}

/// The host's disk is full, at every write.
#[test]
fn a_full_host_leaves_the_old() {
    let before = installed(&bare(2 * MIB));
    let old = entries_of(&before);
    let writes = open(&before).unwrap().commit(&upgrade());
    assert!(writes.is_ok());
    for k in 0.. {
        let mut image = open(&before).unwrap();
        image.fs.disk.storage.fails_after = Some(k);
        match image.commit(&upgrade()) {
            Ok(_) => {
                assert!(k > 10);
                break;
            }
            Err(error) => {
                assert_eq!(error.kind, Kind::ResourceExhausted, "{error}");
                // Not on top of what is half done.
                image.fs.disk.storage.fails_after = None;
                let again = image.commit(&upgrade()).unwrap_err();
                assert_eq!(again.kind, Kind::Unavailable);
                assert!(entries_of(&image.fs.disk.storage.data) == old);
            }
        }
    }
}

/// What the crate itself finds, by its own functions, in what was written.
#[test]
fn the_crate_reads_what_was_written() {
    let mut image = open(&bare(4 * MIB)).unwrap();
    image.commit(&installation()).unwrap();
    image.commit(&upgrade()).unwrap();
    let entries = everything(&mut image).unwrap();
    let data = image.fs.disk.storage.data;

    let mut fs = crate_open(&data);
    for (path, (kind, attributes, bytes)) in &entries {
        let node = fs
            .tx(|tx| {
                let mut node = tx.read_tree::<Node>(TreePtr::root())?;
                for part in path.split('/').filter(|part| !part.is_empty()) {
                    node = tx.find_node(node.ptr(), part)?;
                }
                Ok(node)
            })
            .unwrap();
        assert_eq!(node.data().mode() & 0o7777, attributes.mode, "{path}");
        assert_eq!(node.data().uid(), attributes.uid);
        assert_eq!(node.data().links(), 1);
        assert_eq!(node.data().mtime().1, attributes.nanoseconds);
        if *kind != "directory" {
            let mut read = vec![0; bytes.len() + 10];
            let count = fs.tx(|tx| tx.read_node(node.ptr(), 0, &mut read, 0, 0));
            assert_eq!(count.unwrap(), bytes.len());
            assert_eq!(&read[..bytes.len()], &bytes[..], "{path}");
        }
    }
    // And its copy of it is the same.
    let empty = bare(4 * MIB);
    let mut copy = crate_open(&empty);
    redoxfs::clone(&mut fs, &mut copy, |_| ()).unwrap();
    let mut copied = entries_of(&copy.disk.storage.data);
    copied.insert(String::new(), entries[""].clone());
    assert_eq!(copied, entries);
    // Mounting it has not made it another.
    assert_eq!(entries_of(&fs.disk.storage.data), entries);
}

#[test]
fn what_redox_leaves_is_no_damage() {
    let mut fs = crate_open(&installed(&bare(2 * MIB)));
    // Forgets the last record of a file; keeps one that is open; a file of two names.
    let node = |fs: &mut FileSystem<ImageDisk<MemoryStorage>>, name: &str| {
        fs.tx(|tx| {
            let usr = tx.find_node(TreePtr::root(), "usr")?;
            let bin = tx.find_node(usr.ptr(), "bin")?;
            Ok((bin.ptr(), tx.find_node(bin.ptr(), name)?.ptr()))
        })
        .unwrap()
    };
    let (bin, cat) = node(&mut fs, "cat");
    fs.tx(|tx| tx.remove_node(bin, "cat", Node::MODE_FILE))
        .unwrap();
    assert_ne!(cat.id(), 0);
    let (bin, text) = node(&mut fs, "text");
    fs.tx(|tx| tx.on_open_node(text)).unwrap();
    fs.tx(|tx| tx.remove_node(bin, "text", Node::MODE_FILE))
        .unwrap();
    let (bin, ls) = node(&mut fs, "ls");
    fs.tx(|tx| tx.link_node(bin, "other", ls)).unwrap();

    let mut image = open(&fs.disk.storage.data).unwrap();
    let report = image.check().unwrap();
    assert_eq!(report.leaked_blocks, 8);
    assert_eq!(report.nameless_nodes, 1);
    let content = image.read("usr/bin/ls").unwrap();
    image.commit(&[file("usr/bin/ls", 1000, 8)]).unwrap();
    assert!(image.read("usr/bin/other").unwrap() == content);
    image
        .commit(&[change("usr/bin/other", Action::Remove)])
        .unwrap();
    let report = image.check().unwrap();
    assert_eq!((report.leaked_blocks, report.nameless_nodes), (8, 1));
    // The next mount releases what was open: the crate forgets a record again.
    let fs = crate_open(&image.fs.disk.storage.data);
    let report = open(&fs.disk.storage.data).unwrap().check().unwrap();
    assert_eq!(report.nameless_nodes, 0);
}

/// Past the ring's end, and past the generation at which the log is written anew.
#[test]
fn many_generations() {
    let mut image = open(&bare(2 * MIB)).unwrap();
    for i in 0..1100 {
        image
            .commit(&[file("f", 5000 + i % 3000, i as u64)])
            .unwrap();
    }
    assert!(image.fs.header.generation() > 1100);
    assert_eq!(image.check().unwrap().leaked_blocks, 0);
    let content = image.read("f").unwrap();
    let mut again = open(&image.fs.disk.storage.data).unwrap();
    assert!(again.read("f").unwrap() == content);
    assert_eq!(again.check().unwrap().files, 1);
    // Reading at such a generation is where the crate would write.
    let mut image = again;
    while image.fs.header.generation() % 1024 != 0 {
        image
            .commit(&[file("f", 10, image.fs.header.generation())])
            .unwrap();
    }
    let data = image.fs.disk.storage.data;
    let mut image = open(&data).unwrap();
    everything(&mut image).unwrap();
    image.check().unwrap();
    assert!(image.fs.disk.storage.data == data);
}

#[test]
fn encrypted() {
    let storage = MemoryStorage::of(vec![0; 2 << 20]);
    let disk = ImageDisk::new(storage, 0..2 * MIB, 0, true);
    let fs = FileSystem::create(disk, Some(b"password"), 1, 0).unwrap();
    let error = open(&fs.disk.storage.data).err().unwrap();
    assert_eq!(error.kind, Kind::Unimplemented);
    assert!(error.message.contains("password"));
}

/// As `redoxfs-mkfs` makes it, with a boot loader before.
#[test]
fn behind_a_boot_loader() {
    let storage = MemoryStorage::of(vec![0; 3 << 20]);
    let loader = vec![0xeb; 300_000];
    let disk = ImageDisk::new(storage, 0..3 * MIB, 74, true);
    let fs = FileSystem::create_reserved(disk, None, &loader, 1, 0).unwrap();
    let data = installed(&fs.disk.storage.data);
    assert!(data[..loader.len()] == loader[..]);
    let mut image = open(&data).unwrap();
    let old = everything(&mut image).unwrap();
    image.grow(5 * MIB).unwrap();
    assert_eq!(image.space().0, 5 * MIB - 74 * BLOCK_SIZE);
    let mut image = open(&image.fs.disk.storage.data).unwrap();
    assert!(everything(&mut image).unwrap() == old);
    assert_eq!(image.check().unwrap().leaked_blocks, 0);
}

#[test]
fn partitions() {
    use gpt::disk::LogicalBlockSize::{Lb4096, Lb512};
    for block in [Lb512, Lb4096] {
        // An EFI system partition before it.
        let data = installed(&partitioned(8 * MIB, block, &[(2, false), (3, true)]));
        let mut image = open(&data).unwrap();
        let old = everything(&mut image).unwrap();
        let found = image.location.gpt.clone().unwrap();
        assert_eq!((found.partition, found.is_last), (2, true));
        image.grow(12 * MIB).unwrap();
        assert!(image.space().0 > 7 * MIB);
        let grown = image.fs.disk.storage.data;
        // Both tables are sound, and say the same.
        for hidden in [None, Some(block.as_u64()), Some(12 * MIB - block.as_u64())] {
            let mut data = grown.clone();
            if let Some(at) = hidden {
                data[at as usize..][..512].fill(0);
            }
            let mut image = open(&data).unwrap();
            assert!(everything(&mut image).unwrap() == old);
            let gpt = image.location.gpt.clone().unwrap();
            assert!(gpt.last_block * block.as_u64() > 11 * MIB);
            // A damaged one is repaired on the way.
            image.grow(13 * MIB).unwrap();
            assert!(
                open(&image.fs.disk.storage.data)
                    .unwrap()
                    .location
                    .gpt
                    .unwrap()
                    .primary_sound
            );
        }

        // Something behind it.
        let mut image = open(&partitioned(8 * MIB, block, &[(3, true), (2, false)])).unwrap();
        let before = image.fs.disk.storage.data.clone();
        let error = image.grow(12 * MIB).unwrap_err();
        assert_eq!(error.kind, Kind::FailedPrecondition);
        assert!(image.fs.disk.storage.data == before);
        image.commit(&installation()).unwrap();

        // Two of them.
        let error = open(&partitioned(8 * MIB, block, &[(2, true), (2, true)]));
        assert_eq!(error.err().unwrap().kind, Kind::FailedPrecondition);
    }
}

/// What is beside the partition is not touched.
#[test]
fn only_the_partition_is_written() {
    let mut data = partitioned(
        8 * MIB,
        gpt::disk::LogicalBlockSize::Lb512,
        &[(2, false), (3, true)],
    );
    let noise = Random(9).bytes(data.len());
    for at in (MIB..3 * MIB).chain(6 * MIB..7 * MIB) {
        data[at as usize] = noise[at as usize];
    }
    let after = installed(&data);
    assert!(after[..3 << 20] == data[..3 << 20]);
    assert!(after[6 << 20..] == data[6 << 20..]);
    assert!(after != data);
}

/// What the changes take, over many trees: never more than was said.
#[test]
fn what_is_needed_is_said() {
    let mut random = Random(11);
    let mut image = open(&bare(16 * MIB)).unwrap();
    for round in 0..20 {
        let mut changes = Vec::new();
        let mut plans = Vec::new();
        for i in 0..1 + random.below(60) {
            let path = format!("{round}{}{i}", "x".repeat(random.below(200)));
            let size = random.below(9000);
            plans.push(Plan {
                path: path.clone(),
                size: size as u64,
                makes: true,
                removes: false,
            });
            changes.push(file(&path, size, i as u64));
        }
        let need = image.need(&plans).unwrap();
        let free = image.space().1;
        if image.commit(&changes).is_ok() {
            assert!(free - image.space().1 <= need, "{round}");
        } else {
            assert!(need > free);
        }
    }
}

#[test]
fn words() {
    for bytes in [&b""[..], b"plain", b"a b%\n\0\xff", "späße".as_bytes()] {
        let mut text = Vec::new();
        encode(bytes, &mut text);
        assert!(text.iter().all(u8::is_ascii_graphic));
        assert_eq!(decode(std::str::from_utf8(&text).unwrap()).unwrap(), bytes);
    }
    for text in ["%", "%4", "%zz", "%+1", "a%"] {
        assert_eq!(decode(text), None);
    }
}

/// Requests of every kind of nonsense: an answer or an end, no panic.
#[test]
fn requests_of_nonsense() {
    let verbs = [
        "hello",
        "open",
        "make",
        "look",
        "read",
        "list",
        "space",
        "need",
        "commit",
        "grow",
        "check",
        "write",
        "mkdir",
        "link",
        "remove",
        "attributes",
        "plan",
        "",
        "%",
    ];
    let words = [
        "",
        "1",
        "-1",
        "18446744073709551616",
        "%00",
        "%ff",
        "read",
        "usr",
        "gpt",
        "x y",
    ];
    let mut random = Random(5);
    for _ in 0..3000 {
        let mut input = Vec::new();
        for _ in 0..1 + random.below(4) {
            input.extend_from_slice(verbs[random.below(verbs.len())].as_bytes());
            for _ in 0..random.below(8) {
                input.push(b' ');
                input.extend_from_slice(words[random.below(words.len())].as_bytes());
            }
            input.push(if random.below(9) == 0 { 0xff } else { b'\n' });
        }
        // No file comes of it: those named "1" and so on are in the test's folder.
        if input.windows(4).any(|verb| verb == b"make") {
            continue;
        }
        let mut output = Vec::new();
        let served = catch_unwind(AssertUnwindSafe(|| {
            let _ = crate::protocol::serve(&mut &input[..], &mut output);
        }));
        assert!(served.is_ok());
        for line in output.split(|byte| *byte == b'\n') {
            assert!(line.is_empty() || line.starts_with(b"ok") || line.starts_with(b"error "));
        }
    }
}

#[test]
fn numbers_in_headers_are_where_they_are_read() {
    let mut storage = MemoryStorage::of(bare(2 * MIB));
    let header = locate(&mut storage).unwrap().header;
    assert_eq!(u64_at(&header, 32), header.size());
    assert_eq!(u64_at(&header, 40), header.generation());
    assert_eq!(u32_at(&header, 8), 8);
    assert_eq!(storage.len(), 2 * MIB);
    // And the compiler lays directories out as Redox's does.
    crate::survey::check_compiler().unwrap();
}
