//! Phrases of facts: details, questions for a quantity, conditions, fields of a form, and events in the life of a
//! customer. See [`super`] for the spelling.

use super::PhraseTag;
use super::PhraseTag::{Conditional, FormField, LifeEvent, QuantityQuestion, SpecificDetail};

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        SpecificDetail,
        "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|\
         eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|noon|midnight|today|\
         tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|june|\
         july|august|september|october|november|december|oclock|pounds|dollars|euros|quid|percent|pence|cents|half \
         past|quarter past|quarter to|this afternoon|this evening|this morning|next week|next month|one hour|an hour|\
         half an hour|one day|one week|a week|within the hour|within an hour|first thing",
    ),
    (
        LifeEvent,
        "my mothers|my fathers|late mothers|late fathers|my mums|my dads|my sisters|my brothers|my late|late mother|\
         late father|late husband|late wife|expecting|laid off|asthma|poorly|not well|unwell|on a pension|my brother|\
         my sister|passed|stress|my lad|my boy|my little|wedding|funeral|birthday|seventieth|sixtieth|eightieth|\
         fiftieth|anniversary|graduation|honeymoon|retirement|hospital|surgery|operation|the er|chemo|cancer|died|\
         passed away|pregnant|newborn|baby|divorce|lost my job|on my own|all alone|scared|frightened|terrified|\
         nervous|anxious|panicking|panic|worried|worried sick|embarrassed|embarrassing|humiliating|not slept|havent \
         slept|cant sleep|sleepless|in tears|crying|stranded|stuck here|my knees|my back|my hip|wheelchair|disabled|\
         blind|deaf|elderly|old age|my mum|my mom|my dad|my father|my mother|my son|my daughter|my wife|my husband|my \
         gran|my grandmother|my nan|my kids|my kid|my girl|moving house|new job|interview|exam|first day|last day|\
         holiday|vacation|exhausted|worn out|no heating|no hot water|freezing|starving|my dog|my cat|our dog|our cat",
    ),
    (
        QuantityQuestion,
        "how much|how long|how many|how soon|how far|how late|how often|how old|what time|what date|what day|when is|\
         whens|when will|when can|when do|when does|when did|when would|when should|when are|by when|till when|until \
         when|which day|what does it cost|what will it cost|what does that cost|whats the price|whats the cost|whats \
         the fee|whats it cost|what is the fee|what is the price|what is the cost|how quickly|how big|and when|what \
         price|what hours",
    ),
    (Conditional, "till|until|once|if|unless|whether|before"),
    (
        FormField,
        "policy number|account number|last four|last four digits|four digits|date of birth|first line|postcode|post \
         code|zip code|zip|surname|last name|first name|full name|email|email address|customer number|member number|\
         order number|booking number|tracking number|phone number|number|name|address|reference|booking reference|\
         card number|claim number|registration|serial number|model number",
    ),
];
