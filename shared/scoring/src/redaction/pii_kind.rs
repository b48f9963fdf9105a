//! The kinds of personal data, and what stands in their place.

/// What is redacted. Its placeholder is an annotation like `[noise]`, so it does not count as speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PiiKind {
    /// The number of a payment card, or a piece of one.
    Card,
    /// The code on a card that shows that somebody holds it.
    Cvv,
    /// The month in which a card expires.
    Expiry,
    /// A secret number of a card or a telephone bank.
    Pin,
    /// A code that is sent to prove who somebody is.
    Code,
    /// A password, or the answer to a secret question.
    Password,
    /// A bank account, its routing number or sort code.
    Account,
    /// An international bank account number.
    Iban,
    /// A US social security number, or its last four digits.
    Ssn,
    /// A number that another authority gave a person.
    NationalId,
    /// The day on which somebody was born.
    BirthDate,
    /// A street address or its postcode.
    Address,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

impl PiiKind {
    /// All of them.
    pub(super) const ALL: [Self; 14] = [
        Self::Card,
        Self::Cvv,
        Self::Expiry,
        Self::Pin,
        Self::Code,
        Self::Password,
        Self::Account,
        Self::Iban,
        Self::Ssn,
        Self::NationalId,
        Self::BirthDate,
        Self::Address,
        Self::Email,
        Self::Phone,
    ];

    /// What is written instead of it.
    pub(super) const fn placeholder(self) -> &'static str {
        match self {
            Self::Card => "[CARD]",
            Self::Cvv => "[CVV]",
            Self::Expiry => "[EXPIRY]",
            Self::Pin => "[PIN]",
            Self::Code => "[CODE]",
            Self::Password => "[PASSWORD]",
            Self::Account => "[ACCOUNT]",
            Self::Iban => "[IBAN]",
            Self::Ssn => "[SSN]",
            Self::NationalId => "[NATIONAL_ID]",
            Self::BirthDate => "[BIRTH_DATE]",
            Self::Address => "[ADDRESS]",
            Self::Email => "[EMAIL]",
            Self::Phone => "[PHONE]",
        }
    }

    /// The kind whose placeholder this text begins with.
    pub(super) fn at_start_of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| text.starts_with(kind.placeholder()))
    }
}
