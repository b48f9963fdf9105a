//! Phrases for the outcome of a request: completed, refused, referred elsewhere, or met with a proposal. See [`super`]
//! for the spelling.

use super::PhraseTag;
use super::PhraseTag::{Completion, FurtherHelpOffer, Proposal, Reassurance, Referral, Refusal};

/// What an agent says before one of the [`REFUSED_ACTIONS`], separated by bars.
pub(super) const REFUSAL_BEGINNINGS: &str = "\
    i cant|we cant|i cannot|we cannot|we dont|i dont|we wont|i wont|they cant|they wont|it cant|it wont|im not able \
    to|were not able to|i am not able to|we are not able to|i couldnt|we couldnt|couldnt|could not|i could not|we \
    could not|there is no way to";

/// What customers ask agents for, separated by spaces.
pub(super) const REFUSED_ACTIONS: &str = "\
    give send do make offer change refund book move put take say help let waive extend cancel issue release approve \
    process bring hold guarantee promise accept provide reverse remove add fix replace transfer connect override \
    access open close match lower reduce ship deliver";

/// What an agent says before one of the [`CUSTOMER_ACTIONS`], separated by bars.
pub(super) const REFERRAL_BEGINNINGS: &str = "\
    you have to|you need to|you should|you must|you gotta|youve got to|youve to|best to|its best to";

/// What customers are told to do themselves, separated by spaces.
pub(super) const CUSTOMER_ACTIONS: &str = "\
    visit contact call ring phone email write ask speak talk go check try get take send fill submit";

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        Completion,
        "all done|is done|theres no charge|unlocked try|i unlocked|its unlocked|your new appointment is|ive paid|i \
         have taken|ive taken|ive stopped|i have stopped|have covered|ive noted|i have noted|your order is ready|is \
         ready for you|comes back on|power is back on|is back on|it says accepted|came through|has come through|goes \
         through|will come on|a surveyor will|technician will|engineer will|i have it down|ive got that down|youre \
         set|you are set|youre all set|then youre set|are in now|is in now|ive ordered|ordered you|i ordered|back on \
         your|off your bill|off the bill|on its way to you|come by parcel|gone through|went through|has gone through|\
         coming off|back on your card|back on the card|money goes back|goes back tonight|goes back today|youre \
         getting|you get all|you get it back|you get the money|will be refunded|be refunded|will be credited|thats \
         sorted|all sorted|sorted for you|is open now|is unlocked|works now|working again|up and running|good to go|\
         ready to go|ready at|ready by|in the post|in tomorrows post|its booked|at our cost|on the house|at no cost|\
         at no extra cost|it is sorted|its sorted|thats fixed|its fixed|thats fixed for you|are back on|has gone out|\
         ill waive|i will waive|we will waive|well waive|taken off|took it off|took that off|taken that off|take that \
         off|put it back|put that back|put you back|put you down for|got you on|got you in|got you down|ive got you|i \
         have you down|have you down|both are closed|are closed now|its confirmed|comes tomorrow|arrives tomorrow|be \
         delivered|be with you by|with you by",
    ),
    (
        Refusal,
        "is impossible|its impossible|thats impossible|impossible to|are not possible|there are not|there is not|\
         there isnt|there arent|was not able|were not able|is not able|are not able|am not able|are not available|was \
         not available|were not available|didnt go through|did not go through|doesnt go through|not go through|was \
         not possible|couldnt get|could not get|already taken|is all taken|are all taken|that ones taken|that one is \
         taken|couldnt say|no men|nobody to be had|only done in|got to be face|has to be face|in person only|who \
         deals with them|carries on coming|so i cant get in|cant get in there|a thing i can|not a thing i|passed up \
         again|been passed up|send them another message|not on my list|isnt on my list|dont really have|no idea how|\
         no say|no say over|if it was up to me|if it were up to me|not from here|not taking that|wont take it|wont go \
         lower|wont go|wont accept|doesnt accept|not accept|is the arrangement|thats the arrangement|thats the rule|\
         thats the rules|it is what it is|thats what it is|cant do anything with|not able to do anything|nothing to \
         be done|nothing doing|no solution|no answer|no fix|no workaround|there isnt one|isnt one|none that|not one i \
         can|better not say|better not|wouldnt like to|i wouldnt like|cant advise|cannot advise|not qualified|not \
         trained|beyond me|over my head|dont have that|do not have that|dont have it|havent got that|havent got it|\
         not got that|not got it|not in front of me|cant see that|cannot see that|not booked|nothing booked|not \
         something we|not something i|not from this|wont let me|doesnt let me|does not let me|wouldnt let me|isnt \
         letting me|sadly|regrettably|no can do|nothing left|none left|not on this one|wish i could|i wish i could|\
         wish i had|wish there was|not up to me|hands are tied|my hands are tied|no way to|no way i can|no way we can|\
         theres no way|there is no way|not going to happen|not going to be able|out of my hands|beyond my control|not \
         in my power|cant promise|cannot promise|rules are rules|against policy|against our policy|policy doesnt|\
         policy does not|policy says|system wont|system doesnt|system says|the system says|isnt possible|is not \
         possible|not at this time|nothing we|nothing i|not eligible|doesnt qualify|does not qualify|dont qualify|not \
         covered|isnt covered|too late for that|no refunds|non refundable|nonrefundable|no exceptions|no exception|\
         have to decline|have to refuse|dont do that|we dont do|doesnt work like that|doesnt work that way|not how it \
         works|thats not how|not until|nothing until|nothing before|nothing tonight|nothing today|no space|no room|no \
         seats|no tables|no slots|no appointments|no openings|no record|no trace|no luck|stays as it is|stay as it is|\
         has to stay|still stands|stands as it is|its gone out|has expired|have expired|cant see any|cannot see any|\
         dont see any|dont see it|cant see it|not showing|isnt showing|doesnt show|not seeing|not seeing it|not on \
         the system|not in the system|not authorised|not authorized|not permitted|isnt allowed|arent allowed|are not \
         allowed|im not allowed|we arent able|arent able|isnt able|wasnt able|werent able|not in a position|closed \
         for|shut for|that ship has sailed|too far gone|nobody here|nobody can|no one can|no one here|no one \
         available|nobody available",
    ),
    (
        Referral,
        "use the app for|you can do that on the app|ring us back|print it out and|thats not us|that isnt us|thats not \
         by us|for yourself|in your booklet|in the booklet|the booklet|in the leaflet|notice board|not us in|help \
         pages|help page|have a look on|another team|to the wrong place|not our side|not my side|not my area|not our \
         area|not something i deal|dont deal with|i dont deal|we dont deal|not in this department|wellbeing line|\
         helpline|keep trying|keep checking|try later|try tomorrow|citizens advice|get a lawyer|youd have to|youll \
         have to|you will have to|you would have to|you may have to|youd need to|youll need to|you could try|head \
         office|your branch|home branch|thats them|that would be them|thatd be them|the other team|different team|\
         other team|someone else deals|somebody else deals|on their end|take it up with|straightened out with|sort it \
         out with|sorted out with|fill in the form|fill in a form|fill out the form|fill out a form|its on the \
         website|its all online|all online|it is all online|go online|best bet|your best bet|best thing is to|better \
         off|might want to|may want to|youd be better|raise it with|take that up|passed to|come back tomorrow|call \
         tomorrow|call on monday|call monday|ask your|check with your|go through your|with your bank|with your doctor|\
         with your provider|with the manufacturer|with the seller|with the courier",
    ),
    (
        Proposal,
        "are free|is free|free at|is available|are available|available at|have availability|have space|have room|has \
         seats|still has|still have|we can do|i can give you|we can give you|i can get you|we can get you|i can move|\
         can offer|could do|meanwhile|in the meantime|until then|what i can do|what we can do|what ill do|what i will \
         do|let me try|the alternative|otherwise|next one|next available|i do have|we do have|ive got|i have got|weve \
         got|on offer|id say|i would say|id go with|go with|have you in|fit you in|squeeze you in|slot you in|id go \
         for|ill put you|sign you up|upgrade you|a package|our package|our plan|the plan|special offer|a deal|would \
         suit|might suit|you should get|you should go|youll want",
    ),
    (
        FurtherHelpOffer,
        "is there anything more|is there anything at all|is there anything youd like|is there anything thats not \
         clear|is that everything|is that it|was there owt|owt else|anything youd like|anything you would like|while \
         youre on|any questions|questions for me|anything thats not clear|anything not clear|is that clear|is that \
         all clear|all clear|was there anything|something you need|that everything|anything at all|will that be all|\
         will there be anything|does that cover|does that answer|have i missed anything|did i miss anything|did i \
         answer|have i answered|anything on your mind",
    ),
    (
        Reassurance,
        "you dont have to|dont have to|you wont have to|wont have to|you neednt|no need to|theres no need|no need for \
         that|nothing to pay|nothing more to pay|nothing extra|no extra|no fee|no late fee|no charge|theres no fee|\
         theres no charge|there is no charge|there is no fee|there is no cost|there is no extra|there is no entrance|\
         there is no entry|there is no admission|no entrance fee|no entry fee|no admission|no cost|free of charge|\
         nothing to worry about|you dont need to|dont need to worry",
    ),
];
