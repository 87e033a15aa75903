//! The record of what the org was asked.

use std::collections::VecDeque;

use axum::http::HeaderMap;
use serde::Serialize;

/// How many requests are kept: an org that a load test asks a million times must not fill the memory.
const LONGEST: usize = 10_000;

/// The latest requests, oldest first.
#[derive(Debug, Default)]
pub(super) struct Record {
    requests: VecDeque<RecordedRequest>,
    /// How many requests are no longer kept.
    dropped: u64,
}

impl Record {
    /// Notes a request that begins. The answer is its place in the record.
    pub(super) fn begin(&mut self, request: RecordedRequest) -> u64 {
        if self.requests.len() == LONGEST {
            self.requests.pop_front();
            self.dropped += 1;
        }
        self.requests.push_back(request);
        self.dropped + self.requests.len() as u64 - 1
    }

    /// Notes how a request was answered, unless it is no longer kept.
    pub(super) fn end(&mut self, place: u64, status: Option<u16>) {
        let index = place.checked_sub(self.dropped).and_then(|index| usize::try_from(index).ok());
        if let Some(request) = index.and_then(|index| self.requests.get_mut(index)) {
            request.status = status;
        }
    }

    pub(super) fn to_vec(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    /// Empties the record.
    pub(super) fn take(&mut self) -> Vec<RecordedRequest> {
        self.dropped += self.requests.len() as u64;
        std::mem::take(&mut self.requests).into()
    }
}

/// A request that the org received.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation, if it is one: `getSession` and the like.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The headers, as they came; what is no text is left out.
    pub headers: Vec<(String, String)>,
    /// The body; what is no text is replaced.
    pub body: String,
    /// The status of the answer; none if the connection was reset.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The value of the first header with this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().find(same).map(|(_, value)| value.as_str())
    }
}

pub(super) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    text.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: usize) -> RecordedRequest {
        RecordedRequest {
            operation: None,
            method: "GET".to_owned(),
            path: format!("/{number}"),
            headers: Vec::new(),
            body: String::new(),
            status: None,
        }
    }

    #[test]
    fn the_latest_requests_are_kept() {
        let mut record = Record::default();
        let places: Vec<u64> = (0..LONGEST + 2).map(|number| record.begin(request(number))).collect();
        // The answer to one that is no longer kept comes late; the others get their own.
        record.end(places[1], Some(500));
        record.end(places[2], Some(200));
        record.end(places[LONGEST + 1], Some(204));

        let kept = record.take();
        let shown = |index: usize| (kept[index].path.as_str(), kept[index].status);
        assert_eq!(kept.len(), LONGEST);
        assert_eq!((shown(0), shown(1)), (("/2", Some(200)), ("/3", None)));
        assert_eq!(shown(LONGEST - 1), ("/10001", Some(204)));

        let place = record.begin(request(7));
        record.end(places[LONGEST], Some(500));
        record.end(place, Some(201));
        assert_eq!(record.to_vec().iter().map(|request| request.status).collect::<Vec<_>>(), [Some(201)]);
    }
}
