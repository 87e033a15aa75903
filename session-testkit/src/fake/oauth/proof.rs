//! What the org asks of a DPoP proof (RFC 9449, section 4.3).

use axum::http::HeaderMap;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

use super::jws::Jws;
use super::key::{self, PublicKey};
use super::nonces::Nonces;
use super::used::Used;

/// How far the creation of a proof may be from now, in seconds.
const WINDOW: f64 = 300.0;

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: f64,
    ath: Option<String>,
    nonce: Option<String>,
}

/// The request that a proof has to be for.
pub(super) struct Target<'a> {
    pub(super) method: &'a str,
    /// Without query.
    pub(super) url: &'a str,
    /// The access token that comes with the proof.
    pub(super) access_token: Option<&'a str>,
    /// The nonces of which it has to have one; none if it needs none.
    pub(super) nonces: Option<&'a Nonces>,
}

/// What is wrong with a proof.
#[derive(Debug, PartialEq)]
pub(super) enum Broken {
    Invalid(&'static str),
    Nonce(&'static str),
}

/// The thumbprint of the key that the client has proved to hold.
pub(super) fn check(headers: &HeaderMap, target: &Target<'_>, used: &mut Used, now: f64) -> Result<String, Broken> {
    let mut proofs = headers.get_all("dpop").iter();
    let proof = proofs.next().ok_or(Broken::Invalid("The DPoP proof is missing."))?;
    if proofs.next().is_some() {
        return Err(Broken::Invalid("There has to be one DPoP proof."));
    }
    let proof = proof.to_str().ok().and_then(Jws::parse).ok_or(Broken::Invalid("The DPoP proof is no signed JWT."))?;
    let (thumbprint, claims) = signed(&proof).map_err(Broken::Invalid)?;
    // Only the holder of the key can have made it. Whatever becomes of the request, the id is used up.
    if !used.first_use(&thumbprint, &claims.jti) {
        return Err(Broken::Invalid("The DPoP proof has been used before."));
    }
    let ath = target.access_token.map(|token| key::sha256(token.as_bytes()));
    let rules = [
        (!claims.jti.is_empty(), "The claim jti of the DPoP proof is empty."),
        (claims.htm == target.method, "The claim htm of the DPoP proof has to be the method of the request."),
        (
            is_same_place(&claims.htu, target.url),
            "The claim htu of the DPoP proof has to be the URL of the request without query and fragment.",
        ),
        ((now - claims.iat).abs() <= WINDOW, "The DPoP proof was not made within the last five minutes."),
        (ath.is_none() || ath == claims.ath, "The claim ath of the DPoP proof has to be the hash of the access token."),
    ];
    if let Some((_, broken)) = rules.into_iter().find(|(holds, _)| !holds) {
        return Err(Broken::Invalid(broken));
    }
    match (target.nonces, &claims.nonce) {
        (Some(_), None) => Err(Broken::Nonce("The DPoP proof needs a nonce of this org.")),
        (Some(nonces), Some(nonce)) if !nonces.take(nonce) => {
            Err(Broken::Nonce("The nonce of the DPoP proof is not one that this org takes now."))
        }
        _ => Ok(thumbprint),
    }
}

/// What a proof claims, and the thumbprint of the key that it brings and that has signed it.
fn signed(proof: &Jws<'_>) -> Result<(String, Claims), &'static str> {
    if proof.header.typ.as_deref() != Some("dpop+jwt") {
        return Err("The typ of the DPoP proof has to be dpop+jwt.");
    }
    let jwk = proof.header.jwk.as_ref().ok_or("The DPoP proof brings no jwk.")?;
    if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].iter().any(|private| jwk.contains_key(*private)) {
        return Err("The jwk of the DPoP proof has to be public, and this one is not.");
    }
    let key = PublicKey::from_jwk(jwk).ok_or("The jwk of the DPoP proof is no key that this org knows.")?;
    let thumbprint = key::thumbprint(jwk).ok_or("The jwk of the DPoP proof is no key that this org knows.")?;
    if !proof.is_signed_by(&key) {
        return Err(
            "The signature of the DPoP proof is not by the key of its jwk and an algorithm that this org takes.",
        );
    }
    let claims = proof.claims().ok_or("The DPoP proof needs the claims jti, htm, htu and iat, each of its type.")?;
    Ok((thumbprint, claims))
}

/// Whether the two are the same URL, however it is written.
fn is_same_place(claimed: &str, url: &str) -> bool {
    let (Ok(claimed), Ok(url)) = (Url::parse(claimed), Url::parse(url)) else {
        return false;
    };
    let path = |url: &Url| -> Option<Vec<Vec<u8>>> {
        Some(url.path_segments()?.map(|segment| percent_decode_str(segment).collect()).collect())
    };
    claimed.query().is_none()
        && claimed.fragment().is_none()
        && claimed.scheme() == url.scheme()
        && claimed.authority() == url.authority()
        && path(&claimed) == path(&url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_the_same_however_it_is_written() {
        let url = "http://127.0.0.1:8080/api/v1/sessions/102~a%2Fb";
        let same = [
            url,
            "HTTP://127.0.0.1:8080/api/v1/sessions/102~a%2Fb",
            "http://127.0.0.1:8080/api/v1/sessions/102%7Ea%2fb",
            "http://127.0.0.1:8080/api/v1/users/../sessions/102~a%2Fb",
        ];
        for claimed in same {
            assert!(is_same_place(claimed, url), "{claimed}");
        }
        let others = [
            "https://127.0.0.1:8080/api/v1/sessions/102~a%2Fb",
            "http://127.0.0.1/api/v1/sessions/102~a%2Fb",
            "http://127.0.0.1:8081/api/v1/sessions/102~a%2Fb",
            "http://localhost:8080/api/v1/sessions/102~a%2Fb",
            "http://ada@127.0.0.1:8080/api/v1/sessions/102~a%2Fb",
            "http://127.0.0.1:8080/api/v1/sessions/102~a/b",
            "http://127.0.0.1:8080/api/v1/sessions/102~a%2Fb/",
            "http://127.0.0.1:8080/api/v1/sessions/102~A%2Fb",
            "http://127.0.0.1:8080/api/v1/sessions/102~a%2Fb?expand=true",
            "http://127.0.0.1:8080/api/v1/sessions/102~a%2Fb?",
            "http://127.0.0.1:8080/api/v1/sessions/102~a%2Fb#top",
            "/api/v1/sessions/102~a%2Fb",
            "",
        ];
        for claimed in others {
            assert!(!is_same_place(claimed, url), "{claimed}");
        }
        assert!(is_same_place("http://acme.test:80/x", "http://acme.test/x"), "the port that the scheme means");
    }
}
