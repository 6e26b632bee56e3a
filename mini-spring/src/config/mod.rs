//! Where settings come from: defaults, files, the environment, the command line.
//!
//! Each source is a tree of values that is laid over the one before, so that a later one wins; every value keeps where
//! it was written. The functions here take the sources as values and read neither the process's environment, its
//! arguments nor files; what is wrong in any of them is reported together, each with where it came from.
//!
//! `server` has the server's settings, `record` the structs of `#[config]`; `known` is the keys of both.

mod arguments;
mod bounds;
mod byte_size;
pub(crate) mod environment;
mod file;
mod known;
mod placeholder;
mod profile;
mod read;
mod record;
mod secret;
mod server;
mod show;
mod spelling;
mod suggest;
mod unknown;
mod value;

use self::arguments::Arguments;
pub(crate) use self::arguments::Task;
pub use self::byte_size::ByteSize;
pub(crate) use self::file::SettingsFile;
use self::known::{Known, known};
use self::placeholder::Outside;
pub(crate) use self::profile::Profile;
pub(crate) use self::record::configs;
pub use self::record::{Bound, ConfigRecord, Fields, KeyRecord, bound};
pub use self::secret::Secret;
use self::server::SERVER_KEYS;
pub use self::server::ServerConfig;
pub(crate) use self::suggest::distance;
use self::value::{Node, Table, Value};
use crate::mistakes::Mistakes;

/// Makes a struct hold settings of the program:
///
/// ```
/// use std::time::Duration;
///
/// use mini_spring::{ByteSize, Inject, Secret, TestApp, config, route, routes};
///
/// #[config(prefix = "shop")]
/// struct ShopConfig {
///     /// What it is called.
///     #[config(default = "the shop")]
///     name: String,
///     /// How long an offer holds.
///     #[config(default = "7d")]
///     offers: Duration,
///     /// How many goods are on a page.
///     #[config(default = 20, unit = "goods")]
///     page: u16,
///     /// The largest picture.
///     #[config(default = "2MiB")]
///     largest: ByteSize,
///     /// The key of the bank. Without one, nothing can be bought.
///     bank: Option<Secret<String>>,
/// }
///
/// #[route(GET, "/about")]
/// fn about(shop: Inject<ShopConfig>) -> String {
///     let days = shop.offers.as_secs() / 86_400;
///     let is_open = shop.bank.is_some();
///     format!("{}: {days} days, pages of {}, {}, {is_open}", shop.name, shop.page, shop.largest)
/// }
///
/// let app = TestApp::of(routes![about]);
/// app.get("/about").send().assert_text("the shop: 7 days, pages of 20, 2 MiB, false");
/// ```
///
pub use mini_spring_macros::config;

/// The file that is read in every profile.
pub(crate) const FILE: &str = "mini-spring.toml";

/// What sources say: settings, and what is wrong with them.
#[derive(Debug, Default)]
struct Found {
    table: Table,
    mistakes: Mistakes,
    warnings: Vec<String>,
}

/// The sources as far as they are known before a file is read.
#[derive(Debug)]
pub(crate) struct Sources {
    known: Vec<Known>,
    variables: Vec<(String, String)>,
    arguments: Arguments,
    pub(crate) profile: Profile,
}

impl Sources {
    /// Reads environment and command line, which also say the profile, and so which files there are.
    pub(crate) fn new(
        usual: Profile,
        variables: impl IntoIterator<Item = (String, String)>,
        arguments: impl IntoIterator<Item = String>,
    ) -> Self {
        Sources::of(configs(), usual, variables, arguments)
    }

    /// For these structs.
    fn of(
        records: impl Iterator<Item = &'static ConfigRecord>,
        usual: Profile,
        variables: impl IntoIterator<Item = (String, String)>,
        arguments: impl IntoIterator<Item = String>,
    ) -> Self {
        let variables: Vec<(String, String)> = variables.into_iter().collect();
        let defaults = ServerConfig::default();
        let mut known = known(&defaults, records);
        let mut arguments = arguments::read(arguments, &known);
        let profile = profile(usual, &variables, &mut arguments);
        // It is the one default that depends on the profile.
        let access_log = profile.is_dev();
        for known in known.iter_mut().filter(|known| known.name == ACCESS_LOG) {
            known.default = known::Default::Text(access_log.to_string());
        }
        Sources {
            known,
            variables,
            arguments,
            profile,
        }
    }

    /// What the program is to do.
    pub(crate) fn task(&self) -> Task {
        self.arguments.task
    }

    /// Puts all of it together; a later file wins over an earlier one. `unread` is what is wrong with files, and `file`
    /// gives the text of another, for `${file:PATH}`, or tells what it has found instead.
    pub(crate) fn settle(
        self,
        files: &[SettingsFile],
        unread: Mistakes,
        file: &dyn Fn(&str) -> Result<String, String>,
    ) -> Settings {
        let variable = |name: &str| {
            let mut variables = self.variables.iter();
            let found = variables.find(|(other, _)| other == name);
            found.map(|(_, value)| value.clone())
        };
        let mut is_whole = unread.len() == 0;
        let mut found = Found {
            mistakes: unread,
            ..Found::default()
        };
        let outside = Outside {
            variable: &variable,
            file,
        };
        for file in files {
            let read = file::table(file, outside, &mut found.mistakes);
            is_whole &= read.is_whole;
            let mut of_file = Found {
                table: read.table,
                ..Found::default()
            };
            unknown::check(&self.known, &mut of_file);
            found.add(of_file);
        }
        environment::lay(&self.variables, &self.known, &mut found);
        found.add(self.arguments.found);
        Settings {
            known: self.known,
            profile: self.profile,
            files: files.iter().map(|file| file.path.clone()).collect(),
            is_whole,
            found,
        }
    }
}

const ACCESS_LOG: &str = "server.access_log";

/// The profile that arguments or environment ask for.
fn profile(usual: Profile, variables: &[(String, String)], arguments: &mut Arguments) -> Profile {
    let variable = variables
        .iter()
        .find(|(name, value)| name == environment::PROFILE && !value.is_empty());
    let (origin, name) = match (&arguments.profile, variable) {
        (Some(name), _) => ("--profile", name),
        (None, Some((_, name))) => (environment::PROFILE, name),
        (None, None) => return usual,
    };
    Profile::chosen(name).unwrap_or_else(|message| {
        arguments.found.mistakes.add(format!("{origin}: {message}"));
        usual
    })
}

impl Found {
    fn add(&mut self, over: Found) {
        self.table.lay(over.table);
        self.mistakes.extend(over.mistakes);
        self.warnings.extend(over.warnings);
    }
}

/// All settings, from wherever they come.
#[derive(Debug)]
pub(crate) struct Settings {
    known: Vec<Known>,
    pub(crate) profile: Profile,
    /// The files that were read.
    pub(crate) files: Vec<String>,
    /// All that is in them could be read.
    is_whole: bool,
    found: Found,
}

impl Settings {
    /// What has been written for a key.
    fn find(&self, key: &str) -> Option<&Node> {
        self.found.table.find(key)
    }

    /// Keys that nobody reads, a sentence each.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut warnings = self.found.warnings.clone();
        let file = self.profile.file();
        let is_alone = !self.files.iter().any(|path| path.ends_with(&file));
        if self.profile.is_chosen && !self.profile.is_usual() && is_alone {
            let name = self.profile.name();
            warnings.push(format!(
                "the profile `{name}` changes nothing: there is no {file}; write one, or choose `dev` or `prod`"
            ));
        }
        warnings
    }

    /// What is wrong with the sources themselves: what can't be parsed, and names that nobody knows.
    pub(crate) fn mistakes(&self) -> Mistakes {
        self.found.mistakes.clone()
    }

    /// Whether the server and all structs can be made of it.
    ///
    /// # Errors
    ///
    /// Everything that is wrong.
    pub(crate) fn checked(&self, cores: usize) -> Result<(), Mistakes> {
        let mut mistakes = self.server(cores).err().unwrap_or_default();
        for record in configs() {
            mistakes.extend(record.bind(self).err().unwrap_or_default());
        }
        mistakes.or(())
    }

    /// The settings of the server, which must fit a machine of so many cores.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the sources, and with these settings.
    pub(crate) fn server(&self, cores: usize) -> Result<ServerConfig, Mistakes> {
        let mut mistakes = self.mistakes();
        let mut config = ServerConfig {
            access_log: self.profile.is_dev(),
            ..ServerConfig::default()
        };
        for key in SERVER_KEYS {
            let Some(node) = self.find(key.name) else {
                continue;
            };
            let fits = match (&node.value, key.unit) {
                (Value::Table(_), _) => false,
                (Value::List(_), unit) => unit == "list",
                _ => true,
            };
            let read = match fits {
                true => (key.set)(&mut config, node.text().unwrap_or_default().trim()),
                false => Err("one value"),
            };
            if let Err(expected) = read {
                mistakes.add(format!(
                    "{}: expected {expected}, found {}",
                    node.origin.about(key.name),
                    node.found()
                ));
            }
        }
        // Whoever starts the server fits them; here is told what wouldn't.
        let (_, faults) = config.clone().fitted(cores);
        for fault in faults {
            let node = self.find(fault.key);
            let about = node.map(|node| node.origin.about(fault.key));
            let about = about.as_deref().unwrap_or(fault.key);
            let told = fault.told(node.map(Node::found));
            mistakes.add(format!("{about}: {told}"));
        }
        mistakes.or(config)
    }
}

#[cfg(test)]
mod tests;
