//! The orgs and how hard each of them makes it for its client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use session_client::Client;
use session_testkit::fake::{FakeOrg, FakeOrgBuilder, Fault};

use crate::account::{Account, Round};
use crate::life::{Life, State};

/// How long sessions of these orgs live. No round takes so long.
const LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// How long an attempt may take: so long that on a busy machine as well, only what is delayed on purpose takes longer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);

/// One org with its client.
pub(crate) struct Scene {
    org: FakeOrgBuilder,
    /// How many sessions are used at the same time.
    workers: usize,
    /// How many sessions each worker uses in a round, one after the other.
    lives: usize,
    /// The share of calls that a fault is made for.
    faults: f64,
    /// The share of the rate limit that the client leaves to others.
    reserve: Option<f64>,
}

/// An org that makes no difficulties of its own has faults; the others limit.
pub(crate) fn all() -> Vec<Scene> {
    let second = Duration::from_secs(1);
    let org = || FakeOrg::builder().real_time().session_lifetime(LIFETIME);
    let unlimited = || org().rate_limit(1_000_000_000, second);
    let faults = |org| Scene { org, workers: 48, lives: 30, faults: 0.04, reserve: None };
    vec![
        faults(unlimited()),
        faults(unlimited().seed(1)),
        faults(unlimited().seed(2).identity_engine()),
        Scene { org: org().rate_limit(300, second), workers: 24, lives: 6, faults: 0.0, reserve: None },
        Scene { org: org().rate_limit(300, second), workers: 24, lives: 6, faults: 0.0, reserve: Some(0.25) },
        Scene { org: unlimited().concurrency_limit(4), workers: 24, lives: 6, faults: 0.2, reserve: None },
    ]
}

/// Any fault. None of them denies that there is a session: an org that lies cannot be called to account.
fn fault(random: &mut fastrand::Rng) -> Fault {
    match random.u8(..12) {
        0 => Fault::html(),
        1 => Fault::empty(),
        2 => Fault::cut_body(),
        3 => Fault::reset_connection(),
        4 => Fault::delay(ATTEMPT_TIMEOUT + Duration::from_millis(200)),
        5..=7 => Fault::delay(Duration::from_millis(random.u64(1..10))),
        _ => Fault::status(*random.choice([400, 401, 403, 408, 429, 500, 502, 503, 504].iter()).unwrap_or(&500)),
    }
}

impl Scene {
    /// Rounds until the time is up.
    pub(crate) async fn run(self, end: Instant) -> Account {
        let mut account = Account::default();
        let org = match self.org.clone().start().await {
            Ok(org) => Arc::new(org),
            Err(error) => {
                account.find(format!("an org cannot start: {error}"));
                return account;
            }
        };
        let client = Client::builder(org.url()).api_token(org.api_token()).attempt_timeout(ATTEMPT_TIMEOUT);
        let client = match self.reserve {
            Some(share) => client.reserve(share),
            None => client,
        };
        match client.build() {
            Ok(client) => {
                for round in 0.. {
                    self.round(&org, &client, round, end, &mut account).await;
                    if Instant::now() >= end {
                        break;
                    }
                }
            }
            Err(error) => account.find(format!("a client cannot be built: {error}")),
        }
        account
    }

    /// Sessions begin, are used and end or stay; then time passes, and none is left. Nothing is under way when the
    /// record is looked at.
    async fn round(&self, org: &Arc<FakeOrg>, client: &Client, round: u64, end: Instant, account: &mut Account) {
        let workers = (0..self.workers).map(|worker| {
            let (org, client) = (Arc::clone(org), client.clone());
            let (lives, faults) = (self.lives, self.faults);
            tokio::spawn(async move {
                let mut random = fastrand::Rng::with_seed(round << 16 | worker as u64);
                let mut done = Vec::new();
                for _ in 0..lives {
                    if Instant::now() >= end {
                        break;
                    }
                    let mut maker = random.fork();
                    let make_fault = |operation: &str| {
                        if maker.f64() < faults {
                            org.fault(fault(&mut maker).of(operation));
                        }
                    };
                    done.push(Life::live(&org, &client, &mut random, make_fault).await);
                }
                done
            })
        });
        let workers: Vec<_> = workers.collect();
        let mut lives = Vec::new();
        for worker in workers {
            match worker.await {
                Ok(done) => lives.extend(done),
                Err(error) => account.find(format!("a worker ended in another way: {error}")),
            }
        }
        org.clear_faults();
        check_states(org, &lives, account);
        expire(org, client, &mut lives, account).await;
        account.settle(Round { lives, requests: org.take_requests() });
        org.reset();
    }
}

/// Every session is as its calls have left it.
fn check_states(org: &FakeOrg, lives: &[Life], account: &mut Account) {
    let count = |state| lives.iter().filter(|life| life.state == state).count();
    let (alive, doubtful) = (count(State::Alive), count(State::Doubtful));
    for life in lives {
        let Some(id) = &life.id else { continue };
        match (life.state, org.is_alive(id)) {
            (State::Alive, false) => account.find("a session is gone that nobody has ended".to_owned()),
            (State::Ended, true) => account.find("a session is alive that was ended".to_owned()),
            _ => {}
        }
    }
    // A session whose creation was in doubt may be there under an id that nobody was told.
    let found = org.sessions_alive();
    if !(alive..=alive + doubtful).contains(&found) {
        account.find(format!("{found} sessions are alive, not {alive} and up to {doubtful} in doubt"));
    }
    account.sessions(lives.len(), alive, doubtful);
}

/// The time of all sessions runs out, and no call finds one any more.
async fn expire(org: &FakeOrg, client: &Client, lives: &mut [Life], account: &mut Account) {
    /// More would do the same again.
    const ASKED: usize = 20;

    org.advance(LIFETIME);
    if org.sessions_alive() > 0 {
        account.find("a session outlives its time".to_owned());
    }
    for life in lives.iter_mut().filter(|life| life.state == State::Alive && life.is_settled()).take(ASKED) {
        if let Some(found) = life.find_expired(client).await {
            account.find(found);
        }
    }
}
