//! The pure crates are held to their invariant by the same Clippy configuration.

#[test]
fn the_clippy_configurations_of_the_pure_crates_are_the_same() {
    let domain = include_str!("../../../shared/domain/clippy.toml");
    assert_eq!(domain, include_str!("../../../shared/intake/clippy.toml"), "intake's differs from domain's");
    assert_eq!(domain, include_str!("../../../shared/scoring/clippy.toml"), "scoring's differs from domain's");
}
