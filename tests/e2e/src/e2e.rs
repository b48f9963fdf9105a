//! End-to-end tests on a running stack: calls are sent to the queue and their feedback is read over HTTP.
//!
//! Environment variables name the stack: `make test` starts one and sets them, `eval "$(make -s env)"` sets them to the stack of
//! `make run`.
//!
//! **Invariant:** every test has an organisation of its own, so that tests do not affect each other.

#[cfg(test)]
mod organisation;
#[cfg(test)]
mod sample_calls;
#[cfg(test)]
mod stack;

#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod invalid_parameters;
#[cfg(test)]
mod llm_scoring;
#[cfg(test)]
mod pagination;
#[cfg(test)]
mod s3_objects;
#[cfg(test)]
mod token_access;
#[cfg(test)]
mod webhooks;
