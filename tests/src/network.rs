//! The way to the org: proxy, certificates, redirects, and what the caller's own changes of the HTTP client can do.

use std::sync::Arc;

use session_client::{Client, ErrorKind, operations};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::script::{Script, read_request, session, text};
use crate::support::{API_TOKEN, Org, answer, call, session_body};

#[tokio::test]
async fn a_proxy_gets_the_request_for_the_org_and_its_own_login() {
    let proxy = Script::start([session()]).await;
    let client = Client::builder("http://acme.example")
        .allow_http(true)
        .api_token(API_TOKEN)
        .proxy(proxy.url())
        .proxy_login("ada", "lovelace")
        .build()
        .expect("the client can be built");

    call(&client, &operations::GET_SESSION).await.expect("the proxy answers");

    let request = &proxy.requests()[0];
    assert!(request.starts_with("GET http://acme.example/api/v1/sessions/"), "{request}");
    assert!(request.to_ascii_lowercase().contains("proxy-authorization: basic ywrhomxvdmvsywnl"), "{request}");
}

#[tokio::test]
async fn an_org_on_this_machine_is_never_reached_through_a_proxy() {
    let proxy = Script::start([session()]).await;
    let org = Script::start([session(), session()]).await;
    let localhost = org.url().replace("127.0.0.1", "localhost");
    for url in [org.url(), localhost] {
        let through = proxy.url();
        let client = org
            .builder()
            .org_url(url)
            .proxy(proxy.url())
            .http_client(move |http| http.proxy(reqwest::Proxy::all(through).expect("the proxy is one")))
            .build()
            .expect("the client can be built");

        call(&client, &operations::GET_SESSION).await.expect("the org answers");
    }
    assert_eq!((proxy.requests().len(), org.requests().len()), (0, 2));
}

#[tokio::test]
async fn the_callers_changes_bring_back_no_redirect() {
    let org = Org::answering(answer(302, &[("location", "/elsewhere")], "")).await;
    let client = Client::builder(org.url(""))
        .api_token(API_TOKEN)
        .http_client(|http| http.redirect(reqwest::redirect::Policy::limited(10)))
        .build()
        .expect("the client can be built");

    let error = call(&client, &operations::GET_SESSION).await.expect_err("a redirect is no success");

    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
    assert_eq!(org.take_requests().len(), 1);
}

#[test]
fn the_callers_changes_bring_no_cookie_jar_and_no_credential_into_every_request() {
    type Change = fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder;
    fn with_header(http: reqwest::ClientBuilder, name: &'static str) -> reqwest::ClientBuilder {
        http.default_headers([(name.parse().unwrap(), "canary".parse().unwrap())].into_iter().collect())
    }
    let changes: [(Change, &str); 3] = [
        (|http| http.cookie_store(true), "cookie jar"),
        (|http| with_header(http, "authorization"), "default header"),
        (|http| with_header(http, "cookie"), "default header"),
    ];
    for (change, what) in changes {
        let error = Client::builder("https://acme.okta.com").http_client(change).build().expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(what), "{error}");
    }
    let harmless: Change = |http| with_header(http, "x-tenant").pool_max_idle_per_host(1);
    assert!(Client::builder("https://acme.okta.com").http_client(harmless).build().is_ok());
}

#[tokio::test]
async fn the_name_of_the_caller_stands_before_the_librarys_if_there_is_one() {
    let org = Script::start([session(), session()]).await;
    for (prefix, product) in [("billing/2.1", "billing/2.1 session-client"), (" ", "session-client")] {
        let client = org.builder().user_agent_prefix(prefix).build().expect("the client can be built");

        call(&client, &operations::GET_SESSION).await.expect("the org answers");

        let expected = format!("user-agent: {product}/{}\r\n", env!("CARGO_PKG_VERSION"));
        let request = org.requests().pop().expect("there is a request");
        assert!(request.contains(&expected), "{request}");
    }
    assert!(Client::builder("https://acme.okta.com").user_agent_prefix("a\r\nb").build().is_err());
}

#[tokio::test]
async fn a_certificate_is_trusted_only_when_the_caller_says_so() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate can be made");
    let pem = certified.cert.pem();
    let key = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .expect("the certificate fits its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let url = format!("https://localhost:{}", listener.local_addr().expect("it has an address").port());
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.expect("a connection comes in");
            // A client that does not trust the certificate ends the handshake.
            let Ok(mut connection) = acceptor.accept(connection).await else { continue };
            read_request(&mut connection).await;
            let _ = connection.write_all(text(200, "", &session_body().to_string()).as_bytes()).await;
            let _ = connection.shutdown().await;
        }
    });
    let builder = || Client::builder(&url).api_token(API_TOKEN).max_retries(0);

    let trusting = builder().root_certificates_pem(&pem).build().expect("the client can be built");
    call(&trusting, &operations::GET_SESSION).await.expect("the certificate is trusted");

    let wary = builder().build().expect("the client can be built");
    let error = call(&wary, &operations::GET_SESSION).await.expect_err("the certificate is not trusted");
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Connect, false));

    for no_pem in ["", "canary", "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n"] {
        let error = builder().root_certificates_pem(no_pem).build().expect_err("it is no certificate");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
