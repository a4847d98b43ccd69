-- Work that goes on after its caller has its answer. Who runs a task holds a claim that ends by itself, so that another
-- manager, or the next process of the same one, goes on with it.
CREATE TABLE tasks (
  id UUID PRIMARY KEY,
  kind CHARACTER VARYING(64) NOT NULL,
  owner_key CHARACTER VARYING(40) NOT NULL,
  arguments CHARACTER VARYING(65536) NOT NULL,
  status CHARACTER VARYING(16) NOT NULL,
  message CHARACTER VARYING(4000) NOT NULL,
  steps_done BIGINT NOT NULL,
  steps_total BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  claimed_by CHARACTER VARYING(64),
  claimed_until BIGINT
);
CREATE INDEX tasks_unfinished ON tasks (finished_at, created_at);
