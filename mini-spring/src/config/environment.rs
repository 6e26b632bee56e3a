//! Settings from environment variables: `MINI_SPRING_SERVER_PORT=9000`.
//!
//! Names are matched against the known keys and never taken apart, for `_` may stand for a dot as
//! well as for itself.

use super::keys::KEYS;
use super::{Layer, Setting, did_you_mean};

pub(super) fn layer(variables: impl IntoIterator<Item = (String, String)>) -> Layer {
    let mut layer = Layer::default();
    let mut ours: Vec<(String, String)> = variables
        .into_iter()
        .filter(|(name, _)| name.starts_with("MINI_SPRING_SERVER_"))
        .collect();
    // The system keeps them in no order.
    ours.sort();
    for (origin, value) in ours {
        match KEYS.iter().find(|key| key.variable() == origin) {
            // An empty variable is how compose files and shells spell one that isn't set.
            Some(_) if value.is_empty() => {}
            Some(key) => layer.settings.push(Setting { key, value, origin }),
            None => layer
                .mistakes
                .add(did_you_mean(&origin, |key| key.variable())),
        }
    }
    layer
}
