//! What those who watch see: names, statuses, waits, and never a secret.

use std::io;
use std::sync::{Arc, LazyLock, Mutex};

use session_client::operations;
use tracing::{Dispatch, Level};
use tracing_subscriber::fmt::format::FmtSpan;

use crate::script::{Script, answer, session};
use crate::support::{CANARY, SESSION_ID, SESSION_TOKEN, SID, call};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens beside every watcher. While there is but one, tracing asks the thread that comes first by a span whether anybody
/// wants it, and never again: that thread may be of a test that watches nothing.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| {
    Dispatch::new(tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(io::sink).finish())
});

/// Everything that is told while the calls run, at the finest level.
pub(crate) async fn watch(calls: impl Future<Output = ()>) -> String {
    LazyLock::force(&SECOND);
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    calls.await;
    drop(guard);
    String::from_utf8(lines.0.lock().unwrap().clone()).expect("it is text")
}

#[tokio::test]
async fn a_call_is_a_span_with_the_names_of_opentelemetry_and_each_retry_an_event() {
    let script = Script::start([answer(503, "retry-after: 7\r\n", "{}"), session()]).await;
    let client = script.client();

    let told =
        watch(async { drop(call(&client, &operations::GET_SESSION).await.expect("the second attempt succeeds")) })
            .await;

    let closed = told.lines().find(|line| line.contains(" close ")).expect("the span closes");
    let fields = [
        "okta.session{",
        r#"otel.name="GET /api/v1/sessions/{sessionId}""#,
        r#"otel.kind="client""#,
        r#"http.request.method="GET""#,
        r#"url.template="/api/v1/sessions/{sessionId}""#,
        r#"server.address="127.0.0.1""#,
        "http.response.status_code=200",
        "http.request.resend_count=1",
        r#"okta.request_id="last""#,
    ];
    for field in fields {
        assert!(closed.contains(field), "{field} in {closed}");
    }
    let retry = told.lines().find(|line| line.contains("retry okta.operation")).expect("the retry is told");
    assert!(retry.contains("http.response.status_code=503") && retry.contains("wait_s=7"), "{retry}");
}

#[tokio::test]
async fn no_secret_is_told_at_any_level() {
    let told = watch(async {
        for operation in operations::ALL {
            let secret = match operation.id {
                "createSession" => SESSION_TOKEN,
                _ if operation.security.is_empty() => SID,
                _ => SESSION_ID,
            };
            let echo = format!(r#"{{"errorCode": "{secret}", "errorSummary": "Not found: {secret} (AppSession)"}}"#);
            let header = format!("set-cookie: sid={secret}\r\nlocation: /{secret}\r\nx-okta-request-id: {secret}\r\n");
            let steps = [answer(404, &header, &echo), answer(503, &header, &echo), session(), answer(204, "", "")];
            let script = Script::start(steps).await;
            for _ in 0..2 {
                let _ = call(&script.client(), operation).await;
            }
        }
    })
    .await;

    assert!(told.contains("okta.session"), "something is told");
    let leak = told.lines().find(|line| line.contains(CANARY));
    assert_eq!(leak, None);
}
