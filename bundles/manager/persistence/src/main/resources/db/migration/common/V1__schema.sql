-- Times are microseconds since 1970-01-01 UTC: exact, free of time zones, and the same on every database.
-- JSON is text; nothing is ever asked about what is inside.

CREATE TABLE domains (
  name CHARACTER VARYING(64) PRIMARY KEY,
  is_active BOOLEAN NOT NULL,
  total_slots CHARACTER VARYING(100000) NOT NULL,
  allowed_registries CHARACTER VARYING(100000) NOT NULL
);

CREATE TABLE projects (
  id UUID PRIMARY KEY,
  name CHARACTER VARYING(64) NOT NULL,
  domain CHARACTER VARYING(64) NOT NULL REFERENCES domains (name),
  is_active BOOLEAN NOT NULL,
  total_slots CHARACTER VARYING(100000) NOT NULL,
  CONSTRAINT projects_domain_name UNIQUE (domain, name)
);

CREATE TABLE keypair_policies (
  name CHARACTER VARYING(256) PRIMARY KEY,
  total_slots CHARACTER VARYING(100000) NOT NULL,
  is_unlimited_by_default BOOLEAN NOT NULL,
  max_concurrent_sessions INTEGER NOT NULL,
  max_containers_per_session INTEGER NOT NULL,
  max_pending_sessions INTEGER NOT NULL
);

CREATE TABLE users (
  id UUID PRIMARY KEY,
  email CHARACTER VARYING(254) NOT NULL CONSTRAINT users_email UNIQUE,
  username CHARACTER VARYING(64) NOT NULL CONSTRAINT users_username UNIQUE,
  full_name CHARACTER VARYING(256) NOT NULL,
  password_hash CHARACTER VARYING(1000) NOT NULL,
  domain CHARACTER VARYING(64) NOT NULL REFERENCES domains (name),
  role CHARACTER VARYING(32) NOT NULL,
  status CHARACTER VARYING(32) NOT NULL,
  allowed_client_ips CHARACTER VARYING(100000) NOT NULL,
  main_access_key CHARACTER VARYING(40),
  created_at BIGINT NOT NULL
);

CREATE TABLE keypairs (
  access_key CHARACTER VARYING(40) PRIMARY KEY,
  sealed_secret CHARACTER VARYING(1000) NOT NULL,
  user_id UUID NOT NULL REFERENCES users (id),
  is_active BOOLEAN NOT NULL,
  is_admin BOOLEAN NOT NULL,
  policy CHARACTER VARYING(256) NOT NULL REFERENCES keypair_policies (name),
  rate_limit INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT
);
CREATE INDEX keypairs_user ON keypairs (user_id, created_at);

CREATE TABLE project_members (
  project_id UUID NOT NULL REFERENCES projects (id),
  user_id UUID NOT NULL REFERENCES users (id),
  PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_members_user ON project_members (user_id);

-- fencing_token: the greatest token that a scheduler of the group has shown.
CREATE TABLE resource_groups (
  name CHARACTER VARYING(64) PRIMARY KEY,
  is_active BOOLEAN NOT NULL,
  fencing_token BIGINT NOT NULL
);

CREATE TABLE resource_group_domains (
  resource_group CHARACTER VARYING(64) NOT NULL REFERENCES resource_groups (name),
  domain CHARACTER VARYING(64) NOT NULL REFERENCES domains (name),
  PRIMARY KEY (resource_group, domain)
);

CREATE TABLE resource_group_projects (
  resource_group CHARACTER VARYING(64) NOT NULL REFERENCES resource_groups (name),
  project_id UUID NOT NULL REFERENCES projects (id),
  PRIMARY KEY (resource_group, project_id)
);

CREATE TABLE agents (
  id CHARACTER VARYING(64) PRIMARY KEY,
  status CHARACTER VARYING(16) NOT NULL,
  resource_group CHARACTER VARYING(64) NOT NULL,
  is_schedulable BOOLEAN NOT NULL,
  address CHARACTER VARYING(1000) NOT NULL,
  version CHARACTER VARYING(256) NOT NULL,
  architecture CHARACTER VARYING(64) NOT NULL,
  slot_types CHARACTER VARYING(1000000) NOT NULL,
  devices CHARACTER VARYING(1000000) NOT NULL,
  compute_plugins CHARACTER VARYING(1000000) NOT NULL,
  runtimes CHARACTER VARYING(1000000) NOT NULL,
  first_contact BIGINT NOT NULL,
  lost_at BIGINT
);

CREATE TABLE images (
  id UUID PRIMARY KEY,
  canonical CHARACTER VARYING(512) NOT NULL,
  architecture CHARACTER VARYING(64) NOT NULL,
  digest CHARACTER VARYING(256) NOT NULL,
  size_bytes BIGINT NOT NULL,
  labels CHARACTER VARYING(1000000) NOT NULL,
  minimum CHARACTER VARYING(100000) NOT NULL,
  CONSTRAINT images_name UNIQUE (canonical, architecture)
);

CREATE TABLE image_aliases (
  alias CHARACTER VARYING(512) NOT NULL,
  architecture CHARACTER VARYING(64) NOT NULL,
  image_id UUID NOT NULL REFERENCES images (id),
  PRIMARY KEY (alias, architecture)
);
CREATE INDEX image_aliases_image ON image_aliases (image_id);

-- live_name is the name while the session is not terminal, else null: "unique among live" without a partial index.
-- pending_group is the resource group while the session is PENDING, else null: the queue of a group is a short index range.
CREATE TABLE sessions (
  id UUID PRIMARY KEY,
  name CHARACTER VARYING(256) NOT NULL,
  live_name CHARACTER VARYING(256),
  owner_key CHARACTER VARYING(40) NOT NULL,
  user_id UUID NOT NULL,
  domain CHARACTER VARYING(64) NOT NULL,
  project_id UUID NOT NULL,
  resource_group CHARACTER VARYING(64) NOT NULL,
  pending_group CHARACTER VARYING(64),
  priority INTEGER NOT NULL,
  details CHARACTER VARYING(1000000) NOT NULL,
  status CHARACTER VARYING(16) NOT NULL,
  status_info CHARACTER VARYING(4000) NOT NULL,
  status_changed_at BIGINT NOT NULL,
  result CHARACTER VARYING(16) NOT NULL,
  num_queries BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  scheduled_at BIGINT,
  terminated_at BIGINT,
  CONSTRAINT sessions_live_name UNIQUE (owner_key, live_name)
);
CREATE INDEX sessions_newest ON sessions (created_at DESC, id DESC);
CREATE INDEX sessions_owner_newest ON sessions (owner_key, created_at DESC, id DESC);
CREATE INDEX sessions_project_newest ON sessions (project_id, created_at DESC, id DESC);
CREATE INDEX sessions_domain_newest ON sessions (domain, created_at DESC, id DESC);
CREATE INDEX sessions_owner_name ON sessions (owner_key, name);
CREATE INDEX sessions_queue ON sessions (pending_group, created_at, id);

-- live_agent is the agent while the kernel is bound to it and not terminal, else null.
CREATE TABLE kernels (
  id UUID PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  place INTEGER NOT NULL,
  image CHARACTER VARYING(512) NOT NULL,
  architecture CHARACTER VARYING(64) NOT NULL,
  cluster_role CHARACTER VARYING(16) NOT NULL,
  cluster_index INTEGER NOT NULL,
  request CHARACTER VARYING(100000) NOT NULL,
  agent_id CHARACTER VARYING(64),
  live_agent CHARACTER VARYING(64),
  container_id CHARACTER VARYING(256) NOT NULL,
  service_ports CHARACTER VARYING(1000000) NOT NULL,
  status CHARACTER VARYING(16) NOT NULL,
  status_info CHARACTER VARYING(4000) NOT NULL,
  status_changed_at BIGINT NOT NULL,
  exit_reason CHARACTER VARYING(32),
  exit_code INTEGER,
  exit_detail CHARACTER VARYING(4000),
  created_at BIGINT NOT NULL,
  terminated_at BIGINT
);
CREATE INDEX kernels_session ON kernels (session_id);
CREATE INDEX kernels_state ON kernels (status, status_changed_at);
CREATE INDEX kernels_agent ON kernels (live_agent);

-- What kernels hold. Never deleted while the kernel is there; freed_at is set once. Scope columns repeat the session's, so
-- that a sum is one range of one index.
CREATE TABLE allocations (
  id UUID PRIMARY KEY,
  kernel_id UUID NOT NULL REFERENCES kernels (id),
  agent_id CHARACTER VARYING(64) NOT NULL,
  slot CHARACTER VARYING(64) NOT NULL,
  device CHARACTER VARYING(128) NOT NULL,
  amount NUMERIC(38, 9) NOT NULL,
  owner_key CHARACTER VARYING(40) NOT NULL,
  project_id UUID NOT NULL,
  domain CHARACTER VARYING(64) NOT NULL,
  resource_group CHARACTER VARYING(64) NOT NULL,
  allocated_at BIGINT NOT NULL,
  freed_at BIGINT
);
CREATE INDEX allocations_kernel ON allocations (kernel_id);
CREATE INDEX allocations_group ON allocations (resource_group, freed_at);

-- What PENDING kernels ask for; rows are there exactly while the kernel is PENDING. Counts for policies, not for agents.
CREATE TABLE reservations (
  kernel_id UUID NOT NULL REFERENCES kernels (id),
  slot CHARACTER VARYING(64) NOT NULL,
  amount NUMERIC(38, 9) NOT NULL,
  owner_key CHARACTER VARYING(40) NOT NULL,
  project_id UUID NOT NULL,
  domain CHARACTER VARYING(64) NOT NULL,
  PRIMARY KEY (kernel_id, slot)
);

-- One sequence for history and outbox, taken while the session's row is locked: ids of one session grow in commit order.
CREATE SEQUENCE event_ids AS BIGINT START WITH 1 INCREMENT BY 1;

CREATE TABLE history (
  id BIGINT PRIMARY KEY,
  session_id UUID NOT NULL REFERENCES sessions (id),
  kernel_id UUID,
  from_status CHARACTER VARYING(16) NOT NULL,
  to_status CHARACTER VARYING(16) NOT NULL,
  reason CHARACTER VARYING(4000) NOT NULL,
  happened_at BIGINT NOT NULL
);
CREATE INDEX history_session ON history (session_id, id);

CREATE TABLE outbox (
  id BIGINT PRIMARY KEY,
  session_id UUID NOT NULL,
  kernel_id UUID,
  resource_group CHARACTER VARYING(64) NOT NULL,
  status CHARACTER VARYING(16) NOT NULL,
  reason CHARACTER VARYING(4000) NOT NULL,
  happened_at BIGINT NOT NULL,
  published_at BIGINT
);
CREATE INDEX outbox_unpublished ON outbox (published_at, id);

-- What each publisher has claimed: the unpublished events of this range of ids, and with them their sessions.
CREATE TABLE outbox_claims (
  publisher CHARACTER VARYING(256) PRIMARY KEY,
  first_id BIGINT NOT NULL,
  last_id BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL
);

-- Rows to lock when there is no natural one.
CREATE TABLE turnstiles (
  name CHARACTER VARYING(64) PRIMARY KEY
);
INSERT INTO turnstiles (name) VALUES ('outbox'), ('first data');
