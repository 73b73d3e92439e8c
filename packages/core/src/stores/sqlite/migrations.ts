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
];
