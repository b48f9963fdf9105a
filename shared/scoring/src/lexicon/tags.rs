//! The kinds of phrases, each with its file in `shared/scoring/lexicon/`, which says what the kind means.

/// Declares the tags, and the files of their phrases.
macro_rules! tags {
    ($($tag:ident = $file:literal,)*) => {
        /// What the lexicon says a phrase is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum PhraseTag {
            $($tag,)*
        }

        /// The file of each tag: its name and its text. They are compiled in, because a function has no files.
        pub(super) const FILES: [(PhraseTag, &str, &str); [$($file),*].len()] =
            [$((PhraseTag::$tag, $file, include_str!(concat!("../../lexicon/", $file)))),*];
    };
}

tags! {
    Greeting = "greeting.txt",
    Introduction = "introduction.txt",
    HelpOffer = "help_offer.txt",
    FurtherHelpOffer = "further_help_offer.txt",
    Farewell = "farewell.txt",
    Thanks = "thanks.txt",
    Courtesy = "courtesy.txt",
    Apology = "apology.txt",
    Empathy = "empathy.txt",
    Warmth = "warmth.txt",
    Acknowledgement = "acknowledgement.txt",
    Ownership = "ownership.txt",
    Reassurance = "reassurance.txt",
    Completion = "completion.txt",
    Refusal = "refusal.txt",
    LackOfKnowledge = "lack_of_knowledge.txt",
    Proposal = "proposal.txt",
    ReadBack = "read_back.txt",
    Signpost = "signpost.txt",
    HoldRequest = "hold_request.txt",
    RepeatRequest = "repeat_request.txt",
    Rudeness = "rudeness.txt",
    Dismissal = "dismissal.txt",
    Blame = "blame.txt",
    Referral = "referral.txt",
    FillerWord = "filler_word.txt",
    Slang = "slang.txt",
    Hedge = "hedge.txt",
    Confusion = "confusion.txt",
    Complaint = "complaint.txt",
    Reiteration = "reiteration.txt",
    Correction = "correction.txt",
    Acceptance = "acceptance.txt",
    Rejection = "rejection.txt",
    Objection = "objection.txt",
    AlternativeRequest = "alternative_request.txt",
    RequestChange = "request_change.txt",
    Interest = "interest.txt",
    GivingUp = "giving_up.txt",
    StatusRequest = "status_request.txt",
    NothingElse = "nothing_else.txt",
    LifeEvent = "life_event.txt",
    Conditional = "conditional.txt",
    FormField = "form_field.txt",
    QuantityQuestion = "quantity_question.txt",
    SpecificDetail = "specific_detail.txt",
    Vagueness = "vagueness.txt",
    Jargon = "jargon.txt",
    SalesPressure = "sales_pressure.txt",
    QuestionPattern = "question_pattern.txt",
    Inversion = "inversion.txt",
    Negation = "negation.txt",
    Contrast = "contrast.txt",
    NegationCue = "negation_cue.txt",
    Neutral = "neutral.txt",
    Delight = "delight.txt",
    Pleasure = "pleasure.txt",
    Displeasure = "displeasure.txt",
    Anger = "anger.txt",
}
