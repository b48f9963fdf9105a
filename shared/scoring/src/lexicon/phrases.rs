//! Phrases of service calls. A phrase may stand in several rows; see [`super`] for the spelling.

use super::Marker;
use super::Marker::{
    Acceptance, Acknowledgement, Apology, AskedToRepeat, Assurance, Blame, Chasing, Complaint, Confusion, Correction,
    Courtesy, Dismissal, Done, Empathy, Farewell, FurtherHelp, GivingUp, Greeting, Hedge, Hesitation, Ignorance,
    Introduction, Negation, NothingElse, Objection, OfferOfHelp, Ownership, PassedOn, Proposal, QuestionForm, ReadBack,
    Refusal, Rejection, Rudeness, SaidBefore, Signpost, Slang, Thanks, Wait, Warmth,
};

/// What is said, between bars, by what it marks.
pub(super) const PHRASES: &[(Marker, &str)] = &[
    (
        Greeting,
        "hello|hi|hey|good morning|good afternoon|good evening|welcome to|hi there|hello there|welcome|greetings",
    ),
    (
        Introduction,
        "my name is|this is|my names|im calling from|calling from|speaking with|youre speaking with|you are \
      speaking with|youve reached|you have reached|thank you for calling|thanks for calling|on behalf of",
    ),
    (
        OfferOfHelp,
        "how can i help|how may i help|how can i help you|how may i help you|how can i assist|how may i assist|how \
      can i assist you|how may i assist you|what can i do for you|what can i help you with|how can i be of|how could i \
      help|can i help you|may i help you|can i assist you|what would you like|what are you looking for|happy to help|glad to \
      help|id be happy to|i would be happy to|be glad to|id love to help",
    ),
    (
        FurtherHelp,
        "anything else|something else|any other questions|any other question|anything more|any further|further \
      assistance|other assistance|else i can help|else can i help|any other way|what else can i|more help|other concerns",
    ),
    (
        Farewell,
        "goodbye|good bye|bye|bye bye|have a great day|have a good day|have a nice day|have a lovely day|have a \
      wonderful day|have a great one|have a good one|have a good night|have a good evening|have a great evening|have a great \
      time|have a nice time|have a great trip|have a nice trip|have a great weekend|have a good weekend|take care|thank you \
      for calling|thanks for calling|thank you for using|thanks for using|see you|so long|youre welcome|you are welcome|my \
      pleasure|talk to you soon|good night|nice talking to you|nice chatting|you too|you as well",
    ),
    (
        Thanks,
        "thank you|thanks|thank you so much|thank you very much|thanks so much|thanks a lot|many thanks|thank you for \
      calling|thanks for calling|thank u|thx|appreciate it|i appreciate|much appreciated|really appreciate|grateful|thank you \
      for your help|thanks for your help|thanks for the help|thank you for your time|thanks for all your help",
    ),
    (
        Courtesy,
        "please|may i|would you mind|sir|madam|maam|certainly|of course|youre welcome|you are welcome|my pleasure|happy \
      to help|id be happy to|i would be happy to|glad to help|would you like|thank you for waiting|thanks for waiting|thank \
      you for your patience|if i may|kindly|welcome",
    ),
    (
        Apology,
        "sorry|im sorry|i am sorry|so sorry|very sorry|my apologies|i apologise|i apologize|apologies|we apologise|we \
      apologize|forgive me|my mistake|my bad|my fault|our mistake|our fault|pardon me|sorry about that|sorry to hear|im sorry \
      to hear|im so sorry|sorry for the inconvenience|sorry to keep you",
    ),
    (
        Empathy,
        "i understand|i completely understand|i totally understand|i can understand|i can imagine|that must be|that must \
      have been|i know how|i can see why|i can see how|i hear you|sorry to hear|im sorry to hear|sorry about that|im so sorry|how \
      frustrating|how awful|that sounds|sounds frustrating|i would feel|id feel|id be upset|you have every right|makes sense|no \
      wonder|i feel|dont worry|no worries|that is frustrating|thats frustrating|oh no|in your position|sorry for the \
      inconvenience|sorry you|thats too bad|i realise|i realize|you must be",
    ),
    (
        Warmth,
        "hope you|i hope|enjoy|congratulations|good luck|happy birthday|my pleasure|nice to meet you|pleasure to meet|glad to \
      hear|great to hear|happy to hear|good to hear|lovely to hear|glad you|have fun|great choice|good choice|excellent \
      choice|thats great|thats wonderful|thats awesome|sounds like fun|glad i could|happy i could|how are you|take care|nice \
      talking to you|me too|i agree|haha|i love|i loved",
    ),
    (
        Acknowledgement,
        "okay|ok|alright|all right|i see|got it|understood|sure|sure thing|of course|certainly|absolutely|right|i \
      understand|great|perfect|yes|yeah|very well|no problem|definitely|gotcha|noted|thank you|thanks|awesome|wonderful|makes \
      sense|mm hmm|uh huh|excellent|i hear you|good question|cool|nice",
    ),
    (
        Ownership,
        "let me|ill|i will|i can|im going to|i am going to|let me check|let me see|let me look|ill take care|i will take \
      care|ill make sure|i will make sure|i have|ive|we will|well get|we can|leave it with me|ill look into|i will look into|ill \
      get|ill call you back|i will call you back|ill follow up|personally|i would be happy to|id be happy to|on it",
    ),
    (
        Assurance,
        "no problem|not a problem|absolutely|definitely|certainly|of course|guarantee|i promise|rest assured|no trouble|no \
      worries|dont worry|happy to help|id be happy to|with pleasure|gladly|great choice|good choice|great news|good news|sure \
      thing|not at all|no trouble at all",
    ),
    (
        Done,
        "booked|i booked|all set|confirmed|has been confirmed|is confirmed|reserved|has been reserved|reference number|confirmation \
      number|was successful|is successful|successfully|i have sent|ive sent|i sent|has been sent|transferred|completed|taken \
      care of|processed|refunded|scheduled|has been scheduled|on its way|has been made|made a reservation|made the \
      reservation|made reservations|have been made|is set|are set|its done|it is done|that is done|thats done|is complete|purchased|ive \
      added|i have added|ive updated|i have updated|has been updated|ive reset|i have reset|has been reset|ive fixed|i have \
      fixed|is fixed|ive cancelled|has been cancelled|ive placed|has been placed|your balance is|balance is|your order is|hours \
      are|phone number is|their number is|the address is|address is|located at|i have arranged|ive arranged|is working now|resolved",
    ),
    (
        Refusal,
        "unfortunately|unable|unable to|im unable to|i am unable to|i cannot|i cant|we cannot|we cant|not able to|not possible|not \
      available|isnt available|is not available|not allowed|unsuccessful|was not successful|wasnt successful|failed|no longer \
      available|booked up|fully booked|sold out|no availability|im afraid|i am afraid|there are no|there is no|there arent \
      any|couldnt find|could not find|cant find|cannot find|dont have|do not have|doesnt have|does not have|doesnt offer|does \
      not offer|dont offer|no results|no matches|not find|cant do that|cannot do that|cant help|cannot help|wont be able|impossible",
    ),
    (
        Ignorance,
        "i dont know|im not sure|i am not sure|i have no idea|no idea|not sure|no clue|i do not know|beats me|i couldnt \
      say|cant tell you|couldnt tell you|havent heard|never heard|i havent seen|i have not seen|not familiar",
    ),
    (
        Proposal,
        "how about|what about|i recommend|i would recommend|id recommend|i suggest|i would suggest|id suggest|may i \
      suggest|may i recommend|you could|you might|you may like|you may want|have you tried|have you considered|i found|i have \
      found|ive found|there are|there is|theres|we have|we offer|we could|i can offer|what if|why dont|one option|another \
      option|an option|options|alternatively|instead|would work|try|might like|would you like to book|would you like me \
      to|recommend|let me offer|have you seen|have you watched|check out|should watch|you should see",
    ),
    (
        ReadBack,
        "is that correct|is that right|is this correct|is this right|just to confirm|to confirm|let me confirm|can you \
      confirm|please confirm|could you confirm|confirm the following|confirm the details|let me repeat|you said|you \
      mentioned|so you|so youre|so you would|so youd|you would like|youd like|if i understand|did you say|did you mean|do you \
      mean|let me make sure|to make sure|correct me|am i right|double check|to recap|to summarise|to summarize|in summary|let me \
      read",
    ),
    (
        Signpost,
        "first|firstly|second|secondly|next|then|after that|finally|lastly|step|what ill do|what i will do|what happens \
      next|before we|let me explain|the reason|because|for example|that means|which means|in other words|so that|once",
    ),
    (
        Wait,
        "one moment|just a moment|a moment please|one second|just a second|just a sec|hold on|please hold|bear with me|give me a \
      moment|give me a second|give me a minute|hang on|one minute|just a minute|place you on hold|put you on hold|please wait",
    ),
    (
        AskedToRepeat,
        "can you repeat|could you repeat|please repeat|repeat that|repeat the|say that again|say it again|come \
      again|didnt catch|did not catch|didnt hear|did not hear|cant hear you|what was that|i missed that|what did you \
      say|pardon|rephrase|didnt get that|did not get that",
    ),
    (
        Rudeness,
        "shut up|youre stupid|you are stupid|thats stupid|that is stupid|stupid question|how stupid|you idiot|idiots|moron|youre an idiot|are \
      you stupid|damn it|go to hell|bullshit|fuck|fucking|are you deaf|are you dumb|youre dumb|are you kidding|what is it now|what now|who cares|i \
      dont care|i dont really care|couldnt care less|get lost|listen lady|listen man|listen buddy|hurry up|youre being ridiculous|dont waste my \
      time|wasting my time|youre lying|you liar|be quiet|shut it|stop talking|stop yelling|stop shouting|dont yell|thats nonsense|make it quick|not \
      this again|watch your tone|whats your problem|what is your problem|use your brain|are you listening|obviously you|how hard can it be|i \
      dont have all day",
    ),
    (
        Dismissal,
        "calm down|not my problem|not our problem|not my job|not my department|not my fault|not our fault|nothing i can \
      do|nothing we can do|cant do anything|theres nothing|its our policy|that is our policy|thats our policy|thats the \
      policy|thats the way it is|thats just how|thats how it is|take it or leave it|deal with it|you have to wait|youll have to \
      wait|you will have to wait|just wait|like i said|as i said|i already told you|i told you|ive told you|as i told you|read the|your \
      problem|suit yourself|up to you|im busy|i dont have time|dont have time|thats all i can|cant help you|i cant help",
    ),
    (
        Blame,
        "you should have|you shouldve|your fault|your own fault|your mistake|you didnt|you did not|you failed to|you forgot|you \
      never|you must have|you were supposed to|youre wrong|you are wrong|you dont understand|you do not understand|you arent \
      listening|you are not listening|youre not listening|you need to listen",
    ),
    (
        PassedOn,
        "call back later|call again|call us back|try again later|you have to call|youll have to call|you will have to \
      call|you need to call|contact the|contact your|you need to contact|another department|other department|different \
      department|visit our website|go to the website|go to our website|on the website|check the website|check our \
      website|send an email|write to|ask someone else|somebody else|someone else|check online|google|look online|do it yourself",
    ),
    (Hesitation, "um|uh|umm|uhm|er|erm|uh um|hmm|hm|mm|mhm|mm hmm|uh huh|ah|oh|eh|you know|i mean|kind of|sort of"),
    (
        Slang,
        "gonna|wanna|gotta|dunno|dude|bro|man|lol|lmao|haha|yup|yep|nope|nah|ya|yo|aint|kinda|sorta|gimme|stuff like|whats \
      up|my bad|cuz|u|ur|thx|pls|idk|omg|bucks",
    ),
    (
        Hedge,
        "i think|i guess|maybe|perhaps|probably|possibly|i suppose|might be|could be|i believe|sort of|kind of|not \
      really|should be|hopefully|i assume|supposedly|apparently",
    ),
    (
        Confusion,
        "i dont understand|do not understand|dont get it|dont follow|confused|confusing|what do you mean|what does that \
      mean|im lost|makes no sense|doesnt make sense|huh|pardon|sorry what|can you explain|could you explain|what was that|not \
      clear|unclear|can you repeat|could you repeat|say that again|come again|slow down|too fast|didnt catch",
    ),
    (
        Complaint,
        "frustrated|frustrating|disappointed|disappointing|upset|ridiculous|unacceptable|annoyed|annoying|complaint|complain|angry|furious|terrible|awful|horrible|worst|stolen|broken|fraud|scam|doesnt \
      work|does not work|not working|isnt working|stopped working|problem|problems|issue|trouble|worried|nervous|scared|stressed|emergency|urgent|waste \
      of time|too bad|oh no|overcharged|charged twice|wrong|mistake|error|damaged|i lost|lost my|still waiting|been waiting|fed \
      up|tired of|sick of|never arrived|hasnt arrived|didnt arrive|late again|for weeks|for days|for hours|third time|second time|again and again|cant believe|shame|poor service",
    ),
    (
        SaidBefore,
        "i said|i already said|as i said|like i said|i told you|i already told you|i just told you|i just said|already \
      said|already told|i mentioned|as i mentioned|ive already|i already|again i|i repeat|i asked|i already asked|you already \
      asked|you asked me that|told you that|once again|for the third time|for the second time|how many times",
    ),
    (
        Correction,
        "no i said|no i meant|i meant|i mean the|not that|not that one|thats not what|that is not what|thats not right|that \
      is not right|thats wrong|that is wrong|thats incorrect|that is incorrect|not correct|no not|no i want|no i need|no i \
      wanted|no i asked|you misunderstood|you got it wrong|wrong one|thats not it|no thats not|i didnt say|i didnt ask|i did not \
      ask|i did not say|actually i|no its|no it is",
    ),
    (
        Acceptance,
        "perfect|sounds good|sounds great|sounds perfect|sounds interesting|sounds wonderful|sounds fine|that works|that \
      will work|thatll work|works for me|ill take|i will take|yes please|great|excellent|wonderful|awesome|fantastic|lets do|lets \
      book|book it|go ahead|please do|thats fine|that is fine|thats great|thats perfect|thats good|that would be great|that would \
      be good|that would be perfect|thatd be great|i like that|i like it|ill try|i will try|ill check it out|i will check it out|ill \
      watch|i will watch|ill have to|i will have to|check it out|great thanks|good idea|deal|fine by me|yes that|thats correct|that \
      is correct|thats right|that is right|yes exactly|exactly|wow|cool|love it|i love it|love that",
    ),
    (
        Rejection,
        "not interested|i dont want|i do not want|dont want|i dont like|i do not like|didnt \
      like|did not like|dont need|do not need|i dont need|not really|not for me|not now|not right now|nope|nah|no way|any other|anything \
      different|something different|another one|other options|any others|something else|different one|alternatives|other ones",
    ),
    (
        Objection,
        "too expensive|too much|too pricey|too high|too far|too late|too early|too long|cant afford|can not afford|cannot \
      afford|not interested|need to think|think about it|not convinced|im not sure|not sure about|not sure if|sounds like a scam|why \
      should i|better price|cheaper|lower price|a discount|more expensive|already have one|i already have|dont see why|dont think \
      i need|dont think so|dont need it|dont want|do not want|dont like that|dont like it|i doubt|doubtful|hesitant|skeptical|sceptical|on \
      the fence|other offer|competitor|another provider|somewhere else|hidden fees|the catch|whats the catch|i would rather|id \
      rather|i prefer not|that wont work|that doesnt work for me|wont work for me|thats not what i",
    ),
    (
        GivingUp,
        "never mind|nevermind|forget it|forget about it|ill call back|i will call back|ill call later|speak to a manager|speak \
      to your manager|speak to a supervisor|talk to a manager|talk to your manager|talk to a supervisor|your \
      supervisor|your manager|a real person|cancel everything|cancel my account|close my account|waste of time|wasted my \
      time|ill go elsewhere|go elsewhere|somewhere else|another company|ill find|not helpful|no help|didnt help|did not help|you \
      didnt help|useless|pointless|still doesnt work|still not working|doesnt matter|give up|hang up|hanging up|im done|whatever|leave a \
      review|report you|bad review|goodbye then|ill do it myself",
    ),
    (
        Chasing,
        "are you there|are you still there|still there|anyone there|can you hear me|hello are you|you there|still \
      waiting|been waiting|how long|how much longer|whats taking|what is taking|hurry|are you listening|did you hear",
    ),
    (
        NothingElse,
        "thats all|that is all|that will be all|thatll be all|that was all|that was it|thats it|that is it|that will be \
      it|that would be all|that does it|thats everything|that is everything|nothing else|no thats it|no thats all|im good|i am \
      good|im all set|i am all set|all i needed|everything i needed|all i need|thats going to be it|that was going to be it|no \
      thank you|no thanks|no that was|no that is|no thats|no that will|no thatll|no im good|no im fine|no that would be",
    ),
    (
        QuestionForm,
        "can you|could you|would you|will you|do you|did you|are you|were you|have you|is there|are there|is it|is \
      that|is this|does it|does that|do they|does the|can i|could i|may i|should i|shall i|can we|would that|what is|whats|what \
      are|what type|what kind|what time|what day|what city|what was|what were|what would|what about|how about|how can|how may|how \
      many|how much|how long|how do|how did|how is|how are|which one|which part|which card|which account|which would|which do|which \
      city|where is|where are|where do|where would|where will|when is|when do|when are|when did|when would|when will|who is|who \
      are|who was|why is|why do|why did|why are|why not|why dont|what do|what did|what else|anything else|any other|how old|do i|did \
      i|what genre|which movie|what movie|what movies|what city|has it|have they|isnt it|dont you|is your|was it|was there",
    ),
    (
        Negation,
        "no|not|dont|never|cant|cannot|isnt|wasnt|didnt|doesnt|wont|couldnt|wouldnt|havent|hasnt|arent|nothing|none|nobody|neither|nor|without|hardly|nope",
    ),
];
