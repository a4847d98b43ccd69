-- Twin of postgresql/V2. A character column of H2 ends at 1,048,576 characters, so logs are a large object.
CREATE TABLE kernel_logs (
  kernel_id UUID PRIMARY KEY REFERENCES kernels (id),
  tail CHARACTER LARGE OBJECT NOT NULL
);
CREATE INDEX allocations_owner_sum ON allocations (owner_key, freed_at, slot, amount);
CREATE INDEX allocations_project_sum ON allocations (project_id, freed_at, slot, amount);
CREATE INDEX allocations_domain_sum ON allocations (domain, freed_at, slot, amount);
CREATE INDEX reservations_owner_sum ON reservations (owner_key, slot, amount);
CREATE INDEX reservations_project_sum ON reservations (project_id, slot, amount);
CREATE INDEX reservations_domain_sum ON reservations (domain, slot, amount);
ALTER SEQUENCE event_ids CACHE 1000;
CREATE INDEX sessions_live ON sessions (terminated_at, domain, project_id);
