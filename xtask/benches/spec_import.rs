//! What an import costs beside what the YAML parser costs for the same document, in time and in memory.
//!
//! `SPEC=FILE cargo bench -p xtask --bench spec_import` measures with a published document (give the whole path);
//! without `SPEC`, with a made-up one of the same size. Both take turns, so that what else the machine does hits both.
//! The import ends when openapi/upstream.yaml is written: what is generated from that costs the same for any document.

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::Value;
use xtask::codegen::UPSTREAM;
use xtask::spec::import::{self, Options};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ROUNDS: usize = 25;

/// The document to measure with.
const SPEC: &str = "SPEC";

/// Says in a process that measures memory which of the two to do, once.
const ONLY: &str = "SPEC_IMPORT_ONLY";

fn main() -> Result<()> {
    let workspace = tempfile::tempdir()?;
    let root = workspace.path();
    // Without an overlay, nothing is generated.
    fs::create_dir(root.join("openapi"))?;
    fs::copy(repository().join(UPSTREAM), root.join(UPSTREAM))?;
    let document = match env::var_os(SPEC) {
        Some(file) => PathBuf::from(file),
        None => made_up(root)?,
    };
    match env::var(ONLY).as_deref() {
        Ok("parse") => parse(&fs::read_to_string(&document)?)?,
        Ok(_) => import(root, &document)?,
        Err(_) => return compare(root, &document),
    }
    println!("{}", peak_memory()?);
    Ok(())
}

fn compare(root: &Path, document: &Path) -> Result<()> {
    let text = fs::read_to_string(document)?;
    println!("{}, {} bytes, {ROUNDS} rounds", document.display(), text.len());
    let (mut parsing, mut importing) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        parsing.push(time(|| parse(&text))?);
        importing.push(time(|| import(root, document))?);
    }
    let [parsing, importing] = [parsing, importing].map(|mut times: Vec<Duration>| {
        times.sort();
        times[ROUNDS / 2].as_secs_f64() * 1000.0
    });
    let ratio = importing / parsing;
    println!("median time    parser {parsing:7.1} ms    import {importing:7.1} ms    ratio {ratio:.2}");
    if cfg!(target_os = "linux") {
        let [parsing, importing] = [memory_of("parse", document)?, memory_of("import", document)?];
        let ratio = importing / parsing;
        println!("peak memory    parser {parsing:7.1} MB    import {importing:7.1} MB    ratio {ratio:.2}");
    }
    Ok(())
}

fn parse(text: &str) -> Result<()> {
    // As the import has it: with its defaults, the parser also collects what it shows beside an error.
    let options = serde_saphyr::options! { with_snippet: false };
    black_box(serde_saphyr::from_str_with_options::<Value>(text, options)?);
    Ok(())
}

fn import(root: &Path, document: &Path) -> Result<()> {
    let options = Options { file: document, release: Some("measured"), keep_removed: true };
    black_box(import::run(root, options)?);
    Ok(())
}

fn time(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// The peak memory, in megabytes, of a process that does this and nothing else.
fn memory_of(work: &str, document: &Path) -> Result<f64> {
    let output = Command::new(env::current_exe()?).env(SPEC, document).env(ONLY, work).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse::<f64>()? / 1000.0)
}

/// The largest memory that this process has had so far, in kilobytes.
fn peak_memory() -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the system does not say")?;
    Ok(peak.trim().trim_end_matches(" kB").parse()?)
}

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A document with the seven operations among 600 paths and 1500 schemas, in 3.4 MB.
fn made_up(directory: &Path) -> Result<PathBuf> {
    let upstream = fs::read_to_string(repository().join(UPSTREAM))?;
    let (mut paths, mut schemas) = (String::new(), String::new());
    let prose = "Words that explain something at length, as published documents do. ".repeat(7);
    for index in 0..600 {
        write!(
            paths,
            "  /api/v1/things{index}/{{thingId}}:\n    get:\n      operationId: getThing{index}\n      description: {prose}\n      \
             responses:\n        '200':\n          description: Success\n          content:\n            application/json:\n              \
             schema:\n                $ref: '#/components/schemas/Thing{index}'\n"
        )?;
    }
    for index in 0..1500 {
        write!(schemas, "    Thing{index}:\n      type: object\n      description: {prose}\n      properties:\n")?;
        for property in 0..14 {
            write!(
                schemas,
                "        property{property}:\n          type: string\n          readOnly: true\n          \
                 description: What it is\n"
            )?;
        }
    }
    let text = upstream.replacen("paths:\n", &format!("paths:\n{paths}"), 1);
    let text = text.replacen("  schemas:\n", &format!("  schemas:\n{schemas}"), 1);
    let file = directory.join("made-up.yaml");
    fs::write(&file, text)?;
    Ok(file)
}
