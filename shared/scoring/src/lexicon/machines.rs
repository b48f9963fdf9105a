//! Phrases of answering machines and telephone menus, which people do not use.

use super::PhraseTag;
use super::PhraseTag::{IvrMenu, VoicemailPrompt};

/// Phrases, separated by bars, with their tag.
pub(super) const PHRASES: &[(PhraseTag, &str)] = &[
    (
        VoicemailPrompt,
        "leave a message|leave your message|leave me a message|leave us a message|please leave a message|please leave \
         your message|please leave me a message|record your message|please record your message|after the tone|after \
         the beep|at the tone|at the sound of the tone|forwarded to an automated|reached the voicemail|reached the \
         mailbox|mailbox is full|leave your name and number|leave your name and phone number|please leave your name|\
         leave a brief message|please leave a brief message|when you have finished recording|is not available to take \
         your call|cannot take your call|cant take your call|unable to take your call|cannot come to the phone|cant \
         come to the phone",
    ),
    (
        IvrMenu,
        "press one|press two|press three|press four|press five|press six|press seven|press eight|press nine|press \
         zero|press 1|press 2|press 3|press 4|press 5|press 6|press 7|press 8|press 9|press 0|please press|press the \
         pound|press pound|press star|press the star|menu options|main menu|following options|following menu|please \
         say or enter|say or enter|please enter your|please enter the|enter your pin|using your keypad|on your keypad|\
         your call is important|your call may be recorded|this call may be recorded|calls may be recorded|estimated \
         wait time|all our agents are|all of our agents are|all our representatives are|all of our representatives \
         are|all our lines are|all of our lines are|next available agent|next available representative|you are caller \
         number|you are number|that was not a valid|thats not a valid|is not a valid|i did not recognize|i didnt \
         recognize|please listen carefully",
    ),
];
