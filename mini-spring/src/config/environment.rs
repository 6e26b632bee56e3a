//! Settings from environment variables: `MINI_SPRING_SERVER_PORT=9000`.
//!
//! Names are matched against the known keys and never taken apart, for `_` may stand for a dot as well as for itself.

use super::Found;
use super::known::{Known, tables, variable};
use super::suggest::nearest;
use super::value::{Node, Origin, Table, Value};

/// Names the profile.
pub(crate) const PROFILE: &str = "MINI_SPRING_PROFILE";

/// Lays the variables over the settings.
pub(super) fn lay(variables: &[(String, String)], known: &[Known], found: &mut Found) {
    let ours = |(name, _): &&(String, String)| name.starts_with("MINI_SPRING_") && name != PROFILE;
    let mut ours: Vec<_> = variables.iter().filter(ours).collect();
    // The system keeps them in no order.
    ours.sort();
    for (name, value) in ours {
        let matching = known.iter().filter(|known| variable(&known.name) == *name);
        let mut any = false;
        for known in matching {
            any = true;
            // An empty variable is how compose files and shells spell one that isn't set.
            if !value.is_empty() {
                let value = Value::Text(value.clone());
                let origin = Origin::Variable(name.clone());
                found
                    .table
                    .lay(Table::of(&known.name, Node { value, origin }));
            }
        }
        if !any {
            unknown(name, known, found);
        }
    }
}

/// In a table that has keys it is a mistake. Others may be meant for something else, which is told.
fn unknown(name: &str, known: &[Known], found: &mut Found) {
    let tables = tables(known);
    let is_ours = tables.iter().any(|table| {
        let start = variable(table);
        name.strip_prefix(&start)
            .is_some_and(|rest| rest.starts_with('_'))
    });
    let variables: Vec<String> = known.iter().map(|known| variable(&known.name)).collect();
    let meant = nearest(name, variables.iter().map(String::as_str));
    let message = match (meant, is_ours) {
        (Some(meant), _) => {
            format!("{name}: there is no such setting; did you mean `{meant}`?")
        }
        (None, true) => format!("{name}: there is no such setting; `--help` lists them"),
        (None, false) => format!("{name}: no setting has this name; it is ignored"),
    };
    match is_ours {
        true => found.mistakes.add(message),
        false => found.warnings.push(message),
    }
}
