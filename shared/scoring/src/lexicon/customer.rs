//! Phrases of customers. A phrase may stand in several rows; see [`super`] for the spelling.

use super::PhraseTag;
use super::PhraseTag::{
    Acceptance, AlternativeRequest, Complaint, Confusion, Correction, GivingUp, Interest, NothingElse, Objection,
    Reiteration, Rejection, RequestChange, StatusRequest,
};

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        Confusion,
        "i dont understand|do not understand|dont get it|dont follow|what do you mean|what does that mean|im lost|\
         makes no sense|doesnt make sense|huh|pardon|sorry what|can you explain|could you explain|what was that|not \
         clear|unclear|can you repeat|could you repeat|say that again|come again|didnt catch|please slow down|can you \
         slow down|could you slow down|slow down please|im confused|im so confused|i am confused|i am so confused|im \
         a bit confused|this is confusing|thats confusing|really confusing|so confusing|youre confusing|you are too \
         fast|youre too fast",
    ),
    (
        Complaint,
        "frustrated|frustrating|disappointed|disappointing|upset|ridiculous|unacceptable|annoyed|annoying|complaint|\
         complain|angry|furious|terrible|awful|horrible|worst|stolen|broken|fraud|scam|doesnt work|does not work|not \
         working|isnt working|stopped working|problem|problems|issue|trouble|worried|stressed|emergency|urgent|waste \
         of time|too bad|oh no|overcharged|charged twice|damaged|i lost|lost my|still waiting|been waiting|fed up|\
         tired of|sick of|never arrived|hasnt arrived|didnt arrive|late again|for weeks|for days|for hours|third time|\
         second time|again and again|cant believe|shame|poor service",
    ),
    (
        Reiteration,
        "i said|i already said|as i said|like i said|i told you|i already told you|i just told you|i just said|\
         already said|already told|i mentioned|as i mentioned|ive already|i already|again i|i repeat|i asked|i \
         already asked|you already asked|you asked me that|told you that|once again|for the third time|for the second \
         time|how many times",
    ),
    (
        Correction,
        "no thats not|no that is not|no that isnt|no thats wrong|no that is wrong|no thats incorrect|no thats the \
         wrong|no i said|no i meant|no make it|no make that|incorrect|no incorrect|no wrong|no its not|i meant|i mean \
         the|not that one|thats not what|that is not what|thats not right|that is not right|thats wrong|that is wrong|\
         thats incorrect|that is incorrect|not correct|no i want|no i need|no i wanted|no i asked|you misunderstood|\
         you got it wrong|wrong one|thats not it|i didnt say|i didnt ask|i did not ask|i did not say|actually i",
    ),
    (
        Acceptance,
        "ill give it|i will give it|ill definitely|i will definitely|ill see it|i will see it|ill do that|i will do \
         that|perfect|sounds good|sounds great|sounds perfect|sounds interesting|sounds wonderful|sounds fine|that \
         works|that will work|thatll work|works for me|ill take|i will take|yes please|great|excellent|wonderful|\
         awesome|fantastic|lets do|lets book|book it|go ahead|please do|thats fine|that is fine|thats great|thats \
         perfect|thats good|that would be great|that would be good|that would be perfect|thatd be great|i like that|i \
         like it|ill try|i will try|ill check it out|i will check it out|ill watch|i will watch|check it out|good \
         idea|fine by me|yes that|thats correct|that is correct|thats right|that is right|yes exactly|exactly|love it|\
         i love it|love that",
    ),
    (
        Rejection,
        "not interested|i dont want|i do not want|dont want|i dont like|i do not like|dont need|do not need|i dont \
         need|not really|not for me|not now|not right now|no way|any other|anything different|something different|\
         another one|other options|any others|something else|different one|alternatives|other ones",
    ),
    (
        Objection,
        "too expensive|too much|too pricey|too high|too far|too late|too early|too long|cant afford|can not afford|\
         cannot afford|not interested|need to think|think about it|not convinced|im not sure|not sure about|not sure \
         if|sounds like a scam|why should i|better price|cheaper|lower price|a discount|more expensive|already have \
         one|i already have|dont see why|dont think i need|dont think so|dont need it|dont want|do not want|dont like \
         that|dont like it|i doubt|doubtful|hesitant|skeptical|sceptical|on the fence|other offer|competitor|another \
         provider|somewhere else|hidden fees|the catch|whats the catch|id rather not|i would rather not|rather not|i \
         prefer not|that wont work|that doesnt work for me|wont work for me|thats not what i",
    ),
    (
        AlternativeRequest,
        "another|other|others|different|instead|any other|any others|anything different|something different|another \
         one|other options|something else|someone else|somewhere else|different one|other ones|alternatives",
    ),
    (
        RequestChange,
        "make it for|make it|try again|try it again|can you try|could you try|will you try|please try|lets try|\
         actually|i meant|no i meant|i mean|no wait|oh wait|wait no|wait actually|hang on|change that|change it|\
         change my|oops|never mind|nevermind|on second thought|on second thoughts|hold on|i changed my mind|let me \
         change|make that|actually i",
    ),
    (
        Interest,
        "oh|wow|oh wow|oh nice|oh great|oh good|oh okay|oh cool|oh yes|ooh|really|interesting|thats interesting",
    ),
    (
        GivingUp,
        "never mind|nevermind|forget it|forget about it|ill call back|i will call back|ill call later|speak to a \
         manager|speak to your manager|speak to a supervisor|talk to a manager|talk to your manager|talk to a \
         supervisor|your supervisor|your manager|a real person|cancel everything|cancel my account|close my account|\
         waste of time|wasted my time|ill go elsewhere|go elsewhere|another company|not helpful|no help|you didnt \
         help|useless|still doesnt work|still not working|give up|hang up|hanging up|im done|leave a review|report \
         you|bad review|goodbye then|ill do it myself|that didnt help|ill find someone|ill find somebody|ill find \
         another",
    ),
    (
        StatusRequest,
        "are you there|are you still there|still there|anyone there|can you hear me|hello are you|still waiting|been \
         waiting|how much longer|whats taking|what is taking|hurry|are you listening|did you hear",
    ),
    (
        NothingElse,
        "no thats not necessary|no that is not necessary|no that wont be|no that isnt necessary|thats all|that is all|\
         that will be all|thatll be all|that was all|that was it|thats it|that is it|that will be it|that would be \
         all|that does it|thats everything|that is everything|nothing else|no thats it|no thats all|im good|i am good|\
         im all set|i am all set|all i needed|everything i needed|all i need|thats going to be it|that was going to \
         be it|no thank you|no thanks|no that was|no that is|no thats|no that will|no thatll|no im good|no im fine|no \
         that would be|dont need anything else|do not need anything else|i dont need anything|i dont need anything \
         else|i do not need anything else",
    ),
];
