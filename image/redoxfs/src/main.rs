// SPDX-License-Identifier: MIT
//! Reads and changes RedoxFS images for image/redoxfs_tree.cc: requests come in on standard input,
//! answers go out on standard output. PROTOCOL.md says how they look.

mod disk;
mod error;
mod image;
mod locate;
mod protocol;
mod size;
mod storage;
mod survey;
#[cfg(test)]
mod tests;

use std::io::{stdin, stdout, BufReader, BufWriter};
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        eprintln!("cation_redoxfs: takes no arguments; image/redoxfs/PROTOCOL.md says how it is spoken to");
        return ExitCode::from(2);
    }
    // What panics is answered with an error.
    std::panic::set_hook(Box::new(|_| {}));
    match protocol::serve(&mut BufReader::new(stdin()), &mut BufWriter::new(stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever asked is gone.
        Err(_) => ExitCode::FAILURE,
    }
}
