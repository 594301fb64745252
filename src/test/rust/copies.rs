//! copies CALL FILE COPY: copies a file by one of Rust's usual calls.
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    let (call, file, copy) = (words[1].as_str(), &words[2], &words[3]);
    match call {
        "fs::copy" => fs::copy(file, copy).map(|_| ()),
        "fs::read" => fs::write(copy, fs::read(file)?),
        "fs::read_to_string" => fs::write(copy, fs::read_to_string(file)?),
        "io::copy" => io::copy(&mut File::open(file)?, &mut File::create(copy)?).map(|_| ()),
        "Read::read_to_end" => {
            let mut data = Vec::new();
            File::open(file)?.read_to_end(&mut data)?;
            fs::write(copy, data)
        }
        "BufRead::lines" => {
            let mut target = File::create(copy)?;
            for line in BufReader::new(File::open(file)?).lines() {
                writeln!(target, "{}", line?)?;
            }
            Ok(())
        }
        _ => Err(io::Error::new(io::ErrorKind::Other, format!("unknown: {call}"))),
    }
}
