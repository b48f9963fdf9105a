//! Phrases that show how agents treat people: empathy and rudeness, jargon, vagueness and sales pressure. See [`super`]
//! for the spelling.

use super::PhraseTag;
use super::PhraseTag::{Empathy, Jargon, Rudeness, SalesPressure, Vagueness, Warmth};

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        Empathy,
        "not at all a nice|people looking|people watching|in front of everyone|in front of everybody|blame you after \
         that|fair worry after that|a hard few|thats a hard|hard few months|frighten me|thatd frighten|that would \
         frighten|isnt just|meant something|it meant|shouldnt happen|that shouldnt happen|shouldnt have had to|that \
         must worry|must worry you|fair worry|a fair worry|fair question|wits end|thats no way|no way to live|i know \
         what its like|know what that is like|that stings|that hurts|miss her|miss him|so much going on|a lot going \
         on|a lot on your plate|on your plate|thats not fair on|not fair on you|no way to spend|spoiled your|spoilt \
         your|ruined your|you waited|you stopped in|youve waited|you have waited|wasted your|not surprised|im not \
         surprised|i am not surprised|dont blame you|i dont blame you|i do not blame you|cant blame you|ouch|bless \
         you|poor thing|you poor|poor you|oh dear|that is a lot|thats not on|that is not on|thats rough|that is rough|\
         thats tough|that is tough|must have been|must be hard|must be difficult|must be tough|must be so|thats hard|\
         that is hard|hard on you|hard for you|how horrible|how stressful|how scary|how upsetting|how annoying|how \
         worrying|how difficult for you|what a worry|what a nightmare|what a shock|what a pain|what a day|what a week|\
         thats scary|that is scary|thats upsetting|that is upsetting|not a nice|not nice|nobody wants|nobody likes|\
         anyone would|anybody would|i would be too|id be too|id be worried|id be annoyed|id be cross|id be furious|id \
         be raging|id hate|i would hate|in your shoes|been there|know the feeling|feel for you|i feel for you|feeling \
         for you|too many|that is a worry|thats a worry|thats worrying|youve been through|youve had|after all that|\
         long day|long wait|rough day|rough week|on top of that|on top of everything|last thing you need|last thing \
         you needed|last thing you want|condolences|sorry for your loss|fair enough|totally fair|thats fair|that is \
         fair|i get it|i get that|i get why|i totally get|i can see that must|understandable|understandably|quite \
         right|youre right|you are right|gutted for you|take your time|no rush|were not having you|dont you worry|not \
         to worry|mind at rest|mind at ease|rest easy|thats a shame|that is a shame|what a shame|such a shame|thats a \
         pity|its a lot|a lot to deal with|a lot to take in|thats frightening|frightening|thats stressful|that is \
         stressful|stressful|its no fun|no fun|wary|you shouldnt have to|you should not have to|shouldnt have \
         happened|should not have happened|should never have happened|i hate that|thats awful|that is awful|thats \
         terrible|that is terrible|thats horrible|thats annoying|that is annoying|that is worrying|that would worry|\
         would worry me|would upset|would annoy|would scare|a big day|big day|special day|means a lot|mean a lot to \
         you|important to you|matters to you|how much this|how much that",
    ),
    (
        Warmth,
        "hope he|hope she|hope they|hope your|glad they|glad he|glad she|glad nobody|so glad|im glad|i am glad|big \
         hug|give him|give her|give them my|my regards|good luck with|enjoy it|happy to have|he sounds|she sounds|\
         sounds like a|bet hes|bet shes|how old is|proud|lovely to|how nice|how lovely|how exciting|how wonderful|how \
         sweet|safe home|safe travels|safe journey|safe trip|safe flight|safe drive|drive safe|drive safely|good \
         drive|good trip|good flight|good journey|happy anniversary|many happy returns|look after yourself|take it \
         easy|get well|feel better|feel better soon|speedy recovery|hope it|hope the|hope everything|fingers crossed|\
         all the best|best wishes|best of luck|give my best|say hello|congrats|well done|mind how you go|dance one|\
         enjoy the|enjoy your|sleep well|rest up|lovely name|what a lovely|what a nice|sounds lovely|sounds exciting|\
         sounds wonderful|exciting|bless|good to hear from you|lovely to hear from you|lovely to speak|lovely talking|\
         been lovely|been a pleasure|pleasure speaking|pleasure talking|pleased for you|happy for you|so happy for|\
         delighted for you|rooting for you|thinking of you|welcome back|welcome home|nice to hear|great news for you|\
         a happy|happy seventieth|happy retirement|happy holidays|merry christmas|happy new year",
    ),
    (
        Rudeness,
        "what do you want me to do about|mind your language|mind your tone|mind your manners|tough life|hard life|\
         poor baby|never lasts|like all the rest|another one who|cry about it|of course you did|of course you do|\
         course you did|course you do|i bet you did|bit late for that|a bit late now|bit late now|should have thought|\
         shouldve thought|thats what happens when|if id known|nobody made you|nobody forced you|no one forced you|\
         your own choice|can you not read|cant you read|why do you not check|do you not check|do you not read|do you \
         not listen|did you not read|did you not listen|did you not think|do you not think|dont you check|whether you \
         like it|whether you fancy|drop the attitude|your attitude|the attitude|shouting at me|shouting at|yelling at \
         me|swearing at me|for a start you|do what you want|do as you like|thats your choice|you owe it|wind your \
         neck|keep your hair on|keep your shirt on|dont you start|thats a new one|shocking that|amazing that you|i \
         did tell you|i told you that|cant help you if you|cant be bothered|not being funny|no offence|no offense|\
         with all due respect|let me stop you|is it that hard|is that so hard|simple question|its a simple|i asked \
         you|answer the question|just answer|thats not what i asked|wrong again|like a child|dont cry|stop crying|\
         stop moaning|moaning|whining|nagging|blah|funny how|thatll teach you|that will teach you|oh come on|got me \
         on the phone now|what do you expect|what did you expect|what were you expecting|if you say so|sure you did|\
         im sure you did|so you say|so you claim|nothings for nothing|not a marriage|not rocket science|rocket \
         science|like everyone else|like everybody else|i just told you|weve been over this|ive already explained|as \
         ive explained|i dont make the rules|take that tone|no need to shout|theres no need to shout|no need to yell|\
         theres no need to yell|no need to raise|theres no need to raise|no need to swear|theres no need to swear|no \
         need for that tone|theres no need for that tone|no need for that language|theres no need for that language|\
         what am i supposed to do|big deal|get over it|grow up|dont be silly|dont be daft|dont be ridiculous|dont be \
         dramatic|overreacting|overreact|calm yourself|youll live|you will live|and your point|duh|should know that|\
         you should know|should have known|at your age|did you even|did you actually|do you even|have you even|try \
         listening|try reading|if you listened|if youd listened|if you had listened|if youd read|if you had read|if \
         you would listen|if you paid|i have other customers|ive got other customers|other people waiting|other \
         customers waiting|havent got all day|havent got time|spit it out|make up your mind|yeah yeah|yeah right|oh \
         please|please yourself|bit dramatic|a bit dramatic|making a fuss|make a fuss|such a fuss|fuss about|fuss \
         over|ringing us about it|calling about that|calling us about|thats it thats what|do your homework|your own \
         doing|brought it on yourself|serves you right|tough luck|too bad for you|thats on you|that ones on you|thats \
         your lookout|first world|join the club|youre not special|ive heard it all|heard that one|heard that before|\
         they all say that|everyone says that|nice try|as i keep saying|how many times do i|for the last time|for the \
         third time|listen to me|listen here|look lady|look mate|look pal|look buddy|buddy|excuse me but|dont \
         interrupt|stop interrupting|let me finish|whats wrong with you|do you understand english|speak properly|you \
         lot|you people|brilliant idea|good luck with that|knock yourself out|wasnt listening|not interested in|spare \
         me|oh great another|another one of these|not you again",
    ),
    (
        Jargon,
        "azimuth|k w|kw|kilowatt|d c array|dc array|array|micros|micro inverters|inverter|true up|net metering|i t c|\
         itc|u c c|ucc|dealer fee|o e m|oem|pass through|non recourse|recourse|derate|soft credit|hard pull|soft pull|\
         joint and several|break clause|periodic|tenancy deposit scheme|a s t|section twenty|e p c|epc|gas safe|\
         inventory clerk|guarantor agreement|consideration period|fare rules|fare difference|ancillary|ancillaries|g \
         d s|gds|pax name|e ticket coupon|coupon|married segments|r t w|otw|d n r|sla breach|c s a|last mile|hub scan|\
         linehaul|line haul|manifest|a w b|awb|consignee|consignor|n d r|ndr|r t o|rto|undelivered attempt|dispatch \
         hub|schema|payload|endpoint|namespace|x s d|xsd|regression|migration hook|handler|gateway|legacy|pre deploy|\
         deploy|deployment|reserialize|serialize|serialise|o n t|ont|psu|p s u|patch lead|master socket|n t e|w a n|\
         wan|pin reset|f t e|fte|uplift|debit run|touchpoint|touch point|reactivation|upgrade ask|case for support|\
         mid tier|onboarding|offboarding|churn|retention offer|kpi|k p i|roi|bandwidth|throughput|cache|cookies \
         cleared|flush the|dns|subnet|authenticate|authentication|credential|credentials|parameter|server side|client \
         side|sync|async|queue id|ticket id|s three|driver conflict|boot sector|partition|remediate|remediation|root \
         cause analysis|rca|mitigation|incident|severity|sev|change window|maintenance window|rollout|rollback|roll \
         back|a n i|d i d|sip|trunk|p b x|pbx|asr|tts|dtmf|acd|a c d|wfm|crm record|case object|opportunity record|\
         lead source|pipeline|value add|value proposition|win win|deliverable|bandwidth to|ecosystem|paradigm|\
         holistic|utilise|utilize|facilitate|effectuate|ascertain|commence|in respect of|in lieu|lieu|per annum|per \
         diem|ex gratia|quantum|liability accepted|without prejudice|proximate|peril|insured peril|excess waiver|\
         betterment|loss adjuster|adjuster|reinstatement basis|sum insured|first notification|fnol|f n o l|\
         recoverable depreciation|a c v|r c v|dwelling|endorsements|arrangement fee|amortised|ltv|l t v|a e r|e a r|\
         direct debit mandate|bacs|chaps|swift code|i b a n|iban|sort code validation|k b a|dispute code|retrieval \
         request|interchange|issuer|merchant category|floor limit|preauth|pre auth|pre authorisation|pre \
         authorization|cpt|c p t|i c d|icd|e o b|eob|h s a|p p o|h m o|in network|out of network|coinsurance|co \
         insurance|referral pathway|triage|chronic|idiopathic|benign|etiology|prognosis|contraindication|analgesic|\
         antihypertensive|renal|hepatic|q d|o d|lab panel|cbc|bmp|e c g|e k g|irrops|reacc|reaccommodated|add collect|\
         p n r|pnr|adjudicate|adjudicates|adjudication|prior auth|e scribe|e scribes|pax|underscore|colon|hash|\
         asterisk|open bracket|close bracket|backslash|forward slash|slash|bullet|semicolon|ampersand|curly|null|\
         undefined|json|equals false|equals true|dot dot|error code|e r p|crm|c r m|s l a|sla|k y c|kyc|a p r|o t p|\
         otp|i v r|ivr|d n s|i p address|mac address|s s i d|firmware|v l a n|vlan|nat|dhcp|d h c p|latency|packet \
         loss|provision|provisioned|provisioning|decommission|back end|backend|front end|api|a p i|ledger|debit memo|\
         accrual|accrued|amortisation|amortization|escrow|subrogation|indemnity|indemnification|deductible applies|\
         underwriting|underwriter|actuarial|pro rata|pro rated|prorated|chargeback|reversal code|authorisation hold|\
         auth code|auth hold|settlement batch|batch run|queue code|ticket class|fare class|fare basis|waitlisted \
         segment|ssr|s s r|osi|endorsement|reissue|revalidate|void and reissue|l o a|e t a|r m a|rma|s k u|sku|b o m|\
         p o number|u p c|tier two|tier three|level two|level three|escalation matrix|workflow|work order|disposition|\
         dispositioned|case code|reason code|status code|flag code|exception code|override code|q a hold|c s r|csr|p \
         o s|t and c|ts and cs|synergy|leverage|circle back|going forward basis|contraindicated|titration|titrate|b i \
         d|t i d|p r n|subcutaneous|hypertensive|formulary|step therapy|tier exception|copay accumulator|n d c|d a w|\
         meter point|m p a n|mpan|m p r n|kilovolt|settlement period|standing data|half hourly|c o t|change of \
         tenancy|transposition|caliper bracket|t s b|obd|o b d|d t c|r and r|per the matrix|as per sop|sop|s o p|\
         pursuant|herein|aforementioned|thereof|hereby|whereby|notwithstanding",
    ),
    (
        Vagueness,
        "it all goes through|goes through the app|real good with|theyre good with|beautiful property|all the rooms|\
         takes whatever|whatever it takes|takes as long|however long|as long as it takes|theres a process|a process \
         for that|most people do|whoever picks|whoever deals|leave that with|leave it with whoever|id hope|i would \
         hope|hopefully soon|for the time being|time being|no idea who|the usual is|might come back|could come back|\
         their own rules|pretty strict|strict usually|usually pretty|many people come|many people do|many people ask|\
         every claim|every case|each case|every claim is different|every case is different|different for everyone|\
         different for everybody|we aim|aim to|as quick as we can|as quickly as|as fast as we can|as on most|on the \
         board|will advise|advise you|would have said|the letter would|in the booklet|its busy|quite busy|very busy|\
         couldnt tell you|could not tell you|cant tell you|not as yet|not yet no|for now it|for now|thats normal|its \
         normal|thats usual|theyll be in|theyll contact|theyll let you|theyll call|they will call|they will contact|\
         youll see it|youll know|when its ready|when theyre ready|whenever suits|over the next|in the coming|coming \
         days|coming weeks|few days or|few days|some days|some weeks|a few weeks|within a reasonable|reasonable time|\
         up to them|not for me to say|i better not say|id better not|better not say|rather not say|prefer not to say|\
         who knows|anyones guess|your guess is|goes where it should|it all goes|its all fine|all in order|all taken \
         into account|and so on|and so forth|et cetera|i have put a request|ive put a request|i have put in a request|\
         put in a request|request to the|the request is with|request is with|is with the team|is with our|passed it \
         on|depends|it depends|that depends|all depends|hard to say|difficult to say|tricky to say|cant say exactly|\
         couldnt say exactly|cannot tell|cant really say|couldnt really say|well see|we will see|we shall see|at some \
         point|some point|sometime|some stage|one of these days|when we can|as soon as we can|as soon as possible|\
         when we get to it|get to it|getting to it|soonish|soon enough|eventually|in due course|in the queue|look \
         into it|looking into it|looking at it|being looked|being dealt with|someone will|somebody will|someone \
         should|somebody should|they usually|they normally|they tend to|tends to|usually fine|most likely|should be \
         fine|should be okay|should be alright|should be all right|should be good|dont worry about it|dont worry \
         about that|im sure its|im sure it|im sure theyll|im sure they will|im sure it will|itll be fine|it will be \
         fine|youll be fine|itll be okay|pretty good about|give or take|more or less|varies|it varies|could be \
         anything|any day|any day now|any time now|well have it ready|we will have it ready|on the list|in progress|\
         youll hear|you will hear from|hear back|hear something|in touch|be in touch|roughly speaking|something like \
         that|that sort of thing|around then|one way or another|its in hand|in hand|were on it|theyre on it|working \
         on it|a few things|various things|plenty of options|lots of options|we do our best|well try|we will try|do \
         our best|see what happens|wait and see|let you know|i would imagine|id imagine|i expect|i should think|id \
         have thought|shouldnt be|shouldnt be long|wont be long|wont take long|pretty soon|fairly soon|quite soon|\
         before long|in a bit|a while|its complicated|bit complicated|not that simple",
    ),
    (
        SalesPressure,
        "mad not to|half price|freeze it|see how you feel|you do get|you get a lot|best one in|people come from|tell \
         you what|only five dollars|one coffee|stretch to|be a real help|come on board|last chance|one more month|\
         give it another|another month|stay with us|everyone loves|everybody loves|everyones got|everyone whos|loves \
         it|love it|best on the market|on the market|best in the|wont regret|will not regret|not regret it|trust me|\
         believe me|youll see|you will see|youll love|you will love|cant go wrong|cannot go wrong|great value|really \
         good value|good value|value for money|worth it|worth every|is nothing|its nothing|next to nothing|number one|\
         most popular|very popular|really popular|bestseller|best seller|best selling|limited offer|limited time|only \
         today|today only|ends today|ends tonight|ends tomorrow|what are you waiting|dont miss|miss out|missing out|\
         no brainer|be crazy|be mad not|state of the art|top of the range|award winning|a steal|bargain|all our \
         customers|most customers|lets get you|send it anyway|over anyway|brilliant bit|brilliant product|great \
         product|fantastic product|amazing product|great deal|amazing deal|fantastic deal|best deal|good deal|amazing|\
         fantastic|brilliant|incredible|as i say its|like i say its|just try it|just sign|sign up now|sign you up|ill \
         put you down|i will put you down|pop you down|get you signed|get you started|why wait|think of the savings|\
         think about what|youd be silly|youd be mad|youd be a fool|nobody else offers|no one else offers|a small \
         price|small price to pay|price of a coffee|less than a coffee|cup of coffee",
    ),
];
