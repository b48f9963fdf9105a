//! The whole path, on a running stack: what is sent to the queue is asked for over HTTP.
//!
//! The stack is the one the environment names (`make test` starts one and names it; `eval "$(make -s env)"` names the one of
//! `make run`). **Invariant:** every test has an organisation of its own, so that tests neither see nor wait for each other.

#[cfg(test)]
mod calls;
#[cfg(test)]
mod organisation;
#[cfg(test)]
mod stack;

#[cfg(test)]
mod access;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod intake;
#[cfg(test)]
mod judged;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod parameters;
