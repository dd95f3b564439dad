//! Short names between a module and its script: wasm-bindgen's end in hashes, which stand in both and do not
//! compress.

use crate::{Failure, Outcome};
use std::{collections::BTreeMap, convert::Infallible, fs, path::Path};
use wasm_encoder::{
    ImportSection, Module,
    reencode::{self, Error, Reencode},
};
use wasmparser::{Import, Imports, Parser, Payload, TypeRef};

/// New names of imports by their old ones.
type Names = BTreeMap<String, String>;

/// Gives what a module imports from its script short names, in both files.
pub fn shorten_files(module: &Path, script: &Path) -> Outcome {
    let failed =
        |path: &Path, e: &dyn std::fmt::Display| Failure::new(format!("{}: {e}", path.display()));
    let bytes = fs::read(module).map_err(|e| failed(module, &e))?;
    let text = fs::read_to_string(script).map_err(|e| failed(script, &e))?;
    let names = short_names(&bytes, &text).map_err(|e| failed(module, &e))?;
    if names.is_empty() {
        return Err(failed(script, &"no name of what the module imports is a key of it"));
    }
    let renamed = rename(&bytes, &names).map_err(|e| failed(module, &e))?;
    fs::write(module, renamed).map_err(|e| failed(module, &e))?;
    fs::write(script, rename_keys(text, &names)).map_err(|e| failed(script, &e))
}

/// Names for the functions that a module imports and that the script names once alone: as a key of what it gives.
fn short_names(module: &[u8], script: &str) -> Result<Names, wasmparser::BinaryReaderError> {
    let mut names = Names::new();
    let names_in_order = (0..).map(|number: u32| format!("w{number}"));
    let mut free = names_in_order.filter(|short| !script.contains(&format!("{short}: ")));
    for payload in Parser::new(0).parse_all(module) {
        let Payload::ImportSection(section) = payload? else { continue };
        for imports in section {
            let Imports::Single(_, Import { name, ty: TypeRef::Func(_), .. }) = imports? else {
                continue;
            };
            let is_key = script.contains(&format!("{name}: ")) && script.matches(name).count() == 1;
            if name.starts_with("__wbg_") && is_key && !names.contains_key(name) {
                let short = free.next().unwrap_or_default();
                names.insert(name.to_owned(), short);
            }
        }
    }
    Ok(names)
}

fn rename_keys(script: String, names: &Names) -> String {
    names.iter().fold(script, |script, (name, short)| {
        script.replacen(&format!("{name}: "), &format!("{short}: "), 1)
    })
}

fn rename(module: &[u8], names: &Names) -> Result<Vec<u8>, Error<Infallible>> {
    let mut renamed = Module::new();
    Renaming(names).parse_core_module(&mut renamed, Parser::new(0), module)?;
    Ok(renamed.finish())
}

struct Renaming<'a>(&'a Names);

impl Reencode for Renaming<'_> {
    type Error = Infallible;

    fn parse_imports(
        &mut self,
        section: &mut ImportSection,
        imports: Imports<'_>,
    ) -> Result<(), Error<Infallible>> {
        let imports = match imports {
            Imports::Single(place, import) => {
                let name = self.0.get(import.name).map_or(import.name, String::as_str);
                Imports::Single(place, Import { name, ..import })
            }
            others => others,
        };
        reencode::utils::parse_imports(self, section, imports)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, TypeSection};

    const LONG: &str = "__wbg_now_0123456789abcdef";
    const TWICE: &str = "__wbg_new_fedcba9876543210";

    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for name in [LONG, "__wbindgen_throw", TWICE] {
            imports.import("./app_bg.js", name, EntityType::Function(0));
        }
        let mut module = Module::new();
        module.section(&types).section(&imports);
        module.finish()
    }

    fn imported(module: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            let Payload::ImportSection(section) = payload.unwrap() else { continue };
            for imports in section {
                let Imports::Single(_, import) = imports.unwrap() else { continue };
                names.push(import.name.to_owned());
            }
        }
        names
    }

    #[test]
    fn a_name_is_shortened_in_both_or_in_none() {
        let script = format!(
            "const import0 = {{\n{LONG}: function() {{\n}},\n__wbindgen_throw: f,\n{TWICE}: g,\n}};\nh({TWICE});\n"
        );
        let names = short_names(&module(), &script).unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), [(LONG.to_owned(), "w0".to_owned())]);
        let names = short_names(&module(), &script).unwrap();
        let renamed = rename(&module(), &names).unwrap();
        assert_eq!(imported(&renamed), ["w0", "__wbindgen_throw", TWICE]);
        assert_eq!(rename_keys(script.clone(), &names), script.replace(LONG, "w0"));
        // Whoever has that name already keeps it.
        let script = format!("{{\nw0: f,\n{LONG}: g }}");
        assert_eq!(short_names(&module(), &script).unwrap()[LONG], "w1");
    }
}
