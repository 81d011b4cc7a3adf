// SPDX-License-Identifier: MIT
//! What can go wrong, in the words of image/tree.h.

use std::fmt;
use std::io;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    InvalidArgument,
    NotFound,
    FailedPrecondition,
    ResourceExhausted,
    PermissionDenied,
    DataLoss,
    Unavailable,
    Unimplemented,
}

impl Kind {
    /// As it stands in an answer; image/redoxfs_tree.cc reads these.
    pub fn name(self) -> &'static str {
        match self {
            Kind::InvalidArgument => "invalid-argument",
            Kind::NotFound => "not-found",
            Kind::FailedPrecondition => "failed-precondition",
            Kind::ResourceExhausted => "resource-exhausted",
            Kind::PermissionDenied => "permission-denied",
            Kind::DataLoss => "data-loss",
            Kind::Unavailable => "unavailable",
            Kind::Unimplemented => "unimplemented",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: Kind,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// For an error of the host's file system while doing `what`.
    pub fn io(what: &str, error: &io::Error) -> Self {
        let kind = match error.raw_os_error() {
            Some(libc::ENOENT) => Kind::NotFound,
            Some(libc::EACCES | libc::EPERM | libc::EROFS) => Kind::PermissionDenied,
            Some(libc::ENOSPC | libc::EDQUOT | libc::EFBIG | libc::ENOMEM) => {
                Kind::ResourceExhausted
            }
            Some(libc::EISDIR | libc::EBUSY | libc::EEXIST | libc::ETXTBSY | libc::ENOTDIR) => {
                Kind::FailedPrecondition
            }
            Some(libc::EIO) => Kind::DataLoss,
            _ => Kind::Unavailable,
        };
        // Without Rust's "(os error 5)".
        let mut reason = error.to_string();
        if let Some(end) = reason.find(" (os error") {
            reason.truncate(end);
        }
        Self::new(kind, format!("{what}: {reason}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.message)
    }
}

pub fn fail<T>(kind: Kind, message: impl Into<String>) -> Result<T> {
    Err(Error::new(kind, message))
}

pub fn damaged<T>(what: impl fmt::Display) -> Result<T> {
    fail(
        Kind::DataLoss,
        format!("the file system is damaged: {what}"),
    )
}
