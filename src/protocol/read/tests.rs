use super::*;
use serde::Serialize;
use std::fmt::Debug;

/// Every value of a type.
pub(super) trait All: Sized {
    fn all() -> Vec<Self>;
}

/// What is read of a value is the value.
fn comes_back<T: Read + Serialize + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    let json = Json::read(&text).unwrap();
    assert_eq!(T::read(&json).as_ref(), Some(value), "{text}");
}

fn all_come_back<T: All + Read + Serialize + PartialEq + Debug>() {
    T::all().iter().for_each(comes_back);
    assert_eq!(T::read(&Json::Text("another".to_owned())), None);
}

#[test]
fn every_name_is_read() {
    all_come_back::<InputImage>();
    all_come_back::<InPlace>();
    all_come_back::<Planner>();
    all_come_back::<Alignment>();
    all_come_back::<ScratchOf>();
    all_come_back::<Fit>();
    all_come_back::<ValueRange>();
    all_come_back::<ChannelOrder>();
    all_come_back::<HandOverFormat>();
}

fn patched() -> PlanChoice {
    let input_image = InputImage::Streamed;
    let schedule =
        ScheduleChoice::Patched { stage_end: 7, rows: 3, columns: u32::MAX, input_image };
    PlanChoice { schedule, ..PlanChoice::TINY_ENGINE }
}

/// The request of each kind that follows; none after the last. A new kind belongs here.
fn next(request: &Request) -> Option<Request> {
    let choice = patched();
    let passes = Passes { float_boundary: true, fold_pad: false };
    let (accounting, input_image, largest) = (choice, InputImage::Resident, 8);
    let preprocessing = Preprocessing { fit: Fit::Letterbox, ..Preprocessing::default() };
    let name = "no\u{eb}l \"\\/\u{1f600}\n\u{1}".to_owned();
    let format = HandOverFormat::CHeader;
    Some(match request {
        Request::Open { .. } => Request::SetPasses { passes },
        Request::SetPasses { .. } => Request::Plan { choice },
        Request::Plan { .. } => Request::TrySquares { accounting, input_image, largest },
        Request::TrySquares { .. } => Request::FindFront { accounting, input_image, largest },
        Request::FindFront { .. } => Request::CompareRungs { input_image, largest },
        Request::CompareRungs { .. } => Request::CountAsPaper { choice },
        Request::CountAsPaper { .. } => Request::Prove { choice, seconds: 3600 },
        Request::Prove { .. } => Request::SetPicture { width: 3, height: 5, preprocessing },
        Request::SetPicture { .. } => Request::SetPreprocessing { preprocessing },
        Request::SetPreprocessing { .. } => Request::SetNoise { seed: u32::MAX },
        Request::SetNoise { .. } => Request::SetInputs,
        Request::SetInputs => Request::Run { choice },
        Request::Run { .. } => Request::Profile { choice },
        Request::Profile { .. } => Request::Time { choice, for_ms: 0.25 },
        Request::Time { .. } => Request::Activation { operator: Some(12) },
        Request::Activation { operator: Some(_) } => Request::Activation { operator: None },
        Request::Activation { operator: None } => Request::HandOver { format, choice, name },
        Request::HandOver { .. } => Request::OpenPlacement,
        Request::OpenPlacement => {
            Request::SearchPlacement { capacity_bytes: Some(u64::MAX), seconds: 1 }
        }
        Request::SearchPlacement { capacity_bytes: Some(_), .. } => {
            Request::SearchPlacement { capacity_bytes: None, seconds: 1 }
        }
        Request::SearchPlacement { .. } => Request::Cancel { job: JobId(3) },
        Request::Cancel { .. } => return None,
    })
}

#[test]
fn every_request_is_read() {
    let mut request = Request::Open { passes: Passes::NONE };
    let mut requests = 1;
    loop {
        comes_back(&Ask { job: JobId(7), request: request.clone() });
        match next(&request) {
            Some(other) => request = other,
            None => break,
        }
        requests += 1;
    }
    assert_eq!(requests, 22);
}

#[test]
fn what_is_no_request_is_not_read() {
    let read = |text: &str| Request::read(&Json::read(text).unwrap());
    let layerwise = Request::Run { choice: PlanChoice::default() };
    assert_eq!(read(r#"{"run":{"choice":{"unknown":[]},"more":1}}"#), Some(layerwise));
    for text in [
        "null",
        "[]",
        r#""run""#,
        r#"{"set_inputs":null}"#,
        r#"{"run":{}}"#,
        r#"{"run":{"choice":{"planner":"best"}}}"#,
        r#"{"run":{"choice":{}},"plan":{"choice":{}}}"#,
        r#"{"set_noise":{"seed":-1}}"#,
        r#"{"set_noise":{"seed":1.0}}"#,
        r#"{"set_noise":{"seed":4294967296}}"#,
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}
