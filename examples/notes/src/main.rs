//! Notes as JSON, kept in SQLite.

mod database;
mod notes;
#[cfg(test)]
mod tests;

fn main() -> mini_spring::Result<()> {
    mini_spring::run()
}
