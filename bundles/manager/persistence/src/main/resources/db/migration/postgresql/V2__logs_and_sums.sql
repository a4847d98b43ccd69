-- Twin of h2/V2, with partial covering indexes in place of nullable columns.
CREATE TABLE kernel_logs (
  kernel_id UUID PRIMARY KEY REFERENCES kernels (id),
  tail TEXT NOT NULL
);
CREATE INDEX allocations_owner_sum ON allocations (owner_key) INCLUDE (slot, amount) WHERE freed_at IS NULL;
CREATE INDEX allocations_project_sum ON allocations (project_id) INCLUDE (slot, amount) WHERE freed_at IS NULL;
CREATE INDEX allocations_domain_sum ON allocations (domain) INCLUDE (slot, amount) WHERE freed_at IS NULL;
CREATE INDEX reservations_owner_sum ON reservations (owner_key) INCLUDE (slot, amount);
CREATE INDEX reservations_project_sum ON reservations (project_id) INCLUDE (slot, amount);
CREATE INDEX reservations_domain_sum ON reservations (domain) INCLUDE (slot, amount);
CREATE INDEX sessions_live ON sessions (domain, project_id) WHERE terminated_at IS NULL;

-- Rows that change several times in a short life: room on the page, and the vacuum comes early.
ALTER TABLE sessions SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE kernels SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE allocations SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE reservations SET (autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0.05);
