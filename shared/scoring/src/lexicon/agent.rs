//! Phrases of agents. A phrase may stand in several rows; see [`super`] for the spelling.

use super::PhraseTag;
use super::PhraseTag::{
    Acknowledgement, Apology, Blame, Completion, Courtesy, Dismissal, Empathy, Farewell, FillerWord, FurtherHelpOffer,
    Greeting, Hedge, HelpOffer, HoldRequest, Introduction, LackOfKnowledge, Ownership, Proposal, ReadBack, Reassurance,
    Referral, Refusal, RepeatRequest, Rudeness, Signpost, Slang, Thanks, Warmth,
};

/// What an agent says before one of the [`COMPLETED_ACTIONS`], separated by bars.
pub(super) const COMPLETED_BEGINNINGS: &str = "\
    i|i have|ive|i just|i have just|ive just|i already|we have|weve|has been|have been|is|is now|are|are now|has now \
    been|i have now|ive now|i have also|ive also|i also|youre|you are|you have been|youve been|got it|got that|got \
    you|been";
/// What agents do for customers, separated by spaces.
pub(super) const COMPLETED_ACTIONS: &str = "\
    booked moved changed blocked cancelled canceled refunded credited returned replaced reset restored activated \
    opened reopened ordered sent shipped scheduled rescheduled confirmed updated corrected added removed arranged \
    transferred fixed repaired resolved solved processed completed registered renewed upgraded unlocked extended \
    waived submitted approved issued reversed connected installed reserved filed enrolled emailed mailed texted \
    adjusted applied lifted released deleted created generated placed settled sorted reinstated recovered traced \
    resent redirected forwarded unblocked verified linked paid noted swapped saved fitted delivered dispatched \
    rebooked refitted posted printed merged switched cleared topped handed picked moved wired cleaned collected \
    repaid deposited credited scanned signed stored loaded uploaded attached enabled disabled halved reduced lowered \
    matched honoured honored secured";

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        Greeting,
        "hello|hi|hey|good morning|good afternoon|good evening|welcome to|hi there|hello there|welcome|greetings",
    ),
    (
        Introduction,
        "my name is|this is|my names|im calling from|calling from|speaking with|youre speaking with|you are speaking \
         with|youve reached|you have reached|thank you for calling|thanks for calling|on behalf of",
    ),
    (
        HelpOffer,
        "how can i help|how may i help|how can i help you|how may i help you|how can i assist|how may i assist|how \
         can i assist you|how may i assist you|what can i do for you|what can i help you with|how can i be of|how \
         could i help|can i help you|may i help you|can i assist you|what would you like|what are you looking for|\
         happy to help|glad to help|id be happy to|i would be happy to|be glad to|id love to help|i can help|i can \
         help you|i can help with that|i can help you with that|i can assist|can help you with that|sure i can",
    ),
    (
        FurtherHelpOffer,
        "anything else|something else|any other questions|any other question|anything more|any further|further \
         assistance|other assistance|else i can help|else can i help|any other way|what else can i|more help|other \
         concerns|anything else i can help|anything else i can help with|anything else i can help you with|anything \
         else i can do|anything else i can do for you|something else i can help|something else i can help you with|\
         else i can do|anything else you need|anything else you would like",
    ),
    (
        Farewell,
        "goodbye|good bye|bye|bye bye|have a great day|have a good day|have a nice day|have a lovely day|have a \
         wonderful day|have a great one|have a good one|have a good night|have a good evening|have a great evening|\
         have a great time|have a nice time|have a great trip|have a nice trip|have a great weekend|have a good \
         weekend|take care|thank you for calling|thanks for calling|thank you for using|thanks for using|see you|\
         youre welcome|you are welcome|my pleasure|talk to you soon|good night|nice talking to you|nice chatting|you \
         too|you as well",
    ),
    (
        Thanks,
        "thank you|thanks|thank you so much|thank you very much|thanks so much|thanks a lot|many thanks|thank you for \
         calling|thanks for calling|thank u|thx|appreciate it|i appreciate|much appreciated|really appreciate|\
         grateful|thank you for your help|thanks for your help|thanks for the help|thank you for your time|thanks for \
         all your help",
    ),
    (
        Courtesy,
        "please|may i|would you mind|sir|madam|maam|certainly|of course|youre welcome|you are welcome|my pleasure|\
         happy to help|id be happy to|i would be happy to|glad to help|would you like|thank you for waiting|thanks \
         for waiting|thank you for your patience|if i may|kindly|welcome",
    ),
    (
        Apology,
        "sorry|im sorry|i am sorry|so sorry|very sorry|my apologies|i apologise|i apologize|apologies|we apologise|we \
         apologize|forgive me|my mistake|my bad|my fault|our mistake|our fault|pardon me|sorry about that|sorry to \
         hear|im sorry to hear|im so sorry|sorry for the inconvenience|sorry to keep you|i am sorry to hear|i am so \
         sorry|i am sorry about that|im sorry about that|i am sorry you|im sorry you",
    ),
    (
        Empathy,
        "i understand|i completely understand|i totally understand|i can understand|i can imagine|that must be|that \
         must have been|i know how|i can see why|i can see how|i hear you|sorry to hear|im sorry to hear|sorry about \
         that|im so sorry|how frustrating|how awful|that sounds|sounds frustrating|i would feel|id feel|id be upset|\
         you have every right|makes sense|no wonder|i feel|dont worry|no worries|that is frustrating|thats \
         frustrating|oh no|in your position|sorry for the inconvenience|sorry you|thats too bad|i realise|i realize|\
         you must be|i am sorry to hear|i am so sorry|i am sorry you|im sorry you|i am sorry about that|im sorry \
         about that",
    ),
    (
        Warmth,
        "hope you|i hope|enjoy|congratulations|good luck|happy birthday|my pleasure|nice to meet you|pleasure to meet|\
         glad to hear|great to hear|happy to hear|good to hear|lovely to hear|glad you|have fun|great choice|good \
         choice|excellent choice|thats great|thats wonderful|thats awesome|sounds like fun|glad i could|happy i could|\
         how are you|take care|nice talking to you|me too|i agree|haha|i love|i loved",
    ),
    (
        Acknowledgement,
        "okay|ok|alright|all right|i see|got it|understood|sure|sure thing|of course|certainly|absolutely|right|i \
         understand|great|perfect|yes|yeah|very well|no problem|definitely|gotcha|noted|thank you|thanks|awesome|\
         wonderful|makes sense|mm hmm|uh huh|excellent|i hear you|good question|cool|nice",
    ),
    (
        Ownership,
        "our mistake|our fault|my mistake|my fault|our error|thats on us|that was us|on our side|we got that wrong|we \
         got it wrong|we made a mistake|i made a mistake|we missed|let me|ill|i will|i can|im going to|i am going to|\
         let me check|let me see|let me look|ill take care|i will take care|ill make sure|i will make sure|well get|\
         leave it with me|ill look into|i will look into|ill get|ill call you back|i will call you back|ill follow up|\
         personally|i would be happy to|id be happy to|on it",
    ),
    (
        Reassurance,
        "no problem|not a problem|absolutely|definitely|certainly|of course|guarantee|i promise|rest assured|no \
         trouble|no worries|dont worry|happy to help|id be happy to|with pleasure|gladly|great choice|good choice|\
         great news|good news|sure thing|not at all|no trouble at all",
    ),
    (
        Completion,
        "i have closed|ive closed|has been closed|i closed|booked|i booked|all set|confirmed|has been confirmed|is \
         confirmed|reserved|has been reserved|reference number|confirmation number|was successful|is successful|\
         successfully|i have sent|ive sent|i sent|has been sent|transferred|completed|taken care of|processed|\
         refunded|scheduled|has been scheduled|on its way|has been made|made a reservation|made the reservation|made \
         reservations|have been made|is set|are set|its done|it is done|that is done|thats done|is complete|purchased|\
         ive added|i have added|ive updated|i have updated|has been updated|ive reset|i have reset|has been reset|ive \
         fixed|i have fixed|is fixed|ive cancelled|has been cancelled|ive placed|has been placed|your balance is|\
         balance is|your order is|hours are|i have arranged|ive arranged|is working now|resolved",
    ),
    (
        Refusal,
        "cannot be|cant be|can not be|could not be|couldnt be|nothing available|nothing free|nobody is free|is full|\
         are full|is closed|are closed|out of stock|no longer possible|not free|unfortunately|unable|unable to|im \
         unable to|i am unable to|i cannot|i cant|we cannot|we cant|not able to|not possible|not available|isnt \
         available|is not available|not allowed|unsuccessful|was not successful|wasnt successful|failed|no longer \
         available|booked up|booked out|fully booked|is booked up|is booked out|are booked up|are booked out|were \
         booked up|were booked out|are booked solid|is booked solid|sold out|no availability|im afraid|i am afraid|\
         there are no|there is no|there arent any|couldnt find|could not find|cant find|cannot find|dont have|do not \
         have|doesnt have|does not have|doesnt offer|does not offer|dont offer|no results|no matches|not find|cant do \
         that|cannot do that|cant help|cannot help|wont be able",
    ),
    (
        LackOfKnowledge,
        "i dont know|im not sure|i am not sure|i have no idea|no idea|not sure|no clue|i do not know|beats me|i \
         couldnt say|cant tell you|couldnt tell you|havent heard|never heard|i havent seen|i have not seen|not \
         familiar",
    ),
    (
        Proposal,
        "how about|what about|i recommend|i would recommend|id recommend|i suggest|i would suggest|id suggest|may i \
         suggest|may i recommend|you could|you might|you may like|you may want|have you tried|have you considered|i \
         found|i have found|ive found|there are|there is|theres|we have|we offer|we could|i can offer|what if|why \
         dont|one option|another option|an option|options|alternatively|instead|would work|try|might like|would you \
         like to book|would you like me to|recommend|let me offer|have you seen|have you watched|check out|should \
         watch|you should see",
    ),
    (
        ReadBack,
        "is that correct|is that right|is this correct|is this right|just to confirm|to confirm|let me confirm|can \
         you confirm|please confirm|could you confirm|confirm the following|confirm the details|let me repeat|you \
         said|you mentioned|so youre|so you would|so youd|you would like|youd like|if i understand|did you say|did \
         you mean|do you mean|let me make sure|to make sure|correct me|am i right|double check|to recap|to summarise|\
         to summarize|in summary|let me read",
    ),
    (
        Signpost,
        "first|firstly|second|secondly|next|after that|finally|lastly|step|what ill do|what i will do|what happens \
         next|before we|let me explain|the reason|because|for example|that means|which means|in other words|so that|\
         once",
    ),
    (
        HoldRequest,
        "put you on hold|pop you on hold|putting you on hold|one moment|just a moment|a moment please|one second|just \
         a second|just a sec|hold on|please hold|bear with me|give me a moment|give me a second|give me a minute|hang \
         on|one minute|just a minute|place you on hold|please wait",
    ),
    (
        RepeatRequest,
        "can you repeat|could you repeat|please repeat|repeat that|repeat the|say that again|say it again|come again|\
         didnt catch|did not catch|didnt hear|did not hear|cant hear you|what was that|i missed that|what did you say|\
         pardon|rephrase|didnt get that|did not get that",
    ),
    (
        Rudeness,
        "shut up|youre stupid|you are stupid|thats stupid|that is stupid|stupid question|how stupid|you idiot|moron|\
         youre an idiot|are you stupid|damn it|go to hell|bullshit|fuck|fucking|are you deaf|are you dumb|youre dumb|\
         are you kidding|what is it now|what now|who cares|i dont care|couldnt care less|get lost|listen lady|listen \
         man|listen buddy|hurry up|youre being ridiculous|dont waste my time|wasting my time|youre lying|you liar|be \
         quiet|shut it|stop talking|stop yelling|stop shouting|dont yell|thats nonsense|make it quick|not this again|\
         watch your tone|whats your problem|what is your problem|use your brain|are you listening|obviously you|how \
         hard can it be|i dont have all day",
    ),
    (
        Dismissal,
        "calm down|not my problem|not our problem|not my job|not my department|not my fault|not our fault|nothing i \
         can do|nothing we can do|cant do anything|its our policy|that is our policy|thats our policy|thats the \
         policy|thats the way it is|thats just how|thats how it is|take it or leave it|deal with it|you have to wait|\
         youll have to wait|you will have to wait|just wait|like i said|as i said|i already told you|ive told you|as \
         i told you|your problem|suit yourself|im busy|i dont have time|dont have time|thats all i can|cant help you|\
         i cant help|read the instructions|read the manual|read the contract|read the terms|theres nothing i can do|\
         theres nothing we can do|there is nothing i can do|there is nothing we can do",
    ),
    (
        Blame,
        "you should have|you shouldve|its your fault|it is your fault|is your fault|its your own fault|it is your own \
         fault|is your own fault|your fault|your own fault|your mistake|you failed to|you were supposed to|youre \
         wrong|you are wrong|you dont understand|you do not understand|you arent listening|you are not listening|\
         youre not listening|you need to listen|you didnt tell|you didnt give|you didnt say|you didnt follow|you \
         didnt read|you didnt listen|you did not tell|you did not give|you did not follow|you did not read|you never \
         told|you never said|you never gave|you never paid",
    ),
    (
        Referral,
        "call back later|call again|call us back|try again later|you have to call|youll have to call|you will have to \
         call|you need to call|you need to contact|another department|other department|different department|visit our \
         website|go to the website|go to our website|on the website|check the website|check our website|send an email|\
         write to|ask someone else|check online|look online|do it yourself|you should contact|youll have to contact|\
         you will have to contact|please contact your|please contact the",
    ),
    (FillerWord, "um|uh|umm|uhm|er|erm|uh um|i mean|sort of"),
    (
        Slang,
        "gonna|wanna|gotta|dunno|dude|bro|or whatever|and stuff|lol|lmao|haha|yup|yep|nope|nah|ya|yo|aint|kinda|sorta|\
         gimme|stuff like|whats up|my bad|cuz|u|ur|thx|pls|idk|omg|bucks",
    ),
    (
        Hedge,
        "i think|i guess|maybe|perhaps|probably|possibly|i suppose|might be|could be|i believe|sort of|not really|\
         should be|hopefully|i assume|supposedly|apparently",
    ),
];
