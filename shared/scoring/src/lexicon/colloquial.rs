//! Colloquial phrases for what customers feel and want. See [`super`] for the spelling.

use super::PhraseTag;
use super::PhraseTag::{
    Acceptance, Anger, Confusion, Correction, Delight, Displeasure, GivingUp, NothingElse, Objection, Pleasure,
    Reiteration, StatusRequest, Thanks,
};

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        Displeasure,
        "ill have to see if|ill have to ask|ill have to find|ill have to go back|ill have to come back|ill have to do \
         it|oh well|like cattle|a cattle market|thats not fair on|not fair on you|thats rough|that is rough|thats \
         tough|that is tough|must be tough|how stressful|how scary|how upsetting|how annoying|how worrying|what a \
         shock|what a pain|thats scary|that is scary|thats upsetting|that is upsetting|thats worrying|rough day|rough \
         week|thats a shame|that is a shame|what a shame|such a shame|thats a pity|thats frightening|frightening|\
         thats stressful|that is stressful|stressful|its no fun|no fun|thats annoying|that is annoying|that is \
         worrying|isnt much|not much is it|isnt a lot|badly designed|ought to fix|somebody ought|someone ought|\
         somebody should|someone should|wasted my|still wasted|a bit of a joke|bit of a joke|bit rich|a bit rich|poor \
         show|not on really|so i just sit|should just sit|not telling me|tells me nothing|youve not done|nonsense|a \
         nonsense|its not right|not right is it|shouldnt have to|should not have to|i shouldnt have|been messed|\
         messed about|messed around|done with it|done with this|about done|fed up|enough of it|enough of you|you lot|\
         disgrace|putting a complaint|a grudge|no way to treat|treated like|nobody said|nobody says|wasted a|took all \
         day|took a day off|another day off|a lot of bother|palaver|faff|song and dance|like pulling teeth|getting \
         nowhere|got nowhere|gets me nowhere|empty handed|in the lurch|high and dry|no better off|worse off|sits \
         there|just sits|am i supposed|cant be right|beggars belief|you must be joking|must be joking|you are joking|\
         are you joking|youre joking|having a laugh|kidding me|crummy|dead on my feet|not comfortable|uncomfortable|\
         not happy|not impressed|not ideal|not acceptable|isnt acceptable|just wish|i just wish|i wish you|wish youd|\
         wish you would|wish you had|wish somebody|wish someone|havent done anything|have not done anything|not done \
         anything|did nothing|done nothing|so i get nothing|get nothing|so theres no|so there is no|so nothing|so its \
         still|so it is still|so im stuck|stuck with|a mess|hassle|nuisance|messed up|screwed up|mucked up|let down|\
         let me down|letting me down|stressed|in tears|crying|fuming|livid|not good enough|isnt good enough|not fair|\
         unfair|isnt fair|rip off|ripped off|daylight robbery|cheated|ignored|fobbed off|passed around|round and \
         round|round in circles|pillar to post|nobody helps|nobody knows|nobody told me|no one told me|wasted|kept \
         waiting|on hold for|for ages|taking ages|third time|fourth time|fifth time|not the first time|how hard can|\
         dont bother|wont bother|hopeless|shambles|lousy|unreliable|sloppy|careless|clueless|had enough|sick and \
         tired|gave up|given up|sorry i asked|sorry i called|sorry i bothered|thanks for nothing|thank you for \
         nothing|that figures|for goodness sake|for gods sake|for heavens sake|oh come on|good grief|what a mess|what \
         a joke|what a waste|well see about|ill believe it when|believe it when|if it even|for all the good|fat lot \
         of|no use|no good to me|doesnt help me|doesnt help|does not help|that doesnt help|doesnt solve|thats no help|\
         not much help|not much use|i suppose ill|i suppose i will|guess ill have|guess im|i guess im|suppose thats \
         that|not thrilled|cant say im|unimpressed|left hanging|out of pocket|still out|still no|still not|still \
         havent|still hasnt|still dont|still doesnt|none the wiser|no further|no closer|back to square one|square one|\
         wild goose|runaround|run around|the run around|bad taste|not coming back|wont be back|last straw|insult|\
         insulting|offensive|cheek|cheeky|steep|fortune|scandal|scandalous|wasting|ludicrous|absurd|beyond a joke|\
         grumpy|irritated|irritating|peeved|miffed|bothered|bothers me|worries me|scares me|concerns me",
    ),
    (
        Anger,
        "how horrible|what a nightmare|thats awful|that is awful|thats terrible|that is terrible|thats horrible|\
         disgraceful|shambolic|appalled|incensed|seething|livid|enraged|absolutely not|get lost|how dare|dont you \
         dare|shut up|joke of a|bloody|screw you|screw this|thieves|thieving|robbing|robbed|crooks|criminal|dreadful|\
         abysmal|shocking|shameful|insane|never again|never using|never coming back|worst service|worst company|\
         complete waste|absolute joke|absolute shambles|total joke|total waste",
    ),
    (
        Pleasure,
        "a credit to you|credit to you|pressure off|takes the pressure|less than i was|was dreading|expecting a fight|\
         that fast|painless|im looking forward|cant wait to|talked like you|were like you|more like you|evening back|\
         my day back|know your stuff|first one who|first person who|actually listened|whos listened|who listened|\
         someone who listens|beats doing|look at that|would you look|well i never|well well|how about that|thats \
         handy|thats easy|thats simple|thats quick|weight off that|a weight off|youre kind|you are kind|well youre \
         kind|youre very good|you are very good|very good of|youre good|youve been good|that was painless|all green|\
         it works|it worked|its working|works a treat|like magic|just like that|fair play|good on you|good for you|\
         pleasure to deal|pleasure doing|pleasure talking|thats decent|thats more than|more than fair|thats generous|\
         generous|thats fair|very fair|couldnt be happier|happy as|made up with|best news|good to hear|nice to hear|\
         helped me|you helped|helped a lot|straight with me|honest with me|at last|oh good|oh great|oh lovely|oh nice|\
         oh brilliant|oh perfect|saves my|saved my|saved me|saves me|got me there|takes care of it|that takes care|\
         takes care of that|sleep better|sleep tonight|mind at rest|mind at ease|put my mind|thatd be grand|more like \
         it|good of you|kind of you|very kind|so kind|nice of you|decent of you|fair enough|now were talking|straight \
         answer|give it to me straight|gives it to me straight|live with that|a relief|what a relief|weight off|off \
         my mind|load off|all sorted|thats sorted|sorted|legend|angel|helps a lot|that helps|really helps|a big help|\
         big help|great help|real help|means a lot|cant complain|no complaints|well done|good job|nice job|good work|\
         happy days|bless you|smooth|easier than|quicker than|faster than|better than i|better than expected|just \
         what i|what i was hoping|all i needed|all i wanted|everything i needed|what i needed|what i wanted|spot on|\
         phew|thank god|thank goodness|thank heavens|glad i called|glad i rang|glad to hear|glad somebody|good stuff|\
         does the trick|feel better|feeling better|feel a lot better|reassured|reassuring|thats reassuring|pleasant \
         surprise|nice surprise|suits me|that suits|suits me fine|thatll do|thatll do nicely|that will do|couldnt be \
         better|cant ask for more|could not be better|made it easy|easy enough|so easy|so quick|that was quick|that \
         was easy|didnt expect|i can relax|i can breathe|breathe easy|breathe again|one less thing|one thing less|off \
         my plate|off my list|cheered me up|cheers me up|recommend you|ill recommend|tell my friends|tell everyone|\
         keep using|stay with you|sticking with you|on the ball|on top of it|straightforward|simple as that|crystal \
         clear|clear now|makes sense now|that makes sense|good to have|good enough|happy enough|content|pleased with|\
         over the moon|chuffed|buzzing|stoked|nailed it|hooray|hurray|yes lets",
    ),
    (
        Delight,
        "saved my life|saved the day|youre a star|you are a star|youre an angel|youre a legend|youre a lifesaver|\
         couldnt have asked|couldnt ask for|best service|best call|cant thank you enough|cannot thank you enough|over \
         the moon|youve been great|youve been brilliant|youve been wonderful|youve been amazing|youve been so|youve \
         been very|youve been really|you have been so|you have been very|been so kind|been so patient|been so good|\
         been a star|been a great help|been a huge help|huge help|such a relief|so relieved|i could kiss|i could cry",
    ),
    (
        Thanks,
        "cheers|ta|thanks ever so|thank you ever so|ever so grateful|much obliged|obliged|bless you for|thanks again|\
         thank you again|thanks anyway|thank you anyway|thanks though|thank you though|ta very much|cheers mate|\
         thanks mate|thanks very much",
    ),
    (
        GivingUp,
        "try somewhere else|try elsewhere|go somewhere else|somewhere else then|take my business|business elsewhere|\
         sort it myself|sort it out myself|deal with it myself|last time i bring|last time i use|last time i call|not \
         coming back|wont be back|never coming back|never using you|wont be calling|want to complain|make a complaint|\
         formal complaint|a formal complaint|ombudsman|small claims|dispute it|trading standards|social media|switch \
         to another|switch provider|cancel it then|just cancel it|cancel the whole|ill cancel|i will cancel|havent \
         done anything|done nothing for me|whats the point|no point|pointless|leave it then|just leave it|bother \
         someone else|somebody who can|someone who can|someone who knows|somebody who knows|anyone else there|anyone \
         else i can|somebody else i can|someone else i can|put me through to|through to somebody|speak to somebody \
         else|speak to someone else|talk to someone else|talk to somebody else|i guess thats it then|so thats it then|\
         thats that then",
    ),
    (
        Reiteration,
        "no i said|i did say|i did ask|i did tell|i did mention|i literally|literally just|so you said|you said that|\
         weve been through|we went through|i gave you|i just gave|i already gave|ive told|ive said|ive just said|ive \
         just told|like i told|im telling you|as ive said|ive explained|i explained|already explained|i have said|i \
         have told|said it twice|i keep saying|i keep telling|did i ask|you asked that|you already have it|you have \
         it already|did you not hear|didnt you hear|were you listening|are you listening|say it again|one more time|\
         for the last time|same thing again|same question|told your colleague|told the other|told the last|told \
         somebody|told someone|third time ive|second time ive|just told you|just said|didnt i say|didnt i tell|havent \
         i|as i was saying|what i said was|i was saying|like i was saying|i had said|id said|no i asked|no i told|\
         again it was|back to my question|my question was|answer my question|didnt answer|not what i asked|isnt what \
         i asked|thats not what i asked",
    ),
    (
        Correction,
        "no im on|no im at|no its at|no its on|it wasnt the|it wasnt a|i havent said|i havent asked|i asked for|i \
         ordered the|not the one i|not what i ordered|not what i booked|not what i meant|old address|should say|not \
         thursday|not monday|not tuesday|not wednesday|not friday|not two|not three|not fifteen|not fifty|dont cancel|\
         we werent|we were not|i never said|never asked for|no wait|no no wait|wrong name|wrong number|wrong day|\
         wrong date|wrong address|wrong account|wrong card|wrong order|wrong size|wrong person|thats not my|that isnt \
         right|that isnt it|thats the wrong|youve got it wrong|you got that wrong|youve got that wrong|youve got the \
         wrong|you have the wrong|mixed up|mixing up|other way round|other way around|why would i|thats somebody else|\
         somebody elses|someone elses|way over what|way more than|more than we need|more than i need|not what i need|\
         not what we need|dont need that|we dont need|dont even have|i asked about|i was talking about|hang on were|\
         hang on thats|hang on i",
    ),
    (
        Confusion,
        "leave the what|the what|plug the what|press the what|click the what|hang on leave|a what|you want me to what|\
         what was that word|what word|whats that mean|whatever that means|whatever that is|never heard of that|dont \
         know what that|no idea what that|i dont know what|dont know what you|too fast|too quick|hang on slow|slow \
         down|rewind|start again|from the start|from the top|what was the last|what comes first|what do i press|which \
         button|wait which|sorry where|sorry how|how do you mean|lost me|youve lost me|you lost me|what was the first|\
         what was the second|whoa|wait what|sorry which|say what|too much at once|one at a time|one thing at a time|\
         bit slower|not following|in plain|plain english|what is that|whats that|what are those|over my head|\
         gibberish|double dutch|all greek|you mean what|beg your pardon|sorry you what|sorry whats|sorry what was|\
         sorry i dont|what are you saying|which one gets|what am i supposed|so what do i do|so what does that|which \
         is it|is that good or bad|is that a yes|what do i actually|hang on what|hang on so|what was all that|run \
         that by me|by me again|go over that again|explain that",
    ),
    (
        Objection,
        "i am not sure|i am not sure about|i am not sure if|im not sure about|im not sure if|just cancel|cant get \
         there|cant get to it|two buses|never use it|dont use it|wouldnt use it|not using it|dont really use|still a \
         lot|a lot of money|thats a lot|that is a lot|a fortune|got burnt|got burned|been burned|been burnt|burned \
         before|burnt before|locked in|tied in|being tied|cheeky|steep|bit much|a bit much|the other guy|the guy \
         across|another quote|quoted me|other quote|cheaper elsewhere|ill leave it|leave it there|not changing|\
         already with|already use|weve already got|we already have|dont trust|not worth|not for us|dont see the point|\
         whats the point|no time for|dont have time|not a good time|not the right time|not ready|not today|have to \
         think|let me think|want to think|sleep on it|talk to my wife|talk to my husband|ask my wife|ask my husband|\
         check with my|run it by|talk it over|how do i know|too good to be true|what if it breaks|whats in it for|is \
         it worth|do i really need|do we really need|do i have to pay|why do i have to|why should we|told me two|\
         charged that|paying for that|pay that much|for that money|at that price|out of my budget|over budget|over my \
         budget|more than i wanted|more than i expected|more than we|more than i pay|more than i paid|i was told it|\
         someone told me|somebody told me|my neighbour|my neighbor|my friend pays|read bad|bad reviews|heard bad|\
         mixed reviews|last lot|last company|last time i tried|didnt work last time|tried that before|tried it before|\
         rather wait|rather keep|prefer to keep|happy with what|fine with what|long contract|dont like being|not keen|\
         not sold|not so sure|im wary|wary|worried about the",
    ),
    (
        Acceptance,
        "go on then|lets do it|lets do that|lets go with|well do the|well take|we will take|go for it|do that|do it|\
         that suits|suits me|thatll do|that will do|fine lets|yes lets|sure lets|okay lets|sign me up|put me down|\
         book me in|count me in|send it over|send it through|send me that|ill have that|ill have it|id like that|that \
         would work|that should work|can live with|live with that|fair enough|alright then|go with that|happy with \
         that|fine with me|good with me|okay with me",
    ),
    (
        NothingElse,
        "no dear no|i dont suppose so|dont suppose so|i dont think so|no i dont think so|dont think so|no thats \
         everything|not that i can think|no ive got it|i wrote it down|i wrote it all|wrote it down|wrote it all|not \
         at present|not at the moment|got it all|all clear|its all clear|no its clear|i have it all|got everything|\
         got all i need|got what i need|have what i need|no questions|nothing from me|nothing else from|thats it i \
         think|i think thats|no thats fine|no thats great|no thats lovely|no thats perfect|no not today|not today|\
         thats the lot|thats my lot|all sorted|that was the lot|im sorted|no all good|all good|no all sorted|nope \
         thats|nope thats it|nope thats all|nope im good|nah thats|nah im|nah thats it|thats about it|that about \
         covers|covers it|covers everything|thats me done|i think im good|i think thats it|i think thats all|think \
         thats everything|nothing more|no nothing|dont think so thanks|not today thanks|no were good|that should do \
         it|thatll do it|thatll do me|no thatll do",
    ),
    (
        StatusRequest,
        "did it go through|have you found|found it yet|any news|any update|any luck|is it done|done yet|ready yet|\
         what are you doing|what is happening|whats happening|whats going on|still with me|still on the line|you \
         still on|did i lose you|have i lost you|did you get that|did you catch|hellooo",
    ),
];
