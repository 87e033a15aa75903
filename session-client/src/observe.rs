//! What a call tells those who watch: a span for each operation and an event for each retry, with the names of
//! OpenTelemetry's conventions for HTTP. Without the feature `tracing` it tells nothing.

use std::time::Duration;

#[cfg(feature = "tracing")]
use crate::error::Error;
use crate::operation::Operation;
#[cfg(feature = "tracing")]
use crate::response::Response;
use crate::transport::Received;

/// Runs a call in its span. The span has the path's template and never the id.
#[cfg(feature = "tracing")]
pub(crate) async fn call<T>(
    operation: &'static Operation,
    org_url: &url::Url,
    call: impl Future<Output = Result<Response<T>, Error>>,
) -> Result<Response<T>, Error> {
    use tracing::Instrument;
    use tracing::field::{Empty, display};

    let span = tracing::info_span!(
        "okta.session",
        otel.name = format!("{} {}", operation.method, operation.path),
        otel.kind = "client",
        otel.status_code = Empty,
        okta.operation = operation.id,
        http.request.method = operation.method.as_str(),
        url.template = operation.path,
        server.address = org_url.host_str(),
        server.port = org_url.port_or_known_default(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        okta.request_id = Empty,
        error.type = Empty,
    );
    let result = call.instrument(span.clone()).await;
    let (status, request_id, attempts) = match &result {
        Ok(response) => (Some(response.status()), response.request_id(), response.attempts()),
        Err(error) => (error.status(), error.request_id(), error.attempts()),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(request_id) = request_id {
        span.record("okta.request_id", request_id);
    }
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    if let Err(error) = &result {
        span.record("otel.status_code", "ERROR");
        match error.status().filter(|status| !status.is_success()) {
            Some(status) => span.record("error.type", display(status.as_u16())),
            None => span.record("error.type", format!("{:?}", error.kind())),
        };
    }
    result
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn call<F: Future>(_: &'static Operation, _: &url::Url, call: F) -> F {
    call
}

/// A request will be sent again after this wait.
#[cfg(feature = "tracing")]
pub(crate) fn retry(operation: &Operation, received: &Received, attempts: u32, wait: Duration) {
    let status = received.head.as_ref().map(|head| head.status.as_u16());
    let wait = wait.as_secs_f64();
    tracing::info!(okta.operation = operation.id, http.response.status_code = status, attempts, wait_s = wait, "retry");
}

#[cfg(not(feature = "tracing"))]
pub(crate) fn retry(_: &Operation, _: &Received, _: u32, _: Duration) {}
