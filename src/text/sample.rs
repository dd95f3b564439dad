//! A small model and its reports, for tests of what people see.

use crate::{
    report::{
        ActivationReport, BlockReport, BlockRole, CandidateReport, Family, FrontReport,
        ModelReport, OperatorReport, OperatorTime, OutputReport, PlanChoice, PlanReport, Planner,
        ProfileReport, QuantizationReport, RunReport, Rung, RungReport, ScheduleChoice,
        ScoreReport, StepReport, TensorReport, TensorRole, TflmPart, TflmPartKind, TflmPersistent,
        TimingReport,
    },
    tensor::{Region, Span, TensorId},
};

fn tensor(index: u32, dims: &[usize], role: TensorRole, live: Option<[u32; 2]>) -> TensorReport {
    TensorReport {
        index: TensorId(index),
        name: format!("tensor {index}"),
        shape: dims.to_vec(),
        data_type: "int8".to_owned(),
        bytes: dims.iter().map(|&dim| dim as u64).product(),
        role,
        alias_of: (role == TensorRole::Alias).then(|| TensorId(index - 1)),
        live,
        quantization: Some(QuantizationReport {
            channels: 1,
            scale: 0.0235,
            least_scale: 0.0235,
            greatest_scale: 0.0235,
            zero_point: -128,
        }),
    }
}

fn operator(index: u32, kind: &str, family: Family, tensors: [u32; 2]) -> OperatorReport {
    OperatorReport {
        index,
        kind: kind.to_owned(),
        family,
        removed_by: None,
        kernel: None,
        stride: None,
        dilation: None,
        padding: None,
        inputs: vec![TensorId(tensors[0]), TensorId(6)],
        outputs: vec![TensorId(tensors[1])],
        output_shape: Vec::new(),
        macs: 0,
        live_bytes: 0,
        is_winograd: false,
        constant_bytes: 100,
        options: Vec::new(),
        refusal: None,
    }
}

fn tflm_persistent() -> TflmPersistent {
    let part = |kind, count, bytes| TflmPart { kind, count, bytes };
    TflmPersistent {
        pointer_bytes: 4,
        bytes: 84 + 160 + 300,
        start_bytes: 1_000,
        parts: vec![
            part(TflmPartKind::Tensors, 7, 84),
            part(TflmPartKind::Nodes, 5, 160),
            part(TflmPartKind::Interpreter, 1, 300),
        ],
        unknown_operators: 0,
    }
}

/// CONV_2D, DEPTHWISE_CONV_2D, RESHAPE, FULLY_CONNECTED, SOFTMAX over an 8 x 8 picture.
pub(crate) fn model() -> ModelReport {
    let tensors = vec![
        tensor(0, &[1, 8, 8, 3], TensorRole::Input, Some([0, 1])),
        tensor(1, &[1, 8, 8, 8], TensorRole::Activation, Some([0, 2])),
        tensor(2, &[1, 4, 4, 8], TensorRole::Activation, Some([1, 4])),
        tensor(3, &[1, 128], TensorRole::Alias, None),
        tensor(4, &[1, 10], TensorRole::Activation, Some([3, 5])),
        tensor(5, &[1, 10], TensorRole::Output, Some([4, 5])),
        tensor(6, &[8, 3, 3, 3], TensorRole::Constant, None),
    ];
    let mut operators = vec![
        operator(0, "CONV_2D", Family::Convolution, [0, 1]),
        operator(1, "DEPTHWISE_CONV_2D", Family::Depthwise, [1, 2]),
        operator(2, "RESHAPE", Family::Other, [2, 3]),
        operator(3, "FULLY_CONNECTED", Family::Dense, [3, 4]),
        operator(4, "SOFTMAX", Family::Dense, [4, 5]),
    ];
    let live = [704, 640, 128, 138, 20];
    let macs = [13_824, 1_152, 0, 1_280, 0];
    for (index, operator) in operators.iter_mut().enumerate() {
        operator.live_bytes = live[index];
        operator.macs = macs[index];
        operator.output_shape = tensors[operator.outputs[0].index()].shape.clone();
    }
    operators[0].kernel = Some([3, 3]);
    operators[0].stride = Some([1, 1]);
    operators[0].padding = Some([1, 1]);
    operators[1].kernel = Some([3, 3]);
    operators[1].stride = Some([2, 2]);
    operators[1].padding = Some([0, 0]);
    ModelReport {
        file_bytes: 4096,
        sha256: "0123456789abcdef".repeat(4),
        description: "sample".to_owned(),
        tensors,
        operators,
        inputs: vec![TensorId(0)],
        outputs: vec![TensorId(5)],
        macs: macs.iter().sum(),
        flash_bytes: 500,
        as_stored_peak_bytes: 704,
        peak_bytes: 704,
        peak_operator: 0,
        depthwise_in_place_peak_bytes: 704,
        arena_bytes: 704,
        lower_bound_bytes: 704,
        tflm_arena_bytes: 704,
        tflm_persistent_estimate: tflm_persistent(),
        stage_ends: vec![0, 1],
        refusal: None,
        warnings: Vec::new(),
    }
}

/// The layer-wise plan of [`model`].
pub(crate) fn plan() -> PlanReport {
    let model = model();
    let offsets = [512, 0, 512, 0, 0, 128];
    let blocks = model
        .tensors
        .iter()
        .filter_map(|tensor| {
            let [first_step, end_step] = tensor.live?;
            Some(BlockReport {
                tensor: tensor.index,
                operator: first_operator(&model, tensor.index),
                role: BlockRole::Activation,
                patch: None,
                region: None,
                takes_place_of: None,
                offset_bytes: offsets[tensor.index.index()],
                bytes: tensor.bytes,
                first_step,
                end_step,
            })
        })
        .collect();
    let steps = model
        .operators
        .iter()
        .map(|operator| StepReport {
            operator: Some(operator.index),
            patch: None,
            region: Region::whole(1, 1),
            macs: operator.macs,
            live_bytes: operator.live_bytes,
            scratch_bytes: 0,
        })
        .collect();
    PlanReport {
        is_order_proven: None,
        scratch_bytes: 0,
        unclipped: None,
        choice: ScheduleChoice::Layerwise.into(),
        arena_bytes: 704,
        lower_bound_bytes: 704,
        peak_bytes: 704,
        peak_step: 0,
        peak_operator: 0,
        stage_peak_bytes: None,
        tail_peak_bytes: None,
        macs: model.macs,
        macs_layerwise: model.macs,
        delivered_bytes: 0,
        patch_inputs: Vec::new(),
        offline_refusal: None,
        blocks,
        steps,
    }
}

fn first_operator(model: &ModelReport, tensor: TensorId) -> Option<u32> {
    let writer = model.operators.iter().find(|operator| operator.outputs.contains(&tensor));
    writer.map(|operator| operator.index)
}

/// A patch plan of [`model`] in `rows` times `columns` patches up to #1, with made-up addresses.
pub(crate) fn patched_plan(rows: u32, columns: u32) -> PlanReport {
    let patches = rows * columns;
    let mut plan = plan();
    let input_image = crate::report::InputImage::Resident;
    plan.choice = ScheduleChoice::Patched { stage_end: 1, rows, columns, input_image }.into();
    // Halves of an 8x8 map, with a halo of one row or column towards the others.
    let part = |index: u32, parts: u32| {
        let [start, end] = [index, index + 1].map(|edge| (edge * 8 / parts) as usize);
        Span::new(start.saturating_sub(1), (end + 1).min(8))
    };
    plan.patch_inputs = (0..patches)
        .map(|patch| Region {
            rows: part(patch / columns, rows),
            columns: part(patch % columns, columns),
        })
        .collect();
    let tail: Vec<StepReport> = plan.steps.split_off(2);
    plan.steps.clear();
    plan.blocks.clear();
    for patch in 0..patches {
        for (operator, live_bytes) in [(0, 400 + u64::from(patch)), (1, 380)] {
            plan.steps.push(StepReport {
                operator: Some(operator),
                patch: Some(patch),
                region: Region::whole(1, 1),
                macs: 10,
                live_bytes,
                scratch_bytes: 0,
            });
        }
        plan.blocks.push(BlockReport {
            tensor: TensorId(1),
            operator: Some(0),
            role: BlockRole::Window,
            patch: Some(patch),
            region: Some(Region::whole(3, 3)),
            takes_place_of: None,
            offset_bytes: 320,
            bytes: 80,
            first_step: patch * 2,
            end_step: patch * 2 + 2,
        });
    }
    plan.steps.extend(tail);
    let end = patches * 2;
    let whole = |tensor: u32, bytes, offset_bytes, first_step, end_step| BlockReport {
        tensor: TensorId(tensor),
        operator: Some(1),
        role: BlockRole::Split,
        patch: None,
        region: None,
        takes_place_of: None,
        offset_bytes,
        bytes,
        first_step,
        end_step,
    };
    plan.blocks.push(whole(0, 192, 128, 0, end));
    plan.blocks.push(whole(2, 128, 0, 1, end + 2));
    plan.blocks.push(whole(4, 10, 128, end + 1, end + 3));
    plan.blocks.push(whole(5, 10, 138, end + 2, end + 3));
    plan.arena_bytes = 400;
    plan.peak_bytes = 400;
    plan.peak_step = (patches - 1) * 2;
    plan.stage_peak_bytes = Some(400);
    plan.tail_peak_bytes = Some(138);
    plan.macs = plan.macs_layerwise * 4 / 3;
    plan
}

/// An operator's output of these sides, of no values in particular.
pub(crate) fn activation(height: u32, width: u32, channels: u32) -> ActivationReport {
    ActivationReport {
        operator: Some(0),
        tensor: TensorId(1),
        height,
        width,
        channels,
        scale: 0.5,
        zero_point: -128,
        least: -128,
        greatest: 127,
        saturated: 0,
        histogram: [0; 16],
        sha256: String::new(),
    }
}

/// A front of two points: [`plan`] and [`patched_plan`] in 2 x 2 patches.
pub(crate) fn front() -> FrontReport {
    let front = [plan(), patched_plan(2, 2)].map(|plan| CandidateReport {
        choice: plan.choice.schedule,
        arena_bytes: plan.arena_bytes,
        peak_bytes: plan.peak_bytes,
        macs: plan.macs,
    });
    FrontReport {
        accounting: PlanChoice::default(),
        tried: 33,
        least_peak_bytes: 400,
        macs_layerwise: plan().macs,
        front: front.to_vec(),
    }
}

/// The times of [`run`], repeated.
pub(crate) fn profile() -> ProfileReport {
    ProfileReport {
        choice: ScheduleChoice::Layerwise.into(),
        kernels: "reference".to_owned(),
        repeats: 40,
        total_ms: 1.25,
        operators: vec![OperatorTime { operator: 0, ms: 0.75, macs: 13_824, steps: 1 }],
        clock_step_ms: 0.1,
        limit_macs_per_ms: 2e6,
    }
}

/// What a benchmark's worker answers to [`run`]'s schedule.
pub(crate) fn timing(choice: PlanChoice, samples_ms: &[f64]) -> TimingReport {
    TimingReport {
        choice,
        kernels: "reference".to_owned(),
        arena_bytes: 704,
        macs: 16_256,
        outputs_sha256: "abcd".to_owned(),
        clock_step_ms: 0.1,
        calls_per_sample: 5,
        samples_ms: samples_ms.to_vec(),
    }
}

/// A layer-wise run of [`model`].
pub(crate) fn run() -> RunReport {
    RunReport {
        choice: ScheduleChoice::Layerwise.into(),
        kernels: "reference".to_owned(),
        arena_bytes: 704,
        macs: 16_256,
        repeats: 1,
        total_ms: 2.5,
        operators: vec![OperatorTime { operator: 0, ms: 1.5, macs: 13_824, steps: 1 }],
        outputs: vec![OutputReport {
            tensor: TensorId(5),
            sha256: "abcdef0123456789".repeat(4),
            int8_sha256: None,
            top: vec![ScoreReport { class: 3, value: 0.5, quantized: Some(0) }],
        }],
    }
}

/// Three rungs: no reuse, exact, and patches.
pub(crate) fn rungs() -> Vec<RungReport> {
    let rung = |rung, choice, arena_bytes, lower_bound_bytes, macs| RungReport {
        rung,
        passes: crate::report::Passes::default(),
        choice,
        is_order_proven: None,
        arena_bytes,
        peak_bytes: lower_bound_bytes,
        scratch_bytes: 0,
        lower_bound_bytes,
        macs,
        macs_layerwise: 300,
    };
    let strict = plan().choice;
    vec![
        rung(Rung::NoReuse, strict.with_planner(Planner::NoReuse), 1200, 640, 300),
        rung(Rung::Exact, strict.with_planner(Planner::Exact), 640, 640, 300),
        rung(Rung::Patches, patched_plan(2, 2).choice, 400, 390, 400),
    ]
}
