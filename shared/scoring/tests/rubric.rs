//! docs/RUBRIC.md is the rubric, printed.

#![expect(clippy::disallowed_methods, reason = "the variable is the developer's request to write the file anew")]

use std::path::Path;

#[test]
fn the_document_is_the_rubric() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/RUBRIC.md");
    let rubric = scoring::rubric_markdown();
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(&path, &rubric).unwrap();
    }
    let document = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        document == rubric,
        "docs/RUBRIC.md is not the rubric of shared/scoring/src/rubric.rs; write it anew with\n\n    \
         UPDATE_DOCS=1 cargo test --package scoring --test rubric\n"
    );
}
