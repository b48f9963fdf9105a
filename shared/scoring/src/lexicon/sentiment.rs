//! Phrases of positive and negative sentiment, two strengths of each. A negation shortly before one turns it around;
//! see [`crate::dialogue`].

use super::PhraseTag;
use super::PhraseTag::{Anger, Delight, Displeasure, Pleasure};

/// Phrases, separated by bars, with their sentiment.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        Delight,
        "wonderful|excellent|perfect|amazing|awesome|fantastic|fabulous|brilliant|superb|outstanding|incredible|love|\
         loved|loves|i love|i loved|love it|i love it|love that|thrilled|delighted|thank you so much|thanks so much|\
         thank you very much|thanks a lot|thanks for all your help|so helpful|very helpful|been helpful|been \
         wonderful|been great|terrific|lovely|ecstatic|phenomenal|marvelous|marvellous|sounds perfect|sounds \
         wonderful|thats perfect|thats wonderful|thats awesome|made my day|you rock|life saver|lifesaver|great job|\
         excellent choice|that would be perfect",
    ),
    (
        Pleasure,
        "thankful|appreciated|enjoying|agree|i agree|im interested|i am interested|good point|thats true|very true|\
         hahaha|ha ha|charming|clever|truly|flexible|good|great|nice|happy|glad|pleased|helpful|helped|enjoy|enjoyed|\
         enjoyable|fun|funny|sweet|like it|i really like|liked|i like it|i like that|sounds good|sounds great|sounds \
         interesting|works for me|that works|that will work|thatll work|appreciate|appreciate it|i appreciate|much \
         appreciated|really appreciate|grateful|satisfied|relieved|relief|easy|quick|fast|friendly|polite|super|wow|\
         yay|beautiful|favorite|favourite|recommend it|comfortable|impressed|impressive|exciting|excited|looking \
         forward|cant wait|not bad|haha|lol|thats great|thats good|that would be great|that would be good|thatd be \
         great|good idea|great idea|pleasant|sounds like fun|hilarious|smart|solid|entertaining|neat|cute|ideal|lucky|\
         favorites|favourites|big fan|huge fan|perfectly|gorgeous|nicely|handy|convenient|sounds like a plan|all good|\
         good one|great one|nice one|very well|im happy|so happy|very happy|happy with|good to know|great to know|\
         good news|great news",
    ),
    (
        Displeasure,
        "bad|no good|sad|wrong|poor|boring|bored|slow|disappointed|disappointing|disappointment|dislike|disliked|\
         unhappy|unfortunately|trouble|difficult|confused|confusing|confuse|annoyed|annoying|upset|mad|worried|worry|\
         nervous|afraid|scared|fail|failed|fails|failure|mistake|weird|strange|dumb|silly|lame|tired|waiting|waste|\
         unclear|unable|useless|pointless|complain|complaint|concerned|concern|missed|damaged|too bad|never mind|\
         nevermind|i dont like|i do not like|didnt like|did not like|not interested|no way|not really|not helpful|no \
         help|ugh|oh no|bummer|shame|hate to|doubt|odd|crazy|bland|mediocre|meh|rather not|forget it|not sure|im not \
         sure|dont want|i dont want|not for me|still waiting|somewhere else|unfriendly|incorrect|not working|doesnt \
         work|not what i|thats not what|not good|no thats not|i said|i already said|i told you",
    ),
    (
        Anger,
        "terrible|horrible|awful|worst|hate|hated|hates|angry|furious|outraged|outrageous|ridiculous|unacceptable|\
         disgusting|disgusted|pathetic|stupid|idiot|idiots|incompetent|rude|frustrated|frustrating|frustration|\
         nightmare|liar|damn|crap|bullshit|fuck|fucking|shit|sucks|suck|sucked|disgrace|appalling|atrocious|fed up|\
         sick of|tired of|waste of time|wasted my time|cancel my account|close my account|speak to a manager|speak to \
         your manager|talk to a manager|report you|are you kidding|are you serious|you people|unbelievable|rubbish",
    ),
];
