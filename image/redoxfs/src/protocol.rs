// SPDX-License-Identifier: MIT
//! What PROTOCOL.md describes.

use crate::error::{fail, Error, Kind, Result};
use crate::image::{guarded, Action, Attributes, Change, Image, Plan};
use crate::size;
use crate::storage::FileStorage;
use std::ffi::OsStr;
use std::io::{self, BufRead, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

pub const VERSION: &str = "1";
/// No request is longer: a path, a target, and some numbers, all of it as %XX.
const MAX_LINE: u64 = 1 << 20;
/// What one file may hold.
const MAX_PAYLOAD: u64 = 1 << 30;

#[derive(Default)]
struct Session {
    image: Option<Image<FileStorage>>,
    changes: Vec<Change>,
    plans: Vec<Plan>,
    /// Of a change that cannot be: the answer to the commit.
    refused: Option<Error>,
}

pub fn encode(bytes: &[u8], out: &mut Vec<u8>) {
    for &byte in bytes {
        if byte.is_ascii_graphic() && byte != b'%' {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
}

pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        out.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    Some(out)
}

/// The words of a request after its verb.
struct Words<'a> {
    words: std::str::Split<'a, char>,
}

fn nonsense<T>() -> Result<T> {
    fail(Kind::Unavailable, "a request that makes no sense")
}

impl Words<'_> {
    fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.words.next().and_then(decode) {
            Some(bytes) => Ok(bytes),
            None => nonsense(),
        }
    }

    /// What is not UTF-8 cannot be in a RedoxFS.
    fn path(&mut self, kind: Kind) -> Result<String> {
        String::from_utf8(self.bytes()?).map_err(|error| {
            let path = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let what = match kind {
                Kind::NotFound => "no such entry",
                _ => "RedoxFS holds only names in UTF-8",
            };
            Error::new(kind, format!("{path}: {what}"))
        })
    }

    fn number<T: std::str::FromStr>(&mut self) -> Result<T> {
        match self.words.next().map(str::parse) {
            Some(Ok(number)) => Ok(number),
            _ => nonsense(),
        }
    }

    fn attributes(&mut self) -> Result<Attributes> {
        Ok(Attributes {
            mode: self.number()?,
            uid: self.number()?,
            gid: self.number()?,
            mtime: self.number()?,
            nanoseconds: self.number()?,
        })
    }

    fn end(&mut self) -> Result<()> {
        match self.words.next() {
            None => Ok(()),
            Some(_) => nonsense(),
        }
    }
}

struct Answer {
    words: Vec<u8>,
    payload: Vec<u8>,
}

impl Answer {
    fn none() -> Self {
        Self::of(&[])
    }

    fn of(numbers: &[u64]) -> Self {
        let mut words = Vec::new();
        for number in numbers {
            words.extend_from_slice(format!(" {number}").as_bytes());
        }
        Self {
            words,
            payload: Vec::new(),
        }
    }

    fn with_payload(payload: Vec<u8>) -> Self {
        Self {
            payload: payload.clone(),
            ..Self::of(&[payload.len() as u64])
        }
    }
}

/// Answers requests until there are no more. An error: the other side is not there any more, or
/// does not speak this protocol.
pub fn serve(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let mut session = Session::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        if line.pop() != Some(b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let (verb, _) = text.split_once(' ').unwrap_or((text, ""));
        let mut words = Words {
            words: text.split(' '),
        };
        words.words.next();

        if verb == "write" {
            let size: u64 = text
                .rsplit(' ')
                .next()
                .and_then(|word| word.parse().ok())
                .filter(|size| *size <= MAX_PAYLOAD)
                .ok_or(io::ErrorKind::InvalidData)?;
            let mut payload = Vec::new();
            input.by_ref().take(size).read_to_end(&mut payload)?;
            if payload.len() as u64 != size {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let change = session.change(verb, &mut words, payload);
            session.note(change);
            continue;
        }
        if matches!(verb, "mkdir" | "link" | "remove" | "attributes") {
            let change = session.change(verb, &mut words, Vec::new());
            session.note(change);
            continue;
        }
        if verb == "plan" {
            if let Err(error) = session.plan(&mut words) {
                session.refused.get_or_insert(error);
            }
            continue;
        }

        let answer = guarded(|| session.answer(verb, &mut words));
        let mut bytes = Vec::new();
        match answer {
            Ok(answer) => {
                bytes.extend_from_slice(b"ok");
                bytes.extend_from_slice(&answer.words);
                bytes.push(b'\n');
                bytes.extend_from_slice(&answer.payload);
            }
            Err(error) => {
                bytes.extend_from_slice(format!("error {} ", error.kind.name()).as_bytes());
                encode(error.message.as_bytes(), &mut bytes);
                bytes.push(b'\n');
            }
        }
        output.write_all(&bytes)?;
        output.flush()?;
    }
}

impl Session {
    fn change(&mut self, verb: &str, words: &mut Words, payload: Vec<u8>) -> Result<Change> {
        let path = words.path(Kind::InvalidArgument)?;
        let mut attributes = Attributes {
            mode: 0,
            uid: 0,
            gid: 0,
            mtime: 0,
            nanoseconds: 0,
        };
        if verb != "remove" {
            attributes = words.attributes()?;
        }
        let action = match verb {
            "mkdir" => Action::MakeDirectory,
            "write" => {
                words.number::<u64>()?;
                Action::WriteFile(payload)
            }
            "link" => Action::MakeLink(words.bytes()?),
            "remove" => Action::Remove,
            _ => Action::SetAttributes,
        };
        words.end()?;
        Ok(Change {
            path,
            action,
            attributes,
        })
    }

    fn note(&mut self, change: Result<Change>) {
        match change {
            Ok(change) => self.changes.push(change),
            Err(error) => {
                self.refused.get_or_insert(error);
            }
        }
    }

    fn plan(&mut self, words: &mut Words) -> Result<()> {
        let path = words.path(Kind::InvalidArgument)?;
        let verb = words.bytes()?;
        let size = words.number()?;
        words.end()?;
        self.plans.push(Plan {
            path,
            size,
            makes: matches!(&verb[..], b"mkdir" | b"write" | b"link"),
            removes: verb == b"remove",
        });
        Ok(())
    }

    fn image(&mut self) -> Result<&mut Image<FileStorage>> {
        match &mut self.image {
            Some(image) => Ok(image),
            None => fail(Kind::Unavailable, "no image is open"),
        }
    }

    fn answer(&mut self, verb: &str, words: &mut Words) -> Result<Answer> {
        match verb {
            "hello" => {
                let version = words.bytes()?;
                words.end()?;
                if version != VERSION.as_bytes() {
                    return fail(
                        Kind::Unavailable,
                        format!("this helper speaks version {VERSION} of the protocol"),
                    );
                }
                Ok(Answer::none())
            }
            "open" => {
                let mode = words.bytes()?;
                let path = words.bytes()?;
                words.end()?;
                let writable = mode == b"write";
                if !writable && mode != b"read" {
                    return nonsense();
                }
                self.image = None;
                let storage = FileStorage::open(Path::new(OsStr::from_bytes(&path)), writable)?;
                self.image = Some(Image::open(storage, writable)?);
                Ok(Answer::none())
            }
            "make" => {
                let path = words.bytes()?;
                let size = words.number()?;
                let gpt = match &words.bytes()?[..] {
                    b"gpt" => true,
                    b"bare" => false,
                    _ => return nonsense(),
                };
                words.end()?;
                size::make(Path::new(OsStr::from_bytes(&path)), size, gpt)?;
                Ok(Answer::none())
            }
            "look" => {
                let path = words.path(Kind::NotFound)?;
                words.end()?;
                let entry = self.image()?.look(&path)?;
                let a = entry.attributes;
                let mut line = format!(
                    " {} {} {} {} {} {} {} ",
                    entry.kind, a.mode, a.uid, a.gid, a.mtime, a.nanoseconds, entry.size
                )
                .into_bytes();
                encode(&entry.target, &mut line);
                Ok(Answer {
                    words: line,
                    payload: Vec::new(),
                })
            }
            "read" => {
                let path = words.path(Kind::NotFound)?;
                words.end()?;
                Ok(Answer::with_payload(self.image()?.read(&path)?))
            }
            "list" => {
                let path = words.path(Kind::NotFound)?;
                words.end()?;
                let mut names = Vec::new();
                for name in self.image()?.list(&path)? {
                    names.extend_from_slice(name.as_bytes());
                    names.push(0);
                }
                Ok(Answer::with_payload(names))
            }
            "space" => {
                words.end()?;
                let (total, free) = self.image()?.space();
                Ok(Answer::of(&[total, free]))
            }
            "need" => {
                words.end()?;
                let plans = std::mem::take(&mut self.plans);
                if let Some(error) = self.refused.take() {
                    return Err(error);
                }
                Ok(Answer::of(&[self.image()?.need(&plans)?]))
            }
            "commit" => {
                words.end()?;
                let changes = std::mem::take(&mut self.changes);
                if let Some(error) = self.refused.take() {
                    return Err(error);
                }
                let done = self.image()?.commit(&changes)?;
                Ok(Answer::of(&[done.generation, done.writes, done.bytes]))
            }
            "grow" => {
                let size = words.number()?;
                words.end()?;
                self.image()?.grow(size)?;
                Ok(Answer::none())
            }
            "check" => {
                words.end()?;
                let report = self.image()?.check()?;
                Ok(Answer::of(&[
                    report.directories,
                    report.files,
                    report.links,
                    report.others,
                    report.blocks,
                    report.free_blocks,
                    report.leaked_blocks,
                    report.nameless_nodes,
                ]))
            }
            _ => nonsense(),
        }
    }
}
