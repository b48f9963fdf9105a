//! Phrases that make a question or a negation, for transcripts without punctuation.

use super::PhraseTag;
use super::PhraseTag::{Contrast, Inversion, Negation, NegationCue, Neutral, QuestionPattern};

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        QuestionPattern,
        "can you|could you|would you|will you|do you|did you|are you|were you|have you|is there|are there|is that|do \
         they|does the|can i|could i|may i|should i|shall i|can we|would that|what is|whats|what are|what type|what \
         kind|what time|what day|what city|what was|what were|what would|what about|how about|how can|how may|how \
         many|how much|how long|how do|how did|how is|how are|which one|which part|which card|which account|which \
         would|which do|which city|where is|where are|where do|where would|where will|when is|when do|when are|when \
         did|when would|when will|who is|who are|who was|why is|why do|why did|why are|why not|why dont|what do|what \
         did|what else|anything else|any other|how old|do i|did i|what genre|which movie|what movie|what movies|has \
         it|have they|isnt it|dont you|is your|does that work|does that sound|does that help|does it have|was there \
         any|is there any|is that okay|is that all|will it|will that|will there|will they|would it|would i|will i|\
         does it|does this|did it|did they|has my|have i|has the|should we|shall we|can it|can they|what if|what \
         happens|and if|how come|how far|how big|how soon|how often|how late|what should|what shall|what am i|when \
         can|when could|when should|where can|who do|who can|who should|any chance|any idea|is anyone|is anybody|by \
         when|till when|until when|do you have|is it gonna|is it going|is it possible|will insurance|am i|so what do|\
         so do i",
    ),
    (
        Negation,
        "no|not|dont|never|cant|cannot|isnt|wasnt|didnt|doesnt|wont|couldnt|wouldnt|havent|hasnt|arent|nothing|none|\
         nobody|neither|nor|without|hardly|nope|is not|are not|was not|were not|does not|did not|can not|could not|\
         has not|have not|will not|would not|do not",
    ),
    (
        NegationCue,
        "cannot be|cant be|can not be|could not be|couldnt be|not|dont|never|cant|cannot|isnt|wasnt|didnt|doesnt|wont|\
         couldnt|wouldnt|havent|hasnt|arent|nothing|without|hardly|neither|nor|none|nobody|is not|are not|was not|\
         were not|does not|did not|can not|could not|has not|have not|will not|would not|do not",
    ),
    // What looks like a negation, a refusal or blame and is none: the longest phrase wins, and this one is neutral.
    (
        Neutral,
        "you should get a|you should get an|you should get the|you should get your|you should get it|you should have \
         received|you should have gotten|you should have got|you should have a|you should have an|you should have the|\
         you should have your|you should have it|you should have one|doesnt have to|does not have to|do not have to|\
         didnt have to|did not have to|no preference|no particular preference|no specific preference|doesnt matter|\
         does not matter|doesnt really matter|does not really matter|dont mind|do not mind|i dont mind|dont care \
         about|i dont care about|dont care which|i dont care which|dont really care|i dont really care|not only|not \
         just|whether or not|or not|if not|no matter|no hurry|no doubt|not necessary|not to mention|dont forget|do \
         not forget|cant help but|couldnt agree more|could not agree more|nothing but|nothing wrong",
    ),
    (Contrast, "but|however|although|rather|except"),
    (Inversion, "is|are|was|were|does|did|can|could|hows|wheres|whos"),
];
