//! What the command costs: how fast it starts, and how bulk work goes beside the client alone and beside an org's limit.
//!
//! ```text
//! cargo bench -p session-cli                               # all of it: about four minutes, most of them waiting for limits
//! cargo bench -p session-cli --bench command -- start free # these only: start, free, list, limit
//! ```
//!
//! It prints a table. Nothing fails when a figure grows: the machine may be busy.

mod bulk;
mod processes;
mod start;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A line of the table: what was measured, and the figure.
type Row = (&'static str, String);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    // Cargo adds arguments of its own, such as `--bench`.
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wants = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    println!("| what | figure |\n|---|---|");
    if wants("start") {
        print(start::rows()?);
    }
    if wants("free") {
        print(bulk::free().await?);
    }
    if wants("list") {
        print(bulk::long_list()?);
    }
    if wants("limit") {
        print(bulk::limited().await?);
    }
    Ok(())
}

fn print(rows: Vec<Row>) {
    for (what, figure) in rows {
        println!("| {what} | {figure} |");
    }
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort();
    values[values.len() / 2]
}
