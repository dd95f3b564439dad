//! Offsets of loads, folded into them: what the compiler leaves undone in hot loops.
//!
//! A load of WebAssembly has a constant offset of its own, which costs nothing. The compiler uses it
//! where it knows that the sum of address and offset does not wrap, and forgets that knowledge where it
//! chooses how loops step through memory: there an addition stands before nearly each load, a tenth of all
//! instructions. Those sums do not wrap either, for all addresses in a program lie far above the first
//! KiB of memory (the linker puts the stack there, with its end, which nothing reaches), so an
//! address and an offset below 1 KiB can only wrap to where nothing lies.

use crate::{Failure, Outcome};
use std::{convert::Infallible, fs, path::Path};
use wasm_encoder::{
    CodeSection, Instruction, MemArg, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{FunctionBody, OperatorsReader, Parser};

/// Offsets below this are folded.
const LIMIT: u64 = 1024;

/// Folds the offsets in a module's file.
pub fn fold_file(path: &Path) -> Outcome {
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("{}: {e}", path.display()));
    let module = fs::read(path).map_err(|e| failed(&e))?;
    let folded = fold(&module).map_err(|e| failed(&e))?;
    fs::write(path, folded).map_err(|e| failed(&e))
}

/// The module with its offsets folded.
fn fold(module: &[u8]) -> Result<Vec<u8>, Error<Infallible>> {
    let mut folded = Module::new();
    Folding.parse_core_module(&mut folded, Parser::new(0), module)?;
    Ok(folded.finish())
}

struct Folding;

impl Reencode for Folding {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut reader: OperatorsReader<'_> = body.get_operators_reader()?;
        // A constant, and whether its addition follows, that no other instruction has been seen behind.
        let mut waiting: (Option<i32>, bool) = (None, false);
        while !reader.eof() {
            let mut instruction = self.parse_instruction(&mut reader)?;
            if let (Some(constant), true) = waiting
                && let Some(argument) = load_argument(&mut instruction)
                && let Ok(constant) = u64::try_from(constant)
                && constant < LIMIT
            {
                argument.offset += constant;
                waiting = (None, false);
            }
            match (&instruction, waiting) {
                (Instruction::I32Add, (Some(constant), false)) => {
                    waiting = (Some(constant), true);
                    continue;
                }
                (_, (Some(constant), added)) => {
                    function.instruction(&Instruction::I32Const(constant));
                    if added {
                        function.instruction(&Instruction::I32Add);
                    }
                }
                _ => {}
            }
            waiting = (None, false);
            if let Instruction::I32Const(constant) = instruction {
                waiting.0 = Some(constant);
            } else {
                function.instruction(&instruction);
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// The address of a load that has nothing but its address on the stack.
fn load_argument<'a>(instruction: &'a mut Instruction<'_>) -> Option<&'a mut MemArg> {
    use Instruction as I;
    match instruction {
        I::I32Load(argument)
        | I::I64Load(argument)
        | I::I32Load8U(argument)
        | I::I32Load8S(argument)
        | I::I32Load16U(argument)
        | I::I32Load16S(argument)
        | I::V128Load(argument)
        | I::V128Load8x8S(argument)
        | I::V128Load8Splat(argument)
        | I::V128Load16Splat(argument)
        | I::V128Load32Splat(argument)
        | I::V128Load64Splat(argument)
        | I::V128Load32Zero(argument)
        | I::V128Load64Zero(argument) => Some(argument),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
        MemArgTarget, MemorySection, MemoryType, TypeSection, ValType,
    };
    use wasmparser::{Operator, Payload};

    /// A module with one function of these instructions.
    fn module(instructions: &[Instruction<'_>]) -> Vec<u8> {
        let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
        types.ty().function([ValType::I32], [ValType::I32]);
        functions.function(0);
        let (mut memories, mut globals) = (MemorySection::new(), GlobalSection::new());
        let (minimum, maximum) = (1, None);
        memories.memory(MemoryType {
            minimum,
            maximum,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let global = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(global, &ConstExpr::i32_const(7));
        let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
        exports.export("f", ExportKind::Func, 0);
        let mut function = Function::new([]);
        for instruction in instructions {
            function.instruction(instruction);
        }
        code.function(&function);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories);
        module.section(&globals).section(&exports).section(&code);
        module.finish()
    }

    /// The operators of a module's functions.
    fn operators(module: &[u8]) -> Vec<Operator<'_>> {
        let mut operators = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                let reader = body.get_operators_reader().unwrap();
                operators.extend(reader.into_iter().map(Result::unwrap));
            }
        }
        operators
    }

    const ADDRESS: Instruction<'static> = Instruction::LocalGet(0);
    const CONSTANT: Instruction<'static> = Instruction::I32Const(48);

    fn load(offset: u64) -> Instruction<'static> {
        Instruction::I32Load(MemArg {
            offset,
            align: 2,
            target: MemArgTarget::Memory(0),
            ordering: None,
        })
    }

    #[test]
    fn an_offset_before_a_load_moves_into_it() {
        let before = module(&[ADDRESS, CONSTANT, Instruction::I32Add, load(4), Instruction::End]);
        let after = module(&[ADDRESS, load(52), Instruction::End]);
        assert_eq!(fold(&before).unwrap(), after);
    }

    #[test]
    fn everything_else_stays() {
        let end = Instruction::End;
        let add = Instruction::I32Add;
        for instructions in [
            // Large, and negative: these may wrap.
            vec![ADDRESS, Instruction::I32Const(1024), add.clone(), load(4), end.clone()],
            vec![ADDRESS, Instruction::I32Const(-4), add.clone(), load(4), end.clone()],
            // What is added is no constant, or what is loaded lies elsewhere.
            vec![CONSTANT, ADDRESS, add.clone(), load(4), end.clone()],
            vec![ADDRESS, CONSTANT, add.clone(), ADDRESS, load(4), add.clone(), end.clone()],
            vec![ADDRESS, CONSTANT, Instruction::I32Sub, load(4), end.clone()],
            vec![ADDRESS, CONSTANT, CONSTANT, add.clone(), add.clone(), end.clone()],
            // A constant at the end of a block.
            vec![CONSTANT, end.clone()],
        ] {
            let module = module(&instructions);
            assert_eq!(operators(&fold(&module).unwrap()), operators(&module));
            assert_eq!(fold(&module).unwrap(), module);
        }
    }

    #[test]
    fn two_constants_fold_the_nearer_one_alone() {
        let instructions =
            [ADDRESS, CONSTANT, Instruction::I32Add, CONSTANT, Instruction::I32Add, load(0)];
        let folded = fold(&module(&[&instructions[..], &[Instruction::End]].concat())).unwrap();
        let expected = [ADDRESS, CONSTANT, Instruction::I32Add, load(48), Instruction::End];
        assert_eq!(folded, module(&expected));
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(fold(b"\0asm\x01\0\0\0\x0a\x05").is_err());
    }
}
