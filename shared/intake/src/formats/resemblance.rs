//! Which known format a payload of no known format looks like, for the error: often only an envelope was taken off, or a field that
//! the format is recognised by is missing.
//!
//! **Invariant:** a guess for people, and never a reason to read a payload as that format.

use crate::field::Field;

/// The fields by which a person would recognise a format.
struct Signs {
    format: &'static str,
    /// What the format is recognised by, common names among it.
    required: &'static [&'static str],
    /// Fields that are hardly found elsewhere, also where a sender may have moved them.
    telling: &'static [&'static str],
}

/// A format is named if a payload has so many of its telling fields.
const FEWEST_SIGNS: usize = 2;

const SIGNS: [Signs; 23] = [
    Signs {
        format: "vapi",
        required: &["message.type"],
        telling: &[
            "message.type",
            "message.call",
            "message.artifact",
            "artifact",
            "call.assistantId",
            "endedReason",
            "assistantId",
            "squadId",
        ],
    },
    Signs {
        format: "retell",
        required: &["event", "call.call_id"],
        telling: &[
            "call.call_id",
            "call.transcript_object",
            "transcript_object",
            "transcript_with_tool_calls",
            "call_analysis",
            "disconnection_reason",
            "retell_llm_dynamic_variables",
            "start_timestamp",
        ],
    },
    Signs {
        format: "elevenlabs",
        required: &["type", "data.conversation_id"],
        telling: &[
            "data.conversation_id",
            "data.transcript",
            "data.conversation_initiation_client_data",
            "conversation_id",
            "event_timestamp",
            "conversation_initiation_client_data",
            "metadata.call_duration_secs",
        ],
    },
    Signs {
        format: "bland",
        required: &["call_id", "transcripts"],
        telling: &[
            "concatenated_transcript",
            "call_length",
            "corrected_duration",
            "call_ended_by",
            "queue_status",
            "c_id",
        ],
    },
    Signs {
        format: "bolna",
        required: &["id", "agent_id", "status"],
        telling: &["telephony_data", "conversation_duration", "answered_by_voice_mail", "execution_id"],
    },
    Signs {
        format: "contact_lens",
        required: &["Transcript"],
        telling: &[
            "Transcript",
            "ConversationCharacteristics",
            "CustomerMetadata",
            "Participants",
            "Categories",
            "ContentMetadata",
        ],
    },
    Signs {
        format: "post_call_analytics",
        required: &["ConversationAnalytics", "SpeechSegments"],
        telling: &[
            "ConversationAnalytics",
            "SpeechSegments",
            "ConversationAnalytics.GUID",
            "ConversationAnalytics.Agent",
            "ConversationAnalytics.SpeakerLabels",
        ],
    },
    Signs {
        format: "deepgram",
        required: &["results.channels", "metadata.request_id"],
        telling: &[
            "results.channels",
            "metadata.request_id",
            "results.utterances",
            "metadata.transaction_key",
            "metadata.model_info",
            "metadata.sha256",
            "channels",
        ],
    },
    Signs {
        format: "livekit",
        required: &["chat_history.items"],
        telling: &["chat_history.items", "job_id", "room_id", "chat_history", "items", "audio_recording_path"],
    },
    Signs {
        format: "messages",
        required: &["messages"],
        telling: &["messages", "model", "choices", "response_format", "tool_choice"],
    },
    Signs {
        format: "twilio",
        required: &["transcript_sid", "sentences"],
        telling: &[
            "transcript_sid",
            "service_sid",
            "media_start_time",
            "channel",
            "links.sentences",
            "sentences.transcript",
        ],
    },
    Signs {
        format: "telnyx",
        required: &["data.event_type"],
        telling: &[
            "data.event_type",
            "data.payload.conversation_id",
            "call_control_id",
            "conversation_insights",
            "payload.call_control_id",
            "event_type",
            "data.payload.call_leg_id",
        ],
    },
    Signs {
        format: "assemblyai",
        required: &["id", "status", "utterances"],
        telling: &[
            "acoustic_model",
            "audio_duration",
            "audio_url",
            "language_code",
            "speaker_labels",
            "utterances",
            "transcript_id",
        ],
    },
    Signs {
        format: "amazon_transcribe",
        required: &["jobName", "results.items"],
        telling: &[
            "accountId",
            "jobName",
            "audio_segments",
            "channel_labels",
            "results.transcripts",
            "results.items",
            "speaker_labels.segments",
        ],
    },
    Signs {
        format: "whisper",
        required: &["segments"],
        telling: &["segments", "word_segments", "language_probability", "no_speech_prob", "chunks", "diarization"],
    },
    Signs {
        format: "azure_speech",
        required: &["phrases"],
        telling: &["durationMilliseconds", "phrases", "displayText", "durationInTicks", "nBest", "recognitionStatus"],
    },
    Signs {
        format: "speechmatics",
        required: &["results", "metadata.transcription_config"],
        telling: &[
            "job.data_name",
            "metadata.language_pack_info",
            "metadata.transcription_config",
            "transcription_config",
        ],
    },
    Signs {
        format: "openai_agents",
        required: &["history"],
        telling: &["history", "lastAgent", "last_agent", "newItems", "new_items", "currentAgent"],
    },
    Signs {
        format: "genesys",
        required: &["conversationId", "transcripts"],
        telling: &[
            "conversationId",
            "communicationId",
            "conversationStartTime",
            "phrases",
            "mediaType",
            "organizationId",
        ],
    },
    Signs {
        format: "ultravox",
        required: &["results"],
        telling: &[
            "callId",
            "endReason",
            "firstSpeaker",
            "joinTimeout",
            "billedDuration",
            "shortSummary",
            "call.callId",
        ],
    },
    Signs {
        format: "aircall",
        required: &["event", "data.call_id"],
        telling: &[
            "content.utterances",
            "utterances",
            "call_created_at",
            "data.call_uuid",
            "data.call_created_at",
            "resource",
        ],
    },
    Signs {
        format: "google_insights",
        required: &["transcript.transcriptSegments"],
        telling: &[
            "transcriptSegments",
            "latestAnalysis",
            "latestSummary",
            "qualityMetadata",
            "turnCount",
            "dataSource",
        ],
    },
    Signs {
        format: "synthflow",
        required: &["call.call_id", "call.model_id"],
        telling: &[
            "executed_actions",
            "end_call_reason",
            "telephony_hangup",
            "call.end_call_reason",
            "model_id",
            "lead",
        ],
    },
];

/// The format that a payload looks like most, and which of the fields it lacks that the format is recognised by.
pub(crate) fn of(payload: &Field<'_, '_>) -> Option<String> {
    let has = |path: &&&str| payload.get(path).is_present();
    let counted = SIGNS.iter().map(|signs| (signs.telling.iter().filter(has).count(), signs));
    let (_, signs) = counted.filter(|(count, _)| *count >= FEWEST_SIGNS).rev().max_by_key(|(count, _)| *count)?;
    let lacks: Vec<&str> = signs.required.iter().filter(|path| !has(path)).copied().collect();
    Some(match &lacks[..] {
        [] => signs.format.to_owned(),
        lacks => format!("{} without {}", signs.format, lacks.join(" and ")),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::tests::read_error;

    fn text(payload: &Value) -> String {
        read_error(payload).to_string()
    }

    #[test]
    fn an_unknown_format_names_the_known_one_that_it_looks_like() {
        let deepgram = json!({"metadata": {"duration": 4}, "results": {"channels": [{}], "utterances": []}});
        assert_eq!(
            text(&deepgram),
            "$: unknown format (keys: metadata, results; it looks like deepgram without metadata.request_id)"
        );
        let contact_lens = json!({"CustomerMetadata": {}, "Participants": [], "Segments": []});
        assert_eq!(
            text(&contact_lens),
            "$: unknown format (keys: CustomerMetadata, Participants, Segments; it looks like contact_lens without Transcript)"
        );
        let livekit = json!({"call_id": "c1", "job_id": "AJ_1", "room_id": "RM_1"});
        assert!(text(&livekit).ends_with("it looks like livekit without chat_history.items)"), "{}", text(&livekit));
        for (payload, ending) in [
            (json!({"audio_duration": 9, "language_code": "en"}), "assemblyai without id and status and utterances)"),
            (json!({"accountId": "1", "channel_labels": {}}), "amazon_transcribe without jobName and results.items)"),
            (json!({"segments": ["Hi."], "language_probability": 0.9}), "it looks like whisper)"),
            (json!({"durationMilliseconds": 9, "phrases": [{"text": "Hi."}]}), "it looks like azure_speech)"),
            (
                json!({"job": {"data_name": "a"}, "metadata": {"transcription_config": {}}}),
                "speechmatics without results)",
            ),
        ] {
            assert!(text(&payload).ends_with(ending), "{}", text(&payload));
        }
        let genesys = json!({"conversationId": "g", "mediaType": "call", "phrases": [{"text": "Hi."}]});
        assert!(text(&genesys).ends_with("it looks like genesys without transcripts)"), "{}", text(&genesys));
    }

    #[test]
    fn one_common_key_is_no_resemblance() {
        for (payload, keys) in [
            (json!({"event": "ended", "items": []}), "event, items"),
            (json!({"id": 1, "agent_id": "a", "status": "done"}), "agent_id, id, status"),
            (json!({"conversationId": "g", "transcripts": [{"lines": []}]}), "conversationId, transcripts"),
        ] {
            assert_eq!(text(&payload), format!("$: unknown format (keys: {keys})"));
        }
    }
}
