//! Private keys in PEM text.

use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, RsaKeyPair,
};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::{Error, PemObject};
use secrecy::zeroize::Zeroize;

use super::private_key::{KeyPair, refused};
use crate::InvalidValue;

const KINDS: &str = "must be an RSA key of 2048 bits or more, or an EC key on the curve P-256 or P-384";

/// The first private key in the text.
pub(super) fn read(text: &str) -> Result<KeyPair, InvalidValue> {
    if text.contains("ENCRYPTED") {
        return Err(refused("must not be encrypted; `openssl pkcs8 -topk8 -nocrypt -in FILE` decrypts it"));
    }
    if text.contains("OPENSSH PRIVATE KEY") {
        return Err(refused("must not be in OpenSSH's own form; `ssh-keygen -p -m PKCS8 -f FILE` converts it"));
    }
    let mut text = tidied(text);
    let der = PrivateKeyDer::from_pem_slice(text.as_bytes());
    text.zeroize();
    let mut der = der.map_err(|error| match error {
        Error::NoItemsFound => {
            refused("must be a private key: a PEM block `PRIVATE KEY`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`")
        }
        _ => refused("is no whole PEM text: a line is missing or has characters that do not belong there"),
    })?;
    let pair = match &der {
        PrivateKeyDer::Pkcs8(key) => rsa(RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()))
            .or_else(|refusal| ec(key.secret_pkcs8_der()).ok_or(refusal)),
        PrivateKeyDer::Pkcs1(key) => rsa(RsaKeyPair::from_der(key.secret_pkcs1_der())),
        PrivateKeyDer::Sec1(key) => ec(key.secret_sec1_der()).ok_or_else(|| refused(KINDS)),
        _ => Err(refused(KINDS)),
    };
    der.zeroize();
    pair
}

/// The text with its line ends, which may be written as `\n`, and without the white space around its lines.
fn tidied(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len() + 1);
    for line in text.split("\\n").flat_map(str::lines) {
        tidied.push_str(line.trim_end_matches("\\r").trim());
        tidied.push('\n');
    }
    tidied
}

fn rsa(read: Result<RsaKeyPair, KeyRejected>) -> Result<KeyPair, InvalidValue> {
    read.map(KeyPair::Rsa).map_err(|rejected| {
        // The reason has no other form.
        let is_small = rejected.to_string() == "TooSmall";
        refused(if is_small { "must have 2048 bits or more; it is an RSA key with less" } else { KINDS })
    })
}

fn ec(der: &[u8]) -> Option<KeyPair> {
    let on = |curve: &'static EcdsaSigningAlgorithm| EcdsaKeyPair::from_private_key_der(curve, der).ok();
    let p256 = on(&ECDSA_P256_SHA256_FIXED_SIGNING).map(KeyPair::P256);
    p256.or_else(|| on(&ECDSA_P384_SHA384_FIXED_SIGNING).map(KeyPair::P384))
}
