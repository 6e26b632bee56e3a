//! [`Profile`]: which of the files of settings is read, and which defaults hold.

/// The name of a profile: `dev`, `prod`, `test` or one of the program's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    name: String,
    /// Somebody has asked for it.
    pub(super) is_chosen: bool,
}

/// The longest name of a profile, which is part of a file's name.
const LONGEST: usize = 64;

impl Profile {
    /// In debug builds `dev`, else `prod`.
    pub(crate) fn of_this_build() -> Self {
        Profile::unasked(match cfg!(debug_assertions) {
            true => "dev",
            false => "prod",
        })
    }

    /// That of tests.
    pub(crate) fn test() -> Self {
        Profile::unasked("test")
    }

    fn unasked(name: &str) -> Self {
        Profile {
            name: name.to_owned(),
            is_chosen: false,
        }
    }

    /// The one that somebody asks for.
    ///
    /// # Errors
    ///
    /// What was expected.
    pub(super) fn chosen(name: &str) -> Result<Self, String> {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        match (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_letter) {
            true => Ok(Profile {
                name: name.to_owned(),
                is_chosen: true,
            }),
            false => Err(format!(
                "expected a profile such as `dev` or `prod`, of letters, digits, `-` and `_`, found `{name}`"
            )),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether somebody develops the program.
    pub(crate) fn is_dev(&self) -> bool {
        self.name == "dev"
    }

    /// Whether it has a meaning without a file of its own.
    pub(super) fn is_usual(&self) -> bool {
        matches!(self.name.as_str(), "dev" | "prod" | "test")
    }

    /// The file of its settings.
    pub(crate) fn file(&self) -> String {
        format!("mini-spring-{}.toml", self.name)
    }
}
