// Okta's own SDK for Node.js as a service app: it signs assertions and DPoP proofs, gets its tokens from FakeOrg and takes
// sessions through their lives with them.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import okta from "@okta/okta-sdk-nodejs";

const orgUrl = process.env.OKTA_CLIENT_ORGURL;
const login = process.env.OKTA_FAKE_LOGIN;
const scopes = ["okta.sessions.read", "okta.sessions.manage"];

const control = async (method, path, body) => {
  const answer = await fetch(`${orgUrl}/_fake/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
};

const newSession = async () => {
  const { sessionToken } = await control("POST", "session-tokens", { login });
  const sdk = new okta.Client({ orgUrl, token: process.env.OKTA_CLIENT_TOKEN, cacheMiddleware: null });
  return (await sdk.sessionApi.createSession({ createSessionRequest: { sessionToken } })).id;
};

// With an EC key the SDK gets no token: it signs its proofs with RS256, whatever the key is.
const newKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    pem: privateKey.export({ type: "pkcs8", format: "pem" }),
    jwk: { ...privateKey.export({ format: "jwk" }), kid: "key-1" },
    publicPem: publicKey.export({ type: "spki", format: "pem" }),
    publicJwk: { ...publicKey.export({ format: "jwk" }), kid: "key-1" },
  };
};

const sdk = (clientId, privateKey, granted = scopes) =>
  new okta.Client({
    orgUrl,
    authorizationMode: "PrivateKey",
    clientId,
    scopes: granted,
    privateKey,
    keyId: "key-1",
    cacheMiddleware: null,
  }).sessionApi;

const fails = async (call, status, errorCode) => {
  const failure = await call.then(
    () => assert.fail("the call has to fail"),
    (failure) => failure,
  );
  assert.deepEqual([failure.status, failure.errorCode], [status, errorCode], failure.message);
};

// The SDK does not say why it got no token, and goes on without one where the status is 400. The org says why.
const getsNoToken = async (call, error) => {
  await fails(call, 401, undefined);
  assert.equal((await outcomes()).at(-1), error);
};

const outcomes = async () =>
  (await control("GET", "token-requests")).map((request) => request.error ?? request.tokenType);

async function lifeOfASession(sessions) {
  const sessionId = await newSession();
  const found = await sessions.getSession({ sessionId });
  assert.deepEqual([found.id, found.login], [sessionId, login]);
  assert.equal((await sessions.refreshSession({ sessionId })).id, sessionId);
  assert.equal(await sessions.revokeSession({ sessionId }), undefined);
  await fails(sessions.getSession({ sessionId }), 404, "E0000007");
}

async function bearerTokens() {
  const { pem, jwk, publicPem, publicJwk } = newKey();
  for (const [key, privateKey] of [
    [publicPem, pem],
    [publicJwk, JSON.stringify(jwk)],
  ]) {
    await control("POST", "reset");
    await control("POST", "clients", { clientId: "0oaService", key, scopes });
    const sessions = sdk("0oaService", privateKey);
    await lifeOfASession(sessions);
    assert.deepEqual(await outcomes(), ["Bearer"], "one token serves for all calls");

    // A token that is revoked is renewed once.
    await control("DELETE", "access-tokens");
    await fails(sessions.getSession({ sessionId: "102unknownUnknownUnknown1" }), 404, "E0000007");
    assert.deepEqual(await outcomes(), ["Bearer", "Bearer"]);
  }
}

async function boundTokens() {
  const { pem, publicPem } = newKey();
  await control("POST", "reset");
  await control("POST", "clients", { clientId: "0oaService", key: publicPem, scopes });
  await control("PUT", "oauth", { demandDpop: true });
  await lifeOfASession(sdk("0oaService", pem));
  assert.deepEqual(await outcomes(), ["use_dpop_nonce", "DPoP"]);
  await control("PUT", "oauth", { demandDpop: false });
}

async function refusals() {
  const { pem, publicPem } = newKey();
  const other = newKey();
  await control("POST", "reset");
  await control("POST", "clients", { clientId: "0oaService", key: publicPem, scopes: ["okta.sessions.read"] });
  const sessionId = await newSession();
  await getsNoToken(sdk("0oaService", other.pem).getSession({ sessionId }), "invalid_client");
  await getsNoToken(sdk("0oaNobody", pem).getSession({ sessionId }), "invalid_client");
  await getsNoToken(sdk("0oaService", pem).getSession({ sessionId }), "invalid_scope");
  const reading = sdk("0oaService", pem, ["okta.sessions.read"]);
  assert.equal((await reading.getSession({ sessionId })).id, sessionId);
  await fails(reading.revokeSession({ sessionId }), 403, "E0000006");
}

for (const part of [bearerTokens, boundTokens, refusals]) {
  await part();
}
