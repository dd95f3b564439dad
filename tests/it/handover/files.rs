//! CSV, trace and C header.

use super::{BUNDLED, make, model, open_as_stored, plans, samples};
use crate::support::{
    networks::Network,
    tflite_writer::{ModelSpec, OperatorSpec, OptionsSpec, TensorSpec, build, kind},
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write as _},
    path::Path,
    process::Command,
};
use tinyml_playground::{
    handover::Format,
    model::Model,
    plan::{Solution, csv, validate},
    schedule::{Extent, InPlace, InputImage, PlanChoice, Role, ScheduleChoice, problem},
    text::{allocate_verdict, exact_bytes},
};

/// Names that break what trusts them.
const HOSTILE: &str = "*/ int x; /* \"a,b\"\n#define X \\\n'c' \u{202e}\u{f6} ??/ //";

/// The same model with that name for every tensor.
fn with_hostile_names(model: &Model) -> Model {
    let mut model = model.clone();
    model.tensors.iter_mut().for_each(|tensor| tensor.name = HOSTILE.to_owned());
    model
}

#[test]
fn the_csv_is_the_plan_and_its_names_are_unique() {
    for bytes in samples() {
        let session = open_as_stored(&bytes);
        let model = with_hostile_names(&model(&bytes));
        for planned in plans(&session) {
            let file = make(&session, &planned, &model, Format::Minimalloc, "m", None);
            assert_eq!((file.file_name.as_str(), file.media_type), ("m.plan.csv", "text/csv"));
            let text = String::from_utf8(file.bytes).unwrap();
            assert!(text.is_ascii() && !text.contains('"'), "{text}");
            let mut named = csv::read(text.as_bytes()).unwrap();
            let unique: BTreeSet<_> = named.ids.iter().collect();
            assert_eq!(unique.len(), named.ids.len(), "{:?}", named.ids);
            let column = |line: &str| line.rsplit(',').next().unwrap().parse().unwrap();
            let offsets: Vec<u64> = text.lines().skip(1).map(column).collect();
            assert_eq!(offsets, planned.solution.offsets);
            // What minimalloc's format cannot say: who takes whose place.
            let own = problem(&planned.schedule);
            for (read, own) in named.problem.buffers.iter_mut().zip(&own.buffers) {
                read.takes_place_of = own.takes_place_of;
            }
            assert_eq!(named.problem, own);
            let solution = Solution { offsets, ..planned.solution };
            assert_eq!(validate(&named.problem, &solution), Ok(()));
        }
    }
}

#[test]
fn rows_name_operator_tensor_and_patch() {
    let session = open_as_stored(BUNDLED);
    let stage = InputImage::Streamed;
    let choice = ScheduleChoice::Patched { stage_end: 5, rows: 2, columns: 1, input_image: stage };
    let planned = session.plan(choice).unwrap();
    let file = session.hand_over(&planned, Format::Minimalloc, "m", None).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(text.contains("\nt0:input:picture:patch0,"), "{text}");
    assert!(text.contains("t110:#4:functional_1/re_lu_3_1/Relu6"), "{text}");
    assert!(text.contains(":patch1,"), "{text}");
}

fn events<'a>(trace: &'a Value, phase: &str) -> Vec<&'a Value> {
    let all = trace["traceEvents"].as_array().unwrap().iter();
    all.filter(|event| event["ph"] == phase).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// What every reader of the format relies on: known phases, numbers where numbers belong, named
/// tracks, and slices of one track that do not cut each other.
#[track_caller]
fn assert_well_formed(trace: &Value) {
    let mut tracks: BTreeMap<(u64, u64), Vec<(f64, f64)>> = BTreeMap::new();
    let names: BTreeSet<(u64, u64)> = events(trace, "M")
        .into_iter()
        .filter(|event| event["name"] == "thread_name")
        .map(|event| (number(&event["pid"]), number(&event["tid"])))
        .collect();
    for event in trace["traceEvents"].as_array().unwrap() {
        assert!(event["name"].is_string() && event["pid"].is_u64(), "{event}");
        let phase = event["ph"].as_str().unwrap();
        assert!(["M", "X", "C"].contains(&phase), "{event}");
        if phase == "X" {
            let (begin, length) = (event["ts"].as_f64().unwrap(), event["dur"].as_f64().unwrap());
            assert!(begin >= 0.0 && length >= 0.0);
            let track = (number(&event["pid"]), number(&event["tid"]));
            assert!(names.contains(&track), "track {track:?} has no name");
            tracks.entry(track).or_default().push((begin, begin + length));
        }
        if phase == "C" {
            let values = event["args"].as_object().unwrap().values();
            assert!(event["ts"].is_number() && values.clone().all(Value::is_u64), "{event}");
        }
    }
    for (track, slices) in &mut tracks {
        slices.sort_by(|a, b| a.partial_cmp(b).unwrap());
        let apart = slices.windows(2).all(|pair| pair[0].1 <= pair[1].0 + 1e-6);
        assert!(apart, "slices of track {track:?} overlap");
    }
}

#[test]
fn the_trace_shows_every_buffer_step_and_sum() {
    for bytes in samples() {
        let session = open_as_stored(&bytes);
        let model = with_hostile_names(&model(&bytes));
        for planned in plans(&session) {
            let report = session.plan_report(&planned);
            let file = make(&session, &planned, &model, Format::Trace, "m", None);
            let trace: Value = serde_json::from_slice(&file.bytes).unwrap();
            assert_well_formed(&trace);
            let slices = events(&trace, "X");
            let (steps, buffers): (Vec<_>, Vec<_>) =
                slices.into_iter().partition(|event| event["cat"] == "step");
            assert_eq!(steps.len(), report.steps.len());
            for (step, expected) in steps.iter().zip(&report.steps) {
                assert_eq!(step["args"]["macs"], expected.macs);
                assert_eq!(step["args"]["operator"], serde_json::json!(expected.operator));
            }
            let blocks: Vec<[u64; 4]> = report
                .blocks
                .iter()
                .map(|block| {
                    let life = [block.first_step, block.end_step].map(u64::from);
                    [block.offset_bytes, block.bytes, life[0], life[1]]
                })
                .collect();
            let shown = buffers.iter().map(|event| {
                ["offset_bytes", "bytes", "first_step", "end_step"]
                    .map(|name| number(&event["args"][name]))
            });
            assert_eq!(shown.collect::<Vec<_>>(), blocks);
            for (event, [.., first, end]) in buffers.iter().zip(&blocks) {
                assert_eq!(event["ts"].as_f64().unwrap() as u64, *first, "a step is 1 us");
                assert_eq!(event["dur"].as_f64().unwrap() as u64, end - first);
            }
            assert_counters(&trace, &report);
        }
    }
}

#[track_caller]
fn assert_counters(trace: &Value, report: &tinyml_playground::report::PlanReport) {
    let counters = events(trace, "C");
    let of = |name: &str| -> Vec<&Value> {
        let own = counters.iter().filter(|event| event["name"] == name);
        own.map(|event| &event["args"]).collect()
    };
    let (live, heights) = (of("live bytes"), of("arena height, bytes"));
    assert_eq!(live.len(), report.steps.len() + 1, "one more, at the end");
    for (counter, step) in live.iter().zip(&report.steps) {
        assert_eq!(number(&counter["activations"]), step.live_bytes);
    }
    let most = |counters: &[&Value], name: &str| {
        counters.iter().map(|counter| number(&counter[name])).max().unwrap()
    };
    assert_eq!(most(&live, "scratch"), report.scratch_bytes);
    assert_eq!(most(&heights, "in use"), report.arena_bytes);
    assert_eq!(number(&heights[report.steps.len()]["in use"]), 0);
}

#[test]
fn measured_times_are_the_traces_axis() {
    let bytes = Network::build(2);
    let session = open_as_stored(&bytes);
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    let times: Vec<f64> = (0..planned.schedule.steps.len()).map(|step| step as f64 * 0.5).collect();
    let model = model(&bytes);
    let file = make(&session, &planned, &model, Format::Trace, "m", Some(&times));
    let trace: Value = serde_json::from_slice(&file.bytes).unwrap();
    assert_well_formed(&trace);
    assert_eq!(trace["otherData"]["time"], "measured");
    let steps = events(&trace, "X").into_iter().filter(|event| event["cat"] == "step");
    let mut begin = 0.0;
    for (step, ms) in steps.zip(&times) {
        let (ts, duration) = (step["ts"].as_f64().unwrap(), step["dur"].as_f64().unwrap());
        assert!((ts - begin).abs() < 1e-6 && (duration - ms * 1e3).abs() < 1e-6, "{step}");
        begin += ms * 1e3;
    }
    // Times of another schedule are none of this one.
    let file = make(&session, &planned, &model, Format::Trace, "m", Some(&times[1..]));
    let trace: Value = serde_json::from_slice(&file.bytes).unwrap();
    assert_eq!(trace["otherData"]["time"], "one step is one microsecond");
}

/// The value of a macro.
fn defined(header: &str, name: &str) -> Option<String> {
    let line = header.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")))?;
    Some(line.split_whitespace().next().unwrap_or_default().to_owned())
}

#[test]
fn the_header_holds_sizes_and_offsets() {
    for bytes in samples() {
        let session = open_as_stored(&bytes);
        let model = with_hostile_names(&model(&bytes));
        for planned in plans(&session) {
            let report = session.plan_report(&planned);
            let file = make(&session, &planned, &model, Format::CHeader, "net-1", None);
            assert_eq!(file.file_name, "net-1_arena.h");
            let header = String::from_utf8(file.bytes).unwrap();
            let value = |name: &str| defined(&header, &format!("NET_1_{name}"));
            assert_eq!(value("ARENA_BYTES"), Some(report.arena_bytes.to_string()));
            assert_eq!(value("ACTIVATIONS_BYTES"), Some(report.peak_bytes.to_string()));
            assert_eq!(value("SCRATCH_BYTES"), Some(report.scratch_bytes.to_string()));
            let hash = format!("\"{}\"", session.report().sha256);
            assert_eq!(value("MODEL_SHA256"), Some(hash));
            for (buffer, offset) in planned.schedule.buffers.iter().zip(&planned.solution.offsets) {
                if buffer.extent == Extent::Whole && buffer.role != Role::Scratch {
                    let name = format!("TENSOR{}_OFFSET", buffer.tensor.0);
                    assert_eq!(value(&name), Some(offset.to_string()), "{name}");
                }
            }
            for (number, output) in planned.schedule.outputs.iter().enumerate() {
                let offset = planned.solution.offsets[output.index()];
                assert_eq!(value(&format!("OUTPUT{number}_OFFSET")), Some(offset.to_string()));
            }
        }
    }
}

#[test]
fn the_header_tells_what_to_allocate_for_tflm_whether_it_can_run_the_plan_or_not() {
    let session = open_as_stored(BUNDLED);
    let model = model(BUNDLED);
    let header = |choice: PlanChoice| {
        let planned = session.plan(choice).unwrap();
        let file = make(&session, &planned, &model, Format::CHeader, "net", None);
        String::from_utf8(file.bytes).unwrap()
    };
    let report = session.report();
    let of_rows = header(PlanChoice::default());
    let value = |name: &str| defined(&of_rows, &format!("NET_TFLM_{name}_BYTES")).unwrap();
    let refuses = |header: &str| header.contains("Lite Micro cannot run the plan above");
    assert!(!refuses(&of_rows));
    let bytes = |name: &str| value(name).parse::<u64>().unwrap();
    assert_eq!(bytes("HEAD"), report.tflm_arena_bytes);
    assert_eq!(bytes("TAIL"), report.tflm_persistent_estimate.bytes);
    assert_eq!(bytes("ARENA"), bytes("HEAD") + bytes("TAIL") + bytes("ROUNDING") + bytes("START"));
    assert!(bytes("ARENA").is_multiple_of(16) && bytes("ROUNDING") < 16);
    assert!(of_rows.contains("constexpr int kTensorArenaSize = NET_TFLM_ARENA_BYTES;"));
    let told = allocate_verdict(report, 0, 1 << 20).unwrap().exact;
    let shown = format!("To allocate: {} = ", exact_bytes(bytes("ARENA")));
    assert!(told.starts_with(&shown), "{told} has not {shown}");
    let stage_end = report.stage_ends[0];
    let input_image = InputImage::Resident;
    let patches = ScheduleChoice::Patched { stage_end, rows: 2, columns: 2, input_image };
    let in_place = PlanChoice::default().with_in_place(InPlace::All);
    for (choice, why) in [(patches.into(), "in patches"), (in_place, "written over an input")] {
        let other = header(choice);
        let told = other.lines().find(|line| refuses(line)).unwrap();
        assert!(told.contains(why), "{told}");
        let whole = defined(&other, "NET_TFLM_ARENA_BYTES");
        assert_eq!(whole.unwrap(), value("ARENA"), "it is of the file as stored");
    }
}

/// Whether a compiler (`cc` for C, `c++` for C++) takes a source without a warning; `None`, and a line that says so,
/// where there is no compiler.
fn compiles(folder: &Path, compiler: &str, source: &str) -> Option<Result<(), String>> {
    let (name, standard) =
        if compiler == "cc" { ("arena.c", "-std=c11") } else { ("arena.cc", "-std=c++11") };
    let file = folder.join(name);
    fs::write(&file, source).unwrap();
    let flags = [standard, "-I.", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only"];
    let command = Command::new(compiler).args(flags).arg(&file).current_dir(folder).output();
    let Ok(output) = command else {
        let what = "SKIPPED a compiler's look at the header: there is no";
        let _ = writeln!(io::stderr(), "{what} {compiler}");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(said) })
}

#[test]
fn a_c_compiler_takes_the_header() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c_header");
    fs::create_dir_all(&folder).unwrap();
    let mut source = String::from("#include <stdint.h>\n");
    for (number, bytes) in samples().iter().step_by(7).enumerate() {
        let session = open_as_stored(bytes);
        let model = with_hostile_names(&model(bytes));
        for (which, planned) in plans(&session).iter().enumerate() {
            let name = format!("{number} {which} {HOSTILE}");
            let file = make(&session, planned, &model, Format::CHeader, &name, None);
            assert!(!file.file_name.contains(['/', ' ', '"']), "{}", file.file_name);
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            let macro_of = |line: &str| Some(line.strip_prefix("#define ")?.to_owned());
            let guard = text.lines().find_map(macro_of).unwrap();
            let prefix = guard.strip_suffix("_ARENA_H").unwrap();
            let include = format!("#include \"{}\"\n", file.file_name);
            fs::write(folder.join(&file.file_name), &file.bytes).unwrap();
            // Twice: the guard holds.
            source += &include;
            source += &include;
            source += &format!(
                "_Static_assert({prefix}_ARENA_BYTES == {}, \"height\");\n\
                 _Static_assert(sizeof({prefix}_MODEL_SHA256) == 65, \"hash\");\n\
                 _Static_assert({prefix}_OUTPUT0_OFFSET + {prefix}_OUTPUT0_BYTES <= \
                 {prefix}_ARENA_BYTES, \"output\");\n\
                 extern uint8_t arena_{number}_{which}[{prefix}_ARENA_BYTES];\n",
                planned.solution.height_bytes
            );
            if text.contains(&format!("{prefix}_TFLM_ARENA_BYTES")) {
                source += &format!(
                    "_Static_assert({prefix}_TFLM_ARENA_BYTES == {prefix}_TFLM_HEAD_BYTES + \
                     {prefix}_TFLM_TAIL_BYTES + {prefix}_TFLM_ROUNDING_BYTES + \
                     {prefix}_TFLM_START_BYTES, \"parts\");\n"
                );
            }
        }
    }
    let Some(outcome) = compiles(&folder, "cc", &source) else { return };
    assert_eq!(outcome, Ok(()));
    let broken = source.replacen("_ARENA_BYTES == ", "_ARENA_BYTES == 1 + ", 1);
    assert!(compiles(&folder, "cc", &broken).unwrap().is_err(), "the compiler looks");
}

/// As much of TensorFlow Lite Micro's resolver as the bundled model needs, written from its public interface.
const RESOLVER: &str = "#pragma once
enum TfLiteStatus { kTfLiteOk = 0, kTfLiteError = 1 };
#define TF_LITE_ENSURE_STATUS(a) do { const TfLiteStatus s = (a); if (s != kTfLiteOk) return s; } while (0)
namespace tflite {
template <unsigned int tOpCount>
class MicroMutableOpResolver {
 public:
  TfLiteStatus AddAdd() { return add(); }
  TfLiteStatus AddConv2D() { return add(); }
  TfLiteStatus AddDepthwiseConv2D() { return add(); }
  TfLiteStatus AddDequantize() { return add(); }
  TfLiteStatus AddFullyConnected() { return add(); }
  TfLiteStatus AddMean() { return add(); }
  TfLiteStatus AddPad() { return add(); }
  TfLiteStatus AddQuantize() { return add(); }
  TfLiteStatus AddSoftmax() { return add(); }
 private:
  TfLiteStatus add() { return n_++ < tOpCount ? kTfLiteOk : kTfLiteError; }
  unsigned int n_ = 0;
};
}  // namespace tflite
";

#[test]
fn the_set_up_registers_each_kind_of_the_file_once_in_a_resolver_of_that_size() {
    let session = open_as_stored(BUNDLED);
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    let file = make(&session, &planned, &model(BUNDLED), Format::Tflm, "9 net*/", None);
    assert_eq!(file.file_name, "9_net___tflm.h");
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    let mut kinds: Vec<String> =
        model(BUNDLED).operators.iter().map(|operator| operator.kind.replace('_', "")).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let call =
        |line: &str| Some(line.split_once("resolver.Add")?.1.split_once('(')?.0.to_uppercase());
    let added: Vec<String> = text.lines().filter_map(call).collect();
    assert_eq!(added, kinds);
    assert!(
        text.contains(&format!("constexpr unsigned int kOperators = {};", kinds.len())),
        "{text}"
    );
    let arena = session.report().tflm_arena().unwrap();
    assert_eq!(file.arena_bytes, arena.bytes());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tflm_setup");
    let place = folder.join("tensorflow/lite/micro");
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("micro_mutable_op_resolver.h"), RESOLVER).unwrap();
    fs::write(folder.join(&file.file_name), &file.bytes).unwrap();
    let source = format!(
        "#include \"{0}\"\n#include \"{0}\"\n\
         static_assert(m_9_net_tflm::kTensorArenaSize == {1}, \"size\");\n\
         TfLiteStatus all(m_9_net_tflm::OpResolver& resolver);\n\
         TfLiteStatus all(m_9_net_tflm::OpResolver& resolver) {{ return m_9_net_tflm::AddOperators(resolver); }}\n",
        file.file_name,
        arena.bytes()
    );
    let Some(outcome) = compiles(&folder, "c++", &source) else { return };
    assert_eq!(outcome, Ok(()));
    let broken = source.replacen("kTensorArenaSize == ", "kTensorArenaSize == 1 + ", 1);
    assert!(compiles(&folder, "c++", &broken).unwrap().is_err(), "the compiler looks");
}

#[test]
fn the_set_up_says_which_operators_need_more_than_a_registration() {
    let mut spec = ModelSpec::default();
    let input = spec.tensor(TensorSpec::int8("in", &[1, 4, 4, 2]).quantized(0.5, 0));
    let output = spec.tensor(TensorSpec::int8("out", &[1, 4, 4, 2]).quantized(0.5, 0));
    spec.operator(OperatorSpec::new(kind::GELU, OptionsSpec::None, &[input], &[output]));
    (spec.inputs, spec.outputs) = (vec![input], vec![output]);
    let session = open_as_stored(&build(&spec));
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    let file = session.hand_over(&planned, Format::Tflm, "gelu", None).unwrap();
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(text.contains("/* GELU: MicroMutableOpResolver is not known to have it. */"), "{text}");
    assert!(!text.contains("resolver.Add"), "{text}");
}

#[test]
fn models_that_cannot_run_are_handed_over_all_the_same() {
    let mut spec = ModelSpec::default();
    let input = spec.tensor(TensorSpec::int8("in", &[1, 4, 4, 2]).quantized(0.5, 0));
    let output = spec.tensor(TensorSpec::int8("out", &[1, 4, 4, 2]).quantized(0.5, 0));
    let options = OptionsSpec::None;
    spec.operator(OperatorSpec::new(kind::GELU, options, &[input], &[output]));
    (spec.inputs, spec.outputs) = (vec![input], vec![output]);
    let session = open_as_stored(&build(&spec));
    assert!(session.check_runs().is_err());
    let planned = session.plan(ScheduleChoice::Layerwise).unwrap();
    for format in Format::ALL {
        let file = session.hand_over(&planned, format, "gelu", None).unwrap();
        let tflm = session.report().tflm_arena().map_or(0, |arena| arena.bytes());
        let told = if format == Format::Tflm { tflm } else { 64 };
        assert_eq!(file.arena_bytes, told, "{format:?}");
        assert!(file.file_name.starts_with("gelu"));
    }
}
