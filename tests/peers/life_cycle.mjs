// Okta's own SDK for Node.js takes sessions through their lives on FakeOrg, all seven operations, and meets the failures
// it would meet at Okta.
import assert from "node:assert/strict";
import okta from "@okta/okta-sdk-nodejs";

const orgUrl = process.env.OKTA_CLIENT_ORGURL;
const login = process.env.OKTA_FAKE_LOGIN;

// `null` switches the SDK's cache off. It stores answers under `_links.self`, which is `/sessions/me` for everyone.
const sdk = (token) =>
  new okta.Client({ orgUrl, token, authorizationMode: "SSWS", cacheMiddleware: null }).sessionApi;
const sessions = sdk(process.env.OKTA_CLIENT_TOKEN);

const control = async (path, body) => {
  const answer = await fetch(`${orgUrl}/_fake/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
};

const sessionTokenOfPassword = async () => {
  const answer = await fetch(`${orgUrl}/api/v1/authn`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ username: login, password: process.env.OKTA_FAKE_PASSWORD }),
  });
  return (await answer.json()).sessionToken;
};

const create = (sessionToken) => sessions.createSession({ createSessionRequest: { sessionToken } });

const fails = async (call, status, errorCode) => {
  const error = await call.then(
    () => assert.fail("the call has to fail"),
    (error) => error,
  );
  assert.equal(error.name, "OktaApiError", error.message);
  assert.deepEqual([error.status, error.errorCode], [status, errorCode]);
  assert.match(error.errorId, /^oae/);
  assert.ok(error.headers.get("x-okta-request-id"));
};

async function byId() {
  const sessionToken = await sessionTokenOfPassword();
  const created = await create(sessionToken);
  const { id: sessionId } = created;
  assert.deepEqual([created.login, created.status, created.idp.type], [login, "ACTIVE", "OKTA"]);
  assert.equal(created.lastFactorVerification, null);
  assert.equal(created._links.self.href, `${orgUrl}/api/v1/sessions/me`);

  const found = await sessions.getSession({ sessionId });
  assert.deepEqual([found.id, found.userId, found.expiresAt], [sessionId, created.userId, created.expiresAt]);
  assert.ok(!found._links.self.href.endsWith(sessionId), "links carry an external id");

  await control("clock", { advanceSeconds: 60 });
  const refreshed = await sessions.refreshSession({ sessionId });
  assert.ok(refreshed.expiresAt - found.expiresAt >= 60_000);

  assert.equal(await sessions.revokeSession({ sessionId }), undefined);
  await fails(sessions.revokeSession({ sessionId }), 404, "E0000007");
  await fails(sessions.refreshSession({ sessionId }), 404, "E0000007");
  await fails(sessions.getSession({ sessionId }), 404, "E0000007");
  await fails(create(sessionToken), 401, "E0000004");
}

async function byCookie() {
  const { cookie } = await control("cookies", { login });
  const found = await sessions.getCurrentSession({ cookie });
  assert.deepEqual([found.login, found.status], [login, "ACTIVE"]);
  await fails(sessions.getSession({ sessionId: found.id }), 404, "E0000007");

  await control("clock", { advanceSeconds: 60 });
  const refreshed = await sessions.refreshCurrentSession({ cookie });
  assert.equal(refreshed.id, found.id);
  assert.ok(refreshed.expiresAt - found.expiresAt >= 60_000);

  assert.equal(await sessions.closeCurrentSession({ cookie }), undefined);
  await fails(sessions.getCurrentSession({ cookie }), 404, "E0000007");
  await fails(sessions.refreshCurrentSession({ cookie }), 404, "E0000007");
  await fails(sessions.closeCurrentSession({ cookie }), 404, "E0000007");
  await fails(sessions.getCurrentSession(), 404, "E0000007");
}

// The id of a session is the value of its cookie `sid`.
async function bySid() {
  const { sessionToken } = await control("session-tokens", { login });
  const { id: sessionId } = await create(sessionToken);
  const cookie = `sid=${sessionId}`;
  assert.equal((await sessions.getCurrentSession({ cookie })).login, login);
  await sessions.closeCurrentSession({ cookie });
  await fails(sessions.getSession({ sessionId }), 404, "E0000007");
}

async function refusals() {
  await fails(sessions.getSession({ sessionId: "102unknownUnknownUnknown1" }), 404, "E0000007");
  await fails(create("20111inventedInventedInvented"), 401, "E0000004");
  const { sessionToken } = await control("session-tokens", { login });
  const { id: sessionId } = await create(sessionToken);
  const impostor = sdk("00wrongWrongWrong");
  await fails(impostor.createSession({ createSessionRequest: { sessionToken } }), 401, "E0000011");
  await fails(impostor.getSession({ sessionId }), 401, "E0000011");
  await fails(impostor.refreshSession({ sessionId }), 401, "E0000011");
  await fails(impostor.revokeSession({ sessionId }), 401, "E0000011");
  assert.equal((await sessions.getSession({ sessionId })).id, sessionId, "the impostor has ended nothing");
}

for (const part of [byId, byCookie, bySid, refusals]) {
  await part();
}
