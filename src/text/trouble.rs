//! Problems of the page itself: what happened, and what can be done.

use crate::report::{Problem, ProblemKind};

/// Why a worker was ended that did not react to a cancel.
pub const NOT_HEARD: &str = "it did not hear that it was to stop";

/// A reason as the end of a sentence, which has one full stop whoever wrote the reason.
fn reason(why: &str) -> &str {
    why.trim_end().trim_end_matches('.')
}

fn problem(kind: ProblemKind, message: String, advice: &str) -> Problem {
    Problem { kind, message, advice: advice.to_owned() }
}

/// A file that comes with the page could not be fetched.
#[must_use]
pub fn not_fetched(path: &str, why: &str) -> Problem {
    let message = format!("{path} could not be loaded: {}.", reason(why));
    problem(ProblemKind::Unreachable, message, "Check the connection, then try again.")
}

/// The same of the picture that was to be the input, which is noise instead.
#[must_use]
pub fn noise_instead(path: &str, why: &str) -> Problem {
    let problem = not_fetched(path, why);
    Problem { message: format!("{} The input is noise instead.", problem.message), ..problem }
}

/// Why a file is not there, by the status that the server answered.
#[must_use]
pub fn server_answered(status: u16) -> String {
    format!("the server answered with status {status}")
}

/// A file of the visitor's could not be read.
#[must_use]
pub fn file_unread(why: &str) -> Problem {
    let message = format!("The model could not be read: {}.", reason(why));
    problem(ProblemKind::Malformed, message, "Choose the file again.")
}

/// A picture could not be decoded.
#[must_use]
pub fn picture_undecoded(why: &str) -> Problem {
    let message = format!("The picture could not be decoded: {}.", reason(why));
    problem(ProblemKind::Malformed, message, "Take a PNG, JPEG or WebP picture.")
}

/// The worker died, and another one takes its place.
#[must_use]
pub fn worker_restarted(why: &str, with_model: bool) -> Problem {
    let advice = if with_model {
        "It is started again with the same model; what was running is lost."
    } else {
        "It is started again without a model: open one."
    };
    problem(ProblemKind::Internal, format!("The worker stopped: {}.", reason(why)), advice)
}

/// The worker died, and none takes its place.
#[must_use]
pub fn worker_stopped(why: &str) -> Problem {
    let message = format!("The worker stopped: {}.", reason(why));
    problem(ProblemKind::Internal, message, "It is not started again: reload the page.")
}

/// The worker never came to life.
#[must_use]
pub fn worker_not_started(why: &str) -> Problem {
    let message = format!("The worker could not be started: {}.", reason(why));
    let advice = "Nothing can be read or run without it: reload the page, and if that does not \
                  help, try another browser.";
    problem(ProblemKind::Internal, message, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_fetched_is_named_with_its_status() {
        let problem = not_fetched("models/x.tflite", &server_answered(404));
        let words = "models/x.tflite could not be loaded: the server answered with status 404.";
        assert_eq!((problem.kind, problem.message.as_str()), (ProblemKind::Unreachable, words));
        assert!(problem.advice.contains("connection"), "{}", problem.advice);
        assert!(noise_instead("a.png", "Failed to fetch").message.ends_with("noise instead."));
    }

    #[test]
    fn reasons_end_with_one_full_stop() {
        let message = picture_undecoded("The source image cannot be decoded.").message;
        assert_eq!(
            message,
            "The picture could not be decoded: The source image cannot be decoded."
        );
    }
}
