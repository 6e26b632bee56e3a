//! Groups: the prefix and the middleware of all routes of a module and the modules below it.
//!
//! A group is found by the path of its module, so it belongs to a route wherever that is mounted.

use once_cell::sync::Lazy;

use crate::middleware::LayerList;

/// What `group!` leaves behind. Plain data and a pointer to a static, so that it can be a constant.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct GroupRecord {
    /// `module_path!()` of the call.
    pub module: &'static str,
    /// The prefix of all patterns, without a slash at its end; empty: none.
    pub prefix: &'static str,
    /// Its segments, as text.
    pub segments: &'static [&'static str],
    /// `file!()` of the call.
    pub file: &'static str,
    /// `line!()` of the call.
    pub line: u32,
    /// The middleware around all handlers.
    pub layers: &'static LayerList,
}

inventory::collect!(GroupRecord);

/// All groups of the program, outer ones first, and those of one module in a fixed order.
static TABLE: Lazy<Vec<&'static GroupRecord>> = Lazy::new(|| {
    let mut groups: Vec<_> = inventory::iter::<GroupRecord>.into_iter().collect();
    groups.sort_by_key(|group| (group.module.len(), group.module, group.file, group.line));
    groups
});

/// The groups that a module is in, from the outermost to the innermost.
pub(crate) fn groups_of(module: &str) -> impl Iterator<Item = &'static GroupRecord> {
    TABLE.iter().copied().filter(move |group| group.has(module))
}

impl GroupRecord {
    /// Whether the module is the one of the group, or below it.
    fn has(&self, module: &str) -> bool {
        let rest = module.strip_prefix(self.module);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }

    /// Why two groups can't stand in one module.
    pub(crate) fn conflict(&self, other: &GroupRecord) -> String {
        format!(
            "two groups stand in the module `{}`: {}:{} and {}:{}; write one, or put one of them into \
             a module of its own",
            self.module, self.file, self.line, other.file, other.line
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_its_module_and_those_below() {
        static NONE: LayerList = LayerList { make: Vec::new };
        let group = GroupRecord {
            module: "shop::api",
            prefix: "/api",
            segments: &["api"],
            file: "src/api.rs",
            line: 1,
            layers: &NONE,
        };
        for (module, expected) in [
            ("shop::api", true),
            ("shop::api::books", true),
            ("shop::api_old", false),
            ("shop", false),
            ("other::api", false),
        ] {
            assert_eq!(group.has(module), expected, "{module}");
        }
    }
}
