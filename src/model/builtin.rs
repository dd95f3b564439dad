//! Names of the schema's operator kinds.

/// The schema's name of a `BuiltinOperator` number.
#[must_use]
pub fn builtin_name(_code: i32) -> Option<&'static str> {
    None
}
