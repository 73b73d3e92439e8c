/**
 * The schema, step by step. `user_version` of a file is how many steps it has had. A step that was released is never
 * changed: add another. Columns are text and integers only and lists are JSON, so that PostgreSQL can have the same.
 */
export const migrations: readonly string[] = [
  `
  create table keys (
    id text primary key,
    hash text not null unique,
    name text,
    prefix text not null,
    scopes text not null,
    created_at text not null,
    expires_at text,
    last_used_at text,
    revoked_at text,
    rate_limit text not null,
    weight real not null
  );

  create table revisions (name text primary key, value integer not null);
  insert into revisions values ('keys', 0);

  create table usage (
    key_id text not null,
    day text not null,
    model text not null,
    requests integer not null,
    failed_requests integer not null,
    prompt_tokens integer not null,
    completion_tokens integer not null,
    primary key (key_id, day, model)
  ) without rowid;
  create index usage_by_day on usage (day);

  create table jobs (
    id text primary key,
    key_id text not null,
    kind text not null,
    model text not null,
    state text not null,
    created_at_ms integer not null,
    updated_at_ms integer not null,
    deal text,
    failure text,
    result text,
    history text not null
  );
  create index jobs_by_update on jobs (updated_at_ms);
  create index jobs_unfinished on jobs (created_at_ms) where state in ('DealNegotiating', 'DealAgreed');
  `,
  `
  alter table jobs add column progress text;
  alter table jobs add column artifact_id text;
  -- What only jobs that survive have.
  alter table jobs add column durable integer not null default 0;
  alter table jobs add column webhook_url text;
  alter table jobs add column input text;

  drop index jobs_by_update;
  create index jobs_by_update on jobs (durable, updated_at_ms);
  drop index jobs_unfinished;
  create index jobs_unfinished on jobs (created_at_ms) where durable = 0 and state in ('DealNegotiating', 'DealAgreed');
  create index jobs_unfetched on jobs (updated_at_ms)
    where durable = 1 and state = 'ResultsSubmitted' and failure is null;
  create index jobs_by_key on jobs (key_id, created_at_ms, id);
  create index jobs_by_key_and_kind on jobs (key_id, kind, created_at_ms, id);
  create index jobs_by_key_and_state on jobs (key_id, state, created_at_ms, id);

  -- The undelivered ones among them, so that claiming looks at these few and not at all jobs there ever were.
  create table job_queue (
    sequence integer primary key autoincrement,
    job_id text not null unique references jobs (id) on delete cascade,
    key_id text not null,
    model text not null,
    weight real not null,
    turn real not null,
    attempt integer not null,
    lease_until_ms integer not null,
    ready_at_ms integer not null,
    deadline_ms integer not null,
    failures integer not null,
    lapses integer not null,
    timeouts text not null,
    operation text
  );
  create index job_queue_waiting on job_queue (model, turn, sequence) where lease_until_ms = 0;
  create index job_queue_turns on job_queue (model, key_id, turn) where lease_until_ms = 0;
  create index job_queue_leased on job_queue (lease_until_ms) where lease_until_ms > 0;
  create index job_queue_deadlines on job_queue (deadline_ms);

  -- How many are in the queue, by key; the key '' counts all.
  create table job_queue_counts (key_id text primary key, queued integer not null) without rowid;
  create trigger job_queue_entered after insert on job_queue begin
    insert into job_queue_counts values (new.key_id, 1), ('', 1) on conflict (key_id) do update set queued = queued + 1;
  end;
  create trigger job_queue_left after delete on job_queue begin
    update job_queue_counts set queued = queued - 1 where key_id in (old.key_id, '');
    delete from job_queue_counts where key_id = old.key_id and queued = 0;
  end;

  create table job_durations (
    model text primary key,
    mean_ms real not null,
    deviation_ms real not null,
    count integer not null
  ) without rowid;

  create table idempotency (
    key_id text not null,
    key text not null,
    fingerprint text not null,
    created_at_ms integer not null,
    job_id text,
    answer text,
    running_until_ms integer not null,
    primary key (key_id, key)
  ) without rowid;
  create index idempotency_by_age on idempotency (created_at_ms);

  create table webhook_deliveries (
    id text primary key,
    job_id text not null references jobs (id) on delete cascade,
    key_id text not null,
    url text not null,
    event text not null,
    record text not null,
    created_at_ms integer not null,
    state text not null,
    next_try_at_ms integer,
    attempt integer not null,
    round integer not null,
    tries text not null
  );
  create index webhook_deliveries_due on webhook_deliveries (next_try_at_ms) where state = 'waiting';
  create index webhook_deliveries_by_job on webhook_deliveries (job_id);

  create table secrets (name text primary key, value text not null) without rowid;
  `,
];
